//! Explanations for failing tests: the proof of what should not be, and why what should be is not.

use std::sync::Arc;

use engine::{Pattern, RowRef, Want};
use facts::Value;
use lang::JudgedRule;

use super::tree::{Explanation, NodeKind};
use super::writer::Writer;
use crate::excerpts::Excerpts;
use crate::{Evaluated, Project};

/// Levels that a failing premise is gone into: enough to see which relation lacks what.
const DEPTH: usize = 2;

/// Explains rows of one evaluation; what several explanations share is told once.
pub(crate) struct Explainer<'a, 'e> {
    writer: Writer<'a, 'e>,
    roots: Vec<usize>,
}

impl<'a, 'e> Explainer<'a, 'e> {
    pub(crate) fn new(project: &'a Project, evaluated: &'a Evaluated, excerpts: &'a mut Excerpts<'e>) -> Self {
        Explainer { writer: Writer::new(project, evaluated, excerpts), roots: Vec::new() }
    }

    /// Why a row is there.
    pub(crate) fn proof(&mut self, row: RowRef) {
        let root = self.writer.proof(row);
        self.roots.push(root);
    }

    /// Why a violation rule does not fire for a subject.
    pub(crate) fn no_violation(&mut self, rule: &JudgedRule, subject: &Arc<str>) {
        let roots = self.writer.no_violation(rule, subject, DEPTH);
        self.roots.extend(roots);
    }

    /// Why a relation has no row with these values; `None` is any value. The rows nearest to it are for others to show.
    pub(crate) fn no_row(&mut self, relation: &str, values: &[Option<Value>]) {
        let Some(id) = self.writer.evaluated.program.find(relation) else { return };
        let mut pattern = Pattern::any(values.len());
        for (want, value) in pattern.columns.iter_mut().zip(values) {
            if let Some(value) = value {
                *want = Want::Is(value.clone());
            }
        }
        let roots = self.writer.why_not(id, &pattern, DEPTH);
        let nodes = &self.writer.nodes;
        self.roots.extend(roots.into_iter().filter(|root| nodes[*root].kind != NodeKind::Near));
    }

    /// Why a query has no answer.
    pub(crate) fn no_answer(&mut self, answers: &str) {
        let Some(id) = self.writer.evaluated.program.find(answers) else { return };
        let roots = self.writer.unanswered(id);
        self.roots.extend(roots);
    }

    /// What was asked for so far; nothing if there is nothing to tell.
    pub(crate) fn finish(self) -> Option<Explanation> {
        let explanation = Explanation { nodes: self.writer.nodes, roots: self.roots, ..Explanation::default() };
        (!explanation.roots.is_empty()).then_some(explanation)
    }
}
