//! What values an operand can have at all, whatever its variables are.

use facts::Value;
use ir::{AggregateFunction, Comparison, Function, TextTest};

use crate::clause::tree::{Operand, OperandKind};
use crate::lints::impossible_regex::{Letters, possible};

/// What all values of an operand have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lints) enum Shape {
    /// `lower(…)`
    Lower,
    /// `upper(…)`
    Upper,
    /// `trim(…)`
    Trimmed,
    /// `basename(…)`
    Basename,
    /// `length(…)`, `abs(…)`, `entropy(…)`, `count { … }`
    NotNegative,
}

/// What is known of a test without knowing the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lints) enum Verdict {
    Always,
    Never,
    Open,
}

impl Shape {
    /// The shape of an operand.
    pub fn of(operand: &Operand) -> Option<Shape> {
        match &operand.kind {
            OperandKind::Call(function, _) => match function {
                Function::Lower => Some(Shape::Lower),
                Function::Upper => Some(Shape::Upper),
                Function::Trim => Some(Shape::Trimmed),
                Function::Basename => Some(Shape::Basename),
                Function::Length | Function::Abs | Function::Entropy => Some(Shape::NotNegative),
                _ => None,
            },
            OperandKind::Aggregate(aggregate) if aggregate.function == AggregateFunction::Count => {
                Some(Shape::NotNegative)
            }
            _ => None,
        }
    }

    /// In words.
    pub fn why(self) -> String {
        match self {
            Shape::Lower => "`lower` gives no capital letters",
            Shape::Upper => "`upper` gives no small letters",
            Shape::Trimmed => "`trim` takes white space away from both ends",
            Shape::Basename => "`basename` gives a name without `/`",
            Shape::NotNegative => "this is never negative",
        }
        .to_owned()
    }

    /// Whether it can have that value.
    pub fn may_be(self, value: &Value) -> bool {
        match (self, value) {
            (Shape::NotNegative, Value::Int(number) | Value::Duration(number)) => *number >= 0,
            (Shape::NotNegative, Value::Float(number)) => *number >= 0.0,
            (Shape::Trimmed, Value::Text(text)) => text.trim() == &**text,
            (_, Value::Text(text)) => self.may_hold(text),
            _ => true,
        }
    }

    /// Whether that text can be part of its value.
    fn may_hold(self, text: &str) -> bool {
        match self {
            // Beyond ASCII some letters have no other case, and some change their number.
            Shape::Lower => !text.bytes().any(|b| b.is_ascii_uppercase()),
            Shape::Upper => !text.bytes().any(|b| b.is_ascii_lowercase()),
            Shape::Basename => !text.contains('/'),
            Shape::Trimmed | Shape::NotNegative => true,
        }
    }

    /// What is known of its comparison with a constant.
    pub fn compared(self, op: Comparison, value: &Value) -> Verdict {
        let sign = match value {
            Value::Int(number) | Value::Duration(number) => number.signum(),
            Value::Float(number) => (*number > 0.0) as i64 - (*number < 0.0) as i64,
            _ => 1,
        };
        match (op, self) {
            (Comparison::Equal, _) if !self.may_be(value) => Verdict::Never,
            (Comparison::NotEqual, _) if !self.may_be(value) => Verdict::Always,
            (Comparison::Less, Shape::NotNegative) if sign <= 0 => Verdict::Never,
            (Comparison::LessEqual, Shape::NotNegative) if sign < 0 => Verdict::Never,
            (Comparison::GreaterEqual, Shape::NotNegative) if sign <= 0 => Verdict::Always,
            (Comparison::Greater, Shape::NotNegative) if sign < 0 => Verdict::Always,
            _ => Verdict::Open,
        }
    }

    /// What is known of a test of its text.
    pub fn text(self, test: TextTest, right: &Operand) -> Verdict {
        match &right.kind {
            OperandKind::Const(Value::Text(pattern), _) => self.text_of(test, pattern),
            _ => Verdict::Open,
        }
    }

    /// The same for a pattern.
    pub fn text_of(self, test: TextTest, pattern: &str) -> Verdict {
        let can = match test {
            TextTest::Contains | TextTest::StartsWith | TextTest::EndsWith => self.may_hold(pattern),
            TextTest::Matches => match self {
                Shape::Lower => possible(pattern, Letters::Small),
                Shape::Upper => possible(pattern, Letters::Capital),
                _ => true,
            },
            TextTest::Like => true,
        };
        if can { Verdict::Open } else { Verdict::Never }
    }
}
