//! Values as people know them, before they become codes.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::Type;
use crate::time::{format_duration, format_time};

/// A value. Entities are strings (their keys).
#[derive(Debug, Clone)]
pub enum Value {
    /// A missing value of an optional column.
    None,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number; never `-0.0` (see [`Value::float`]).
    Float(f64),
    /// Text, or an entity's key.
    Text(Arc<str>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// Microseconds.
    Duration(i64),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::Text(text.into())
    }

    /// A float, unless it is infinite or not a number; `-0.0` becomes `0.0`.
    pub fn float(value: f64) -> Option<Self> {
        value.is_finite().then_some(Value::Float(if value == 0.0 { 0.0 } else { value }))
    }

    /// Whether the value may stand in a column of this type (`None` in any, optional or not).
    pub fn fits(&self, ty: &Type) -> bool {
        match self {
            Value::None => true,
            Value::Bool(_) => *ty == Type::Bool,
            Value::Int(_) => *ty == Type::Int,
            Value::Float(_) => *ty == Type::Float,
            Value::Text(_) => ty.is_text(),
            Value::Time(_) => *ty == Type::Time,
            Value::Duration(_) => *ty == Type::Duration,
        }
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is [`Value::None`].
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }
}

/// Order by value: none first, then within a type by magnitude, time, or code points. Values of different
/// types never meet in one column; they are ordered by type so that the order is total.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        use Value::*;
        match (self, other) {
            (Bool(a), Bool(b)) => a.cmp(b),
            (Int(a), Int(b)) | (Time(a), Time(b)) | (Duration(a), Duration(b)) => a.cmp(b),
            (Float(a), Float(b)) => a.total_cmp(b),
            (Text(a), Text(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::None => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Float(_) => 3,
        Value::Text(_) => 4,
        Value::Time(_) => 5,
        Value::Duration(_) => 6,
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl std::hash::Hash for Value {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        rank(self).hash(state);
        match self {
            Value::None => {}
            Value::Bool(value) => value.hash(state),
            Value::Int(value) | Value::Time(value) | Value::Duration(value) => value.hash(state),
            Value::Float(value) => value.to_bits().hash(state),
            Value::Text(text) => text.hash(state),
        }
    }
}

/// The one printed form (LANGUAGE.md, Printing): strings as they are, floats in their shortest form that
/// reads back as a float, times as a date at midnight and RFC 3339 otherwise, durations as `14d 3h`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("none"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            // `{:?}` keeps the `.0` that tells a float from an int and is the shortest form that reads back.
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Text(text) => f.write_str(text),
            Value::Time(micros) => f.write_str(&format_time(*micros)),
            Value::Duration(micros) => f.write_str(&format_duration(*micros)),
        }
    }
}
