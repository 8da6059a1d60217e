//! Members of a control's population: why they violate, why they pass, why they are not in scope.

use std::sync::Arc;

use base::did_you_mean;
use engine::{Pattern, Want};
use facts::Value;
use lang::Status;

use super::tree::{Explanation, NodeKind};
use super::writer::Writer;
use super::{ExplainOptions, Judged};
use crate::testing::members;
use crate::{CheckOptions, Evaluated, Failure, Finding, Outcome, Project, Run};

impl Project {
    pub(crate) fn explain_member(
        &self,
        (outcomes, evaluated): Judged<'_>,
        control: &str,
        subject: &str,
        options: ExplainOptions,
    ) -> Result<Explanation, Failure> {
        let outcome = outcome(outcomes, control)?;
        let found: Vec<&Finding> = of_subject(outcome, subject);
        if let Some((first, others)) = found.split_first() {
            let mut explanation = self.finding(outcome, first, evaluated);
            for other in others {
                explanation.summary.push(format!("also     {}  {}", other.id, other.message));
            }
            return Ok(explanation);
        }
        let known = members(&outcome.control.scope, evaluated);
        match known.iter().find(|(key, label)| **key == *subject || **label == *subject) {
            Some((key, label)) => Ok(self.pass(outcome, key, label, evaluated, options)),
            None => {
                let names = known.iter().map(|(_, label)| &**label);
                let help = did_you_mean(subject, names.clone()).unwrap_or_else(|| match known.len() {
                    0 => format!("nothing is in its scope: it ended in {}", outcome.status.name()),
                    _ => format!("in scope: {}", names.take(10).collect::<Vec<_>>().join(", ")),
                });
                let ask = format!("`{}` says why it is not", self.member_command(control, subject));
                let failure = Failure::plain("E0942", format!("`{subject}` is not in the scope of {control}"));
                Err(failure.help(help).help(ask))
            }
        }
    }

    pub(crate) fn member_why_not(
        &self,
        (outcomes, evaluated): Judged<'_>,
        control: &str,
        subject: &str,
        options: ExplainOptions,
    ) -> Result<Explanation, Failure> {
        let outcome = outcome(outcomes, control)?;
        let found = of_subject(outcome, subject);
        if !found.is_empty() {
            let mut explanation = Explanation {
                title: format!("{control}  {subject}"),
                holds: true,
                summary: vec![match found.len() {
                    1 => "it does violate".to_owned(),
                    count => format!("it does violate, in {count} ways"),
                }],
                ..Explanation::default()
            };
            let mut excerpts = self.excerpts();
            let mut writer = Writer::new(self, evaluated, &mut excerpts);
            for finding in found {
                let spots = finding.place.iter().cloned().collect();
                let ask = writer.text(NodeKind::Ask, self.command("explain", &finding.id));
                let node = writer.add(NodeKind::Text, finding.message.clone(), spots, vec![ask]);
                explanation.roots.push(node);
            }
            explanation.nodes = writer.nodes;
            return Ok(explanation);
        }
        let known = members(&outcome.control.scope, evaluated);
        if let Some((key, label)) = known.iter().find(|(key, label)| **key == *subject || **label == *subject) {
            return Ok(self.pass(outcome, key, label, evaluated, options));
        }
        Ok(self.out_of_scope(outcome, subject, evaluated, options, known.len()))
    }

    fn out_of_scope(
        &self,
        outcome: &Outcome,
        subject: &str,
        evaluated: &Evaluated,
        options: ExplainOptions,
        members: usize,
    ) -> Explanation {
        let control = &outcome.control;
        let mut explanation = Explanation {
            title: format!("{}  {subject} is not in scope", control.id),
            summary: vec![format!("control  {} (ended in {})", control.title, outcome.status.name())],
            ..Explanation::default()
        };
        explanation.summary.push(match members {
            0 => "scope    has no members".to_owned(),
            1 => "scope    has 1 member".to_owned(),
            members => format!("scope    has {members} members"),
        });
        let mut excerpts = self.excerpts();
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        if let Some(scope) = evaluated.program.find(&control.scope) {
            let keys = evaluated.evaluation.database().labelled(subject);
            let key = keys.first().cloned().unwrap_or_else(|| subject.into());
            let pattern = Pattern { columns: vec![Want::Is(Value::Text(key))], same: Vec::new() };
            explanation.roots = writer.why_not(scope, &pattern, options.depth);
        }
        explanation.nodes = writer.nodes;
        explanation
    }

    /// A member that passes: why it is in scope, and why each violation rule does not fire for it.
    fn pass(
        &self,
        outcome: &Outcome,
        key: &Arc<str>,
        label: &str,
        evaluated: &Evaluated,
        options: ExplainOptions,
    ) -> Explanation {
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
            explanation.roots.extend(writer.no_violation(rule, key, options.depth));
        }
        explanation.nodes = writer.nodes;
        explanation
    }

    pub(super) fn judged(&self, control: &str, progress: &mut dyn FnMut(&str)) -> Result<Run, Failure> {
        self.check(&CheckOptions { controls: vec![control.to_owned()], ..CheckOptions::default() }, progress)
    }

    fn member_command(&self, control: &str, subject: &str) -> String {
        let command = self.command(&format!("why-not {control}"), subject);
        command.trim().to_owned()
    }
}

fn outcome<'r>(outcomes: &'r [Outcome], control: &str) -> Result<&'r Outcome, Failure> {
    let found = outcomes.iter().find(|outcome| *outcome.control.id == *control);
    found.ok_or_else(|| Failure::plain("E0940", format!("{control} was not evaluated")))
}

fn of_subject<'r>(outcome: &'r Outcome, subject: &str) -> Vec<&'r Finding> {
    let of_subject = |finding: &&Finding| *finding.subject == *subject || *finding.label == *subject;
    outcome.findings.iter().filter(of_subject).collect()
}
