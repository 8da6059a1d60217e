//! Atoms that close a cycle over one new variable, carried out together.
//!
//! In `t(x, y, z) :- e(x, y), e(y, z), e(z, x)` both atoms with `z` limit it. Looking up one and asking the other about each
//! match costs as much as that one has matches, which is more than any answer can need where few codes have most of the
//! rows. Instead each binding takes the atom with the fewest matches and asks the others: the step of worst-case optimal
//! joins (Ngo, Porat, Ré and Rudra 2012; Generic Join) at the place where it matters, with the indexes that are there anyway.

use super::op::{Access, Join, Meet, Op, OpKind, Plan, Source, Way};
use crate::Structures;
use crate::store::{Reach, Store};

/// Matches for a binding from which on it pays to look for the fewest.
const MATCHES: f64 = 3.0;

impl Plan {
    /// Joins atoms that limit one new variable into one operation, where that promises to pay.
    pub fn meet(&mut self, store: &mut Store, structures: Structures) {
        let mut at = 0;
        while at + 1 < self.ops.len() {
            let end = self.closed(at, store);
            if end > at + 1 && (structures == Structures::Dense || self.pays(at, end, store)) {
                self.join(at, end, store);
            }
            at += 1;
        }
    }

    /// Where the operations end that ask whether a value is there which this one looks up.
    fn closed(&self, at: usize, store: &Store) -> usize {
        let OpKind::Join(first) = &self.ops[at].kind else { return at };
        let [(slot, _)] = first.binds[..] else { return at };
        let stored = store.get(first.relation);
        let whole = first.key.len() + 1 == stored.columns.len() && !stored.growing && first.checks.is_empty();
        if !whole || first.reach != Reach::All || !matches!(first.access, Access::Index(_)) {
            return at;
        }
        let closes = |op: &&Op| match &op.kind {
            OpKind::Exists(join) => {
                let of_slot = |source: &&Source| matches!(source, Source::Slot(other) if *other == slot);
                join.access == Access::Whole
                    && join.checks.is_empty()
                    && join.key.len() > 1
                    && join.key.iter().filter(of_slot).count() == 1
            }
            _ => false,
        };
        at + 1 + self.ops[at + 1..].iter().take_while(closes).count()
    }

    /// Whether there are matches to be spared, and more of them than rows to be indexed.
    fn pays(&self, at: usize, end: usize, store: &Store) -> bool {
        let before = if at == 0 { 1.0 } else { self.ops[at - 1].expected };
        let all = self.ops[at].expected;
        let new = match &self.ops[0].kind {
            OpKind::Join(join) if join.reach == Reach::Delta => f64::from(store.get(join.relation).visible),
            _ => 1.0,
        };
        let rows = |op: &Op| match &op.kind {
            OpKind::Exists(join) => f64::from(store.get(join.relation).visible),
            _ => 0.0,
        };
        let indexed: f64 = self.ops[at + 1..end].iter().map(rows).sum();
        all >= before * MATCHES && all * new >= indexed * 2.0
    }

    fn join(&mut self, at: usize, end: usize, store: &mut Store) {
        let OpKind::Join(Join { binds, .. }) = &self.ops[at].kind else { return };
        let slot = binds[0].0;
        let ways = self.ops[at..end].iter().filter_map(|op| way(op, slot, store)).collect();
        let last = &self.ops[end - 1];
        let kind = OpKind::Meet(Meet { slot, ways });
        let op = Op { keep: last.keep.clone(), expected: last.expected, ..Op::new(kind, self.ops[at].literal) };
        self.ops.splice(at..end, [op]);
    }
}

/// How an atom gives the values of the slot, and how it is asked about one.
fn way(op: &Op, slot: usize, store: &mut Store) -> Option<Way> {
    let (relation, row): (_, Vec<Source>) = match &op.kind {
        OpKind::Exists(join) => (join.relation, join.key.clone()),
        OpKind::Join(join) => {
            let Access::Index(number) = join.access else { return None };
            let stored = store.get(join.relation);
            let mut row = vec![Source::Slot(slot); stored.columns.len()];
            stored.index(number).on().iter().zip(&join.key).for_each(|(&column, &source)| row[column] = source);
            (join.relation, row)
        }
        _ => return None,
    };
    let is_slot = |source: &Source| matches!(source, Source::Slot(other) if *other == slot);
    let column = row.iter().position(is_slot)?;
    let on: Vec<usize> = (0..row.len()).filter(|&other| other != column).collect();
    let stored = store.get_mut(relation);
    stored.ensure_members();
    let index = stored.ensure_index(&on);
    let key = stored.index(index).on().iter().map(|&column| row[column]).collect();
    Some(Way { relation, index, key, column, row, place: op.place })
}
