//! Nothing recurses with the depth of the data. Figures: `cargo bench -p engine`.

use std::sync::Arc;

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
    engine::evaluate(&program, database, &Options::default()).unwrap()
}

/// Numbers that look random and are the same each time.
fn scatter(n: i64) -> i64 {
    let mut z = (n as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^= z >> 29;
    (z.wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as i64
}

#[test]
fn transitive_closure_of_a_random_graph() {
    let nodes = 150;
    let edges = (0..nodes * 4).map(|n| (scatter(n) % nodes, scatter(n + 1_000_000) % nodes));
    let text = "input edge(a: int, b: int)  rel path(a: int, b: int)
        path(x, y) :- edge(x, y).  path(x, z) :- path(x, y), edge(y, z).";
    let evaluation = run(text, "edge", edges);
    assert!(evaluation.count(evaluation.program().find("path").unwrap()) > 15_000);
}

#[test]
fn a_long_chain_and_its_proof() {
    let text = "input edge(a: int, b: int)  rel reach(a: int)
        reach(0).  reach(y) :- reach(x), edge(x, y).";
    let evaluation = run(text, "edge", (0..20_000).map(|n| (n, n + 1)));
    let reach = evaluation.program().find("reach").unwrap();
    let proof = evaluation.proof(evaluation.find(reach, &[Value::Int(20_000)]).unwrap());
    engine::check(&evaluation, &proof).unwrap();
    assert_eq!(proof.nodes.len(), 40_001);
}

#[test]
fn a_narrow_index_serves_those_who_know_more() {
    // The second and third rule know three columns of a large relation; an index on two of them leaves one row.
    let text = "input edge(a: int, b: int)  rel big(a: int, b: int, c: int, d: int)
        rel one(a: int)  rel two(a: int)  rel three(a: int)
        big(x, y, z, x) :- edge(x, y), z = y * 2.
        one(x) :- edge(x, y), big(x, y, _, _).
        two(x) :- edge(x, y), w = y * 2, big(x, y, w, _).
        two(x) :- edge(x, y), w = y * 3, big(x, y, w, _).
        three(x) :- edge(x, y), w = y + 1, not big(x, y, w, _).";
    let evaluation = run(text, "edge", (0..12_000).map(|n| (n, n % 5_000)));
    let count = |name: &str| evaluation.count(evaluation.program().find(name).unwrap());
    assert_eq!((count("one"), count("two")), (12_000, 12_000));
    // `y + 1 = y * 2` for 1 alone.
    assert_eq!(count("three"), 12_000 - 3);
    let two = evaluation.program().find("two").unwrap();
    let proof = evaluation.proof(evaluation.find(two, &[Value::Int(11_999)]).unwrap());
    engine::check(&evaluation, &proof).unwrap();
}
