//! What an evaluation came to.

use std::sync::Arc;

use base::Place;
use facts::{Code, Database, Origin, Type, Value};
use ir::{Program, RelId, RuleId};

use crate::evaluate::Outcome;
use crate::expr::World;
use crate::faults::RuleFaults;
use crate::observe::Observed;
use crate::rules::Prepared;
use crate::search::{Before, Lookup, Search};
use crate::sorting;
use crate::stats::Stats;
use crate::store::{Maker, Store, Stored};

/// A row of a relation. Numbers count from 0 in the order in which rows were made; a row keeps its number until the next update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowRef {
    /// The relation.
    pub relation: RelId,
    /// The row's number in it.
    pub row: u32,
}

/// Who made a row.
#[derive(Debug, Clone, PartialEq)]
pub enum MadeBy {
    /// It was extracted, at these places.
    Input(Vec<Origin>),
    /// A policy or test states it.
    Fact(Place),
    /// The first rule, in rule order, that could make it in the first round in which one could.
    Rule(RuleId),
}

/// Rows of all relations of a program, its faults and figures.
#[derive(Debug)]
pub struct Evaluation {
    pub(crate) program: Arc<Program>,
    /// The program that plans are made of.
    pub(crate) extended: Arc<Program>,
    /// By rule.
    pub(crate) rules: Vec<Prepared>,
    pub(crate) store: Store,
    pub(crate) world: World,
    pub(crate) lookup: Lookup,
    /// By rule, those that have some.
    pub(crate) faults: Vec<RuleFaults>,
    pub(crate) stats: Stats,
    observed: Observed,
    /// The last step of each stratum, counted in the stratum.
    pub(crate) lasts: Vec<u32>,
    /// Strata that followed changes: their rows have valid proofs, though others than those of a fresh evaluation.
    pub(crate) patched: Vec<bool>,
    /// By relation, the stratum that fills it.
    pub(crate) strata: Vec<Option<usize>>,
}

impl Evaluation {
    pub(crate) fn new(program: Arc<Program>, extended: Arc<Program>, rules: Vec<Prepared>, outcome: Outcome) -> Self {
        let Outcome { store, world, mut faults, stats, observed, lasts, patched } = outcome;
        faults.sort_by_key(|faults: &RuleFaults| faults.rule);
        let mut strata = vec![None; program.relations.len()];
        for (number, stratum) in program.strata.iter().enumerate() {
            stratum.relations.iter().for_each(|id| strata[id.0 as usize] = Some(number));
        }
        let lookup = Lookup::default();
        Evaluation { program, extended, rules, store, world, lookup, faults, stats, observed, lasts, patched, strata }
    }

    /// The program that was evaluated.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Values behind codes, labels and places of entities, files and origins.
    pub fn database(&self) -> &Database {
        &self.world.database
    }

    /// The database back, with the values that evaluation entered.
    pub fn into_database(self) -> Database {
        self.world.database
    }

    /// A search through bodies of a rule, over all rows.
    pub(crate) fn search(&self, rule: RuleId) -> Search<'_> {
        let scope = &self.rules[rule.0 as usize].scope;
        Search::new((&self.program, self.program.rule(rule), scope), (&self.store, &self.world, &self.lookup))
    }

    /// Indexes made for the exact path.
    pub(crate) fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    fn stored(&self, relation: RelId) -> &Stored {
        self.store.get(relation)
    }

    /// How many rows a relation has.
    pub fn count(&self, relation: RelId) -> usize {
        self.stored(relation).count()
    }

    /// A relation's rows in the order in which they were made.
    pub fn rows(&self, relation: RelId) -> impl Iterator<Item = RowRef> + use<> {
        let rows: Vec<u32> = self.stored(relation).rows().collect();
        rows.into_iter().map(move |row| RowRef { relation, row })
    }

    /// A relation's rows in the order of their values: the order in which they are shown.
    pub fn sorted(&self, relation: RelId) -> impl Iterator<Item = (RowRef, Vec<Value>)> + '_ {
        let columns = &self.program.relation(relation).decl.columns;
        let types: Vec<&Type> = columns.iter().map(|column| &column.ty).collect();
        let rows = sorting::sorted(self.stored(relation), &types, &self.world.database.values);
        rows.into_iter().map(move |row| {
            let row = RowRef { relation, row };
            (row, self.values(row))
        })
    }

    /// One column's codes, by row; after updates rows that are gone have theirs still.
    pub fn column(&self, relation: RelId, column: usize) -> &[u32] {
        &self.stored(relation).columns[column]
    }

    /// A row's codes.
    pub fn codes(&self, row: RowRef) -> impl Iterator<Item = Code> + '_ {
        self.stored(row.relation).row(row.row).map(Code)
    }

    /// A row's values.
    pub fn values(&self, row: RowRef) -> Vec<Value> {
        let columns = &self.program.relation(row.relation).decl.columns;
        let values = &self.world.database.values;
        self.codes(row).zip(columns).map(|(code, column)| values.decode(&column.ty, code)).collect()
    }

    /// The row of these values, if the relation has it.
    pub fn find(&self, relation: RelId, row: &[Value]) -> Option<RowRef> {
        let stored = self.stored(relation);
        let codes: Option<Vec<u32>> =
            row.iter().map(|value| self.world.database.values.lookup(value).map(|code| code.0)).collect();
        let codes = codes.filter(|codes| codes.len() == stored.columns.len())?;
        Some(RowRef { relation, row: stored.find(&codes)? })
    }

    /// Whether the relation has the row.
    pub fn contains(&self, relation: RelId, row: &[Value]) -> bool {
        self.find(relation, row).is_some()
    }

    /// Who made a row.
    pub fn made_by(&self, row: RowRef) -> MadeBy {
        match self.stored(row.relation).maker(row.row) {
            Maker::Input => {
                let table = self.world.database.table(&self.program.relation(row.relation).decl.name);
                let codes: Vec<u32> = self.stored(row.relation).row(row.row).collect();
                let at = table.and_then(|table| Some((table, table.find(&codes)?)));
                MadeBy::Input(at.map_or_else(Vec::new, |(table, at)| table.origins(at).collect()))
            }
            Maker::Fact(number) => MadeBy::Fact(self.program.facts[number as usize].place),
            Maker::Rule(number) => MadeBy::Rule(RuleId(number)),
        }
    }

    /// The global step that made a row; 0 for inputs and facts.
    pub fn step(&self, row: RowRef) -> u32 {
        let step = self.stored(row.relation).step(row.row);
        let stratum = self.strata[row.relation.0 as usize].filter(|_| step > 0);
        stratum.map_or(step, |stratum| step + self.lasts[..stratum].iter().sum::<u32>())
    }

    /// What a row may rest on: rows of its stratum of smaller steps, and all below.
    pub(crate) fn before(&self, row: RowRef) -> Option<Before<'_>> {
        let stratum = self.strata[row.relation.0 as usize]?;
        Some(Before { step: self.stored(row.relation).step(row.row), stratum, strata: &self.strata })
    }

    /// Bytes that tell, of all rows together, which rule made them in which step.
    pub fn provenance_bytes(&self) -> u64 {
        self.store.relations.iter().map(Stored::provenance_bytes).sum()
    }

    /// The rules that faulted, by id.
    pub fn faults(&self) -> &[RuleFaults] {
        &self.faults
    }

    /// The faults of one rule.
    pub fn faults_of(&self, rule: RuleId) -> Option<&RuleFaults> {
        self.faults.iter().find(|faults| faults.rule == rule)
    }

    /// Plans and indexes, as far as [`crate::Options::observe`] asked for them.
    pub fn observed(&self) -> &Observed {
        &self.observed
    }

    /// Figures for `--timings`.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }
}
