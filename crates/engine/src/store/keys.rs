//! From the values of some columns to dense numbers, given in the order in which the values are first met.
//!
//! One code goes through a [`CodeMap`], two pack into a `u64`; wider keys are hashed, and compared through the columns
//! themselves, in the row that entered them.

use std::hash::Hasher;

use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};

use super::Structures;
use super::code_map::CodeMap;

/// Numbers keys. `columns` and `on` of all calls are those of the relation and the same each time.
#[derive(Debug)]
pub(crate) enum Keys {
    Unit(bool),
    Single(CodeMap),
    Pairs(HashMap<u64, u32, FxBuildHasher>),
    /// The row that entered each key stands in `rows`.
    Wide {
        table: HashTable<u32>,
        rows: Vec<u32>,
    },
}

impl Keys {
    /// No keys yet, of `width` codes.
    pub fn new(width: usize, structures: Structures) -> Self {
        match width {
            0 => Keys::Unit(false),
            1 => Keys::Single(CodeMap::new(structures)),
            2 => Keys::Pairs(HashMap::default()),
            _ => Keys::Wide { table: HashTable::new(), rows: Vec::new() },
        }
    }

    /// The number of a key.
    #[inline]
    pub fn get(&self, columns: &[Vec<u32>], on: &[usize], key: &[u32]) -> Option<u32> {
        match self {
            Keys::Unit(entered) => entered.then_some(0),
            Keys::Single(map) => map.get(key[0]),
            Keys::Pairs(map) => map.get(&pair(key)).copied(),
            Keys::Wide { table, rows } => {
                table.find(hash(key), |&number| same(columns, on, rows[number as usize], key)).copied()
            }
        }
    }

    /// The number of a key, and whether it is new. `row` has it, or will have it by the next call.
    #[inline]
    pub fn enter(&mut self, columns: &[Vec<u32>], on: &[usize], key: &[u32], row: u32) -> (u32, bool) {
        match self {
            Keys::Unit(entered) => (0, !std::mem::replace(entered, true)),
            Keys::Single(map) => map.enter(key[0]),
            Keys::Pairs(map) => {
                let next = map.len() as u32;
                let number = *map.entry(pair(key)).or_insert(next);
                (number, number == next)
            }
            Keys::Wide { table, rows } => {
                let code = hash(key);
                if let Some(&known) = table.find(code, |&number| same(columns, on, rows[number as usize], key)) {
                    return (known, false);
                }
                let number = rows.len() as u32;
                rows.push(row);
                let rows = &*rows;
                table.insert_unique(code, number, |&number| match number as usize + 1 == rows.len() {
                    true => code,
                    false => hash_row(columns, on, rows[number as usize]),
                });
                (number, true)
            }
        }
    }

    /// How they are kept, in words.
    pub fn structure(&self) -> &'static str {
        match self {
            Keys::Unit(_) => "one key",
            Keys::Single(CodeMap::Direct { .. }) => "array",
            Keys::Single(CodeMap::Hashed { .. }) => "hash table",
            Keys::Pairs(_) => "hash table of pairs",
            Keys::Wide { .. } => "hash table of rows",
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        match self {
            Keys::Unit(entered) => usize::from(*entered),
            Keys::Single(map) => map.len(),
            Keys::Pairs(map) => map.len(),
            Keys::Wide { rows, .. } => rows.len(),
        }
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        match self {
            Keys::Unit(_) => 0,
            Keys::Single(map) => map.bytes(),
            Keys::Pairs(map) => map.capacity() as u64 * 17,
            Keys::Wide { table, rows } => table.capacity() as u64 * 5 + rows.capacity() as u64 * 4,
        }
    }
}

/// Two codes as one.
#[inline]
pub(crate) fn pair(key: &[u32]) -> u64 {
    u64::from(key[0]) << 32 | u64::from(key[1])
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
