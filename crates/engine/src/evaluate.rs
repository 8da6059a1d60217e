//! Semi-naive evaluation, stratum by stratum, in synchronous rounds: all rules of a stratum read only what earlier rounds made.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use facts::Database;
use ir::{Program, RelId, RuleId, Stratum, VarId};

use crate::budget::Budget;
use crate::exec::{Block, Carried, Figures, Run, Tally, Watch};
use crate::expr::World;
use crate::expr::column::{Bad, column};
use crate::factor;
use crate::faults::RuleFaults;
use crate::observe::{Observed, Recorder};
use crate::plan::{Operand, Planner, RulePlan};
use crate::rules::{Prepared, Version};
use crate::spread::{Crew, Worker};
use crate::stats::Stats;
use crate::store::{Maker, Statistics, Store};
use crate::{Error, Evaluation, Options, Structures};

/// Evaluates a program over the rows of a database.
pub fn evaluate(program: &Arc<Program>, mut database: Database, options: &Options) -> Result<Evaluation, Error> {
    let rules = Prepared::all(program)?;
    let extended = extended(program, &rules);
    let store = Store::load(&extended, &mut database, options.structures)?;
    let mut machine = Machine::new(&extended, store, World::new(database), program, options);
    for number in 0..program.strata.len() {
        if let Err(error) = machine.complete(number, &rules) {
            // Giving hundreds of megabytes back takes longer than whoever cancelled should wait.
            let Machine { store, world, .. } = machine;
            rayon::spawn(move || drop((store, world)));
            return Err(error);
        }
    }
    let Machine { mut store, world, stats, faults, lasts, recorder, .. } = machine;
    store.relations.truncate(program.relations.len());
    let patched = vec![false; lasts.len()];
    let observed = recorder.map(Recorder::finish).unwrap_or_default();
    let outcome = Outcome { store, world, faults, stats, observed, lasts, patched };
    Ok(Evaluation::new(program.clone(), extended, rules, outcome))
}

/// The program that plans are made of.
pub(crate) fn extended(program: &Arc<Program>, rules: &[Prepared]) -> Arc<Program> {
    factor::extend(program, rules.iter().filter_map(|rule| Some((rule.factored.as_ref()?, program.rule(rule.id)))))
}

/// What an evaluation came to.
pub(crate) struct Outcome {
    pub store: Store,
    pub world: World,
    pub faults: Vec<RuleFaults>,
    pub stats: Stats,
    pub observed: Observed,
    pub lasts: Vec<u32>,
    pub patched: Vec<bool>,
}

pub(crate) struct Machine<'a> {
    pub program: &'a Arc<Program>,
    pub store: Store,
    pub world: World,
    pub statistics: Statistics,
    pub budget: Budget,
    pub structures: Structures,
    crew: Crew,
    /// Rows from which on threads share a plan's work, where it is forced.
    least: Option<u32>,
    /// Of the stratum's last batch. Steps are counted in each stratum from 1, so that those of one do not depend on those of
    /// another.
    pub step: u32,
    /// The last step of each stratum.
    pub lasts: Vec<u32>,
    pub stats: Stats,
    pub faults: Vec<RuleFaults>,
    /// Takes notes, where somebody wants them.
    pub recorder: Option<Recorder>,
    /// What became of the rows that the run at hand derived.
    added: Figures,
}

impl<'a> Machine<'a> {
    /// A machine at the start. `extended` is `program` with helper relations.
    pub fn new(
        extended: &'a Arc<Program>,
        store: Store,
        world: World,
        program: &Program,
        options: &Options,
    ) -> Machine<'a> {
        Machine {
            program: extended,
            store,
            world,
            statistics: Statistics::default(),
            budget: Budget::new(options),
            structures: options.structures,
            crew: Crew::new(options.threads),
            least: (options.structures == Structures::Dense).then_some(1),
            step: 0,
            lasts: vec![0; program.strata.len()],
            stats: Stats::new(program),
            faults: Vec::new(),
            recorder: Recorder::new(program, options.observe),
            added: Figures::default(),
        }
    }

    /// Evaluates a stratum; those below it are complete.
    pub fn complete(&mut self, number: usize, rules: &[Prepared]) -> Result<(), Error> {
        let started = Instant::now();
        let program = self.program;
        let stratum = &program.strata[number];
        let mut prepared: Vec<&Prepared> = stratum.rules.iter().map(|rule| &rules[rule.0 as usize]).collect();
        prepared.sort_by_key(|rule| rule.id);
        self.step = 0;
        self.recorder.iter_mut().for_each(|recorder| recorder.begin(number));
        self.stratum(stratum, number, &prepared)?;
        self.lasts[number] = self.step;
        self.stats.strata[number].time = started.elapsed();
        Ok(())
    }
}

impl Machine<'_> {
    pub fn planner<'p>(&'p mut self, rule: &'p Prepared) -> Planner<'p> {
        Planner::new(
            self.program,
            self.program.rule(rule.id),
            &rule.scope,
            &mut self.store,
            &mut self.statistics,
            &mut self.world.database,
        )
    }

    /// The plan of a version of a rule, or of the part of it that a helper relation keeps: some variables.
    pub fn plan(
        &mut self,
        rule: &Prepared,
        version: &Version,
        part: Option<(RelId, &[VarId])>,
    ) -> Result<RulePlan, Error> {
        let started = Instant::now();
        let (program, told, cancel) = (self.program, self.recorder.is_some(), self.budget.cancel());
        let (planner, reach) = (self.planner(rule), |at: usize| version.reach[at]);
        let planner = planner.telling(told, cancel);
        let plan = match part {
            Some((_, variables)) => planner.part(&version.body, version.delta, &reach, variables),
            None => planner.rule(&version.body, version.delta, &reach, &Default::default()),
        };
        let plan = plan.map(|mut plan| {
            if part.is_none() {
                plan.body.meet(&mut self.store, self.structures);
            }
            plan.body.share(&|relation| program.relation(relation).decl.columns.len());
            plan
        });
        let plan = plan.map(|mut plan| {
            if let Some(recorder) = &mut self.recorder {
                let part = part.map(|(relation, _)| relation);
                recorder.plan((program, &self.store), rule.id, (version, part), &mut plan, started.elapsed());
            }
            plan
        });
        plan.map_err(|message| {
            if self.budget.cancel().is_cancelled() {
                return Error::Cancelled;
            }
            let name = &program.relation(program.rule(rule.id).head).decl.name;
            Error::Program {
                rule: Some(rule.id),
                message: format!("a rule of `{name}` cannot be evaluated: {message}"),
            }
        })
    }

    /// Adds what a plan of a rule gives to `head`: the rule's relation, or a part of it. Returns whether something faulted.
    pub fn run(
        &mut self,
        stratum: &Stratum,
        (rule, head): (RuleId, RelId),
        plan: &RulePlan,
        carried: &mut Carried,
    ) -> Result<bool, Error> {
        let started = Instant::now();
        let budget = self.budget.clone();
        let tally = self.recorder.as_ref().and_then(|recorder| recorder.tally(plan));
        self.added = Figures::default();
        let (faulted, tallies): (bool, Vec<Tally>);
        let range = self.crew.range(plan, &self.store, self.store.get(head), self.least);
        match range.filter(|_| !carried.alone || self.least.is_some()) {
            Some(range) => {
                let workers = self.crew.workers(plan, range, &budget, tally);
                let pays;
                (pays, tallies) = self.spread(stratum, (rule, head), workers)?;
                carried.alone = !pays;
                faulted = false;
            }
            None => {
                let mut watch = Watch::counting(&budget, tally);
                let mut run = Run::resume(&plan.body, Block::unit(plan.body.slots), std::mem::take(carried));
                self.alone(stratum, (rule, head), plan, &mut run, &mut watch)?;
                *carried = run.into_carried();
                faulted = watch.faulted;
                tallies = watch.tally.into_iter().collect();
            }
        }
        let time = started.elapsed();
        if let Some(recorder) = &mut self.recorder {
            recorder.ran(plan, self.step, &tallies, self.added, time);
        }
        let stats = &mut self.stats.rules[rule.0 as usize];
        stats.passes += 1;
        stats.time += time;
        Ok(faulted)
    }

    /// Runs a plan on this thread.
    fn alone(
        &mut self,
        stratum: &Stratum,
        (rule, head): (RuleId, RelId),
        plan: &RulePlan,
        run: &mut Run,
        watch: &mut Watch,
    ) -> Result<(), Error> {
        while let Some(block) = run.next(&self.store, &mut self.world, watch) {
            let clock = self.clock();
            let (columns, bad) = head_codes(&plan.head, &block, &mut self.world);
            let (columns, len) = good(&columns, bad, block.len, watch);
            let columns: Vec<&[u32]> = columns.iter().map(|column| &**column).collect();
            let new = self.store.get_mut(head).insert_all(&columns, len, Maker::Rule(rule.0));
            self.made((rule, head), new, len as u64, clock);
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        if watch.stopped {
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        Ok(())
    }

    /// Runs a plan on several threads. Returns whether that pays, and what the threads counted.
    fn spread(
        &mut self,
        stratum: &Stratum,
        (rule, head): (RuleId, RelId),
        mut workers: Vec<Worker>,
    ) -> Result<(bool, Vec<Tally>), Error> {
        let maker = Maker::Rule(rule.0);
        let mut pays = true;
        while self.crew.make(&mut workers, &self.store, self.store.get(head)) {
            let clock = self.clock();
            let stored = self.store.get_mut(head);
            let width = stored.columns.len();
            let mut new = 0;
            if let Some(groups) = stored.shared() {
                let parts = self.crew.add(&workers, groups, width);
                new += stored.append(parts, maker);
            }
            for worker in &workers {
                let (columns, len) = worker.strange();
                new += stored.insert_all(&columns, len, maker);
            }
            let derived = workers.iter().map(Worker::made).sum();
            pays &= workers.iter().all(Worker::pays);
            self.made((rule, head), new, derived, clock);
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        let tallies = workers.iter_mut().filter_map(Worker::tally).collect();
        if self.crew.finish(workers) {
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        Ok((pays, tallies))
    }

    /// When adding rows began, if somebody wants to know.
    fn clock(&self) -> Option<Instant> {
        self.recorder.as_ref().map(|_| Instant::now())
    }

    /// Counts rows of a rule; those of its parts are none of the relation's.
    pub fn made(&mut self, (rule, head): (RuleId, RelId), new: usize, derived: u64, clock: Option<Instant>) {
        let time = clock.map_or(Duration::ZERO, |clock| clock.elapsed());
        self.added.add(&Figures { blocks: 1, rows_in: derived, rows_out: new as u64, time });
        let counted = self.program.rule(rule).head == head;
        let new = if counted { new as u64 } else { 0 };
        let stats = &mut self.stats.rules[rule.0 as usize];
        stats.rows += new;
        stats.derived += derived;
        self.budget.rows += new;
    }

    /// Ends a round of a stratum. Returns how many rows it added.
    pub fn publish(&mut self, stratum: &Stratum, number: usize) -> usize {
        self.step += 1;
        let clock = self.clock();
        let added = stratum.relations.iter().map(|&id| self.store.get_mut(id).publish(self.step)).sum();
        let stats = &mut self.stats.strata[number];
        stats.rounds += 1;
        stats.rows += added as u64;
        if let (Some(recorder), Some(clock)) = (&mut self.recorder, clock) {
            recorder.published(clock);
        }
        added
    }
}

/// The columns without the rows that have no value, and how many rows that leaves.
fn good<'b>(
    columns: &'b [Cow<'b, [u32]>],
    bad: Vec<Bad>,
    len: usize,
    watch: &mut Watch,
) -> (Vec<Cow<'b, [u32]>>, usize) {
    if bad.iter().all(|state| *state == Bad::Good) {
        return (columns.iter().map(|column| Cow::Borrowed(&**column)).collect(), len);
    }
    watch.faulted = true;
    let has_value = |(row, _): &(usize, &u32)| bad[*row] == Bad::Good;
    let part = |column: &[u32]| column.iter().enumerate().filter(has_value).map(|(_, &code)| code).collect();
    let left = bad.iter().filter(|state| **state == Bad::Good).count();
    (columns.iter().map(|column| Cow::Owned(part(column))).collect(), left)
}

/// The codes of a head's columns for each binding, and which bindings have none.
pub(crate) fn head_codes<'b>(head: &[Operand], block: &'b Block, world: &mut World) -> (Vec<Cow<'b, [u32]>>, Vec<Bad>) {
    let mut bad: Vec<Bad> = Vec::new();
    let mut columns = Vec::with_capacity(head.len());
    for operand in head {
        let (codes, states) = column(operand, block, world).codes(&operand.ty, block.len, &mut world.database.values);
        if !states.is_empty() {
            bad.resize(block.len, Bad::Good);
            bad.iter_mut().zip(states).filter(|(_, state)| *state != Bad::Good).for_each(|(all, state)| *all = state);
        }
        columns.push(codes);
    }
    (columns, bad)
}
