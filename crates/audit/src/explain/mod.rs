//! Why a finding was made, why a member passes, why a row holds, and why there is none.
//!
//! `question` reads what is asked. `proof` and `absent` write nodes with the `writer`; `inputs` says what was read. `tree`,
//! `json` and `dot` are what an [`Explanation`] looks like; `fold` says what a tree leaves out.

mod absent;
mod atom;
mod dot;
mod fold;
mod inputs;
mod json;
mod member;
mod proof;
mod question;
mod testing;
mod tree;
mod writer;

use base::did_you_mean;

use crate::{CheckOptions, Evaluated, Failure, Finding, Outcome, Project};

/// Controls that were judged, and the rows behind them.
pub(crate) type Judged<'a> = (&'a [Outcome], &'a Evaluated);

pub(crate) use testing::Explainer;
pub use tree::{Cell, Explanation, Node, NodeKind};
use writer::Writer;

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

/// How much is explained.
#[derive(Debug, Clone, Copy)]
pub struct ExplainOptions {
    /// Proofs shown of an atom that several rows match.
    pub rows: usize,
    /// Levels that a failing premise is gone into.
    pub depth: usize,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        ExplainOptions { rows: 1, depth: 2 }
    }
}

impl Project {
    /// Why it holds; where it does not, why not.
    pub fn explain(
        &mut self,
        target: &ExplainTarget,
        options: ExplainOptions,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Explanation, Failure> {
        match target {
            ExplainTarget::Finding(id) => self.explain_finding(id, progress),
            ExplainTarget::Member { control, subject } => {
                let run = self.judged(control, progress)?;
                self.explain_member((&run.assessment.controls, &run.evaluated), control, subject, options)
            }
            ExplainTarget::Atom(atom) => {
                let query = self.atom(atom)?;
                let evaluated = self.evaluate(&[], &[&query], progress)?;
                self.explain_query(atom, &query, &evaluated, options)
            }
        }
    }

    /// Why it does not hold; where it does, how to see why.
    pub fn why_not(
        &mut self,
        target: &ExplainTarget,
        options: ExplainOptions,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Explanation, Failure> {
        match target {
            ExplainTarget::Finding(id) => {
                let help = format!("name the member: `lawbook why-not {} SUBJECT`", id.split('@').next().unwrap_or(id));
                Err(Failure::plain("E0940", format!("`{id}` is no atom, and no member is named")).help(help))
            }
            ExplainTarget::Member { control, subject } => {
                let run = self.judged(control, progress)?;
                self.member_why_not((&run.assessment.controls, &run.evaluated), control, subject, options)
            }
            ExplainTarget::Atom(atom) => {
                let query = self.atom(atom)?;
                let evaluated = self.evaluate(&[], &[&query], progress)?;
                self.query_why_not(atom, &query, &evaluated, options)
            }
        }
    }

    fn explain_finding(&self, id: &str, progress: &mut dyn FnMut(&str)) -> Result<Explanation, Failure> {
        let (control, _) = id.split_once('@').unwrap_or((id, ""));
        let known = self.compilation.controls.iter().any(|known| *known.id == *control);
        let controls = if known { vec![control.to_owned()] } else { Vec::new() };
        let run = self.check(&CheckOptions { controls, ..CheckOptions::default() }, progress)?;
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
        let mut explanation = Explanation {
            title: format!("{}  {}", finding.id, finding.message),
            holds: true,
            ..Explanation::default()
        };
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
}
