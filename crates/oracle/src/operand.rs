//! Operands over values, written apart from the engine's: wide integers stand in for its checked ones.

use facts::{Type, Value};
use ir::{AggregateFunction, ArithmeticOp, Comparison, Function};

/// What an operand comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Value(Value),
    Nothing,
    Fault(String),
}

/// No value goes before a fault, a fault before a value.
pub(crate) fn all(outcomes: Vec<Outcome>) -> Result<Vec<Value>, Outcome> {
    if outcomes.contains(&Outcome::Nothing) {
        return Err(Outcome::Nothing);
    }
    outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Value(value) => Ok(value),
            other => Err(other),
        })
        .collect()
}

fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Int(n) | Value::Time(n) | Value::Duration(n) => Some(i128::from(*n)),
        _ => None,
    }
}

fn real(value: &Value) -> f64 {
    match value {
        Value::Float(n) => *n,
        value => number(value).unwrap_or(0) as f64,
    }
}

fn whole(ty: &Type, n: i128) -> Option<Value> {
    let n = i64::try_from(n).ok()?;
    Some(match ty {
        Type::Time => Value::Time(n),
        Type::Duration => Value::Duration(n),
        _ => Value::Int(n),
    })
}

pub(crate) fn arithmetic(op: ArithmeticOp, ty: &Type, left: &Value, right: &Value) -> Outcome {
    let sign = ir::arithmetic(op);
    let result = if *ty == Type::Float {
        let (a, b) = (real(left), real(right));
        let result = match op {
            ArithmeticOp::Add => a + b,
            ArithmeticOp::Subtract => a - b,
            ArithmeticOp::Multiply => a * b,
            ArithmeticOp::Divide => a / b,
        };
        Value::float(result)
    } else {
        let (a, b) = (number(left).unwrap_or(0), number(right).unwrap_or(0));
        let result = match op {
            ArithmeticOp::Add => Some(a + b),
            ArithmeticOp::Subtract => Some(a - b),
            ArithmeticOp::Multiply => Some(a * b),
            ArithmeticOp::Divide => a.checked_div(b),
        };
        result.and_then(|n| whole(ty, n))
    };
    match result {
        Some(value) => Outcome::Value(value),
        None if op == ArithmeticOp::Divide && real(right) == 0.0 => {
            Outcome::Fault(format!("division by zero: {left} {sign} {right}"))
        }
        None => Outcome::Fault(format!("overflow: {left} {sign} {right}")),
    }
}

pub(crate) fn negate(ty: &Type, value: &Value) -> Outcome {
    let result = match value {
        Value::Float(n) => Value::float(-n),
        value => whole(ty, -number(value).unwrap_or(0)),
    };
    result.map_or_else(|| Outcome::Fault(format!("overflow: -({value})")), Outcome::Value)
}

pub(crate) fn compare(op: Comparison, left: &Value, right: &Value) -> bool {
    let mixed = matches!((left, right), (Value::Int(_), Value::Float(_)) | (Value::Float(_), Value::Int(_)));
    let order = if mixed { real(left).total_cmp(&real(right)) } else { left.cmp(right) };
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}

const DAY: i64 = 86_400_000_000;

pub(crate) fn call(function: Function, ty: &Type, args: &[Value]) -> Outcome {
    let value = match (function, args) {
        (Function::Abs, [Value::Float(n)]) => Value::float(n.abs()),
        (Function::Abs, [value]) => match whole(ty, number(value).unwrap_or(0).abs()) {
            None => return Outcome::Fault(format!("overflow: abs({value})")),
            some => some,
        },
        (Function::Min2 | Function::Max2, [a, b]) => {
            let float = *ty == Type::Float;
            let read = |value: &Value| if float { Value::float(real(value)) } else { Some(value.clone()) };
            let (a, b) = (read(a), read(b));
            if function == Function::Min2 { a.min(b) } else { a.max(b) }
        }
        (Function::Days, [Value::Duration(n)]) => Some(Value::Int(n / DAY)),
        (Function::Round, [Value::Int(n)]) => Some(Value::Int(*n)),
        _ => engine::text_function(function, args),
    };
    value.map_or(Outcome::Nothing, Outcome::Value)
}

pub(crate) fn aggregate(function: AggregateFunction, ty: &Type, tuples: &[Vec<Value>]) -> Outcome {
    let mut firsts: Vec<&Value> = tuples.iter().filter_map(|tuple| tuple.first()).collect();
    firsts.sort();
    let overflow = format!("overflow: {} of {} values", ir::aggregate_name(function), firsts.len());
    let total: i128 = firsts.iter().filter_map(|value| number(value)).sum();
    let floats = matches!(firsts.first(), Some(Value::Float(_)));
    let sum = firsts.iter().fold(0.0, |sum, value| sum + real(value));
    let value = match function {
        AggregateFunction::Count => Some(Value::Int(tuples.len() as i64)),
        AggregateFunction::Sum if *ty == Type::Float => Value::float(sum),
        AggregateFunction::Sum => whole(ty, total),
        _ if firsts.is_empty() => return Outcome::Nothing,
        AggregateFunction::Min => firsts.first().map(|value| (*value).clone()),
        AggregateFunction::Max => firsts.last().map(|value| (*value).clone()),
        AggregateFunction::Avg if *ty == Type::Duration => whole(ty, total / firsts.len() as i128),
        AggregateFunction::Avg => Value::float(if floats { sum } else { total as f64 } / firsts.len() as f64),
        AggregateFunction::Join => {
            firsts.dedup();
            Some(Value::text(firsts.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(", ")))
        }
    };
    value.map_or(Outcome::Fault(overflow), Outcome::Value)
}
