//! Keeping an evaluation up to date: when inputs change or the program does, only what that reaches is done again.
//!
//! Strata are gone through in their order. One whose rules say what they said and whose inputs are as they were keeps its rows.
//! One whose inputs have changed follows the rows that came and went ([`patch`]). One whose rules say something else, or for
//! which too much has changed, is completed anew, and its rows are held against the old ones. Either way what reads it sees the
//! difference alone, so that a change that comes to nothing ends there. Steps are counted in each stratum for itself; therefore
//! rows that stay keep valid proofs whatever happens below.
//!
//! An update is carried out whole or not at all: one that ends early leaves rows, faults and inputs as they were.

mod content;
mod difference;
mod follow;
mod patch;
mod touch;

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::{Change, Changed, Column, Database, RelationDecl, TableChange, Type, Value};
use hashbrown::HashMap;
use ir::{Program, RelId, Relation, RelationKind, RuleId};
use rustc_hash::FxBuildHasher;

use crate::evaluate::{Machine, Outcome, extended};
use crate::expr::World;
use crate::faults::{self, RuleFaults};
use crate::observe::Recorder;
use crate::plan::Planner;
use crate::rules::{Prepared, asks_of_entities};
use crate::store::{Maker, Store, Stored, each_relation, facts_by_relation};
use crate::{Error, Evaluation, Options, RowRef, Updates};
use content::Kinship;
use difference::Difference;
use touch::Helpers;

/// What an update came to.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Relations whose rows are others now, by id in the program as it is now.
    pub relations: Vec<RelationChange>,
    /// Strata that kept their rows.
    pub kept: usize,
    /// Strata that followed what came and went below them.
    pub patched: usize,
    /// Strata that were completed anew.
    pub renewed: usize,
}

/// What came and what went in a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationChange {
    /// The relation.
    pub relation: RelId,
    /// Rows that were not there before.
    pub added: Vec<RowRef>,
    /// Values of rows that are there no more.
    pub removed: Vec<Vec<Value>>,
}

impl Evaluation {
    /// Carries out a change of the inputs and, where `program` is given, goes over to another program. Afterwards rows and
    /// faults are those of a fresh evaluation, and proofs are valid. If it ends early, everything is as it was.
    pub fn update(
        &mut self,
        change: &Change,
        program: Option<&Arc<Program>>,
        options: &Options,
    ) -> Result<Update, Error> {
        let changed = self.world.database.apply(change);
        let result = self.advance(&changed, program, options, false);
        if result.is_err() {
            self.world.database.undo(changed);
            self.world.forget_entities();
        }
        result
    }

    /// Completes those strata anew that followed changes: from then on all proofs are those of a fresh evaluation.
    pub fn renew(&mut self, options: &Options) -> Result<(), Error> {
        self.advance(&Changed::default(), None, options, true).map(drop)
    }

    fn advance(
        &mut self,
        changed: &Changed,
        program: Option<&Arc<Program>>,
        options: &Options,
        renew: bool,
    ) -> Result<Update, Error> {
        let program = program.unwrap_or(&self.program).clone();
        let same = Arc::ptr_eq(&program, &self.program);
        let (rules, extended, kinship) = match same {
            true => (std::mem::take(&mut self.rules), self.extended.clone(), Kinship::identity(&program)),
            false => {
                let rules = Prepared::all(&program)?;
                let extended = extended(&program, &rules);
                (rules, extended, Kinship::find(&program, &self.program))
            }
        };
        if !changed.entities.is_empty() {
            self.world.forget_entities();
        }
        let world = std::mem::replace(&mut self.world, World::new(Database::new()));
        let store = Store::empty(&extended, options.structures);
        let declared = Program { relations: extended.relations.clone(), ..Program::default() };
        let to_new = kinship.to_new();
        let mut work = Work {
            machine: Machine::new(&extended, store, world, &program, options),
            patched: vec![false; program.strata.len()],
            old: self,
            renew,
            updates: options.updates,
            declared,
            helpers: BTreeMap::new(),
            entity_helper: None,
            kinship: &kinship,
            to_new: &to_new,
            rules: &rules,
            program: &program,
            facts: facts_by_relation(&program),
            taken: vec![None; program.relations.len()],
            differences: vec![None; program.relations.len()],
            update: Update::default(),
        };
        if let Err(error) = work.all(changed) {
            work.give_back();
            drop(work);
            if same {
                self.rules = rules;
            }
            return Err(error);
        }
        let Work { machine, differences, mut update, patched, .. } = work;
        let Machine { mut store, world, stats, faults, lasts, recorder, .. } = machine;
        store.relations.truncate(program.relations.len());
        store.relations.iter_mut().for_each(Stored::settle);
        let observed = recorder.map(Recorder::finish).unwrap_or_default();
        let outcome = Outcome { store, world, faults, stats, observed, lasts, patched };
        *self = Evaluation::new(program, extended, rules, outcome);
        update.relations = self.shown(differences);
        Ok(update)
    }

    fn shown(&mut self, differences: Vec<Option<Difference>>) -> Vec<RelationChange> {
        let differences = (0..).map(RelId).zip(differences);
        let shown = differences.filter_map(|(relation, difference)| {
            let Difference { added, removed } = difference.filter(|difference| !difference.is_empty())?;
            let columns = &self.program.relation(relation).decl.columns;
            let values = &self.world.database.values;
            let value = |(code, column): (u32, &facts::Column)| values.decode(&column.ty, facts::Code(code));
            let removed = removed.iter().map(|row| row.zip(columns).map(value).collect()).collect();
            let stored = self.store.get_mut(relation);
            let mut row = |codes: Vec<u32>| Some(RowRef { relation, row: stored.locate(&codes)? });
            let added = added.iter().filter_map(|codes| row(codes.collect())).collect();
            Some(RelationChange { relation, added, removed })
        });
        shown.collect()
    }
}

/// An update at work.
struct Work<'a> {
    machine: Machine<'a>,
    /// As it was, without the rows that were taken over.
    old: &'a mut Evaluation,
    kinship: &'a Kinship,
    /// From makers of the old program to those of the new one.
    to_new: &'a dyn Fn(Maker) -> Maker,
    rules: &'a [Prepared],
    program: &'a Arc<Program>,
    /// Facts by relation.
    facts: Vec<Vec<u32>>,
    /// Whether strata that followed changes are to be completed anew.
    renew: bool,
    updates: Updates,
    /// The relations of plans: the program's, and helpers of the update.
    declared: Program,
    /// What came and went in relations that differ.
    helpers: BTreeMap<RelId, Helpers>,
    /// Entities whose labels or places changed.
    entity_helper: Option<RelId>,
    patched: Vec<bool>,
    /// By relation, the one of the old program whose rows it took.
    taken: Vec<Option<RelId>>,
    /// By relation, how its rows differ from those before; nothing where it is as it was.
    differences: Vec<Option<Difference>>,
    update: Update,
}

impl Work<'_> {
    fn all(&mut self, changed: &Changed) -> Result<(), Error> {
        let program = self.program;
        let mut filled = vec![false; program.relations.len()];
        program.strata.iter().flat_map(|stratum| &stratum.relations).for_each(|id| filled[id.0 as usize] = true);
        for id in (0..).map(RelId).take(program.relations.len()).filter(|id| !filled[id.0 as usize]) {
            self.input(id, changed)?;
        }
        self.entity_helper(changed);
        for number in 0..program.strata.len() {
            match self.kinship.strata[number] {
                Some(twin) if self.renew && self.old.patched[twin] || self.is_refilled(number, changed) => {
                    self.complete(number)?
                }
                Some(twin) if !self.is_touched(number) => self.keep(number, twin)?,
                Some(twin) if self.patch(number, twin)? => {}
                _ => self.complete(number)?,
            }
        }
        Ok(())
    }

    /// A relation that no rule fills.
    fn input(&mut self, id: RelId, changed: &Changed) -> Result<(), Error> {
        let number = id.0 as usize;
        let relation = self.program.relation(id);
        let is_input = relation.kind == RelationKind::Input;
        let change = changed.tables.get(&relation.decl.name).filter(|_| is_input);
        match self.kinship.relations[number].filter(|_| self.kinship.same_facts[number]) {
            Some(twin) => {
                self.take(id, twin);
                if let Some(change) = change {
                    self.patch_input(id, change)?;
                }
            }
            None => {
                self.begin(id)?;
                self.compare(id);
            }
        }
        Ok(())
    }

    /// Takes rows of an input out and in. One that is stated as a fact too stays as that.
    fn patch_input(&mut self, id: RelId, change: &TableChange) -> Result<(), Error> {
        let Machine { store, world, .. } = &mut self.machine;
        let stored = store.get_mut(id);
        if change.added.iter().chain(&change.removed).any(|row| row.len() != stored.columns.len()) {
            let name = &self.program.relation(id).decl.name;
            let message = format!("the rows of `{name}` do not have the columns that the program declares");
            return Err(Error::Program { rule: None, message });
        }
        stored.begin_trial();
        let mut facts: HashMap<Box<[u32]>, u32, FxBuildHasher> = HashMap::default();
        for &number in self.facts[id.0 as usize].iter().rev() {
            let row = self.program.facts[number as usize].row.iter();
            facts.insert(row.map(|value| world.database.values.encode(value).0).collect(), number);
        }
        for row in &change.removed {
            let Some(at) = stored.locate(row) else { continue };
            match facts.get(row) {
                Some(&number) => stored.remake(at, Maker::Fact(number)),
                None => stored.kill(at),
            }
        }
        for row in &change.added {
            if !stored.insert(row, Maker::Input)
                && let Some(at) = stored.locate(row)
            {
                stored.remake(at, Maker::Input);
            }
        }
        stored.publish(0);
        let difference = self.net(id);
        self.differ(id, difference);
        Ok(())
    }

    /// Notes how a relation differs from before, for what reads it.
    fn differ(&mut self, id: RelId, difference: Option<Difference>) {
        if let Some(difference) = &difference {
            let helpers = Helpers { came: self.declare(id), went: self.declare(id) };
            self.fill(helpers.came, difference.added.iter());
            self.fill(helpers.went, difference.removed.iter());
            self.helpers.insert(id, helpers);
        }
        self.differences[id.0 as usize] = difference;
    }

    /// A helper relation with the columns of another one.
    fn declare(&mut self, like: RelId) -> RelId {
        let relation = self.declared.relation(like).clone();
        let width = relation.decl.columns.len();
        self.declared.relations.push(relation);
        self.machine.store.relations.push(Stored::new(width, self.machine.structures));
        RelId(self.declared.relations.len() as u32 - 1)
    }

    /// Gives a helper relation other rows.
    fn fill<R: Iterator<Item = u32>>(&mut self, helper: RelId, rows: impl Iterator<Item = R>) {
        let stored = self.machine.store.get_mut(helper);
        *stored = stored.emptied();
        let mut codes = Vec::new();
        for row in rows {
            codes.clear();
            codes.extend(row);
            stored.insert(&codes, Maker::Input);
        }
        stored.publish(0);
    }

    /// Whether a helper relation has no rows.
    fn is_idle(&self, helper: RelId) -> bool {
        self.machine.store.get(helper).len() == 0
    }

    fn entity_helper(&mut self, changed: &Changed) {
        if changed.entities.is_empty() {
            return;
        }
        let column = Column { name: "entity".into(), ty: Type::String, optional: false, key: false, doc: "".into() };
        let decl = RelationDecl { name: "entities".into(), columns: vec![column], doc: "".into() };
        self.declared.relations.push(Relation { decl: Arc::new(decl), kind: RelationKind::Derived, open: false });
        self.machine.store.relations.push(Stored::new(1, self.machine.structures));
        let helper = RelId(self.declared.relations.len() as u32 - 1);
        self.fill(helper, changed.entities.iter().map(|code| std::iter::once(code.0)));
        self.entity_helper = Some(helper);
    }

    fn touches(&self, rule: &ir::Rule, body: &ir::Body) -> Vec<touch::Touch> {
        touch::touches(rule, body, &|id| self.helpers.get(&id).copied(), self.entity_helper)
    }

    fn planner<'p>(&'p mut self, seeded: &'p touch::Seeded) -> Planner<'p> {
        let Machine { store, statistics, world, .. } = &mut self.machine;
        let mut planner =
            Planner::new(&self.declared, &seeded.rule, &seeded.scope, store, statistics, &mut world.database);
        planner.ever = seeded.ever;
        planner
    }

    /// Fills a relation with its input rows and facts.
    fn begin(&mut self, id: RelId) -> Result<(), Error> {
        let Machine { store, world, .. } = &mut self.machine;
        store.begin(id, self.program, &self.facts[id.0 as usize], &mut world.database)
    }

    /// Whether input rows of a stratum's relations have changed: rules fill inputs in tests alone.
    fn is_refilled(&self, number: usize, changed: &Changed) -> bool {
        let mut own = self.program.strata[number].relations.iter().map(|&id| self.program.relation(id));
        own.any(|relation| relation.kind == RelationKind::Input && changed.tables.contains_key(&relation.decl.name))
    }

    /// Whether something that a stratum's rules read has changed.
    fn is_touched(&self, number: usize) -> bool {
        let stratum = &self.program.strata[number];
        let mut touched = false;
        for &id in &stratum.rules {
            let rule = self.program.rule(id);
            let mut reads = |relation: RelId| touched |= self.differences[relation.0 as usize].is_some();
            each_relation(&rule.body, &mut reads);
            rule.args.iter().for_each(|arg| crate::store::operand_relations(arg, &mut reads));
            touched |= self.entity_helper.is_some() && asks_of_entities(rule);
        }
        touched
    }

    /// Takes a relation's rows over as they are.
    fn take(&mut self, id: RelId, twin: RelId) {
        let stored = self.old.store.get_mut(twin);
        let empty = Stored::new(stored.columns.len(), self.machine.structures);
        let mut stored = std::mem::replace(stored, empty);
        if !self.kinship.identity {
            stored.renumber(self.to_new);
        }
        *self.machine.store.get_mut(id) = stored;
        self.taken[id.0 as usize] = Some(twin);
    }

    /// Puts rows that were taken over back, and everything else that was the old evaluation's.
    fn give_back(&mut self) {
        for (number, twin) in std::mem::take(&mut self.taken).into_iter().enumerate() {
            if let Some(twin) = twin {
                self.put_back(RelId(number as u32), twin);
            }
        }
        self.old.world = std::mem::replace(&mut self.machine.world, World::new(Database::new()));
    }

    /// Puts a relation's rows back as they were.
    fn put_back(&mut self, id: RelId, twin: RelId) {
        let stored = self.machine.store.get_mut(id);
        let empty = Stored::new(stored.columns.len(), self.machine.structures);
        let mut stored = std::mem::replace(stored, empty);
        stored.take_back();
        stored.growing = false;
        if !self.kinship.identity {
            stored.renumber(&self.kinship.to_old());
        }
        *self.old.store.get_mut(twin) = stored;
    }

    /// Keeps a stratum as it was.
    fn keep(&mut self, number: usize, twin: usize) -> Result<(), Error> {
        let program = self.program;
        let stratum = &program.strata[number];
        for &id in &stratum.relations {
            if let Some(twin) = self.kinship.relations[id.0 as usize] {
                self.take(id, twin);
            }
        }
        self.machine.lasts[number] = self.old.lasts[twin];
        self.patched[number] = self.old.patched[twin];
        self.machine.stats.strata[number] = self.old.stats.strata[twin].clone();
        for &id in &stratum.rules {
            let Some(twin) = self.kinship.rules[id.0 as usize] else { continue };
            self.machine.stats.rules[id.0 as usize] = self.old.stats.rules[twin.0 as usize].clone();
            self.machine.budget.rows += self.old.stats.rules[twin.0 as usize].rows;
            self.keep_faults(id, twin)?;
        }
        self.update.kept += 1;
        Ok(())
    }

    /// The faults of a rule that is as it was. Their places and messages are told anew where the rule stands elsewhere.
    fn keep_faults(&mut self, id: RuleId, twin: RuleId) -> Result<(), Error> {
        let Some(faults) = self.old.faults_of(twin) else { return Ok(()) };
        if self.program.rule(id) == self.old.program.rule(twin) {
            let relation = self.program.rule(id).head;
            self.machine.faults.push(RuleFaults { rule: id, relation, ..faults.clone() });
            return Ok(());
        }
        self.find_faults(id)
    }

    fn find_faults(&mut self, id: RuleId) -> Result<(), Error> {
        let rule = &self.rules[id.0 as usize];
        let machine = &mut self.machine;
        let plan = machine.planner(rule).faults().map_err(|message| Error::Program { rule: Some(id), message })?;
        let found = faults::find(machine.program, rule, &plan, &machine.store, &mut machine.world, &machine.budget)?;
        machine.faults.extend(found);
        Ok(())
    }

    /// Completes a stratum anew.
    fn complete(&mut self, number: usize) -> Result<(), Error> {
        let program = self.program;
        for &id in &program.strata[number].relations {
            self.begin(id)?;
        }
        self.machine.complete(number, self.rules)?;
        for &id in &program.strata[number].relations {
            self.compare(id);
        }
        self.update.renewed += 1;
        Ok(())
    }

    /// Holds a relation's rows against those before.
    fn compare(&mut self, id: RelId) {
        let new = self.machine.store.get_mut(id);
        let difference = match self.kinship.relations[id.0 as usize] {
            Some(twin) => Difference::between(self.old.store.get_mut(twin), new),
            None => Some(Difference::all(new)),
        };
        if let Some(difference) = &difference {
            // What follows looks at what was there too.
            new.bury(difference.removed.iter());
        }
        self.differ(id, difference);
    }
}
