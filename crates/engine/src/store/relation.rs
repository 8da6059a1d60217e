//! One relation: insertion-ordered columns, membership, indexes, the maker of each row, and the limits of its batches.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Structures;
use super::dead::Dead;
use super::index::Index;
use super::members::{Grouped, Members};
use super::numbers::{self, Numbers};

/// Who made a row, packed into 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Maker {
    /// An extractor; the row has its number in the database's table.
    Input,
    /// The fact of this number.
    Fact(u32),
    /// The rule of this number.
    Rule(u32),
}

/// What an update has done to a relation so far.
#[derive(Debug, Default)]
pub(crate) struct Trial {
    /// Whether an update is at work on it.
    pub active: bool,
    /// How many rows there were before.
    pub len: u32,
    /// Rows that went. Indexes have them until the update is finished.
    pub dying: Vec<u32>,
    /// Makers that rows had before, as far as they had been given another one.
    pub(super) remade: Vec<(u32, Option<u32>)>,
}

const FACT: u32 = 1 << 31;

/// Relations with fewer rows get every index that plans ask for.
const MANY: u32 = 10_000;
/// So many rows of a key are looked through.
const FEW: u32 = 4;

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

/// What is told of an index, or of the members of a relation.
#[derive(Debug)]
pub(crate) struct Structure<'a> {
    /// The columns of an index.
    pub on: Option<&'a [usize]>,
    /// How it is kept, in words.
    pub structure: &'static str,
    /// Keys, or groups of rows.
    pub keys: usize,
    pub bytes: u64,
}

/// A relation's rows. Those that the round at hand adds stand behind `visible` and are seen by nobody until it ends.
#[derive(Debug)]
pub(crate) struct Stored {
    pub columns: Vec<Vec<u32>>,
    /// Makers and ends of runs of rows that one rule made.
    makers: Vec<(u32, u32)>,
    /// Step and end of each batch.
    pub batches: Vec<(u32, u32)>,
    pub visible: u32,
    /// Where the last round's rows begin.
    pub delta: u32,
    /// Whether its stratum is at work: its members are not all visible then.
    pub growing: bool,
    len: u32,
    /// Rows that are gone.
    pub dead: Dead,
    pub trial: Trial,
    /// Rows that another rule makes since the one that made them no longer does.
    pub(super) remade: HashMap<u32, u32, FxBuildHasher>,
    pub structures: Structures,
    /// Made when a row is to be added or looked for: most inputs do without.
    pub(super) members: Option<Members>,
    pub(super) indexes: Vec<Index>,
    pub(super) by_columns: BTreeMap<Vec<usize>, usize>,
    /// Row numbers by whole rows, for those who ask afterwards.
    numbers: OnceLock<Numbers>,
}

impl Stored {
    pub fn new(width: usize, structures: Structures) -> Self {
        Stored {
            columns: vec![Vec::new(); width],
            makers: Vec::new(),
            batches: Vec::new(),
            visible: 0,
            delta: 0,
            growing: false,
            len: 0,
            dead: Dead::default(),
            trial: Trial::default(),
            remade: HashMap::default(),
            structures,
            members: None,
            indexes: Vec::new(),
            by_columns: BTreeMap::new(),
            numbers: OnceLock::new(),
        }
    }

    /// The rows that are there.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len).filter(|&row| !self.dead.has(row))
    }

    /// How many rows are there.
    pub fn count(&self) -> usize {
        self.len as usize - self.dead.count()
    }

    /// Number of rows, those not yet visible and those that are gone included.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Takes rows that are distinct, into a relation that has none.
    pub fn load(&mut self, columns: Vec<Vec<u32>>, len: usize, maker: Maker) {
        self.columns = columns;
        self.made(len, maker);
    }

    /// Adds a row unless an equal one is there. Returns whether it was new.
    pub fn insert(&mut self, row: &[u32], maker: Maker) -> bool {
        let columns: Vec<&[u32]> = row.iter().map(std::slice::from_ref).collect();
        self.insert_all(&columns, 1, maker) > 0
    }

    /// Adds rows, given column by column, as far as they are new. Returns how many were.
    pub fn insert_all(&mut self, rows: &[&[u32]], len: usize, maker: Maker) -> usize {
        self.ensure_members();
        let Some(members) = &mut self.members else { return 0 };
        let before = self.len as usize;
        // The one row without columns leaves no trace in them.
        let unit = usize::from(self.columns.is_empty() && len > 0 && !members.contains(&[], &[]));
        members.insert(&mut self.columns, rows, len);
        let now = self.columns.first().map_or(before + unit, Vec::len);
        self.made(now, maker);
        now - before
    }

    /// Whether threads can share out its groups of rows.
    pub fn is_grouped(&self) -> bool {
        self.members.as_ref().is_some_and(Members::is_grouped)
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.members.as_ref().map_or(0, Members::groups)
    }

    /// The group that a row belongs to, if it is there.
    #[inline]
    pub fn group(&self, row: &[u32]) -> Option<u32> {
        self.members.as_ref()?.group(&self.columns, row)
    }

    /// The groups, for several threads to add rows to.
    pub fn shared(&mut self) -> Option<Grouped<'_>> {
        self.members.as_mut().map(Members::grouped)
    }

    /// Takes rows that threads entered in its groups. Returns how many there are.
    pub fn append(&mut self, parts: &[Vec<Vec<u32>>], maker: Maker) -> usize {
        let before = self.len as usize;
        for part in parts {
            self.columns.iter_mut().zip(part).for_each(|(column, codes)| column.extend_from_slice(codes));
        }
        self.made(self.columns.first().map_or(before, Vec::len), maker);
        self.len as usize - before
    }

    pub(super) fn made(&mut self, len: usize, maker: Maker) {
        let (maker, end) = (maker.pack(), len as u32);
        if end == self.len {
            return;
        }
        self.len = end;
        if cfg!(feature = "unproven") {
            return;
        }
        match self.makers.last_mut() {
            Some(last) if last.0 == maker => last.1 = end,
            _ => self.makers.push((maker, end)),
        }
    }

    /// Gives makers other numbers.
    pub fn renumber(&mut self, number: &dyn Fn(Maker) -> Maker) {
        let own = self.makers.iter_mut().map(|(maker, _)| maker);
        own.chain(self.remade.values_mut()).for_each(|maker| *maker = number(Maker::unpack(*maker)).pack());
    }

    /// Who made a row.
    pub fn maker(&self, row: u32) -> Maker {
        if let Some(&maker) = self.remade.get(&row) {
            return Maker::unpack(maker);
        }
        let run = self.makers.partition_point(|&(_, end)| end <= row);
        Maker::unpack(self.makers.get(run).map_or(u32::MAX, |&(maker, _)| maker))
    }

    /// Ends a round: what was added becomes visible as the batch of `step` and the next round's delta.
    pub fn publish(&mut self, step: u32) -> usize {
        let end = self.len;
        let added = end - self.visible;
        self.delta = self.visible;
        self.visible = end;
        if added > 0 {
            if !cfg!(feature = "unproven") {
                self.batches.push((step, end));
            }
            for index in &mut self.indexes {
                index.extend(&self.columns, end, &self.dead);
            }
            self.numbers.take();
        }
        added as usize
    }

    /// Row numbers by whole rows are to be collected anew.
    pub(super) fn forget_numbers(&mut self) {
        self.numbers.take();
    }

    /// The visible rows that an atom reads.
    pub fn range(&self, reach: Reach) -> Range<u32> {
        match reach {
            Reach::All => 0..self.visible,
            Reach::Old => 0..self.delta,
            Reach::Delta => self.delta..self.visible,
        }
    }

    /// The visible row of these codes. The first to ask after a round waits for row numbers to be collected.
    pub fn find(&self, row: &[u32]) -> Option<u32> {
        self.numbers.get_or_init(|| Numbers::new(self)).find(self, row)
    }

    /// Which of some columns tells rows apart so well that few have the same code, if one does.
    pub fn telling(&self, on: &[usize]) -> Option<usize> {
        numbers::telling(&self.columns, on, self.visible as usize)
    }

    /// Whether [`Stored::contains`] can be asked.
    pub fn has_members(&self) -> bool {
        self.members.is_some()
    }

    /// Makes ready for [`Stored::contains`].
    pub fn ensure_members(&mut self) {
        if self.members.is_none() {
            let mut members = Members::new(self.columns.len(), self.structures);
            members.take_in(&self.columns, self.len as usize, &self.dead);
            self.members = Some(members);
        }
    }

    /// Whether it has a row, visible or not. Nothing is there before [`Stored::ensure_members`].
    #[inline]
    pub fn contains(&self, row: &[u32]) -> bool {
        self.members.as_ref().is_some_and(|members| members.contains(&self.columns, row))
    }

    /// The number of the index on some columns, built if it is new.
    pub fn ensure_index(&mut self, on: &[usize]) -> usize {
        self.ensure_index_unless(on, &|| false).unwrap_or_default()
    }

    /// Likewise; none where `stop` said so before it was built.
    pub fn ensure_index_unless(&mut self, on: &[usize], stop: &dyn Fn() -> bool) -> Option<usize> {
        if let Some(&number) = self.by_columns.get(on) {
            return Some(number);
        }
        let mut index = Index::new(on, self.structures);
        // Rows that go in the update at work stay in indexes until its end.
        self.trial.dying.iter().for_each(|&row| self.dead.unmark(row));
        let built = index.build(&self.columns, self.visible, &self.dead, stop);
        self.trial.dying.iter().for_each(|&row| _ = self.dead.mark(row));
        if !built {
            return None;
        }
        self.indexes.push(index);
        self.by_columns.insert(on.to_vec(), self.indexes.len() - 1);
        Some(self.indexes.len() - 1)
    }

    /// An index on some of these columns, none of whose keys has more than a few rows: who looks these through needs no index on
    /// all of them, which in a large relation takes as much memory as its rows.
    pub fn narrow_index(&self, on: &[usize]) -> Option<usize> {
        if self.growing || self.visible < MANY || self.by_columns.contains_key(on) {
            return None;
        }
        let some = self.by_columns.iter().filter(|(columns, _)| columns.iter().all(|column| on.contains(column)));
        some.map(|(_, &number)| number).find(|&number| (1..=FEW).contains(&self.indexes[number].longest()))
    }

    pub fn index(&self, number: usize) -> &Index {
        &self.indexes[number]
    }

    /// The index on these columns, if a plan built one.
    pub fn index_on(&self, on: &[usize]) -> Option<&Index> {
        self.by_columns.get(on).map(|&number| &self.indexes[number])
    }

    /// Its members and indexes, as far as somebody needed them.
    pub fn structures(&self) -> impl Iterator<Item = Structure<'_>> {
        let members = self.members.iter().map(|members| Structure {
            on: None,
            structure: members.structure(),
            keys: members.groups(),
            bytes: members.bytes(),
        });
        members.chain(self.by_columns.values().map(|&number| {
            let index = &self.indexes[number];
            Structure { on: Some(index.on()), structure: index.structure(), keys: index.keys(), bytes: index.bytes() }
        }))
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

    /// Bytes that tell who made rows and when.
    pub fn provenance_bytes(&self) -> u64 {
        (self.makers.capacity() + self.batches.capacity()) as u64 * 8
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        let words: usize = self.columns.iter().map(Vec::capacity).sum();
        let members = self.members.as_ref().map_or(0, Members::bytes);
        words as u64 * 4 + self.provenance_bytes() + members + self.indexes.iter().map(Index::bytes).sum::<u64>()
    }
}
