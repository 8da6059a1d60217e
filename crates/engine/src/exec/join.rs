//! Atoms: bindings and the rows that match them.

use std::ops::Range;

use super::block::{BLOCK, Block};
use super::run::Cursor;
use crate::plan::{Access, Check, Join, Source};
use crate::store::{Reach, Store, Stored};

/// Rows tried before the block at hand is handed on, however small, so that limits are looked at in between.
const PATIENCE: usize = 1 << 18;

/// The next block of bindings with their matching rows.
pub(crate) fn join(join: &Join, block: &Block, cursor: &mut Cursor, keep: &[usize], store: &Store) -> Block {
    let matches = Matches::new(join, store.get(join.relation));
    if block.len == 1 && join.access == Access::Scan && join.checks.is_empty() {
        return matches.stretch(block, cursor, keep);
    }
    let mut from: Vec<u32> = Vec::with_capacity(BLOCK);
    let mut rows: Vec<u32> = Vec::with_capacity(BLOCK);
    let mut key = vec![0; join.key.len()];
    let mut tried = 0;
    while cursor.row < block.len && rows.len() < BLOCK && tried < PATIENCE {
        let candidates = matches.of(block, cursor.row, &mut key);
        let start = cursor.done;
        let end = candidates.len().min(start + (BLOCK - rows.len()).min(PATIENCE - tried));
        matches.take(&candidates, start..end, block, cursor.row, &mut rows);
        from.resize(rows.len(), cursor.row as u32);
        tried += end - start + 1;
        if end == candidates.len() {
            cursor.row += 1;
            cursor.done = 0;
        } else {
            cursor.done = end;
        }
    }
    let mut out = block.take(&from, keep);
    for &(slot, column) in &join.binds {
        let codes = &matches.stored.columns[column];
        out.columns[slot] = rows.iter().map(|&row| codes[row as usize]).collect();
    }
    out
}

/// The bindings that have a match (or, if not `wanted`, have none).
pub(crate) fn exists(join: &Join, block: &Block, wanted: bool, keep: &[usize], store: &Store) -> Block {
    let matches = Matches::new(join, store.get(join.relation));
    let mut key = vec![0; join.key.len()];
    let mut rows: Vec<u32> = Vec::with_capacity(block.len);
    for binding in 0..block.len {
        if matches.any(block, binding, &mut key) == wanted {
            rows.push(binding as u32);
        }
    }
    block.take(&rows, keep)
}

/// Finds the rows that match a binding.
struct Matches<'a> {
    join: &'a Join,
    stored: &'a Stored,
    low: u32,
    high: u32,
}

/// Rows that have a binding's key.
enum Candidates<'a> {
    /// Those of a posting.
    Some(&'a [u32]),
    /// All of a range.
    All(Range<u32>),
}

impl Candidates<'_> {
    #[inline]
    fn len(&self) -> usize {
        match self {
            Candidates::Some(rows) => rows.len(),
            Candidates::All(range) => range.len(),
        }
    }
}

impl<'a> Matches<'a> {
    fn new(join: &'a Join, stored: &'a Stored) -> Self {
        let range = stored.range(join.reach);
        Matches { join, stored, low: range.start, high: range.end }
    }

    /// The rows of a scan as they stand, for the only binding of a block.
    fn stretch(&self, block: &Block, cursor: &mut Cursor, keep: &[usize]) -> Block {
        let start = self.low as usize + cursor.done;
        let end = (self.high as usize).min(start + BLOCK);
        cursor.done += end - start;
        cursor.row = usize::from(end >= self.high as usize);
        let mut out = block.take(&vec![0; end - start], keep);
        for &(slot, column) in &self.join.binds {
            out.columns[slot] = self.stored.columns[column][start..end].to_vec();
        }
        out
    }

    #[inline]
    fn of(&self, block: &Block, binding: usize, key: &mut [u32]) -> Candidates<'a> {
        match self.join.access {
            Access::Scan => Candidates::All(self.low..self.high),
            Access::Whole => Candidates::All(0..u32::from(self.whole(block, binding, key))),
            Access::Index(number) => {
                fill(key, &self.join.key, block, binding);
                let rows = self.stored.index(number).rows(&self.stored.columns, key);
                Candidates::Some(match self.join.reach {
                    Reach::All => rows,
                    Reach::Old => &rows[..rows.partition_point(|&row| row < self.high)],
                    Reach::Delta => &rows[rows.partition_point(|&row| row < self.low)..],
                })
            }
        }
    }

    fn whole(&self, block: &Block, binding: usize, key: &mut [u32]) -> bool {
        fill(key, &self.join.key, block, binding);
        // All columns are known, in their order.
        let present = |check: &Check| !matches!(check, Check::Present(column) if key[*column] == facts::Code::NONE.0);
        self.join.checks.iter().all(present) && self.stored.contains(key)
    }

    /// Adds those of the candidates of a range that pass the checks.
    #[inline]
    fn take(&self, candidates: &Candidates, range: Range<usize>, block: &Block, binding: usize, out: &mut Vec<u32>) {
        match candidates {
            Candidates::Some(rows) if self.join.checks.is_empty() => out.extend_from_slice(&rows[range]),
            Candidates::Some(rows) => {
                out.extend(rows[range].iter().copied().filter(|&row| self.holds(block, binding, row)));
            }
            Candidates::All(_) if self.join.access == Access::Whole => out.extend(range.map(|_| 0)),
            Candidates::All(rows) => {
                let rows = rows.start + range.start as u32..rows.start + range.end as u32;
                out.extend(rows.filter(|&row| self.holds(block, binding, row)));
            }
        }
    }

    #[inline]
    fn any(&self, block: &Block, binding: usize, key: &mut [u32]) -> bool {
        if self.join.access == Access::Whole {
            return self.whole(block, binding, key);
        }
        match self.of(block, binding, key) {
            Candidates::Some(rows) => rows.iter().any(|&row| self.holds(block, binding, row)),
            Candidates::All(mut rows) => rows.any(|row| self.holds(block, binding, row)),
        }
    }

    #[inline]
    fn holds(&self, block: &Block, binding: usize, row: u32) -> bool {
        let columns = &self.stored.columns;
        let row = row as usize;
        self.join.checks.iter().all(|check| match check {
            Check::Present(column) => columns[*column][row] != facts::Code::NONE.0,
            Check::Same(first, second) => columns[*first][row] == columns[*second][row],
            Check::Is(column, source) => columns[*column][row] == code(source, block, binding),
        })
    }
}

#[inline]
fn fill(key: &mut [u32], sources: &[Source], block: &Block, binding: usize) {
    key.iter_mut().zip(sources).for_each(|(known, source)| *known = code(source, block, binding));
}

#[inline]
fn code(source: &Source, block: &Block, binding: usize) -> u32 {
    match source {
        Source::Slot(slot) => block.columns[*slot][binding],
        Source::Code(code) => *code,
    }
}
