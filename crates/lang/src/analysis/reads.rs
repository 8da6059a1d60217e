//! Which relations a body reads, and whether through `not` or an aggregate.

use ir::{Expr, Literal, LiteralKind};

use crate::model::Read;

/// Calls `f` with each relation that the body reads; in an aggregate and under `not` they are negative.
pub(crate) fn body(body: &[Literal], negative: bool, f: &mut dyn FnMut(Read)) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => f(Read { relation: atom.relation, negative }),
            LiteralKind::Not(inner) => self::body(inner, true, f),
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| self::body(branch, negative, f)),
            LiteralKind::Compare(..)
            | LiteralKind::IsNone { .. }
            | LiteralKind::Text { .. }
            | LiteralKind::In { .. } => {}
        }
        literal.each_operand(&mut |operand| expr(operand, f));
    }
}

/// Calls `f` with each relation that aggregates of the operand read.
pub(crate) fn expr(operand: &Expr, f: &mut dyn FnMut(Read)) {
    operand.each_aggregate(&mut |aggregate| {
        body(&aggregate.body, true, f);
        aggregate.listed.iter().for_each(|listed| expr(listed, f));
    });
}
