//! From a row's codes to its number, for those who ask once evaluation is done: proofs, questions, tests.
//!
//! A table of whole rows costs more than the rows themselves. Where one column tells large relations' rows apart well enough,
//! an index on it does, and the few rows of a code are looked through.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::index::Index;
use super::keys::Keys;
use super::relation::Stored;

/// Rows below which a table costs little.
const SMALL: usize = 1 << 16;
/// Rows that a code of a telling column has at most, about.
const FEW: usize = 1 << 11;
/// Rows looked at to find such a column.
const SAMPLE: usize = 4096;

#[derive(Debug)]
pub(crate) enum Numbers {
    /// With the numbers of the rows in their order, where some are gone.
    Whole(Keys, Vec<u32>),
    /// Of this column, by an index of its own or by one that the relation has.
    By(usize, Option<Index>),
}

impl Numbers {
    /// The numbers of the visible rows of a relation.
    pub fn new(stored: &Stored) -> Self {
        let whole: Vec<usize> = (0..stored.columns.len()).collect();
        let known = |&column: &usize| {
            stored.index_on(&[column]).is_some_and(|index| index.keys() * FEW >= stored.visible as usize)
        };
        if let Some(column) = whole.iter().copied().find(known) {
            return Numbers::By(column, None);
        }
        let telling = telling(&stored.columns, &whole, stored.visible as usize);
        if let Some(column) = telling.filter(|_| stored.len() > SMALL) {
            let mut index = Index::new(&[column], stored.structures);
            index.extend(&stored.columns, stored.visible, &stored.dead);
            return Numbers::By(column, Some(index));
        }
        let mut numbers = Keys::new(whole.len(), stored.structures);
        let mut key = vec![0; whole.len()];
        for row in (0..stored.visible).filter(|&row| !stored.dead.has(row)) {
            key.iter_mut().zip(&stored.columns).for_each(|(code, column)| *code = column[row as usize]);
            numbers.enter(&stored.columns, &whole, &key, row);
        }
        let rows = if stored.dead.is_empty() { Vec::new() } else { stored.rows().collect() };
        Numbers::Whole(numbers, rows)
    }

    /// The number of a row.
    pub fn find(&self, stored: &Stored, row: &[u32]) -> Option<u32> {
        let columns = &stored.columns;
        match self {
            Numbers::Whole(numbers, rows) => {
                let whole: Vec<usize> = (0..columns.len()).collect();
                let number = numbers.get(columns, &whole, row)?;
                Some(rows.get(number as usize).copied().unwrap_or(number))
            }
            Numbers::By(column, index) => {
                let index = index.as_ref().or_else(|| stored.index_on(&[*column]))?;
                let places = index.span(columns, &[row[*column]]);
                let same = |&at: &u32| {
                    !stored.dead.has(at) && columns.iter().zip(row).all(|(column, code)| column[at as usize] == *code)
                };
                places.map(|place| index.at(place)).find(same)
            }
        }
    }
}

/// The place in `on` of the column whose codes have the fewest rows each, if these are few, judged by a sample.
pub(super) fn telling(columns: &[Vec<u32>], on: &[usize], rows: usize) -> Option<usize> {
    let step = (rows / SAMPLE).max(1);
    let distinct = |column: usize| -> usize {
        let sample = columns[column][..rows].iter().step_by(step).take(SAMPLE);
        sample.collect::<HashSet<_, FxBuildHasher>>().len()
    };
    let (most, at) = on.iter().enumerate().map(|(at, &column)| (distinct(column), at)).max()?;
    (most * FEW >= rows).then_some(at)
}
