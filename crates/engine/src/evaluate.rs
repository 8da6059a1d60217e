//! Semi-naive evaluation, stratum by stratum, in synchronous rounds: all rules of a stratum read only what earlier rounds made.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use facts::Database;
use ir::{Program, RuleId, Stratum};

use crate::budget::Budget;
use crate::exec::{Block, Run, Watch};
use crate::expr::World;
use crate::expr::column::{Bad, column};
use crate::faults::{self, RuleFaults};
use crate::plan::{Operand, Planner, RulePlan};
use crate::rules::{Prepared, Version};
use crate::stats::Stats;
use crate::store::{Maker, Statistics, Store};
use crate::{Error, Evaluation, Options};

/// Evaluates a program over the rows of a database.
pub fn evaluate(program: &Arc<Program>, mut database: Database, options: &Options) -> Result<Evaluation, Error> {
    let rules = Prepared::all(program)?;
    let store = Store::load(program, &mut database, options.structures)?;
    let mut machine = Machine {
        program,
        store,
        world: World::new(database),
        statistics: Statistics::default(),
        budget: Budget::new(options),
        step: 0,
        stats: Stats::new(program),
        faults: Vec::new(),
    };
    for (number, stratum) in program.strata.iter().enumerate() {
        let started = Instant::now();
        let mut prepared: Vec<&Prepared> = stratum.rules.iter().map(|rule| &rules[rule.0 as usize]).collect();
        prepared.sort_by_key(|rule| rule.id);
        machine.grow(stratum, true);
        machine.stratum(stratum, number, &prepared)?;
        machine.stats.strata[number].time = started.elapsed();
    }
    let Machine { store, world, stats, mut faults, .. } = machine;
    faults.sort_by_key(|faults: &RuleFaults| faults.rule);
    let scopes = rules.into_iter().map(|rule| rule.scope).collect();
    Ok(Evaluation::new(program.clone(), scopes, store, world, faults, stats))
}

struct Machine<'a> {
    program: &'a Arc<Program>,
    store: Store,
    world: World,
    statistics: Statistics,
    budget: Budget,
    /// Of the last batch.
    step: u32,
    stats: Stats,
    faults: Vec<RuleFaults>,
}

/// A version's plan, and how many rows the stratum had when it was made.
struct Cached {
    plan: RulePlan,
    rows: usize,
}

impl Machine<'_> {
    fn stratum(&mut self, stratum: &Stratum, number: usize, rules: &[&Prepared]) -> Result<(), Error> {
        let mut faulted = vec![false; rules.len()];
        for (rule, faulted) in rules.iter().zip(&mut faulted) {
            let plan = self.plan(rule, &Version::full(rule.body(self.program)))?;
            *faulted |= self.run(stratum, rule.id, &plan)?;
        }
        let mut added = self.publish(stratum, number);
        if stratum.recursive {
            let recursive: Vec<usize> = (0..rules.len()).filter(|&at| !rules[at].versions.is_empty()).collect();
            let mut plans: Vec<Vec<Option<Cached>>> =
                rules.iter().map(|rule| rule.versions.iter().map(|_| None).collect()).collect();
            while added > 0 {
                for &at in &recursive {
                    for (version, cached) in rules[at].versions.iter().zip(&mut plans[at]) {
                        faulted[at] |= self.version(stratum, rules[at], version, cached)?;
                    }
                }
                added = self.publish(stratum, number);
            }
        }
        self.grow(stratum, false);
        for (rule, faulted) in rules.iter().zip(faulted) {
            if faulted || rule.suspect {
                let plan =
                    self.planner(rule).faults().map_err(|message| Error::Program { rule: Some(rule.id), message })?;
                let found = faults::find(self.program, rule, &plan, &self.store, &mut self.world, &self.budget)?;
                self.faults.extend(found);
            }
        }
        Ok(())
    }

    fn grow(&mut self, stratum: &Stratum, growing: bool) {
        stratum.relations.iter().for_each(|&id| self.store.get_mut(id).growing = growing);
    }

    /// Runs one version of a rule against the last round's rows; its plan is made anew when the stratum has grown a lot.
    fn version(
        &mut self,
        stratum: &Stratum,
        rule: &Prepared,
        version: &Version,
        cached: &mut Option<Cached>,
    ) -> Result<bool, Error> {
        if let Some(relation) = version.delta_relation()
            && self.store.get(relation).range(crate::store::Reach::Delta).is_empty()
        {
            return Ok(false);
        }
        let rows: usize = stratum.relations.iter().map(|&id| self.store.get(id).len()).sum();
        if cached.as_ref().is_none_or(|cached| rows > cached.rows * 8) {
            *cached = Some(Cached { plan: self.plan(rule, version)?, rows });
        }
        match cached {
            Some(cached) => self.run(stratum, rule.id, &cached.plan),
            None => Ok(false),
        }
    }

    fn planner<'p>(&'p mut self, rule: &'p Prepared) -> Planner<'p> {
        Planner::new(
            self.program,
            self.program.rule(rule.id),
            &rule.scope,
            &mut self.store,
            &mut self.statistics,
            &mut self.world.database,
        )
    }

    fn plan(&mut self, rule: &Prepared, version: &Version) -> Result<RulePlan, Error> {
        let program = self.program;
        let plan = self.planner(rule).rule(&version.body, version.delta, &|at| version.reach[at], &Default::default());
        plan.map_err(|message| {
            let name = &program.relation(program.rule(rule.id).head).decl.name;
            Error::Program {
                rule: Some(rule.id),
                message: format!("a rule of `{name}` cannot be evaluated: {message}"),
            }
        })
    }

    /// Adds what a plan gives to the rule's relation. Returns whether something faulted.
    fn run(&mut self, stratum: &Stratum, rule: RuleId, plan: &RulePlan) -> Result<bool, Error> {
        let started = Instant::now();
        let head = self.program.rule(rule).head;
        let budget = self.budget.clone();
        let mut watch = Watch::new(&budget);
        let mut run = Run::new(&plan.body, Block::unit(plan.body.slots));
        let mut made = 0;
        while let Some(block) = run.next(&self.store, &mut self.world, &mut watch) {
            let (columns, bad) = head_codes(&plan.head, &block, &mut self.world);
            let (columns, len) = good(&columns, bad, block.len, &mut watch);
            let columns: Vec<&[u32]> = columns.iter().map(|column| &**column).collect();
            made += self.store.get_mut(head).insert_all(&columns, len, Maker::Rule(rule.0)) as u64;
            let stats = &mut self.stats.rules[rule.0 as usize];
            stats.rows += std::mem::take(&mut made);
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        if watch.stopped {
            self.budget.check(self.program, stratum, &self.store, &self.world, &self.stats)?;
        }
        let stats = &mut self.stats.rules[rule.0 as usize];
        stats.passes += 1;
        stats.time += started.elapsed();
        Ok(watch.faulted)
    }

    /// Ends a round of a stratum. Returns how many rows it added.
    fn publish(&mut self, stratum: &Stratum, number: usize) -> usize {
        self.step += 1;
        let added = stratum.relations.iter().map(|&id| self.store.get_mut(id).publish(self.step)).sum();
        let stats = &mut self.stats.strata[number];
        stats.rounds += 1;
        stats.rows += added as u64;
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
