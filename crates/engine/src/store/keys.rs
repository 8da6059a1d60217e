//! From the values of some columns to a row: the structure below membership and indexes.
//!
//! Keys of up to two codes pack into a `u64`, of up to four into a `u128`; wider ones are hashed, and compared through the
//! columns themselves.

use std::hash::Hasher;

use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};

/// Rows by key. `on` and `columns` of all calls are those of the relation and the same each time.
#[derive(Debug)]
pub(crate) enum Keys {
    Unit(Option<u32>),
    Narrow(HashMap<u64, u32, FxBuildHasher>),
    Medium(HashMap<u128, u32, FxBuildHasher>),
    Wide(HashTable<u32>),
}

impl Keys {
    /// An empty map for keys of `width` codes.
    pub fn new(width: usize) -> Self {
        match width {
            0 => Keys::Unit(None),
            1 | 2 => Keys::Narrow(HashMap::default()),
            3 | 4 => Keys::Medium(HashMap::default()),
            _ => Keys::Wide(HashTable::new()),
        }
    }

    /// The row entered for a key.
    #[inline]
    pub fn get(&self, columns: &[Vec<u32>], on: &[usize], key: &[u32]) -> Option<u32> {
        match self {
            Keys::Unit(row) => *row,
            Keys::Narrow(map) => map.get(&narrow(key)).copied(),
            Keys::Medium(map) => map.get(&medium(key)).copied(),
            Keys::Wide(table) => table.find(hash(key), |&row| same(columns, on, row, key)).copied(),
        }
    }

    /// Enters `row` for a key that has none. Otherwise nothing changes, and the row that it has is returned.
    #[inline]
    pub fn enter(&mut self, columns: &[Vec<u32>], on: &[usize], key: &[u32], row: u32) -> Option<u32> {
        use hashbrown::hash_map::Entry;
        match self {
            Keys::Unit(known) => {
                let before = *known;
                known.get_or_insert(row);
                before
            }
            Keys::Narrow(map) => match map.entry(narrow(key)) {
                Entry::Occupied(known) => Some(*known.get()),
                Entry::Vacant(free) => {
                    free.insert(row);
                    None
                }
            },
            Keys::Medium(map) => match map.entry(medium(key)) {
                Entry::Occupied(known) => Some(*known.get()),
                Entry::Vacant(free) => {
                    free.insert(row);
                    None
                }
            },
            Keys::Wide(table) => {
                let code = hash(key);
                if let Some(&known) = table.find(code, |&row| same(columns, on, row, key)) {
                    return Some(known);
                }
                table.insert_unique(code, row, |&row| hash_row(columns, on, row));
                None
            }
        }
    }

    /// Makes `row` the one of its key and returns the one before. Its codes are in the columns already.
    pub fn replace(&mut self, columns: &[Vec<u32>], on: &[usize], key: &[u32], row: u32) -> Option<u32> {
        match self {
            Keys::Unit(known) => known.replace(row),
            Keys::Narrow(map) => map.insert(narrow(key), row),
            Keys::Medium(map) => map.insert(medium(key), row),
            Keys::Wide(table) => {
                let code = hash(key);
                if let Some(known) = table.find_mut(code, |&row| same(columns, on, row, key)) {
                    return Some(std::mem::replace(known, row));
                }
                table.insert_unique(code, row, |&row| hash_row(columns, on, row));
                None
            }
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        match self {
            Keys::Unit(row) => usize::from(row.is_some()),
            Keys::Narrow(map) => map.len(),
            Keys::Medium(map) => map.len(),
            Keys::Wide(table) => table.len(),
        }
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        let (capacity, entry) = match self {
            Keys::Unit(_) => (0, 0),
            Keys::Narrow(map) => (map.capacity(), 17),
            Keys::Medium(map) => (map.capacity(), 33),
            Keys::Wide(table) => (table.capacity(), 5),
        };
        (capacity * entry) as u64
    }
}

fn narrow(key: &[u32]) -> u64 {
    key.iter().fold(0, |packed, &code| packed << 32 | u64::from(code))
}

fn medium(key: &[u32]) -> u128 {
    key.iter().fold(0, |packed, &code| packed << 32 | u128::from(code))
}

fn hash(key: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    key.iter().for_each(|&code| hasher.write_u32(code));
    hasher.finish()
}

fn hash_row(columns: &[Vec<u32>], on: &[usize], row: u32) -> u64 {
    let mut hasher = FxHasher::default();
    on.iter().for_each(|&column| hasher.write_u32(columns[column][row as usize]));
    hasher.finish()
}

fn same(columns: &[Vec<u32>], on: &[usize], row: u32, key: &[u32]) -> bool {
    on.iter().zip(key).all(|(&column, &code)| columns[column][row as usize] == code)
}
