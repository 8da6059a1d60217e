//! The results of an evaluation as features see them: rows, values by frequency, how controls ended.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use audit::{Finding, Outcome, Run, Spot};
use crossbeam_channel::Sender;
use facts::{Value, write_fact};
use ide::{ControlState, Facts, Sample};

use crate::live::Job;

/// Texts remembered of a column.
const VALUES: usize = 2_000;

/// Texts with how often each occurs.
type Counted = Vec<(String, usize)>;

/// What came of an evaluation.
pub struct LiveFacts {
    root: PathBuf,
    run: Run,
    values: Mutex<BTreeMap<(String, usize), Counted>>,
    wanted: Sender<Job>,
}

impl LiveFacts {
    /// The results of a run over a folder; what was not read and is looked at is asked for through `wanted`.
    pub fn new(root: PathBuf, run: Run, wanted: Sender<Job>) -> Self {
        LiveFacts { root, run, values: Mutex::default(), wanted }
    }

    /// Findings that count, of all controls.
    pub fn findings(&self) -> impl Iterator<Item = (&Outcome, &Finding)> {
        self.run.assessment.controls.iter().flat_map(|outcome| outcome.open().map(move |finding| (outcome, finding)))
    }

    fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.run.assessment.controls.iter().find(|outcome| *outcome.control.id == *id)
    }

    fn known(&self, relation: &str) -> bool {
        self.run.evaluated.decl(relation).is_some()
    }

    fn want(&self, relation: &str) {
        // Without the thread nothing more is read.
        let _ = self.wanted.send(Job::Want(self.root.clone(), relation.to_owned()));
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        value => value.to_string(),
    }
}

fn place(spot: &Spot) -> String {
    match spot.line {
        0 => spot.path.to_string(),
        line => format!("{}:{line}", spot.path),
    }
}

impl Facts for LiveFacts {
    fn count(&self, relation: &str) -> Option<usize> {
        self.known(relation).then(|| self.run.evaluated.count(relation))
    }

    fn samples(&self, relation: &str, most: usize) -> Vec<Sample> {
        let evaluated = &self.run.evaluated;
        let placed = evaluated.rows_with_places(relation);
        if !placed.is_empty() {
            let sample = |(values, spots): (Vec<Value>, Vec<Spot>)| Sample {
                values: values.iter().map(printed).collect(),
                place: spots.first().map(place),
            };
            return placed.into_iter().take(most).map(sample).collect();
        }
        let rows = evaluated.rows(relation).into_iter().take(most);
        rows.map(|values| Sample { values: values.iter().map(printed).collect(), place: None }).collect()
    }

    fn values(&self, relation: &str, column: usize) -> Counted {
        if !self.known(relation) {
            self.want(relation);
            return Vec::new();
        }
        let key = (relation.to_owned(), column);
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = values.get(&key) {
            return found.clone();
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in self.run.evaluated.rows(relation) {
            if let Some(text) = row.get(column).and_then(Value::as_text) {
                *counts.entry(text.to_owned()).or_default() += 1;
            }
        }
        let mut found: Counted = counts.into_iter().collect();
        found.sort_by(|a, b| (std::cmp::Reverse(a.1), &a.0).cmp(&(std::cmp::Reverse(b.1), &b.0)));
        found.truncate(VALUES);
        values.insert(key, found.clone());
        found
    }

    fn control(&self, id: &str) -> Option<ControlState> {
        let outcome = self.outcome(id)?;
        Some(ControlState {
            status: outcome.status.name(),
            population: outcome.population.unwrap_or(0),
            findings: outcome.open().map(|found| (found.label.to_string(), found.message.clone())).collect(),
        })
    }

    fn leaves(&self, control: &str, subject: &str) -> Vec<String> {
        let found = self.outcome(control).and_then(|outcome| outcome.open().find(|found| *found.label == *subject));
        let Some(found) = found else { return Vec::new() };
        let evaluated = &self.run.evaluated;
        let rows = evaluated.leaves(found.row).into_iter();
        rows.filter_map(|(relation, row)| evaluated.decl(&relation).map(|decl| write_fact(&decl, &row))).collect()
    }

    fn as_of(&self) -> Option<String> {
        Some(Value::Time(self.run.assessment.as_of).to_string())
    }
}
