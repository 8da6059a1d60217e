//! What each variable holds at the point that the walk has come to.
//!
//! Values are numbers into a table shared by the whole file: a definition, a choice among values where paths
//! join, or all definitions of a variable of another function. Branches do not copy the environment: a journal
//! takes changes back, and joining looks only at what changed, so the work follows the size of the code.

use std::collections::BTreeMap;

use crate::tree::Slot;

/// A value that a variable may hold; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ValueId(pub u32);

impl ValueId {
    /// No value.
    pub const NONE: ValueId = ValueId(0);
}

/// What changed on a path: slots with their last values, sorted.
pub type Changes = Vec<(Slot, ValueId)>;

/// What a variable held before, and where its entry before that stands.
#[derive(Debug, Clone, Copy)]
struct Entry {
    slot: Slot,
    old: ValueId,
    before: usize,
}

/// A point to go back to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mark {
    journal: usize,
    depth: usize,
}

/// The variables at one point.
#[derive(Debug, Default)]
pub struct Environment {
    now: Vec<ValueId>,
    journal: Vec<Entry>,
    /// By slot: one more than the place of its last entry in the journal.
    entries: Vec<usize>,
    /// Where the journal stood at each mark that is still open.
    marks: Vec<usize>,
    /// Everything written while a guarded block was being walked.
    writes: Vec<(Slot, ValueId)>,
    guarded: usize,
    /// Whether the point cannot be reached.
    pub dead: bool,
}

impl Environment {
    /// What the variable holds.
    pub fn get(&self, slot: Slot) -> ValueId {
        self.now.get(slot.at()).copied().unwrap_or_default()
    }

    /// The variable holds another value from here on.
    pub fn set(&mut self, slot: Slot, value: ValueId) {
        if slot.at() >= self.now.len() {
            self.now.resize(slot.at() + 1, ValueId::NONE);
            self.entries.resize(slot.at() + 1, 0);
        }
        let old = std::mem::replace(&mut self.now[slot.at()], value);
        // One entry is enough between two marks.
        let before = self.entries[slot.at()];
        if before <= self.marks.last().copied().unwrap_or_default() {
            self.journal.push(Entry { slot, old, before });
            self.entries[slot.at()] = self.journal.len();
        }
        if self.guarded > 0 {
            self.writes.push((slot, value));
        }
    }

    /// A point to go back to.
    pub fn mark(&mut self) -> Mark {
        let mark = Mark { journal: self.journal.len(), depth: self.marks.len() };
        self.marks.push(mark.journal);
        mark
    }

    /// What changed since a mark.
    pub fn changes(&self, mark: Mark) -> Changes {
        let mut slots: Vec<Slot> = self.journal[mark.journal..].iter().map(|entry| entry.slot).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().map(|slot| (slot, self.get(slot))).collect()
    }

    /// Goes back to a mark and returns what had changed; none where the point could not be reached.
    pub fn take(&mut self, mark: Mark) -> Option<Changes> {
        let changes = (!self.dead).then(|| self.changes(mark));
        for entry in self.journal.drain(mark.journal..).rev() {
            self.now[entry.slot.at()] = entry.old;
            self.entries[entry.slot.at()] = entry.before;
        }
        self.marks.truncate(mark.depth);
        self.dead = false;
        changes
    }

    /// Applies changes.
    pub fn apply(&mut self, changes: &Changes) {
        for &(slot, value) in changes {
            self.set(slot, value);
        }
    }

    /// Begins to log writes; returns where the log stands.
    pub fn guard(&mut self) -> usize {
        self.guarded += 1;
        self.writes.len()
    }

    /// What was written since `from`, by variable.
    pub fn written(&self, from: usize) -> BTreeMap<Slot, Vec<ValueId>> {
        let mut written: BTreeMap<Slot, Vec<ValueId>> = BTreeMap::new();
        for &(slot, value) in &self.writes[from..] {
            written.entry(slot).or_default().push(value);
        }
        written
    }

    /// Ends logging.
    pub fn unguard(&mut self) {
        self.guarded -= 1;
        if self.guarded == 0 {
            self.writes.clear();
        }
    }
}
