//! A tree of results: folder, file, test, and of those that failed each expectation that was not met, as a difference.

use anstyle::{AnsiColor, Style};

use crate::testing::{Expected, Found, Mismatch, TestReport, TestResult};

/// How the tree is printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TestText {
    /// With colors.
    pub color: bool,
    /// Every test with every expectation, and proofs in full.
    pub verbose: bool,
    /// With times.
    pub timings: bool,
}

/// From so many tests on, files whose tests all passed take one line each.
const MANY: usize = 40;
/// Lines shown of a proof, and controls shown that no test names.
const PROOF: usize = 40;
const UNNAMED: usize = 10;
/// What stands before the lines below a test.
const BELOW: &str = "          ";

impl TestReport {
    /// The tree, what no test names or covers, and the figures in the last line.
    pub fn text(&self, how: &TestText) -> String {
        let mut out = Printer { out: String::new(), how };
        let short = self.results.len() > MANY && !how.verbose;
        let mut folder = None;
        for results in self.results.chunk_by(|a, b| a.spot.path == b.spot.path) {
            let path = &*results[0].spot.path;
            let (place, file) = path.rsplit_once('/').unwrap_or((".", path));
            if folder != Some(place) {
                out.line("", &out.paint(Style::new().bold(), place));
                folder = Some(place);
            }
            out.file(file, results, short);
        }
        out.unnamed(self);
        if let Some(coverage) = &self.coverage {
            out.line("", "");
            out.out.push_str(&coverage.text(how.color));
        }
        let failed = self.failed();
        let mut figures = format!("{} passed, {failed} failed", self.results.len() - failed);
        if failed > 0 {
            figures = out.paint(Style::new().bold(), &figures);
        }
        if how.timings {
            figures.push_str(&format!(" in {:.2} s", self.time.as_secs_f64()));
        }
        out.line("", "");
        out.line("", &figures);
        out.out
    }
}

impl Mismatch {
    /// The difference and what explains it, line by line, without colors.
    pub(super) fn lines(&self, expected: &Expected) -> Vec<String> {
        let how = TestText { verbose: true, ..TestText::default() };
        let mut out = Printer { out: String::new(), how: &how };
        out.difference("", expected, self);
        out.out.lines().map(str::to_owned).collect()
    }
}

struct Printer<'a> {
    out: String,
    how: &'a TestText,
}

impl Printer<'_> {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.how.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.out.push_str(format!("{indent}{text}").trim_end());
        self.out.push('\n');
    }

    fn mark(&self, passed: bool) -> String {
        match passed {
            true => self.paint(AnsiColor::Green.on_default(), "ok  "),
            false => self.paint(AnsiColor::Red.on_default().bold(), "FAIL"),
        }
    }

    fn file(&mut self, file: &str, results: &[TestResult], short: bool) {
        if !short {
            self.line("  ", file);
            return results.iter().for_each(|result| self.test(result));
        }
        let failed = results.iter().filter(|result| !result.passed()).count();
        let mark = self.mark(failed == 0);
        let count = match failed {
            0 => results.len().to_string(),
            failed => format!("{failed} of {} failed", results.len()),
        };
        let count = self.paint(Style::new().dimmed(), &count);
        self.line("  ", &format!("{mark}  {file}  {count}"));
        results.iter().filter(|result| !result.passed()).for_each(|result| self.test(result));
    }

    fn test(&mut self, result: &TestResult) {
        let mark = self.mark(result.passed());
        let time = match self.how.timings {
            true => self.paint(Style::new().dimmed(), &format!("  {:.0} ms", result.time.as_secs_f64() * 1e3)),
            false => String::new(),
        };
        self.line("    ", &format!("{mark}  {}{time}", result.name));
        if let Some((reason, details)) = &result.error {
            self.at(&result.spot.to_string());
            self.line(BELOW, reason);
            details.iter().for_each(|detail| self.line(BELOW, &format!("  {detail}")));
        }
        for expected in &result.expectations {
            match &expected.mismatch {
                Some(mismatch) => {
                    self.at(&expected.spot.to_string());
                    self.difference(BELOW, expected, mismatch);
                }
                None if self.how.verbose => {
                    let mark = self.mark(true);
                    self.line(BELOW, &format!("{mark}  {}", expected.text));
                }
                None => {}
            }
        }
    }

    fn at(&mut self, place: &str) {
        let place = self.paint(Style::new().dimmed(), &format!("at {place}"));
        self.line(BELOW, &place);
    }

    /// What was expected and what was found, then what explains it.
    fn difference(&mut self, indent: &str, expected: &Expected, mismatch: &Mismatch) {
        let minus = self.paint(AnsiColor::Red.on_default(), &format!("- {}", expected.text));
        self.line(indent, &minus);
        mismatch.found.iter().for_each(|found| self.found(indent, found));
        let below = format!("{indent}  ");
        mismatch.notes.iter().for_each(|note| self.line(&below, note));
        let Some(why) = &mismatch.why else { return };
        let tree = why.forest(self.how.color);
        let total = tree.lines().count();
        let shown = if self.how.verbose { total } else { PROOF };
        tree.lines().take(shown).for_each(|line| self.line(&below, line));
        if total > shown {
            self.line(&below, &format!("… {} more lines (`--verbose` shows all)", total - shown));
        }
    }

    /// Where it differs is underlined, without colors on a line of its own.
    fn found(&mut self, indent: &str, found: &Found) {
        let green = AnsiColor::Green.on_default();
        if self.how.color {
            let mut text = format!("{green}+ {green:#}");
            let mut from = 0;
            for &(start, end) in &found.differs {
                text.push_str(&self.paint(green, &found.text[from..start]));
                text.push_str(&self.paint(green.underline().bold(), &found.text[start..end]));
                from = end;
            }
            text.push_str(&self.paint(green, &found.text[from..]));
            return self.line(indent, &text);
        }
        self.line(indent, &format!("+ {}", found.text));
        if found.differs.is_empty() {
            return;
        }
        let under = |at: usize| found.differs.iter().any(|&(start, end)| (start..end).contains(&at));
        let marks: String = found.text.char_indices().map(|(at, _)| if under(at) { '~' } else { ' ' }).collect();
        self.line(indent, &format!("  {marks}"));
    }

    fn unnamed(&mut self, report: &TestReport) {
        if report.unnamed.is_empty() {
            return;
        }
        self.line("", "");
        self.line("", &self.paint(AnsiColor::Yellow.on_default(), "controls that no test names"));
        let shown = if self.how.verbose { usize::MAX } else { UNNAMED };
        for (id, spot) in report.unnamed.iter().take(shown) {
            let place = self.paint(Style::new().dimmed(), &spot.to_string());
            self.line("  ", &format!("{id}  {place}"));
        }
        if report.unnamed.len() > shown {
            self.line("  ", &format!("and {} more", report.unnamed.len() - shown));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Spot;

    fn result(file: &str, number: usize, passed: bool) -> TestResult {
        let spot = Spot {
            path: format!("policies/{file}.law").into(),
            line: number as u32,
            column: 6,
            end_line: number as u32,
            end_column: 9,
            excerpt: None,
        };
        TestResult {
            name: format!("test {number}").into(),
            module: file.into(),
            spot,
            error: (!passed).then(|| ("the budget is used up".to_owned(), vec!["bound it".to_owned()])),
            expectations: Vec::new(),
            time: Duration::from_millis(7),
        }
    }

    #[test]
    fn of_many_tests_files_that_pass_take_one_line_and_failures_are_opened() {
        let mut results: Vec<TestResult> = (1..=40).map(|number| result("a", number, true)).collect();
        results.extend([result("b", 1, true), result("b", 2, false)]);
        let report = TestReport { results, ..TestReport::default() };
        let expected = "policies
  ok    a.law  40
  FAIL  b.law  1 of 2 failed
    FAIL  test 2
          at policies/b.law:2:6
          the budget is used up
            bound it

41 passed, 1 failed
";
        similar_asserts::assert_eq!(report.text(&TestText::default()), expected);
        let verbose = report.text(&TestText { verbose: true, timings: true, ..TestText::default() });
        assert!(verbose.contains("    ok    test 40  7 ms\n") && verbose.ends_with("41 passed, 1 failed in 0.00 s\n"));
    }
}
