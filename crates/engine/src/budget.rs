//! Keeps an evaluation within its limits.

use std::time::Instant;

use base::Cancel;
use ir::{Program, RelId, RuleId, Stratum};

use crate::expr::World;
use crate::options::Overrun;
use crate::stats::Stats;
use crate::store::{Maker, Store};
use crate::{Error, Options};
use facts::Code;

/// Rows shown of a relation that grew too large.
const SAMPLE: u32 = 5;
/// Checks between two looks at memory, which takes a walk over all relations.
const PATIENCE: u32 = 64;

#[derive(Debug, Clone)]
pub(crate) struct Budget {
    options: Options,
    started: Instant,
    checks: u32,
    /// Derived rows so far.
    pub rows: u64,
}

impl Budget {
    pub fn new(options: &Options) -> Self {
        Budget { options: options.clone(), started: Instant::now(), checks: 0, rows: 0 }
    }

    /// Who stops the evaluation.
    pub fn cancel(&self) -> Cancel {
        self.options.cancel.clone()
    }

    /// Whether work may go on, as far as time and cancellation go.
    pub fn breathe(&self) -> Result<(), Interruption> {
        if self.options.cancel.is_cancelled() {
            return Err(Interruption::Cancelled);
        }
        match self.options.limits.time {
            Some(time) if self.started.elapsed() > time => Err(Interruption::Time(format!("{time:?}"))),
            _ => Ok(()),
        }
    }

    /// Whether a stratum may go on growing.
    pub fn check(
        &mut self,
        program: &Program,
        stratum: &Stratum,
        store: &Store,
        world: &World,
        stats: &Stats,
    ) -> Result<(), Error> {
        let fail = |budget: String| Err(overrun(budget, program, stratum, store, world, stats));
        match self.breathe() {
            Err(Interruption::Cancelled) => return Err(Error::Cancelled),
            Err(Interruption::Time(budget)) => return fail(budget),
            Ok(()) => {}
        }
        let limits = &self.options.limits;
        if let Some(rows) = limits.rows
            && self.rows > rows
        {
            return fail(format!("{rows} rows"));
        }
        // Row numbers are 32 bits wide.
        if stratum.relations.iter().any(|&id| store.get(id).len() > u32::MAX as usize / 4) {
            return fail(format!("{} rows in one relation", u32::MAX / 4));
        }
        self.checks += 1;
        if let Some(memory) = limits.memory
            && self.checks % PATIENCE == 1
            && store.bytes() + world.database.values.text_count() as u64 * 64 > memory
        {
            return fail(format!("{memory} bytes"));
        }
        Ok(())
    }
}

/// Why work must stop.
#[derive(Debug)]
pub(crate) enum Interruption {
    Cancelled,
    Time(String),
}

fn overrun(budget: String, program: &Program, stratum: &Stratum, store: &Store, world: &World, stats: &Stats) -> Error {
    let relation = stratum.relations.iter().copied().max_by_key(|&id| (store.get(id).len(), std::cmp::Reverse(id)));
    let relation = relation.unwrap_or(RelId(0));
    let stored = store.get(relation);
    let decl = &program.relation(relation).decl;
    let mut rules: Vec<(RuleId, u64)> = program
        .rules()
        .filter(|(_, rule)| rule.head == relation)
        .map(|(id, _)| (id, stats.rules[id.0 as usize].rows))
        .filter(|(_, rows)| *rows > 0)
        .collect();
    rules.sort_by_key(|&(id, rows)| (std::cmp::Reverse(rows), id));
    let end = stored.len() as u32;
    let newest = (end.saturating_sub(SAMPLE)..end).filter(|&row| !stored.dead.has(row));
    let newest = newest.filter(|&row| matches!(stored.maker(row), Maker::Rule(_)));
    let sample = newest
        .map(|row| {
            let codes = stored.row(row).zip(&decl.columns);
            codes.map(|(code, column)| world.database.values.decode(&column.ty, Code(code))).collect()
        })
        .collect();
    Error::Budget(Box::new(Overrun {
        budget,
        relation,
        name: decl.name.clone(),
        rows: stored.count() as u64,
        rules,
        sample,
    }))
}
