//! The six workloads in ascent: Datalog compiled into Rust by a macro.

use peers::{Facts, Text, is_prediction, number, tell};

mod closure {
    ascent::ascent! {
        pub struct Program;
        relation edge(u32, u32);
        relation path(u32, u32);
        path(x, y) <-- edge(x, y);
        path(x, z) <-- path(x, y), edge(y, z);
    }
}

mod same_generation {
    ascent::ascent! {
        pub struct Program;
        relation parent(u32, u32);
        relation same(u32, u32);
        same(x, y) <-- parent(x, p), parent(y, p);
        same(x, y) <-- parent(x, p), same(p, q), parent(y, q);
    }
}

mod points_to {
    ascent::ascent! {
        pub struct Program;
        relation address(u32, u32);
        relation copy(u32, u32);
        relation load(u32, u32);
        relation store(u32, u32);
        relation points(u32, u32);
        points(v, o) <-- address(v, o);
        points(v, o) <-- copy(v, w), points(w, o);
        points(v, o) <-- load(v, w), points(w, p), points(p, o);
        points(p, o) <-- store(v, w), points(v, p), points(w, o);
    }
}

mod contexts {
    ascent::ascent! {
        pub struct Program;
        relation entry(u32);
        relation alloc(u32, u32, u32);
        relation assign(u32, u32);
        relation store(u32, u32, u32);
        relation load(u32, u32, u32);
        relation call(u32, u32, u32);
        relation actual(u32, u32);
        relation result(u32, u32);
        relation heap_type(u32, u32);
        relation lookup(u32, u32, u32);
        relation this(u32, u32);
        relation formal(u32, u32);
        relation returns(u32, u32);
        relation reachable(u32, u32);
        relation points(u32, u32, u32);
        relation field(u32, u32, u32);
        relation invokes(u32, u32, u32, u32);
        reachable(0, m) <-- entry(m);
        reachable(c, m) <-- invokes(_, _, c, m);
        points(c, v, h) <-- reachable(c, m), alloc(v, h, m);
        points(c, to, h) <-- assign(to, from), points(c, from, h);
        points(c, t, c) <-- reachable(c, m), this(m, t);
        field(b, f, h) <-- store(base, f, from), points(c, base, b), points(c, from, h);
        points(c, to, h) <-- load(to, base, f), points(c, base, b), field(b, f, h);
        invokes(c, i, b, m) <-- call(base, s, i), points(c, base, b), heap_type(b, t), lookup(t, s, m);
        points(d, to, h) <-- invokes(c, i, d, m), actual(i, from), points(c, from, h), formal(m, to);
        points(c, to, h) <-- invokes(c, i, d, m), returns(m, from), points(d, from, h), result(i, to);
    }
}

mod compliance {
    use super::{Text, is_prediction};
    use ascent::aggregators::count;

    ascent::ascent! {
        pub struct Program;
        relation function(u32, Text, Text);
        relation call(u32, u32);
        relation source(u32, Text);
        relation sink(u32, Text);
        relation sanitizer(u32);
        relation reviewed(Text);
        relation reaches(u32, u32);
        relation tainted(u32, u32);
        relation exposed(u32, u32, Text);
        relation sensitive(u32);
        relation unreviewed(u32, Text);
        relation finding(u32, u32, String);
        relation fan(u32, usize);
        relation risk(Text, usize);
        relation of_team(Text, u32, u32);
        relation team(Text);
        relation watched(u32);
        relation leak(u32);
        relation cyclic(u32);
        reaches(f, g) <-- call(f, g);
        reaches(f, h) <-- reaches(f, g), call(g, h);
        tainted(s, s) <-- source(s, _);
        tainted(s, g) <-- tainted(s, f), call(f, g), !sanitizer(g);
        exposed(s, f, k) <-- tainted(s, f), sink(f, k);
        sensitive(f) <-- function(f, n, _), if n.contains("train");
        sensitive(f) <-- function(f, n, _), if is_prediction(n);
        unreviewed(f, t) <-- sensitive(f), function(f, _, t), !reviewed(t);
        finding(s, f, format!("{n} sends {a} to {k} of {t}")) <--
            exposed(s, f, k), source(s, a), function(f, n, t), unreviewed(f, _), if *k != "file";
        fan(f, n) <-- source(f, _), agg n = count() in reaches(f, _);
        team(t) <-- function(_, _, t);
        of_team(t, s, f) <-- exposed(s, f, _), function(f, _, t);
        risk(t, n) <-- team(t), agg n = count() in of_team(t, _, _);
        watched(f) <-- tainted(s, f), source(s, "http3");
        leak(f) <-- sensitive(f), reaches(f, g), sink(g, "llm"), !watched(f);
        cyclic(f) <-- reaches(f, f);
    }
}

fn main() {
    let facts = Facts::from_arguments();
    match facts.workload.as_str() {
        "closure_random" | "closure_chain" => {
            let mut program = closure::Program::default();
            program.edge = facts.pairs("edge");
            program.run();
            tell(&[("path", program.path.len())]);
        }
        "same_generation" => {
            let mut program = same_generation::Program::default();
            program.parent = facts.pairs("parent");
            program.run();
            tell(&[("same", program.same.len())]);
        }
        "points_to" => {
            let mut program = points_to::Program::default();
            program.address = facts.pairs("address");
            program.copy = facts.pairs("copy");
            program.load = facts.pairs("load");
            program.store = facts.pairs("store");
            program.run();
            tell(&[("points", program.points.len())]);
        }
        "contexts" => {
            let mut program = contexts::Program::default();
            program.entry = facts.ones("entry");
            program.alloc = facts.triples("alloc");
            program.assign = facts.pairs("move");
            program.store = facts.triples("store");
            program.load = facts.triples("load");
            program.call = facts.triples("call");
            program.actual = facts.pairs("actual");
            program.result = facts.pairs("result");
            program.heap_type = facts.pairs("heap_type");
            program.lookup = facts.triples("lookup");
            program.this = facts.pairs("this");
            program.formal = facts.pairs("formal");
            program.returns = facts.pairs("returns");
            program.run();
            tell(&[
                ("reachable", program.reachable.len()),
                ("points", program.points.len()),
                ("field", program.field.len()),
                ("invokes", program.invokes.len()),
            ]);
        }
        "compliance" => {
            let mut program = compliance::Program::default();
            program.function = facts.rows("function", |cells| (number(cells[0]), cells[1], cells[2]));
            program.call = facts.pairs("call");
            program.source = facts.rows("source", |cells| (number(cells[0]), cells[1]));
            program.sink = facts.rows("sink", |cells| (number(cells[0]), cells[1]));
            program.sanitizer = facts.ones("sanitizer");
            program.reviewed = facts.rows("reviewed", |cells| (cells[0],));
            program.run();
            tell(&[
                ("reaches", program.reaches.len()),
                ("tainted", program.tainted.len()),
                ("exposed", program.exposed.len()),
                ("sensitive", program.sensitive.len()),
                ("unreviewed", program.unreviewed.len()),
                ("finding", program.finding.len()),
                ("fan", program.fan.len()),
                ("risk", program.risk.len()),
                ("leak", program.leak.len()),
                ("cyclic", program.cyclic.len()),
            ]);
        }
        other => panic!("no program for {other}"),
    }
}
