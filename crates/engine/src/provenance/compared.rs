//! Both sides of a comparison that is all that a rule asks: what a failing `expect count { … } = 3` shows.

use facts::Value;
use ir::{Expr, LiteralKind, RuleId};

use super::AggregateProof;
use super::ranged::aggregates;
use crate::Evaluation;
use crate::expr::Outcome;
use crate::search::{Env, Search};

/// What the sides of a comparison come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The left side; nothing if it has no value or faults.
    pub left: Option<Value>,
    /// The right side, likewise.
    pub right: Option<Value>,
    /// The aggregates of both sides, in the order of the text.
    pub aggregates: Vec<AggregateProof>,
}

impl Evaluation {
    /// What the sides of a rule's only literal come to, if that is a comparison without variables of its own.
    pub fn compared(&self, rule: RuleId) -> Option<Compared> {
        let [literal] = self.program().rule(rule).body.as_slice() else { return None };
        let LiteralKind::Compare(_, left, right) = &literal.kind else { return None };
        let search = self.search(rule);
        let env = search.empty();
        if [left, right].iter().any(|side| !search.scope.needs(side).is_empty()) {
            return None;
        }
        let mut ranged = aggregates(self, &search, left, &env);
        ranged.extend(aggregates(self, &search, right, &env));
        Some(Compared { left: value(&search, left, &env), right: value(&search, right, &env), aggregates: ranged })
    }
}

fn value<'a>(search: &Search<'a>, side: &'a Expr, env: &Env) -> Option<Value> {
    match search.operand(side, env) {
        Outcome::Value(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Options, evaluate};

    fn check(body: &str, expected: Option<(&str, &str, usize)>) {
        let text = format!("input a(x: int)\nrel b(x: int)\na(1).\na(3).\nb(1) :- {body}.");
        let program = Arc::new(ir::read(&text).unwrap_or_else(|error| panic!("{error}")));
        let evaluation = evaluate(&program, facts::Database::new(), &Options::default());
        let found = evaluation.unwrap_or_else(|error| panic!("{error}")).compared(RuleId(0)).map(|found| {
            let shown = |value: Option<Value>| value.map_or("nothing".to_owned(), |value| value.to_string());
            (shown(found.left), shown(found.right), found.aggregates.iter().map(|one| one.total).sum::<usize>())
        });
        let found = found.as_ref().map(|(left, right, total)| (left.as_str(), right.as_str(), *total));
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn sides_come_with_what_their_aggregates_range_over() {
        check("count { x : a(x) } = 3", Some(("2", "3", 2)));
        check("1 + sum { x : a(x) } > max { y : a(y), y < 0 }", Some(("5", "nothing", 2)));
        check("a(x), x = 1", None);
        check("a(1)", None);
    }
}
