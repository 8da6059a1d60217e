//! Everything as JSON. Keys are stable; new ones may come.
//!
//! `place` is `path:line:column`. Of a failure, `found` holds what there was in the place of `expected`, `why` the proof or
//! the why-not as lines of a tree. `coverage` is there where it was asked for; its gaps are `not_asked`, `not_reached`, `no_rows`,
//! `never_true` and `always_true`.

use serde_json::{Value, json};

use crate::testing::coverage::{CoveredLiteral, CoveredRule};
use crate::testing::{Coverage, CoveredFile, Expected, Mismatch, TestReport, TestResult};

impl TestReport {
    /// Everything, for programs.
    pub fn json(&self, timings: bool) -> String {
        let unnamed = self.unnamed.iter().map(|(id, spot)| json!({ "control": id, "place": spot.to_string() }));
        let mut report = json!({
            "version": 1,
            "passed": self.results.len() - self.failed(),
            "failed": self.failed(),
            "tests": self.results.iter().map(|result| test(result, timings)).collect::<Vec<_>>(),
            "unnamed_controls": unnamed.collect::<Vec<_>>(),
        });
        if timings {
            report["seconds"] = json!(self.time.as_secs_f64());
        }
        if let Some(found) = &self.coverage {
            report["coverage"] = coverage(found);
        }
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}

fn test(result: &TestResult, timings: bool) -> Value {
    let failures = result.failures().map(|(expected, mismatch)| failure(expected, mismatch));
    let mut test = json!({
        "name": result.name,
        "module": result.module,
        "file": result.spot.path,
        "place": result.spot.to_string(),
        "passed": result.passed(),
        "expectations": result.expectations.len(),
        "failures": failures.collect::<Vec<_>>(),
    });
    if let Some((reason, details)) = &result.error {
        test["error"] = json!({ "reason": reason, "details": details });
    }
    if timings {
        test["seconds"] = json!(result.time.as_secs_f64());
    }
    test
}

fn failure(expected: &Expected, mismatch: &Mismatch) -> Value {
    let why = mismatch.why.as_ref().map(|why| why.forest(false)).unwrap_or_default();
    json!({
        "place": expected.spot.to_string(),
        "expected": expected.text,
        "message": mismatch.message,
        "found": mismatch.found.iter().map(|found| &found.text).collect::<Vec<_>>(),
        "notes": mismatch.notes,
        "why": why.lines().collect::<Vec<_>>(),
    })
}

fn coverage(coverage: &Coverage) -> Value {
    let controls = coverage.controls.iter().map(|control| {
        let place = control.spot.to_string();
        json!({ "control": control.id, "place": place, "violated": control.violates, "passed": control.passes })
    });
    json!({
        "files": coverage.files.iter().map(file).collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
    })
}

fn file(file: &CoveredFile) -> Value {
    let figures = |(covered, all): (usize, usize)| json!({ "covered": covered, "all": all });
    json!({
        "file": file.path,
        "rules": figures(file.rule_figures()),
        "literals": figures(file.literal_figures()),
        "clauses": file.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn rule(rule: &CoveredRule) -> Value {
    json!({
        "relation": rule.relation,
        "place": rule.spot.to_string(),
        "asked": rule.asked,
        "fired": rule.fired,
        "cut": rule.cut,
        "literals": rule.literals.iter().map(literal).collect::<Vec<_>>(),
    })
}

fn literal(literal: &CoveredLiteral) -> Value {
    json!({
        "text": literal.text,
        "place": literal.spot.to_string(),
        "within": literal.within,
        "held": literal.held,
        "failed": literal.failed,
        "gap": literal.gap.map(|gap| gap.name()),
    })
}
