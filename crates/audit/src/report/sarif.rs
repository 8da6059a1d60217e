//! SARIF 2.1.0 (OASIS), as code-scanning services read it.
//!
//! A control is a rule, a violation a result; the way of a tainted value is a code flow. `partialFingerprints` hold
//! the finding's identity, which survives unrelated edits, so that alerts stay attached. Notes are results of level
//! `note` and kind `informational`. Waived findings are suppressed results, as the standard wants it: listed, not counted.

use serde_json::{Map, Value, json};

use crate::{Assessment, Finding, Outcome, Spot, Waiver};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(assessment: &Assessment) -> String {
    let rules: Vec<Value> = assessment.controls.iter().map(rule).collect();
    let mut results = Vec::new();
    for (index, outcome) in assessment.controls.iter().enumerate() {
        results.extend(outcome.findings.iter().map(|finding| result(index, finding, false)));
        results.extend(outcome.notes.iter().map(|finding| result(index, finding, true)));
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lawbook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The folder that was checked." } } },
            "invocations": [{
                "executionSuccessful": assessment.controls.iter().all(|outcome| outcome.status != lang::Status::Error),
                "toolExecutionNotifications": notifications(assessment),
            }],
            "results": results,
            "properties": {
                "asOf": facts::format_time(assessment.as_of),
                "statuses": assessment.controls.iter()
                    .map(|outcome| (outcome.control.id.to_string(), json!(outcome.status.name())))
                    .collect::<Map<_, _>>(),
            },
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn rule(outcome: &Outcome) -> Value {
    let control = &outcome.control;
    let tags: Vec<String> = control
        .maps
        .iter()
        .map(|(framework, criterion)| format!("{framework}/{criterion}"))
        .chain(control.tags.iter().map(ToString::to_string))
        .collect();
    let mut rule = json!({
        "id": control.id,
        "name": pascal(&control.title),
        "shortDescription": { "text": control.title },
        "fullDescription": { "text": if control.doc.is_empty() { &control.title } else { &control.doc } },
        "defaultConfiguration": { "level": level(control.severity) },
        "properties": {
            "tags": tags,
            "security-severity": security_severity(control.severity),
        },
    });
    if let Some(remedy) = &control.remedy {
        rule["help"] = json!({ "text": remedy });
    }
    if let Some(docs) = &control.docs {
        rule["helpUri"] = json!(docs);
    }
    rule
}

fn result(index: usize, finding: &Finding, note: bool) -> Value {
    let mut result = json!({
        "ruleId": finding.control,
        "ruleIndex": index,
        "kind": if note { "informational" } else { "fail" },
        // The standard allows only `none` beside a kind other than `fail`.
        "level": if note { "none" } else { level(finding.severity) },
        "message": { "text": finding.message },
        "partialFingerprints": { "lawbookFinding/v1": fingerprint(finding) },
        "properties": { "subject": finding.subject, "provisional": finding.provisional },
    });
    if let Some(place) = &finding.place {
        result["locations"] = json!([location(place, None, None)]);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate();
        result["relatedLocations"] =
            related.map(|(id, (label, place))| location(place, Some(label), Some(id))).collect();
    }
    if !finding.path.is_empty() {
        let steps: Vec<Value> = finding
            .path
            .iter()
            .map(|(label, place)| json!({ "location": location(place, Some(label), None) }))
            .collect();
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
    }
    if let Some(waiver) = &finding.waiver {
        let (kind, reason) = match waiver {
            Waiver::Register { reason, .. } => ("external", reason),
            Waiver::Comment { reason, .. } => ("inSource", reason),
        };
        result["suppressions"] = json!([{ "kind": kind, "status": "accepted", "justification": reason }]);
    }
    result
}

/// The id's hash part: the control stands beside it.
fn fingerprint(finding: &Finding) -> &str {
    finding.id.rsplit('@').next().unwrap_or(&finding.id)
}

fn location(place: &Spot, message: Option<&String>, id: Option<usize>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path), "uriBaseId": "ROOT" } });
    if place.line > 0 {
        let mut region = json!({
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        });
        if let (Some(excerpt), true) = (&place.excerpt, place.line == place.end_line) {
            region["snippet"] = json!({ "text": excerpt });
        }
        physical["region"] = region;
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(message) = message {
        location["message"] = json!({ "text": message });
    }
    if let Some(id) = id {
        location["id"] = json!(id);
    }
    location
}

fn notifications(assessment: &Assessment) -> Vec<Value> {
    let problems = assessment.problems.iter().map(|problem| {
        let spot = Spot {
            path: problem.path.clone(),
            line: problem.line,
            column: problem.column.max(1),
            end_line: problem.line,
            end_column: problem.column.max(1),
            excerpt: None,
        };
        json!({
            "level": if problem.error { "error" } else { "warning" },
            "message": { "text": problem.message },
            "descriptor": { "id": problem.code },
            "locations": [location(&spot, None, None)],
        })
    });
    let undecided = assessment.controls.iter().filter(|outcome| !outcome.reasons.is_empty()).map(|outcome| {
        json!({
            "level": if outcome.status == lang::Status::Error { "error" } else { "warning" },
            "message": { "text": format!("{}: {}", outcome.status.name(), outcome.reasons.join(" ")) },
            "associatedRule": { "id": outcome.control.id },
        })
    });
    problems.chain(undecided).collect()
}

fn level(severity: lang::Severity) -> &'static str {
    match severity {
        lang::Severity::Critical | lang::Severity::High => "error",
        lang::Severity::Medium | lang::Severity::Low => "warning",
        lang::Severity::Info => "note",
    }
}

/// The number by which code-scanning services sort: the middle of the CVSS band of that name.
fn security_severity(severity: lang::Severity) -> &'static str {
    match severity {
        lang::Severity::Critical => "9.5",
        lang::Severity::High => "8.0",
        lang::Severity::Medium => "5.5",
        lang::Severity::Low => "2.0",
        lang::Severity::Info => "0.0",
    }
}

/// A relative URI reference (RFC 3986): everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A title as an identifier: `Every model call is logged` is `EveryModelCallIsLogged`.
fn pascal(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            first + letters.as_str()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("a b/ü#.py"), "a%20b/%C3%BC%23.py");
        assert_eq!(pascal("No hard-coded AI credentials"), "NoHardCodedAICredentials");
    }
}
