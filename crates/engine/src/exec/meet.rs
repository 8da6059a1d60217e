//! Values that several atoms have in common: each binding goes through the fewest matches and asks the other atoms.

use super::block::{BLOCK, Block};
use super::join::{Found, code, fill};
use super::run::Cursor;
use crate::plan::{Meet, Source, Way};
use crate::store::{Store, Stored};

/// The next block of bindings with the values that all atoms have.
pub(crate) fn meet(meet: &Meet, block: &Block, cursor: &mut Cursor, keep: &[usize], store: &Store) -> Block {
    let stored: Vec<&Stored> = meet.ways.iter().map(|way| store.get(way.relation)).collect();
    let mut found = Found::with_capacity(BLOCK);
    let mut key = Vec::new();
    while cursor.row < block.len && found.room() > 0 {
        let binding = cursor.row;
        let spans = meet.ways.iter().zip(&stored).map(|(way, stored)| {
            key.resize(way.key.len(), 0);
            fill(&mut key, &way.key, block, binding);
            stored.index(way.index).span(&stored.columns, &key)
        });
        let Some((fewest, span)) = spans.enumerate().min_by_key(|(_, span)| span.len()) else { break };
        let rows = &stored[fewest].index(meet.ways[fewest].index).all()[span];
        let values = &stored[fewest].columns[meet.ways[fewest].column];
        for &row in &rows[cursor.advance(rows.len(), &mut found)] {
            let value = values[row as usize];
            let has = |(number, (way, stored)): (usize, (&Way, &&Stored))| {
                number == fewest || {
                    key.clear();
                    key.extend(way.row.iter().map(|source| match source {
                        Source::Slot(slot) if *slot == meet.slot => value,
                        source => code(source, block, binding),
                    }));
                    stored.contains(&key)
                }
            };
            if meet.ways.iter().zip(&stored).enumerate().all(has) {
                found.rows.push(value);
            }
        }
        found.from.resize(found.rows.len(), binding as u32);
    }
    let mut out = block.take(&found.from, keep);
    if keep.contains(&meet.slot) {
        out.columns[meet.slot] = found.rows;
    }
    out
}
