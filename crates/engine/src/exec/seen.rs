//! Bindings that came by before, so that none is carried on twice.
//!
//! Semi-naive rounds meet each combination of rows once, yet different combinations often agree in all that is looked at
//! further on. Whatever the later literals make of such a binding, some version of the same rule has made of the first one, or
//! makes it in the same round: so rows, makers and steps stay the same without it.

use super::block::Block;
use crate::Structures;
use crate::store::Members;

/// Bindings looked at between two questions whether remembering pays.
const WINDOW: u64 = 1 << 14;

/// The bindings so far.
#[derive(Debug)]
pub(crate) struct Seen {
    columns: Vec<Vec<u32>>,
    members: Members,
    /// Bindings that came, and that went on.
    came: u64,
    passed: u64,
    /// What the next join made of those that went on.
    made: u64,
    next_look: u64,
    off: bool,
}

impl Seen {
    pub fn new(width: usize) -> Self {
        Seen {
            columns: vec![Vec::new(); width],
            members: Members::new(width, Structures::ByDensity),
            came: 0,
            passed: 0,
            made: 0,
            next_look: WINDOW,
            off: false,
        }
    }

    /// The bindings that are new in these slots.
    pub fn pass(&mut self, slots: &[usize], mut block: Block) -> Block {
        if self.off {
            return block;
        }
        let before = self.columns.first().map_or(0, Vec::len);
        let columns: Vec<&[u32]> = slots.iter().map(|&slot| block.columns[slot].as_slice()).collect();
        self.members.insert(&mut self.columns, &columns, block.len);
        self.came += block.len as u64;
        for (column, &slot) in self.columns.iter().zip(slots) {
            block.columns[slot].clear();
            block.columns[slot].extend_from_slice(&column[before..]);
        }
        block.len = self.columns.first().map_or(0, Vec::len) - before;
        self.passed += block.len as u64;
        if self.came >= self.next_look {
            self.look();
        }
        block
    }

    /// Takes note of how much the next join made.
    pub fn led_to(&mut self, bindings: usize) {
        self.made += bindings as u64;
    }

    /// Gives up where looking costs more than it saves: looking at a binding costs about what deriving a row costs.
    fn look(&mut self) {
        self.next_look = self.came * 2;
        let each = 1 + self.made / self.passed.max(1);
        if (self.came - self.passed) * each < self.came {
            self.off = true;
            self.columns = Vec::new();
            self.members = Members::new(0, Structures::ByDensity);
        }
    }
}
