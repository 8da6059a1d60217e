//! W0703: a param in the head of a rule.

use base::Diagnostic;

use super::param_in_atom::equal;
use super::{Lint, View};
use crate::clause::tree::OperandKind;
use crate::model::Constant;

pub(crate) const LINT: Lint = Lint::warning("W0703", "param-in-head");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    // Messages of violations name params as they like.
    let Some(head) = view.head else { return };
    let decl = &view.scope.world.relation(head).decl;
    for (operand, column) in view.tree.head.iter().zip(&decl.columns) {
        if let OperandKind::Constant(Constant::Param(_), _) = operand.kind {
            let mut found = LINT
                .at(view.place(operand.span), "this is a param, not a variable of the body")
                .help("give the variable another name, or write `x = …` in the body to make the meaning plain");
            if let Some(last) = view.source.body.as_ref().and_then(|body| body.last()) {
                found = found.fix(equal(view, operand.span, last.span, &column.name));
            }
            out.push(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn params_in_heads_look_like_variables_of_the_body() {
        pin!(lints(
            "W0703",
            r##"
param limit: int = 3
rel used(id: string, n: int)
used("a", 1).
rel most(id: string, limit: int)
most(i, limit) :- used(i, _).
most(i, n) :- used(i, _), n = limit.
"##
        ));
    }
}
