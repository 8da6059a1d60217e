//! Walks over checked clauses that several lints share.

use base::Span;

use crate::clause::tree::{Agg, Arg, ArgKind, Group, Lit, LitKind, Operand, OperandKind, Var};

/// The variables of a literal, those of bodies inside too.
pub(super) fn literal_variables(lit: &Lit, out: &mut Vec<Var>) {
    match &lit.kind {
        LitKind::Atom(atom) => atom.args.iter().for_each(|arg| match &arg.kind {
            ArgKind::Var(var) | ArgKind::Optional(var) => out.push(*var),
            ArgKind::Value(operand) => operand_variables(operand, out),
            ArgKind::Any | ArgKind::Missing => {}
        }),
        LitKind::Not(body) => body.iter().for_each(|lit| literal_variables(lit, out)),
        LitKind::Or(branches) => branches.iter().flatten().for_each(|lit| literal_variables(lit, out)),
        LitKind::IsNone { variable, .. } => out.push(*variable),
        LitKind::Compare(..) | LitKind::Text { .. } | LitKind::In { .. } => {
            operands(lit).for_each(|operand| operand_variables(operand, out));
            if let LitKind::Text { groups, .. } = &lit.kind {
                out.extend(groups.iter().map(|group: &Group| group.variable));
            }
        }
    }
}

fn operand_variables(operand: &Operand, out: &mut Vec<Var>) {
    match &operand.kind {
        OperandKind::Var(var) | OperandKind::Else(var, ..) => out.push(*var),
        OperandKind::Aggregate(aggregate) => {
            aggregate.body.iter().for_each(|lit| literal_variables(lit, out));
            aggregate.listed.iter().for_each(|listed| operand_variables(listed, out));
        }
        _ => parts(operand).for_each(|part| operand_variables(part, out)),
    }
}

/// The operands of a literal itself.
pub(super) fn operands(lit: &Lit) -> impl Iterator<Item = &Operand> {
    let (pair, args): ([Option<&Operand>; 2], &[Arg]) = match &lit.kind {
        LitKind::Compare(_, left, right) | LitKind::Text { left, right, .. } => ([Some(left), Some(right)], &[]),
        LitKind::In { operand, .. } => ([Some(operand), None], &[]),
        LitKind::Atom(atom) => ([None, None], &atom.args),
        LitKind::Not(_) | LitKind::Or(_) | LitKind::IsNone { .. } => ([None, None], &[]),
    };
    let args = args.iter().filter_map(|arg| match &arg.kind {
        ArgKind::Value(operand) => Some(operand),
        _ => None,
    });
    pair.into_iter().flatten().chain(args)
}

/// The operands that an operand is computed from; bodies of aggregates are not entered.
fn parts(operand: &Operand) -> impl Iterator<Item = &Operand> {
    let (pair, list): ([Option<&Operand>; 2], &[Operand]) = match &operand.kind {
        OperandKind::Negate(inner) => ([Some(inner), None], &[]),
        OperandKind::Arithmetic(_, left, right) => ([Some(left), Some(right)], &[]),
        OperandKind::Call(_, parts) | OperandKind::Concat(parts) => ([None, None], parts),
        OperandKind::Aggregate(aggregate) => ([None, None], &aggregate.listed),
        OperandKind::Const(..)
        | OperandKind::None
        | OperandKind::Var(_)
        | OperandKind::Constant(..)
        | OperandKind::Else(..) => ([None, None], &[]),
    };
    pair.into_iter().flatten().chain(list)
}

/// Calls `f` with every operand of a clause, those inside others and inside bodies too.
pub(super) fn each_operand<'a>(head: &'a [Operand], body: &'a [Lit], f: &mut dyn FnMut(&'a Operand)) {
    head.iter().for_each(|operand| inside(operand, f));
    for lit in body {
        operands(lit).for_each(|operand| inside(operand, f));
        match &lit.kind {
            LitKind::Not(body) => each_operand(&[], body, f),
            LitKind::Or(branches) => branches.iter().for_each(|body| each_operand(&[], body, f)),
            _ => {}
        }
    }
}

fn inside<'a>(operand: &'a Operand, f: &mut dyn FnMut(&'a Operand)) {
    f(operand);
    parts(operand).for_each(|part| inside(part, f));
    if let OperandKind::Aggregate(aggregate) = &operand.kind {
        each_operand(&[], &aggregate.body, f);
    }
}

/// The aggregates of a clause with their places.
pub(super) fn aggregates<'a>(head: &'a [Operand], body: &'a [Lit]) -> Vec<(&'a Agg, Span)> {
    let mut found = Vec::new();
    each_operand(head, body, &mut |operand| {
        if let OperandKind::Aggregate(aggregate) = &operand.kind {
            found.push((&**aggregate, operand.span));
        }
    });
    found
}

/// Calls `f` with every literal of a body, those of bodies inside too; those of aggregates are not entered.
pub(super) fn each_literal<'a>(body: &'a [Lit], negated: bool, f: &mut dyn FnMut(&'a Lit, bool)) {
    for lit in body {
        f(lit, negated);
        match &lit.kind {
            LitKind::Not(body) => each_literal(body, true, f),
            LitKind::Or(branches) => branches.iter().for_each(|body| each_literal(body, negated, f)),
            _ => {}
        }
    }
}
