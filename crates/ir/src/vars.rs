//! Which variables stand where.

use std::collections::BTreeSet;

use crate::{Aggregate, Arg, Body, Expr, ExprKind, Literal, LiteralKind, Rule, VarId};

impl Expr {
    /// Calls `f` with each occurrence of a variable, those inside aggregates too.
    pub fn each_variable(&self, f: &mut dyn FnMut(VarId)) {
        match &self.kind {
            ExprKind::Const(_) => {}
            ExprKind::Var(variable) | ExprKind::Else(variable, _) => f(*variable),
            ExprKind::Negate(inner) => inner.each_variable(f),
            ExprKind::Arithmetic(_, left, right) => {
                left.each_variable(f);
                right.each_variable(f);
            }
            ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().for_each(|arg| arg.each_variable(f)),
            ExprKind::Aggregate(aggregate) => aggregate.each_variable(f),
        }
    }

    /// Calls `f` with each aggregate that is not inside another one.
    pub fn each_aggregate<'a>(&'a self, f: &mut dyn FnMut(&'a Aggregate)) {
        match &self.kind {
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => {}
            ExprKind::Negate(inner) => inner.each_aggregate(f),
            ExprKind::Arithmetic(_, left, right) => {
                left.each_aggregate(f);
                right.each_aggregate(f);
            }
            ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().for_each(|arg| arg.each_aggregate(f)),
            ExprKind::Aggregate(aggregate) => f(aggregate),
        }
    }
}

impl Aggregate {
    /// Calls `f` with each occurrence of a variable.
    pub fn each_variable(&self, f: &mut dyn FnMut(VarId)) {
        self.listed.iter().for_each(|expr| expr.each_variable(f));
        self.body.iter().for_each(|literal| literal.each_variable(f));
    }
}

impl Literal {
    /// Calls `f` with each operand that stands in the literal itself: not those of bodies inside it.
    pub fn each_operand<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            LiteralKind::Atom(atom) => {
                for arg in &atom.args {
                    if let Arg::Value(expr) = arg {
                        f(expr);
                    }
                }
            }
            LiteralKind::Not(_) | LiteralKind::Or(_) | LiteralKind::IsNone { .. } => {}
            LiteralKind::Compare(_, left, right) | LiteralKind::Text { left, right, .. } => {
                f(left);
                f(right);
            }
            LiteralKind::In { operand, .. } => f(operand),
        }
    }

    /// Calls `f` with each occurrence of a variable, at any depth.
    pub fn each_variable(&self, f: &mut dyn FnMut(VarId)) {
        self.each_operand(&mut |expr| expr.each_variable(f));
        match &self.kind {
            LiteralKind::Atom(atom) => atom.args.iter().for_each(|arg| {
                if let Arg::Var(variable) | Arg::Optional(variable) = arg {
                    f(*variable);
                }
            }),
            LiteralKind::Not(body) => each_variable(body, f),
            LiteralKind::Or(branches) => branches.iter().for_each(|body| each_variable(body, f)),
            LiteralKind::IsNone { variable, .. } => f(*variable),
            LiteralKind::Text { groups, .. } => groups.iter().for_each(|group| f(group.variable)),
            LiteralKind::Compare(..) | LiteralKind::In { .. } => {}
        }
    }

    /// The variables that stand in the literal outside every `not`, `or` and aggregate.
    fn each_plain_variable(&self, f: &mut dyn FnMut(VarId)) {
        match &self.kind {
            LiteralKind::Not(_) | LiteralKind::Or(_) => {}
            _ => {
                let mut inner = BTreeSet::new();
                self.each_operand(&mut |expr| {
                    expr.each_aggregate(&mut |aggregate| {
                        aggregate.each_variable(&mut |v| {
                            inner.insert(v);
                        })
                    });
                });
                self.each_variable(&mut |variable| {
                    if !inner.contains(&variable) {
                        f(variable);
                    }
                });
            }
        }
    }
}

/// Calls `f` with each occurrence of a variable in a body.
pub fn each_variable(body: &Body, f: &mut dyn FnMut(VarId)) {
    body.iter().for_each(|literal| literal.each_variable(f));
}

impl Rule {
    /// The variables that stand in the body outside every `not`, `or` and aggregate (a group variable of an aggregate counts
    /// only where it stands elsewhere too). Their values tell apart the faults of a rule.
    pub fn outer_variables(&self) -> BTreeSet<VarId> {
        let mut found = BTreeSet::new();
        for literal in &self.body {
            literal.each_plain_variable(&mut |variable| {
                found.insert(variable);
            });
        }
        found
    }
}
