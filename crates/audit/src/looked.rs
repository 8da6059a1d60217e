//! What was looked at: for each input relation whether there was anything to read, whether all of it, and what failed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use extract::{Extraction, ProblemKind};

/// Warnings about a source file that take nothing away from its facts: bytes that are no text in its encoding.
const HARMLESS: [&str; 1] = ["W0803"];

/// The relation of all source files.
const SOURCE_FILES: &str = "code.file";

/// What was looked at, by relation name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looked {
    /// The files that a relation was read from; none where a test says that its source exists.
    present: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    incomplete: BTreeMap<Arc<str>, BTreeSet<String>>,
    failed: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// Why nothing that speaks of code is complete.
    code: BTreeSet<String>,
    /// Source files that could not be read.
    code_failed: BTreeSet<String>,
    /// Failures of files that any relation may rest on.
    anything: BTreeSet<String>,
}

impl Looked {
    /// From what the extractors said. `languages` are those of source files in scope that no extractor reads, with the number of
    /// files; `sources` are the source files in scope. Neither counts tests or generated code.
    pub(crate) fn new(extraction: &Extraction, languages: &[(Arc<str>, usize)], sources: &BTreeSet<Arc<str>>) -> Self {
        let mut looked = Looked::default();
        for (relation, evidence) in &extraction.evidence {
            if !evidence.files.is_empty() {
                looked.present.insert(relation.clone(), evidence.files.to_vec());
            }
            for file in &evidence.incomplete {
                let sentence = match extraction.problems.iter().find(|found| found.path == *file) {
                    Some(found) => format!("{file}: {}", found.problem.message),
                    None => format!("{file} has pages left over"),
                };
                looked.incomplete.entry(relation.clone()).or_default().insert(sentence);
            }
        }
        let code: BTreeSet<&Arc<str>> =
            extraction.evidence.get(SOURCE_FILES).into_iter().flat_map(|evidence| &evidence.files).collect();
        let is_code = |path: &Arc<str>| code.contains(path);
        for found in &extraction.problems {
            let sentence = format!("{}: {}", found.path, found.problem.message);
            let is_source = sources.contains(&found.path);
            match (found.problem.kind, &found.problem.relation) {
                (ProblemKind::Error, Some(relation)) => {
                    looked.failed.entry(relation.clone()).or_default().insert(sentence);
                }
                (ProblemKind::Error, None) if is_source => drop(looked.code_failed.insert(sentence)),
                // Tests, generated code and languages out of scope are no evidence, read or not.
                (ProblemKind::Error, None) if is_code(&found.path) => {}
                (ProblemKind::Error, None) => drop(looked.anything.insert(sentence)),
                // What was not looked at may hold what a control looks for.
                (ProblemKind::Warning, _) if is_source && !HARMLESS.contains(&found.problem.code) => {
                    looked.code.insert(sentence);
                }
                (ProblemKind::Warning, _) => {}
            }
        }
        if !languages.is_empty() {
            let names: Vec<String> = languages.iter().map(|(name, files)| format!("{name} ({files})")).collect();
            looked.code.insert(format!("source files in languages without an extractor: {}", names.join(", ")));
        }
        looked
    }

    /// A test's `given` row or `given empty` says that the relation's source exists.
    pub(crate) fn add(&mut self, relation: &Arc<str>) {
        self.present.entry(relation.clone()).or_default();
    }

    /// Whether there was anything to read for the relation.
    pub(crate) fn present(&self, relation: &str) -> bool {
        self.present.contains_key(relation)
    }

    /// The files that the relation was read from.
    pub(crate) fn files(&self, relation: &str) -> &[Arc<str>] {
        self.present.get(relation).map_or(&[], Vec::as_slice)
    }

    /// Why not all of it was read, in sentences.
    pub(crate) fn incomplete(&self, relation: &str) -> BTreeSet<String> {
        let mut reasons = self.incomplete.get(relation).cloned().unwrap_or_default();
        if relation.starts_with("code.") {
            reasons.extend(self.code.iter().cloned());
        }
        reasons
    }

    /// What failed, in sentences.
    pub(crate) fn failures(&self, relation: &str) -> BTreeSet<String> {
        let mut reasons = self.failed.get(relation).cloned().unwrap_or_default();
        reasons.extend(self.anything.iter().cloned());
        if relation.starts_with("code.") {
            reasons.extend(self.code_failed.iter().cloned());
        }
        reasons
    }
}
