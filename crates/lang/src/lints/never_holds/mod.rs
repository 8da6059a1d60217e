//! W0710: literals of a body that cannot hold together, so that the rule never matches.
//!
//! Within a body (with all that stands around it), tests of a variable against constants are gathered by class of
//! equal variables ([`demand`]). Constants that `=` or `in` name are tried against all other tests; without such, bounds
//! and tests of texts are held against each other. What a function can give at all (`lower(x)` no capital letter,
//! `count` no negative number) is a [`shape`].

mod demand;
pub(super) mod shape;

use base::{Diagnostic, Span};
use facts::Value;
use ir::Comparison;
use rustc_hash::FxHashMap;

use self::demand::{Demand, Test, gather};
pub(super) use self::demand::{holds, turned};
use self::shape::{Shape, Verdict};
use super::same::same;
use super::walk::aggregates;
use super::{Lint, View};
use crate::clause::tree::{ArgKind, Fixed, Lit, LitKind, Operand, OperandKind, Var};

pub(crate) const LINT: Lint = Lint::warning("W0710", "never-holds");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    body(view, &[], &view.tree.body, &mut found);
    for (aggregate, _) in aggregates(&view.tree.head, &view.tree.body) {
        body(view, &[], &aggregate.body, &mut found);
    }
    let mut told: Vec<Span> = Vec::new();
    for Found { span, why, other } in found {
        if told.contains(&span) {
            continue;
        }
        told.push(span);
        let mut diagnostic = LINT.at(view.place(span), "this can never hold").label(why);
        if let Some((other, label)) = other {
            diagnostic = diagnostic.also(view.place(other), label);
        }
        let help = match view.source.body.as_ref().is_some_and(|body| body.iter().any(|lit| lit.span == span)) {
            true => "the rule never matches: was `or` meant, or another variable?",
            false => "what stands around it never matches here: was `or` meant, or another variable?",
        };
        out.push(diagnostic.help(help));
    }
}

/// A literal that cannot hold, and the one that it contradicts.
struct Found {
    span: Span,
    why: String,
    other: Option<(Span, &'static str)>,
}

/// Looks at a body; `around` are the bodies that it stands in.
fn body(view: &View, around: &[&[Lit]], body: &[Lit], out: &mut Vec<Found>) {
    let all: Vec<&[Lit]> = around.iter().copied().chain([body]).collect();
    alone(view, body, out);
    opposite(view, &all, body, out);
    let before = out.len();
    classes(view, &all, body, out);
    // What contradicts itself is told once, not again for each branch in it.
    if out.len() > before {
        return;
    }
    for lit in body {
        match &lit.kind {
            LitKind::Or(branches) => branches.iter().for_each(|branch| self::body(view, &all, branch, out)),
            // Whatever contradicts what stands around a `not` only makes it hold: it is no trouble of the rule.
            LitKind::Not(inner) => self::body(view, &[], inner, out),
            _ => {}
        }
    }
}

/// Literals that no value makes hold.
fn alone(view: &View, body: &[Lit], out: &mut Vec<Found>) {
    for lit in body {
        let why = match &lit.kind {
            LitKind::Compare(op, left, right) => compared(view, *op, left, right),
            LitKind::Text { test, negated: false, left, right, .. } => {
                let shape = Shape::of(left);
                shape.filter(|shape| shape.text(*test, right) == Verdict::Never).map(Shape::why)
            }
            LitKind::In { operand, values, negated: false } => {
                let Some(shape) = Shape::of(operand) else { continue };
                // Of a list only the values that never match are wrong.
                let wrong = |value: &Fixed| matches!(value, Fixed::Value(value, _) if !shape.may_be(value));
                let wrong = values.iter().filter(|(value, _)| wrong(value));
                out.extend(wrong.map(|(_, span)| Found { span: *span, why: shape.why(), other: None }));
                continue;
            }
            _ => None,
        };
        out.extend(why.map(|why| Found { span: lit.span, why, other: None }));
    }
}

fn compared(view: &View, op: Comparison, left: &Operand, right: &Operand) -> Option<String> {
    if let (OperandKind::Const(a, _), OperandKind::Const(b, _)) = (&left.kind, &right.kind) {
        return (holds(op, a, b) == Some(false)).then(|| "these are constants".to_owned());
    }
    let strict = matches!(op, Comparison::NotEqual | Comparison::Less | Comparison::Greater);
    if strict && plain(left) && plain(right) && same_operand(view, left, right) {
        return Some("both sides are the same".to_owned());
    }
    if op == Comparison::Equal && (shifted(left, right) || shifted(right, left)) {
        return Some("a value is never itself plus something; a variable has one value in a rule".to_owned());
    }
    let sides = [(op, left, right), (turned(op), right, left)];
    sides.into_iter().find_map(|(op, operand, constant)| {
        let OperandKind::Const(value, _) = &constant.kind else { return None };
        let shape = Shape::of(operand)?;
        (shape.compared(op, value) == Verdict::Never).then(|| shape.why())
    })
}

/// Whether an operand has a value wherever its variables have: a function without a value makes no comparison hold.
pub(super) fn plain(operand: &Operand) -> bool {
    matches!(operand.kind, OperandKind::Var(_) | OperandKind::Constant(..))
}

/// Whether two operands are the same as they are written.
pub(super) fn same_operand(view: &View, left: &Operand, right: &Operand) -> bool {
    match (&left.kind, &right.kind) {
        (OperandKind::Var(a), OperandKind::Var(b)) => a == b,
        (OperandKind::Constant(a, _), OperandKind::Constant(b, _)) => a == b,
        _ => same(view.text(), left.span, right.span),
    }
}

/// `x` and `x + 1`.
fn shifted(var: &Operand, sum: &Operand) -> bool {
    let (OperandKind::Var(var), OperandKind::Arithmetic(op, left, right)) = (&var.kind, &sum.kind) else {
        return false;
    };
    let is_var = |operand: &Operand| matches!(operand.kind, OperandKind::Var(other) if other == *var);
    let nonzero = |operand: &Operand| match &operand.kind {
        OperandKind::Const(Value::Int(number) | Value::Duration(number), _) => *number != 0,
        _ => false,
    };
    match op {
        ir::ArithmeticOp::Add => (is_var(left) && nonzero(right)) || (is_var(right) && nonzero(left)),
        ir::ArithmeticOp::Subtract => is_var(left) && nonzero(right),
        _ => false,
    }
}

/// `a(x), not a(x)`
fn opposite(view: &View, all: &[&[Lit]], body: &[Lit], out: &mut Vec<Found>) {
    for lit in body {
        let LitKind::Not(inner) = &lit.kind else { continue };
        let [Lit { kind: LitKind::Atom(denied), span }] = inner.as_slice() else { continue };
        // Another way of absence may be meant there.
        if denied.args.iter().any(|arg| matches!(arg.kind, ArgKind::Optional(_))) {
            continue;
        }
        let held = all.iter().copied().flatten().find(|other| match &other.kind {
            LitKind::Atom(atom) => atom.relation == denied.relation && same(view.text(), other.span, *span),
            _ => false,
        });
        if let Some(held) = held {
            let why = "not both can hold".to_owned();
            out.push(Found { span: lit.span, why, other: Some((held.span, "says the opposite")) });
        }
    }
}

/// Tests of one class of variables against each other; told if the last of them stands in `body`.
fn classes(view: &View, all: &[&[Lit]], body: &[Lit], out: &mut Vec<Found>) {
    if !has_tests(body) {
        return;
    }
    let inner: Vec<Span> = body.iter().map(|lit| lit.span).collect();
    let mut by_class: FxHashMap<Var, Vec<Test>> = FxHashMap::default();
    for (var, test) in gather(view, all) {
        by_class.entry(var).or_default().push(test);
    }
    let mut classes: Vec<Vec<Test>> = by_class.into_values().collect();
    classes.sort_by_key(|tests| tests.first().map(|test| test.span));
    for tests in classes {
        if let Some((span, other)) = clash(&tests)
            && (inner.contains(&span) || inner.contains(&other))
        {
            let (span, other) = if inner.contains(&span) { (span, other) } else { (other, span) };
            let why = "never together with the other".to_owned();
            out.push(Found { span, why, other: Some((other, "the other")) });
        }
    }
}

fn has_tests(body: &[Lit]) -> bool {
    body.iter().any(|lit| match &lit.kind {
        LitKind::Compare(..) | LitKind::Text { .. } | LitKind::In { .. } => true,
        LitKind::Not(inner) => matches!(inner.as_slice(), [one] if !matches!(one.kind, LitKind::Atom(_))),
        _ => false,
    })
}

/// Two tests that no value passes: the later and the earlier.
fn clash(tests: &[Test]) -> Option<(Span, Span)> {
    let named = tests.iter().position(|test| test.demand.candidates().is_some());
    if let Some(at) = named
        && let Some(candidates) = tests[at].demand.candidates()
    {
        let passes = |value: &Value| tests.iter().all(|test| test.span == tests[at].span || test.demand.allows(value));
        if candidates.iter().any(passes) {
            return None;
        }
        // One that refuses all of them, if there is one.
        let refuses = |test: &&Test| candidates.iter().all(|value| !test.demand.allows(value));
        let other = tests.iter().filter(|test| test.span != tests[at].span).find(refuses).or_else(|| {
            tests.iter().find(|test| test.span != tests[at].span && candidates.iter().any(|v| !test.demand.allows(v)))
        })?;
        return Some(ordered(tests[at].span, other.span));
    }
    tests.iter().enumerate().find_map(|(at, test)| {
        let other = tests[..at].iter().find(|other| Demand::exclude(&other.demand, &test.demand))?;
        Some(ordered(test.span, other.span))
    })
}

fn ordered(a: Span, b: Span) -> (Span, Span) {
    if a < b { (b, a) } else { (a, b) }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn constants_contradict_each_other() {
        pin!(lints(
            "W0710",
            r##"
rel r(x: string, n: int)
r("a", 1).
rel s(x: string)
s(x) :- r(x, n), n = 1, n = 2.
s(x) :- r(x, n), n < 3, n > 5.
s(x) :- r(x, n), n > 5, n < 6.
s(x) :- r(x, _), x in ["a", "b"], x = "c".
s(x) :- r(x, _), x in ["a", "b"], not x in ["a", "b", "c"].
s(x) :- r(x, _), y = x, y = "a", x != "a".
s(x) :- r(x, _), x = "app.py", x ends_with ".ts".
s(x) :- r(x, _), x = "app.py", not x matches /py$/.
s(x) :- r(x, _), x starts_with "a/", x starts_with "b/".
s(x) :- r(x, _), x contains "a", not x contains "a".
s(x) :- r(x, _), x = "a", ( r(x, 1) or x = "b", r(x, 2) ).
s(x) :- r(x, n), 5 < n, 3 > n.
s(x) :- r(x, _), ( x = "a" or x = "b" ), x != "a".
"##
        ));
    }

    #[test]
    fn some_values_do_not_exist() {
        pin!(lints(
            "W0710",
            r##"
rel r(x: string, n: int)
r("a", 1).
rel s(x: string)
s(x) :- r(x, _), lower(x) = "OpenAI".
s(x) :- r(x, _), y = lower(x), y in ["gpt", "Claude"].
s(x) :- r(x, _), lower(x) contains "GPT".
s(x) :- r(x, _), y = lower(x), y starts_with "Azure".
s(x) :- r(x, _), lower(x) matches /^GPT/.
s(x) :- r(x, _), length(x) < 0.
s(x) :- r(x, _), n = count { y : r(y, _) }, n < 0.
s(x) :- r(x, n), n != n.
s(x) :- r(x, n), n = n + 1.
s(x) :- r(x, n), not r(x, n).
s(x) :- r(x, _), 1 > 2.
s(x) :- r(x, _), not ( r(x, n), n > 3, n < 2 ).
"##
        ));
    }

    #[test]
    fn what_can_hold_is_left_alone() {
        pin!(lints(
            "W0710",
            r##"
param p: int = 3
rel r(x: string, n: int)
rel f(x: string, w: float, since: time?)
r("a", 1).
rel s(x: string)
s(x) :- r(x, n), n > 5, n < 7.
s(x) :- r(x, n), n >= 5, n <= 5, n != 6.
s(x) :- r(x, n), n = p, n < 3.
s(x) :- f(x, w, _), w > 5, w < 6.
s(x) :- r(x, _), x in ["a", "b"], x != "a".
s(x) :- r(x, _), ( x = "a" or x = "b" ), x != "c".
s(x) :- r(x, _), x = "a", not ( r(y, _), y = "b" ).
s(x) :- r(x, _), x = "a", not x = "b".
s(x) :- r(x, n), n > 1, not ( r(x, m), m < 1, m = n ).
s(x) :- r(x, _), x starts_with "a", x starts_with "ab", x ends_with "c", x ends_with "bc".
s(x) :- r(x, _), lower(x) = "openai", lower(x) matches /(?i)GPT/, upper(x) contains "GPT".
s(x) :- r(x, n), n != n + 0, not r(x, 2).
s(x) :- r(x, _), n = count { y : r(y, _), y = "a" }, n > 0, m = count { y : r(y, _), y = "b" }, m > 0.
"##
        ));
    }
}
