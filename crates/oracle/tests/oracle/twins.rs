//! Classic programs, written a second time with `crepe`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use engine::Structures::{ByDensity, Dense, Sparse};
use engine::{Evaluation, Options};
use facts::{Database, Value};
use oracle::Random;

type Pairs = BTreeSet<(i64, i64)>;

/// The pairs of a relation of a program; inputs are given by name.
fn pairs(program: &str, inputs: &[(&str, &[(i64, i64)])], relation: &str) -> Pairs {
    let mut text = program.to_owned();
    for (name, rows) in inputs {
        rows.iter().for_each(|(a, b)| write!(text, " {name}({a}, {b}).").expect("writing to a string"));
    }
    let program = Arc::new(ir::read(&text).unwrap_or_else(|error| panic!("{error}")));
    let choices = [(ByDensity, 1), (ByDensity, 2), (Sparse, 2), (Dense, 1), (Dense, 3)];
    let [first, others @ ..] = choices.map(|(structures, threads)| {
        let options = Options { structures, threads, ..Options::default() };
        pairs_of(&engine::evaluate(&program, Database::new(), &options).expect("an evaluation"), relation)
    });
    others.into_iter().for_each(|other| assert_eq!(first, other, "{relation}"));
    first
}

fn pairs_of(evaluation: &Evaluation, relation: &str) -> Pairs {
    let program = evaluation.program();
    let relation = program.find(relation).expect("a relation of the program");
    evaluation
        .sorted(relation)
        .map(|(row, values)| {
            // Proofs of a sample are enough: random programs check all of theirs.
            if row.row % 97 == 0 {
                engine::check(evaluation, &evaluation.proof(row)).unwrap_or_else(|error| panic!("{error}"));
            }
            match values.as_slice() {
                [Value::Int(a), Value::Int(b)] => (*a, *b),
                other => panic!("{other:?}"),
            }
        })
        .collect()
}

fn random_pairs(random: &mut Random, count: usize, from: usize, to: usize) -> Vec<(i64, i64)> {
    (0..count).map(|_| (random.below(from) as i64, random.below(to) as i64)).collect()
}

mod closure {
    use crepe::crepe;
    crepe! {
        @input
        pub struct Edge(pub i64, pub i64);
        @output
        pub struct Path(pub i64, pub i64);
        Path(x, y) <- Edge(x, y);
        Path(x, z) <- Path(x, y), Edge(y, z);
    }
    pub fn run(edges: &[(i64, i64)]) -> super::Pairs {
        let mut runtime = Crepe::new();
        runtime.extend(edges.iter().map(|&(a, b)| Edge(a, b)));
        runtime.run().0.into_iter().map(|Path(a, b)| (a, b)).collect()
    }
}

#[test]
fn transitive_closure() {
    let mut random = Random::new(1);
    for (nodes, edges) in [(10, 12), (60, 80), (150, 400)] {
        let edges = random_pairs(&mut random, edges, nodes, nodes);
        let expected = closure::run(&edges);
        for step in
            ["path(x, y), edge(y, z)", "edge(y, z), path(x, y)", "edge(x, y), path(y, z)", "path(x, y), path(y, z)"]
        {
            let program = format!(
                "input edge(a: int, b: int) rel path(a: int, b: int) path(x, y) :- edge(x, y). path(x, z) :- {step}."
            );
            assert_eq!(pairs(&program, &[("edge", &edges)], "path"), expected, "{step}");
        }
    }
}

mod generation {
    use crepe::crepe;
    crepe! {
        @input
        pub struct Parent(pub i64, pub i64);
        struct Person(i64);
        @output
        pub struct Same(pub i64, pub i64);
        Person(x) <- Parent(x, _);
        Person(y) <- Parent(_, y);
        Same(x, x) <- Person(x);
        Same(x, y) <- Parent(x, p), Same(p, q), Parent(y, q);
    }
    pub fn run(parents: &[(i64, i64)]) -> super::Pairs {
        let mut runtime = Crepe::new();
        runtime.extend(parents.iter().map(|&(a, b)| Parent(a, b)));
        runtime.run().0.into_iter().map(|Same(a, b)| (a, b)).collect()
    }
}

#[test]
fn same_generation() {
    let mut random = Random::new(2);
    for people in [10, 60, 200] {
        // Everybody's parent has a smaller number.
        let parents: Vec<(i64, i64)> = (1..people).map(|child| (child, random.below(child as usize) as i64)).collect();
        let program = "input parent(c: int, p: int) rel person(x: int) rel same(a: int, b: int)
            person(x) :- (parent(x, _) or parent(_, x)).
            same(x, x) :- person(x).
            same(x, y) :- parent(x, p), same(p, q), parent(y, q).";
        assert_eq!(pairs(program, &[("parent", &parents)], "same"), generation::run(&parents));
    }
}

mod points_to {
    use crepe::crepe;
    crepe! {
        @input
        pub struct New(pub i64, pub i64);
        @input
        pub struct Assign(pub i64, pub i64);
        @input
        pub struct Load(pub i64, pub i64);
        @input
        pub struct Store(pub i64, pub i64);
        struct Alias(i64, i64);
        @output
        pub struct Points(pub i64, pub i64);
        Alias(x, x) <- Assign(x, _);
        Alias(x, x) <- Assign(_, x);
        Alias(x, y) <- Assign(x, y);
        Alias(x, y) <- Load(x, a), Alias(a, b), Store(b, y);
        Points(x, o) <- New(x, o);
        Points(x, o) <- Alias(x, y), Points(y, o);
    }
    pub fn run([new, assign, load, store]: [&[(i64, i64)]; 4]) -> super::Pairs {
        let mut runtime = Crepe::new();
        runtime.extend(new.iter().map(|&(a, b)| New(a, b)));
        runtime.extend(assign.iter().map(|&(a, b)| Assign(a, b)));
        runtime.extend(load.iter().map(|&(a, b)| Load(a, b)));
        runtime.extend(store.iter().map(|&(a, b)| Store(a, b)));
        runtime.run().0.into_iter().map(|Points(a, b)| (a, b)).collect()
    }
}

#[test]
fn points_to() {
    let mut random = Random::new(3);
    for variables in [8, 40, 120] {
        let mut some = |count: usize| random_pairs(&mut random, count, variables, variables);
        let (new, assign, load, store) =
            (some(variables / 2), some(variables), some(variables / 2), some(variables / 2));
        let program = "input new(v: int, o: int) input assign(v: int, w: int) input load(v: int, w: int) input store(v: int, w: int)
            rel alias(v: int, w: int) rel points(v: int, o: int)
            alias(x, x) :- (assign(x, _) or assign(_, x)).
            alias(x, y) :- assign(x, y).
            alias(x, y) :- load(x, a), alias(a, b), store(b, y).
            points(x, o) :- new(x, o).
            points(x, o) :- alias(x, y), points(y, o).";
        let inputs: [(&str, &[(i64, i64)]); 4] =
            [("new", &new), ("assign", &assign), ("load", &load), ("store", &store)];
        assert_eq!(pairs(program, &inputs, "points"), points_to::run([&new, &assign, &load, &store]));
    }
}

mod unguarded {
    use crepe::crepe;
    crepe! {
        @input
        pub struct Call(pub i64, pub i64);
        @input
        pub struct Guard(pub i64, pub i64);
        struct Function(i64);
        struct Open(i64, i64);
        struct Reach(i64, i64);
        @output
        pub struct Lonely(pub i64, pub i64);
        Function(x) <- Call(x, _);
        Function(y) <- Call(_, y);
        Open(x, y) <- Call(x, y), !Guard(x, y);
        Reach(x, y) <- Open(x, y);
        Reach(x, z) <- Reach(x, y), Reach(y, z);
        Lonely(x, y) <- Function(x), Function(y), !Reach(x, y), (x < y);
    }
    pub fn run(calls: &[(i64, i64)], guards: &[(i64, i64)]) -> super::Pairs {
        let mut runtime = Crepe::new();
        runtime.extend(calls.iter().map(|&(a, b)| Call(a, b)));
        runtime.extend(guards.iter().map(|&(a, b)| Guard(a, b)));
        runtime.run().0.into_iter().map(|Lonely(a, b)| (a, b)).collect()
    }
}

#[test]
fn negation_over_three_strata() {
    let mut random = Random::new(4);
    for functions in [6, 40, 90] {
        let calls = random_pairs(&mut random, functions * 2, functions, functions);
        let guards: Vec<(i64, i64)> = calls.iter().copied().filter(|_| random.chance(30)).collect();
        let program = "input call(a: int, b: int) input guard(a: int, b: int)
            rel function(x: int) rel open(a: int, b: int) rel reach(a: int, b: int) rel lonely(a: int, b: int)
            function(x) :- (call(x, _) or call(_, x)).
            open(x, y) :- call(x, y), not (guard(x, y)).
            reach(x, y) :- open(x, y).
            reach(x, z) :- reach(x, y), reach(y, z).
            lonely(x, y) :- function(x), function(y), x < y, not (reach(x, y)).";
        let inputs: [(&str, &[(i64, i64)]); 2] = [("call", &calls), ("guard", &guards)];
        assert_eq!(pairs(program, &inputs, "lonely"), unguarded::run(&calls, &guards));
    }
}

mod andersen {
    use crepe::crepe;
    crepe! {
        @input
        pub struct Address(pub i64, pub i64);
        @input
        pub struct Copy(pub i64, pub i64);
        @input
        pub struct Load(pub i64, pub i64);
        @input
        pub struct Store(pub i64, pub i64);
        @output
        pub struct Points(pub i64, pub i64);
        Points(v, o) <- Address(v, o);
        Points(v, o) <- Copy(v, w), Points(w, o);
        Points(v, o) <- Load(v, w), Points(w, p), Points(p, o);
        Points(p, o) <- Store(v, w), Points(v, p), Points(w, o);
    }
    pub fn run([address, copy, load, store]: [&[(i64, i64)]; 4]) -> super::Pairs {
        let mut runtime = Crepe::new();
        runtime.extend(address.iter().map(|&(a, b)| Address(a, b)));
        runtime.extend(copy.iter().map(|&(a, b)| Copy(a, b)));
        runtime.extend(load.iter().map(|&(a, b)| Load(a, b)));
        runtime.extend(store.iter().map(|&(a, b)| Store(a, b)));
        runtime.run().0.into_iter().map(|Points(a, b)| (a, b)).collect()
    }
}

/// Rules with several recursive atoms, parts of which are kept from round to round.
#[test]
fn andersen() {
    let mut random = Random::new(4);
    for variables in [10, 50, 120, 200] {
        let mut some = |count: usize| random_pairs(&mut random, count, variables, variables);
        let (address, copy, load, store) =
            (some(variables / 3), some(variables * 2 / 3), some(variables / 5), some(variables / 5));
        let program = "input address(v: int, w: int) input copy(v: int, w: int) input load(v: int, w: int) input store(v: int, w: int)
            rel points(v: int, o: int)
            points(v, o) :- address(v, o).
            points(v, o) :- copy(v, w), points(w, o).
            points(v, o) :- load(v, w), points(w, p), points(p, o).
            points(p, o) :- store(v, w), points(v, p), points(w, o).";
        let inputs: [(&str, &[(i64, i64)]); 4] =
            [("address", &address), ("copy", &copy), ("load", &load), ("store", &store)];
        assert_eq!(pairs(program, &inputs, "points"), andersen::run([&address, &copy, &load, &store]));
    }
}
