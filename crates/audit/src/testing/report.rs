//! Results of tests as a tree for people, and as JSON.

use anstyle::{AnsiColor, Style};
use serde_json::json;

use super::TestResult;

/// What came of the tests.
#[derive(Debug, Clone, Default)]
pub struct TestReport {
    /// In the order of modules and places.
    pub results: Vec<TestResult>,
    /// Tests that ended in an internal error.
    pub lost: usize,
}

impl TestReport {
    /// How many did not pass.
    pub fn failed(&self) -> usize {
        self.lost + self.results.iter().filter(|result| !result.failures.is_empty()).count()
    }

    /// A tree by module, failures with what explains them, and the figures in the last line.
    pub fn text(&self, color: bool) -> String {
        let paint = |style: Style, text: &str| if color { format!("{style}{text}{style:#}") } else { text.to_owned() };
        let mut out = String::new();
        let mut module = None;
        for result in &self.results {
            if module != Some(&result.module) {
                out.push_str(&format!("{}\n", paint(Style::new().bold(), &result.module)));
                module = Some(&result.module);
            }
            let mark = match result.failures.is_empty() {
                true => paint(AnsiColor::Green.on_default(), "ok  "),
                false => paint(AnsiColor::Red.on_default(), "FAIL"),
            };
            out.push_str(&format!("  {mark}  {}\n", result.name));
            for failure in &result.failures {
                out.push_str(&format!("        {}: {}\n", failure.spot, failure.message));
                for detail in &failure.details {
                    out.push_str(&format!("          {detail}\n"));
                }
            }
        }
        if self.lost > 0 {
            out.push_str(&format!("{} tests ended in an internal error of Lawbook\n", self.lost));
        }
        let failed = self.failed();
        out.push_str(&format!("\n{} passed, {failed} failed\n", self.results.len() + self.lost - failed));
        out
    }

    /// Everything, for programs.
    pub fn json(&self) -> String {
        let tests = self.results.iter().map(|result| {
            let failures = result.failures.iter().map(|failure| {
                json!({ "place": failure.spot.to_string(), "message": failure.message, "details": failure.details })
            });
            json!({
                "name": result.name,
                "module": result.module,
                "place": result.spot.to_string(),
                "passed": result.failures.is_empty(),
                "failures": failures.collect::<Vec<_>>(),
            })
        });
        let report = json!({
            "version": 1,
            "tests": tests.collect::<Vec<_>>(),
            "passed": self.results.len() + self.lost - self.failed(),
            "failed": self.failed(),
        });
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}
