//! Large rounds on several threads.
//!
//! A plan that looks at codes alone and remembers nothing (threads would each remember less, and do more) is run by each
//! thread over its own stretch of the last round's rows. What comes out is
//! sorted by the group of rows that it belongs to; then each thread adds the rows of its own groups, and the columns are put
//! together in a fixed order. Which rows there are, in which round and by which rule, does not depend on the number of threads;
//! only their order within a round does, and nothing that is shown rests on that.

use std::ops::Range;

use rayon::prelude::*;

use crate::budget::Budget;
use crate::exec::{Block, Run, Tally, Watch};
use crate::expr::World;
use crate::plan::{OperandKind, RulePlan};
use crate::store::{Grouped, Store, Stored};

/// Rows read below which threads are not worth waking.
const LARGE: u32 = 4096;
/// Rows that each thread makes before they are added.
const HELD: usize = 1 << 15;
/// Shares of the groups for each thread: groups are of different sizes.
const SHARES: usize = 4;

/// The threads of an evaluation, started when first needed.
#[derive(Debug)]
pub(crate) struct Crew {
    threads: usize,
    pool: Option<rayon::ThreadPool>,
    /// New rows by share, their room used again: fresh memory costs more than the rows.
    new: Vec<Columns>,
    /// Likewise what the workers of the last run held.
    held: Vec<(Vec<Rows>, Rows)>,
}

/// Rows, column by column.
pub(crate) type Columns = Vec<Vec<u32>>;

impl Crew {
    /// As many threads as wanted; 0 is one for each core.
    pub fn new(threads: usize) -> Self {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if threads == 0 { cores() } else { threads };
        Crew { threads, pool: None, new: Vec::new(), held: Vec::new() }
    }

    /// The rows that a plan begins with, if it is for several threads: nothing but codes is looked at, the rows are many,
    /// and those that it adds to are grouped.
    pub fn range(&self, plan: &RulePlan, store: &Store, head: &Stored, least: Option<u32>) -> Option<Range<u32>> {
        let slots = plan.head.iter().all(|operand| matches!(operand.kind, OperandKind::Slot(_)));
        if self.threads < 2 || !slots || !plan.body.is_pure() || !head.is_grouped() {
            return None;
        }
        let range = plan.body.first_scan().map(|(relation, reach)| store.get(relation).range(reach))?;
        (range.end - range.start >= least.unwrap_or(LARGE)).then_some(range)
    }

    /// Does work on its threads; on this one if there can be none.
    fn install<R: Send>(&mut self, work: impl FnOnce() -> R + Send) -> R {
        if self.pool.is_none() {
            self.pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().ok();
        }
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Begins a run of a plan: one worker for each thread.
    pub fn workers<'p, 'b>(
        &mut self,
        plan: &'p RulePlan,
        range: Range<u32>,
        budget: &'b Budget,
        tally: Option<Tally>,
    ) -> Vec<Worker<'p, 'b>> {
        let each = (range.end - range.start).div_ceil(self.threads as u32) as usize;
        let (shares, width) = (self.threads * SHARES, plan.head.len());
        let worker = |number: usize| {
            let (mut shared, mut strange) = self.held.pop().unwrap_or_default();
            shared.resize_with(shares, Rows::default);
            shared.iter_mut().chain([&mut strange]).for_each(|rows| rows.clear(width));
            Worker {
                plan,
                run: Run::stretch(&plan.body, number * each..(number + 1) * each),
                watch: Watch::counting(budget, tally.clone()),
                world: World::new(facts::Database::new()),
                shares: shared,
                strange,
                done: false,
            }
        };
        (0..self.threads).map(worker).collect()
    }

    /// Ends a run. Returns whether the budget ended it.
    pub fn finish(&mut self, workers: Vec<Worker>) -> bool {
        let stopped = workers.iter().any(|worker| worker.watch.stopped);
        self.held.extend(workers.into_iter().map(|worker| (worker.shares, worker.strange)));
        stopped
    }

    /// Lets all workers make rows, until each has many or is at its end. Returns whether there was anything to do.
    pub fn make(&mut self, workers: &mut [Worker], store: &Store, head: &Stored) -> bool {
        self.install(|| workers.par_iter_mut().map(|worker| worker.make(store, head)).reduce(|| false, |a, b| a | b))
    }

    /// Adds what the workers made to groups, each share by one thread. Returns the new rows in a fixed order.
    pub fn add(&mut self, workers: &[Worker], groups: Grouped, width: usize) -> &[Columns] {
        let shares = groups.split(self.threads * SHARES);
        let mut new = std::mem::take(&mut self.new);
        new.resize_with(shares.len(), Columns::new);
        self.install(|| {
            let add = |(number, (mut share, columns)): (usize, (Grouped, &mut Columns))| {
                columns.resize_with(width, Vec::new);
                columns.iter_mut().for_each(Vec::clear);
                for rows in workers.iter().filter_map(|worker| worker.shares.get(number)) {
                    share.insert(&rows.runs, &rows.columns, columns);
                }
            };
            shares.into_par_iter().zip(&mut new).enumerate().for_each(add);
        });
        self.new = new;
        &self.new
    }
}

/// Rows that were made, in runs of one group.
#[derive(Debug, Default)]
struct Rows {
    /// Number and end of each.
    runs: Vec<(u32, u32)>,
    columns: Vec<Vec<u32>>,
}

impl Rows {
    fn clear(&mut self, width: usize) {
        self.runs.clear();
        self.columns.resize_with(width, Vec::new);
        self.columns.iter_mut().for_each(Vec::clear);
    }

    fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    fn add(&mut self, group: u32, columns: &[&[u32]], rows: Range<usize>) {
        self.columns.iter_mut().zip(columns).for_each(|(own, column)| own.extend_from_slice(&column[rows.clone()]));
        self.runs.push((group, self.len() as u32));
    }
}

/// A thread's part of a run.
pub(crate) struct Worker<'p, 'b> {
    plan: &'p RulePlan,
    run: Run<'p>,
    watch: Watch<'b>,
    /// Empty: plans that look at codes alone ask nothing of it.
    world: World,
    /// What was made, by share of the groups.
    shares: Vec<Rows>,
    /// What belongs to groups that are not there yet.
    strange: Rows,
    done: bool,
}

impl Worker<'_, '_> {
    fn make(&mut self, store: &Store, head: &Stored) -> bool {
        let width = self.plan.head.len();
        self.shares.iter_mut().chain([&mut self.strange]).for_each(|rows| rows.clear(width));
        let mut held = 0;
        while !self.done && held < HELD {
            let Some(block) = self.run.next(store, &mut self.world, &mut self.watch) else {
                self.done = true;
                break;
            };
            held += block.len;
            self.sort(&block, head);
        }
        held > 0
    }

    /// Puts the rows of a block to the shares of their groups.
    fn sort(&mut self, block: &Block, head: &Stored) {
        let columns: Vec<&[u32]> = self
            .plan
            .head
            .iter()
            .filter_map(|operand| match operand.kind {
                OperandKind::Slot(slot) => Some(block.columns[slot].as_slice()),
                _ => None,
            })
            .collect();
        let each = head.groups().div_ceil(self.shares.len()).max(1) as u32;
        let Some((_, prefix)) = columns.split_last() else { return };
        let mut key = vec![0; columns.len()];
        let mut start = 0;
        while start < block.len {
            let same = |&row: &usize| prefix.iter().all(|column| column[row] == column[start]);
            let end = (start + 1..block.len).find(|row| !same(row)).unwrap_or(block.len);
            key.iter_mut().zip(prefix).for_each(|(code, column)| *code = column[start]);
            match head.group(&key) {
                Some(group) => self.shares[(group / each) as usize].add(group % each, &columns, start..end),
                None => self.strange.add(0, &columns, start..end),
            }
            start = end;
        }
    }

    /// Rows of groups that are not there yet, and how many there are.
    pub fn strange(&self) -> (Vec<&[u32]>, usize) {
        let columns: Vec<&[u32]> = self.strange.columns.iter().map(Vec::as_slice).collect();
        (columns, self.strange.len())
    }

    /// Whether rows came in runs of one group: sorting them one by one costs as much as adding them.
    pub fn pays(&self) -> bool {
        let runs: usize = self.shares.iter().map(|rows| rows.runs.len()).sum();
        let rows: usize = self.shares.iter().map(Rows::len).sum();
        runs * 2 <= rows.max(2)
    }

    /// What its operations did, where that was asked for.
    pub fn tally(&mut self) -> Option<Tally> {
        self.watch.tally.take()
    }

    /// How many rows were made since the last time.
    pub fn made(&self) -> u64 {
        let known: usize = self.shares.iter().map(Rows::len).sum();
        (known + self.strange.len()) as u64
    }
}
