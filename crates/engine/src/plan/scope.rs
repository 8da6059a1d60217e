//! What a literal needs and what it gives: which variables must be bound before it can be carried out.

use std::collections::BTreeSet;

use facts::Type;
use ir::{Aggregate, Arg, Body, Comparison, Expr, ExprKind, Literal, LiteralKind, Rule, VarId};

pub(crate) type Set = BTreeSet<usize>;

/// How often each variable stands in a rule: a variable of a `not` or an aggregate is shared with the outside if it stands
/// there too.
#[derive(Debug)]
pub(crate) struct Scope {
    counts: Vec<u32>,
}

impl Scope {
    pub fn new(rule: &Rule) -> Self {
        let mut counts = vec![0; rule.variables.len()];
        rule.args.iter().for_each(|arg| arg.each_variable(&mut |VarId(v)| counts[v as usize] += 1));
        ir::each_variable(&rule.body, &mut |VarId(v)| counts[v as usize] += 1);
        Scope { counts }
    }

    fn shared(&self, inside: &[u32]) -> Set {
        (0..inside.len()).filter(|&v| inside[v] > 0 && inside[v] < self.counts[v]).collect()
    }

    /// The variables of a body under `not` that stand outside it too.
    pub fn shared_by_body(&self, body: &Body) -> Set {
        let mut inside = vec![0; self.counts.len()];
        ir::each_variable(body, &mut |VarId(v)| inside[v as usize] += 1);
        self.shared(&inside)
    }

    /// The variables of a literal that stand outside it too.
    fn shared_by_literal(&self, literal: &Literal) -> Set {
        let mut inside = vec![0; self.counts.len()];
        literal.each_variable(&mut |VarId(v)| inside[v as usize] += 1);
        self.shared(&inside)
    }

    /// The variables that an aggregate groups by.
    pub fn shared_by_aggregate(&self, aggregate: &Aggregate) -> Set {
        let mut inside = vec![0; self.counts.len()];
        aggregate.each_variable(&mut |VarId(v)| inside[v as usize] += 1);
        self.shared(&inside)
    }

    /// The variables whose values an operand is computed from.
    pub fn needs(&self, expr: &Expr) -> Set {
        let mut out = Set::new();
        self.add_needs(expr, &mut out);
        out
    }

    fn add_needs(&self, expr: &Expr, out: &mut Set) {
        match &expr.kind {
            ExprKind::Const(_) => {}
            ExprKind::Var(variable) | ExprKind::Else(variable, _) => {
                out.insert(variable.0 as usize);
            }
            ExprKind::Negate(inner) => self.add_needs(inner, out),
            ExprKind::Arithmetic(_, left, right) => {
                self.add_needs(left, out);
                self.add_needs(right, out);
            }
            ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().for_each(|arg| self.add_needs(arg, out)),
            ExprKind::Aggregate(aggregate) => out.extend(self.shared_by_aggregate(aggregate)),
        }
    }

    /// The side of an equation that binds a variable not in `bound`: `(variable, other side)`.
    pub fn binder<'a>(
        &self,
        rule: &Rule,
        literal: &'a Literal,
        bound: &dyn Fn(usize) -> bool,
    ) -> Option<(usize, &'a Expr)> {
        let LiteralKind::Compare(Comparison::Equal, left, right) = &literal.kind else { return None };
        for (one, other) in [(left, right), (right, left)] {
            if let ExprKind::Var(variable) = one.kind
                && !bound(variable.0 as usize)
                && holds(&rule.variable(variable).ty, &other.ty)
                && self.needs(other).iter().all(|&v| bound(v))
            {
                return Some((variable.0 as usize, other));
            }
        }
        None
    }

    /// Whether the literal can be carried out with these variables bound. Atoms whose operands are not computable cannot,
    /// nor can an `or` with such an atom in it: until they are, nobody would see them fault.
    pub fn ready(&self, rule: &Rule, literal: &Literal, bound: &dyn Fn(usize) -> bool) -> bool {
        let have = |set: Set| set.iter().all(|&v| bound(v));
        match &literal.kind {
            LiteralKind::Atom(atom) => atom.args.iter().all(|arg| match arg {
                Arg::Value(expr) => have(self.needs(expr)),
                _ => true,
            }),
            LiteralKind::Not(body) => have(self.shared_by_body(body)),
            LiteralKind::Or(branches) => {
                branches.iter().all(|branch| self.bound_by(rule, branch, bound, false).is_some())
                    && self.is_fed(rule, literal, bound)
            }
            LiteralKind::Compare(_, left, right) => {
                (have(self.needs(left)) && have(self.needs(right))) || self.binder(rule, literal, bound).is_some()
            }
            LiteralKind::IsNone { variable, .. } => bound(variable.0 as usize),
            LiteralKind::Text { left, right, .. } => have(self.needs(left)) && have(self.needs(right)),
            LiteralKind::In { operand, negated, .. } => {
                have(self.needs(operand)) || (!negated && matches!(operand.kind, ExprKind::Var(_)))
            }
        }
    }

    /// Whether what stands in an `or` and outside too is bound by every branch or comes from there.
    fn is_fed(&self, rule: &Rule, literal: &Literal, bound: &dyn Fn(usize) -> bool) -> bool {
        let given = self.gives(rule, literal, bound);
        self.shared_by_literal(literal).iter().all(|&v| bound(v) || given.contains(&v))
    }

    /// Whether the literal can begin where none is ready: an atom binds what it bares though an operand of it needs that
    /// very variable, an `or` with such an atom likewise.
    pub fn can_begin(&self, rule: &Rule, literal: &Literal, bound: &dyn Fn(usize) -> bool) -> bool {
        match &literal.kind {
            LiteralKind::Atom(_) => true,
            LiteralKind::Or(branches) => {
                branches.iter().all(|branch| self.binds(rule, branch, bound).is_some())
                    && self.is_fed(rule, literal, bound)
            }
            _ => false,
        }
    }

    /// The variables that a literal binds beside those of `bound`.
    pub fn gives(&self, rule: &Rule, literal: &Literal, bound: &dyn Fn(usize) -> bool) -> Set {
        let mut out = Set::new();
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                for arg in &atom.args {
                    if let Arg::Var(variable) | Arg::Optional(variable) = arg {
                        out.insert(variable.0 as usize);
                    }
                }
            }
            LiteralKind::Compare(..) => out.extend(self.binder(rule, literal, bound).map(|(variable, _)| variable)),
            LiteralKind::In { operand: Expr { kind: ExprKind::Var(variable), .. }, negated: false, .. } => {
                out.insert(variable.0 as usize);
            }
            LiteralKind::Text { groups, .. } => out.extend(groups.iter().map(|group| group.variable.0 as usize)),
            LiteralKind::Or(branches) => {
                let mut sets = branches.iter().map(|branch| self.binds(rule, branch, bound).unwrap_or_default());
                let first = sets.next().unwrap_or_default();
                out = sets.fold(first, |all, set| all.intersection(&set).copied().collect());
            }
            LiteralKind::Not(_) | LiteralKind::IsNone { .. } | LiteralKind::In { .. } => {}
        }
        out.retain(|&v| !bound(v));
        out
    }

    /// The variables that a body binds beside those of `bound`, or nothing if some literal stays not computable.
    pub fn binds(&self, rule: &Rule, body: &Body, bound: &dyn Fn(usize) -> bool) -> Option<Set> {
        self.bound_by(rule, body, bound, true)
    }

    /// `circular` allows literals to begin whose operands need what they bind.
    fn bound_by(&self, rule: &Rule, body: &Body, bound: &dyn Fn(usize) -> bool, circular: bool) -> Option<Set> {
        let mut given = Set::new();
        let mut pending: Vec<&Literal> = body.iter().collect();
        while !pending.is_empty() {
            let mut later = Vec::new();
            let before = pending.len();
            for literal in pending {
                let now = |v: usize| bound(v) || given.contains(&v);
                if self.ready(rule, literal, &now) {
                    let more = self.gives(rule, literal, &now);
                    given.extend(more);
                } else {
                    later.push(literal);
                }
            }
            if later.len() == before {
                let now = |v: usize| bound(v) || given.contains(&v);
                let begins = |literal: &&Literal| circular && self.can_begin(rule, literal, &now);
                let literal = later.remove(later.iter().position(begins)?);
                let more = self.gives(rule, literal, &now);
                // Operands among an atom's arguments are compared once they can be.
                if matches!(literal.kind, LiteralKind::Atom(_)) {
                    if more.is_empty() {
                        return None;
                    }
                    later.push(literal);
                }
                given.extend(more);
            }
            pending = later;
        }
        Some(given)
    }
}

/// Whether a variable of type `ty` can be bound to a value of type `other`.
fn holds(ty: &Type, other: &Type) -> bool {
    ty == other || (ty.is_text() && other.is_text()) || (*ty == Type::Float && *other == Type::Int)
}
