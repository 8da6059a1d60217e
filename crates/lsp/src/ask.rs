//! Questions about what was evaluated, answered as Markdown: explanations, results of tests, where a rule loses its rows.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use audit::{CheckOptions, ExplainOptions, ExplainTarget, Explanation, Failure, Project, TestOptions};
use ide::debug::RuleSteps;

/// Rows shown of a step.
const SAMPLES: usize = 3;

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
    /// How many rows each condition of rules leaves.
    Debug(String, Vec<RuleSteps>),
}

/// What is wrong, in a sentence.
pub fn reason(failure: &Failure) -> String {
    let first = failure.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).or(failure.diagnostics.first());
    first.map_or_else(|| "it failed without a reason".to_owned(), |diagnostic| diagnostic.message.clone())
}

/// The title and text of the answer.
pub fn answer(project: &mut Project, ask: &Ask) -> Result<(String, String), String> {
    match ask {
        Ask::Run(id) => run(project, id),
        Ask::Explain(control, subject) => {
            let subject = match subject {
                Some(subject) => subject.clone(),
                None => member(project, control, true)?,
            };
            let target = ExplainTarget::Member { control: control.clone(), subject: subject.clone() };
            let found = project.explain(&target, ExplainOptions::default(), &mut |_| {});
            Ok((format!("explain {control} {subject}"), shown(&found.map_err(|failure| reason(&failure))?)))
        }
        Ask::WhyNot(control, subject) => {
            let subject = match subject {
                Some(subject) => subject.clone(),
                None => member(project, control, false)?,
            };
            let target = ExplainTarget::Member { control: control.clone(), subject: subject.clone() };
            let found = project.why_not(&target, ExplainOptions::default(), &mut |_| {});
            Ok((format!("why-not {control} {subject}"), shown(&found.map_err(|failure| reason(&failure))?)))
        }
        Ask::Test(path, name) => test(project, path, name),
        Ask::Debug(name, rules) => Ok((format!("debug {name}"), debug(project, rules))),
    }
}

fn shown(explanation: &Explanation) -> String {
    format!("# {}\n\n```text\n{}```\n", explanation.title, explanation.tree(false, false))
}

fn check(project: &Project, id: &str) -> Result<audit::Run, String> {
    let options = CheckOptions { controls: vec![id.to_owned()], ..CheckOptions::default() };
    project.check(&options, &mut |_| {}).map_err(|failure| reason(&failure))
}

/// A member of a control's population that violates it, or one that does not.
fn member(project: &Project, id: &str, violates: bool) -> Result<String, String> {
    let run = check(project, id)?;
    let outcome = run.assessment.controls.first().ok_or("there is no such control")?;
    if violates {
        let first = outcome.findings.first().map(|finding| finding.subject.to_string());
        return first.ok_or_else(|| format!("{id} has no findings: it ended in {}", outcome.status.name()));
    }
    let rows = run.evaluated.rows(&outcome.control.scope);
    let mut members = rows.iter().filter_map(|row| row.first()?.as_text());
    let passes = members.find(|member| outcome.findings.iter().all(|finding| *finding.subject != **member));
    passes.map(str::to_owned).ok_or_else(|| format!("{id} has no member that passes"))
}

fn run(project: &Project, id: &str) -> Result<(String, String), String> {
    let run = check(project, id)?;
    let mut out = format!("# {id}\n\n```text\n");
    out.push_str(&audit::ReportFormat::Text.write(&run.assessment, false));
    out.push_str("```\n");
    Ok((format!("check {id}"), out))
}

fn test(project: &Project, path: &Path, name: &str) -> Result<(String, String), String> {
    let options = TestOptions { paths: vec![path.to_owned()], filters: vec![name.to_owned()], coverage: false };
    let report = project.test(&options, &mut |_| {}).map_err(|failure| reason(&failure))?;
    let mut out = format!("# {name}\n\n");
    for result in report.results.iter().filter(|result| *result.name == *name) {
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
    Ok((format!("test {name}"), out))
}

/// The rows that are left after each condition, with some of them.
fn debug(project: &mut Project, rules: &[RuleSteps]) -> String {
    let mut out = String::from("# Where rows are lost\n");
    for rule in rules {
        let _ = write!(out, "\n## `{}`\n\n| rows | condition | for example |\n|---:|---|---|\n", rule.head);
        for (condition, body) in rule.conditions.iter().zip(&rule.bodies) {
            let (rows, example) = match step(project, body) {
                Ok(found) => found,
                Err(reason) => ("?".to_owned(), reason),
            };
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(out, "| {rows} | `{}` | {} |", cell(condition), cell(&example));
        }
    }
    if rules.is_empty() {
        out.push_str("\nNo rule fills it.\n");
    }
    out
}

fn step(project: &mut Project, body: &str) -> Result<(String, String), String> {
    let query = project.query(body).map_err(|failure| reason(&failure))?;
    let evaluated = project.evaluate(&[], &[&query], &mut |_| {}).map_err(|failure| reason(&failure))?;
    let rows = evaluated.rows(&query.relation);
    let names: Vec<&str> = query.decl.columns.iter().map(|column| &*column.name).collect();
    let row = |row: &Vec<facts::Value>| {
        let cells: Vec<String> = names.iter().zip(row).map(|(name, value)| format!("{name} = {value}")).collect();
        cells.join(", ")
    };
    let samples: Vec<String> = rows.iter().take(SAMPLES).map(row).collect();
    Ok((rows.len().to_string(), samples.join("; ")))
}
