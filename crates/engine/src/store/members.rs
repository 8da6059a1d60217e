//! Which rows a relation has, without their numbers: all that evaluation asks of most relations.
//!
//! Rows are grouped by all columns but the last, and each group has a [`CodeSet`] of last codes, provided that groups are
//! large enough to be worth it. Otherwise whole rows are hashed. A relation begins hashed and is looked at each time it has
//! doubled.

use std::hash::Hasher;

use hashbrown::{HashSet, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};

use super::Structures;
use super::code_set::CodeSet;
use super::dead::Dead;
use super::keys::{Keys, pair};

/// Rows from which on it is asked whether groups are large.
const FIRST_LOOK: usize = 512;
/// Rows that a group must have, about.
const GROUPED: usize = 4;

#[derive(Debug)]
pub(crate) struct Members {
    width: usize,
    structures: Structures,
    kind: Kind,
    /// Whether a row was ever taken out.
    removed: bool,
}

#[derive(Debug)]
enum Kind {
    /// The one row without columns.
    Unit(bool),
    /// Two columns, hashed together.
    Pairs(HashSet<u64, FxBuildHasher>),
    /// Three columns or more: row numbers, hashed and compared through the columns.
    Rows(HashTable<u32>),
    /// By all columns but the last.
    Grouped { groups: Keys, sets: Vec<CodeSet>, prefix: Vec<usize> },
}

impl Members {
    pub fn new(width: usize, structures: Structures) -> Self {
        let kind = match width {
            0 => Kind::Unit(false),
            1 => grouped(1, structures),
            _ if structures == Structures::Dense => grouped(width, structures),
            2 => Kind::Pairs(HashSet::default()),
            _ => Kind::Rows(HashTable::new()),
        };
        Members { width, structures, kind, removed: false }
    }

    /// Whether a row is there. The columns are those of the relation.
    #[inline]
    pub fn contains(&self, columns: &[Vec<u32>], row: &[u32]) -> bool {
        match &self.kind {
            Kind::Unit(known) => *known,
            Kind::Pairs(pairs) => pairs.contains(&pair(row)),
            Kind::Rows(rows) => rows.find(hash(row), |&at| same(columns, at, row)).is_some(),
            Kind::Grouped { groups, sets, prefix } => {
                let (key, last) = row.split_at(self.width - 1);
                groups.get(columns, prefix, key).is_some_and(|group| sets[group as usize].contains(last[0]))
            }
        }
    }

    /// Enters rows given column by column, as far as they are new; the columns of the relation take these.
    pub fn insert(&mut self, columns: &mut [Vec<u32>], rows: &[&[u32]], len: usize) {
        let mut at = 0;
        while at < len {
            let known = columns.first().map_or(0, Vec::len);
            let look = (known + 1).next_power_of_two().max(FIRST_LOOK);
            // A hashed relation is looked at when it has doubled.
            let until = match self.kind {
                Kind::Pairs(_) | Kind::Rows(_) => len.min(at + look - known),
                _ => len,
            };
            self.insert_some(columns, rows, at..until);
            at = until;
            if columns.first().map_or(0, Vec::len) >= look {
                self.look(columns);
            }
        }
    }

    fn insert_some(&mut self, columns: &mut [Vec<u32>], rows: &[&[u32]], range: std::ops::Range<usize>) {
        let structures = self.structures;
        match (&mut self.kind, columns, rows) {
            (Kind::Unit(known), ..) => *known |= !range.is_empty(),
            (Kind::Pairs(pairs), [first, second], [a, b]) => {
                for (&a, &b) in a[range.clone()].iter().zip(&b[range]) {
                    if pairs.insert(pair(&[a, b])) {
                        first.push(a);
                        second.push(b);
                    }
                }
            }
            (Kind::Grouped { sets, .. }, [only], [codes]) => {
                let Some(set) = sets.first_mut() else { return };
                only.extend(codes[range].iter().filter(|&&code| set.insert(code, structures)));
            }
            (Kind::Grouped { groups: Keys::Single(groups), sets, .. }, [first, second], [a, b]) => {
                let (a, b) = (&a[range.clone()], &b[range]);
                let mut start = 0;
                // Runs of one group are the rule where rounds extend what is known of one thing at a time.
                while let Some(&of) = a.get(start) {
                    let end = a[start..].iter().position(|&other| other != of).map_or(a.len(), |len| start + len);
                    let (group, new) = groups.enter(of);
                    if new {
                        sets.push(CodeSet::default());
                    }
                    let set = &mut sets[group as usize];
                    second.extend(b[start..end].iter().filter(|&&code| set.insert(code, structures)));
                    first.resize(second.len(), of);
                    start = end;
                }
            }
            (Kind::Grouped { groups: Keys::Pairs(groups), sets, .. }, [first, second, third], [a, b, c]) => {
                let (a, b, c) = (&a[range.clone()], &b[range.clone()], &c[range]);
                let (mut set, mut of) = (usize::MAX, 0);
                for ((&a, &b), &c) in a.iter().zip(b).zip(c) {
                    let prefix = pair(&[a, b]);
                    if set == usize::MAX || prefix != of {
                        let next = groups.len() as u32;
                        let group = *groups.entry(prefix).or_insert(next);
                        if group == next {
                            sets.push(CodeSet::default());
                        }
                        (set, of) = (group as usize, prefix);
                    }
                    if sets[set].insert(c, structures) {
                        first.push(a);
                        second.push(b);
                        third.push(c);
                    }
                }
            }
            (kind, columns, rows) => {
                let mut row = vec![0; rows.len()];
                for at in range {
                    row.iter_mut().zip(rows).for_each(|(code, column)| *code = column[at]);
                    if enter(kind, columns, &row, structures) {
                        columns.iter_mut().zip(&row).for_each(|(column, &code)| column.push(code));
                    }
                }
            }
        }
    }

    /// Groups the rows if groups are large.
    fn look(&mut self, columns: &[Vec<u32>]) {
        let hashed = matches!(self.kind, Kind::Pairs(_) | Kind::Rows(_));
        if !hashed || self.structures == Structures::Sparse || !has_large_groups(columns) {
            return;
        }
        let kind = std::mem::replace(&mut self.kind, grouped(self.width, self.structures));
        let hashed = Members { width: self.width, structures: self.structures, kind, removed: self.removed };
        let mut row = vec![0; self.width];
        for at in 0..columns[0].len() {
            row.iter_mut().zip(columns).for_each(|(code, column)| *code = column[at]);
            // The columns keep what was taken out.
            if !self.removed || hashed.contains(columns, &row) {
                enter_at(&mut self.kind, columns, &row, at as u32, self.structures);
            }
        }
    }

    /// Begins with rows that are distinct and in the columns already.
    pub fn take_in(&mut self, columns: &[Vec<u32>], len: usize, dead: &Dead) {
        match &mut self.kind {
            Kind::Unit(known) => *known = len > dead.count(),
            Kind::Pairs(_) | Kind::Rows(_) if self.structures == Structures::ByDensity && has_large_groups(columns) => {
                self.kind = grouped(self.width, self.structures);
            }
            _ => {}
        }
        self.fill(columns, dead);
    }

    fn fill(&mut self, columns: &[Vec<u32>], dead: &Dead) {
        let mut row = vec![0; self.width];
        for at in (0..columns.first().map_or(0, Vec::len)).filter(|&at| !dead.has(at as u32)) {
            row.iter_mut().zip(columns).for_each(|(code, column)| *code = column[at]);
            enter_at(&mut self.kind, columns, &row, at as u32, self.structures);
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, columns: &[Vec<u32>], row: &[u32]) {
        self.removed = true;
        match &mut self.kind {
            Kind::Unit(known) => *known = false,
            Kind::Pairs(pairs) => drop(pairs.remove(&pair(row))),
            Kind::Rows(rows) => {
                if let Ok(entry) = rows.find_entry(hash(row), |&at| same(columns, at, row)) {
                    entry.remove();
                }
            }
            Kind::Grouped { groups, sets, prefix } => {
                let (key, last) = row.split_at(self.width - 1);
                if let Some(group) = groups.get(columns, prefix, key) {
                    sets[group as usize].remove(last[0]);
                }
            }
        }
    }

    /// Takes a row of the columns in again.
    pub fn restore(&mut self, columns: &[Vec<u32>], row: &[u32], number: u32) {
        enter_at(&mut self.kind, columns, row, number, self.structures);
    }

    /// Whether rows are in groups that threads can share out: not those of one column, which are one group.
    pub fn is_grouped(&self) -> bool {
        self.width > 1 && matches!(self.kind, Kind::Grouped { .. })
    }

    /// How rows are kept, in words.
    pub fn structure(&self) -> &'static str {
        match &self.kind {
            Kind::Unit(_) => "one row",
            Kind::Pairs(_) => "hash table of pairs",
            Kind::Rows(_) => "hash table of rows",
            Kind::Grouped { .. } => "sets by group",
        }
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        match &self.kind {
            Kind::Grouped { sets, .. } => sets.len(),
            _ => 0,
        }
    }

    /// The group of a row, if it has one.
    #[inline]
    pub fn group(&self, columns: &[Vec<u32>], row: &[u32]) -> Option<u32> {
        match &self.kind {
            Kind::Grouped { groups, prefix, .. } => groups.get(columns, prefix, &row[..row.len() - 1]),
            _ => None,
        }
    }

    /// The groups, to be shared out.
    pub fn grouped(&mut self) -> Grouped<'_> {
        let sets = match &mut self.kind {
            Kind::Grouped { sets, .. } => sets.as_mut_slice(),
            _ => &mut [],
        };
        Grouped { sets, structures: self.structures }
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        match &self.kind {
            Kind::Unit(_) => 0,
            Kind::Pairs(pairs) => pairs.capacity() as u64 * 9,
            Kind::Rows(rows) => rows.capacity() as u64 * 5,
            Kind::Grouped { groups, sets, .. } => {
                let own = sets.capacity() * std::mem::size_of::<CodeSet>();
                groups.bytes() + own as u64 + sets.iter().map(CodeSet::bytes).sum::<u64>()
            }
        }
    }
}

/// Some of the groups of a relation.
pub(crate) struct Grouped<'a> {
    sets: &'a mut [CodeSet],
    structures: Structures,
}

impl<'a> Grouped<'a> {
    /// At most so many shares, of as many groups each, one after the other.
    pub fn split(self, shares: usize) -> Vec<Grouped<'a>> {
        let each = self.sets.len().div_ceil(shares).max(1);
        let structures = self.structures;
        self.sets.chunks_mut(each).map(|sets| Grouped { sets, structures }).collect()
    }

    /// Enters rows that come in runs of one group, each with its number here and its end; those that are new go to `out`.
    pub fn insert(&mut self, runs: &[(u32, u32)], rows: &[Vec<u32>], out: &mut [Vec<u32>]) {
        let (Some((last, prefix)), Some((new, before))) = (rows.split_last(), out.split_last_mut()) else { return };
        let mut start = 0;
        for &(group, end) in runs {
            let end = end as usize;
            let (set, structures) = (&mut self.sets[group as usize], self.structures);
            new.extend(last[start..end].iter().filter(|&&code| set.insert(code, structures)));
            before.iter_mut().zip(prefix).for_each(|(column, codes)| column.resize(new.len(), codes[start]));
            start = end;
        }
    }
}

fn grouped(width: usize, structures: Structures) -> Kind {
    let mut groups = Keys::new(width - 1, structures);
    let mut sets = Vec::new();
    if width == 1 {
        groups.enter(&[], &[], &[], 0);
        sets.push(CodeSet::default());
    }
    Kind::Grouped { groups, sets, prefix: (0..width - 1).collect() }
}

/// Enters a row that will be the next one of the columns if it is new.
#[inline]
fn enter(kind: &mut Kind, columns: &[Vec<u32>], row: &[u32], structures: Structures) -> bool {
    let next = columns.first().map_or(0, Vec::len) as u32;
    enter_at(kind, columns, row, next, structures)
}

fn enter_at(kind: &mut Kind, columns: &[Vec<u32>], row: &[u32], number: u32, structures: Structures) -> bool {
    match kind {
        Kind::Unit(known) => !std::mem::replace(known, true),
        Kind::Pairs(pairs) => pairs.insert(pair(row)),
        Kind::Rows(rows) => {
            let code = hash(row);
            if rows.find(code, |&at| same(columns, at, row)).is_some() {
                return false;
            }
            rows.insert_unique(code, number, |&at| if at == number { code } else { hash_row(columns, at) });
            true
        }
        Kind::Grouped { groups, sets, prefix } => {
            let (key, last) = row.split_at(row.len() - 1);
            let (group, new) = groups.enter(columns, prefix, key, number);
            if new {
                sets.push(CodeSet::default());
            }
            sets[group as usize].insert(last[0], structures)
        }
    }
}

/// Whether groups have [`GROUPED`] rows or more on average, judged by every 16th group.
fn has_large_groups(columns: &[Vec<u32>]) -> bool {
    let Some((_, prefix)) = columns.split_last() else { return false };
    let mut groups: HashSet<u64, FxBuildHasher> = HashSet::default();
    let mut rows = 0;
    for at in 0..columns[0].len() {
        let mut hasher = FxHasher::default();
        prefix.iter().for_each(|column| hasher.write_u32(column[at]));
        let code = hasher.finish();
        if code >> 7 & 15 == 0 {
            rows += 1;
            groups.insert(code);
        }
    }
    rows >= groups.len() * GROUPED
}

fn hash(row: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    row.iter().for_each(|&code| hasher.write_u32(code));
    hasher.finish()
}

fn hash_row(columns: &[Vec<u32>], row: u32) -> u64 {
    let mut hasher = FxHasher::default();
    columns.iter().for_each(|column| hasher.write_u32(column[row as usize]));
    hasher.finish()
}

fn same(columns: &[Vec<u32>], row: u32, key: &[u32]) -> bool {
    columns.iter().zip(key).all(|(column, &code)| column[row as usize] == code)
}
