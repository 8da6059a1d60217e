//! Atoms: bindings and the rows that match them.

use super::block::{BLOCK, Block};
use super::run::Cursor;
use crate::plan::{Access, Check, Join, Source};
use crate::store::{NO_ROW, Store, Stored};

/// Rows tried before the block at hand is handed on, however small, so that limits are looked at in between.
const PATIENCE: usize = 1 << 18;

/// The next block of bindings with their matching rows.
pub(crate) fn join(join: &Join, block: &Block, cursor: &mut Cursor, keep: &[usize], store: &Store) -> Block {
    let stored = store.get(join.relation);
    let mut from: Vec<u32> = Vec::new();
    let mut rows: Vec<u32> = Vec::new();
    let mut matches = Matches::new(join, stored);
    let mut tried = 0;
    while cursor.row < block.len && rows.len() < BLOCK && tried < PATIENCE {
        let mut next = match cursor.next.take() {
            Some(next) => next,
            None => matches.first(block, cursor.row),
        };
        while next != NO_ROW {
            tried += 1;
            if rows.len() >= BLOCK || tried > PATIENCE {
                cursor.next = Some(next);
                break;
            }
            if matches.holds(block, cursor.row, next) {
                from.push(cursor.row as u32);
                rows.push(next);
            }
            next = matches.after(next);
        }
        if cursor.next.is_none() {
            cursor.row += 1;
        }
    }
    let mut out = block.take(&from, keep);
    for &(slot, column) in &join.binds {
        let codes = &stored.columns[column];
        out.columns[slot] = rows.iter().map(|&row| codes[row as usize]).collect();
    }
    out
}

/// The bindings that have a match (or, if not `wanted`, have none).
pub(crate) fn exists(join: &Join, block: &Block, wanted: bool, keep: &[usize], store: &Store) -> Block {
    let mut matches = Matches::new(join, store.get(join.relation));
    let mut rows: Vec<u32> = Vec::new();
    for row in 0..block.len {
        let mut next = matches.first(block, row);
        while next != NO_ROW && !matches.holds(block, row, next) {
            next = matches.after(next);
        }
        if (next != NO_ROW) == wanted {
            rows.push(row as u32);
        }
    }
    block.take(&rows, keep)
}

/// The candidates of a binding: a chain of the index from the newest row, or all rows.
struct Matches<'a> {
    join: &'a Join,
    stored: &'a Stored,
    low: u32,
    high: u32,
    key: Vec<u32>,
}

impl<'a> Matches<'a> {
    fn new(join: &'a Join, stored: &'a Stored) -> Self {
        let range = stored.range(join.reach);
        Matches { join, stored, low: range.start, high: range.end, key: Vec::with_capacity(join.key.len()) }
    }

    #[inline]
    fn first(&mut self, block: &Block, binding: usize) -> u32 {
        self.key.clear();
        self.key.extend(self.join.key.iter().map(|source| code(source, block, binding)));
        match self.join.access {
            Access::Scan if self.low < self.high => self.low,
            Access::Scan => NO_ROW,
            Access::Whole => {
                let found = self.stored.find(&self.key);
                found.filter(|row| (self.low..self.high).contains(row)).unwrap_or(NO_ROW)
            }
            Access::Index(number) => {
                let index = self.stored.index(number);
                let mut row = index.newest(&self.stored.columns, &self.key);
                while row != NO_ROW && row >= self.high {
                    row = index.before(row);
                }
                self.bounded(row)
            }
        }
    }

    #[inline]
    fn after(&self, row: u32) -> u32 {
        match self.join.access {
            Access::Scan if row + 1 < self.high => row + 1,
            Access::Scan | Access::Whole => NO_ROW,
            Access::Index(number) => self.bounded(self.stored.index(number).before(row)),
        }
    }

    fn bounded(&self, row: u32) -> u32 {
        if row == NO_ROW || row < self.low { NO_ROW } else { row }
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
fn code(source: &Source, block: &Block, binding: usize) -> u32 {
    match source {
        Source::Slot(slot) => block.columns[*slot][binding],
        Source::Code(code) => *code,
    }
}
