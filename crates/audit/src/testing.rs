//! Running the tests of policies: each in a small world of its own, with the real extractors and the real evaluator.
//!
//! How the pieces relate: `choose` picks tests, `world` runs one, `verdict` and `atoms` say what came of an expectation, `coverage`
//! adds up what rules and literals did, `report` writes it all. A test that panics or uses up its budget has failed; the others
//! go on. Results stand in the order of modules and places, whatever the number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lang::Test;

use crate::judge::policy_spot;
use crate::{Explanation, Failure, Project, Spot};

mod atoms;
mod choose;
mod coverage;
mod locate;
mod report;
mod verdict;
mod world;

pub use coverage::{ControlCoverage, Coverage, CoveredFile, CoveredRule};
pub use locate::{TestPlace, locate};
pub use report::TestText;
pub(crate) use world::members;

use coverage::Tally;
use world::World;

/// Which tests to run, and what to tell of them.
#[derive(Debug, Clone, Default)]
pub struct TestOptions {
    /// Only tests of files at or below these paths; without any, of all files that are not built in.
    pub paths: Vec<PathBuf>,
    /// Only tests that one of these speaks of: a part of the name, the module, the file or a control, or a `/regex/` for one of them.
    pub filters: Vec<String>,
    /// Whether to find out what the tests cover.
    pub coverage: bool,
}

/// What came of the tests.
#[derive(Debug, Clone, Default)]
pub struct TestReport {
    /// In the order of modules and places.
    pub results: Vec<TestResult>,
    /// Controls beside the tests that no test names: id and place.
    pub unnamed: Vec<(Arc<str>, Spot)>,
    /// What the tests cover, where that was asked for.
    pub coverage: Option<Coverage>,
    /// How long it all took.
    pub time: Duration,
}

/// What came of one test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// Its name.
    pub name: Arc<str>,
    /// Its module.
    pub module: Arc<str>,
    /// Where its name stands.
    pub spot: Spot,
    /// Why it could not be run: the reason, and what is known of it.
    pub error: Option<(String, Vec<String>)>,
    /// What became of its expectations, in the order of the text; none if it could not be run.
    pub expectations: Vec<Expected>,
    /// How long it took.
    pub time: Duration,
}

/// What became of an expectation.
#[derive(Debug, Clone)]
pub struct Expected {
    /// As the test writes it, on one line, without `expect`.
    pub text: String,
    /// Where it stands.
    pub spot: Spot,
    /// What was found instead; none if it was met.
    pub mismatch: Option<Mismatch>,
}

/// What was found instead of what was expected.
#[derive(Debug, Clone, Default)]
pub struct Mismatch {
    /// The difference, one sentence.
    pub message: String,
    /// What there is, the nearest first.
    pub found: Vec<Found>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// The proof of what should not be, or why what should be is not.
    pub why: Option<Explanation>,
}

/// Something that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub text: String,
    /// Where it differs from what was expected: ranges of bytes of the text.
    pub differs: Vec<(usize, usize)>,
}

impl TestResult {
    /// Whether it ran and all expectations were met.
    pub fn passed(&self) -> bool {
        self.error.is_none() && self.failures().next().is_none()
    }

    /// The expectations that were not met.
    pub fn failures(&self) -> impl Iterator<Item = (&Expected, &Mismatch)> {
        self.expectations.iter().filter_map(|expected| Some((expected, expected.mismatch.as_ref()?)))
    }
}

impl TestReport {
    /// How many tests did not pass.
    pub fn failed(&self) -> usize {
        self.results.iter().filter(|result| !result.passed()).count()
    }
}

impl Project {
    /// Runs tests, as many at a time as there are threads. It fails where the choice matches no test.
    pub fn test(&self, options: &TestOptions, progress: &mut dyn FnMut(&str)) -> Result<TestReport, Failure> {
        let start = Instant::now();
        let chosen = choose::choose(self, options)?;
        progress(&format!("running {} tests", chosen.tests.len()));
        let tally = options.coverage.then(|| Tally::new(self, &chosen.modules));
        let (results, tallies) = self.run_tests(&chosen.tests, tally.as_ref());
        let coverage = tally.map(|mut tally| {
            tallies.into_iter().flatten().for_each(|other| tally.absorb(other));
            tally.finish(self, &chosen)
        });
        Ok(TestReport { results, unnamed: chosen.unnamed, coverage, time: start.elapsed() })
    }

    fn run_tests(&self, tests: &[&Test], tally: Option<&Tally>) -> (Vec<TestResult>, Vec<Option<Tally>>) {
        let threads = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            let mut tally = tally.map(Tally::blank);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(test) = tests.get(number) else { return (done, tally) };
                done.push((number, self.run_test(test, tally.as_mut())));
            }
        };
        let finished: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.clamp(1, tests.len().max(1))).map(|_| scope.spawn(work)).collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        });
        let (done, tallies): (Vec<_>, Vec<_>) = finished.into_iter().unzip();
        let mut results: Vec<(usize, TestResult)> = done.into_iter().flatten().collect();
        results.sort_by_key(|(number, _)| *number);
        (results.into_iter().map(|(_, result)| result).collect(), tallies)
    }

    fn run_test(&self, test: &Test, tally: Option<&mut Tally>) -> TestResult {
        let mut result = TestResult {
            name: test.name.clone(),
            module: test.module.clone(),
            spot: policy_spot(&self.policies.sources, test.place),
            error: None,
            expectations: Vec::new(),
            time: Duration::ZERO,
        };
        let start = Instant::now();
        match guarded(|| World::new(self, test).run(tally)) {
            Ok(expectations) => result.expectations = expectations,
            Err(error) => result.error = Some(error),
        }
        result.time = start.elapsed();
        result
    }
}

/// Why a test could not be run: the reason, and what is known of it.
type Trouble = (String, Vec<String>);

/// A panic is a defect of ours: it fails the test that it happened in, and takes no other with it.
fn guarded<T>(run: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let reason = panic.downcast_ref::<&str>().map(|reason| (*reason).to_owned());
        let reason = reason.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(("an internal error of Lawbook: please report it".to_owned(), vec![reason]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_fails_the_test_it_happens_in() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        let found = guarded::<()>(|| panic!("row {} is missing", 7));
        let reason = vec!["row 7 is missing".to_owned()];
        assert_eq!(found, Err(("an internal error of Lawbook: please report it".to_owned(), reason)));
    }
}
