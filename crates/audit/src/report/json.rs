//! The whole assessment as JSON. Keys are only ever added; `version` is raised when one changes its meaning.

use serde_json::{Value, json};

use crate::{Assessment, FileProblem, Finding, Outcome, Spot, Waiver};

pub(super) fn write(assessment: &Assessment) -> String {
    let summary = assessment.summary();
    let statuses = lang::Status::ALL.iter().zip(summary.statuses);
    let severities = lang::Severity::ALL.iter().zip(summary.findings);
    let inputs = &assessment.inputs;
    let scope = &assessment.scope;
    let report = json!({
        "tool": { "name": "lawbook", "version": env!("CARGO_PKG_VERSION") },
        "version": 1,
        "root": assessment.root,
        "as_of": facts::format_time(assessment.as_of),
        "scope": {
            "settings": scope.settings,
            "exclude": scope.exclude,
            "languages": scope.languages,
            "params": scope.params.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
            "waivers": { "in_force": scope.waivers.0, "expired": scope.waivers.1 },
            "warnings": scope.warnings,
        },
        "summary": {
            "controls": statuses.map(|(status, count)| (status.name().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "findings": severities.map(|(severity, count)| (severity.name().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "waived": summary.waived,
            "notes": summary.notes,
        },
        "controls": assessment.controls.iter().map(control).collect::<Vec<_>>(),
        "problems": assessment.problems.iter().map(problem).collect::<Vec<_>>(),
        "inputs": {
            "files": inputs.files,
            "ignored": inputs.ignored,
            "excluded": inputs.excluded,
            "binary": inputs.binary,
            "rows": inputs.rows,
            "lines": inputs.lines,
            "languages_without_extractor": inputs.languages_without_extractor.iter()
                .map(|(language, files)| json!({ "language": language, "files": files })).collect::<Vec<_>>(),
        },
    });
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn control(outcome: &Outcome) -> Value {
    let control = &outcome.control;
    json!({
        "id": control.id,
        "title": control.title,
        "description": control.doc,
        "severity": control.severity.name(),
        "maps": control.maps.iter().map(|(framework, criterion)| format!("{framework}/{criterion}")).collect::<Vec<_>>(),
        "remedy": control.remedy,
        "owner": control.owner,
        "tags": control.tags,
        "docs": control.docs,
        "status": outcome.status.name(),
        "population": outcome.population,
        "reasons": outcome.reasons,
        "not_looked_at": outcome.not_looked_at,
        "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        "notes": outcome.notes.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "id": finding.id,
        "subject": finding.subject,
        "label": finding.label,
        "severity": finding.severity.name(),
        "message": finding.message,
        "place": finding.place.as_ref().map(spot),
        "related": finding.related.iter().map(named).collect::<Vec<_>>(),
        "path": finding.path.iter().map(named).collect::<Vec<_>>(),
        "provisional": finding.provisional,
        "waiver": finding.waiver.as_ref().map(waiver),
    })
}

fn named((label, place): &(String, Spot)) -> Value {
    json!({ "label": label, "place": spot(place) })
}

fn spot(spot: &Spot) -> Value {
    json!({
        "path": spot.path,
        "line": spot.line,
        "column": spot.column,
        "end_line": spot.end_line,
        "end_column": spot.end_column,
        "excerpt": spot.excerpt,
    })
}

fn waiver(waiver: &Waiver) -> Value {
    match waiver {
        Waiver::Register { reason, approved_by, expires } => json!({
            "kind": "register",
            "reason": reason,
            "approved_by": approved_by,
            "expires": facts::format_time(*expires),
        }),
        Waiver::Comment { reason, spot: place } => json!({
            "kind": "comment",
            "reason": reason,
            "place": spot(place),
        }),
    }
}

fn problem(problem: &FileProblem) -> Value {
    json!({
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "level": if problem.error { "error" } else { "warning" },
        "relation": problem.relation,
        "message": problem.message,
        "help": problem.help,
    })
}
