//! What a clause says that is allowed and probably not meant.

use base::{Diagnostic, Span};
use ir::{AggregateFunction, RelId};

use super::bind::Variable;
use super::tree::{Agg, Arg, ArgKind, Lit, LitKind, Operand, OperandKind, Tree, Var};
use crate::RelationOrigin;
use crate::checks::warnings;
use crate::model::Resolved;
use crate::names::Scope;

/// Warnings about a clause that is otherwise right.
pub(super) fn clause(scope: &Scope, tree: &Tree, variables: &[Variable], out: &mut Vec<Diagnostic>) {
    singletons(scope, variables, out);
    cross_product(scope, tree, variables, out);
    let mut aggregates = Vec::new();
    tree.head.iter().for_each(|operand| aggregates_of(operand, &mut aggregates));
    body_aggregates(&tree.body, &mut aggregates);
    for (aggregate, span) in aggregates {
        lone_sum(scope, aggregate, span, out);
    }
}

fn singletons(scope: &Scope, variables: &[Variable], out: &mut Vec<Diagnostic>) {
    for variable in variables {
        if let [(span, _)] = variable.uses.as_slice()
            && !variable.name.starts_with('_')
        {
            out.push(warnings::singleton(scope.place(*span), &variable.name));
        }
    }
}

/// Positive atoms that share no variable, directly or through other literals.
fn cross_product(scope: &Scope, tree: &Tree, variables: &[Variable], out: &mut Vec<Diagnostic>) {
    let mut groups: Vec<Var> = (0..variables.len()).collect();
    fn root(groups: &[Var], mut var: Var) -> Var {
        while groups[var] != var {
            var = groups[var];
        }
        var
    }
    let mut atoms: Vec<(Var, Span)> = Vec::new();
    for lit in &tree.body {
        let mut vars = Vec::new();
        literal_variables(lit, &mut vars);
        vars.retain(|var| variables[*var].scope == 0);
        let Some(first) = vars.first().copied() else { continue };
        for var in &vars {
            let (a, b) = (root(&groups, first), root(&groups, *var));
            groups[b] = a;
        }
        if matches!(lit.kind, LitKind::Atom(_)) {
            atoms.push((first, lit.span));
        }
    }
    let Some((first, first_span)) = atoms.first() else { return };
    let other = atoms.iter().find(|(var, _)| root(&groups, *var) != root(&groups, *first));
    if let Some((_, span)) = other {
        out.push(warnings::cross_product(scope.place(*span), scope.place(*first_span)));
    }
}

fn literal_variables(lit: &Lit, out: &mut Vec<Var>) {
    match &lit.kind {
        LitKind::Atom(atom) => atom.args.iter().for_each(|arg| match &arg.kind {
            ArgKind::Var(var) | ArgKind::Optional(var) => out.push(*var),
            ArgKind::Value(operand) => operand_variables(operand, out),
            ArgKind::Any | ArgKind::Missing => {}
        }),
        LitKind::Not(body) => body.iter().for_each(|lit| literal_variables(lit, out)),
        LitKind::Or(branches) => branches.iter().flatten().for_each(|lit| literal_variables(lit, out)),
        LitKind::Compare(_, left, right) => {
            operand_variables(left, out);
            operand_variables(right, out);
        }
        LitKind::IsNone { variable, .. } => out.push(*variable),
        LitKind::Text { left, right, groups, .. } => {
            operand_variables(left, out);
            operand_variables(right, out);
            out.extend(groups.iter().map(|group| group.variable));
        }
        LitKind::In { operand, .. } => operand_variables(operand, out),
    }
}

fn operand_variables(operand: &Operand, out: &mut Vec<Var>) {
    match &operand.kind {
        OperandKind::Const(..) | OperandKind::None | OperandKind::Constant(..) => {}
        OperandKind::Var(var) | OperandKind::Else(var, ..) => out.push(*var),
        OperandKind::Negate(inner) => operand_variables(inner, out),
        OperandKind::Arithmetic(_, left, right) => {
            operand_variables(left, out);
            operand_variables(right, out);
        }
        OperandKind::Call(_, parts) | OperandKind::Concat(parts) => {
            parts.iter().for_each(|part| operand_variables(part, out));
        }
        OperandKind::Aggregate(aggregate) => {
            aggregate.listed.iter().for_each(|listed| operand_variables(listed, out));
            aggregate.body.iter().for_each(|lit| literal_variables(lit, out));
        }
    }
}

fn body_aggregates<'a>(body: &'a [Lit], out: &mut Vec<(&'a Agg, Span)>) {
    for lit in body {
        match &lit.kind {
            LitKind::Atom(atom) => atom.args.iter().for_each(|arg| {
                if let ArgKind::Value(operand) = &arg.kind {
                    aggregates_of(operand, out);
                }
            }),
            LitKind::Not(body) => body_aggregates(body, out),
            LitKind::Or(branches) => branches.iter().for_each(|body| body_aggregates(body, out)),
            LitKind::Compare(_, left, right) | LitKind::Text { left, right, .. } => {
                aggregates_of(left, out);
                aggregates_of(right, out);
            }
            LitKind::In { operand, .. } => aggregates_of(operand, out),
            LitKind::IsNone { .. } => {}
        }
    }
}

fn aggregates_of<'a>(operand: &'a Operand, out: &mut Vec<(&'a Agg, Span)>) {
    match &operand.kind {
        OperandKind::Negate(inner) => aggregates_of(inner, out),
        OperandKind::Arithmetic(_, left, right) => {
            aggregates_of(left, out);
            aggregates_of(right, out);
        }
        OperandKind::Call(_, parts) | OperandKind::Concat(parts) => {
            parts.iter().for_each(|part| aggregates_of(part, out));
        }
        OperandKind::Aggregate(aggregate) => {
            out.push((aggregate, operand.span));
            aggregate.listed.iter().for_each(|listed| aggregates_of(listed, out));
            body_aggregates(&aggregate.body, out);
        }
        OperandKind::Const(..)
        | OperandKind::None
        | OperandKind::Var(_)
        | OperandKind::Constant(..)
        | OperandKind::Else(..) => {}
    }
}

/// A `sum` or `avg` that lists one operand while what it ranges over has more columns.
fn lone_sum(scope: &Scope, aggregate: &Agg, span: Span, out: &mut Vec<Diagnostic>) {
    let word = match aggregate.function {
        AggregateFunction::Sum => "sum",
        AggregateFunction::Avg => "avg",
        _ => return,
    };
    let wide = |lit: &Lit| match &lit.kind {
        LitKind::Atom(atom) => scope.world.relation(atom.relation).decl.columns.len() > 1,
        _ => false,
    };
    if aggregate.listed.len() == 1 && aggregate.body.iter().any(wide) {
        out.push(warnings::lone_sum(scope.place(span), word));
    }
}

/// Optional columns of inputs that the positive atoms of a body take present values of, and those whose absence the body
/// deals with (`none`, `x?`).
pub(super) fn optional_columns(world: &Resolved, body: &[Lit]) -> Optionals {
    let mut found = Optionals::default();
    collect_optional(world, body, true, &mut found);
    found
}

/// Columns of relations whose values may be missing, as a body uses them.
#[derive(Debug, Default)]
pub(crate) struct Optionals {
    /// Of inputs, taken present values of: the relation, the column, the place.
    pub present: Vec<(RelId, usize, Span)>,
    /// Dealt with where they are missing.
    pub absent: Vec<(RelId, usize)>,
}

fn collect_optional(world: &Resolved, body: &[Lit], positive: bool, found: &mut Optionals) {
    for lit in body {
        match &lit.kind {
            LitKind::Atom(atom) => {
                let relation = world.relation(atom.relation);
                for (at, (Arg { kind, span }, column)) in atom.args.iter().zip(&relation.decl.columns).enumerate() {
                    match kind {
                        ArgKind::Missing | ArgKind::Optional(_) => found.absent.push((atom.relation, at)),
                        ArgKind::Var(_) | ArgKind::Value(_)
                            if column.optional && positive && relation.origin == RelationOrigin::Input =>
                        {
                            found.present.push((atom.relation, at, *span));
                        }
                        _ => {}
                    }
                }
            }
            // `not r{c: …}` holds where `c` is missing: that is dealing with it.
            LitKind::Not(body) => {
                for lit in body {
                    if let LitKind::Atom(atom) = &lit.kind {
                        let args = atom.args.iter().enumerate();
                        let given = args.filter(|(_, arg)| !matches!(arg.kind, ArgKind::Any));
                        found.absent.extend(given.map(|(at, _)| (atom.relation, at)));
                    }
                }
                collect_optional(world, body, false, found);
            }
            LitKind::Or(branches) => {
                for branch in branches {
                    collect_optional(world, branch, positive, found);
                }
            }
            LitKind::Compare(..) | LitKind::IsNone { .. } | LitKind::Text { .. } | LitKind::In { .. } => {}
        }
    }
}
