//! What was looked at: for each input relation whether there was anything to read, whether all of it, and what failed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use extract::Extraction;

/// What was looked at, by relation name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looked {
    present: BTreeSet<Arc<str>>,
    incomplete: BTreeMap<Arc<str>, BTreeSet<String>>,
    failed: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// Why nothing that speaks of code is complete.
    code: Option<String>,
    /// Failures of files that any relation may rest on.
    anything: BTreeSet<String>,
}

impl Looked {
    /// From what the extractors said. `languages` are those of non-test, non-generated source files in scope that no extractor reads,
    /// with the number of files.
    pub(crate) fn new(extraction: &Extraction, languages: &[(Arc<str>, usize)]) -> Self {
        let mut looked = Looked::default();
        for (relation, evidence) in &extraction.evidence {
            looked.present.insert(relation.clone());
            for file in &evidence.incomplete {
                let sentence = format!("{file} has pages left over");
                looked.incomplete.entry(relation.clone()).or_default().insert(sentence);
            }
        }
        for found in extraction.problems.iter().filter(|found| found.problem.kind == extract::ProblemKind::Error) {
            let sentence = format!("{}: {}", found.path, found.problem.message);
            match &found.problem.relation {
                Some(relation) => drop(looked.failed.entry(relation.clone()).or_default().insert(sentence)),
                None => drop(looked.anything.insert(sentence)),
            }
        }
        if !languages.is_empty() {
            let names: Vec<String> = languages.iter().map(|(name, files)| format!("{name} ({files})")).collect();
            looked.code = Some(format!("source files in languages without an extractor: {}", names.join(", ")));
        }
        looked
    }

    /// A test's `given` row or `given empty` says that the relation's source exists.
    pub(crate) fn add(&mut self, relation: &Arc<str>) {
        self.present.insert(relation.clone());
    }

    /// Whether there was anything to read for the relation.
    pub(crate) fn present(&self, relation: &str) -> bool {
        self.present.contains(relation)
    }

    /// Why not all of it was read, in sentences.
    pub(crate) fn incomplete(&self, relation: &str) -> BTreeSet<String> {
        let mut reasons = self.incomplete.get(relation).cloned().unwrap_or_default();
        if relation.starts_with("code.") {
            reasons.extend(self.code.clone());
        }
        reasons
    }

    /// What failed, in sentences.
    pub(crate) fn failures(&self, relation: &str) -> BTreeSet<String> {
        let mut reasons = self.failed.get(relation).cloned().unwrap_or_default();
        reasons.extend(self.anything.iter().cloned());
        reasons
    }
}
