//! Rows by known columns, for work that no plan foresaw: indexes made when first asked for, kept for the next time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ir::RelId;

use crate::Structures;
use crate::store::{Index, Store, Stored};

/// Relations below this size are scanned.
const SMALL: u32 = 16;

type Indexes = BTreeMap<(RelId, Vec<usize>), Arc<Index>>;

/// Indexes beside those of the plans, over relations that grow no more.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    indexes: Mutex<Indexes>,
}

/// The rows that may match some known columns, newest first or oldest first as it comes.
#[derive(Debug)]
pub(crate) enum Candidates {
    One(Option<u32>),
    /// The next row and the end.
    Scan(u32, u32),
    /// Places in the index, from the last one on.
    Places(Arc<Index>, std::ops::Range<usize>),
}

impl Lookup {
    /// The rows below `end` whose columns `on` hold `key`; scanned ones are to be checked.
    pub fn candidates(&self, store: &Store, relation: RelId, on: &[usize], key: &[u32], end: u32) -> Candidates {
        let stored = store.get(relation);
        if on.len() == stored.columns.len() {
            return Candidates::One(stored.find(key).filter(|&row| row < end));
        }
        if on.is_empty() || end <= SMALL {
            return Candidates::Scan(0, end);
        }
        let index = self.index(stored, relation, on);
        let mut places = index.span(&stored.columns, key);
        while places.end > places.start && index.at(places.end - 1) >= end {
            places.end -= 1;
        }
        Candidates::Places(index, places)
    }

    fn index(&self, stored: &Stored, relation: RelId, on: &[usize]) -> Arc<Index> {
        // A panic while the lock is held leaves at worst an index out.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let build = || {
            let mut index = Index::new(on, Structures::ByDensity);
            index.extend(&stored.columns, stored.visible);
            Arc::new(index)
        };
        indexes.entry((relation, on.to_vec())).or_insert_with(build).clone()
    }
}

impl Iterator for Candidates {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Candidates::One(row) => row.take(),
            Candidates::Scan(next, end) => {
                let row = (*next < *end).then_some(*next)?;
                *next += 1;
                Some(row)
            }
            Candidates::Places(index, places) => places.next_back().map(|place| index.at(place)),
        }
    }
}
