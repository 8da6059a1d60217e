//! W0716: a rule whose head stands in its own body: it derives only rows that are there already.

use base::Diagnostic;

use super::{Lint, View};
use crate::clause::tree::{ArgKind, LitKind, Operand, OperandKind};

pub(crate) const LINT: Lint = Lint::warning("W0716", "adds-nothing");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    let Some(head) = view.head else { return };
    let same = |arg: &ArgKind, operand: &Operand| match (arg, &operand.kind) {
        (ArgKind::Var(a) | ArgKind::Optional(a), OperandKind::Var(b)) => a == b,
        (ArgKind::Missing, OperandKind::None) => true,
        (ArgKind::Value(Operand { kind: OperandKind::Const(a, _), .. }), OperandKind::Const(b, _)) => a == b,
        _ => false,
    };
    for lit in &view.tree.body {
        if let LitKind::Atom(atom) = &lit.kind
            && atom.relation == head
            && atom.args.len() == view.tree.head.len()
            && atom.args.iter().zip(&view.tree.head).all(|(arg, operand)| same(&arg.kind, operand))
        {
            out.push(
                LINT.at(view.place(view.source.head.span), "this rule derives only what is there already")
                    .also(view.place(lit.span), "the same row")
                    .help("rename a variable if another row was meant, or take the rule away"),
            );
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn a_rule_derives_other_rows_than_it_reads() {
        pin!(lints(
            "W0716",
            r##"
rel near(a: string, b: string)
near("x", "y").
near(a, b) :- near(a, b).
near(a, b) :- near(b, a).
near(a, b) :- near(a, b), a != "x".
near(a, c) :- near(a, b), near(b, c).
"##
        ));
    }
}
