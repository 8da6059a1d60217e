//! What an edit of one file among many costs, beside a whole evaluation: `cargo bench -p engine --bench incremental [FILES]`.
//!
//! A workspace of files with functions that call each other, mostly at home and now and then in a library; rules for reachability
//! (recursion), missing guards (negation), totals (aggregates) and texts. An edit gives a file other calls, guards and functions.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench prints what it measures"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Evaluation, Options, Updates};
use facts::{Batch, Change, Database, RelationDecl, RowPlace, Sink};

const PROGRAM: &str = "
    input function(f: string, file: string)
    input call(f: string, g: string)
    input sink(f: string, kind: string)
    input guard(f: string)
    input entry(f: string)
    rel leads(f: string, s: string)
    rel exposed(f: string, s: string)
    rel open(f: string, s: string)
    rel total(file: string, n: int)
    rel busy(file: string)
    rel quiet(file: string)
    rel finding(f: string, text: string)
    leads(f, s) :- call(f, s), sink(s, _).
    leads(f, s) :- call(f, g), leads(g, s).
    exposed(f, s) :- entry(f), leads(f, s).
    open(f, s) :- exposed(f, s), not (guard(f)), not (call(f, g), guard(g)).
    total(file, n) :- function(_, file), n = count { f, s : function(f, file), leads(f, s) }.
    busy(file) :- total(file, n), n > 12.
    quiet(file) :- function(_, file), not (function(f, file), exposed(f, _)).
    finding(f, t) :- open(f, s), sink(s, kind), function(f, file), not (quiet(file)), kind contains \"e\", t = concat(f, \" leads to \", s).
";
/// Functions of a file.
const FUNCTIONS: usize = 12;
const EDITS: usize = 60;

fn main() {
    let wanted = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let files: usize = wanted.unwrap_or(10_000);
    let program = Arc::new(ir::read(PROGRAM).unwrap());
    let names = ["function", "call", "sink", "guard", "entry"];
    let decl = |name: &&str| program.relation(program.find(name).unwrap()).decl.clone();
    let schema: Arc<[Arc<RelationDecl>]> = names.iter().map(decl).collect();
    let database = || {
        let mut database = Database::tracked();
        (0..files).for_each(|file| database.absorb(&schema, &batch(&schema, files, file, 0)));
        database
    };
    let options = |updates| Options { threads: 1, updates, ..Options::default() };
    let start = Instant::now();
    let mut kept = engine::evaluate(&program, database(), &options(Updates::ByCost)).unwrap();
    let load_and_evaluate = start.elapsed();
    let evaluation = |_| {
        let database = database();
        timed(|| drop(evaluate(&program, database, &options(Updates::ByCost))))
    };
    let full = median((0..5).map(evaluation).collect());
    let rows: usize = (0..program.relations.len() as u32).map(|id| kept.count(ir::RelId(id))).sum();
    println!(
        "{files} files, {rows} rows; loaded and evaluated in {load_and_evaluate:.1?}; evaluation alone {full:.1?}"
    );
    for (number, updates) in [Updates::Follow, Updates::Renew].into_iter().enumerate() {
        let mut times = Vec::new();
        let (mut came, mut went) = (0, 0);
        for edit in number * EDITS + 1..=(number + 1) * EDITS {
            let file = edit * 7919 % files;
            let mut change = Change::new();
            change.withdraw_file(path(file));
            change.add_batch(&schema, batch(&schema, files, file, edit));
            let mut update = None;
            times.push(timed(|| update = Some(kept.update(&change, None, &options(updates)).unwrap())));
            for change in update.iter().flat_map(|update| &update.relations) {
                came += change.added.len();
                went += change.removed.len();
            }
        }
        // The first ones build indexes that later ones find.
        let (first, later) = (times[0], median(times.split_off(5)));
        let part = later.as_secs_f64() / full.as_secs_f64() * 100.0;
        let (came, went) = (came / EDITS, went / EDITS);
        println!(
            "{updates:?}: the first edit {first:.2?}, later ones {later:.2?}, {part:.2} % of an evaluation; {came} rows came, {went} went each"
        );
    }
    let fresh = {
        let mut database = Database::tracked();
        for file in 0..files {
            let edit = (1..=2 * EDITS).rev().find(|edit| edit * 7919 % files == file).unwrap_or(0);
            database.absorb(&schema, &batch(&schema, files, file, edit));
        }
        evaluate(&program, database, &options(Updates::ByCost))
    };
    for id in (0..program.relations.len() as u32).map(ir::RelId) {
        assert_eq!(kept.count(id), fresh.count(id), "{}", program.relation(id).decl.name);
    }
}

fn evaluate(program: &Arc<ir::Program>, database: Database, options: &Options) -> Evaluation {
    engine::evaluate(program, database, options).unwrap()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn path(file: usize) -> Arc<str> {
    format!("src/module{file}.py").into()
}

/// What a file gives in its so-many-th version.
fn batch(schema: &[Arc<RelationDecl>], files: usize, file: usize, version: usize) -> Batch {
    let mut random = (file as u64) << 32 | 0x5eed;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let name = |file: usize, function: usize| format!("module{file}.f{function}");
    let path = path(file);
    let mut sink = Sink::new(schema, &path);
    for function in 0..FUNCTIONS {
        // A version changes a few functions.
        let changed = usize::from(version > 0 && (function + version) % FUNCTIONS < 2) * version;
        let place = RowPlace {
            start: function as u32 * 100,
            end: function as u32 * 100 + 90,
            line: function as u32 + 1,
            column: 1,
        };
        let own = sink.text(&name(file, function));
        let of = sink.text(&path);
        sink.row(0, &[own, of], place);
        for call in 0..3 {
            let far = next(8) == 0;
            let to = if far { next(50.min(files)) } else { file };
            let callee = sink.text(&name(to, (next(FUNCTIONS) + changed * (call + 1)) % FUNCTIONS));
            sink.row(1, &[own, callee], place);
        }
        if next(40) == 0 {
            let kind = sink.text(["model", "shell", "email"][next(3)]);
            sink.row(2, &[own, kind], place);
        }
        if (next(10) + changed).is_multiple_of(10) {
            sink.row(3, &[own], place);
        }
        if next(6) == 0 {
            sink.row(4, &[own], place);
        }
    }
    sink.finish()
}
