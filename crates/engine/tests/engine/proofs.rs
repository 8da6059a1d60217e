//! Proofs and why-not, as trees of text. Each proof passes the checker.

use engine::{Evaluation, Premise, PremiseKind, Proof, Reason, RowRef};
use facts::Value;

use crate::door::evaluate;

fn find(evaluation: &Evaluation, relation: &str, row: &[Value]) -> RowRef {
    let relation = evaluation.program().find(relation).expect("a relation of the program");
    evaluation.find(relation, row).expect("a row of the relation")
}

fn numbers(row: &[i64]) -> Vec<Value> {
    row.iter().map(|n| Value::Int(*n)).collect()
}

/// Checks the proof of a row of numbers: a line for each node, indented; nodes shown before are only named.
fn check(text: &str, relation: &str, row: &[i64], expected: &str) {
    let evaluation = evaluate(text);
    let proof = evaluation.proof(find(&evaluation, relation, &numbers(row)));
    engine::check(&evaluation, &proof).unwrap_or_else(|error| panic!("{error}"));
    let mut out = String::new();
    show(&evaluation, &proof, 0, 0, &mut Vec::new(), text, &mut out);
    let lines = |text: &str| -> Vec<String> {
        let margin =
            text.lines().filter(|l| !l.trim().is_empty()).map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| line[margin..].to_owned()).collect()
    };
    assert_eq!(lines(&out), lines(expected), "\n{out}");
}

fn show(
    evaluation: &Evaluation,
    proof: &Proof,
    number: usize,
    depth: usize,
    seen: &mut Vec<usize>,
    text: &str,
    out: &mut String,
) {
    let node = &proof.nodes[number];
    let values: Vec<String> = node.values.iter().map(Value::to_string).collect();
    let name = &evaluation.program().relation(node.row.relation).decl.name;
    let pad = "  ".repeat(depth);
    let again = if seen.contains(&number) { " again" } else { "" };
    out.push_str(&format!("{pad}{name}({}) @{}{again}\n", values.join(", "), node.step));
    if let (Reason::Rule(instance), "") = (&node.reason, again) {
        seen.push(number);
        for premise in &instance.premises {
            premise_lines(evaluation, proof, premise, depth + 1, seen, text, out);
        }
    }
}

fn premise_lines(
    evaluation: &Evaluation,
    proof: &Proof,
    premise: &Premise,
    depth: usize,
    seen: &mut Vec<usize>,
    text: &str,
    out: &mut String,
) {
    let pad = "  ".repeat(depth);
    match &premise.kind {
        PremiseKind::Row(number) => show(evaluation, proof, *number, depth, seen, text, out),
        PremiseKind::Absent | PremiseKind::Holds => {
            out.push_str(&format!("{pad}{}\n", &text[premise.place.span.range()]));
        }
        PremiseKind::Branch { branch, premises } => {
            out.push_str(&format!("{pad}branch {branch}\n"));
            premises.iter().for_each(|p| premise_lines(evaluation, proof, p, depth + 1, seen, text, out));
        }
    }
    for aggregate in &premise.aggregates {
        let tuples: Vec<String> = aggregate
            .tuples
            .iter()
            .map(|ranged| {
                format!("{:?}/{}", ranged.tuple.iter().map(Value::to_string).collect::<Vec<_>>(), ranged.rows.len())
            })
            .collect();
        out.push_str(&format!("{pad}  = {} of {}: {}\n", aggregate.value, aggregate.total, tuples.join(" ")));
    }
}

const PATHS: &str = "input edge(a: int, b: int)  rel path(a: int, b: int)
    edge(1, 3). edge(3, 4). edge(1, 2). edge(2, 4). edge(4, 5). edge(1, 1).
    path(x, y) :- edge(x, y).
    path(x, z) :- path(x, y), edge(y, z).";

#[test]
fn proofs_are_minimal_in_rounds_and_ties_go_by_value() {
    // Both 1-2-4 and 1-3-4 take two rounds; 2 comes first. The loop at 1 would take longer.
    check(
        PATHS,
        "path",
        &[1, 5],
        "
         path(1, 5) @3
           path(1, 4) @2
             path(1, 2) @1
               edge(1, 2) @0
             edge(2, 4) @0
           edge(4, 5) @0",
    );
    check(PATHS, "path", &[1, 1], "path(1, 1) @1\n  edge(1, 1) @0");
}

#[test]
fn the_first_rule_of_a_round_is_the_maker() {
    check(
        "input a(x: int)  input b(x: int)  rel r(x: int)  a(1). b(1). a(2). r(2).
         r(x) :- b(x).
         r(x) :- a(x).",
        "r",
        &[1],
        "r(1) @1\n  b(1) @0",
    );
    check("input a(x: int)  rel r(x: int)  a(2). r(2).  r(x) :- a(x).", "r", &[2], "r(2) @0");
}

#[test]
fn every_kind_of_literal_has_its_premise() {
    check(
        "input p(x: int, y: int?)  rel q(x: int)  rel r(x: int, n: int)
         p(1, 5). p(1, 6). p(2, none). p(3, 5).
         q(x) :- p(x, _).
         r(x, n) :- q(x), n = count { y : p(x, y) }, not (p(x, none)), (x > 7 or q(w), w > x), x in [1, 3].",
        "r",
        &[1, 2],
        "
         r(1, 2) @2
           q(1) @1
             p(1, 5) @0
           n = count { y : p(x, y) }
             = 2 of 2: [\"5\"]/1 [\"6\"]/1
           not (p(x, none))
           branch 1
             q(2) @1
               p(2, none) @0
             w > x
           x in [1, 3]",
    );
}

#[test]
fn shared_premises_stand_once() {
    check(
        "input p(x: int)  rel q(x: int)  rel r(x: int)  p(1).
         q(x) :- p(x).
         r(x) :- q(x), q(y), x = y.",
        "r",
        &[1],
        "
         r(1) @2
           q(1) @1
             p(1) @0
           q(1) @1 again
           x = y",
    );
}

#[test]
fn a_chain_of_many_steps_needs_no_deep_stack() {
    let steps = 100_000;
    let evaluation = evaluate(&format!("rel n(i: int)  n(0).  n(i + 1) :- n(i), i < {steps}."));
    let proof = evaluation.proof(find(&evaluation, "n", &numbers(&[steps])));
    assert_eq!(proof.nodes.len(), steps as usize + 1);
    engine::check(&evaluation, &proof).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_checker_refuses_what_does_not_follow() {
    let evaluation = evaluate(PATHS);
    let proof = evaluation.proof(find(&evaluation, "path", &numbers(&[1, 5])));
    type Tamper<'a> = (&'a str, &'a dyn Fn(&mut Proof));
    let tampered: [Tamper; 5] = [
        ("another row", &|proof| proof.nodes[0].values[1] = Value::Int(6)),
        ("not there yet", &|proof| proof.nodes[0].step = 2),
        ("one premise for each", &|proof| {
            if let Reason::Rule(instance) = &mut proof.nodes[0].reason {
                instance.premises.pop();
            }
        }),
        ("no such fact", &|proof| proof.nodes.last_mut().unwrap().values[0] = Value::Int(9)),
        ("does not match", &|proof| {
            let last = proof.nodes.len() - 1;
            if let Reason::Rule(instance) = &mut proof.nodes[0].reason {
                instance.premises[1].kind = PremiseKind::Row(last);
            }
        }),
    ];
    for (message, tamper) in tampered {
        let mut proof = proof.clone();
        tamper(&mut proof);
        let error = engine::check(&evaluation, &proof).unwrap_err();
        assert!(error.message.contains(message) || error.message.contains("does not match"), "{message}: {error}");
    }
}
