//! Operands.

use facts::{Type, Value};

use crate::{Body, VarId};

/// An operand with its type.
///
/// Evaluating one gives a value, *no value* (the literal that it stands in does not match; in a rule's head a fault), or a
/// *fault* (overflow, division by zero).
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Type of its value.
    pub ty: Type,
}

/// The kinds of operands.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant. `Value::None` only as an argument of a head's optional column.
    Const(Value),
    /// A variable. One that may be missing stands only as a head argument of an optional column and left of `Else`.
    Var(VarId),
    /// Unary minus of an int, float or duration.
    Negate(Box<Expr>),
    /// Arithmetic; the types of the operands and of the result say which. An int beside a float is read as float.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// An interpolated string: the printed forms of the parts joined; entities print their key.
    Concat(Vec<Expr>),
    /// The variable, or the constant where it is missing.
    Else(VarId, Value),
    /// An aggregate.
    Aggregate(Box<Aggregate>),
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

/// An aggregate over the set of distinct listed tuples, grouped by the variables that are bound outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which one.
    pub function: AggregateFunction,
    /// The listed tuple; all but `Count` work on its first element.
    pub listed: Vec<Expr>,
    /// What ranges.
    pub body: Body,
}

/// Aggregate functions. `Count` and `Sum` of nothing are 0; the others have no value then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// Number of distinct tuples.
    Count,
    /// Sum of the tuples' first elements: ints exact (a fault if the result does not fit), floats in ascending order.
    Sum,
    /// Least first element.
    Min,
    /// Greatest first element.
    Max,
    /// Mean of the first elements, a float (of durations a duration, truncated).
    Avg,
    /// Printed first elements, sorted by value, distinct, parted by `", "`.
    Join,
}

/// Functions of the language. `today()` is a constant by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// `lower(s)`
    Lower,
    /// `upper(s)`
    Upper,
    /// `trim(s)`
    Trim,
    /// `length(s)`: Unicode scalars.
    Length,
    /// `replace(s, /re/, t)`: every match; `$1` in `t` is a group.
    Replace,
    /// `split(s, sep, index)`: the piece, from 0; no value if there are fewer, or the separator is empty.
    Split,
    /// `basename(path)`
    Basename,
    /// `dirname(path)`; empty for a path without `/`.
    Dirname,
    /// `parse_int(s)`; no value for what is no number.
    ParseInt,
    /// `parse_float(s)`; likewise.
    ParseFloat,
    /// `parse_time(s)`; likewise.
    ParseTime,
    /// `days(d)`: whole days, truncated toward zero.
    Days,
    /// `date(t)`: midnight UTC of its day.
    Date,
    /// `abs(x)` of int, float or duration.
    Abs,
    /// `min2(a, b)`
    Min2,
    /// `max2(a, b)`
    Max2,
    /// `round(x)`: to the nearest whole number as int, half away from zero.
    Round,
    /// `entropy(s)`: Shannon, bits per character.
    Entropy,
    /// `sha256(s)`: lower-case hex.
    Sha256,
    /// `label(e)`: what people call the entity.
    Label,
    /// `path(e)`: path of the file where the entity stands; no value where it is unknown.
    Path,
    /// `line(e)`: its line; likewise.
    Line,
}

impl Function {
    /// All functions, by name.
    pub const ALL: [(&'static str, Function); 22] = [
        ("abs", Function::Abs),
        ("basename", Function::Basename),
        ("date", Function::Date),
        ("days", Function::Days),
        ("dirname", Function::Dirname),
        ("entropy", Function::Entropy),
        ("label", Function::Label),
        ("length", Function::Length),
        ("line", Function::Line),
        ("lower", Function::Lower),
        ("max2", Function::Max2),
        ("min2", Function::Min2),
        ("parse_float", Function::ParseFloat),
        ("parse_int", Function::ParseInt),
        ("parse_time", Function::ParseTime),
        ("path", Function::Path),
        ("replace", Function::Replace),
        ("round", Function::Round),
        ("sha256", Function::Sha256),
        ("split", Function::Split),
        ("trim", Function::Trim),
        ("upper", Function::Upper),
    ];

    /// The name that policies write.
    pub fn name(self) -> &'static str {
        let found = Function::ALL.iter().find(|(_, function)| *function == self);
        found.map_or("", |(name, _)| name)
    }
}
