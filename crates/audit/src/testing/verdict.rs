//! What came of an expectation about a control: a violation, none, a status.
//!
//! What was found is shown in the form in which it would be expected, so that the two lines differ in what differs.

use std::sync::Arc;

use base::did_you_mean;
use lang::{ExpectationKind, JudgedRule, Status};

use super::atoms::unlike;
use super::world::{Findings, members};
use super::{Found, Mismatch};
use crate::excerpts::Excerpts;
use crate::explain::Explainer;
use crate::{Explanation, Finding, Outcome};

/// Findings and members shown of many.
const SHOWN: usize = 5;

impl Findings<'_> {
    /// None where the expectation is met.
    pub(super) fn control(&self, kind: &ExpectationKind, excerpts: &mut Excerpts<'_>) -> Option<Mismatch> {
        match kind {
            ExpectationKind::Violation { control, subject, with, at } => {
                let Some(outcome) = self.outcomes.get(&**control) else { return Some(Self::unknown(control)) };
                let wanted = Wanted { subject, with: with.as_deref(), at: at.as_deref() };
                (!outcome.findings.iter().any(|finding| wanted.differences(finding).is_empty()))
                    .then(|| self.no_such_violation(outcome, &wanted, excerpts))
            }
            ExpectationKind::NoViolation { control, subject } => {
                let Some(outcome) = self.outcomes.get(&**control) else { return Some(Self::unknown(control)) };
                self.violated_or_unjudged(outcome, subject, excerpts)
            }
            ExpectationKind::Status { control, status } => {
                let Some(outcome) = self.outcomes.get(&**control) else { return Some(Self::unknown(control)) };
                (outcome.status != *status).then(|| self.other_status(outcome, *status, excerpts))
            }
            ExpectationKind::Query { .. } => None,
        }
    }

    /// What there is in the place of an expected violation: the nearest first, and why the rules do not fire for the subject.
    fn no_such_violation(&self, outcome: &Outcome, wanted: &Wanted<'_>, excerpts: &mut Excerpts<'_>) -> Mismatch {
        let id = &outcome.control.id;
        let mut ranked: Vec<((usize, usize), &Finding)> =
            outcome.findings.iter().map(|finding| (wanted.distance(finding), finding)).collect();
        ranked.sort_by_key(|(distance, _)| *distance);
        let mut found: Vec<Found> =
            ranked.iter().take(SHOWN).map(|(_, finding)| line(finding, &wanted.differences(finding))).collect();
        if ranked.len() > SHOWN {
            found.push(plain(format!("and {} more violations", ranked.len() - SHOWN)));
        }
        if ranked.is_empty() {
            found.push(plain(format!("{id} ended in {}, without a violation", outcome.status.name())));
        }
        let subject = wanted.subject;
        let of_subject: Vec<&Finding> =
            outcome.findings.iter().filter(|finding| is_subject(finding, subject)).collect();
        let message = match (of_subject.is_empty(), outcome.findings.is_empty()) {
            (true, true) => format!("expected a violation of {id} by `{subject}`, there is none"),
            (true, false) => format!("expected a violation of {id} by `{subject}`, there are only others"),
            (false, _) => format!("the violation of {id} by `{subject}` reads otherwise or stands elsewhere"),
        };
        let mut notes = outcome.reasons.clone();
        let why = match self.key(outcome, subject) {
            Some(key) => self.silent_rules(outcome, &key, excerpts),
            None => {
                notes.push(format!("`{subject}` is not in the scope of {id}"));
                notes.extend(self.near_members(outcome, subject));
                self.why_out_of_scope(outcome, subject, excerpts)
            }
        };
        Mismatch { message, found, notes, why }
    }

    fn violated_or_unjudged(&self, outcome: &Outcome, subject: &str, excerpts: &mut Excerpts<'_>) -> Option<Mismatch> {
        let id = &outcome.control.id;
        let of_subject: Vec<&Finding> =
            outcome.findings.iter().filter(|finding| is_subject(finding, subject)).collect();
        if let Some(first) = of_subject.first() {
            let message = format!("expected no violation of {id} by `{subject}`, there is one");
            let found = of_subject.iter().take(SHOWN).map(|finding| line(finding, &[])).collect();
            let why = self.explain(excerpts, |explainer| explainer.proof(first.row));
            return Some(Mismatch { message, found, notes: Vec::new(), why });
        }
        if matches!(outcome.status, Status::NoEvidence | Status::Error) {
            let message = format!("`{subject}` was not judged: {id} ended in {}", outcome.status.name());
            let found = vec![plain(format!("{} {id}", outcome.status.name()))];
            return Some(Mismatch { message, found, notes: outcome.reasons.clone(), why: None });
        }
        if self.key(outcome, subject).is_some() {
            return None;
        }
        let found = vec![plain(format!("`{subject}` is not in the scope of {id}"))];
        let notes = self.near_members(outcome, subject);
        let why = self.why_out_of_scope(outcome, subject, excerpts);
        Some(Mismatch { message: format!("`{subject}` is not in the scope of {id}"), found, notes, why })
    }

    fn other_status(&self, outcome: &Outcome, wanted: Status, excerpts: &mut Excerpts<'_>) -> Mismatch {
        let (id, status) = (&outcome.control.id, outcome.status);
        let message = format!("expected {id} to end in {}, it ended in {}", wanted.name(), status.name());
        let mut found =
            vec![Found { text: format!("{} {id}", status.name()), differs: vec![(0, status.name().len())] }];
        // What counts comes first: a waived violation is no reason for `fail`.
        let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
        findings.sort_by_key(|finding| finding.waiver.is_some());
        for finding in findings.iter().take(SHOWN) {
            let waived = if finding.waiver.is_some() { ", waived" } else { "" };
            found.push(plain(format!("{}{waived}", line(finding, &[]).text)));
        }
        if findings.len() > SHOWN {
            found.push(plain(format!("and {} more violations", findings.len() - SHOWN)));
        }
        let mut notes = outcome.reasons.clone();
        if status == Status::NotApplicable || findings.is_empty() && status == Status::Pass {
            notes.push(self.in_scope(outcome));
        }
        let why = match (findings.first(), status) {
            (Some(first), _) => self.explain(excerpts, |explainer| explainer.proof(first.row)),
            (None, Status::Pass) if matches!(wanted, Status::Fail | Status::Waived) => {
                let known = members(&outcome.control.scope, self.evaluated);
                known.first().and_then(|(key, _)| self.silent_rules(outcome, key, excerpts))
            }
            (None, Status::NotApplicable) => {
                self.explain(excerpts, |explainer| explainer.no_row(&outcome.control.scope, &[None]))
            }
            _ => None,
        };
        Mismatch { message, found, notes, why }
    }

    /// Why the violation rules that found nothing for a member are silent about it.
    fn silent_rules(&self, outcome: &Outcome, key: &Arc<str>, excerpts: &mut Excerpts<'_>) -> Option<Explanation> {
        let evaluated = self.evaluated;
        let fired = |rule: &JudgedRule| {
            let relation = evaluated.program.find(&rule.relation);
            outcome.findings.iter().any(|finding| finding.subject == *key && Some(finding.row.relation) == relation)
        };
        self.explain(excerpts, |explainer| {
            let silent = outcome.control.violations.iter().filter(|rule| !fired(rule));
            silent.for_each(|rule| explainer.no_violation(rule, key));
        })
    }

    /// Why the scope has no such member, where its rules can be asked: an entity's label is no value of theirs.
    fn why_out_of_scope(&self, outcome: &Outcome, subject: &str, excerpts: &mut Excerpts<'_>) -> Option<Explanation> {
        let known = !matches!(outcome.control.subject, facts::Type::Entity(_));
        let value = known.then(|| facts::Value::text(subject));
        self.explain(excerpts, |explainer| explainer.no_row(&outcome.control.scope, &[value]))
            .filter(|_| known || outcome.population == Some(0))
    }

    fn explain(&self, excerpts: &mut Excerpts<'_>, ask: impl FnOnce(&mut Explainer<'_, '_>)) -> Option<Explanation> {
        let mut explainer = Explainer::new(self.project, self.evaluated, excerpts);
        ask(&mut explainer);
        explainer.finish()
    }

    /// The key of the member that has this key or label.
    fn key(&self, outcome: &Outcome, subject: &str) -> Option<Arc<str>> {
        let known = members(&outcome.control.scope, self.evaluated);
        known.into_iter().find(|(key, label)| **key == *subject || **label == *subject).map(|(key, _)| key)
    }

    /// What is in scope in the place of a subject that is not.
    fn near_members(&self, outcome: &Outcome, subject: &str) -> Vec<String> {
        let known = members(&outcome.control.scope, self.evaluated);
        let near = did_you_mean(subject, known.iter().map(|(_, label)| &**label));
        std::iter::once(self.in_scope(outcome)).chain(near).collect()
    }

    fn in_scope(&self, outcome: &Outcome) -> String {
        let known = members(&outcome.control.scope, self.evaluated);
        let shown: Vec<String> = known.iter().take(SHOWN).map(|(_, label)| format!("`{label}`")).collect();
        match known.len() {
            0 => "nothing is in scope".to_owned(),
            count if count > SHOWN => format!("in scope: {} and {} more", shown.join(", "), count - SHOWN),
            _ => format!("in scope: {}", shown.join(", ")),
        }
    }
}

fn is_subject(finding: &Finding, subject: &str) -> bool {
    *finding.subject == *subject || *finding.label == *subject
}

fn plain(text: String) -> Found {
    Found { text, differs: Vec::new() }
}

/// An expected violation.
struct Wanted<'a> {
    subject: &'a str,
    with: Option<&'a str>,
    at: Option<&'a str>,
}

/// What of a violation differs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Message,
    Place,
}

impl Wanted<'_> {
    fn differences(&self, finding: &Finding) -> Vec<Part> {
        let mut parts = Vec::new();
        if !is_subject(finding, self.subject) {
            parts.push(Part::Subject);
        }
        if self.with.is_some_and(|text| !finding.message.contains(text)) {
            parts.push(Part::Message);
        }
        if self.at.is_some_and(|at| place_of(finding).as_deref() != Some(at)) {
            parts.push(Part::Place);
        }
        parts
    }

    /// How far a violation is from the expected one: another subject counts most, then how unlike it reads.
    fn distance(&self, finding: &Finding) -> (usize, usize) {
        let cost = |part: &Part| if *part == Part::Subject { 4 } else { 1 };
        let parts = self.differences(finding);
        let unlike = if parts.contains(&Part::Subject) { unlike(self.subject, &finding.label) } else { 0 };
        (parts.iter().map(cost).sum(), unlike)
    }
}

fn place_of(finding: &Finding) -> Option<String> {
    finding.place.as_ref().map(|spot| format!("{}:{}", spot.path, spot.line))
}

/// A violation as a test would expect it, with what differs marked.
fn line(finding: &Finding, parts: &[Part]) -> Found {
    let mut pieces = vec![
        (format!("violation {}(", finding.control), None),
        (format!("\"{}\"", finding.label), Some(Part::Subject)),
        (") with ".to_owned(), None),
        (format!("\"{}\"", finding.message), Some(Part::Message)),
    ];
    if let Some(place) = place_of(finding) {
        pieces.extend([(" at ".to_owned(), None), (format!("\"{place}\""), Some(Part::Place))]);
    }
    let mut found = Found::default();
    for (text, part) in pieces {
        let start = found.text.len();
        found.text.push_str(&text);
        if part.is_some_and(|part| parts.contains(&part)) {
            found.differs.push((start, found.text.len()));
        }
    }
    found
}
