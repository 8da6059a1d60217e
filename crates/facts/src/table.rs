//! The rows of one relation: insertion-ordered columns of codes, equal rows merged with all their origins kept.

use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::values::spread;
use crate::{Code, Origin, RelationDecl, RowPlace};

/// Rows of a file from which on a table without rows takes them in at once.
const MANY: usize = 1024;

/// The rows of one relation.
#[derive(Debug, Clone)]
pub struct Table {
    decl: Arc<RelationDecl>,
    pub(crate) columns: Vec<Vec<u32>>,
    pub(crate) origins: Vec<Origin>,
    /// Origins of rows that have several, beyond the first; by row.
    pub(crate) further: Vec<(u32, Origin)>,
    /// Numbers of rows, beside their hashes, once somebody looks for one.
    rows: OnceLock<HashTable<(u32, u32)>>,
}

impl Table {
    pub(crate) fn new(decl: Arc<RelationDecl>) -> Self {
        let columns = vec![Vec::new(); decl.columns.len()];
        Table { decl, columns, origins: Vec::new(), further: Vec::new(), rows: OnceLock::new() }
    }

    /// The relation's declaration.
    pub fn decl(&self) -> &Arc<RelationDecl> {
        &self.decl
    }

    /// Number of distinct rows.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// One column's codes, in the order of insertion.
    pub fn column(&self, column: usize) -> &[u32] {
        &self.columns[column]
    }

    /// One row's codes.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Code> + '_ {
        self.columns.iter().map(move |column| Code(column[row]))
    }

    /// Where a row came from first.
    pub fn origin(&self, row: usize) -> Origin {
        self.origins[row]
    }

    /// All places that a row came from, the first first.
    pub fn origins(&self, row: usize) -> impl Iterator<Item = Origin> + '_ {
        let first = self.further.partition_point(|&(at, _)| (at as usize) < row);
        let more = self.further[first..].iter().take_while(move |&&(at, _)| at as usize == row);
        std::iter::once(self.origins[row]).chain(more.map(|&(_, origin)| origin))
    }

    /// The number of the row of these codes.
    pub fn find(&self, row: &[u32]) -> Option<usize> {
        self.place(hash_row(row), row).map(|at| at as usize)
    }

    /// Takes in the rows of a file, column by column, and where each stands; equal ones are merged.
    pub(crate) fn take_in(&mut self, columns: Vec<Vec<u32>>, places: &[RowPlace], file: u32) {
        if self.is_empty() && places.len() >= MANY {
            self.load(columns, places, file);
        } else {
            let mut row = vec![0; columns.len()];
            for (number, &place) in places.iter().enumerate() {
                row.iter_mut().zip(&columns).for_each(|(code, column)| *code = column[number]);
                self.insert(&row, Origin { file, place });
            }
        }
        // `origins` finds a row's further origins by bisection.
        if !self.further.is_sorted_by_key(|&(row, _)| row) {
            self.further.sort_by_key(|&(row, _)| row);
        }
    }

    /// Likewise, many rows into a table without any: sorting their hashes finds equal ones in a third of the time that entering
    /// each in a hash table takes, which need not be made where no other file gives rows.
    fn load(&mut self, columns: Vec<Vec<u32>>, places: &[RowPlace], file: u32) {
        let twins = twins(&columns, places.len());
        let mut gone = twins.iter().peekable();
        let mut kept: Vec<u32> = Vec::new();
        let origin = |number: usize| Origin { file, place: places[number] };
        if twins.is_empty() {
            self.origins = (0..places.len()).map(origin).collect();
            self.columns = columns;
            return;
        }
        // Numbers after those that go are taken out.
        let mut now = vec![0; places.len()];
        for (number, now) in now.iter_mut().enumerate() {
            match gone.next_if(|&&(twin, _)| twin as usize == number) {
                Some(_) => *now = u32::MAX,
                None => {
                    *now = kept.len() as u32;
                    kept.push(number as u32);
                }
            }
        }
        self.columns =
            columns.iter().map(|codes| kept.iter().map(|&number| codes[number as usize]).collect()).collect();
        self.origins = kept.iter().map(|&number| origin(number as usize)).collect();
        for &(twin, first) in &twins {
            if places[twin as usize] != places[first as usize] {
                self.further.push((now[first as usize], origin(twin as usize)));
            }
        }
    }

    fn rows(&self) -> &HashTable<(u32, u32)> {
        self.rows.get_or_init(|| {
            let mut rows = HashTable::with_capacity(self.len());
            for (hash, number) in hash_rows(&self.columns, self.len()).into_iter().zip(0..) {
                rows.insert_unique(spread(hash), (hash, number), |&(hash, _)| spread(hash));
            }
            rows
        })
    }

    fn rows_mut(&mut self) -> Option<&mut HashTable<(u32, u32)>> {
        self.rows();
        self.rows.get_mut()
    }

    fn place(&self, hash: u32, row: &[u32]) -> Option<u32> {
        let same = |&(known, at): &(u32, u32)| {
            known == hash && self.columns.iter().zip(row).all(|(column, code)| column[at as usize] == *code)
        };
        self.rows().find(spread(hash), same).map(|&(_, at)| at)
    }

    /// Enters a row unless an equal one is there; either way its origin is kept. Returns the row's number.
    pub(crate) fn insert(&mut self, row: &[u32], origin: Origin) -> u32 {
        let hash = hash_row(row);
        if let Some(at) = self.place(hash, row) {
            if self.origins[at as usize] != origin {
                self.further.push((at, origin));
            }
            return at;
        }
        let at = self.origins.len() as u32;
        for (column, code) in self.columns.iter_mut().zip(row) {
            column.push(*code);
        }
        self.origins.push(origin);
        if let Some(rows) = self.rows_mut() {
            rows.insert_unique(spread(hash), (hash, at), |&(hash, _)| spread(hash));
        }
        at
    }

    /// Takes a row out; the last row takes its number. `further` is left to the caller.
    pub(crate) fn remove(&mut self, at: u32) {
        let codes = |table: &Table, at: u32| table.row(at as usize).map(|code| code.0).collect::<Vec<u32>>();
        let last = self.origins.len() as u32 - 1;
        let (gone, moved) = (hash_row(&codes(self, at)), hash_row(&codes(self, last)));
        if let Some(rows) = self.rows_mut() {
            if let Ok(entry) = rows.find_entry(spread(gone), |&(_, number)| number == at) {
                entry.remove();
            }
            if let Some(entry) = rows.find_mut(spread(moved), |&(_, number)| number == last) {
                entry.1 = at;
            }
        }
        self.columns.iter_mut().for_each(|column| _ = column.swap_remove(at as usize));
        self.origins.swap_remove(at as usize);
    }
}

/// Rows that equal an earlier one, in ascending order, each with the first of its kind.
fn twins(columns: &[Vec<u32>], len: usize) -> Vec<(u32, u32)> {
    let hashes = hash_rows(columns, len).into_iter().zip(0..);
    let mut order: Vec<u64> =
        hashes.map(|(hash, number): (u32, u32)| u64::from(hash) << 32 | u64::from(number)).collect();
    order.sort_unstable();
    let row = |entry: u64| columns.iter().map(move |column| column[entry as u32 as usize]);
    let mut twins = Vec::new();
    for same in order.chunk_by_mut(|one, other| one >> 32 == other >> 32).filter(|same| same.len() > 1) {
        // Rows of one hash may still differ.
        same.sort_unstable_by(|&one, &other| row(one).cmp(row(other)).then(one.cmp(&other)));
        for equal in same.chunk_by(|&one, &other| row(one).eq(row(other))) {
            twins.extend(equal[1..].iter().map(|&twin| (twin as u32, equal[0] as u32)));
        }
    }
    twins.sort_unstable();
    twins
}

/// The hashes of all rows, as [`hash_row`] has them.
fn hash_rows(columns: &[Vec<u32>], len: usize) -> Vec<u32> {
    let mut hashers = vec![FxHasher::default(); len];
    for column in columns {
        hashers.iter_mut().zip(column).for_each(|(hasher, &code)| hasher.write_u32(code));
    }
    hashers.into_iter().map(fold).collect()
}

fn fold(hasher: FxHasher) -> u32 {
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

fn hash_row(row: &[u32]) -> u32 {
    let mut hasher = FxHasher::default();
    row.iter().for_each(|&code| hasher.write_u32(code));
    fold(hasher)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Type};

    fn table() -> Table {
        let column =
            |name: &str| Column { name: name.into(), ty: Type::Int, optional: false, key: false, doc: "".into() };
        Table::new(Arc::new(RelationDecl {
            name: "t.r".into(),
            columns: vec![column("a"), column("b")],
            doc: "".into(),
        }))
    }

    #[test]
    fn many_rows_at_once_are_those_of_one_after_the_other() {
        // Every third row is new, some stand twice at one place; columns are long enough for hashes that meet.
        let codes = |factor: u32| (0..60_000).map(|at: u32| (at % 20_000).wrapping_mul(factor)).collect::<Vec<u32>>();
        let columns = vec![codes(0x9e37_79b9), codes(7)];
        let place = |at: u32| RowPlace { start: at / 2 * 2, end: at + 1, line: 1, column: 1 };
        let places: Vec<RowPlace> = (0..60_000).map(|at| place(if at < 30_000 { at } else { at - 20_000 })).collect();
        let (mut once, mut single) = (table(), table());
        once.take_in(columns.clone(), &places, 3);
        for (number, &place) in places.iter().enumerate() {
            single.insert(&[columns[0][number], columns[1][number]], Origin { file: 3, place });
        }
        single.further.sort_by_key(|&(row, _)| row);
        assert_eq!(once.len(), 20_000);
        assert_eq!(once.columns, single.columns);
        assert_eq!(once.origins, single.origins);
        assert_eq!(once.further, single.further);
        assert!(!once.further.is_empty());
        // And both go on alike.
        for table in [&mut once, &mut single] {
            let row = [columns[0][77], columns[1][77]];
            assert_eq!(table.find(&row), Some(77));
            table.remove(77);
            assert_eq!(table.find(&row), None);
            assert_eq!(table.find(&[columns[0][19_999], columns[1][19_999]]), Some(77));
            table.take_in(vec![vec![row[0]], vec![row[1]]], &[place(5)], 4);
            assert_eq!(table.find(&row), Some(19_999));
        }
    }
}
