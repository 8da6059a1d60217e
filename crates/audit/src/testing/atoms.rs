//! What came of an expectation about rows: an atom, no atom, a comparison such as a count.

use engine::{AggregateProof, RowRef};
use facts::Value;
use ir::{Arg, ExprKind, LiteralKind, RelId, RuleId};
use lang::Query;

use super::world::Findings;
use super::{Found, Mismatch};
use crate::excerpts::Excerpts;
use crate::explain::Explainer;

/// Rows and tuples shown of many.
const SHOWN: usize = 5;
/// Rows looked at for the nearest ones.
const LOOKED_AT: usize = 20_000;
/// Columns from which on a row shows only those that the atom speaks of, and its first.
const WIDE: usize = 6;

impl Findings<'_> {
    /// None where the expectation is met.
    pub(super) fn query(
        &self,
        text: &str,
        query: &Query,
        negated: bool,
        excerpts: &mut Excerpts<'_>,
    ) -> Option<Mismatch> {
        let program = &self.evaluated.program;
        let answers = program.find(&query.relation)?;
        let count = self.evaluated.evaluation.count(answers);
        if (count == 0) == negated {
            return None;
        }
        if negated {
            return Some(self.rows_that_hold(query, answers, excerpts));
        }
        let (rule, _) = program.rules().find(|(_, rule)| rule.head == answers)?;
        Some(match &query.target {
            Some(target) => self.no_such_row(target, rule, excerpts),
            None => self.other_value(text, rule, answers, excerpts),
        })
    }

    /// Rows that should not be there, and the proof of the first.
    fn rows_that_hold(&self, query: &Query, answers: RelId, excerpts: &mut Excerpts<'_>) -> Mismatch {
        let rows: Vec<(RowRef, Vec<Value>)> = self.evaluated.evaluation.sorted(answers).collect();
        let name = query.target.as_ref().unwrap_or(&query.relation);
        let decl = &self.evaluated.program.relation(answers).decl;
        let shown = rows.iter().take(SHOWN).map(|(_, values)| {
            let fields = decl.columns.iter().zip(values).filter(|(_, value)| !value.is_none());
            let fields: Vec<String> =
                fields.map(|(column, value)| format!("{}: {}", column.name, quoted(value))).collect();
            Found { text: format!("{name}{{{}}}", fields.join(", ")), differs: Vec::new() }
        });
        let mut found: Vec<Found> = shown.collect();
        found.extend(more(rows.len(), "rows"));
        let mut explainer = Explainer::new(self.project, self.evaluated, excerpts);
        let relation = query.target.as_ref().and_then(|target| self.evaluated.program.find(target));
        let first = relation.and_then(|id| self.evaluated.evaluation.find(id, &rows.first()?.1));
        first.into_iter().for_each(|row| explainer.proof(row));
        let message = "expected this not to hold, it does".to_owned();
        Mismatch { message, found, notes: Vec::new(), why: explainer.finish() }
    }

    /// The rows nearest to an atom, and why no rule makes one that it matches.
    fn no_such_row(&self, target: &str, rule: RuleId, excerpts: &mut Excerpts<'_>) -> Mismatch {
        let message = "expected this to hold, it does not".to_owned();
        let Some(relation) = self.evaluated.program.find(target) else {
            return Mismatch { message, ..Mismatch::default() };
        };
        let wanted = self.wanted(rule, relation);
        let found = self.nearest(relation, &wanted);
        let mut explainer = Explainer::new(self.project, self.evaluated, excerpts);
        explainer.no_row(target, &wanted);
        Mismatch { message, found, notes: Vec::new(), why: explainer.finish() }
    }

    /// The values that an atom asks for, by column.
    fn wanted(&self, rule: RuleId, relation: RelId) -> Vec<Option<Value>> {
        let program = &self.evaluated.program;
        let atom = program.rule(rule).body.iter().find_map(|literal| match &literal.kind {
            LiteralKind::Atom(atom) if atom.relation == relation => Some(atom),
            _ => None,
        });
        let Some(atom) = atom else { return vec![None; program.relation(relation).decl.columns.len()] };
        let value = |arg: &Arg| match arg {
            Arg::Missing => Some(Value::None),
            Arg::Value(expr) => match &expr.kind {
                ExprKind::Const(value) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        };
        atom.args.iter().map(value).collect()
    }

    fn nearest(&self, relation: RelId, wanted: &[Option<Value>]) -> Vec<Found> {
        let evaluation = &self.evaluated.evaluation;
        let decl = &self.evaluated.program.relation(relation).decl;
        let total = evaluation.count(relation);
        if total == 0 {
            return vec![Found { text: format!("{} has no rows", decl.name), differs: Vec::new() }];
        }
        let mut ranked: Vec<((usize, usize), Vec<Value>)> = evaluation
            .rows(relation)
            .take(LOOKED_AT)
            .map(|row| evaluation.values(row))
            .map(|values| (distance(wanted, &values), values))
            .collect();
        ranked.sort();
        let mut found: Vec<Found> = ranked
            .iter()
            .take(SHOWN)
            .map(|(_, values)| {
                let mut line = Found { text: format!("{}{{", decl.name), differs: Vec::new() };
                let wide = decl.columns.len() >= WIDE;
                let mut left_out = false;
                for (at, (column, value)) in decl.columns.iter().zip(values).enumerate() {
                    let asked = wanted.get(at).and_then(Option::as_ref);
                    if asked.is_none() && (value.is_none() || wide && at > 0) {
                        left_out = true;
                        continue;
                    }
                    if !line.text.ends_with('{') {
                        line.text.push_str(", ");
                    }
                    let start = line.text.len();
                    line.text.push_str(&format!("{}: {}", column.name, quoted(value)));
                    if asked.is_some_and(|asked| asked != value) {
                        line.differs.push((start, line.text.len()));
                    }
                }
                line.text.push_str(if left_out && wide { ", …}" } else { "}" });
                line
            })
            .collect();
        found.extend(more(total, "rows"));
        found
    }

    /// What the sides of a comparison come to, and over what.
    fn other_value(&self, text: &str, rule: RuleId, answers: RelId, excerpts: &mut Excerpts<'_>) -> Mismatch {
        let Some(compared) = self.evaluated.evaluation.compared(rule) else {
            let mut explainer = Explainer::new(self.project, self.evaluated, excerpts);
            explainer.no_answer(&self.evaluated.program.relation(answers).decl.name);
            let message = "expected this to hold, it does not".to_owned();
            return Mismatch { message, why: explainer.finish(), ..Mismatch::default() };
        };
        let shown = |side: &Option<Value>| side.as_ref().map_or("no value".to_owned(), quoted);
        let (left, right) = (shown(&compared.left), shown(&compared.right));
        let message = format!("expected this to hold; its sides are {left} and {right}");
        // Mostly an aggregate stands on the left and a constant on the right: what it came to is shown in its place.
        let side = text.rsplit_once('}').filter(|_| compared.aggregates.len() == 1);
        let found = match side.filter(|(front, rest)| !rest.contains('"') && front.contains('{')) {
            Some((aggregate, rest)) if rest.trim_start().starts_with(['=', '!', '<', '>']) => {
                let front = format!("{aggregate}}} = ");
                let differs = vec![(front.len(), front.len() + left.len())];
                Found { text: front + &left, differs }
            }
            _ => Found { text: format!("{left} on the left, {right} on the right"), differs: Vec::new() },
        };
        let notes = compared.aggregates.iter().flat_map(ranged).collect();
        Mismatch { message, found: vec![found], notes, why: None }
    }
}

/// What an aggregate ranged over.
fn ranged(aggregate: &AggregateProof) -> Vec<String> {
    let name = ir::aggregate_name(aggregate.function);
    let tuple = |values: &[Value]| format!("  {}", values.iter().map(quoted).collect::<Vec<_>>().join(", "));
    let head = match aggregate.total {
        0 => format!("{name} ranges over nothing"),
        1 => format!("{name} ranges over"),
        total => format!("{name} ranges over {total}"),
    };
    let tuples = aggregate.tuples.iter().take(SHOWN).map(|ranged| tuple(&ranged.tuple));
    let more = (aggregate.total > SHOWN).then(|| format!("  and {} more", aggregate.total - SHOWN));
    std::iter::once(head).chain(tuples).chain(more).collect()
}

fn more(total: usize, what: &str) -> Option<Found> {
    (total > SHOWN).then(|| Found { text: format!("and {} more {what}", total - SHOWN), differs: Vec::new() })
}

/// How many of the wanted columns differ, and how much of their text.
fn distance(wanted: &[Option<Value>], values: &[Value]) -> (usize, usize) {
    let differing = wanted.iter().zip(values).filter_map(|(wanted, value)| {
        let wanted = wanted.as_ref().filter(|wanted| *wanted != value)?;
        Some(unlike(&wanted.to_string(), &value.to_string()))
    });
    differing.fold((0, 0), |(count, sum), unlike| (count + 1, sum + unlike))
}

/// How much of two texts differs between what they begin and end with alike.
pub(super) fn unlike(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = |(a, b): &(&char, &char)| a == b;
    let front = one.iter().zip(&other).take_while(same).count();
    let back = one.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    longer - (front + back).min(shorter)
}

/// A value as a policy would write it; long ones are cut.
fn quoted(value: &Value) -> String {
    const LONGEST: usize = 80;
    let Value::Text(text) = value else { return value.to_string() };
    let mut out = String::from("\"");
    for c in text.chars().take(LONGEST) {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push_str(if text.chars().nth(LONGEST).is_some() { "…\"" } else { "\"" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_alike_is_near() {
        assert_eq!(
            (unlike("web-1", "web-2"), unlike("web", "db"), unlike("aa", "aaa"), unlike("a", "a")),
            (1, 2, 1, 0)
        );
        let wanted = [Some(Value::text("web")), None, Some(Value::None)];
        let near = distance(&wanted, &[Value::text("web"), Value::Int(1), Value::Int(2)]);
        let far = distance(&wanted, &[Value::text("db"), Value::Int(1), Value::Int(2)]);
        assert!(near < far && near.0 == 1 && far.0 == 2);
    }

    #[test]
    fn values_read_as_policies_write_them() {
        assert_eq!(quoted(&Value::text("a\"b\n")), "\"a\\\"b\\n\"");
        assert_eq!(quoted(&Value::None), "none");
    }
}
