//! The way of a tainted value: the rows of `flow.step` in the proof of a finding, in the order of its leaves.

use std::sync::Arc;

use engine::{Evaluation, Premise, PremiseKind, Proof, Reason, RowRef};
use facts::Value;
use ir::{Program, RelId};
use lang::Dependency;

use crate::Spot;
use crate::excerpts::Excerpts;

/// The relation whose rows are hops of a value: from one expression to another.
const STEP: &str = "flow.step";

/// Whether proofs of what rests on these relations may hold hops of a value.
pub(crate) fn reads_steps(program: &Program, dependencies: &[Dependency]) -> bool {
    let step = program.find(STEP);
    step.is_some_and(|step| dependencies.iter().any(|dependency| dependency.id == step))
}

/// The expressions that the value goes through, from the source to the sink, each with its label; empty where no hop is in the proof.
pub(crate) fn path(evaluation: &Evaluation, row: RowRef, excerpts: &mut Excerpts<'_>) -> Vec<(String, Spot)> {
    let Some(step) = evaluation.program().find(STEP) else { return Vec::new() };
    let database = evaluation.database();
    let mut path: Vec<(String, Spot)> = Vec::new();
    for (from, to) in hops(&evaluation.proof(row), step) {
        for key in [from, to] {
            let Some(info) = database.values.find(&key).and_then(|code| database.entity(code)) else { continue };
            let spot = excerpts.spot(database.file(info.origin.file), info.origin.place);
            if path.last().is_none_or(|(_, last)| *last != spot) {
                path.push((info.label.to_string(), spot));
            }
        }
    }
    path
}

/// Hops of a proof, depth first in the order of premises, what is shared once.
fn hops(proof: &Proof, step: RelId) -> Vec<(Arc<str>, Arc<str>)> {
    let mut seen = vec![false; proof.nodes.len()];
    let mut stack = vec![0];
    let mut found = Vec::new();
    while let Some(number) = stack.pop() {
        let Some(node) = proof.nodes.get(number) else { continue };
        if std::mem::replace(&mut seen[number], true) {
            continue;
        }
        if node.row.relation == step {
            if let [Value::Text(from), Value::Text(to), ..] = node.values.as_slice() {
                found.push((from.clone(), to.clone()));
            }
            continue;
        }
        if let Reason::Rule(instance) = &node.reason {
            let mut rows = Vec::new();
            instance.premises.iter().for_each(|premise| premise_rows(premise, &mut rows));
            stack.extend(rows.into_iter().rev());
        }
    }
    found
}

/// The rows among a premise, in the order of the text.
pub(crate) fn premise_rows(premise: &Premise, rows: &mut Vec<usize>) {
    match &premise.kind {
        PremiseKind::Row(number) => rows.push(*number),
        PremiseKind::Branch { premises, .. } => premises.iter().for_each(|premise| premise_rows(premise, rows)),
        PremiseKind::Absent | PremiseKind::Holds => {}
    }
}
