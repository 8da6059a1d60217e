//! The six workloads in crepe: Datalog compiled into Rust by a macro. It has no aggregates; the two of the compliance program
//! are counted over what it gives.

use std::collections::{HashMap, HashSet};

use peers::{Facts, Text, is_prediction, number, tell};

mod closure {
    use peers::{Facts, tell};

    crepe::crepe! {
        @input
        pub struct Edge(pub u32, pub u32);
        @output
        pub struct Path(pub u32, pub u32);
        Path(x, y) <- Edge(x, y);
        Path(x, z) <- Path(x, y), Edge(y, z);
    }

    pub fn run(facts: &Facts) {
        let mut program = Crepe::new();
        program.extend(facts.pairs("edge").into_iter().map(|(a, b)| Edge(a, b)));
        tell(&[("path", program.run().0.len())]);
    }
}

mod same_generation {
    use peers::{Facts, tell};

    crepe::crepe! {
        @input
        pub struct Parent(pub u32, pub u32);
        @output
        pub struct Same(pub u32, pub u32);
        Same(x, y) <- Parent(x, p), Parent(y, p);
        Same(x, y) <- Parent(x, p), Same(p, q), Parent(y, q);
    }

    pub fn run(facts: &Facts) {
        let mut program = Crepe::new();
        program.extend(facts.pairs("parent").into_iter().map(|(a, b)| Parent(a, b)));
        tell(&[("same", program.run().0.len())]);
    }
}

mod points_to {
    use peers::{Facts, tell};

    crepe::crepe! {
        @input
        pub struct Address(pub u32, pub u32);
        @input
        pub struct Copied(pub u32, pub u32);
        @input
        pub struct Load(pub u32, pub u32);
        @input
        pub struct Store(pub u32, pub u32);
        @output
        pub struct Points(pub u32, pub u32);
        Points(v, o) <- Address(v, o);
        Points(v, o) <- Copied(v, w), Points(w, o);
        Points(v, o) <- Load(v, w), Points(w, p), Points(p, o);
        Points(p, o) <- Store(v, w), Points(v, p), Points(w, o);
    }

    pub fn run(facts: &Facts) {
        let mut program = Crepe::new();
        program.extend(facts.pairs("address").into_iter().map(|(a, b)| Address(a, b)));
        program.extend(facts.pairs("copy").into_iter().map(|(a, b)| Copied(a, b)));
        program.extend(facts.pairs("load").into_iter().map(|(a, b)| Load(a, b)));
        program.extend(facts.pairs("store").into_iter().map(|(a, b)| Store(a, b)));
        tell(&[("points", program.run().0.len())]);
    }
}

mod contexts {
    use peers::{Facts, tell};

    crepe::crepe! {
        @input
        pub struct Entry(pub u32);
        @input
        pub struct Alloc(pub u32, pub u32, pub u32);
        @input
        pub struct Assign(pub u32, pub u32);
        @input
        pub struct Store(pub u32, pub u32, pub u32);
        @input
        pub struct Load(pub u32, pub u32, pub u32);
        @input
        pub struct Call(pub u32, pub u32, pub u32);
        @input
        pub struct Actual(pub u32, pub u32);
        @input
        pub struct Gives(pub u32, pub u32);
        @input
        pub struct HeapType(pub u32, pub u32);
        @input
        pub struct Lookup(pub u32, pub u32, pub u32);
        @input
        pub struct This(pub u32, pub u32);
        @input
        pub struct Formal(pub u32, pub u32);
        @input
        pub struct Returns(pub u32, pub u32);
        @output
        pub struct Reachable(pub u32, pub u32);
        @output
        pub struct Points(pub u32, pub u32, pub u32);
        @output
        pub struct Field(pub u32, pub u32, pub u32);
        @output
        pub struct Invokes(pub u32, pub u32, pub u32, pub u32);
        Reachable(0, m) <- Entry(m);
        Reachable(c, m) <- Invokes(_, _, c, m);
        Points(c, v, h) <- Reachable(c, m), Alloc(v, h, m);
        Points(c, to, h) <- Assign(to, from), Points(c, from, h);
        Points(c, t, c) <- Reachable(c, m), This(m, t);
        Field(b, f, h) <- Store(base, f, from), Points(c, base, b), Points(c, from, h);
        Points(c, to, h) <- Load(to, base, f), Points(c, base, b), Field(b, f, h);
        Invokes(c, i, b, m) <- Call(base, s, i), Points(c, base, b), HeapType(b, t), Lookup(t, s, m);
        Points(d, to, h) <- Invokes(c, i, d, m), Actual(i, from), Points(c, from, h), Formal(m, to);
        Points(c, to, h) <- Invokes(c, i, d, m), Returns(m, from), Points(d, from, h), Gives(i, to);
    }

    pub fn run(facts: &Facts) {
        let mut program = Crepe::new();
        program.extend(facts.ones("entry").into_iter().map(|(a,)| Entry(a)));
        program.extend(facts.triples("alloc").into_iter().map(|(a, b, c)| Alloc(a, b, c)));
        program.extend(facts.pairs("move").into_iter().map(|(a, b)| Assign(a, b)));
        program.extend(facts.triples("store").into_iter().map(|(a, b, c)| Store(a, b, c)));
        program.extend(facts.triples("load").into_iter().map(|(a, b, c)| Load(a, b, c)));
        program.extend(facts.triples("call").into_iter().map(|(a, b, c)| Call(a, b, c)));
        program.extend(facts.pairs("actual").into_iter().map(|(a, b)| Actual(a, b)));
        program.extend(facts.pairs("result").into_iter().map(|(a, b)| Gives(a, b)));
        program.extend(facts.pairs("heap_type").into_iter().map(|(a, b)| HeapType(a, b)));
        program.extend(facts.triples("lookup").into_iter().map(|(a, b, c)| Lookup(a, b, c)));
        program.extend(facts.pairs("this").into_iter().map(|(a, b)| This(a, b)));
        program.extend(facts.pairs("formal").into_iter().map(|(a, b)| Formal(a, b)));
        program.extend(facts.pairs("returns").into_iter().map(|(a, b)| Returns(a, b)));
        let (reachable, points, field, invokes) = program.run();
        tell(&[
            ("reachable", reachable.len()),
            ("points", points.len()),
            ("field", field.len()),
            ("invokes", invokes.len()),
        ]);
    }
}

mod compliance {
    use super::{Text, is_prediction};

    crepe::crepe! {
        @input
        pub struct Function(pub u32, pub Text, pub Text);
        @input
        pub struct Call(pub u32, pub u32);
        @input
        pub struct Source(pub u32, pub Text);
        @input
        pub struct Sink(pub u32, pub Text);
        @input
        pub struct Sanitizer(pub u32);
        @input
        pub struct Reviewed(pub Text);
        @output
        pub struct Reaches(pub u32, pub u32);
        @output
        pub struct Tainted(pub u32, pub u32);
        @output
        pub struct Exposed(pub u32, pub u32, pub Text);
        @output
        pub struct Sensitive(pub u32);
        @output
        pub struct Unreviewed(pub u32, pub Text);
        @output
        pub struct Finding(pub u32, pub u32, pub Text, pub Text, pub Text, pub Text);
        struct Watched(u32);
        @output
        pub struct Leak(pub u32);
        @output
        pub struct Cyclic(pub u32);
        Reaches(f, g) <- Call(f, g);
        Reaches(f, h) <- Reaches(f, g), Call(g, h);
        Tainted(s, s) <- Source(s, _);
        Tainted(s, g) <- Tainted(s, f), Call(f, g), !Sanitizer(g);
        Exposed(s, f, k) <- Tainted(s, f), Sink(f, k);
        Sensitive(f) <- Function(f, n, _), (n.contains("train"));
        Sensitive(f) <- Function(f, n, _), (is_prediction(n));
        Unreviewed(f, t) <- Sensitive(f), Function(f, _, t), !Reviewed(t);
        Finding(s, f, n, a, k, t) <-
            Exposed(s, f, k), Source(s, a), Function(f, n, t), Unreviewed(f, _), (k != "file");
        Watched(f) <- Tainted(s, f), Source(s, "http3");
        Leak(f) <- Sensitive(f), Reaches(f, g), Sink(g, "llm"), !Watched(f);
        Cyclic(f) <- Reaches(f, g), (f == g);
    }
}

/// The compliance program, its messages and its two aggregates.
fn compliance(facts: &Facts) {
    use compliance::*;
    let functions: Vec<(u32, Text, Text)> = facts.rows("function", |cells| (number(cells[0]), cells[1], cells[2]));
    let sources: Vec<(u32, Text)> = facts.rows("source", |cells| (number(cells[0]), cells[1]));
    let mut program = Crepe::new();
    program.extend(functions.iter().map(|&(a, b, c)| Function(a, b, c)));
    program.extend(facts.pairs("call").into_iter().map(|(a, b)| Call(a, b)));
    program.extend(sources.iter().map(|&(a, b)| Source(a, b)));
    program.extend(facts.rows("sink", |cells| Sink(number(cells[0]), cells[1])));
    program.extend(facts.ones("sanitizer").into_iter().map(|(a,)| Sanitizer(a)));
    program.extend(facts.rows("reviewed", |cells| Reviewed(cells[0])));
    let (reaches, tainted, exposed, sensitive, unreviewed, finding, leak, cyclic) = program.run();
    let message = |row: &Finding| (row.0, row.1, format!("{} sends {} to {} of {}", row.2, row.3, row.4, row.5));
    let messages: HashSet<(u32, u32, String)> = finding.iter().map(message).collect();
    let mut fan: HashMap<u32, usize> = sources.iter().map(|&(function, _)| (function, 0)).collect();
    for row in &reaches {
        if let Some(count) = fan.get_mut(&row.0) {
            *count += 1;
        }
    }
    let teams: HashMap<u32, Text> = functions.iter().map(|&(function, _, team)| (function, team)).collect();
    let mut risk: HashMap<Text, HashSet<(u32, u32)>> = teams.values().map(|&team| (team, HashSet::new())).collect();
    for row in &exposed {
        if let Some(pairs) = teams.get(&row.1).and_then(|team| risk.get_mut(team)) {
            pairs.insert((row.0, row.1));
        }
    }
    tell(&[
        ("reaches", reaches.len()),
        ("tainted", tainted.len()),
        ("exposed", exposed.len()),
        ("sensitive", sensitive.len()),
        ("unreviewed", unreviewed.len()),
        ("finding", messages.len()),
        ("fan", fan.len()),
        ("risk", risk.len()),
        ("leak", leak.len()),
        ("cyclic", cyclic.len()),
    ]);
}

fn main() {
    let facts = Facts::from_arguments();
    match facts.workload.as_str() {
        "closure_random" | "closure_chain" => closure::run(&facts),
        "same_generation" => same_generation::run(&facts),
        "points_to" => points_to::run(&facts),
        "contexts" => contexts::run(&facts),
        "compliance" => compliance(&facts),
        other => panic!("no program for {other}"),
    }
}
