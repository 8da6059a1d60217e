//! Rows that are there no more. Columns keep their codes, so that no other row gets another number; sets and indexes let go of
//! them.

#[derive(Debug, Default)]
pub(crate) struct Dead {
    words: Vec<u64>,
    count: u32,
}

impl Dead {
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// Whether a row is gone.
    #[inline]
    pub fn has(&self, row: u32) -> bool {
        self.words.get((row >> 6) as usize).is_some_and(|word| word >> (row & 63) & 1 == 1)
    }

    /// Marks a row. Returns whether it was there.
    pub fn mark(&mut self, row: u32) -> bool {
        let at = (row >> 6) as usize;
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        let new = !self.has(row);
        self.words[at] |= 1 << (row & 63);
        self.count += u32::from(new);
        new
    }

    pub fn unmark(&mut self, row: u32) {
        if self.has(row) {
            self.words[(row >> 6) as usize] &= !(1 << (row & 63));
            self.count -= 1;
        }
    }
}
