//! One relation: insertion-ordered columns, membership, indexes, the maker of each row, and the limits of its batches.

use std::collections::BTreeMap;
use std::ops::Range;

use super::keys::Keys;

/// No row: the end of an index's chain.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// Who made a row, packed into 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    /// An extractor; the row has its number in the database's table.
    Input,
    /// The fact of this number.
    Fact(u32),
    /// The rule of this number.
    Rule(u32),
}

const FACT: u32 = 1 << 31;

impl Maker {
    pub fn pack(self) -> u32 {
        match self {
            Maker::Input => u32::MAX,
            Maker::Fact(number) => FACT | number,
            Maker::Rule(number) => number,
        }
    }

    pub fn unpack(packed: u32) -> Maker {
        match packed {
            u32::MAX => Maker::Input,
            packed if packed & FACT != 0 => Maker::Fact(packed & !FACT),
            packed => Maker::Rule(packed),
        }
    }
}

/// Which rows of a relation an atom reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// All that earlier rounds made.
    All,
    /// Those made before the last round.
    Old,
    /// Those of the last round.
    Delta,
}

/// A relation's rows. Those that the round at hand adds stand behind `visible` and are seen by nobody until it ends.
#[derive(Debug)]
pub(crate) struct Stored {
    pub columns: Vec<Vec<u32>>,
    pub makers: Vec<u32>,
    /// Step and end of each batch.
    pub batches: Vec<(u32, u32)>,
    pub visible: u32,
    /// Where the last round's rows begin.
    pub delta: u32,
    members: Keys,
    whole: Vec<usize>,
    indexes: Vec<Index>,
    by_columns: BTreeMap<Vec<usize>, usize>,
}

impl Stored {
    pub fn new(width: usize) -> Self {
        Stored {
            columns: vec![Vec::new(); width],
            makers: Vec::new(),
            batches: Vec::new(),
            visible: 0,
            delta: 0,
            members: Keys::new(width),
            whole: (0..width).collect(),
            indexes: Vec::new(),
            by_columns: BTreeMap::new(),
        }
    }

    /// Number of rows, those not yet visible included.
    pub fn len(&self) -> usize {
        self.makers.len()
    }

    /// Adds a row unless an equal one is there. Returns whether it was new.
    #[inline]
    pub fn insert(&mut self, row: &[u32], maker: Maker) -> bool {
        let number = self.makers.len() as u32;
        if self.members.enter(&self.columns, &self.whole, row, number).is_some() {
            return false;
        }
        for (column, &code) in self.columns.iter_mut().zip(row) {
            column.push(code);
        }
        self.makers.push(maker.pack());
        true
    }

    /// Ends a round: what was added becomes visible as the batch of `step` and the next round's delta.
    pub fn publish(&mut self, step: u32) -> usize {
        let end = self.makers.len() as u32;
        let added = end - self.visible;
        self.delta = self.visible;
        self.visible = end;
        if added > 0 {
            self.batches.push((step, end));
            for index in &mut self.indexes {
                index.extend(&self.columns, end);
            }
        }
        added as usize
    }

    /// The visible rows that an atom reads.
    pub fn range(&self, reach: Reach) -> Range<u32> {
        match reach {
            Reach::All => 0..self.visible,
            Reach::Old => 0..self.delta,
            Reach::Delta => self.delta..self.visible,
        }
    }

    /// The row of these codes, visible or not.
    #[inline]
    pub fn find(&self, row: &[u32]) -> Option<u32> {
        self.members.get(&self.columns, &self.whole, row)
    }

    /// The number of the index on some columns, built if it is new.
    pub fn ensure_index(&mut self, on: &[usize]) -> usize {
        if let Some(&number) = self.by_columns.get(on) {
            return number;
        }
        let mut index = Index::new(on);
        index.extend(&self.columns, self.visible);
        self.indexes.push(index);
        self.by_columns.insert(on.to_vec(), self.indexes.len() - 1);
        self.indexes.len() - 1
    }

    pub fn index(&self, number: usize) -> &Index {
        &self.indexes[number]
    }

    /// The index on these columns, if a plan built one.
    pub fn index_on(&self, on: &[usize]) -> Option<&Index> {
        self.by_columns.get(on).map(|&number| &self.indexes[number])
    }

    /// The step that made a row.
    pub fn step(&self, row: u32) -> u32 {
        let batch = self.batches.partition_point(|&(_, end)| end <= row);
        self.batches.get(batch).map_or(u32::MAX, |&(step, _)| step)
    }

    /// How many rows have a smaller step: they come first.
    pub fn before(&self, step: u32) -> u32 {
        let batch = self.batches.partition_point(|&(other, _)| other < step);
        if batch == 0 { 0 } else { self.batches[batch - 1].1 }
    }

    /// A row's codes.
    pub fn row(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        self.columns.iter().map(move |column| column[row as usize])
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        let words: usize = self.columns.iter().map(Vec::capacity).sum::<usize>() + self.makers.capacity();
        let indexes: u64 = self.indexes.iter().map(Index::bytes).sum();
        words as u64 * 4 + self.members.bytes() + indexes
    }
}

/// Rows by the values of some columns: the newest row of each key, and for each row the one before it with the same key.
#[derive(Debug)]
pub(crate) struct Index {
    on: Vec<usize>,
    newest: Keys,
    before: Vec<u32>,
}

impl Index {
    pub fn new(on: &[usize]) -> Self {
        Index { on: on.to_vec(), newest: Keys::new(on.len()), before: Vec::new() }
    }

    /// Takes in the rows up to `end`.
    pub fn extend(&mut self, columns: &[Vec<u32>], end: u32) {
        let mut key = vec![0; self.on.len()];
        for row in self.before.len() as u32..end {
            for (code, &column) in key.iter_mut().zip(&self.on) {
                *code = columns[column][row as usize];
            }
            let before = self.newest.replace(columns, &self.on, &key, row);
            self.before.push(before.unwrap_or(NO_ROW));
        }
    }

    /// The newest row of a key, or [`NO_ROW`].
    #[inline]
    pub fn newest(&self, columns: &[Vec<u32>], key: &[u32]) -> u32 {
        self.newest.get(columns, &self.on, key).unwrap_or(NO_ROW)
    }

    /// The next older row of the same key, or [`NO_ROW`].
    #[inline]
    pub fn before(&self, row: u32) -> u32 {
        self.before[row as usize]
    }

    /// How many different keys there are.
    pub fn keys(&self) -> usize {
        self.newest.len()
    }

    fn bytes(&self) -> u64 {
        self.newest.bytes() + self.before.capacity() as u64 * 4
    }
}
