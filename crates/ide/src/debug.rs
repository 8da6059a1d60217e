//! How a rule is taken apart to see where it loses its rows: the conditions of its body, one more at a time, each as a body
//! that can be asked.

use base::{Place, Span};
use syntax::ast::{Clause, ItemKind, MemberKind};

use crate::Snapshot;
use crate::names::{NameKind, Names};
use crate::symbol::{Symbol, resolve};

/// A rule, condition by condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSteps {
    /// Where it is.
    pub place: Place,
    /// Its head as written.
    pub head: String,
    /// Its conditions as written, in their order.
    pub conditions: Vec<String>,
    /// For each condition, a body of it and those before it, with full names.
    pub bodies: Vec<String>,
}

/// The rules that fill a relation, or stand in the block of a control, taken apart.
pub fn steps(snapshot: &Snapshot, name: &str) -> Vec<RuleSteps> {
    let places: Vec<Place> = match snapshot.compilation.control(name) {
        Some(control) => control.violations.iter().map(|rule| rule.place).collect(),
        None => snapshot.compilation.filled_by(name).into_iter().map(|filling| filling.place).collect(),
    };
    places.into_iter().filter_map(|place| rule(snapshot, place)).collect()
}

fn rule(snapshot: &Snapshot, place: Place) -> Option<RuleSteps> {
    let clause = clause(snapshot, place)?;
    let body = clause.body.as_deref()?;
    let text = snapshot.text(place.file);
    let names = snapshot.names(place.file);
    let written = |span: Span| text[span.range()].split_whitespace().collect::<Vec<_>>().join(" ");
    let full: Vec<String> = body.iter().map(|literal| qualified(snapshot, place, &names, literal.span)).collect();
    let mut bodies: Vec<String> = Vec::new();
    // The population goes without saying.
    let mut so_far = scope(snapshot, clause, place, &names).unwrap_or_default();
    for literal in &full {
        if !so_far.is_empty() {
            so_far.push_str(", ");
        }
        so_far.push_str(literal);
        bodies.push(so_far.clone());
    }
    Some(RuleSteps {
        place,
        head: written(clause.head.span),
        conditions: body.iter().map(|literal| written(literal.span).trim_end_matches(',').to_owned()).collect(),
        bodies,
    })
}

/// The first condition of a violation: its population, where that is a single rule over relations that can be asked.
fn scope(snapshot: &Snapshot, clause: &Clause, place: Place, names: &Names) -> Option<String> {
    let head = clause.head.relation.single().filter(|name| matches!(&*name.text, "violation" | "note"))?;
    let unit = names.unit_at(head.span.start as usize)?;
    let id = snapshot.text(place.file).get(names.units[unit].control?.range())?;
    let control = snapshot.compilation.control(id)?;
    let filling = snapshot.compilation.filled_by(&control.scope);
    let [only] = filling.as_slice() else { return None };
    let scope = self::clause(snapshot, only.place)?;
    let body = scope.body.as_deref()?;
    let whole = body.first()?.span.cover(body.last()?.span);
    let argument = |clause: &Clause| match &clause.head.args {
        syntax::ast::Args::Positional(args) => args.first().map(|arg| arg.span),
        syntax::ast::Args::Named(args) => args.first().map(|arg| arg.value.span),
    };
    let text = snapshot.text(place.file);
    // Only where both call the subject the same; names of other variables would mix.
    let same = text.get(argument(clause)?.range()) == text.get(argument(scope)?.range()) && body.len() == 1;
    same.then(|| qualified(snapshot, only.place, names, whole))
}

/// A part of a clause in which relations and params have their full names.
fn qualified(snapshot: &Snapshot, place: Place, names: &Names, span: Span) -> String {
    let text = snapshot.text(place.file);
    let mut out = text[span.range()].to_owned();
    let inside = |name: &Span| span.start <= name.start && name.end <= span.end;
    for (at, name) in names.all.iter().enumerate().rev().filter(|(_, name)| inside(&name.span)) {
        let front = match &name.kind {
            NameKind::Relation { front, .. } => *front,
            NameKind::Param { front } => Some(*front),
            NameKind::Variable { .. } => None,
            _ => continue,
        };
        let full = match resolve(snapshot, place.file, names, at) {
            Some(Symbol::Relation(full)) if !full.starts_with("scope") => full,
            Some(Symbol::Param(full)) => full,
            _ => continue,
        };
        let whole = front.map_or(name.span, |front| front.cover(name.span));
        let from = (whole.start - span.start) as usize;
        let to = (whole.end - span.start) as usize;
        if let Some(front) = out.get(..to).filter(|_| from <= to) {
            let rest = out[front.len()..].to_owned();
            out.truncate(from);
            out.push_str(&full);
            out.push_str(&rest);
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(',').to_owned()
}

fn clause(snapshot: &Snapshot, place: Place) -> Option<&Clause> {
    let items = &snapshot.parse(place.file)?.module.items;
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Clause(clause) if clause.span == place.span => Some(clause),
        ItemKind::Control(control) => control.members.iter().find_map(|member| match &member.kind {
            MemberKind::Clause(clause) if clause.span == place.span => Some(clause),
            _ => None,
        }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    #[test]
    fn rules_are_taken_apart() {
        let fixture = Fixture::new(
            "param limit: int = 3\nrel a(x: string)\na(\"b\").\nrel r(x: string)\nr(x) :- code.call{callee: x, line: n}, n > limit,\n    not a(x).",
        );
        let found = steps(&fixture.snapshot, "m.r");
        assert_eq!(found[0].head, "r(x)");
        assert_eq!(found[0].conditions, ["code.call{callee: x, line: n}", "n > limit", "not a(x)"]);
        assert_eq!(found[0].bodies[2], "code.call{callee: x, line: n}, n > m.limit, not m.a(x)");
    }
}
