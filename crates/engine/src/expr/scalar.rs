//! Operands over single values, each with its outcome told apart: a value, no value, or a fault.
//!
//! This is the exact path. Having no value goes before a fault, so that the outcome of a literal does not depend on
//! which of its operands is looked at first.

use std::cmp::Ordering;

use facts::{Type, Value};
use ir::{AggregateFunction, ArithmeticOp, Comparison, Expr, ExprKind, Function, VarId};

use super::functions::World;

/// What an operand comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Value(Value),
    /// There is none; its literal does not match.
    Nothing,
    /// What cannot be done.
    Fault(String),
}

/// The outcome of an operand. `variable` gives a variable's value, `aggregate` that of an aggregate.
pub(crate) fn evaluate(
    expr: &Expr,
    world: &World,
    variable: &dyn Fn(VarId) -> Value,
    aggregate: &mut dyn FnMut(&ir::Aggregate, &Type) -> Outcome,
) -> Outcome {
    match &expr.kind {
        ExprKind::Const(value) => Outcome::Value(value.clone()),
        ExprKind::Var(id) => Outcome::Value(variable(*id)),
        ExprKind::Else(id, other) => {
            let value = variable(*id);
            Outcome::Value(if value.is_none() { other.clone() } else { value })
        }
        ExprKind::Aggregate(inner) => aggregate(inner, &expr.ty),
        ExprKind::Negate(inner) => match evaluate(inner, world, variable, aggregate) {
            Outcome::Value(value) => negate(&value),
            other => other,
        },
        ExprKind::Arithmetic(op, left, right) => {
            let args = [&**left, &**right].map(|arg| evaluate(arg, world, variable, aggregate));
            strict(&args, |args| arithmetic(*op, &args[0], &args[1]))
        }
        ExprKind::Call(function, args) => {
            let args: Vec<Outcome> = args.iter().map(|arg| evaluate(arg, world, variable, aggregate)).collect();
            strict(&args, |args| call(*function, args, world))
        }
        ExprKind::Concat(parts) => {
            let parts: Vec<Outcome> = parts.iter().map(|part| evaluate(part, world, variable, aggregate)).collect();
            strict(&parts, |parts| Outcome::Value(Value::text(parts.iter().map(Value::to_string).collect::<String>())))
        }
    }
}

fn strict(args: &[Outcome], then: impl FnOnce(&[Value]) -> Outcome) -> Outcome {
    if args.contains(&Outcome::Nothing) {
        return Outcome::Nothing;
    }
    let mut values = Vec::with_capacity(args.len());
    for arg in args {
        match arg {
            Outcome::Value(value) => values.push(value.clone()),
            other => return other.clone(),
        }
    }
    then(&values)
}

fn fault(what: impl Into<String>) -> Outcome {
    Outcome::Fault(what.into())
}

/// Arithmetic between two values.
pub(crate) fn arithmetic(op: ArithmeticOp, left: &Value, right: &Value) -> Outcome {
    use ArithmeticOp::*;
    use Value::{Duration, Float, Int, Time};
    let whole = |wrap: fn(i64) -> Value, a: i64, b: i64| {
        let result = match op {
            Add => a.checked_add(b),
            Subtract => a.checked_sub(b),
            Multiply => a.checked_mul(b),
            Divide => a.checked_div(b),
        };
        result.map(|value| Outcome::Value(wrap(value)))
    };
    let result = match (left, right) {
        (Int(a), Int(b)) => whole(Int, *a, *b),
        (Float(a), Float(b)) => floats(op, *a, *b),
        (Int(a), Float(b)) => floats(op, *a as f64, *b),
        (Float(a), Int(b)) => floats(op, *a, *b as f64),
        (Time(a), Time(b)) if op == Subtract => whole(Duration, *a, *b),
        (Time(a), Duration(b)) => whole(Time, *a, *b),
        (Duration(a), Time(b)) if op == Add => whole(Time, *a, *b),
        (Duration(a), Duration(b)) if op == Divide => floats(op, *a as f64, *b as f64),
        (Duration(a), Duration(b) | Int(b)) | (Int(a), Duration(b)) => whole(Duration, *a, *b),
        _ => None,
    };
    result.unwrap_or_else(|| {
        let zero = matches!(right, Int(0) | Duration(0)) || *right == Float(0.0);
        let sign = ir::arithmetic(op);
        if op == Divide && zero {
            fault(format!("division by zero: {left} {sign} {right}"))
        } else {
            fault(format!("overflow: {left} {sign} {right}"))
        }
    })
}

fn floats(op: ArithmeticOp, a: f64, b: f64) -> Option<Outcome> {
    let result = match op {
        ArithmeticOp::Add => a + b,
        ArithmeticOp::Subtract => a - b,
        ArithmeticOp::Multiply => a * b,
        ArithmeticOp::Divide => a / b,
    };
    Value::float(result).map(Outcome::Value)
}

/// Unary minus.
pub(crate) fn negate(value: &Value) -> Outcome {
    let result = match value {
        Value::Int(a) => a.checked_neg().map(Value::Int),
        Value::Duration(a) => a.checked_neg().map(Value::Duration),
        Value::Float(a) => Value::float(-a),
        _ => None,
    };
    result.map_or_else(|| fault(format!("overflow: -({value})")), Outcome::Value)
}

/// The order of two values of one type, an int beside a float as float.
pub(crate) fn compare(op: Comparison, left: &Value, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Int(a), Value::Float(_)) => Value::Float(*a as f64).cmp(right),
        (Value::Float(_), Value::Int(b)) => left.cmp(&Value::Float(*b as f64)),
        _ => left.cmp(right),
    };
    match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterEqual => order != Ordering::Less,
    }
}

const DAY: i64 = 86_400_000_000;

pub(crate) fn call(function: Function, args: &[Value], world: &World) -> Outcome {
    let overflow = || fault(format!("overflow: {}({})", function.name(), args[0]));
    let found = match (function, args) {
        (Function::Days, [Value::Duration(micros)]) => Some(Value::Int(micros / DAY)),
        (Function::Date, [Value::Time(micros)]) => match micros.checked_sub(micros.rem_euclid(DAY)) {
            Some(day) => Some(Value::Time(day)),
            None => return overflow(),
        },
        (Function::Abs, [value]) => match value {
            Value::Int(a) => match a.checked_abs() {
                Some(a) => Some(Value::Int(a)),
                None => return overflow(),
            },
            Value::Duration(a) => match a.checked_abs() {
                Some(a) => Some(Value::Duration(a)),
                None => return overflow(),
            },
            Value::Float(a) => Value::float(a.abs()),
            _ => None,
        },
        (Function::Min2 | Function::Max2, [left, right]) => {
            let (left, right) = match (left, right) {
                (Value::Int(a), Value::Float(_)) => (&Value::Float(*a as f64), right),
                (Value::Float(_), Value::Int(b)) => (left, &Value::Float(*b as f64)),
                both => both,
            };
            let first = compare(Comparison::LessEqual, left, right) == (function == Function::Min2);
            Some(if first { left.clone() } else { right.clone() })
        }
        (Function::Round, [Value::Int(a)]) => Some(Value::Int(*a)),
        (Function::Round, [Value::Float(a)]) => match round(*a) {
            Some(a) => Some(Value::Int(a)),
            None => return overflow(),
        },
        (Function::Label | Function::Path | Function::Line, [Value::Text(key)]) => world.entity(function, key),
        _ => super::text::call(function, args, &mut world.patterns()),
    };
    found.map_or(Outcome::Nothing, Outcome::Value)
}

/// The nearest whole number, half away from zero.
pub(crate) fn round(value: f64) -> Option<i64> {
    let rounded = value.round();
    // 2^63 itself is the least float above the range.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded).then_some(rounded as i64)
}

/// The value of an aggregate over the first elements of its distinct tuples.
pub(crate) fn aggregate(function: AggregateFunction, ty: &Type, mut firsts: Vec<Value>, tuples: usize) -> Outcome {
    if function == AggregateFunction::Count {
        return Outcome::Value(Value::Int(tuples as i64));
    }
    firsts.sort();
    if firsts.is_empty() && function != AggregateFunction::Sum {
        return Outcome::Nothing;
    }
    match function {
        AggregateFunction::Count => Outcome::Nothing,
        AggregateFunction::Min => Outcome::Value(firsts.swap_remove(0)),
        AggregateFunction::Max => Outcome::Value(firsts.pop().unwrap_or(Value::None)),
        AggregateFunction::Join => {
            firsts.dedup();
            let parts: Vec<String> = firsts.iter().map(Value::to_string).collect();
            Outcome::Value(Value::text(parts.join(", ")))
        }
        AggregateFunction::Sum | AggregateFunction::Avg => total(function, ty, &firsts),
    }
}

fn total(function: AggregateFunction, ty: &Type, firsts: &[Value]) -> Outcome {
    let count = firsts.len();
    let whole: i128 = firsts
        .iter()
        .map(|value| match value {
            Value::Int(value) | Value::Duration(value) => i128::from(*value),
            _ => 0,
        })
        .sum();
    let floats = firsts.iter().filter_map(|value| match value {
        Value::Float(value) => Some(*value),
        _ => None,
    });
    let mean = function == AggregateFunction::Avg;
    let of_ints = matches!(firsts.first(), Some(Value::Int(_)));
    let found = match ty {
        Type::Float if of_ints => Value::float(whole as f64 / if mean { count as f64 } else { 1.0 }),
        Type::Float => {
            let sum: f64 = floats.fold(0.0, |sum, value| sum + value);
            Value::float(if mean { sum / count as f64 } else { sum })
        }
        Type::Duration if mean => i64::try_from(whole / count.max(1) as i128).ok().map(Value::Duration),
        Type::Duration => i64::try_from(whole).ok().map(Value::Duration),
        _ => i64::try_from(whole).ok().map(Value::Int),
    };
    found.map_or_else(|| fault(format!("overflow: {} of {count} values", ir::aggregate_name(function))), Outcome::Value)
}
