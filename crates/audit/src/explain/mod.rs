//! Why a finding was made, why a member passes, why a row holds.

mod proof;
mod tree;

use std::sync::Arc;

use base::did_you_mean;
use facts::Value;
use lang::{Control, JudgedRule, Status};

use crate::excerpts::Excerpts;
use crate::testing::members;
use crate::{CheckOptions, Evaluated, Failure, Finding, Outcome, Project};

use proof::Writer;
pub use tree::{Explanation, Node, NodeKind};

/// How many proofs of an atom are shown.
const ROWS: usize = 5;

/// What is to be explained.
#[derive(Debug, Clone)]
pub enum ExplainTarget {
    /// A finding, by its id or a unique beginning of it.
    Finding(String),
    /// A member of a control's population, by its key or label.
    Member {
        /// The control's id.
        control: String,
        /// The member.
        subject: String,
    },
    /// The rows that an atom matches.
    Atom(String),
}

impl Project {
    /// Explains it.
    pub fn explain(&mut self, target: &ExplainTarget, progress: &mut dyn FnMut(&str)) -> Result<Explanation, Failure> {
        match target {
            ExplainTarget::Finding(id) => self.explain_finding(id, progress),
            ExplainTarget::Member { control, subject } => self.explain_member(control, subject, progress),
            ExplainTarget::Atom(atom) => self.explain_atom(atom, progress),
        }
    }

    fn explain_finding(&self, id: &str, progress: &mut dyn FnMut(&str)) -> Result<Explanation, Failure> {
        let (control, _) = id.split_once('@').unwrap_or((id, ""));
        let known = self.compilation.controls.iter().any(|known| *known.id == *control);
        let controls = if known { vec![control.to_owned()] } else { Vec::new() };
        let run = self.check(&CheckOptions { controls, severity: None }, progress)?;
        let all: Vec<(&Outcome, &Finding)> = run
            .assessment
            .controls
            .iter()
            .flat_map(|outcome| outcome.findings.iter().chain(&outcome.notes).map(move |finding| (outcome, finding)))
            .collect();
        let found: Vec<_> = all.iter().filter(|(_, finding)| finding.id.starts_with(id)).collect();
        match found.as_slice() {
            [] => {
                let help = match (known, all.first()) {
                    (true, None) => format!(
                        "{control} has no findings; `lawbook explain {control} SUBJECT` says why a member passes"
                    ),
                    _ => did_you_mean(id, all.iter().map(|(_, finding)| finding.id.as_str()))
                        .unwrap_or_else(|| "`lawbook check` shows the ids of findings".to_owned()),
                };
                Err(Failure::plain("E0940", format!("there is no finding `{id}`")).help(help))
            }
            [(outcome, finding)] => Ok(self.finding(outcome, finding, &run.evaluated)),
            several => {
                const SHOWN: usize = 10;
                let message = format!("`{id}` is the beginning of {} findings: name one of them", several.len());
                let mut failure = Failure::plain("E0941", message);
                for (_, finding) in several.iter().take(SHOWN) {
                    failure = failure.help(format!("{}  {}", finding.id, finding.message));
                }
                if several.len() > SHOWN {
                    failure = failure.help(format!("and {} more: `lawbook check` shows all", several.len() - SHOWN));
                }
                Err(failure)
            }
        }
    }

    fn finding(&self, outcome: &Outcome, finding: &Finding, evaluated: &Evaluated) -> Explanation {
        let mut excerpts = self.excerpts();
        let mut explanation =
            Explanation { title: format!("{}  {}", finding.id, finding.message), ..Explanation::default() };
        self.describe(outcome, finding, &mut explanation);
        explanation.path = finding.path.clone();
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        let root = writer.proof(finding.row);
        explanation.nodes = writer.nodes;
        explanation.roots = vec![root];
        explanation
    }

    fn describe(&self, outcome: &Outcome, finding: &Finding, explanation: &mut Explanation) {
        let control = &outcome.control;
        let maps = control.maps.iter().map(|(framework, criterion)| format!("{framework}/{criterion}"));
        let what: Vec<String> = std::iter::once(control.severity.name().to_owned()).chain(maps).collect();
        let summary = &mut explanation.summary;
        summary.push(format!("control  {} ({})", control.title, what.join(", ")));
        if let Some(place) = &finding.place {
            summary.push(format!("place    {place}"));
        }
        if let Some(remedy) = &control.remedy {
            summary.push(format!("remedy   {remedy}"));
        }
    }

    fn explain_member(
        &self,
        control: &str,
        subject: &str,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Explanation, Failure> {
        let run = self.check(&CheckOptions { controls: vec![control.to_owned()], severity: None }, progress)?;
        let Some(outcome) = run.assessment.controls.first() else {
            return Err(Failure::plain("E0940", format!("{control} was not evaluated")));
        };
        let of_subject = |finding: &&Finding| *finding.subject == *subject || *finding.label == *subject;
        let found: Vec<&Finding> = outcome.findings.iter().filter(of_subject).collect();
        if let Some((first, others)) = found.split_first() {
            let mut explanation = self.finding(outcome, first, &run.evaluated);
            for other in others {
                explanation.summary.push(format!("also     {}  {}", other.id, other.message));
            }
            return Ok(explanation);
        }
        let known = members(&outcome.control.scope, &run.evaluated);
        let Some((key, label)) = known.iter().find(|(key, label)| **key == *subject || **label == *subject) else {
            let names = known.iter().map(|(_, label)| &**label);
            let help = did_you_mean(subject, names.clone()).unwrap_or_else(|| match known.len() {
                0 => format!("nothing is in its scope: it ended in {}", outcome.status.name()),
                _ => format!("in scope: {}", names.take(10).collect::<Vec<_>>().join(", ")),
            });
            return Err(Failure::plain("E0942", format!("`{subject}` is not in the scope of {control}")).help(help));
        };
        Ok(self.pass(outcome, key, label, &run.evaluated))
    }

    /// A member that passes: why it is in scope, and why each violation rule does not fire for it.
    fn pass(&self, outcome: &Outcome, key: &Arc<str>, label: &str, evaluated: &Evaluated) -> Explanation {
        let control = &outcome.control;
        let mut excerpts = self.excerpts();
        let mut explanation = Explanation {
            title: format!("{}  {label} has no violation", control.id),
            summary: vec![format!("control  {} (ended in {})", control.title, outcome.status.name())],
            ..Explanation::default()
        };
        if !matches!(outcome.status, Status::Fail | Status::Waived | Status::Pass) {
            explanation.summary.extend(outcome.reasons.iter().map(|reason| format!("         {reason}")));
        }
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        if let Some(scope) = evaluated.program.find(&control.scope)
            && let Some(row) = evaluated.evaluation.find(scope, &[Value::Text(key.clone())])
        {
            explanation.roots.push(writer.proof(row));
        }
        for rule in &control.violations {
            explanation.roots.extend(writer.absent(rule, key));
        }
        explanation.nodes = writer.nodes;
        explanation
    }

    fn explain_atom(&mut self, atom: &str, progress: &mut dyn FnMut(&str)) -> Result<Explanation, Failure> {
        let query = self.atom(atom)?;
        let evaluated = self.evaluate(&[], &[&query], progress)?;
        let Some(answers) = evaluated.program.find(&query.relation) else {
            return Err(Failure::plain("E0940", format!("`{atom}` could not be evaluated")));
        };
        let mut excerpts = self.excerpts();
        let mut writer = Writer::new(self, &evaluated, &mut excerpts);
        let total = evaluated.evaluation.count(answers);
        let mut explanation = Explanation { title: atom.trim().to_owned(), ..Explanation::default() };
        if total == 0 {
            explanation.summary.push("does not hold".to_owned());
            explanation.roots = writer.unanswered(answers);
        } else {
            explanation.summary.push(match total {
                1 => "holds for one row".to_owned(),
                total if total > ROWS => format!("holds for {total} rows, of which the first {ROWS} are shown"),
                total => format!("holds for {total} rows"),
            });
            for (row, _) in evaluated.evaluation.sorted(answers).take(ROWS) {
                explanation.roots.extend(writer.answer(row));
            }
        }
        explanation.nodes = writer.nodes;
        Ok(explanation)
    }
}

/// Why no violation rule of a control fires for a subject, one line a rule: for failing tests.
pub(crate) fn why_no_violation(
    project: &Project,
    control: &Control,
    subject: &str,
    evaluated: &Evaluated,
) -> Vec<String> {
    let known = members(&control.scope, evaluated);
    let Some((key, _)) = known.iter().find(|(key, label)| **key == *subject || **label == *subject) else {
        return Vec::new();
    };
    let mut excerpts = no_excerpts();
    let mut writer = Writer::new(project, evaluated, &mut excerpts);
    let line = |rule: &JudgedRule| writer.absent(rule, key).iter().map(|node| writer.line(*node)).collect::<Vec<_>>();
    control.violations.iter().flat_map(line).collect()
}

/// Why a query has no answer, one line a rule: for failing tests.
pub(crate) fn why_no_answer(project: &Project, relation: &str, evaluated: &Evaluated) -> Vec<String> {
    let Some(answers) = evaluated.program.find(relation) else { return Vec::new() };
    let mut excerpts = no_excerpts();
    let mut writer = Writer::new(project, evaluated, &mut excerpts);
    writer.unanswered(answers).into_iter().map(|node| writer.line(node)).collect()
}

fn no_excerpts() -> Excerpts<'static> {
    Excerpts::new(Box::new(|_| None))
}
