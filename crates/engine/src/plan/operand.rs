//! Lowering of operands.

use facts::{Type, Value, Values};
use ir::{Aggregate, Expr, ExprKind, Function};

use super::op::{Operand, OperandKind};

/// The operand of an expression. `aggregate` gives the slot of an aggregate's value.
pub(crate) fn lower(expr: &Expr, values: &mut Values, aggregate: &mut dyn FnMut(&Aggregate) -> usize) -> Operand {
    let mut again = |expr: &Expr, values: &mut Values| lower(expr, values, aggregate);
    let kind = match &expr.kind {
        ExprKind::Const(value) => OperandKind::Const(values.encode(value), value.clone()),
        ExprKind::Var(variable) => OperandKind::Slot(variable.0 as usize),
        ExprKind::Negate(inner) => OperandKind::Negate(Box::new(again(inner, values))),
        ExprKind::Arithmetic(op, left, right) => {
            let (left, right) = level(again(left, values), again(right, values), values);
            OperandKind::Arithmetic(*op, Box::new(left), Box::new(right))
        }
        ExprKind::Call(function, args) => {
            let mut args: Vec<Operand> = args.iter().map(|arg| again(arg, values)).collect();
            if let (Function::Min2 | Function::Max2, [_, _]) = (function, args.as_slice()) {
                let right = args.remove(1);
                let (left, right) = level(args.remove(0), right, values);
                args = vec![left, right];
            }
            OperandKind::Call(*function, args)
        }
        ExprKind::Concat(parts) => OperandKind::Concat(parts.iter().map(|part| again(part, values)).collect()),
        ExprKind::Else(variable, value) => OperandKind::Else(variable.0 as usize, values.encode(value)),
        ExprKind::Aggregate(inner) => OperandKind::Slot(aggregate(inner)),
    };
    Operand { kind, ty: expr.ty.clone() }
}

/// Both as floats where one of them is.
pub(crate) fn level(left: Operand, right: Operand, values: &mut Values) -> (Operand, Operand) {
    match (&left.ty, &right.ty) {
        (Type::Int, Type::Float) => (widen(left, &Type::Float, values), right),
        (Type::Float, Type::Int) => (left, widen(right, &Type::Float, values)),
        _ => (left, right),
    }
}

/// The operand as a value of type `ty`: an int becomes a float where that is asked for.
pub(crate) fn widen(operand: Operand, ty: &Type, values: &mut Values) -> Operand {
    match (&operand.ty, ty) {
        (Type::Int, Type::Float) => match &operand.kind {
            OperandKind::Const(_, Value::Int(int)) => {
                let value = Value::Float(*int as f64);
                Operand { kind: OperandKind::Const(values.encode(&value), value), ty: Type::Float }
            }
            _ => Operand { kind: OperandKind::Widen(Box::new(operand)), ty: Type::Float },
        },
        _ => operand,
    }
}
