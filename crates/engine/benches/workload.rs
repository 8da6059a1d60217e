//! Evaluates one program over a folder of facts: `cargo bench -p engine --bench workload -- PROGRAM.law FOLDER`.
//!
//! It is what `lawbook eval` does without the command around it, so that a profile shows the engine alone. Programs are
//! those of `benches/engines/programs`, read as the text form of `ir`: sources of inputs are cut away and every input is
//! a file `NAME.facts` of cells between tabs.
//!
//! `THREADS=2` uses two threads, `RULES=1` tells figures of rules, `PROOFS=relation` proves rows from all over a relation,
//! `WHY_NOT=relation` asks why it lacks rows that it could have. `CANCEL=n` evaluates n times more, cancels each time at another
//! moment, and tells how long it takes to end.

#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs, reason = "figures are what this is run for")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Evaluation, Options, Pattern, RowRef};
use facts::{Database, RowPlace, Sink, Type};
use ir::{Program, RelId, RelationKind};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [program, folder] = arguments.as_slice() else { return };
    let text = std::fs::read_to_string(program).expect("a program");
    let program = Arc::new(ir::read(&plain(&text)).unwrap_or_else(|error| panic!("{error}")));
    let started = Instant::now();
    let database = load(&program, Path::new(folder));
    println!("loaded in {:?}", started.elapsed());
    let started = Instant::now();
    let options = Options { threads: threads(), ..Options::default() };
    let evaluation = engine::evaluate(&program, database, &options).unwrap_or_else(|error| panic!("{error}"));
    let took = started.elapsed();
    println!("evaluated in {took:?}");
    for (id, relation) in program.relations.iter().enumerate().filter(|(_, r)| r.kind == RelationKind::Derived) {
        println!("{}\t{}", relation.decl.name, evaluation.count(RelId(id as u32)));
    }
    let rounds: u64 = evaluation.stats().strata.iter().map(|stratum| stratum.rounds).sum();
    println!("rounds\t{rounds}");
    println!("provenance\t{} bytes", evaluation.provenance_bytes());
    let named = |variable: &str| std::env::var(variable).ok().and_then(|name| program.find(&name));
    if let Some(relation) = named("PROOFS") {
        prove(&evaluation, relation);
    }
    if let Some(relation) = named("WHY_NOT") {
        miss(&evaluation, relation);
    }
    if let Some(times) = std::env::var("CANCEL").ok().and_then(|times| times.parse().ok()) {
        cancel(&program, Path::new(folder), took, times);
    }
    if std::env::var("RULES").is_ok() {
        for ((id, rule), stats) in program.rules().zip(&evaluation.stats().rules) {
            let name = &program.relation(rule.head).decl.name;
            let (rows, derived, passes) = (stats.rows, stats.derived, stats.passes);
            println!("rule {} of {name}: {rows} rows of {derived}, {passes} passes, {:?}", id.0, stats.time);
        }
    }
}

/// Cancels evaluations at moments all over their time.
fn cancel(program: &Arc<Program>, folder: &Path, took: Duration, times: u32) {
    let mut waits: Vec<Duration> = Vec::new();
    for number in 0..times {
        let (database, cancel) = (load(program, folder), base::Cancel::new());
        let options = Options { threads: threads(), cancel: cancel.clone(), ..Options::default() };
        let moment = took * number / times;
        let watch = std::thread::spawn(move || {
            std::thread::sleep(moment);
            cancel.cancel();
            Instant::now()
        });
        let outcome = engine::evaluate(program, database, &options);
        let ended = Instant::now();
        let cancelled = watch.join().expect("it sleeps");
        if outcome.is_err() {
            waits.push(ended.saturating_duration_since(cancelled));
        }
    }
    waits.sort();
    let at = |part: usize| waits.get((waits.len() * part / 100).min(waits.len().saturating_sub(1))).copied();
    println!("cancelled {} times: half within {:?}, all within {:?}", waits.len(), at(50), waits.last());
}

/// Proves rows from all over a relation; the first proof waits for row numbers and indexes.
fn prove(evaluation: &Evaluation, relation: RelId) {
    let count = evaluation.count(relation);
    for number in 0..8 {
        let row = evaluation.rows(relation).nth(count * number / 8 + count / 16).expect("a row");
        let started = Instant::now();
        let proof = evaluation.proof(row);
        println!("proof of {} nodes at step {} in {:?}", proof.nodes.len(), evaluation.step(row), started.elapsed());
    }
}

/// Asks why a relation lacks rows, each made of the columns of rows far apart.
fn miss(evaluation: &Evaluation, relation: RelId) {
    let program = evaluation.program();
    let count = evaluation.count(relation);
    let row = |number: usize| evaluation.values(RowRef { relation, row: (number % count) as u32 });
    for number in 0..8 {
        let mut wanted = row(count * number / 8);
        for (column, other) in wanted.iter_mut().zip(row(count * number / 8 + count / 3)).skip(1) {
            *column = other;
        }
        if evaluation.contains(relation, &wanted) {
            continue;
        }
        let pattern = Pattern::of(&wanted.iter().cloned().map(Some).collect::<Vec<_>>());
        let started = Instant::now();
        let rules = program.rules().filter(|(_, rule)| rule.head == relation);
        let ways: usize = rules.map(|(rule, _)| evaluation.why_not_all(rule, &pattern).len()).sum();
        println!("why not in {:?}, {ways} ways", started.elapsed());
    }
}

fn threads() -> usize {
    std::env::var("THREADS").ok().and_then(|threads| threads.parse().ok()).unwrap_or(1)
}

/// The text without the sources of inputs, texts with holes as concatenations.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let line = line.split(" from tsv").next().unwrap_or(line);
        let mut parts = line.split('"');
        out.push_str(parts.next().unwrap_or(""));
        while let (Some(inside), Some(after)) = (parts.next(), parts.next()) {
            if inside.contains('{') {
                let pieces = inside.replace('{', "\", ").replace('}', ", \"");
                out.push_str(&format!("concat(\"{pieces}\"){after}"));
            } else {
                out.push_str(&format!("\"{inside}\"{after}"));
            }
        }
        out.push('\n');
    }
    out
}

fn load(program: &Program, folder: &Path) -> Database {
    let mut database = Database::new();
    for relation in program.relations.iter().filter(|relation| relation.kind == RelationKind::Input) {
        let schema = [relation.decl.clone()];
        let file = format!("{}.facts", relation.decl.name);
        let mut sink = Sink::new(&schema, &file);
        let text = std::fs::read_to_string(folder.join(&file)).expect("a file of facts");
        let mut row = Vec::new();
        for line in text.lines() {
            row.clear();
            for (cell, column) in line.split('\t').zip(&relation.decl.columns) {
                row.push(match column.ty {
                    Type::Int => sink.int(cell.parse().expect("a number")),
                    _ => sink.text(cell),
                });
            }
            sink.row(0, &row, RowPlace::default());
        }
        database.absorb(&schema, &sink.finish());
    }
    database
}
