//! Running the tests of policies: each in a small world of its own, with the real extractors and the real evaluator.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::{Files, MemoryFiles, Place};
use lang::{Control, ExpectationKind, Query, Settings, Status, Test};

use crate::excerpts::Excerpts;
use crate::judge::policy_spot;
use crate::pipeline::{Job, control_roots};
use crate::{Disk, Evaluated, Finding, Outcome, Project, Spot, packs};

mod report;

pub use report::TestReport;

/// Which tests to run.
#[derive(Debug, Clone, Default)]
pub struct TestOptions {
    /// Only tests of files at or below these paths; without any, of all files that are not built in.
    pub paths: Vec<PathBuf>,
    /// Only tests whose name, module or control holds this text.
    pub filter: Option<String>,
}

/// What came of one test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// Its name.
    pub name: Arc<str>,
    /// Its module.
    pub module: Arc<str>,
    /// Where it stands.
    pub spot: Spot,
    /// Why it failed; empty where it passed.
    pub failures: Vec<TestFailure>,
}

/// An expectation that was not met.
#[derive(Debug, Clone)]
pub struct TestFailure {
    /// Where it stands.
    pub spot: Spot,
    /// What was expected and what was found.
    pub message: String,
    /// What explains the difference, line by line.
    pub details: Vec<String>,
}

impl Project {
    /// Runs tests, as many at a time as there are threads.
    pub fn test(&self, options: &TestOptions, progress: &mut dyn FnMut(&str)) -> TestReport {
        let tests: Vec<&Test> = self.compilation.tests.iter().filter(|test| self.is_chosen(test, options)).collect();
        progress(&format!("running {} tests", tests.len()));
        let threads = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let next = AtomicUsize::new(0);
        let mut results: Vec<(usize, TestResult)> = std::thread::scope(|scope| {
            let work = || {
                let mut done = Vec::new();
                while let Some(test) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let number = tests.iter().position(|other| std::ptr::eq(*other, *test)).unwrap_or_default();
                    done.push((number, self.run_test(test)));
                }
                done
            };
            let workers: Vec<_> = (0..threads.clamp(1, tests.len().max(1))).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        results.sort_by_key(|(number, _)| *number);
        let lost = tests.len() - results.len();
        TestReport { results: results.into_iter().map(|(_, result)| result).collect(), lost }
    }

    fn is_chosen(&self, test: &Test, options: &TestOptions) -> bool {
        let Some(file) = self.policies.files.get(&test.module) else { return false };
        let below = |path: &PathBuf| match (path.canonicalize(), file.canonicalize()) {
            (Ok(path), Ok(file)) => file.starts_with(path),
            _ => false,
        };
        let named = |text: &String| {
            test.name.contains(text.as_str())
                || test.module.contains(text.as_str())
                || mentions(test).any(|id| id.contains(text.as_str()))
        };
        (options.paths.is_empty() || options.paths.iter().any(below)) && options.filter.as_ref().is_none_or(named)
    }

    fn run_test(&self, test: &Test) -> TestResult {
        let mut result = TestResult {
            name: test.name.clone(),
            module: test.module.clone(),
            spot: policy_spot(&self.policies.sources, test.place),
            failures: Vec::new(),
        };
        let mut world = World { project: self, test, failures: Vec::new() };
        world.run();
        result.failures = world.failures;
        result
    }
}

/// Controls that a test's expectations name.
fn mentions(test: &Test) -> impl Iterator<Item = &Arc<str>> {
    test.expectations.iter().filter_map(|expectation| match &expectation.kind {
        ExpectationKind::Violation { control, .. }
        | ExpectationKind::NoViolation { control, .. }
        | ExpectationKind::Status { control, .. } => Some(control),
        ExpectationKind::Query { .. } => None,
    })
}

struct World<'a> {
    project: &'a Project,
    test: &'a Test,
    failures: Vec<TestFailure>,
}

impl World<'_> {
    fn run(&mut self) {
        let Some(files) = self.files() else { return };
        let compilation = &self.project.compilation;
        let mut controls: Vec<&Control> = mentions(self.test)
            .filter_map(|id| compilation.controls.iter().find(|control| control.id == *id))
            .collect();
        controls.sort_by(|a, b| a.id.cmp(&b.id));
        controls.dedup_by(|a, b| a.id == b.id);
        let queries: Vec<&Query> = self.test.expectations.iter().filter_map(query_of).collect();
        let roots: Vec<Arc<str>> = controls.iter().flat_map(|control| control_roots(control)).collect();
        let settings = Settings {
            as_of: self.test.as_of.unwrap_or(0),
            params: self.test.params.clone(),
            given: self.test.rows.clone(),
        };
        let given = self.test.rows.iter().map(|(name, _, _)| name).chain(&self.test.empty).cloned().collect();
        let job = Job { project: self.project, files: &files, settings, given, configured: false, threads: 1 };
        let evaluated = match job.evaluate(&roots, &queries, &mut |_| ()) {
            Ok(evaluated) => evaluated,
            Err(failure) => {
                let messages = failure.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
                return self.fail(self.test.place, "the test could not be evaluated".to_owned(), messages);
            }
        };
        let mut excerpts =
            Excerpts::new(Box::new(|path| extract::masked_text(&files, path, Some(&*self.project.scanner))));
        let mut warnings = Vec::new();
        let outcomes = self.project.judge(&evaluated, &controls, false, &mut excerpts, &mut warnings);
        let outcomes: BTreeMap<&str, &Outcome> =
            outcomes.iter().map(|outcome| (&*outcome.control.id, outcome)).collect();
        for expectation in &self.test.expectations {
            if let Some((message, mut details)) = self.expect(&expectation.kind, &outcomes, &evaluated) {
                details.extend(problems(&evaluated));
                details.extend(warnings.iter().cloned());
                self.fail(expectation.place, message, details);
            }
        }
    }

    fn fail(&mut self, place: Place, message: String, details: Vec<String>) {
        let spot = policy_spot(&self.project.policies.sources, place);
        self.failures.push(TestFailure { spot, message, details });
    }

    /// The files that the test gives; none where a folder cannot be read, which is told.
    fn files(&mut self) -> Option<MemoryFiles> {
        let mut files = MemoryFiles::new();
        for (path, content) in &self.test.files {
            files.add(path, content.as_bytes());
        }
        for (folder, place) in &self.test.folders {
            if let Err(reason) = self.add_folder(folder, &mut files) {
                self.fail(*place, format!("cannot read the given files `{folder}`: {reason}"), Vec::new());
                return None;
            }
        }
        Some(files)
    }

    fn add_folder(&self, folder: &str, files: &mut MemoryFiles) -> Result<(), String> {
        let Some(policy) = self.project.policies.files.get(&self.test.module) else {
            return packs::embedded_files(&base::join(&self.test.folder, folder), files);
        };
        let path = policy.parent().unwrap_or(Path::new("")).join(folder);
        let disk = Disk::open(&path, &[]).map_err(|error| error.reason)?;
        for entry in disk.list().map_err(|error| error.reason)?.files {
            files.add(&entry.path, disk.read(&entry.path).map_err(|error| error.reason)?);
        }
        Ok(())
    }

    /// None where the expectation is met, else what is wrong and what explains it.
    fn expect(
        &self,
        kind: &ExpectationKind,
        outcomes: &BTreeMap<&str, &Outcome>,
        evaluated: &Evaluated,
    ) -> Option<(String, Vec<String>)> {
        match kind {
            ExpectationKind::Violation { control, subject, with, at } => {
                let Some(outcome) = outcomes.get(&**control) else { return Some(unknown_control(control)) };
                let fits = |finding: &&Finding| {
                    let text = with.as_ref().is_none_or(|text| finding.message.contains(&**text));
                    text && at.as_ref().is_none_or(|at| stands_at(finding, at))
                };
                let of_subject: Vec<&Finding> =
                    outcome.findings.iter().filter(|finding| is_subject(finding, subject)).collect();
                if of_subject.iter().any(fits) {
                    return None;
                }
                let message = match of_subject.is_empty() {
                    true => format!("expected a violation of {control} by `{subject}`, found none"),
                    false => format!("the violation of {control} by `{subject}` reads otherwise or stands elsewhere"),
                };
                Some((message, self.details(outcome, Some(subject), evaluated)))
            }
            ExpectationKind::NoViolation { control, subject } => {
                let Some(outcome) = outcomes.get(&**control) else { return Some(unknown_control(control)) };
                let details = || self.details(outcome, Some(subject), evaluated);
                if outcome.findings.iter().any(|finding| is_subject(finding, subject)) {
                    return Some((format!("expected no violation of {control} by `{subject}`, found one"), details()));
                }
                if matches!(outcome.status, Status::NoEvidence | Status::Error) {
                    let status = outcome.status.name();
                    return Some((format!("`{subject}` was not judged: {control} ended in {status}"), details()));
                }
                let known = members(outcome.control.scope.as_ref(), evaluated);
                let in_scope = known.iter().any(|(key, label)| **key == **subject || **label == **subject);
                (!in_scope).then(|| (format!("`{subject}` is not in the scope of {control}"), details()))
            }
            ExpectationKind::Status { control, status } => {
                let Some(outcome) = outcomes.get(&**control) else { return Some(unknown_control(control)) };
                if outcome.status == *status {
                    return None;
                }
                let (wanted, found) = (status.name(), outcome.status.name());
                Some((
                    format!("expected {control} to end in {wanted}, it ended in {found}"),
                    self.details(outcome, None, evaluated),
                ))
            }
            ExpectationKind::Query { query, negated } => {
                let rows = evaluated.rows(&query.relation);
                match (rows.is_empty(), *negated) {
                    (false, false) | (true, true) => None,
                    (true, false) => {
                        Some(("expected this to hold, it does not".to_owned(), self.why_not(query, evaluated)))
                    }
                    (false, true) => {
                        let shown = rows.iter().take(5).map(|row| self.bindings(query, row)).collect();
                        Some(("expected this not to hold, it does".to_owned(), shown))
                    }
                }
            }
        }
    }

    fn bindings(&self, query: &Query, row: &[facts::Value]) -> String {
        let parts: Vec<String> =
            query.decl.columns.iter().zip(row).map(|(column, value)| format!("{} = {value}", column.name)).collect();
        if parts.is_empty() { "it holds".to_owned() } else { parts.join(", ") }
    }

    fn details(&self, outcome: &Outcome, subject: Option<&str>, evaluated: &Evaluated) -> Vec<String> {
        let mut details = Vec::new();
        if subject.is_some() {
            details.push(format!("{} ended in {}", outcome.control.id, outcome.status.name()));
        }
        details.extend(outcome.reasons.iter().cloned());
        for finding in outcome.findings.iter().take(5) {
            let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
            details.push(format!("violation by `{}` at {place}: {}", finding.label, finding.message));
        }
        if outcome.findings.is_empty() {
            let known = members(&outcome.control.scope, evaluated);
            let shown: Vec<String> = known.iter().take(5).map(|(_, label)| format!("`{label}`")).collect();
            details.push(match known.len() {
                0 => "nothing is in scope".to_owned(),
                count => format!("in scope ({count}): {}", shown.join(", ")),
            });
            if let Some(subject) = subject {
                details.extend(crate::explain::why_no_violation(self.project, &outcome.control, subject, evaluated));
            }
        }
        details
    }

    fn why_not(&self, query: &Query, evaluated: &Evaluated) -> Vec<String> {
        crate::explain::why_no_answer(self.project, &query.relation, evaluated)
    }
}

/// The compiler refuses such a test; it must not pass if it ever comes here.
fn unknown_control(control: &str) -> (String, Vec<String>) {
    (format!("there is no control {control}"), Vec::new())
}

fn query_of(expectation: &lang::Expectation) -> Option<&Query> {
    match &expectation.kind {
        ExpectationKind::Query { query, .. } => Some(query),
        _ => None,
    }
}

fn is_subject(finding: &Finding, subject: &str) -> bool {
    *finding.subject == *subject || *finding.label == *subject
}

fn stands_at(finding: &Finding, at: &str) -> bool {
    finding.place.as_ref().is_some_and(|spot| at == format!("{}:{}", spot.path, spot.line))
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
