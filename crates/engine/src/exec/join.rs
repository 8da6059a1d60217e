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
    let mut found = Found::with_capacity(BLOCK);
    match join.access {
        Access::Index(number) => matches.indexed(number, block, cursor, &mut found),
        Access::Scan | Access::Whole => matches.scanned(block, cursor, &mut found),
    }
    let mut out = block.take(&found.from, keep);
    for &(slot, column) in &join.binds {
        out.columns[slot] = match matches.stored.columns.get(column) {
            Some(codes) => found.rows.iter().map(|&row| codes[row as usize]).collect(),
            // The row itself is asked for.
            None => found.rows.clone(),
        };
    }
    out
}

/// Bindings, and beside each a row that matches it.
pub(super) struct Found {
    pub from: Vec<u32>,
    pub rows: Vec<u32>,
    tried: usize,
}

impl Found {
    pub fn with_capacity(rows: usize) -> Self {
        Found { from: Vec::with_capacity(rows), rows: Vec::with_capacity(rows), tried: 0 }
    }

    /// How many candidates to look at before the block is full, or limits are to be looked at.
    pub fn room(&self) -> usize {
        BLOCK.saturating_sub(self.rows.len()).min(PATIENCE.saturating_sub(self.tried))
    }
}

impl Cursor {
    /// Which of a binding's candidates to look at now; the cursor moves behind them.
    pub(super) fn advance(&mut self, candidates: usize, found: &mut Found) -> Range<usize> {
        let start = self.done.min(candidates);
        let end = candidates.min(start + found.room());
        found.tried += end - start + 1;
        self.done = end;
        if end == candidates {
            (self.row, self.done) = (self.row + 1, 0);
        }
        start..end
    }
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

/// Bindings looked up in an index at a time.
const CHUNK: usize = 256;

/// Finds the rows that match a binding.
struct Matches<'a> {
    join: &'a Join,
    stored: &'a Stored,
    low: u32,
    high: u32,
}

impl<'a> Matches<'a> {
    fn new(join: &'a Join, stored: &'a Stored) -> Self {
        let range = stored.range(join.reach);
        Matches { join, stored, low: range.start, high: range.end }
    }

    /// The rows of a scan as they stand, for the only binding of a block.
    fn stretch(&self, block: &Block, cursor: &mut Cursor, keep: &[usize]) -> Block {
        let high = (self.high as usize).min((self.low as usize).saturating_add(cursor.limit));
        let start = (self.low as usize + cursor.done).min(high);
        let end = high.min(start + BLOCK);
        cursor.done += end - start;
        cursor.row = usize::from(end >= high);
        let mut out = block.take(&vec![0; end - start], keep);
        for &(slot, column) in &self.join.binds {
            out.columns[slot] = match self.stored.columns.get(column) {
                Some(codes) => codes[start..end].to_vec(),
                None => (start as u32..end as u32).collect(),
            };
        }
        out
    }

    /// Looks bindings up in an index until the block is full.
    fn indexed(&self, number: usize, block: &Block, cursor: &mut Cursor, found: &mut Found) {
        let index = self.stored.index(number);
        let (mut key, mut spans) = (Vec::new(), Vec::with_capacity(CHUNK));
        while cursor.row < block.len && found.room() > 0 {
            let first = cursor.row;
            let chunk = first..block.len.min(first + CHUNK);
            spans.clear();
            match self.join.key.as_slice() {
                [Source::Slot(slot)] => index.spans(&self.stored.columns, &block.columns[*slot][chunk], &mut spans),
                sources => {
                    key.clear();
                    chunk.for_each(|binding| key.extend(sources.iter().map(|source| code(source, block, binding))));
                    index.spans(&self.stored.columns, &key, &mut spans);
                }
            }
            for span in &spans {
                let binding = cursor.row;
                let all = self.within(&index.all()[span.start as usize..span.end as usize]);
                // Rows that fail a check take no room: one binding may have more of them than a block.
                while cursor.row == binding {
                    if found.room() == 0 {
                        return;
                    }
                    let rows = &all[cursor.advance(all.len(), found)];
                    match self.join.checks.is_empty() {
                        true if rows.len() > 16 => found.rows.extend_from_slice(rows),
                        true => rows.iter().for_each(|&row| found.rows.push(row)),
                        false => found.rows.extend(rows.iter().filter(|&&row| self.holds(block, binding, row))),
                    }
                    found.from.resize(found.rows.len(), binding as u32);
                }
            }
        }
    }

    /// Holds every row of the reach against each binding until the block is full.
    fn scanned(&self, block: &Block, cursor: &mut Cursor, found: &mut Found) {
        let mut key = vec![0; self.join.key.len()];
        while cursor.row < block.len && found.room() > 0 {
            let binding = cursor.row;
            if self.join.access == Access::Whole {
                cursor.advance(0, found);
                if self.whole(block, binding, &mut key) {
                    found.rows.push(0);
                }
            } else {
                let range = cursor.advance(cursor.limit.min((self.high - self.low) as usize), found);
                let rows = self.low + range.start as u32..self.low + range.end as u32;
                found.rows.extend(rows.filter(|&row| self.holds(block, binding, row)));
            }
            found.from.resize(found.rows.len(), binding as u32);
        }
    }

    /// Those of a posting's rows that the reach has.
    #[inline]
    fn within<'r>(&self, rows: &'r [u32]) -> &'r [u32] {
        match self.join.reach {
            Reach::All => rows,
            // Few rows are of the last round: what is cut off is looked for from the end.
            Reach::Old => &rows[..rows.len() - newer(rows, self.high)],
            Reach::Delta => &rows[rows.len() - newer(rows, self.low)..],
        }
    }

    fn whole(&self, block: &Block, binding: usize, key: &mut [u32]) -> bool {
        fill(key, &self.join.key, block, binding);
        // All columns are known, in their order.
        let present = |check: &Check| !matches!(check, Check::Present(column) if key[*column] == facts::Code::NONE.0);
        self.join.checks.iter().all(present) && self.stored.contains(key)
    }

    #[inline]
    fn any(&self, block: &Block, binding: usize, key: &mut [u32]) -> bool {
        match self.join.access {
            Access::Whole => self.whole(block, binding, key),
            Access::Scan => (self.low..self.high).any(|row| self.holds(block, binding, row)),
            Access::Index(number) => {
                fill(key, &self.join.key, block, binding);
                let index = self.stored.index(number);
                let rows = self.within(&index.all()[index.span(&self.stored.columns, key)]);
                rows.iter().any(|&row| self.holds(block, binding, row))
            }
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
            Check::Alive => !self.stored.dead.has(row as u32),
        })
    }
}

#[inline]
pub(super) fn fill(key: &mut [u32], sources: &[Source], block: &Block, binding: usize) {
    key.iter_mut().zip(sources).for_each(|(known, source)| *known = code(source, block, binding));
}

#[inline]
pub(super) fn code(source: &Source, block: &Block, binding: usize) -> u32 {
    match source {
        Source::Slot(slot) => block.columns[*slot][binding],
        Source::Code(code) => *code,
    }
}

/// How many of the ascending rows stand at `from` or behind.
#[inline]
fn newer(rows: &[u32], from: u32) -> usize {
    let mut step = 1;
    while step <= rows.len() && rows[rows.len() - step] >= from {
        step *= 2;
    }
    let far = rows.len().saturating_sub(step);
    let near = rows.len() - step / 2;
    rows.len() - (far + rows[far..near].partition_point(|&row| row < from))
}
