//! Types of variables and operands, from the columns they stand in.

use facts::{RelationDecl, Type, Value};

use super::ReadError;
use crate::{
    Aggregate, AggregateFunction, Arg, ArithmeticOp, Body, Comparison, Expr, ExprKind, Function, LiteralKind, Program,
    Relation, Rule, VarId,
};

type Known = Vec<Option<Type>>;

pub(super) fn types(rule: &mut Rule, relations: &[Relation]) -> Result<(), ReadError> {
    let mut known: Known = vec![None; rule.variables.len()];
    // Each pass types at least one variable more, or is the last.
    loop {
        let before = known.iter().flatten().count();
        body_types(&rule.body, relations, &mut known);
        rule.args.iter().for_each(|arg| aggregates(arg, relations, &mut known));
        if known.iter().flatten().count() == before {
            break;
        }
    }
    for (variable, ty) in rule.variables.iter_mut().zip(&known) {
        let Some(ty) = ty else {
            let message = format!("variable `{}` has no type", variable.name);
            return Err(ReadError { at: rule.place.span.start as usize, message });
        };
        variable.ty = ty.clone();
    }
    let decl = relations[rule.head.0 as usize].decl.clone();
    for (arg, column) in rule.args.iter_mut().zip(&decl.columns) {
        fill(arg, relations, &known);
        widen(arg, &column.ty);
    }
    fill_body(&mut rule.body, relations, &known);
    Ok(())
}

pub(super) fn facts(program: &mut Program) -> Result<(), ReadError> {
    for fact in &mut program.facts {
        let decl: &RelationDecl = &program.relations[fact.relation.0 as usize].decl;
        for (value, column) in fact.row.iter_mut().zip(&decl.columns) {
            if let (Value::Int(int), Type::Float) = (&*value, &column.ty) {
                *value = Value::Float(*int as f64);
            }
            if !value.fits(&column.ty) || (value.is_none() && !column.optional) {
                let message = format!("{value} does not fit column `{}` of `{}`", column.name, decl.name);
                return Err(ReadError { at: fact.place.span.start as usize, message });
            }
        }
    }
    Ok(())
}

fn note(known: &mut Known, variable: VarId, ty: &Type) {
    known[variable.0 as usize].get_or_insert_with(|| ty.clone());
}

fn body_types(body: &Body, relations: &[Relation], known: &mut Known) {
    for literal in body {
        literal.each_operand(&mut |operand| aggregates(operand, relations, known));
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                for (arg, column) in atom.args.iter().zip(&relations[atom.relation.0 as usize].decl.columns) {
                    if let Arg::Var(variable) | Arg::Optional(variable) = arg {
                        note(known, *variable, &column.ty);
                    }
                }
            }
            LiteralKind::Not(inner) => body_types(inner, relations, known),
            LiteralKind::Or(branches) => branches.iter().for_each(|inner| body_types(inner, relations, known)),
            LiteralKind::Compare(Comparison::Equal, left, right) => {
                for (one, other) in [(left, right), (right, left)] {
                    if let (ExprKind::Var(variable), Some(ty)) = (&one.kind, type_of(other, known)) {
                        note(known, *variable, &ty);
                    }
                }
            }
            LiteralKind::In { operand: Expr { kind: ExprKind::Var(variable), .. }, values, .. } => {
                if let Some(ty) = values.first().and_then(value_type) {
                    note(known, *variable, &ty);
                }
            }
            LiteralKind::Text { groups, .. } => {
                groups.iter().for_each(|group| note(known, group.variable, &Type::String));
            }
            _ => {}
        }
    }
}

fn aggregates(expr: &Expr, relations: &[Relation], known: &mut Known) {
    expr.each_aggregate(&mut |aggregate| {
        aggregate.listed.iter().for_each(|listed| aggregates(listed, relations, known));
        body_types(&aggregate.body, relations, known);
    });
}

fn value_type(value: &Value) -> Option<Type> {
    Some(match value {
        Value::None => return None,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Float(_) => Type::Float,
        Value::Text(_) => Type::String,
        Value::Time(_) => Type::Time,
        Value::Duration(_) => Type::Duration,
    })
}

fn type_of(expr: &Expr, known: &Known) -> Option<Type> {
    Some(match &expr.kind {
        ExprKind::Const(value) => value_type(value).unwrap_or(Type::String),
        ExprKind::Var(variable) | ExprKind::Else(variable, _) => known[variable.0 as usize].clone()?,
        ExprKind::Negate(inner) => type_of(inner, known)?,
        ExprKind::Arithmetic(op, left, right) => arithmetic(*op, type_of(left, known)?, type_of(right, known)?),
        ExprKind::Concat(_) => Type::String,
        ExprKind::Call(function, args) => match function {
            Function::Length | Function::ParseInt | Function::Days | Function::Round | Function::Line => Type::Int,
            Function::ParseFloat | Function::Entropy => Type::Float,
            Function::ParseTime | Function::Date => Type::Time,
            Function::Abs => type_of(args.first()?, known)?,
            Function::Min2 | Function::Max2 => {
                let types = (type_of(args.first()?, known)?, type_of(args.get(1)?, known)?);
                if types.1 == Type::Float { Type::Float } else { types.0 }
            }
            _ => Type::String,
        },
        ExprKind::Aggregate(aggregate) => match aggregate.function {
            AggregateFunction::Count => Type::Int,
            AggregateFunction::Join => Type::String,
            AggregateFunction::Avg => match type_of(aggregate.listed.first()?, known)? {
                Type::Duration => Type::Duration,
                _ => Type::Float,
            },
            _ => type_of(aggregate.listed.first()?, known)?,
        },
    })
}

fn arithmetic(op: ArithmeticOp, left: Type, right: Type) -> Type {
    match (op, left, right) {
        (ArithmeticOp::Subtract, Type::Time, Type::Time) => Type::Duration,
        (ArithmeticOp::Divide, Type::Duration, Type::Duration) => Type::Float,
        (_, Type::Time, _) | (_, _, Type::Time) => Type::Time,
        (_, Type::Duration, _) | (_, _, Type::Duration) => Type::Duration,
        (_, Type::Float, _) | (_, _, Type::Float) => Type::Float,
        _ => Type::Int,
    }
}

fn fill_body(body: &mut Body, relations: &[Relation], known: &Known) {
    for literal in body {
        match &mut literal.kind {
            LiteralKind::Atom(atom) => {
                for (arg, column) in atom.args.iter_mut().zip(&relations[atom.relation.0 as usize].decl.columns) {
                    if let Arg::Value(expr) = arg {
                        fill(expr, relations, known);
                        widen(expr, &column.ty);
                    }
                }
            }
            LiteralKind::Not(inner) => fill_body(inner, relations, known),
            LiteralKind::Or(branches) => branches.iter_mut().for_each(|inner| fill_body(inner, relations, known)),
            LiteralKind::Compare(_, left, right) | LiteralKind::Text { left, right, .. } => {
                fill(left, relations, known);
                fill(right, relations, known);
            }
            LiteralKind::In { operand, values, .. } => {
                fill(operand, relations, known);
                for value in values {
                    if let (Value::Int(int), Type::Float) = (&*value, &operand.ty) {
                        *value = Value::Float(*int as f64);
                    }
                }
            }
            LiteralKind::IsNone { .. } => {}
        }
    }
}

fn fill(expr: &mut Expr, relations: &[Relation], known: &Known) {
    expr.ty = type_of(expr, known).unwrap_or(Type::String);
    match &mut expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) => {}
        ExprKind::Else(variable, value) => {
            if let (Value::Int(int), Some(Type::Float)) = (&*value, &known[variable.0 as usize]) {
                *value = Value::Float(*int as f64);
            }
        }
        ExprKind::Negate(inner) => fill(inner, relations, known),
        ExprKind::Arithmetic(_, left, right) => {
            fill(left, relations, known);
            fill(right, relations, known);
        }
        ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter_mut().for_each(|arg| fill(arg, relations, known)),
        ExprKind::Aggregate(aggregate) => {
            let Aggregate { listed, body, .. } = aggregate.as_mut();
            listed.iter_mut().for_each(|listed| fill(listed, relations, known));
            fill_body(body, relations, known);
        }
    }
}

/// An int constant in a float's place is a float.
fn widen(expr: &mut Expr, ty: &Type) {
    if let (ExprKind::Const(Value::Int(int)), Type::Float) = (&expr.kind, ty) {
        *expr = Expr { kind: ExprKind::Const(Value::Float(*int as f64)), ty: Type::Float };
    }
    if matches!(expr.kind, ExprKind::Const(Value::None)) {
        expr.ty = ty.clone();
    }
}
