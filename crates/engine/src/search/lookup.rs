//! Rows by known columns, for work that no plan foresaw: indexes made when first asked for, kept for the next time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use ir::RelId;

use crate::Structures;
use crate::store::{Index, Sample, Store, Stored};

/// So few rows are scanned.
const SMALL: usize = 16;
/// Relations above this size have indexes on single columns only, where these tell rows apart.
const LARGE: usize = 1 << 16;

type Indexes = BTreeMap<(RelId, Vec<usize>), Arc<Index>>;
/// Of known columns the one that is looked up alone, by its place among them.
type Telling = BTreeMap<(RelId, Vec<usize>), Option<usize>>;

/// Indexes beside those of the plans, over relations that grow no more.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    indexes: Mutex<Indexes>,
    telling: Mutex<Telling>,
    samples: Mutex<BTreeMap<(RelId, usize), Arc<Sample>>>,
}

/// The rows that may match some known columns, newest first or oldest first as it comes.
#[derive(Debug)]
pub(crate) enum Candidates<'a> {
    One(Option<u32>),
    /// The next row and the end.
    Scan(u32, u32),
    /// Rows of an index that the relation has, from the last one on.
    Rows(&'a [u32]),
    /// Places in an index of the lookup's, likewise.
    Places(Arc<Index>, Range<usize>),
}

impl Lookup {
    /// Rows of a range whose columns `on` may hold `key`; all are to be checked.
    pub fn candidates<'a>(
        &self,
        store: &'a Store,
        relation: RelId,
        on: &[usize],
        key: &[u32],
        range: Range<u32>,
    ) -> Candidates<'a> {
        let stored = store.get(relation);
        if on.is_empty() || range.len() <= SMALL {
            return Candidates::Scan(range.start, range.end.max(range.start));
        }
        if on.len() == stored.columns.len() {
            return Candidates::One(stored.find(key).filter(|row| range.contains(row)));
        }
        let telling = if on.len() > 1 && stored.len() > LARGE { self.telling(stored, relation, on) } else { None };
        let (on, key) = telling.map_or((on, key), |at| (&on[at..=at], &key[at..=at]));
        if let Some(index) = stored.index_on(on) {
            let places = index.within(&stored.columns, key, &range);
            return Candidates::Rows(&index.all()[places]);
        }
        let index = self.index(stored, relation, on);
        let places = index.within(&stored.columns, key, &range);
        Candidates::Places(index, places)
    }

    /// How the rows of a column spread over its codes.
    pub fn sample(&self, store: &Store, relation: RelId, column: usize) -> Arc<Sample> {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let stored = store.get(relation);
        let make = || Arc::new(Sample::of(&stored.columns[column][..stored.visible as usize]));
        samples.entry((relation, column)).or_insert_with(make).clone()
    }

    /// One column that tells rows well enough apart serves whatever else is known. A sample of the rows shows it, once.
    fn telling(&self, stored: &Stored, relation: RelId, on: &[usize]) -> Option<usize> {
        let mut telling = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        *telling.entry((relation, on.to_vec())).or_insert_with(|| stored.telling(on))
    }

    fn index(&self, stored: &Stored, relation: RelId, on: &[usize]) -> Arc<Index> {
        // A panic while the lock is held leaves at worst an index out.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let build = || {
            let mut index = Index::new(on, Structures::ByDensity);
            index.extend(&stored.columns, stored.visible, &stored.dead);
            Arc::new(index)
        };
        indexes.entry((relation, on.to_vec())).or_insert_with(build).clone()
    }
}

impl Iterator for Candidates<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Candidates::One(row) => row.take(),
            Candidates::Scan(next, end) => {
                let row = (*next < *end).then_some(*next)?;
                *next += 1;
                Some(row)
            }
            Candidates::Rows(rows) => {
                let (&row, rest) = rows.split_last()?;
                *rows = rest;
                Some(row)
            }
            Candidates::Places(index, places) => places.next_back().map(|place| index.at(place)),
        }
    }
}
