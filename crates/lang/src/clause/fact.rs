//! Facts, and rows that tests give.

use base::{Diagnostic, Place};
use facts::{RelationDecl, Type, Value};
use syntax::ast::{self, ExprKind, LiteralValue};

use super::infer::coerce;
use super::operands::{literal_value, negated};
use super::resolve::Resolver;
use crate::checks::{clauses, types};
use crate::model::Fact;
use crate::names::Scope;

/// The value of a literal with or without a sign, unless it is `none`.
pub(crate) fn constant(expr: &ast::Expr) -> Option<(Value, Type)> {
    match &expr.kind {
        ExprKind::Literal(literal) => literal_value(literal),
        ExprKind::Negate(inner) => match &inner.kind {
            ExprKind::Literal(literal) => literal_value(literal).and_then(negated),
            _ => None,
        },
        _ => None,
    }
}

/// A fact of a policy file.
pub(crate) fn fact(scope: Scope, clause: &ast::Clause, relation: ir::RelId, out: &mut Vec<Diagnostic>) -> Option<Fact> {
    let declared = scope.world.relation(relation);
    let row = row(scope, &clause.head, &declared.decl, declared.place, out)?;
    Some(Fact { relation, row, place: scope.place(clause.span) })
}

/// The row that an atom of literals states; left-out optional columns are missing.
pub(crate) fn row(
    scope: Scope,
    atom: &ast::Atom,
    decl: &RelationDecl,
    declared: Place,
    out: &mut Vec<Diagnostic>,
) -> Option<Vec<Value>> {
    let mut resolver = Resolver::new(scope);
    let aligned = resolver.align(atom, decl, declared);
    let mut row = Vec::with_capacity(decl.columns.len());
    let mut missing: Vec<&str> = Vec::new();
    for (value, column) in aligned.into_iter().flatten().zip(&decl.columns) {
        let Some(expr) = value else {
            if column.optional {
                row.push(Value::None);
            } else {
                missing.push(&column.name);
            }
            continue;
        };
        let place = scope.place(expr.span);
        if let Some((value, ty)) = constant(expr) {
            let value = coerce(&value, &column.ty);
            if value.fits(&column.ty) {
                row.push(value);
            } else {
                let wants = format!("column `{}` of `{}`", column.name, decl.name);
                resolver.error(types::mismatch(place, &ty, &column.ty, &wants));
            }
            continue;
        }
        match &expr.kind {
            ExprKind::Literal(LiteralValue::None) if column.optional => row.push(Value::None),
            ExprKind::Literal(LiteralValue::None) => {
                resolver.error(types::none_on_required(place, &column.name, decl, declared));
            }
            ExprKind::Name(name) if scope.own_param(name).is_none() => {
                resolver.error(clauses::fact_argument(place, Some(name)))
            }
            _ => resolver.error(clauses::fact_argument(place, None)),
        }
    }
    if !missing.is_empty() && !resolver.broken {
        resolver.error(clauses::missing_fields(scope.place(atom.span), decl, &missing, true));
    }
    out.append(&mut resolver.diagnostics);
    (!resolver.broken && row.len() == decl.columns.len()).then_some(row)
}
