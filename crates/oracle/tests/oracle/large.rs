//! Programs over thousands of rows mean the same to the engine and to the evaluator of `oracle::large`, whatever data structures
//! and however many threads the engine uses; rows have proofs; and so it stays over a sequence of changes.
//!
//! `LAWBOOK_LARGE=first..last` runs other seeds than the usual ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Evaluation, Limits, Options, Structures, Updates};
use facts::{Change, Database, Origin, RowPlace, Value};
use ir::RelId;
use oracle::Random;
use oracle::large::Program;

/// Rows that a program may make, and steps that the evaluator may take.
const ROWS: usize = 60_000;
const STEPS: usize = 800_000;
/// Proofs that are looked at, of each relation.
const PROOFS: usize = 12;
/// Changes one after the other.
const CHANGES: usize = 3;

#[test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "which seeds run is not a result")]
fn large_programs_mean_the_same() {
    let range = std::env::var("LAWBOOK_LARGE").unwrap_or_else(|_| "0..40".to_owned());
    let (first, last) = range.split_once("..").expect("a range such as 0..1000");
    let (mut run, mut rows) = (0, 0);
    for seed in first.parse::<u64>().expect("a number")..last.parse::<u64>().expect("a number") {
        if let Some(count) = history(seed) {
            run += 1;
            rows += count;
        }
    }
    println!("{run} programs, {rows} rows");
    assert!(run > 0);
}

/// A program and what becomes of it; nothing where it is too large for the evaluator.
fn history(seed: u64) -> Option<usize> {
    let mut program = Program::generate(seed);
    let text = program.text();
    let read = match ir::read(&text) {
        Ok(read) => Arc::new(read),
        Err(error) if error.message.contains("recursion through") => return None,
        Err(error) => panic!("seed {seed}: {error}\n{text}"),
    };
    let model = program.model(ROWS, STEPS)?;
    let structures = Structures::ALL[(seed % 3) as usize];
    let threads = (seed / 3 % 3) as usize + 1;
    let updates = Updates::ALL[(seed / 9 % 3) as usize];
    let limits = Limits { rows: Some(10 * ROWS as u64), ..Limits::default() };
    let options = Options { limits, structures, threads, updates, ..Options::default() };
    let context = format!("seed {seed}\n{text}");
    let mut kept = engine::evaluate(&read, database(&program, &read), &options)
        .unwrap_or_else(|error| panic!("{error}\n{context}"));
    same(&kept, &model, &context);
    proven(&kept, &context);
    let mut random = Random::new(seed ^ 0xc4a6e);
    for step in 0..CHANGES {
        let change = next(&mut program, &read, &mut random);
        let Some(model) = program.model(ROWS, STEPS) else { break };
        let context = format!("change {step} of {context}");
        kept.update(&change, None, &options).unwrap_or_else(|error| panic!("{error}\n{context}"));
        same(&kept, &model, &context);
        proven(&kept, &context);
    }
    Some(model.iter().map(Vec::len).sum())
}

fn place(line: usize) -> RowPlace {
    RowPlace { start: 0, end: 1, line: line as u32 + 1, column: 1 }
}

fn path() -> Arc<str> {
    Arc::from("inputs")
}

fn values(row: &[u32]) -> Vec<Value> {
    row.iter().map(|&value| Value::Int(i64::from(value))).collect()
}

fn database(program: &Program, read: &ir::Program) -> Database {
    let mut database = Database::tracked();
    let file = database.add_file(&path());
    for (number, relation) in program.relations.iter().enumerate() {
        let decl = &read.relation(RelId(number as u32)).decl;
        for row in &relation.rows {
            database.insert(decl, &values(row), Origin { file, place: place(0) });
        }
    }
    database
}

/// Takes rows from inputs and gives others, some or many.
fn next(program: &mut Program, read: &ir::Program, random: &mut Random) -> Change {
    let mut change = Change::new();
    for (number, relation) in program.relations.iter_mut().enumerate().filter(|(_, relation)| relation.group == 0) {
        if random.chance(40) {
            continue;
        }
        let decl = &read.relation(RelId(number as u32)).decl;
        let most = [2, 4, 60, relation.rows.len() / 2][random.below(4)];
        let mut added: Vec<Vec<u32>> = Vec::new();
        for _ in 0..random.below(most + 1) {
            let fresh = (0..relation.width).map(|at| relation.rows[random.below(relation.rows.len())][at]).collect();
            added.push(fresh);
        }
        for _ in 0..random.below(most + 1).min(relation.rows.len() - 1) {
            let gone = relation.rows.swap_remove(random.below(relation.rows.len()));
            change.withdraw(decl, values(&gone), &path(), place(0));
        }
        let mut there: BTreeSet<Vec<u32>> = relation.rows.iter().cloned().collect();
        for row in added {
            if there.insert(row.clone()) {
                change.add(decl, values(&row), &path(), place(0));
                relation.rows.push(row);
            }
        }
    }
    change
}

fn same(evaluation: &Evaluation, model: &[Vec<Vec<u32>>], context: &str) {
    for (number, expected) in model.iter().enumerate() {
        let relation = RelId(number as u32);
        let number = |value: Value| match value {
            Value::Int(value) => value as u32,
            other => panic!("{other}\n{context}"),
        };
        let row = |row: Vec<Value>| row.into_iter().map(number).collect();
        let found: BTreeSet<Vec<u32>> = evaluation.sorted(relation).map(|(_, values)| row(values)).collect();
        let expected: BTreeSet<Vec<u32>> = expected.iter().cloned().collect();
        let name = &evaluation.program().relation(relation).decl.name;
        if found != expected {
            let more: Vec<_> = found.difference(&expected).take(5).collect();
            let less: Vec<_> = expected.difference(&found).take(5).collect();
            panic!(
                "`{name}`: {} for {} rows; too many {more:?}, too few {less:?}\n{context}",
                found.len(),
                expected.len()
            );
        }
        assert_eq!(evaluation.count(relation), expected.len(), "{context}");
    }
}

/// Some rows of each relation have a proof that the checker accepts.
fn proven(evaluation: &Evaluation, context: &str) {
    for number in 0..evaluation.program().relations.len() {
        let relation = RelId(number as u32);
        let apart = (evaluation.count(relation) / PROOFS).max(1);
        for row in evaluation.rows(relation).step_by(apart) {
            let proof = evaluation.proof(row);
            engine::check(evaluation, &proof).unwrap_or_else(|error| panic!("{error}\n{proof:#?}\n{context}"));
        }
    }
}
