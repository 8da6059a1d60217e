//! Evaluations kept up to date: programs with files of facts that are edited, one after the other.

use std::sync::Arc;

use base::Cancel;
use engine::{Error, Evaluation, MadeBy, Options, Update, Updates};
use facts::{Change, Database, RelationDecl, RowPlace, Sink};
use ir::{Program, RelId};

use crate::door::show;

/// A program whose inputs come from files.
struct Live {
    text: String,
    evaluation: Evaluation,
    options: Options,
}

impl Live {
    fn new(text: &str) -> Live {
        let program = Arc::new(ir::read(text).expect("a program"));
        let options = Options { updates: Updates::Follow, ..Options::default() };
        let evaluation = engine::evaluate(&program, Database::tracked(), &options).expect("an evaluation");
        Live { text: text.to_owned(), evaluation, options }
    }

    /// A file whose facts take the place of those it had.
    fn change(&self, file: &str, facts: &str) -> Change {
        let mut change = Change::new();
        change.withdraw_file(file);
        let with_facts = ir::read(&format!("{}\n{facts}", self.text)).expect("facts");
        let own = self.evaluation.program().facts.len();
        for (number, fact) in with_facts.facts.iter().skip(own).enumerate() {
            let place = RowPlace { start: number as u32, end: number as u32 + 1, line: number as u32 + 1, column: 1 };
            change.add(&with_facts.relation(fact.relation).decl, fact.row.clone(), &file.into(), place);
        }
        change
    }

    fn edit(&mut self, file: &str, facts: &str) -> Update {
        let change = self.change(file, facts);
        self.evaluation.update(&change, None, &self.options).expect("an update")
    }

    fn rewrite(&mut self, text: &str) -> Update {
        let program: Arc<Program> = Arc::new(ir::read(text).expect("a program"));
        self.text = text.to_owned();
        self.evaluation.update(&Change::new(), Some(&program), &self.options).expect("an update")
    }

    /// Rows and faults; all proofs are valid.
    fn check(&self, expected: &str) {
        let lines = |text: &str| -> Vec<String> {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let found = show(&self.evaluation, &self.text);
        assert_eq!(lines(&found), lines(expected), "\n{found}");
        for id in (0..self.evaluation.program().relations.len() as u32).map(RelId) {
            for row in self.evaluation.rows(id) {
                let proof = self.evaluation.proof(row);
                engine::check(&self.evaluation, &proof).unwrap_or_else(|error| panic!("{error}\n{proof:#?}"));
            }
        }
    }
}

#[test]
fn cycles_do_not_hold_themselves_up() {
    let mut live = Live::new(
        "input edge(a: int, b: int)  input start(a: int)  rel reach(a: int)
         reach(x) :- start(x).
         reach(y) :- reach(x), edge(x, y).",
    );
    live.edit("a", "start(1). edge(1, 2). edge(2, 3). edge(3, 2).");
    live.edit("b", "edge(1, 3).");
    live.check("reach(1)\n reach(2)\n reach(3)");
    // 2 is reached through 3 now, though by a longer way.
    let update = live.edit("a", "start(1). edge(2, 3). edge(3, 2).");
    live.check("reach(1)\n reach(2)\n reach(3)");
    assert_eq!((update.patched, update.renewed), (1, 0));
    // 2 and 3 reach each other alone.
    live.edit("b", "");
    live.check("reach(1)");
    live.edit("c", "edge(1, 2).");
    live.check("reach(1)\n reach(2)\n reach(3)");
}

#[test]
fn a_row_stays_until_its_last_place_goes() {
    let mut live = Live::new("input p(a: int)  rel q(a: int)  q(x) :- p(x).");
    live.edit("b", "p(1).");
    live.edit("a", "p(1). p(2).");
    let places = |live: &Live| {
        let p = live.evaluation.program().find("p").unwrap();
        let row = live.evaluation.find(p, &[facts::Value::Int(1)]).unwrap();
        let MadeBy::Input(origins) = live.evaluation.made_by(row) else { panic!("an input row") };
        let file = |origin: &facts::Origin| live.evaluation.database().file(origin.file).to_string();
        origins.iter().map(file).collect::<Vec<_>>()
    };
    // In the order of paths, as a fresh run has them.
    assert_eq!(places(&live), ["a", "b"]);
    live.edit("a", "p(2).");
    assert_eq!(places(&live), ["b"]);
    live.check("q(1)\n q(2)");
    let update = live.edit("b", "");
    live.check("q(2)");
    let names: Vec<u32> = update.relations.iter().map(|change| change.relation.0).collect();
    assert_eq!(names, [0, 1]);
}

#[test]
fn negations_and_aggregates_follow_their_groups() {
    let mut live = Live::new(
        "input person(p: string)  input grant(p: string, r: string)  input risky(r: string)
         rel clean(p: string)  rel grants(p: string, n: int)  rel most(n: int)
         clean(p) :- person(p), not (grant(p, r), risky(r)).
         grants(p, n) :- person(p), n = count { r : grant(p, r), risky(r) }.
         most(m) :- m = max { n : grants(_, n) }.",
    );
    live.edit("people", "person(\"ann\"). person(\"bob\"). grant(\"ann\", \"x\"). grant(\"bob\", \"y\").");
    live.edit("risks", "risky(\"x\").");
    live.check("clean(bob)\n grants(ann, 1)\n grants(bob, 0)\n most(1)");
    // What links a risk to people is a grant.
    live.edit("risks", "risky(\"y\"). risky(\"z\").");
    live.check("clean(ann)\n grants(ann, 0)\n grants(bob, 1)\n most(1)");
    // Both sides of the link go at once.
    live.edit("people", "person(\"bob\"). person(\"ann\").");
    live.edit("risks", "");
    live.check("clean(ann)\n clean(bob)\n grants(ann, 0)\n grants(bob, 0)\n most(0)");
}

#[test]
fn faults_come_and_go() {
    let mut live = Live::new("input p(a: int, b: int)  rel q(a: int)  q(x / y) :- p(x, y).");
    live.edit("a", "p(6, 3).");
    live.edit("b", "p(1, 0).");
    live.check("q(2)\n fault [x=1 y=0] division by zero: 1 / 0 at head");
    live.edit("c", "p(4, 1).");
    live.check("q(2)\n q(4)\n fault [x=1 y=0] division by zero: 1 / 0 at head");
    live.edit("b", "p(1, 1).");
    live.check("q(1)\n q(2)\n q(4)");
}

#[test]
fn what_ends_in_nothing_ends_there() {
    let mut live = Live::new(
        "input p(a: int, b: int)  rel q(a: int)  rel r(a: int)
         q(x) :- p(x, _).
         r(x) :- q(x), not (q(y), y > x).",
    );
    live.edit("a", "p(1, 1). p(2, 2).");
    let update = live.edit("a", "p(1, 7). p(2, 8).");
    assert_eq!((update.kept, update.patched, update.renewed), (1, 1, 0));
    live.check("q(1)\n q(2)\n r(2)");
}

#[test]
fn another_program_keeps_what_says_the_same() {
    let mut live = Live::new(
        "input p(a: int)  rel q(a: int)  rel r(a: int)
         q(x) :- p(x).
         r(x + 1) :- q(x).",
    );
    live.edit("a", "p(1). p(2).");
    // A relation more, one rule moved, one changed.
    let update = live.rewrite(
        "rel before(a: int)  input p(a: int)  rel q(a: int)  rel r(a: int)
         before(x) :- p(x), x > 1.
         q(y) :- p(y).
         r(x + 2) :- q(x).",
    );
    assert_eq!((update.kept, update.patched, update.renewed), (1, 0, 2));
    live.check("before(2)\n q(1)\n q(2)\n r(3)\n r(4)");
    live.edit("b", "p(3).");
    live.check("before(2)\n before(3)\n q(1)\n q(2)\n q(3)\n r(3)\n r(4)\n r(5)");
}

#[test]
fn an_update_that_is_stopped_leaves_everything_as_it_was() {
    let mut live = Live::new(
        "input edge(a: int, b: int)  rel path(a: int, b: int)  rel longest(n: int)
         path(x, y) :- edge(x, y).
         path(x, z) :- path(x, y), edge(y, z).
         longest(n) :- n = max { b : path(1, b) }.",
    );
    live.edit("a", "edge(1, 2). edge(2, 3).");
    let cancel = Cancel::new();
    cancel.cancel();
    let change = live.change("a", "edge(1, 2). edge(2, 4). edge(4, 5).");
    let options = Options { cancel, ..live.options.clone() };
    assert_eq!(live.evaluation.update(&change, None, &options).map(drop), Err(Error::Cancelled));
    live.check("path(1, 2)\n path(1, 3)\n path(2, 3)\n longest(3)");
    live.evaluation.update(&change, None, &live.options).expect("an update");
    live.check("path(1, 2)\n path(1, 4)\n path(1, 5)\n path(2, 4)\n path(2, 5)\n path(4, 5)\n longest(5)");
}

/// A file that names things on some lines.
fn names(schema: &Arc<[Arc<RelationDecl>]>, file: &str, things: &[(&str, &str, u32)]) -> facts::Batch {
    let mut sink = Sink::new(schema, file);
    for (key, label, line) in things {
        let code = sink.text(key);
        sink.labelled_row(0, &[code], RowPlace { start: line * 10, end: line * 10 + 1, line: *line, column: 1 }, label);
    }
    sink.finish()
}

#[test]
fn labels_and_lines_of_entities_follow() {
    let text = "input thing(t: string)  rel seen(t: string, l: string, n: int)  rel low(t: string)
        seen(t, label(t), line(t)) :- thing(t).
        low(t) :- thing(t), line(t) < 3.";
    let mut live = Live::new(text);
    let mut program = Program::clone(live.evaluation.program());
    let decl = Arc::make_mut(&mut program.relations[0].decl);
    decl.columns[0].key = true;
    decl.columns[0].ty = facts::Type::Entity("Thing".into());
    let schema: Arc<[Arc<RelationDecl>]> = vec![program.relations[0].decl.clone()].into();
    let program = Arc::new(program);
    let edit = |live: &mut Live, file: &str, things: &[(&str, &str, u32)]| {
        let mut change = Change::new();
        change.withdraw_file(file);
        change.add_batch(&schema, names(&schema, file, things));
        live.evaluation.update(&change, Some(&program), &live.options).expect("an update");
    };
    edit(&mut live, "b", &[("k", "the k", 1), ("m", "the m", 2)]);
    live.check("seen(k, the k, 1)\n seen(m, the m, 2)\n low(k)\n low(m)");
    // A line more above: no row is another one, yet places are.
    edit(&mut live, "b", &[("k", "the k", 2), ("m", "the m", 3)]);
    live.check("seen(k, the k, 2)\n seen(m, the m, 3)\n low(k)");
    // A file before it speaks of the thing too.
    edit(&mut live, "a", &[("m", "m itself", 1)]);
    live.check("seen(k, the k, 2)\n seen(m, m itself, 1)\n low(k)\n low(m)");
    edit(&mut live, "a", &[]);
    live.check("seen(k, the k, 2)\n seen(m, the m, 3)\n low(k)");
}
