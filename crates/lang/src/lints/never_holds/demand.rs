//! Tests of variables against constants: what a literal demands of a value.

use base::Span;
use facts::{Type, Value};
use ir::{Comparison, TextTest};
use regex::Regex;

use super::shape::Shape;
use crate::clause::coerce;
use crate::clause::tree::{Fixed, Lit, LitKind, Operand, OperandKind, Var};
use crate::lints::View;

/// A literal's demand of a class of variables.
pub(super) struct Test {
    pub span: Span,
    pub demand: Demand,
}

/// What a value has to be.
pub(super) enum Demand {
    Compare(Comparison, Value, Type),
    In { values: Vec<Value>, negated: bool },
    Text { test: TextTest, negated: bool, pattern: std::sync::Arc<str> },
    Shape(Shape),
}

/// The tests of all variables in bodies that hold together, each with the first variable of its class.
pub(super) fn gather(view: &View, bodies: &[&[Lit]]) -> Vec<(Var, Test)> {
    let mut parents: Vec<Var> = (0..view.variables.len()).collect();
    let all = || bodies.iter().copied().flatten();
    for lit in all() {
        if let LitKind::Compare(Comparison::Equal, left, right) = &lit.kind
            && let (OperandKind::Var(a), OperandKind::Var(b)) = (&left.kind, &right.kind)
        {
            let (a, b) = (find(&parents, *a), find(&parents, *b));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut found = Vec::new();
    for lit in all() {
        let (inner, negated) = match &lit.kind {
            LitKind::Not(body) => match body.as_slice() {
                [one] => (one, true),
                _ => continue,
            },
            _ => (lit, false),
        };
        if let Some((var, demand)) = demands(view, inner, negated) {
            found.push((find(&parents, var), Test { span: lit.span, demand }));
        }
    }
    found
}

fn find(parents: &[Var], mut var: Var) -> Var {
    while parents[var] != var {
        var = parents[var];
    }
    var
}

/// What a literal, or its negation, demands of variables.
fn demands(view: &View, lit: &Lit, denied: bool) -> Option<(Var, Demand)> {
    match &lit.kind {
        LitKind::Compare(op, left, right) => {
            let (op, var, other) = match (&left.kind, &right.kind) {
                (OperandKind::Var(var), _) => (*op, *var, right),
                (_, OperandKind::Var(var)) => (turned(*op), *var, left),
                _ => return None,
            };
            if let OperandKind::Const(value, _) = &other.kind {
                let ty = view.types.variables[var].clone();
                let op = if denied { opposite(op) } else { op };
                return Some((var, Demand::Compare(op, coerce(value, &ty), ty)));
            }
            let shape = Shape::of(other)?;
            (op == Comparison::Equal && !denied).then_some((var, Demand::Shape(shape)))
        }
        LitKind::In { operand: Operand { kind: OperandKind::Var(var), .. }, values, negated } => {
            let ty = &view.types.variables[*var];
            let known = |value: &Fixed| match value {
                Fixed::Value(value, _) => Some(coerce(value, ty)),
                Fixed::Constant(..) => None,
            };
            let values = values.iter().map(|(value, _)| known(value)).collect::<Option<_>>()?;
            Some((*var, Demand::In { values, negated: *negated != denied }))
        }
        LitKind::Text { test, negated, left, right, .. } => {
            let OperandKind::Var(var) = left.kind else { return None };
            let OperandKind::Const(Value::Text(pattern), _) = &right.kind else { return None };
            Some((var, Demand::Text { test: *test, negated: *negated != denied, pattern: pattern.clone() }))
        }
        _ => None,
    }
}

impl Demand {
    /// The values that it names, if it names all that pass.
    pub(super) fn candidates(&self) -> Option<&[Value]> {
        match self {
            Demand::Compare(Comparison::Equal, value, _) => Some(std::slice::from_ref(value)),
            Demand::In { values, negated: false } => Some(values),
            _ => None,
        }
    }

    /// Whether the value may pass.
    pub(super) fn allows(&self, value: &Value) -> bool {
        match self {
            Demand::Compare(op, other, _) => holds(*op, value, other).unwrap_or(true),
            Demand::In { values, negated } => values.contains(value) != *negated,
            Demand::Text { test, negated, pattern } => match value.as_text() {
                Some(text) => passes(*test, text, pattern).is_none_or(|passes| passes != *negated),
                None => true,
            },
            Demand::Shape(shape) => shape.may_be(value),
        }
    }

    /// Whether no value passes both, of tests that do not name their values.
    pub(super) fn exclude(&self, other: &Demand) -> bool {
        match (self, other) {
            (Demand::Compare(a, low, ty), Demand::Compare(b, high, _)) => match (bound(*a), bound(*b)) {
                (Some((true, a)), Some((false, b))) => empty(low, a, high, b, ty),
                (Some((false, a)), Some((true, b))) => empty(high, b, low, a, ty),
                _ => false,
            },
            (
                Demand::Text { test: a, negated: false, pattern: left },
                Demand::Text { test: b, negated: false, pattern: right },
            ) if a == b => match a {
                TextTest::StartsWith => !left.starts_with(&**right) && !right.starts_with(&**left),
                TextTest::EndsWith => !left.ends_with(&**right) && !right.ends_with(&**left),
                _ => false,
            },
            (
                Demand::Text { test: a, negated: no, pattern: left },
                Demand::Text { test: b, negated: yes, pattern: right },
            ) => a == b && no != yes && left == right,
            (Demand::Shape(shape), Demand::Text { test, negated: false, pattern })
            | (Demand::Text { test, negated: false, pattern }, Demand::Shape(shape)) => {
                shape.text_of(*test, pattern) == super::Verdict::Never
            }
            (Demand::Shape(shape), Demand::Compare(op, value, _))
            | (Demand::Compare(op, value, _), Demand::Shape(shape)) => {
                shape.compared(*op, value) == super::Verdict::Never
            }
            _ => false,
        }
    }
}

/// Whether a comparison bounds from below, and whether the bound itself is out.
fn bound(op: Comparison) -> Option<(bool, bool)> {
    match op {
        Comparison::Greater => Some((true, true)),
        Comparison::GreaterEqual => Some((true, false)),
        Comparison::Less => Some((false, true)),
        Comparison::LessEqual => Some((false, false)),
        Comparison::Equal | Comparison::NotEqual => None,
    }
}

/// Whether nothing lies between the bounds.
fn empty(low: &Value, above: bool, high: &Value, below: bool, ty: &Type) -> bool {
    if let (Type::Int, Value::Int(low), Value::Int(high)) = (ty, low, high) {
        let (low, high) = (i128::from(*low) + i128::from(above), i128::from(*high) - i128::from(below));
        return low > high;
    }
    low > high || (low == high && (above || below))
}

/// Whether the comparison of two constants holds; none if they are of different kinds.
pub(in crate::lints) fn holds(op: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let (left, right) = match (left, right) {
        (Value::Int(_), Value::Float(_)) => (coerce(left, &Type::Float), right.clone()),
        (Value::Float(_), Value::Int(_)) => (left.clone(), coerce(right, &Type::Float)),
        _ => (left.clone(), right.clone()),
    };
    if std::mem::discriminant(&left) != std::mem::discriminant(&right) {
        return None;
    }
    Some(match op {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
    })
}

/// The comparison with its sides changed.
pub(in crate::lints) fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        Comparison::Equal | Comparison::NotEqual => op,
    }
}

fn opposite(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterEqual,
        Comparison::LessEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessEqual,
        Comparison::GreaterEqual => Comparison::Less,
    }
}

/// Whether a text passes a test; none where that is not looked at.
fn passes(test: TextTest, text: &str, pattern: &str) -> Option<bool> {
    match test {
        TextTest::Contains => Some(text.contains(pattern)),
        TextTest::StartsWith => Some(text.starts_with(pattern)),
        TextTest::EndsWith => Some(text.ends_with(pattern)),
        TextTest::Matches => Regex::new(pattern).ok().map(|regex| regex.is_match(text)),
        TextTest::Like => None,
    }
}
