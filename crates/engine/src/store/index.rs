//! Rows by the values of some columns: for each key the numbers of its rows, ascending, side by side in memory.
//!
//! Rounds append: a key whose place is full moves to one twice as large, and what it leaves is given to the next key that
//! needs as much. So a round's work is in proportion to what the round added, however many rounds there are.

use std::ops::Range;

use super::Structures;
use super::dead::Dead;
use super::keys::Keys;

/// Rows taken in between two questions whether to stop: some milliseconds' work.
const STRETCH: u32 = 1 << 16;

/// Where the rows of a key stand.
#[derive(Debug, Clone, Copy)]
struct Posting {
    start: u32,
    len: u32,
    room: u32,
}

/// Rows by some columns.
#[derive(Debug)]
pub(crate) struct Index {
    on: Vec<usize>,
    keys: Keys,
    postings: Vec<Posting>,
    rows: Vec<u32>,
    /// Places given up, by the logarithm of their size.
    free: Vec<Vec<u32>>,
    /// Rows taken in.
    end: u32,
    /// No key has more rows than this.
    longest: u32,
}

impl Index {
    pub fn new(on: &[usize], structures: Structures) -> Self {
        Index {
            on: on.to_vec(),
            keys: Keys::new(on.len(), structures),
            postings: Vec::new(),
            rows: Vec::new(),
            free: Vec::new(),
            end: 0,
            longest: 0,
        }
    }

    /// Takes in the rows up to `end` that are there.
    pub fn extend(&mut self, columns: &[Vec<u32>], end: u32, dead: &Dead) {
        if self.end == 0 && end > 64 {
            self.build(columns, end, dead, &|| false);
            return;
        }
        let mut key = vec![0; self.on.len()];
        for row in (self.end..end).filter(|&row| !dead.has(row)) {
            let number = self.number(columns, &mut key, row);
            let posting = self.postings[number as usize];
            if posting.len == posting.room {
                self.enlarge(number);
            }
            let posting = &mut self.postings[number as usize];
            self.rows[(posting.start + posting.len) as usize] = row;
            posting.len += 1;
            self.longest = self.longest.max(posting.len);
        }
        self.end = end;
    }

    /// The number of a row's key, with an empty posting if it is new.
    #[inline]
    fn number(&mut self, columns: &[Vec<u32>], key: &mut [u32], row: u32) -> u32 {
        key.iter_mut().zip(&self.on).for_each(|(code, &column)| *code = columns[column][row as usize]);
        let (number, new) = self.keys.enter(columns, &self.on, key, row);
        if new {
            self.postings.push(Posting { start: 0, len: 0, room: 0 });
        }
        number
    }

    /// All rows at once: counted first, so that no posting has room to spare. `stop` is asked from time to time; once it says
    /// so, the index is of no use, and false is returned.
    pub fn build(&mut self, columns: &[Vec<u32>], end: u32, dead: &Dead, stop: &dyn Fn() -> bool) -> bool {
        let mut key = vec![0; self.on.len()];
        let stretches =
            || (0..end).step_by(STRETCH as usize).map(|start| start..end.min(start.saturating_add(STRETCH)));
        for stretch in stretches() {
            if stop() {
                return false;
            }
            for row in stretch.filter(|&row| !dead.has(row)) {
                let number = self.number(columns, &mut key, row);
                self.postings[number as usize].room += 1;
            }
        }
        let mut start = 0;
        for posting in &mut self.postings {
            posting.start = start;
            start += posting.room;
            self.longest = self.longest.max(posting.room);
        }
        self.rows = vec![0; start as usize];
        // Keys are looked up a second time: remembering their numbers would take as much memory as the index.
        for stretch in stretches() {
            if stop() {
                return false;
            }
            for row in stretch.filter(|&row| !dead.has(row)) {
                let number = self.number(columns, &mut key, row);
                let posting = &mut self.postings[number as usize];
                self.rows[(posting.start + posting.len) as usize] = row;
                posting.len += 1;
            }
        }
        self.end = end;
        true
    }

    /// Takes rows out. Work is in proportion to the postings of their keys.
    pub fn remove(&mut self, columns: &[Vec<u32>], rows: &[u32]) {
        let mut gone: Vec<(u32, u32)> = Vec::with_capacity(rows.len());
        let mut key = vec![0; self.on.len()];
        for &row in rows.iter().filter(|&&row| row < self.end) {
            key.iter_mut().zip(&self.on).for_each(|(code, &column)| *code = columns[column][row as usize]);
            gone.extend(self.keys.get(columns, &self.on, &key).map(|number| (number, row)));
        }
        gone.sort_unstable();
        for same in gone.chunk_by(|one, other| one.0 == other.0) {
            let posting = &mut self.postings[same[0].0 as usize];
            let rows = &mut self.rows[posting.start as usize..(posting.start + posting.len) as usize];
            let first = rows.partition_point(|&row| row < same[0].1);
            let mut kept = first;
            for at in first..rows.len() {
                if same.binary_search(&(same[0].0, rows[at])).is_err() {
                    rows[kept] = rows[at];
                    kept += 1;
                }
            }
            posting.len = kept as u32;
        }
    }

    /// Moves a posting to where it has twice the room.
    fn enlarge(&mut self, number: u32) {
        let Posting { start, len, room } = self.postings[number as usize];
        let wanted = (room + 1).next_power_of_two();
        let size = wanted.trailing_zeros() as usize;
        if self.free.len() <= size {
            self.free.resize(size + 1, Vec::new());
        }
        let to = self.free[size].pop().unwrap_or_else(|| {
            let to = self.rows.len() as u32;
            self.rows.resize((to + wanted) as usize, 0);
            to
        });
        self.rows.copy_within(start as usize..(start + len) as usize, to as usize);
        if room.is_power_of_two() {
            self.free[room.trailing_zeros() as usize].push(start);
        }
        self.postings[number as usize] = Posting { start: to, len, room: wanted };
    }

    /// Where the rows of several keys of one code stand, each a range of [`Index::all`]. Looked up side by side, so that the
    /// memory's answers are waited for together.
    pub fn spans(&self, columns: &[Vec<u32>], codes: &[u32], out: &mut Vec<Range<u32>>) {
        let span = |number: Option<u32>| match number {
            Some(number) => {
                let posting = self.postings[number as usize];
                posting.start..posting.start + posting.len
            }
            None => 0..0,
        };
        match &self.keys {
            Keys::Single(map) => out.extend(codes.iter().map(|&code| span(map.get(code)))),
            keys => out.extend(codes.chunks_exact(self.on.len()).map(|key| span(keys.get(columns, &self.on, key)))),
        }
    }

    /// The rows of all keys, with free places in between.
    pub fn all(&self) -> &[u32] {
        &self.rows
    }

    /// Where the rows of a key stand, for [`Index::at`].
    #[inline]
    pub fn span(&self, columns: &[Vec<u32>], key: &[u32]) -> Range<usize> {
        match self.keys.get(columns, &self.on, key) {
            Some(number) => {
                let posting = self.postings[number as usize];
                posting.start as usize..(posting.start + posting.len) as usize
            }
            None => 0..0,
        }
    }

    /// Where those rows of a key stand that lie in a range.
    pub fn within(&self, columns: &[Vec<u32>], key: &[u32], range: &Range<u32>) -> Range<usize> {
        let places = self.span(columns, key);
        let rows = &self.rows[places.clone()];
        let before = |end: u32| places.start + rows.partition_point(|&row| row < end);
        before(range.start)..before(range.end)
    }

    /// The row at a place.
    pub fn at(&self, place: usize) -> u32 {
        self.rows[place]
    }

    /// The columns that it is on.
    pub fn on(&self) -> &[usize] {
        &self.on
    }

    /// How keys are kept, in words.
    pub fn structure(&self) -> &'static str {
        self.keys.structure()
    }

    /// No key has more rows than this.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// How many different keys there are.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        let spare: usize = self.free.iter().map(Vec::capacity).sum();
        self.keys.bytes() + (self.postings.capacity() * 12 + (self.rows.capacity() + spare) * 4) as u64
    }
}
