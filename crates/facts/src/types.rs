//! Types of columns and variables.

use std::fmt;
use std::sync::Arc;

/// The type of a column or variable. Optional columns say so beside it ([`crate::Column::optional`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Text.
    String,
    /// `i64`.
    Int,
    /// Finite `f64`; `-0.0` is `0.0`.
    Float,
    /// `true` or `false`.
    Bool,
    /// An instant, UTC, in microseconds since 1970.
    Time,
    /// A length of time in microseconds.
    Duration,
    /// A nominal type whose values are keys (strings). The name is qualified by the module that declares
    /// it, such as `code.Call`. That one entity is a subtype of another is known to the compiler alone.
    Entity(Arc<str>),
}

impl Type {
    /// Whether values of it are strings at bottom, so that it shares their codes.
    pub fn is_text(&self) -> bool {
        matches!(self, Type::String | Type::Entity(_))
    }

    /// Whether `<` has a meaning for it (all but bool, which has none that a reader would expect).
    pub fn is_ordered(&self) -> bool {
        !matches!(self, Type::Bool)
    }

    /// Whether `sum` and `avg` take it.
    pub fn is_summable(&self) -> bool {
        matches!(self, Type::Int | Type::Float | Type::Duration)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::String => "string",
            Type::Int => "int",
            Type::Float => "float",
            Type::Bool => "bool",
            Type::Time => "time",
            Type::Duration => "duration",
            Type::Entity(name) => name,
        })
    }
}
