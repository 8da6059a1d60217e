//! W0711: a comparison or regex that holds whatever the values are, so that it says nothing.

use base::Diagnostic;
use ir::{Comparison, TextTest};

use super::edits::{element, fix};
use super::never_holds::shape::{Shape, Verdict};
use super::never_holds::{holds, plain, same_operand, turned};
use super::walk::each_literal;
use super::{Lint, View};
use crate::clause::tree::{Lit, LitKind, Operand, OperandKind};

pub(crate) const LINT: Lint = Lint::warning("W0711", "always-holds");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    each_literal(&view.tree.body, false, &mut |lit, _| {
        let Some(why) = always(view, lit) else { return };
        let mut found = LINT
            .at(view.place(lit.span), "this always holds")
            .label(why)
            .help("take it away, or compare with what was meant");
        let spans: Vec<_> = view.source.body.iter().flatten().map(|literal| literal.span).collect();
        if let Some(at) = spans.iter().position(|span| *span == lit.span)
            && let Some(range) = element(view.text(), &spans, at)
        {
            // What was meant may be something else.
            found = found.fix(fix(view.scope.file, "take it away", false, vec![(range, String::new())]));
        }
        out.push(found);
    });
}

fn always(view: &View, lit: &Lit) -> Option<String> {
    match &lit.kind {
        LitKind::Compare(op, left, right) => compared(view, *op, left, right),
        LitKind::Text { test: TextTest::Matches, negated: false, right, groups, .. } if groups.is_empty() => {
            let OperandKind::Const(facts::Value::Text(pattern), _) = &right.kind else { return None };
            // Nothing else makes a regex match the empty text; most are not read once more.
            if !pattern.is_empty() && !pattern.contains(['*', '?', '|', '{', '(']) {
                return None;
            }
            let hir = regex_syntax::parse(pattern).ok()?;
            let properties = hir.properties();
            let empty = properties.minimum_len() == Some(0) && properties.look_set().is_empty();
            empty.then(|| "every text has a match: the regex matches the empty text".to_owned())
        }
        LitKind::Text { test, negated: false, right, .. } if *test != TextTest::Like => match &right.kind {
            OperandKind::Const(facts::Value::Text(text), _) if text.is_empty() => {
                Some("the empty text stands in every text".to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

fn compared(view: &View, op: Comparison, left: &Operand, right: &Operand) -> Option<String> {
    if let (OperandKind::Const(a, _), OperandKind::Const(b, _)) = (&left.kind, &right.kind) {
        return (holds(op, a, b) == Some(true)).then(|| "these are constants".to_owned());
    }
    let weak = matches!(op, Comparison::Equal | Comparison::LessEqual | Comparison::GreaterEqual);
    if weak && plain(left) && plain(right) && same_operand(view, left, right) {
        return Some("both sides are the same".to_owned());
    }
    let sides = [(op, left, right), (turned(op), right, left)];
    sides.into_iter().find_map(|(op, operand, constant)| {
        let OperandKind::Const(value, _) = &constant.kind else { return None };
        let shape = Shape::of(operand)?;
        (shape.compared(op, value) == Verdict::Always).then(|| shape.why())
    })
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn tests_that_say_nothing() {
        pin!(lints(
            "W0711",
            r##"
param p: int = 3
rel r(x: string, n: int)
r("a", 1).
rel s(x: string)
s(x) :- r(x, n), n = n.
s(x) :- p >= p, r(x, _).
s(x) :- r(x, _), 1 < 2.
s(x) :- r(x, _), length(x) >= 0.
s(x) :- r(x, _), count { y : r(y, _) } >= 0.
s(x) :- r(x, _), lower(x) != "OpenAI".
s(x) :- r(x, _), x matches /a*/.
s(x) :- r(x, _), x contains "".
s(x) :- r(x, _), not 1 = 1.
s(x) :- r(x, n), n = p, n >= 0, x matches /^a*$/, x matches /(a*)/ as (a), a != "b", length(x) > 0.
"##
        ));
    }
}
