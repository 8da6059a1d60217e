//! The small world of one test: the files and rows that it gives, and nothing of the project's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base::{Files, MemoryFiles, Place};
use lang::{Control, Expectation, ExpectationKind, Query, Settings, Test};

use super::choose::mentions;
use super::coverage::Tally;
use super::{Expected, Mismatch, Trouble};
use crate::excerpts::Excerpts;
use crate::judge::policy_spot;
use crate::pipeline::{Job, control_roots};
use crate::{Disk, Evaluated, Outcome, Project, packs};

/// A test and the project that its policies come from.
pub(super) struct World<'a> {
    pub project: &'a Project,
    test: &'a Test,
}

/// What a test's expectations are held against.
pub(super) struct Findings<'a> {
    pub project: &'a Project,
    pub evaluated: &'a Evaluated,
    /// By id.
    pub outcomes: BTreeMap<&'a str, &'a Outcome>,
    /// Trouble with files and waivers, in sentences.
    pub troubles: Vec<String>,
}

impl<'a> World<'a> {
    pub(super) fn new(project: &'a Project, test: &'a Test) -> Self {
        World { project, test }
    }

    /// What becomes of the expectations. Only what they ask for is extracted and evaluated.
    pub(super) fn run(&self, tally: Option<&mut Tally>) -> Result<Vec<Expected>, Trouble> {
        let files = self.files()?;
        let controls = self.controls();
        let evaluated = self.evaluate(&files, &controls)?;
        if let Some(tally) = tally {
            tally.add(&evaluated);
        }

        let mut excerpts = self.project.excerpts_of(&files);
        let mut troubles = problems(&evaluated);
        let outcomes = match controls.is_empty() {
            true => Vec::new(),
            false => self.project.judge(&evaluated, &controls, false, &mut excerpts, &mut troubles),
        };
        let outcomes = outcomes.iter().map(|outcome| (&*outcome.control.id, outcome)).collect();
        let findings = Findings { project: self.project, evaluated: &evaluated, outcomes, troubles };
        let expectations = self.test.expectations.iter();
        Ok(expectations.map(|expectation| self.expect(expectation, &findings, &mut excerpts)).collect())
    }

    fn expect(&self, expectation: &Expectation, findings: &Findings<'_>, excerpts: &mut Excerpts<'_>) -> Expected {
        let sources = &self.project.policies.sources;
        let text = sources.text(expectation.place.file).get(expectation.place.span.range()).unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.strip_prefix("expect ").unwrap_or(&text).trim_end_matches('.').to_owned();
        let mut mismatch = match &expectation.kind {
            ExpectationKind::Query { query, negated } => findings.query(&text, query, *negated, excerpts),
            kind => findings.control(kind, excerpts),
        };
        if let Some(mismatch) = &mut mismatch {
            // A reason that a trouble tells with its line is not told twice.
            let told = |note: &String| {
                let text = note.split_once(": ").map_or(&**note, |(_, text)| text);
                findings.troubles.iter().any(|trouble| trouble.ends_with(text))
            };
            mismatch.notes.retain(|note| !told(note));
            mismatch.notes.extend(findings.troubles.iter().cloned());
        }
        Expected { text, spot: policy_spot(sources, expectation.place), mismatch }
    }

    /// The controls that the expectations name, each once, by id.
    fn controls(&self) -> Vec<&'a Control> {
        let compilation = &self.project.compilation;
        let mut controls: Vec<&Control> = mentions(self.test).filter_map(|id| compilation.control(id)).collect();
        controls.sort_by(|a, b| a.id.cmp(&b.id));
        controls.dedup_by(|a, b| a.id == b.id);
        controls
    }

    fn evaluate(&self, files: &MemoryFiles, controls: &[&Control]) -> Result<Evaluated, Trouble> {
        let test = self.test;
        let queries: Vec<&Query> = test.expectations.iter().filter_map(query_of).collect();
        let roots: Vec<Arc<str>> = controls.iter().flat_map(|control| control_roots(control)).collect();
        let settings =
            Settings { as_of: test.as_of.unwrap_or(0), params: test.params.clone(), given: test.rows.clone() };
        let given = test.rows.iter().map(|(name, _, _)| name).chain(&test.empty).cloned().collect();
        let job = Job { project: self.project, files, settings, given, configured: false, threads: 1 };
        job.evaluate(&roots, &queries, &mut |_| ()).map_err(|failure| {
            let mut told = failure.diagnostics.iter().flat_map(|diagnostic| {
                std::iter::once(&diagnostic.message).chain(&diagnostic.notes).chain(&diagnostic.help).cloned()
            });
            let reason = told.next().unwrap_or_else(|| "it could not be evaluated".to_owned());
            (reason, told.collect())
        })
    }

    /// The files that the test gives.
    fn files(&self) -> Result<MemoryFiles, Trouble> {
        let mut files = MemoryFiles::new();
        for (path, content) in &self.test.files {
            files.add(path, content.as_bytes());
        }
        for (folder, place) in &self.test.folders {
            self.add_folder(folder, &mut files).map_err(|reason| {
                let at = self.locate(*place);
                (format!("cannot read the given files `{folder}`: {reason}"), vec![format!("at {at}")])
            })?;
        }
        Ok(files)
    }

    fn locate(&self, place: Place) -> String {
        policy_spot(&self.project.policies.sources, place).to_string()
    }

    fn add_folder(&self, folder: &str, files: &mut MemoryFiles) -> Result<(), String> {
        let Some(policy) = self.project.policies.files.get(&self.test.module) else {
            return packs::embedded_files(&base::join(&self.test.folder, folder), files);
        };
        let path = policy.parent().unwrap_or(Path::new("")).join(folder);
        if !path.is_dir() {
            return Err("there is no such folder".to_owned());
        }
        let disk = Disk::open(&path, &[]).map_err(|error| error.reason)?;
        for entry in disk.list().map_err(|error| error.reason)?.files {
            files.add(&entry.path, disk.read(&entry.path).map_err(|error| error.reason)?);
        }
        Ok(())
    }
}

impl Findings<'_> {
    /// The compiler refuses a test of a control that there is not; it must not pass if it ever comes here.
    pub(super) fn unknown(control: &str) -> Mismatch {
        Mismatch { message: format!("there is no control {control}"), ..Mismatch::default() }
    }
}

fn query_of(expectation: &Expectation) -> Option<&Query> {
    match &expectation.kind {
        ExpectationKind::Query { query, .. } => Some(query),
        _ => None,
    }
}

/// Keys and labels of a population.
pub(crate) fn members(scope: &str, evaluated: &Evaluated) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(scope) = evaluated.program.find(scope) else { return Vec::new() };
    let is_entity = matches!(evaluated.program.relation(scope).decl.columns[0].ty, facts::Type::Entity(_));
    let evaluation = &evaluated.evaluation;
    let rows = evaluation.sorted(scope).map(|(row, values)| {
        let key: Arc<str> = values[0].to_string().into();
        let code = evaluation.codes(row).next().filter(|_| is_entity);
        let label = code.map_or_else(|| key.clone(), |code| evaluation.database().label(code).clone());
        (key, label)
    });
    rows.collect()
}

fn problems(evaluated: &Evaluated) -> Vec<String> {
    let errors = evaluated.problems.iter().filter(|problem| problem.error);
    errors.map(|problem| format!("{}:{}: {}", problem.path, problem.line, problem.message)).collect()
}
