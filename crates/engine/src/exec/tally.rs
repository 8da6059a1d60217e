//! What the operations of a plan took in and gave out. A plan that nobody watches has no tally: then an operation asks once a
//! block whether there is one.

use std::time::Duration;

use crate::plan::{OpKind, Plan};

/// What one operation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Blocks of bindings that it worked on.
    pub blocks: u64,
    /// Bindings that came to it.
    pub rows_in: u64,
    /// Bindings that it handed on.
    pub rows_out: u64,
    /// Time spent, that of bodies inside it included; of several threads, that of all together.
    pub time: Duration,
}

/// Figures by operation of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub ops: Vec<Count>,
}

/// Figures of an operation, and tallies of the bodies inside it: the branches of an `or` in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Count {
    pub figures: Figures,
    pub inside: Vec<Tally>,
}

impl Tally {
    /// Nothing done yet.
    pub fn new(plan: &Plan) -> Tally {
        let count = |kind: &OpKind| Count {
            figures: Figures::default(),
            inside: match kind {
                OpKind::Or(branches) => branches.iter().map(Tally::new).collect(),
                OpKind::Not { plan, .. } => vec![Tally::new(plan)],
                OpKind::Aggregate(aggregate) => vec![Tally::new(&aggregate.plan)],
                _ => Vec::new(),
            },
        };
        Tally { ops: plan.ops.iter().map(|op| count(&op.kind)).collect() }
    }

    /// Adds a block's work.
    pub fn count(&mut self, op: usize, rows_in: usize, rows_out: usize, time: Duration) {
        if let Some(count) = self.ops.get_mut(op) {
            let one = Figures { blocks: 1, rows_in: rows_in as u64, rows_out: rows_out as u64, time };
            count.figures.add(&one);
        }
    }

    /// The tallies inside an operation, to be given back.
    pub fn lend(&mut self, op: usize) -> Vec<Tally> {
        self.ops.get_mut(op).map_or_else(Vec::new, |count| std::mem::take(&mut count.inside))
    }

    /// Takes back what was lent.
    pub fn give_back(&mut self, op: usize, inside: Vec<Tally>) {
        if let Some(count) = self.ops.get_mut(op) {
            count.inside = inside;
        }
    }

    /// Adds the figures of another thread, or another run, of the same plan.
    pub fn add(&mut self, other: &Tally) {
        for (one, other) in self.ops.iter_mut().zip(&other.ops) {
            one.figures.add(&other.figures);
            one.inside.iter_mut().zip(&other.inside).for_each(|(one, other)| one.add(other));
        }
    }
}

impl Figures {
    /// Adds other figures of the same operation.
    pub fn add(&mut self, other: &Figures) {
        self.blocks += other.blocks;
        self.rows_in += other.rows_in;
        self.rows_out += other.rows_out;
        self.time += other.time;
    }
}
