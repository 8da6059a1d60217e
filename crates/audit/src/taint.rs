//! The way of a value: the rows of `flow.step` and `flow.hop` in the proof of a finding, in the order of its leaves.
//!
//! Only those parts of the proof are built that can hold hops: what rests on no hop is passed over, and what a hop itself rests on is
//! none of the way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Evaluation, Premise, PremiseKind, RowRef};
use facts::Value;
use ir::{Body, LiteralKind, Program, RelId};

use crate::Spot;
use crate::excerpts::Excerpts;

/// The relations whose rows are hops of a value from one expression to another: of one that comes from a source, and of any.
const HOPS: [&str; 2] = ["flow.step", "flow.hop"];

/// Finds the ways of the findings of a run.
pub(crate) struct Tracer<'a> {
    evaluation: &'a Evaluation,
    hops: Vec<RelId>,
    /// Relations whose proofs may hold hops, that of the hops included.
    on_the_way: BTreeSet<RelId>,
    /// Findings share most of their ways: what a row rests on, as far as it is on the way.
    known: BTreeMap<RowRef, Vec<RowRef>>,
}

impl<'a> Tracer<'a> {
    pub(crate) fn new(evaluation: &'a Evaluation) -> Self {
        let hops: Vec<RelId> = HOPS.iter().filter_map(|name| evaluation.program().find(name)).collect();
        let on_the_way = resting_on(evaluation.program(), &hops);
        Tracer { evaluation, hops, on_the_way, known: BTreeMap::new() }
    }

    /// The expressions that the value goes through, from the source to the sink, each with its label; empty where no hop is in the proof.
    pub(crate) fn path(&mut self, row: RowRef, excerpts: &mut Excerpts<'_>) -> Vec<(String, Spot)> {
        let database = self.evaluation.database();
        let mut path: Vec<(String, Spot)> = Vec::new();
        for key in self.hops(row) {
            let Some(info) = database.values.find(&key).and_then(|code| database.entity(code)) else { continue };
            let spot = excerpts.spot(database.file(info.origin.file), info.origin.place);
            if path.last().is_none_or(|(_, last)| *last != spot) {
                path.push((info.label.to_string(), spot));
            }
        }
        path
    }

    /// Both ends of each hop of the row's proof, depth first in the order of premises, what is shared once.
    fn hops(&mut self, row: RowRef) -> Vec<Arc<str>> {
        let mut seen = BTreeSet::new();
        let mut stack = vec![row];
        let mut found = Vec::new();
        while let Some(row) = stack.pop() {
            if !self.on_the_way.contains(&row.relation) || !seen.insert(row) {
                continue;
            }
            if self.hops.contains(&row.relation) {
                if let [Value::Text(from), Value::Text(to), ..] = self.evaluation.values(row).as_slice() {
                    found.extend([from.clone(), to.clone()]);
                }
                continue;
            }
            let premises = self.known.entry(row).or_insert_with(|| {
                let rows = self.evaluation.premises(row);
                rows.into_iter().filter(|row| self.on_the_way.contains(&row.relation)).collect()
            });
            stack.extend(premises.iter().rev());
        }
        found
    }
}

/// The relations whose proofs may hold rows of some relations, these included: those that read it outside of negations and aggregates.
fn resting_on(program: &Program, relations: &[RelId]) -> BTreeSet<RelId> {
    let mut found: BTreeSet<RelId> = relations.iter().copied().collect();
    loop {
        let before = found.len();
        for rule in program.rules.iter() {
            if !found.contains(&rule.head) && reads(&rule.body, &found) {
                found.insert(rule.head);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn reads(body: &Body, relations: &BTreeSet<RelId>) -> bool {
    body.iter().any(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => relations.contains(&atom.relation),
        LiteralKind::Or(branches) => branches.iter().any(|branch| reads(branch, relations)),
        _ => false,
    })
}

/// The rows among a premise, in the order of the text.
pub(crate) fn premise_rows(premise: &Premise, rows: &mut Vec<usize>) {
    match &premise.kind {
        PremiseKind::Row(number) => rows.push(*number),
        PremiseKind::Branch { premises, .. } => premises.iter().for_each(|premise| premise_rows(premise, rows)),
        PremiseKind::Absent | PremiseKind::Holds => {}
    }
}
