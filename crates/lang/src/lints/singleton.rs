//! W0701: a variable that stands once in its clause.

use base::{Diagnostic, Fix, Span, nearest};

use super::edits::{fix, short_field};
use super::walk::each_literal;
use super::{Lint, View};
use crate::clause::Variable;
use crate::clause::tree::LitKind;

pub(crate) const LINT: Lint = Lint::warning("W0701", "singleton").fixable();

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    for variable in view.variables {
        if let [(span, _)] = variable.uses.as_slice()
            && !variable.name.starts_with('_')
        {
            let name = &variable.name;
            let mut found = LINT
                .at(view.place(*span), format!("`{name}` stands only once in this clause"))
                .help(format!("write `_` or `_{name}` if any value will do; is it misspelled elsewhere?"));
            found.fixes.extend(underscore(view, variable, *span));
            out.push(found);
        }
    }
}

/// `_name` in its place. It is not safe where another name of the clause is so near that one of them may be misspelled.
fn underscore(view: &View, variable: &Variable, span: Span) -> Option<Fix> {
    let name = &variable.name;
    let wanted = format!("_{name}");
    let taken = view.variables.iter().any(|other| *other.name == *wanted) || view.scope.own_param(&wanted).is_some();
    // The name of a group says which group of the regex it is.
    let mut group = false;
    each_literal(&view.tree.body, false, &mut |lit, _| {
        if let LitKind::Text { groups, .. } = &lit.kind {
            group |= groups.iter().any(|group| group.span == span);
        }
    });
    if taken || group {
        return None;
    }
    let others = view.variables.iter().map(|other| &*other.name).filter(|other| *other != &**name);
    let safe = name.chars().count() <= 2 || nearest(name, others).is_empty();
    let front = short_field(view.source, span).map_or_else(|| "_".to_owned(), |field| format!("{field}: _"));
    Some(fix(view.scope.file, format!("write `{wanted}`"), safe, vec![(Span::at(span.start as usize), front)]))
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{fixed, lints};
    use crate::testing::pin;

    const TEXT: &str = r##"
rel owns(team: string, system: string, since: time?)
owns("a", "b", none).
rel owner(team: string)
owner(team) :- owns(team, system, s?).
owner(team) :- owns{team, system}.
owner(team) :- owns{team, since?}.
owner(team) :- owns(team, sytem, _), not owns(_, system, _).
owner(team) :- owns(team, _any, _), team matches /(?<kind>a+)/ as (kind).
"##;

    #[test]
    fn variables_stand_at_least_twice() {
        pin!(lints("W0701", TEXT));
    }

    #[test]
    fn the_fix_leaves_what_may_be_misspelled() {
        pin!(fixed("W0701", TEXT));
    }
}
