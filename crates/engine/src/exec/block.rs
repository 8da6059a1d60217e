//! Blocks of bindings: one vector of codes a slot.

/// Bindings that an operation makes at a time.
pub(crate) const BLOCK: usize = 4096;

/// Bindings. Slots that are bound have a column of `len` codes, the others an empty one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub len: usize,
    pub columns: Vec<Vec<u32>>,
}

impl Block {
    /// The one binding that binds nothing.
    pub fn unit(slots: usize) -> Self {
        Block { len: 1, columns: vec![Vec::new(); slots] }
    }

    /// A block without bindings.
    pub fn empty(slots: usize) -> Self {
        Block { len: 0, columns: vec![Vec::new(); slots] }
    }

    /// The bindings of these numbers, with the slots of `keep`.
    pub fn take(&self, rows: &[u32], keep: &[usize]) -> Block {
        let mut out = Block { len: rows.len(), columns: vec![Vec::new(); self.columns.len()] };
        for &slot in keep {
            if self.bound(slot) {
                let column = &self.columns[slot];
                out.columns[slot] = rows.iter().map(|&row| column[row as usize]).collect();
            }
        }
        out
    }

    /// Whether a slot has values.
    pub fn bound(&self, slot: usize) -> bool {
        self.len > 0 && self.columns[slot].len() == self.len
    }

    /// Adds the bindings of another block, of the slots of `keep`.
    pub fn append(&mut self, other: &Block, keep: &[usize]) {
        for &slot in keep {
            self.columns[slot].extend_from_slice(&other.columns[slot]);
        }
        self.len += other.len;
    }
}
