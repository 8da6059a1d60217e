//! Runs of a plan: blocks go through its operations depth first, so that little is held at a time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::block::Block;
use super::seen::Seen;
use super::tally::Tally;
use super::{aggregate, filter, join, meet};
use crate::budget::Budget;
use crate::expr::World;
use crate::plan::{Op, OpKind, Plan};
use crate::store::Store;

/// What a run tells of faults, and who tells it to stop.
#[derive(Debug)]
pub(crate) struct Watch<'b> {
    budget: &'b Budget,
    /// The budget ended the run early.
    pub stopped: bool,
    /// Some literal faulted for some binding.
    pub faulted: bool,
    /// Bindings at which a literal of the outermost body faulted, with the place of its operation in the plan; kept
    /// only where asked for.
    pub seeds: Option<Vec<(usize, Block)>>,
    /// Counts what operations do, where asked for.
    pub tally: Option<Tally>,
}

impl<'b> Watch<'b> {
    pub fn new(budget: &'b Budget) -> Self {
        Watch { budget, stopped: false, faulted: false, seeds: None, tally: None }
    }

    /// One that counts what operations do, if there is a tally for it.
    pub fn counting(budget: &'b Budget, tally: Option<Tally>) -> Self {
        Watch { tally, ..Watch::new(budget) }
    }

    fn stop(&mut self) -> bool {
        self.stopped |= self.budget.breathe().is_err();
        self.stopped
    }
}

/// A block waiting for an operation.
struct Waiting {
    op: usize,
    block: Block,
    cursor: Cursor,
}

/// How far an operation is through its block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor {
    pub row: usize,
    /// How many of the binding's candidates were looked at.
    pub done: usize,
    /// How many of a scan's rows to look at.
    pub limit: usize,
}

/// Values of aggregates and outcomes of negations by group, for each operation of a plan.
pub(crate) type Memo = HashMap<Box<[u32]>, Group, FxBuildHasher>;

/// What is known of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// The aggregate's value, or 1 for a body that holds.
    Code(u32),
    /// No value, or a body that does not hold.
    Nothing,
    Fault,
}

/// What a plan's runs learn, kept from one round to the next: what `not`s and aggregates come to, since they read complete
/// relations alone, and which bindings there were.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    memos: BTreeMap<usize, Memo>,
    seen: BTreeMap<usize, Seen>,
    /// Operations inside which something faulted.
    troubled: Vec<bool>,
    /// Whether several threads were found to gain nothing.
    pub alone: bool,
}

/// A plan at work.
pub(crate) struct Run<'p> {
    plan: &'p Plan,
    waiting: Vec<Waiting>,
    carried: Carried,
}

impl<'p> Run<'p> {
    /// A run over the bindings of a block.
    pub fn new(plan: &'p Plan, block: Block) -> Self {
        Run::resume(plan, block, Carried::default())
    }

    /// A run that goes on from what others of the same plan learnt.
    pub fn resume(plan: &'p Plan, block: Block, mut carried: Carried) -> Self {
        carried.troubled.resize(plan.ops.len(), false);
        let mut run = Run { plan, waiting: Vec::new(), carried };
        run.push(0, block);
        run
    }

    /// A run over a stretch of the rows that the plan's first operation scans.
    pub fn stretch(plan: &'p Plan, rows: Range<usize>) -> Self {
        let mut run = Run::new(plan, Block::unit(plan.slots));
        if let Some(first) = run.waiting.last_mut() {
            first.cursor = Cursor { row: 0, done: rows.start, limit: rows.end };
        }
        run
    }

    /// What the run learnt.
    pub fn into_carried(self) -> Carried {
        self.carried
    }

    fn push(&mut self, op: usize, block: Block) {
        if block.len > 0 {
            self.waiting.push(Waiting { op, block, cursor: Cursor { row: 0, done: 0, limit: usize::MAX } });
        }
    }

    /// The next block of results.
    pub fn next(&mut self, store: &Store, world: &mut World, watch: &mut Watch) -> Option<Block> {
        loop {
            if watch.stop() {
                return None;
            }
            let Waiting { op, block, cursor } = self.waiting.last_mut()?;
            let number = *op;
            let Some(op) = self.plan.ops.get(number) else {
                return self.waiting.pop().map(|waiting| waiting.block);
            };
            let started = watch.tally.as_ref().map(|_| Instant::now());
            let (came, out) = match &op.kind {
                OpKind::Join(join) => {
                    let first = cursor.row;
                    let out = join::join(join, block, cursor, &op.keep, store);
                    let came = cursor.row - first;
                    if cursor.row >= block.len {
                        self.waiting.pop();
                    }
                    if let Some(seen) = number.checked_sub(1).and_then(|before| self.carried.seen.get_mut(&before)) {
                        seen.led_to(out.len);
                    }
                    (came, out)
                }
                OpKind::Meet(meet) => {
                    let first = cursor.row;
                    let out = meet::meet(meet, block, cursor, &op.keep, store);
                    let came = cursor.row - first;
                    if cursor.row >= block.len {
                        self.waiting.pop();
                    }
                    if let Some(seen) = number.checked_sub(1).and_then(|before| self.carried.seen.get_mut(&before)) {
                        seen.led_to(out.len);
                    }
                    (came, out)
                }
                _ => {
                    let block = std::mem::take(block);
                    self.waiting.pop();
                    (block.len, self.whole(op, number, block, store, world, watch))
                }
            };
            if let (Some(tally), Some(started)) = (&mut watch.tally, started) {
                tally.count(number, came, out.len, started.elapsed());
            }
            self.push(number + 1, out);
        }
    }

    /// Operations that take a block at once.
    fn whole(
        &mut self,
        op: &'p Op,
        number: usize,
        block: Block,
        store: &Store,
        world: &mut World,
        watch: &mut Watch,
    ) -> Block {
        let mut faults = Vec::new();
        let mut inner = Watch::new(watch.budget);
        let mut inside = watch.tally.as_mut().map_or_else(Vec::new, |tally| tally.lend(number));
        let out = match &op.kind {
            OpKind::Exists(join) => join::exists(join, &block, true, &op.keep, store),
            OpKind::Absent(join) => join::exists(join, &block, false, &op.keep, store),
            OpKind::Or(branches) => or(branches, &block, &op.keep, store, world, &mut inner, &mut inside),
            OpKind::Not { plan, tag, group } => {
                let memo = self.carried.memos.entry(number).or_default();
                inner.tally = inside.pop();
                aggregate::not(plan, *tag, group, memo, &block, &op.keep, store, world, &mut inner)
            }
            OpKind::Aggregate(aggregate) => {
                let memo = self.carried.memos.entry(number).or_default();
                inner.tally = inside.pop();
                aggregate::aggregate(aggregate, memo, &block, &op.keep, store, world, &mut inner, &mut faults)
            }
            OpKind::Distinct(slots) => {
                let seen = self.carried.seen.entry(number).or_insert_with(|| Seen::new(slots.len()));
                return seen.pass(slots, block);
            }
            _ => filter::filter(op, &block, world, &mut faults),
        };
        if let Some(tally) = &mut watch.tally {
            inside.extend(inner.tally);
            tally.give_back(number, inside);
        }
        self.carried.troubled[number] |= inner.faulted;
        watch.stopped |= inner.stopped;
        watch.faulted |= inner.faulted || !faults.is_empty();
        if let Some(seeds) = &mut watch.seeds {
            // Where something faulted inside an operation, the exact path finds out for which bindings.
            let all: Vec<usize> = (0..block.columns.len()).filter(|&slot| block.bound(slot)).collect();
            if self.carried.troubled[number] {
                seeds.push((number, block));
            } else if !faults.is_empty() {
                seeds.push((number, block.take(&faults, &all)));
            }
        }
        out
    }
}

fn or(
    branches: &[Plan],
    block: &Block,
    keep: &[usize],
    store: &Store,
    world: &mut World,
    watch: &mut Watch,
    tallies: &mut [Tally],
) -> Block {
    let mut out = Block::empty(block.columns.len());
    for (number, branch) in branches.iter().enumerate() {
        watch.tally = tallies.get_mut(number).map(std::mem::take);
        let mut run = Run::new(branch, block.clone());
        while let Some(part) = run.next(store, world, watch) {
            out.append(&part, keep);
        }
        if let (Some(tally), Some(counted)) = (tallies.get_mut(number), watch.tally.take()) {
            *tally = counted;
        }
    }
    out
}
