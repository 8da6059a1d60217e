//! Evaluations that are kept up to date mean the same as fresh ones: random programs, random sequences of changes of their inputs
//! and of their rules, updates that are stopped halfway among them.
//!
//! `LAWBOOK_CHANGES=first..last` runs other seeds than the usual ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{FileId, Place, Span};
use engine::{Evaluation, Limits, MadeBy, Options, Structures, Update, Updates};
use facts::{Change, Database, Origin, RelationDecl, RowPlace, Value};
use ir::{Fact, Program, RelId, RelationKind};
use oracle::{Form, Model, Random, generate, interpret};

use crate::checker;

/// Changes one after the other.
const STEPS: usize = 6;
/// Rows that a program may make.
const ROWS: u64 = 400;

#[test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "which seeds run is not a result")]
fn updates_mean_the_same_as_fresh_runs() {
    let range = std::env::var("LAWBOOK_CHANGES").unwrap_or_else(|_| "0..160".to_owned());
    let (first, last) = range.split_once("..").expect("a range such as 0..1000");
    let mut tally = Tally::default();
    for seed in first.parse::<u64>().expect("a number")..last.parse::<u64>().expect("a number") {
        history(seed, &mut tally);
    }
    println!("{tally:?}");
    let Tally { stopped, kept, patched, renewed, made_new, .. } = tally;
    assert!([stopped, kept, patched, renewed, made_new].into_iter().all(|count| count > 0), "{tally:?}");
}

#[derive(Debug, Default)]
struct Tally {
    updates: usize,
    stopped: usize,
    kept: usize,
    patched: usize,
    renewed: usize,
    made_new: usize,
}

/// An input row at a place.
type Given = (RelId, Vec<Value>, usize, u32);

/// What the evaluation should rest on.
#[derive(Clone)]
struct World {
    program: Arc<Program>,
    rows: BTreeSet<Given>,
}

struct History {
    random: Random,
    /// All that a program may have.
    whole: Program,
    /// Input rows that may come.
    pool: Vec<(RelId, Vec<Value>)>,
    options: Options,
}

fn history(seed: u64, tally: &mut Tally) {
    let text = generate(seed, Form::Ir);
    let Ok(mut whole) = ir::read(&text) else { return };
    let is_input = |program: &Program, fact: &Fact| program.relation(fact.relation).kind == RelationKind::Input;
    let (inputs, facts): (Vec<Fact>, Vec<Fact>) =
        whole.facts.drain(..).collect::<Vec<_>>().into_iter().partition(|fact| is_input(&whole, fact));
    whole.facts = facts;
    let pool = inputs.into_iter().map(|fact| (fact.relation, fact.row)).collect();
    let structures = Structures::ALL[(seed % 3) as usize];
    let limits = Limits { rows: Some(ROWS), ..Limits::default() };
    let updates = if seed.is_multiple_of(5) { Updates::Renew } else { Updates::Follow };
    let threads = (seed / 3 % 2) as usize + 1;
    let options = Options { limits, structures, updates, threads, ..Options::default() };
    let mut history = History { random: Random::new(seed ^ 0x5eed), whole, pool, options };
    let start = World { program: Arc::new(history.whole.clone()), rows: history.some_rows() };
    let Ok(mut kept) = start.fresh(&history.options, true) else { return };
    let mut world = start;
    for step in 0..STEPS {
        let context = format!("seed {seed}, step {step}\n{text}");
        let next = history.next(&world);
        let Ok(fresh) = next.fresh(&history.options, false) else { continue };
        let before = rows(&kept);
        let change = world.change(&next);
        let program = (!Arc::ptr_eq(&world.program, &next.program)).then_some(&next.program);
        if history.random.chance(40) {
            let limits = Limits { rows: Some(history.random.below(30) as u64), ..Limits::default() };
            let stopped = Options { limits, ..history.options.clone() };
            match kept.update(&change, program, &stopped) {
                Err(_) => {
                    tally.stopped += 1;
                    let unchanged = world.fresh(&history.options, false).expect("as before");
                    same(&kept, &unchanged, &format!("stopped, {context}"));
                    proven(&kept, &world, &format!("stopped, {context}"));
                }
                Ok(update) => {
                    same(&kept, &fresh, &context);
                    told(&kept, &before, &update, &context);
                    world = next;
                    continue;
                }
            }
        }
        let update =
            kept.update(&change, program, &history.options).unwrap_or_else(|error| panic!("{error}\n{context}"));
        tally.updates += 1;
        tally.kept += update.kept;
        tally.renewed += update.renewed;
        same(&kept, &fresh, &context);
        tally.patched += update.patched;
        told(&kept, &before, &update, &context);
        proven(&kept, &next, &context);
        if history.random.chance(15) {
            kept.renew(&history.options).unwrap_or_else(|error| panic!("{error}\n{context}"));
            same(&kept, &fresh, &format!("renewed, {context}"));
            checker::independently(&kept, &next.model(), &format!("renewed, {context}"));
            tally.made_new += 1;
        }
        world = next;
    }
}

impl History {
    /// Rows of the pool, in some files.
    fn some_rows(&mut self) -> BTreeSet<Given> {
        let mut rows = BTreeSet::new();
        for at in 0..self.pool.len() {
            if self.random.chance(70) {
                rows.insert(self.given(at));
            }
        }
        rows
    }

    fn given(&mut self, at: usize) -> Given {
        let (relation, row) = self.pool[at].clone();
        (relation, row, self.random.below(4), self.random.below(3) as u32)
    }

    /// A row that may be of the pool, or have values of several rows of it.
    fn row(&mut self) -> Option<Given> {
        if self.pool.is_empty() {
            return None;
        }
        let at = self.random.below(self.pool.len());
        let (relation, mut row, file, line) = self.given(at);
        for (column, value) in row.iter_mut().enumerate() {
            let other = self.random.below(self.pool.len());
            if self.random.chance(30) && self.pool[other].0 == relation {
                *value = self.pool[other].1[column].clone();
            }
        }
        Some((relation, row, file, line))
    }

    /// The world after a change.
    fn next(&mut self, world: &World) -> World {
        let mut next = world.clone();
        let rules = self.random.chance(25);
        if rules {
            next.program = Arc::new(self.program());
        }
        if !rules || self.random.chance(30) {
            if self.random.chance(30) {
                let file = self.random.below(4);
                next.rows.retain(|row| row.2 != file);
            }
            for _ in 0..self.random.below(3) {
                let at = self.random.below(next.rows.len());
                let gone = next.rows.iter().nth(at).cloned();
                gone.map(|gone| next.rows.remove(&gone));
            }
            for _ in 0..self.random.below(3) {
                next.rows.extend(self.row());
            }
        }
        next
    }

    /// The program with some of its rules and facts, at other places in its text.
    fn program(&mut self) -> Program {
        let mut program = self.whole.clone();
        let random = &mut self.random;
        program.rules.retain(|_| random.chance(85));
        program.facts.retain(|_| random.chance(85));
        if random.chance(50) {
            for rule in &mut program.rules {
                rule.place.span.end += 1;
                rule.body.iter_mut().for_each(|literal| literal.place.span.end += 1);
            }
        }
        program.strata = ir::strata(&program).expect("fewer rules have no new cycles");
        program
    }
}

fn path(file: usize) -> Arc<str> {
    format!("file{file}").into()
}

fn place(line: u32) -> RowPlace {
    RowPlace { start: line * 10, end: line * 10 + 3, line: line + 1, column: 1 }
}

impl World {
    fn decl(&self, relation: RelId) -> &Arc<RelationDecl> {
        &self.program.relation(relation).decl
    }

    /// By path, as a run gives them.
    fn database(&self, tracked: bool) -> Database {
        let mut database = if tracked { Database::tracked() } else { Database::new() };
        let mut rows: Vec<&Given> = self.rows.iter().collect();
        rows.sort_by_key(|(relation, row, file, line)| (*file, *line, *relation, row.clone()));
        for (relation, row, file, line) in rows {
            let origin = Origin { file: database.add_file(&path(*file)), place: place(*line) };
            database.insert(self.decl(*relation), row, origin);
        }
        database
    }

    /// What the naive interpreter makes of it.
    fn model(&self) -> Model {
        let mut program = Program::clone(&self.program);
        let place = Place { file: FileId(0), span: Span::new(0, 0) };
        let fact = |(relation, row, ..): &Given| Fact { relation: *relation, row: row.clone(), place };
        program.facts.extend(self.rows.iter().map(fact));
        interpret(&program)
    }

    fn fresh(&self, options: &Options, tracked: bool) -> Result<Evaluation, engine::Error> {
        engine::evaluate(&self.program, self.database(tracked), options)
    }

    /// What leads from here to another world: files that differ are given anew, or single rows come and go.
    fn change(&self, next: &World) -> Change {
        let mut change = Change::new();
        for file in 0..4 {
            let of =
                |world: &World| -> BTreeSet<Given> { world.rows.iter().filter(|row| row.2 == file).cloned().collect() };
            let (before, after) = (of(self), of(next));
            if before == after {
                continue;
            }
            let whole = file % 2 == 0;
            if whole {
                change.withdraw_file(path(file));
            }
            for (relation, row, _, line) in before.iter().filter(|row| !whole && !after.contains(row)) {
                change.withdraw(self.decl(*relation), row.clone(), &path(file), place(*line));
            }
            for (relation, row, _, line) in after.iter().filter(|row| whole || !before.contains(row)) {
                change.add(next.decl(*relation), row.clone(), &path(file), place(*line));
            }
        }
        change
    }
}

type Rows = BTreeMap<Arc<str>, BTreeSet<Vec<Value>>>;

fn rows(evaluation: &Evaluation) -> Rows {
    let relations = evaluation.program().relations.iter().zip(0..);
    relations
        .map(|(relation, id)| (relation.decl.name.clone(), evaluation.sorted(RelId(id)).map(|(_, row)| row).collect()))
        .collect()
}

/// Rows, their number, faults, and where input rows come from are those of the fresh evaluation.
fn same(kept: &Evaluation, fresh: &Evaluation, context: &str) {
    assert_eq!(rows(kept), rows(fresh), "{context}");
    assert_eq!(kept.faults(), fresh.faults(), "{context}");
    for id in (0..).map(RelId).take(fresh.program().relations.len()) {
        assert_eq!(kept.count(id), fresh.count(id), "{context}");
        assert_eq!(kept.rows(id).count(), fresh.count(id), "{context}");
        for row in fresh.rows(id) {
            let twin = kept.find(id, &fresh.values(row)).expect("the same rows");
            let origins = |evaluation: &Evaluation, row| match evaluation.made_by(row) {
                MadeBy::Input(origins) => {
                    let shown = origins
                        .into_iter()
                        .map(|origin| (evaluation.database().file(origin.file).clone(), origin.place));
                    Some(shown.collect::<BTreeSet<_>>())
                }
                _ => None,
            };
            assert_eq!(origins(kept, twin), origins(fresh, row), "{context}");
        }
    }
}

/// What the update says that came and went did.
fn told(kept: &Evaluation, before: &Rows, update: &Update, context: &str) {
    let after = rows(kept);
    let nothing = BTreeSet::new();
    for (id, relation) in (0..).map(RelId).zip(&kept.program().relations) {
        let (old, new) = (before.get(&relation.decl.name).unwrap_or(&nothing), &after[&relation.decl.name]);
        let change = update.relations.iter().find(|change| change.relation == id);
        let added: BTreeSet<Vec<Value>> =
            change.iter().flat_map(|change| &change.added).map(|row| kept.values(*row)).collect();
        let removed: BTreeSet<Vec<Value>> = change.iter().flat_map(|change| &change.removed).cloned().collect();
        assert_eq!(added, new.difference(old).cloned().collect(), "{context}");
        assert_eq!(removed, old.difference(new).cloned().collect(), "{context}");
    }
}

/// Each row has a proof that both checkers accept.
fn proven(kept: &Evaluation, world: &World, context: &str) {
    let model = world.model();
    for id in (0..).map(RelId).take(world.program.relations.len()) {
        for row in kept.rows(id) {
            let proof = kept.proof(row);
            engine::check(kept, &proof).unwrap_or_else(|error| panic!("{error}\n{proof:#?}\n{context}"));
            oracle::check_valid(kept.program(), &model, &proof)
                .unwrap_or_else(|error| panic!("{error}\n{proof:#?}\n{context}"));
        }
    }
}
