//! What an atom asks: a relation and a pattern for its rows, entities named by key or label.

use std::sync::Arc;

use engine::{Pattern, RowRef, Want};
use facts::{Type, Value};
use ir::{RelId, RuleId};
use lang::Query;

use crate::Evaluated;

/// An atom, read against what was evaluated.
pub(super) struct Question {
    pub relation: RelId,
    pub pattern: Pattern,
    /// The rows that match, by value.
    pub rows: Vec<RowRef>,
    /// What is to be said of how the atom was read.
    pub notes: Vec<String>,
    /// The rule of the query, where the pattern does not say all that the atom asks.
    pub rule: Option<RuleId>,
}

impl Question {
    /// Reads an evaluated query for the rows of one relation; nothing where the query went another way.
    pub fn read(query: &Query, evaluated: &Evaluated) -> Option<Question> {
        let program = &evaluated.program;
        let evaluation = &evaluated.evaluation;
        let answers = program.find(&query.relation)?;
        let relation = program.find(query.target.as_deref()?)?;
        let (rule, _) = program.rules().find(|(_, rule)| rule.head == answers)?;
        let mut notes = Vec::new();
        let mut question = match evaluation.pattern(rule) {
            Some((_, mut pattern)) => {
                by_label(evaluated, relation, &mut pattern, &mut notes);
                let rows = evaluation.matching(relation, &pattern);
                Question { relation, pattern, rows, notes, rule: None }
            }
            None => {
                let rows =
                    evaluation.rows(answers).filter_map(|row| evaluation.find(relation, &evaluation.values(row)));
                let pattern = Pattern::any(program.relation(relation).decl.columns.len());
                Question { relation, pattern, rows: rows.collect(), notes, rule: Some(rule) }
            }
        };
        question.rows.sort_by_cached_key(|row| evaluation.values(*row));
        Some(question)
    }
}

/// Labels in the place of keys become keys.
fn by_label(evaluated: &Evaluated, relation: RelId, pattern: &mut Pattern, notes: &mut Vec<String>) {
    let database = evaluated.evaluation.database();
    let columns = &evaluated.program.relation(relation).decl.columns;
    for (want, column) in pattern.columns.iter_mut().zip(columns) {
        let (Want::Is(Value::Text(text)), Type::Entity(_)) = (&*want, &column.ty) else { continue };
        let is_key = database.values.find(text).is_some_and(|code| database.entity(code).is_some());
        if is_key {
            continue;
        }
        let keys: Vec<Arc<str>> = database.labelled(text);
        let Some(first) = keys.first() else { continue };
        if keys.len() > 1 {
            let others: Vec<String> = keys.iter().skip(1).take(5).map(|key| format!("`{key}`")).collect();
            notes.push(format!(
                "`{text}` is what {} are called: this is about `{first}`; there is also {}",
                keys.len(),
                others.join(", ")
            ));
        }
        *want = Want::Is(Value::Text(first.clone()));
    }
}
