//! W0705: a `sum` or `avg` that lists one operand while what it ranges over has more columns: equal values count once.

use base::Diagnostic;
use ir::AggregateFunction;

use super::walk::aggregates;
use super::{Lint, View};
use crate::clause::tree::{Lit, LitKind};

pub(crate) const LINT: Lint = Lint::warning("W0705", "lone-sum");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    let wide = |lit: &Lit| match &lit.kind {
        LitKind::Atom(atom) => view.scope.world.relation(atom.relation).decl.columns.len() > 1,
        _ => false,
    };
    for (aggregate, span) in aggregates(&view.tree.head, &view.tree.body) {
        let word = match aggregate.function {
            AggregateFunction::Sum => "sum",
            AggregateFunction::Avg => "avg",
            _ => continue,
        };
        if aggregate.listed.len() == 1 && aggregate.body.iter().any(wide) {
            out.push(
                LINT.at(view.place(span), format!("equal values count once in this `{word}`"))
                    .note("aggregates range over the set of distinct listed tuples")
                    .help(format!("list the key too: `{word} {{ value, key : … }}`")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn the_key_is_listed_too() {
        pin!(lints(
            "W0705",
            r##"
rel used(id: string, tokens: int)
used("a", 1).
rel total(n: int)
total(n) :- n = sum { t : used(_, t) }.
total(n) :- n = sum { t, id : used(id, t) }.
total(n) :- n = max { t : used(_, t) }.
"##
        ));
    }
}
