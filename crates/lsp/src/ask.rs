//! Questions about what was evaluated, answered as Markdown: explanations, results of tests, where a rule loses its rows.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use audit::{Answered, Assessment, ExplainOptions, Explanation, Failure, TestOptions, Workspace};
use ide::debug::RuleSteps;

/// Rows shown of a step.
const SAMPLES: usize = 3;
/// Rows looked at to find a member that passes.
const MEMBERS: usize = 10_000;

/// A question.
#[derive(Debug, Clone)]
pub enum Ask {
    /// How a control ends.
    Run(String),
    /// Why a subject of a control violates it, or passes; the first finding without one.
    Explain(String, Option<String>),
    /// Why a member of the population does not violate; the first that does not without one.
    WhyNot(String, Option<String>),
    /// What comes of the test of that name in the file.
    Test(PathBuf, String),
    /// What a check of everything writes.
    Report,
    /// How many rows each condition of rules leaves.
    Debug(String, Vec<RuleSteps>),
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What it is about.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Links to the places that it names, for the document that is shown: some clients make their own.
    pub places: String,
    /// Whether all tests that were run passed, if some were.
    pub passed: Option<bool>,
}

/// What is wrong, in a sentence.
pub fn reason(failure: &Failure) -> String {
    let first = failure.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).or(failure.diagnostics.first());
    first.map_or_else(|| "it failed without a reason".to_owned(), |diagnostic| diagnostic.message.clone())
}

/// The answer to a question.
pub fn answer(workspace: &mut Workspace, ask: &Ask) -> Result<Answer, String> {
    let told = |failure: Failure| reason(&failure);
    match ask {
        Ask::Run(id) => run(workspace, id),
        Ask::Explain(control, subject) => {
            let subject = subject.clone().map_or_else(|| member(workspace, control, true), Ok)?;
            let found = workspace.explain(control, &subject, ExplainOptions::default()).map_err(told)?;
            Ok(plain(format!("explain {control} {subject}"), shown(&found)))
        }
        Ask::WhyNot(control, subject) => {
            let subject = subject.clone().map_or_else(|| member(workspace, control, false), Ok)?;
            let found = workspace.why_not(control, &subject, ExplainOptions::default()).map_err(told)?;
            Ok(plain(format!("why-not {control} {subject}"), shown(&found)))
        }
        Ask::Report => Ok(report(workspace)),
        Ask::Test(path, name) => test(workspace, path, name),
        Ask::Debug(name, rules) => Ok(plain(format!("debug {name}"), debug(workspace, rules)?)),
    }
}

fn plain(title: String, text: String) -> Answer {
    Answer { title, text, ..Answer::default() }
}

fn shown(explanation: &Explanation) -> String {
    format!("# {}\n\n```text\n{}```\n", explanation.title, explanation.tree(false, false))
}

/// A member of a control's population that violates it, or one that does not.
fn member(workspace: &Workspace, id: &str, violates: bool) -> Result<String, String> {
    let outcome = workspace.assessment().controls.iter().find(|outcome| *outcome.control.id == *id);
    let outcome = outcome.ok_or_else(|| format!("there is no control `{id}`, or it was not evaluated"))?;
    if violates {
        let first = outcome.findings.first().map(|finding| finding.subject.to_string());
        return first.ok_or_else(|| format!("{id} has no findings: it ended in {}", outcome.status.name()));
    }
    let found: std::collections::BTreeSet<&str> = outcome.findings.iter().map(|finding| &*finding.subject).collect();
    let rows = workspace.evaluated().samples(&outcome.control.scope, MEMBERS).into_iter();
    let mut members = rows.filter_map(|(row, _)| row.first().map(ToString::to_string));
    let passes = members.find(|member| !found.contains(member.as_str()));
    passes.ok_or_else(|| format!("{id} has no member that passes"))
}

fn run(workspace: &Workspace, id: &str) -> Result<Answer, String> {
    let all = workspace.assessment();
    let outcome = all.controls.iter().find(|outcome| *outcome.control.id == *id);
    let outcome = outcome.ok_or_else(|| format!("there is no control `{id}`, or it was not evaluated"))?;
    let assessment = Assessment { controls: vec![outcome.clone()], ..(**all).clone() };
    let mut out = format!("# {id}\n\n```text\n");
    out.push_str(&audit::ReportFormat::Text.write(&assessment, false));
    out.push_str("```\n");
    Ok(plain(format!("check {id}"), out))
}

fn report(workspace: &Workspace) -> Answer {
    let mut out = String::from("# Report\n\n```text\n");
    out.push_str(&audit::ReportFormat::Text.write(workspace.assessment(), false));
    out.push_str("```\n");
    plain("report".to_owned(), out)
}

fn test(workspace: &Workspace, path: &Path, name: &str) -> Result<Answer, String> {
    let options = TestOptions { paths: vec![path.to_owned()], filters: vec![name.to_owned()], coverage: false };
    let report = workspace.project().test(&options, &mut |_| {}).map_err(|failure| reason(&failure))?;
    let mut out = format!("# {name}\n\n");
    let mut passed = None;
    for result in report.results.iter().filter(|result| *result.name == *name) {
        passed = Some(passed.unwrap_or(true) && result.passed());
        let word = if result.passed() { "passed" } else { "failed" };
        let _ = writeln!(out, "**{word}** · {} expectations\n", result.expectations.len());
        if let Some((reason, more)) = &result.error {
            let _ = writeln!(out, "- {reason}");
            for line in more {
                let _ = writeln!(out, "  - {line}");
            }
        }
        for (expected, mismatch) in result.failures() {
            let _ = writeln!(out, "- `expect {}` ({}): {}", expected.text, expected.spot, mismatch.message);
            for note in &mismatch.notes {
                let _ = writeln!(out, "  - {note}");
            }
            if let Some(why) = &mismatch.why {
                let _ = writeln!(out, "\n```text\n{}```\n", why.tree(false, false));
            }
        }
    }
    if passed.is_none() {
        out.push_str("There is no such test, or it has errors.\n");
    }
    Ok(Answer { title: format!("test {name}"), text: out, passed, ..Answer::default() })
}

/// The rows that are left after each condition, with some of them.
fn debug(workspace: &mut Workspace, rules: &[RuleSteps]) -> Result<String, String> {
    let bodies: Vec<String> = rules.iter().flat_map(|rule| rule.bodies.iter().cloned()).collect();
    let mut answers = workspace.ask(&bodies, SAMPLES).map_err(|failure| reason(&failure))?.into_iter();
    let mut out = String::from("# Where rows are lost\n");
    for rule in rules {
        let _ = write!(out, "\n## `{}`\n\n| rows | condition | for example |\n|---:|---|---|\n", rule.head);
        for (condition, _) in rule.conditions.iter().zip(&rule.bodies) {
            let (rows, example) = match answers.next() {
                Some(Ok(answered)) => (answered.count.to_string(), examples(&answered)),
                Some(Err(failure)) => ("?".to_owned(), reason(&failure)),
                None => break,
            };
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(out, "| {rows} | `{}` | {} |", cell(condition), cell(&example));
        }
    }
    if rules.is_empty() {
        out.push_str("\nNo rule fills it.\n");
    }
    Ok(out)
}

fn examples(answered: &Answered) -> String {
    let row = |row: &Vec<facts::Value>| {
        let cells = answered.columns.iter().zip(row).map(|(name, value)| format!("{name} = {value}"));
        cells.collect::<Vec<_>>().join(", ")
    };
    answered.samples.iter().map(row).collect::<Vec<_>>().join("; ")
}
