//! What the literals of a rule did, one a line.

use std::sync::Arc;

use engine::{LiteralCoverage, Options, RuleCoverage, Within, evaluate};
use ir::RuleId;

/// One line for each literal of the last rule: its text and what it did.
fn check(text: &str, expected: &str) {
    let program = ir::read(text).unwrap_or_else(|error| panic!("{error}"));
    let rule = RuleId(program.rules.len() as u32 - 1);
    let evaluation = evaluate(&Arc::new(program), facts::Database::new(), &Options::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let found = show(text, &evaluation.coverage(rule));
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&found), lines(expected), "\n{found}");
}

fn show(text: &str, coverage: &RuleCoverage) -> String {
    let mut out = String::new();
    for literal in &coverage.literals {
        let within = match literal.within {
            Within::Body => String::new(),
            Within::Branch(at) => format!("branch {at}: "),
            Within::Not => "not: ".to_owned(),
            Within::Aggregate => "aggregate: ".to_owned(),
        };
        let did = match (literal.reached, literal.held, literal.failed) {
            (false, ..) => "not reached",
            (_, true, true) => "both",
            (_, true, false) => "always",
            (_, false, _) => "never",
        };
        let lists = if literal.filters { "" } else { ", cannot fail" };
        let empty = if literal.empty { ", no rows" } else { "" };
        out.push_str(&format!("{within}{} | {did}{lists}{empty}\n", &text[literal.place.span.range()]));
    }
    out.push_str(if coverage.fired { "fired" } else { "silent" });
    out
}

const SERVERS: &str = "input server(h: string, age: int, owner: string?)\ninput exempt(h: string)\n\
    input gone(h: string)\nserver(\"web\", 10, \"ann\").\nserver(\"db\", 100, none).\nserver(\"old\", 200, \"bob\").\n\
    exempt(\"db\").\nrel late(h: string)\n";

#[test]
fn literals_hold_and_fail_in_the_order_of_the_text() {
    check(
        &format!("{SERVERS}late(h) :- server(h, d, _), d > 90, not exempt(h), h != \"x\"."),
        "server(h, d, _) | always, cannot fail
         d > 90 | both
         not exempt(h) | both
         h != \"x\" | always
         fired",
    );
}

#[test]
fn what_takes_all_away_hides_what_comes_after() {
    check(
        &format!("{SERVERS}late(h) :- server(h, d, _), d > 900, gone(h), d < 9."),
        "server(h, d, _) | always, cannot fail
         d > 900 | never
         gone(h) | not reached, no rows
         d < 9 | not reached
         silent",
    );
}

#[test]
fn tests_wait_for_what_binds_their_variables() {
    check(
        &format!("{SERVERS}late(h) :- e > 9, e = d / 10, server(h, d, _), exempt(h)."),
        "e > 9 | both
         e = d / 10 | always, cannot fail
         server(h, d, _) | always, cannot fail
         exempt(h) | both
         fired",
    );
}

#[test]
fn an_atom_that_nothing_joins_is_asked_of_its_rows() {
    check(
        &format!("{SERVERS}late(h) :- server(h, _, none), server(_, _, o), server(\"web\", _, o)."),
        "server(h, _, none) | both
         server(_, _, o) | both
         server(\"web\", _, o) | both
         fired",
    );
    check(
        &format!("{SERVERS}late(h) :- exempt(\"db\"), server(h, _, _), gone(h)."),
        "exempt(\"db\") | always
         server(h, _, _) | always, cannot fail
         gone(h) | never, no rows
         silent",
    );
}

#[test]
fn to_look_up_an_entity_is_no_condition() {
    let text = "input call(key c: Call, f: Call?)\nrel asks(c: Call)\nrel b(c: Call)\ncall(\"x\", \"y\").\n\
        call(\"z\", none).\nasks(c) :- call(c, _).\n";
    check(
        &format!("{text}b(c) :- asks(c), call(c, _), call(c, f), f = \"y\"."),
        "asks(c) | always, cannot fail
         call(c, _) | always, cannot fail
         call(c, f) | both
         f = \"y\" | always
         fired",
    );
}

#[test]
fn branches_and_bodies_inside_are_told_apart() {
    check(
        &format!("{SERVERS}late(h) :- server(h, d, _), (d > 150 or exempt(h), d > 1), not (gone(h), d = 10)."),
        "server(h, d, _) | always, cannot fail
         branch 0: d > 150 | both
         branch 1: exempt(h) | both
         branch 1: d > 1 | always
         not (gone(h), d = 10) | always
         not: gone(h) | never, no rows
         not: d = 10 | not reached
         fired",
    );
}

#[test]
fn aggregates_are_looked_into_for_each_group() {
    check(
        &format!("{SERVERS}late(h) :- server(h, d, _), n = count {{ o : server(o, e, _), e > d, exempt(o) }}, n >= 1."),
        "server(h, d, _) | always, cannot fail
         n = count { o : server(o, e, _), e > d, exempt(o) } | always, cannot fail
         aggregate: server(o, e, _) | always, cannot fail
         aggregate: e > d | both
         aggregate: exempt(o) | both
         n >= 1 | both
         fired",
    );
}

#[test]
fn several_evaluations_add_up() {
    let coverage = |facts: &str| {
        let text = format!("input a(x: int)\nrel b(x: int)\n{facts}\nb(x) :- a(x), x > 1.");
        let program = Arc::new(ir::read(&text).unwrap_or_else(|error| panic!("{error}")));
        let evaluation = evaluate(&program, facts::Database::new(), &Options::default());
        evaluation.unwrap_or_else(|error| panic!("{error}")).coverage(RuleId(0))
    };
    let mut all = coverage("");
    assert!(all.literals[0].empty && !all.literals[1].reached);
    all.absorb(&coverage("a(1)."));
    assert!(!all.fired && !all.literals[0].empty && !all.literals[1].covered());
    all.absorb(&coverage("a(2)."));
    assert!(all.fired && all.literals.iter().skip(1).all(LiteralCoverage::covered));
    // With no row at all it failed once, and held later.
    assert!(all.literals[0].covered());
}
