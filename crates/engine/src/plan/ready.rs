//! What an atom looks its rows up in has to be made first: an index on the known columns, or the members of a relation.
//!
//! That costs more than to look at each row once, so that a body evaluated once may do better without: a scan from the large
//! relation, whose rows ask a small one, or for constants a scan that checks them. The next rules may ask the same question, though: what was spent by going
//! without is added up, and once it comes to the price of the index, the index is made (the rule of ski rental: at most
//! twice of what would have been spent by somebody who knew all questions beforehand).

use ir::{Atom, Body, RelId};

use super::op::{Op, OpKind, Source};
use super::planner::Planner;
use super::scope::Set;
use crate::store::each_relation;

/// What it costs to enter a row in an index or a set of members, in bindings of a block.
const ENTER: f64 = 4.0;
/// What it costs to look at a row in a scan.
const LOOK: f64 = 0.1;
/// Relations with fewer rows are indexed without further thought.
const SMALL: u32 = 512;

/// Something that would have to be made.
#[derive(Debug, Clone)]
pub(super) struct Unready {
    pub relation: RelId,
    /// The columns that are known.
    pub on: Vec<usize>,
    /// What it costs beside what was spent already.
    pub cost: f64,
}

impl Planner<'_> {
    /// What would have to be made to look an atom up, for a body that is evaluated once. `single` is whether the atom is asked
    /// about one binding alone.
    pub(super) fn unready(&self, atom: &Atom, bound: &Set, single: bool) -> Option<Unready> {
        let on: Vec<usize> = (0..atom.args.len()).filter(|&at| self.is_bound(&atom.args[at], bound)).collect();
        if on.is_empty() || self.is_ready_on(atom.relation, &on) {
            return None;
        }
        let rows = f64::from(self.store.get(atom.relation).visible);
        let cost = (rows * ENTER - self.statistics.forgone(atom.relation, &on)).max(0.0);
        let cost = if single { cost.min(rows * LOOK) } else { cost };
        Some(Unready { relation: atom.relation, on, cost })
    }

    /// Whether a body reads relations of its own stratum: what its rules look up is looked up again in each round.
    pub(super) fn reads_growing(&self, body: &Body) -> bool {
        let mut growing = false;
        each_relation(body, &mut |relation| growing |= self.store.get(relation).growing);
        growing
    }

    /// Whether these columns can be looked up, or are not worth a thought.
    fn is_ready_on(&self, relation: RelId, on: &[usize]) -> bool {
        let stored = self.store.get(relation);
        let whole = on.len() == stored.columns.len() && stored.has_members();
        stored.visible < SMALL || whole || stored.index_on(on).is_some()
    }

    /// Whether an atom that is asked about one binding is better scanned. If so, that is put down.
    pub(super) fn scans(&mut self, relation: RelId, known: &[(usize, Source)]) -> bool {
        let on: Vec<usize> = known.iter().map(|&(column, _)| column).collect();
        if on.is_empty() || self.is_ready_on(relation, &on) {
            return false;
        }
        let rows = f64::from(self.store.get(relation).visible);
        let scans = self.statistics.forgone(relation, &on) < rows * ENTER;
        if scans {
            self.statistics.forgo(relation, &on, rows * LOOK);
        }
        scans
    }
}

/// Whether these operations give no more than one binding for one.
pub(super) fn is_single(ops: &[Op]) -> bool {
    ops.iter().all(|op| match &op.kind {
        OpKind::Compare(..) | OpKind::Bind { .. } | OpKind::In { .. } | OpKind::IsNone { .. } => true,
        OpKind::Exists(_) | OpKind::Absent(_) | OpKind::Not { .. } | OpKind::Aggregate(_) => true,
        OpKind::Join(_) | OpKind::Meet(_) | OpKind::Or(_) | OpKind::Distinct(_) => false,
        OpKind::Each { values, .. } => values.len() < 2,
        OpKind::Text { .. } => false,
    })
}
