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

/// The variables at one point.
#[derive(Debug, Default)]
pub struct Environment {
    now: Vec<ValueId>,
    journal: Vec<(Slot, ValueId)>,
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
        }
        let old = std::mem::replace(&mut self.now[slot.at()], value);
        self.journal.push((slot, old));
        if self.guarded > 0 {
            self.writes.push((slot, value));
        }
    }

    /// A point to go back to.
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// What changed since a mark.
    pub fn changes(&self, mark: usize) -> Changes {
        let mut slots: Vec<Slot> = self.journal[mark..].iter().map(|&(slot, _)| slot).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().map(|slot| (slot, self.get(slot))).collect()
    }

    /// Goes back to a mark and returns what had changed; none where the point could not be reached.
    pub fn take(&mut self, mark: usize) -> Option<Changes> {
        let changes = (!self.dead).then(|| self.changes(mark));
        while self.journal.len() > mark {
            if let Some((slot, old)) = self.journal.pop() {
                self.now[slot.at()] = old;
            }
        }
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
