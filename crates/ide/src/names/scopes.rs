//! Which body a variable belongs to: a name that a body around has as well is the same variable there, any other is local to
//! the `not` or aggregate that it stands in.

use std::collections::BTreeMap;

use super::{Name, NameKind};

/// Puts in the place of each variable's own body the outermost one around it that has the name. `parents` are those of
/// the bodies by number; the clause's own is its own parent.
pub fn settle(text: &str, names: &mut [Name], parents: &[u32]) {
    let mut bodies: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for name in names.iter() {
        if let NameKind::Variable { scope, .. } = name.kind {
            bodies.entry(&text[name.span.range()]).or_default().push(scope);
        }
    }
    for name in names.iter_mut() {
        let NameKind::Variable { scope, .. } = &mut name.kind else { continue };
        let having = &bodies[&text[name.span.range()]];
        let (mut at, mut outermost) = (*scope, *scope);
        while parents[at as usize] != at {
            at = parents[at as usize];
            if having.contains(&at) {
                outermost = at;
            }
        }
        *scope = outermost;
    }
}
