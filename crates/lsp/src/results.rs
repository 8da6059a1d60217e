//! The results of an evaluation as features see them: rows, values by frequency, how controls ended.
//!
//! While rows are brought up to date nobody waits for them: what was known a moment ago is told then.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, TryLockError};

use audit::{Assessment, Finding, Outcome, Spot, Workspace};
use crossbeam_channel::Sender;
use facts::{Value, write_fact};
use ide::{ControlState, Facts, Sample};
use rustc_hash::FxHashMap;

use crate::live::Job;

/// Texts remembered of a column.
const VALUES: usize = 2_000;

/// Answers remembered of a kind.
const REMEMBERED: usize = 1_000;

/// Texts with how often each occurs.
type Counted = Arc<Vec<(String, usize)>>;
/// Columns with a value wanted in each.
type Wanted = Vec<(usize, Value)>;

/// Answers that were looked up, each with the number of the evaluation that gave it.
#[derive(Default)]
pub struct Memory {
    number: u64,
    /// What was found by the evaluation before the last that found something else.
    before: Option<Arc<Assessment>>,
    last: Option<Arc<Assessment>>,
    samples: FxHashMap<(String, usize), (u64, Vec<Sample>)>,
    values: FxHashMap<(String, usize), (u64, Counted)>,
    matching: FxHashMap<(String, String), (u64, usize)>,
}

/// What came of an evaluation.
pub struct LiveFacts {
    root: PathBuf,
    /// Its number among those of the folder.
    number: u64,
    workspace: Arc<RwLock<Workspace>>,
    assessment: Arc<Assessment>,
    /// What was found before.
    before: Option<Arc<Assessment>>,
    counts: FxHashMap<Arc<str>, usize>,
    memory: Arc<Mutex<Memory>>,
    wanted: Sender<Job>,
}

impl LiveFacts {
    /// The results of a folder's evaluation; what was not read and is looked at is asked for through `wanted`.
    pub fn new(
        root: PathBuf,
        workspace: Arc<RwLock<Workspace>>,
        memory: Arc<Mutex<Memory>>,
        wanted: Sender<Job>,
    ) -> Self {
        let read = workspace.read().unwrap_or_else(PoisonError::into_inner);
        let assessment = read.assessment().clone();
        let evaluated = read.evaluated();
        let program = &evaluated.program;
        let counts = program
            .relations
            .iter()
            .enumerate()
            .map(|(at, relation)| (relation.decl.name.clone(), evaluated.evaluation.count(ir::RelId(at as u32))));
        let counts = counts.collect();
        drop(read);
        let mut memory_now = memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory_now.number += 1;
        let number = memory_now.number;
        if memory_now.last.as_ref().is_some_and(|last| !open(last).eq(open(&assessment))) {
            memory_now.before = memory_now.last.take();
        }
        memory_now.last = Some(assessment.clone());
        let before = memory_now.before.clone();
        drop(memory_now);
        LiveFacts { root, number, workspace, assessment, before, counts, memory, wanted }
    }

    /// Findings that count, of all controls.
    pub fn findings(&self) -> impl Iterator<Item = (&Outcome, &Finding)> {
        self.assessment.controls.iter().flat_map(|outcome| outcome.open().map(move |finding| (outcome, finding)))
    }

    /// The files that waivers were read from, unless rows are being brought up to date.
    pub fn waiver_files(&self) -> Vec<Arc<str>> {
        self.read().map(|read| read.waiver_files().to_vec()).unwrap_or_default()
    }

    /// The key of the first subject that a control found something about.
    pub fn first_subject(&self, control: &str) -> Option<String> {
        let found = self.outcome(control)?.open().next()?.subject.to_string();
        Some(found)
    }

    /// The day of the evaluation, as days since 1970.
    pub fn as_of_day(&self) -> i64 {
        self.assessment.as_of.div_euclid(86_400_000_000)
    }

    fn outcome(&self, id: &str) -> Option<&Outcome> {
        outcome(&self.assessment, id)
    }

    fn want(&self, relation: &str) {
        // Without the thread nothing more is read.
        let _ = self.wanted.send(Job::Want(self.root.clone(), relation.to_owned()));
    }

    /// The rows, unless they are being brought up to date.
    fn read(&self) -> Option<RwLockReadGuard<'_, Workspace>> {
        match self.workspace.try_read() {
            Ok(read) => Some(read),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// What is remembered, or looked up and remembered from now on.
    fn recall<K: std::hash::Hash + Eq, V: Clone + Default>(
        &self,
        key: K,
        part: fn(&mut Memory) -> &mut FxHashMap<K, (u64, V)>,
        look: impl FnOnce(&Workspace) -> V,
    ) -> V {
        let known = |memory: &mut Memory, key: &K| part(memory).get(key).cloned();
        let lock = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = known(&mut lock(), &key);
        if let Some((number, value)) = &remembered
            && *number >= self.number
        {
            return value.clone();
        }
        let Some(read) = self.read() else {
            return remembered.map(|(_, value)| value).unwrap_or_default();
        };
        let value = look(&read);
        drop(read);
        let mut memory = lock();
        let known = part(&mut memory);
        // Constants are typed one letter after the other: what nobody asks again is not kept for ever.
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, (self.number, value.clone()));
        value
    }
}

fn outcome<'a>(assessment: &'a Assessment, id: &str) -> Option<&'a Outcome> {
    let controls = &assessment.controls;
    let at = controls.binary_search_by(|outcome| (*outcome.control.id).cmp(id));
    at.ok().map(|at| &controls[at]).or_else(|| controls.iter().find(|outcome| *outcome.control.id == *id))
}

/// The ids of findings that count.
fn open(assessment: &Assessment) -> impl Iterator<Item = &str> {
    assessment.controls.iter().flat_map(|outcome| outcome.open().map(|finding| &*finding.id))
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
        self.counts.get(relation).copied()
    }

    fn samples(&self, relation: &str, most: usize) -> Vec<Sample> {
        self.recall(
            (relation.to_owned(), most),
            |memory| &mut memory.samples,
            |workspace| {
                let rows = workspace.evaluated().samples(relation, most).into_iter();
                let sample = |(values, spot): (Vec<Value>, Option<Spot>)| Sample {
                    values: values.iter().map(printed).collect(),
                    place: spot.as_ref().map(place),
                };
                rows.map(sample).collect()
            },
        )
    }

    fn values(&self, relation: &str, column: usize) -> Vec<(String, usize)> {
        if self.count(relation).is_none() {
            self.want(relation);
            return Vec::new();
        }
        let found = self.recall(
            (relation.to_owned(), column),
            |memory| &mut memory.values,
            |workspace| {
                let texts = workspace.evaluated().texts(relation, column, VALUES).into_iter();
                Arc::new(texts.map(|(text, count)| (text.to_string(), count)).collect())
            },
        );
        found.to_vec()
    }

    fn matching(&self, relation: &str, wanted: &[(usize, Value)]) -> Option<usize> {
        let all = self.count(relation)?;
        if wanted.is_empty() {
            return Some(all);
        }
        let wanted: Wanted = wanted.to_vec();
        let key = (relation.to_owned(), format!("{wanted:?}"));
        let found = self.recall(
            key,
            |memory| &mut memory.matching,
            |workspace| workspace.evaluated().matching(relation, &wanted),
        );
        Some(found)
    }

    fn control(&self, id: &str) -> Option<ControlState> {
        let outcome = self.outcome(id)?;
        let ids = |outcome: &Outcome| outcome.open().map(|found| found.id.to_string()).collect::<BTreeSet<String>>();
        let before = self.before.as_ref().and_then(|before| self::outcome(before, id));
        let change = before.map(ids).map(|before| {
            let now = ids(outcome);
            (now.difference(&before).count(), before.difference(&now).count())
        });
        Some(ControlState {
            change: change.unwrap_or_default(),
            status: outcome.status.name(),
            population: outcome.population.unwrap_or(0),
            findings: outcome.open().map(|found| (found.label.to_string(), found.message.clone())).collect(),
        })
    }

    fn leaves(&self, control: &str, subject: &str) -> Vec<String> {
        let Some(read) = self.read() else { return Vec::new() };
        let evaluated = read.evaluated();
        let rows = read.leaves(control, subject).into_iter();
        rows.filter_map(|(relation, row)| evaluated.decl(&relation).map(|decl| write_fact(&decl, &row))).collect()
    }

    fn as_of(&self) -> Option<String> {
        Some(Value::Time(self.assessment.as_of).to_string())
    }
}
