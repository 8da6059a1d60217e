//! The rows of one relation: insertion-ordered columns of codes, equal rows merged with all their origins kept.

use std::hash::Hasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::values::spread;
use crate::{Code, Origin, RelationDecl};

/// The rows of one relation.
#[derive(Debug, Clone)]
pub struct Table {
    decl: Arc<RelationDecl>,
    pub(crate) columns: Vec<Vec<u32>>,
    pub(crate) origins: Vec<Origin>,
    /// Origins of rows that have several, beyond the first; by row.
    pub(crate) further: Vec<(u32, Origin)>,
    /// Numbers of rows, beside their hashes.
    rows: HashTable<(u32, u32)>,
}

impl Table {
    pub(crate) fn new(decl: Arc<RelationDecl>) -> Self {
        let columns = vec![Vec::new(); decl.columns.len()];
        Table { decl, columns, origins: Vec::new(), further: Vec::new(), rows: HashTable::new() }
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

    fn place(&self, hash: u32, row: &[u32]) -> Option<u32> {
        let same = |&(known, at): &(u32, u32)| {
            known == hash && self.columns.iter().zip(row).all(|(column, code)| column[at as usize] == *code)
        };
        self.rows.find(spread(hash), same).map(|&(_, at)| at)
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
        self.rows.insert_unique(spread(hash), (hash, at), |&(hash, _)| spread(hash));
        at
    }

    /// Takes a row out; the last row takes its number. `further` is left to the caller.
    pub(crate) fn remove(&mut self, at: u32) {
        let codes = |table: &Table, at: u32| table.row(at as usize).map(|code| code.0).collect::<Vec<u32>>();
        let last = self.origins.len() as u32 - 1;
        let (gone, moved) = (hash_row(&codes(self, at)), hash_row(&codes(self, last)));
        if let Ok(entry) = self.rows.find_entry(spread(gone), |&(_, number)| number == at) {
            entry.remove();
        }
        if let Some(entry) = self.rows.find_mut(spread(moved), |&(_, number)| number == last) {
            entry.1 = at;
        }
        self.columns.iter_mut().for_each(|column| _ = column.swap_remove(at as usize));
        self.origins.swap_remove(at as usize);
    }
}

fn hash_row(row: &[u32]) -> u32 {
    let mut hasher = FxHasher::default();
    row.iter().for_each(|&code| hasher.write_u32(code));
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}
