//! Controls judged, from text to statuses: the real compiler, evaluator and extractors over a folder.
//!
//! A test is one text (`== path` begins a file) and what `check` says of it: a line for each control with its status and the
//! size of its population, then reasons (`!`), findings, notes and what was not looked at (`?`).
// Tests at the rim make folders.
#![allow(clippy::disallowed_methods)]

mod evidence;
mod findings;
mod policy_tests;
mod statuses;
mod waivers;
mod workspace;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use audit::{CheckOptions, Extractors, Finding, Project, ProjectOptions, Run, Waiver};
use extract::SecretScanner;
use extract_data::{Scanner, SecretPattern};

/// Checks that the folder is judged so.
#[track_caller]
fn check(folder: &str, expected: &str) {
    similar_asserts::assert_eq!(shown(&run(&open(&lay_out(folder))).assessment), unindent(expected));
}

/// The folder, written out. Of the built-in policies it has those that declare what extractors fill.
fn lay_out(folder: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let std = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/std");
    std::fs::create_dir_all(root.path().join("policies/std/secret")).unwrap();
    for module in ["code.law", "secret.law", "secret/formats.law", "secret/general.law", "vendor.law", "waiver.law"] {
        let text = std::fs::read_to_string(std.join(module)).unwrap();
        // Their tests stand last, and hold what looks like credentials.
        let declared = text.split("\ntest \"").next().unwrap_or_default();
        std::fs::write(root.path().join("policies/std").join(module), format!("{declared}\n")).unwrap();
    }
    for file in unindent(folder).split("== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let settings = root.path().join("lawbook.toml");
    let more = std::fs::read_to_string(&settings).unwrap_or_default();
    std::fs::write(settings, format!("[policies]\npacks = []\npaths = ['policies']\n{more}")).unwrap();
    root
}

fn open(root: &tempfile::TempDir) -> Project {
    let options = ProjectOptions {
        root: root.path().to_owned(),
        as_of: Some("2026-11-20".to_owned()),
        ..ProjectOptions::default()
    };
    Project::open(&options, extractors()).unwrap_or_else(|failure| {
        panic!("{}", base::render_all(&failure.diagnostics, &failure.sources, base::RenderStyle::Plain))
    })
}

fn run(project: &Project) -> Run {
    let own: Vec<String> =
        project.compilation.controls.iter().filter(|c| !c.builtin).map(|c| c.id.to_string()).collect();
    project.check(&CheckOptions { controls: own, ..CheckOptions::default() }, &mut |_| ()).ok().unwrap()
}

fn extractors() -> Extractors {
    let mut readers = extract_code::extractors();
    readers.extend(extract_data::extractors());
    Extractors { readers, languages: extract_code::languages(), scanner }
}

fn scanner(rows: &[[Arc<str>; 4]], _: Option<&str>) -> Box<dyn SecretScanner> {
    let pattern = |[kind, provider, regex, keywords]: &[Arc<str>; 4]| SecretPattern {
        kind: kind.to_string(),
        provider: provider.to_string(),
        regex: regex.to_string(),
        keywords: keywords.to_string(),
    };
    Box::new(Scanner::new(rows.iter().map(pattern).collect(), "salt"))
}

fn shown(assessment: &audit::Assessment) -> String {
    let mut out = String::new();
    for outcome in &assessment.controls {
        let population = outcome.population.map_or("-".to_owned(), |count| count.to_string());
        writeln!(out, "{} {} {population}", outcome.control.id, outcome.status.name()).unwrap();
        outcome.reasons.iter().for_each(|reason| writeln!(out, "  ! {reason}").unwrap());
        outcome.findings.iter().for_each(|found| writeln!(out, "  {}", line(found)).unwrap());
        outcome.notes.iter().for_each(|found| writeln!(out, "  note {}", line(found)).unwrap());
        for name in &outcome.not_looked_at {
            writeln!(out, "  ? {name}").unwrap();
        }
    }
    assessment.scope.warnings.iter().for_each(|warning| writeln!(out, "warning: {warning}").unwrap());
    out
}

fn line(finding: &Finding) -> String {
    let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
    // Policies stand at their real path, which differs from run to run.
    let place = place.rsplit_once("/policies/").map_or(place.clone(), |(_, place)| format!("policies/{place}"));
    let provisional = if finding.provisional { " (provisional)" } else { "" };
    let waiver = match &finding.waiver {
        Some(Waiver::Register { reason, .. }) => format!(" (waived: {reason})"),
        Some(Waiver::Comment { reason, spot }) => format!(" (allowed at {}: {reason})", spot.line),
        None => String::new(),
    };
    format!("{place} {}: {}{provisional}{waiver}", finding.label, finding.message)
}

/// Without the indentation that all lines share, and without the first line break.
fn unindent(text: &str) -> String {
    let lines = text.strip_prefix('\n').unwrap_or(text).lines();
    let indent = lines.clone().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len());
    let indent = indent.min().unwrap_or(0);
    let mut out = String::new();
    for line in lines.map(|line| line.get(indent..).unwrap_or_default()) {
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    if out == "\n" { String::new() } else { out }
}
