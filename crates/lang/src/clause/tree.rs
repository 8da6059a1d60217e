//! A clause with its names resolved and its spans kept, between the syntax tree and the IR.
//!
//! `resolve` makes it, with variables numbered by name; `bind` gives each variable of each scope a number of its
//! own; `infer` finds their types; `emit` turns it into an [`ir::Rule`].

use std::sync::Arc;

use base::Span;
use facts::{Type, Value};
use ir::{AggregateFunction, ArithmeticOp, Comparison, Function, RelId, TextTest};

use crate::model::Constant;

/// A variable: its name's number until `bind`, its own afterwards.
pub(crate) type Var = usize;

/// A clause.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Operands of the head.
    pub head: Vec<Operand>,
    /// The body.
    pub body: Vec<Lit>,
    /// Names by number.
    pub names: Vec<Arc<str>>,
}

/// A literal.
#[derive(Debug)]
pub(crate) struct Lit {
    /// What must hold.
    pub kind: LitKind,
    /// Where.
    pub span: Span,
}

/// The kinds of literals.
#[derive(Debug)]
pub(crate) enum LitKind {
    Atom(Atom),
    Not(Vec<Lit>),
    Or(Vec<Vec<Lit>>),
    Compare(Comparison, Operand, Operand),
    IsNone { variable: Var, negated: bool },
    Text { test: TextTest, negated: bool, left: Operand, right: Operand, groups: Vec<Group> },
    In { operand: Operand, values: Vec<(Fixed, Span)>, negated: bool },
}

/// A relation with one argument a column.
#[derive(Debug)]
pub(crate) struct Atom {
    pub relation: RelId,
    pub args: Vec<Arg>,
}

/// An argument; its span is that of the atom where the column is not named.
#[derive(Debug)]
pub(crate) struct Arg {
    pub kind: ArgKind,
    pub span: Span,
}

/// What an atom wants of a column.
#[derive(Debug)]
pub(crate) enum ArgKind {
    Any,
    Var(Var),
    Optional(Var),
    Missing,
    Value(Operand),
}

/// A group of a regex that binds a variable.
#[derive(Debug)]
pub(crate) struct Group {
    pub variable: Var,
    pub group: Arc<str>,
    pub optional: bool,
    pub span: Span,
}

/// An operand.
#[derive(Debug)]
pub(crate) struct Operand {
    pub kind: OperandKind,
    pub span: Span,
}

/// The kinds of operands.
#[derive(Debug)]
pub(crate) enum OperandKind {
    Const(Value, Type),
    /// Only as an argument of a head.
    None,
    Var(Var),
    /// A param or `today()`.
    Constant(Constant, Type),
    Negate(Box<Operand>),
    Arithmetic(ArithmeticOp, Box<Operand>, Box<Operand>),
    Call(Function, Vec<Operand>),
    Concat(Vec<Operand>),
    Else(Var, Fixed),
    Aggregate(Box<Agg>),
}

/// A value that is there before anything is evaluated: an element of a list, or what stands right of `else`.
#[derive(Debug, Clone)]
pub(crate) enum Fixed {
    Value(Value, Type),
    Constant(Constant, Type),
}

impl Fixed {
    /// Its type.
    pub fn ty(&self) -> &Type {
        match self {
            Fixed::Value(_, ty) | Fixed::Constant(_, ty) => ty,
        }
    }
}

/// An aggregate.
#[derive(Debug)]
pub(crate) struct Agg {
    pub function: AggregateFunction,
    pub listed: Vec<Operand>,
    pub body: Vec<Lit>,
}

/// How a variable is used where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// As an argument of an atom that takes present values.
    Join,
    /// As `x?`: it is bound, missing or not.
    Optional,
    /// In `= none`, `!= none` or left of `else`.
    Missable,
    /// In an operand.
    Operand,
}

/// A step of a walk.
pub(crate) enum Step<'a> {
    /// An occurrence of a variable.
    Var(&'a mut Var, Span, Use),
    /// A body of its own: that of a `not`, or of an aggregate with what it lists.
    Inner(&'a mut Vec<Lit>, Option<&'a mut Vec<Operand>>, Span),
}

/// Walks over the occurrences of one literal; branches of `or` are not entered.
pub(crate) fn walk_literal<'a>(lit: &'a mut Lit, f: &mut dyn FnMut(Step<'a>)) {
    let span = lit.span;
    match &mut lit.kind {
        LitKind::Atom(atom) => {
            for arg in &mut atom.args {
                match &mut arg.kind {
                    ArgKind::Any | ArgKind::Missing => {}
                    ArgKind::Var(var) => f(Step::Var(var, arg.span, Use::Join)),
                    ArgKind::Optional(var) => f(Step::Var(var, arg.span, Use::Optional)),
                    ArgKind::Value(operand) => walk_operand(operand, f),
                }
            }
        }
        LitKind::Not(body) => f(Step::Inner(body, None, span)),
        LitKind::Or(_) => {}
        LitKind::Compare(_, left, right) => {
            walk_operand(left, f);
            walk_operand(right, f);
        }
        LitKind::IsNone { variable, .. } => f(Step::Var(variable, span, Use::Missable)),
        LitKind::Text { left, right, groups, .. } => {
            walk_operand(left, f);
            walk_operand(right, f);
            for group in groups {
                let usage = if group.optional { Use::Optional } else { Use::Join };
                f(Step::Var(&mut group.variable, group.span, usage));
            }
        }
        LitKind::In { operand, .. } => walk_operand(operand, f),
    }
}

/// Walks over the occurrences of an operand.
pub(crate) fn walk_operand<'a>(operand: &'a mut Operand, f: &mut dyn FnMut(Step<'a>)) {
    let span = operand.span;
    match &mut operand.kind {
        OperandKind::Const(..) | OperandKind::None | OperandKind::Constant(..) => {}
        OperandKind::Var(var) => f(Step::Var(var, span, Use::Operand)),
        OperandKind::Negate(inner) => walk_operand(inner, f),
        OperandKind::Arithmetic(_, left, right) => {
            walk_operand(left, f);
            walk_operand(right, f);
        }
        OperandKind::Call(_, parts) | OperandKind::Concat(parts) => {
            for part in parts {
                walk_operand(part, f);
            }
        }
        OperandKind::Else(var, ..) => f(Step::Var(var, span, Use::Missable)),
        OperandKind::Aggregate(aggregate) => {
            let Agg { listed, body, .. } = &mut **aggregate;
            f(Step::Inner(body, Some(listed), span));
        }
    }
}

/// The bodies of `not`s and aggregates, with what these list, that stand in a body (branches of `or` not entered) or in
/// the operands beside it.
pub(crate) fn inner_bodies<'a>(
    body: &'a mut [Lit],
    listed: &'a mut [Operand],
) -> Vec<(&'a mut [Lit], &'a mut [Operand])> {
    let mut found: Vec<(&mut [Lit], &mut [Operand])> = Vec::new();
    let mut keep = |step: Step<'a>| {
        if let Step::Inner(body, listed, _) = step {
            found.push((body, listed.map_or(&mut [], |listed| listed.as_mut_slice())));
        }
    };
    body.iter_mut().for_each(|lit| walk_literal(lit, &mut keep));
    listed.iter_mut().for_each(|operand| walk_operand(operand, &mut keep));
    found
}

/// Calls `f` with each occurrence of a variable in a body and the operands beside it, however deep.
pub(crate) fn each_variable(body: &mut [Lit], listed: &mut [Operand], f: &mut dyn FnMut(&mut Var)) {
    for operand in listed.iter_mut() {
        walk_operand(operand, &mut |step| step_variables(step, f));
    }
    for lit in body {
        walk_literal(lit, &mut |step| step_variables(step, f));
        if let LitKind::Or(branches) = &mut lit.kind {
            branches.iter_mut().for_each(|branch| each_variable(branch, &mut [], f));
        }
    }
}

fn step_variables(step: Step, f: &mut dyn FnMut(&mut Var)) {
    match step {
        Step::Var(var, ..) => f(var),
        Step::Inner(body, listed, _) => each_variable(body, listed.map_or(&mut [], |listed| listed.as_mut_slice()), f),
    }
}
