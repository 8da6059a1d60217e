//! What keeps the checkout in shape: an ordered list of checks, one file each.
//!
//! A check reads the [`Tree`] and adds problems to the [`Report`]; it never looks at the disk, so that its tests are
//! small trees in memory. A new check is a new file here and a line in [`CHECKS`].

mod dependencies;
mod floors;
mod headers;
mod length;
mod manifest;
mod policies;
mod registries;
mod unfinished;
mod words;

use crate::tree::Tree;

/// What the checks found.
#[derive(Debug, Default)]
pub struct Report {
    /// What must be mended, each with the path it concerns.
    pub problems: Vec<String>,
    /// What is worth a look.
    pub warnings: Vec<String>,
}

impl Report {
    fn problem(&mut self, path: &str, message: impl std::fmt::Display) {
        self.problems.push(format!("{path}: {message}"));
    }

    fn problem_at(&mut self, path: &str, line: usize, message: impl std::fmt::Display) {
        self.problems.push(format!("{path}:{line}: {message}"));
    }

    fn warning(&mut self, path: &str, message: impl std::fmt::Display) {
        self.warnings.push(format!("{path}: {message}"));
    }
}

type Check = fn(&Tree, &mut Report);

/// From the large to the small: crates, files, lines.
const CHECKS: [Check; 8] = [
    floors::check,
    dependencies::check,
    registries::check,
    policies::check,
    headers::check,
    length::check,
    unfinished::check,
    words::check,
];

/// Runs all checks.
pub fn check(tree: &Tree) -> Report {
    let mut report = Report::default();
    for check in CHECKS {
        check(tree, &mut report);
    }
    report
}

/// The one door of the checks' tests: what one check says about a made-up tree, a line each.
#[cfg(test)]
fn problems(check: Check, files: &[(&str, &str)]) -> String {
    let mut report = Report::default();
    check(&Tree::of(files), &mut report);
    let warnings = report.warnings.iter().map(|warning| format!("warning: {warning}"));
    report.problems.iter().cloned().chain(warnings).collect::<Vec<_>>().join("\n")
}
