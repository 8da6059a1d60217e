//! What arithmetic, functions and aggregates make of types.

use facts::Type::{self, Duration, Float, Int, Time};
use ir::{ArithmeticOp, Function};

/// The type of `left op right`, if the operator takes them.
pub(super) fn arithmetic(op: ArithmeticOp, left: &Type, right: &Type) -> Option<Type> {
    use ArithmeticOp::{Add, Divide, Multiply, Subtract};
    Some(match (op, left, right) {
        (_, Int, Int) => Int,
        (_, Int | Float, Int | Float) => Float,
        (Subtract, Time, Time) => Duration,
        (Add | Subtract, Time, Duration) | (Add, Duration, Time) => Time,
        (Add | Subtract, Duration, Duration) => Duration,
        (Multiply | Divide, Duration, Int | Float) | (Multiply, Int | Float, Duration) => Duration,
        (Divide, Duration, Duration) => Float,
        _ => return None,
    })
}

/// What an argument of a function may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Text,
    Int,
    Time,
    Duration,
    Number,
    Signed,
    Entity,
    Ordered,
}

impl Wants {
    /// Whether a value of the type will do.
    pub(super) fn takes(self, ty: &Type) -> bool {
        match self {
            Wants::Text => ty.is_text(),
            Wants::Int => *ty == Int,
            Wants::Time => *ty == Time,
            Wants::Duration => *ty == Duration,
            Wants::Number => matches!(ty, Int | Float),
            Wants::Signed => ty.is_summable(),
            Wants::Entity => matches!(ty, Type::Entity(_)),
            Wants::Ordered => ty.is_ordered(),
        }
    }

    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Wants::Text => "a string",
            Wants::Int => "an int",
            Wants::Time => "a time",
            Wants::Duration => "a duration",
            Wants::Number => "an int or float",
            Wants::Signed => "an int, float or duration",
            Wants::Entity => "an entity",
            Wants::Ordered => "a value with an order",
        }
    }
}

/// What the arguments of a function may be.
pub(super) fn arguments(function: Function) -> &'static [Wants] {
    match function {
        Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::Length
        | Function::Basename
        | Function::Dirname
        | Function::ParseInt
        | Function::ParseFloat
        | Function::ParseTime
        | Function::Entropy
        | Function::Sha256 => &[Wants::Text],
        Function::Replace => &[Wants::Text, Wants::Text, Wants::Text],
        Function::Split => &[Wants::Text, Wants::Text, Wants::Int],
        Function::Days => &[Wants::Duration],
        Function::Date => &[Wants::Time],
        Function::Abs => &[Wants::Signed],
        Function::Min2 | Function::Max2 => &[Wants::Ordered, Wants::Ordered],
        Function::Round => &[Wants::Number],
        Function::Label | Function::Path | Function::Line => &[Wants::Entity],
    }
}

/// The type that a function gives for arguments that it takes.
pub(super) fn result(function: Function, args: &[Type]) -> Option<Type> {
    Some(match function {
        Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::Replace
        | Function::Split
        | Function::Basename
        | Function::Dirname
        | Function::Sha256
        | Function::Label
        | Function::Path => Type::String,
        Function::Length | Function::ParseInt | Function::Days | Function::Round | Function::Line => Int,
        Function::ParseFloat | Function::Entropy => Float,
        Function::ParseTime | Function::Date => Time,
        Function::Abs => args.first()?.clone(),
        Function::Min2 | Function::Max2 => match args {
            [a, b] if a == b => a.clone(),
            [Int | Float, Int | Float] => Float,
            [a, b] if a.is_text() && b.is_text() => Type::String,
            _ => return None,
        },
    })
}
