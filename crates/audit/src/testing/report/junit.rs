//! JUnit XML, as continuous integration reads it: a suite for each file, a case for each test, one failure with everything in it.

use crate::testing::{TestReport, TestResult};

impl TestReport {
    /// The report as JUnit XML.
    pub fn junit(&self, timings: bool) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let time = |seconds: f64| if timings { format!(" time=\"{seconds:.3}\"") } else { String::new() };
        let all = figures(&self.results);
        out.push_str(&format!("<testsuites name=\"lawbook test\"{all}{}>\n", time(self.time.as_secs_f64())));
        for suite in self.results.chunk_by(|a, b| a.spot.path == b.spot.path) {
            let name = escape(&suite[0].spot.path);
            let total = suite.iter().map(|result| result.time.as_secs_f64()).sum();
            out.push_str(&format!("  <testsuite name=\"{name}\"{} skipped=\"0\"{}>\n", figures(suite), time(total)));
            suite.iter().for_each(|result| case(result, &time(result.time.as_secs_f64()), &mut out));
            out.push_str("  </testsuite>\n");
        }
        out.push_str("</testsuites>\n");
        out
    }
}

fn figures(results: &[TestResult]) -> String {
    let errors = results.iter().filter(|result| result.error.is_some()).count();
    let failures = results.iter().filter(|result| !result.passed()).count() - errors;
    format!(" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\"", results.len())
}

fn case(result: &TestResult, time: &str, out: &mut String) {
    let (name, class, file) = (escape(&result.name), escape(&result.module), escape(&result.spot.path));
    let line = result.spot.line;
    out.push_str(&format!("    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" line=\"{line}\"{time}"));
    if result.passed() {
        return out.push_str("/>\n");
    }
    out.push_str(">\n");
    if let Some((reason, details)) = &result.error {
        let text = escape(&details.join("\n"));
        out.push_str(&format!("      <error message=\"{}\" type=\"error\">{text}</error>\n", escape(reason)));
    }
    let failures: Vec<_> = result.failures().collect();
    if let Some((_, first)) = failures.first() {
        let more = if failures.len() > 1 { format!(" (and {} more)", failures.len() - 1) } else { String::new() };
        let message = escape(&format!("{}{more}", first.message));
        let blocks = failures
            .iter()
            .map(|(expected, mismatch)| format!("at {}\n{}", expected.spot, mismatch.lines(expected).join("\n")));
        let text = escape(&blocks.collect::<Vec<_>>().join("\n\n"));
        out.push_str(&format!("      <failure message=\"{message}\" type=\"expectation\">{text}</failure>\n"));
    }
    out.push_str("    </testcase>\n");
}

/// Text and attribute values; characters that XML cannot hold are replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(escape("a<b & \"c\">\u{1b}"), "a&lt;b &amp; &quot;c&quot;&gt;\u{fffd}");
    }
}
