//! The entity types that the values of variables surely have, and conflicts between them.
//!
//! What holds together must lie on one line from subtype to supertype, or the join would be empty. A `not` and a branch of an
//! `or` see what holds around them; from there nothing comes back but what all branches agree on, the nearest type above
//! theirs, or plain text where there is none.
//!
//! ```text
//! f(x) :- node(x), not function(x).             x is a Node
//! f(x) :- ( function(x) or call(x) ).           x is a Node
//! f(x) :- node(x), call(x).                     x is a Call
//! f(x) :- function(x), call(x).                 refused
//! ```

use std::sync::Arc;

use base::{Diagnostic, Span};
use facts::Type;
use ir::{AggregateFunction, Comparison, RelId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::bind::Variable;
use super::tree::{Agg, ArgKind, Lit, LitKind, Operand, OperandKind, Var};
use crate::checks::types;
use crate::names::Scope;

/// What is walked over, and what is found on the way.
pub(super) struct Sure<'a> {
    pub scope: &'a Scope<'a>,
    pub variables: &'a [Variable],
    /// A relation whose columns have no types yet.
    pub untyped: Option<RelId>,
    /// The class of each variable.
    pub classes: Vec<Var>,
    /// Classes with a member that the whole clause sees.
    pub whole: Vec<bool>,
    /// Types of classes that only a `not`, an aggregate or a branch sees.
    pub inner: FxHashMap<Var, Seen<'a>>,
    /// Classes of two types.
    pub torn: FxHashSet<Var>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A text type and where a class got it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// None for plain text.
    entity: Option<&'a Arc<str>>,
    var: Var,
    span: Span,
    column: Option<(RelId, usize)>,
}

/// Types by class of what holds together: few, so a list.
type Together<'a> = Vec<(Var, Seen<'a>)>;

impl<'a> Sure<'a> {
    /// By class, the text type that its values have where the clause holds.
    pub fn types(mut self, body: &[Lit], head: &[Operand]) -> (FxHashMap<Var, Type>, FxHashSet<Var>, Vec<Diagnostic>) {
        let together = self.body(body, head, &Vec::new());
        let all = self.inner.into_iter().chain(together);
        (all.map(|(class, seen)| (class, seen.ty())).collect(), self.torn, self.diagnostics)
    }

    /// What holds together in a body and the operands beside it, given what holds around.
    fn body(&mut self, body: &[Lit], listed: &[Operand], around: &Together<'a>) -> Together<'a> {
        let mut here = around.clone();
        for lit in body {
            if let LitKind::Atom(atom) = &lit.kind
                && Some(atom.relation) != self.untyped
            {
                let columns = &self.scope.world.relation(atom.relation).decl.columns;
                for (at, (arg, column)) in atom.args.iter().zip(columns).enumerate() {
                    if let ArgKind::Var(var) | ArgKind::Optional(var) = arg.kind
                        && column.ty.is_text()
                    {
                        let seen = self.seen(atom.relation, at, var, arg.span);
                        self.meet(&mut here, seen);
                    }
                }
            }
        }
        for lit in body {
            if let LitKind::Or(branches) = &lit.kind {
                for seen in self.any(branches, &here) {
                    self.meet(&mut here, seen);
                }
            }
        }
        for lit in body {
            self.inside(lit, &mut here);
        }
        for operand in listed {
            self.operand(operand, &here);
        }
        here
    }

    fn seen(&self, relation: RelId, column: usize, var: Var, span: Span) -> Seen<'a> {
        let world = self.scope.world;
        let entity = match &world.relation(relation).decl.columns[column].ty {
            Type::Entity(name) => Some(name),
            _ => None,
        };
        Seen { entity, var, span, column: Some((relation, column)) }
    }

    /// What all branches agree on.
    fn any(&mut self, branches: &[Vec<Lit>], here: &Together<'a>) -> Vec<Seen<'a>> {
        let all: Vec<Together> = branches.iter().map(|branch| self.body(branch, &[], here)).collect();
        for together in &all {
            self.keep(together);
        }
        let Some((first, others)) = all.split_first() else { return Vec::new() };
        let mut agreed = Vec::new();
        'classes: for (class, seen) in first {
            let mut seen = *seen;
            for other in others {
                let Some((_, other)) = other.iter().find(|(known, _)| known == class) else { continue 'classes };
                seen.entity = self.above(seen.entity, other.entity);
            }
            agreed.push(seen);
        }
        agreed
    }

    /// The nearest type that is above both.
    fn above(&self, a: Option<&'a Arc<str>>, b: Option<&'a Arc<str>>) -> Option<&'a Arc<str>> {
        let world = self.scope.world;
        let (mut at, b) = (a?, b?);
        while !world.is_subtype(b, at) {
            at = world.entities.get(at)?.as_ref()?;
        }
        Some(at)
    }

    /// Keeps the types of what nothing outside sees.
    fn keep(&mut self, together: &Together<'a>) {
        for (class, seen) in together {
            if !self.whole[*class] {
                self.inner.entry(*class).or_insert(*seen);
            }
        }
    }

    /// Bodies inside a literal see all that holds around them.
    fn inside(&mut self, lit: &Lit, here: &mut Together<'a>) {
        match &lit.kind {
            LitKind::Not(body) => {
                let together = self.body(body, &[], here);
                self.keep(&together);
            }
            LitKind::Atom(atom) => {
                for arg in &atom.args {
                    if let ArgKind::Value(operand) = &arg.kind {
                        self.operand(operand, here);
                    }
                }
            }
            LitKind::Compare(op, left, right) => {
                for (side, other) in [(left, right), (right, left)] {
                    let least = self.operand(other, here);
                    // `x = min { e : … }` is of the type of `e`.
                    if let (Comparison::Equal, OperandKind::Var(var), Some(least)) = (op, &side.kind, least) {
                        self.meet(here, Seen { var: *var, ..least });
                    }
                }
            }
            LitKind::Text { left, right, .. } => {
                self.operand(left, here);
                self.operand(right, here);
            }
            LitKind::In { operand, .. } => {
                self.operand(operand, here);
            }
            LitKind::Or(_) | LitKind::IsNone { .. } => {}
        }
    }

    /// Walks through the aggregates of an operand. If it is a `min` or `max` of a variable, what that is.
    fn operand(&mut self, operand: &Operand, here: &Together<'a>) -> Option<Seen<'a>> {
        match &operand.kind {
            OperandKind::Negate(inner) => {
                self.operand(inner, here);
            }
            OperandKind::Arithmetic(_, left, right) => {
                self.operand(left, here);
                self.operand(right, here);
            }
            OperandKind::Call(_, parts) | OperandKind::Concat(parts) => {
                for part in parts {
                    self.operand(part, here);
                }
            }
            OperandKind::Aggregate(aggregate) => return self.aggregate(aggregate, operand.span, here),
            OperandKind::Const(..)
            | OperandKind::None
            | OperandKind::Var(_)
            | OperandKind::Constant(..)
            | OperandKind::Else(..) => {}
        }
        None
    }

    fn aggregate(&mut self, aggregate: &Agg, span: Span, here: &Together<'a>) -> Option<Seen<'a>> {
        let together = self.body(&aggregate.body, &aggregate.listed, here);
        self.keep(&together);
        let least = matches!(aggregate.function, AggregateFunction::Min | AggregateFunction::Max);
        let OperandKind::Var(var) = aggregate.listed.first().filter(|_| least)?.kind else { return None };
        let class = self.classes[var];
        let (_, seen) = together.iter().find(|(known, _)| *known == class)?;
        Some(Seen { span, column: None, ..*seen })
    }

    /// Both hold: the lower type.
    fn meet(&mut self, here: &mut Together<'a>, seen: Seen<'a>) {
        let class = self.classes[seen.var];
        let world = self.scope.world;
        let Some((_, known)) = here.iter_mut().find(|(other, _)| *other == class) else {
            here.push((class, seen));
            return;
        };
        match (known.entity, seen.entity) {
            (_, None) => {}
            (None, Some(_)) => *known = seen,
            (Some(a), Some(b)) if world.is_subtype(a, b) => {}
            (Some(a), Some(b)) if world.is_subtype(b, a) => *known = seen,
            (Some(_), Some(_)) => {
                let known = *known;
                if self.torn.insert(class) {
                    self.tell(known, seen);
                }
            }
        }
    }

    fn tell(&mut self, first: Seen, second: Seen) {
        let because = |seen: &Seen| match seen.column {
            Some((relation, column)) => {
                let decl = &self.scope.world.relation(relation).decl;
                format!("{}: column `{}` of `{}`", types::a(&seen.ty()), decl.columns[column].name, decl.name)
            }
            None => types::a(&seen.ty()),
        };
        let (a, b) = (first.ty(), second.ty());
        let name = &self.variables[second.var].name;
        let (first_place, second_place) = (self.scope.place(first.span), self.scope.place(second.span));
        let (why_first, why_second) = (because(&first), because(&second));
        self.diagnostics.push(types::entity_line(name, (&a, first_place, why_first), (&b, second_place, why_second)));
    }
}

impl Seen<'_> {
    fn ty(&self) -> Type {
        self.entity.map_or(Type::String, |name| Type::Entity(name.clone()))
    }
}
