//! Figures of the evaluator on programs that grow: `cargo bench -p engine`.

#![allow(clippy::print_stdout, missing_docs, reason = "figures are what this is run for")]

use std::sync::Arc;
use std::time::Instant;

use engine::{Evaluation, Options};
use facts::{Column, Database, Origin, RelationDecl, Type, Value};

fn run(text: &str, name: &str, rows: impl Iterator<Item = (i64, i64)>) -> Evaluation {
    let column = |name: &str| Column { name: name.into(), ty: Type::Int, optional: false, key: false, doc: "".into() };
    let decl = Arc::new(RelationDecl { name: name.into(), columns: vec![column("a"), column("b")], doc: "".into() });
    let mut database = Database::new();
    let file = database.add_file(&"edges".into());
    for (a, b) in rows {
        database.insert(&decl, &[Value::Int(a), Value::Int(b)], Origin { file, place: Default::default() });
    }
    let program = Arc::new(ir::read(text).unwrap());
    let started = Instant::now();
    let evaluation = engine::evaluate(&program, database, &Options::default()).unwrap();
    let made: u64 = evaluation.stats().rules.iter().map(|rule| rule.rows).sum();
    println!("{made} rows in {:?}", started.elapsed());
    evaluation
}

/// Numbers that look random and are the same each time.
fn scatter(n: i64) -> i64 {
    let mut z = (n as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^= z >> 29;
    (z.wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as i64
}

fn transitive_closure_of_a_random_graph() {
    let nodes = 1450;
    let edges = (0..nodes * 4).map(|n| (scatter(n) % nodes, scatter(n + 1_000_000) % nodes));
    let text = "input edge(a: int, b: int)  rel path(a: int, b: int)
        path(x, y) :- edge(x, y).  path(x, z) :- path(x, y), edge(y, z).";
    let evaluation = run(text, "edge", edges);
    assert!(evaluation.count(evaluation.program().find("path").unwrap()) > 1_900_000);
}

fn a_chain_of_a_million_steps_and_its_proof() {
    let text = "input edge(a: int, b: int)  rel reach(a: int)
        reach(0).  reach(y) :- reach(x), edge(x, y).";
    let evaluation = run(text, "edge", (0..1_000_000).map(|n| (n, n + 1)));
    let reach = evaluation.program().find("reach").unwrap();
    let started = Instant::now();
    let proof = evaluation.proof(evaluation.find(reach, &[Value::Int(1_000_000)]).unwrap());
    println!("proof of {} nodes in {:?}", proof.nodes.len(), started.elapsed());
    let started = Instant::now();
    engine::check(&evaluation, &proof).unwrap();
    println!("checked in {:?}", started.elapsed());
    assert_eq!(proof.nodes.len(), 2_000_001);
}

fn main() {
    transitive_closure_of_a_random_graph();
    a_chain_of_a_million_steps_and_its_proof();
}
