//! Atoms that close cycles: what comes of them, whatever the structures and threads, and that they are carried out together.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use engine::{Observe, Options, StepKind, Structures};
use facts::{Database, Value};

/// A graph in which most edges lead to few nodes.
fn graph(nodes: u64) -> BTreeSet<(u64, u64)> {
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 40
    };
    let mut edges = BTreeSet::new();
    for node in 0..nodes {
        for _ in 0..8 {
            let far = random() % nodes;
            edges.insert((node, far * far / nodes * far / nodes));
        }
    }
    edges
}

fn rows(text: &str, relation: &str, options: &Options) -> (BTreeSet<Vec<i64>>, bool) {
    let program = Arc::new(ir::read(text).unwrap_or_else(|error| panic!("{error}")));
    let evaluation = engine::evaluate(&program, Database::new(), options).unwrap();
    let int = |value: Value| match value {
        Value::Int(int) => int,
        other => panic!("{other:?}"),
    };
    let sorted = evaluation.sorted(program.find(relation).unwrap());
    let rows = sorted.map(|(_, values)| values.into_iter().map(int).collect()).collect();
    let met = evaluation.observed().plans.iter().flat_map(|plan| &plan.steps).any(|step| step.kind == StepKind::Meet);
    (rows, met)
}

#[track_caller]
fn check(rules: &str, relation: &str, truth: &BTreeSet<Vec<i64>>) {
    let mut text = String::from("rel e(a: int, b: int)\n");
    graph(300).iter().for_each(|(a, b)| write!(text, "e({a}, {b}). ").unwrap());
    text.push_str(rules);
    for structures in Structures::ALL {
        for threads in [1, 2] {
            let options = Options { structures, threads, observe: Observe::Plans, ..Options::default() };
            let (found, met) = rows(&text, relation, &options);
            assert!(found == *truth, "{structures:?}, {threads} threads: {} rows for {}", found.len(), truth.len());
            assert!(met, "{structures:?}: no atoms meet");
        }
    }
}

#[test]
fn triangles() {
    let edges = graph(300);
    let mut truth = BTreeSet::new();
    for &(x, y) in &edges {
        for &(_, z) in edges.range((y, 0)..(y + 1, 0)) {
            if edges.contains(&(z, x)) {
                truth.insert(vec![x as i64, y as i64, z as i64]);
            }
        }
    }
    assert!(truth.len() > 10, "{}", truth.len());
    check("rel t(a: int, b: int, c: int)\nt(x, y, z) :- e(x, y), e(y, z), e(z, x).", "t", &truth);
}

#[test]
fn cycles_in_a_recursion() {
    let edges = graph(300);
    let mut truth: BTreeSet<Vec<i64>> =
        edges.iter().filter(|(a, _)| a % 3 == 0).map(|&(a, b)| vec![a as i64, b as i64]).collect();
    loop {
        let mut more = truth.clone();
        for row in &truth {
            let (x, y) = (row[0] as u64, row[1] as u64);
            for &(_, z) in edges.range((y, 0)..(y + 1, 0)) {
                if edges.contains(&(x, z)) {
                    more.insert(vec![y as i64, z as i64]);
                }
            }
        }
        if more.len() == truth.len() {
            break;
        }
        truth = more;
    }
    let mut rules = String::from("rel s(a: int)  rel r(a: int, b: int)\n");
    (0..100).for_each(|n| write!(rules, "s({}). ", n * 3).unwrap());
    rules.push_str("r(x, y) :- s(x), e(x, y).\nr(y, z) :- r(x, y), e(y, z), e(x, z).");
    check(&rules, "r", &truth);
}
