//! Operands.

use std::sync::Arc;

use base::Span;

use super::{Literal, Name, Path};

/// An operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of operands.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal value.
    Literal(LiteralValue),
    /// A string with `{…}` in it.
    Interpolated(Vec<Part>),
    /// A regex.
    Regex(Regex),
    /// `["a", "b"]`
    List(Vec<Expr>),
    /// A bare name: a variable, or a param of the module.
    Name(Arc<str>),
    /// A dotted name: a param of another module.
    Param(Path),
    /// `x?`
    Optional(Name),
    /// `_`
    Wildcard,
    /// `f(a, b)`
    Call(Name, Vec<Expr>),
    /// `count { … }`
    Aggregate(Aggregate),
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `x else literal`
    Else(Box<Expr>, Box<Expr>),
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralValue {
    /// `none`
    None,
    /// `true`, `false`
    Bool(bool),
    /// `42`
    Int(i64),
    /// `0.05`, `5%`
    Float(f64),
    /// `"text"` without interpolation, escapes resolved.
    Text(Arc<str>),
    /// `2026-11-20`, in microseconds since 1970.
    Time(i64),
    /// `90d`, in microseconds.
    Duration(i64),
}

/// A part of an interpolated string.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text, escapes resolved.
    Text(Arc<str>),
    /// `{expr}`
    Expr(Expr),
}

/// A regex with its flags.
#[derive(Debug, Clone, PartialEq)]
pub struct Regex {
    /// In Rust `regex` syntax, `\/` already a slash, flags prefixed as `(?i)`.
    pub pattern: Arc<str>,
    /// With slashes and flags.
    pub span: Span,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `count { c, d : body }`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which one.
    pub function: AggregateFunction,
    /// The listed tuple.
    pub listed: Vec<Expr>,
    /// What ranges.
    pub body: Vec<Literal>,
}

/// Aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum AggregateFunction {
    Count,
    Sum,
    Min,
    Max,
    Avg,
    Join,
}
