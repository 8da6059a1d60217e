//! Why rules do not make rows: each literal of the longest part with what became of it.

use engine::{Came, Evaluation, Failed, Failure, HeadGives, Pattern, RowRef, WhyNot};
use facts::Value;
use ir::RelId;

use crate::door::evaluate;

/// Checks what is told of the row: for each rule of its relation and each way through it one line; `+` holds, `-` fails,
/// `?` waits.
#[track_caller]
fn check(text: &str, relation: &str, row: &[Option<i64>], expected: &str) {
    let evaluation = evaluate(text);
    let head: Vec<Option<Value>> = row.iter().map(|n| n.map(Value::Int)).collect();
    let found = show(&evaluation, relation, &Pattern::of(&head));
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&found), lines(expected), "\n{text}\n{found}");
}

fn show(evaluation: &Evaluation, relation: &str, pattern: &Pattern) -> String {
    let program = evaluation.program();
    let relation: RelId = program.find(relation).expect("a relation of the program");
    let rules = program.rules().filter(|(_, rule)| rule.head == relation);
    let ways = rules.flat_map(|(id, _)| evaluation.why_not_all(id, pattern));
    ways.map(|way| line(evaluation, &way) + "\n").collect()
}

fn line(evaluation: &Evaluation, way: &WhyNot) -> String {
    let mut parts: Vec<String> = Vec::new();
    for step in &way.steps {
        parts.push(match &step.came {
            Came::Holds(_) => format!("+ {}", step.text),
            Came::Fails(failure) => format!("- {} {}", step.text, why(evaluation, failure)),
            Came::Waits(_) => format!("? {}", step.text),
        });
    }
    match &way.failure {
        None => parts.push("made".to_owned()),
        Some(Failed::Head(columns)) => {
            let columns = columns.iter().map(|(at, gives)| match gives {
                HeadGives::Value(value) => format!("{at}: {value}"),
                HeadGives::SameAs(other) => format!("{at} as {other}"),
                HeadGives::Nothing => format!("{at}: nothing"),
            });
            parts.push(format!("head {}", columns.collect::<Vec<_>>().join(", ")));
        }
        Some(Failed::Step(_)) => {}
    }
    if way.cut {
        parts.push("cut".to_owned());
    }
    parts.join("; ")
}

fn why(evaluation: &Evaluation, failure: &Failure) -> String {
    let row = |row: RowRef| {
        let values: Vec<String> = evaluation.values(row).iter().map(Value::to_string).collect();
        values.join(",")
    };
    match failure {
        Failure::NoRow { nearest, .. } => {
            let rows = nearest.rows.iter().map(|near| format!("{} differs {:?}", row(near.row), near.differs));
            format!("[{} of {} rows]", rows.collect::<Vec<_>>().join(" "), nearest.total)
        }
        Failure::Stands { rows } => format!("[stands {}]", rows.iter().map(|r| row(*r)).collect::<Vec<_>>().join(" ")),
        Failure::Test { left, right, aggregates } => {
            let right = right.as_ref().map_or(String::new(), |right| format!(", {right}"));
            let over = aggregates.iter().map(|aggregate| format!(" over {}", aggregate.total));
            format!("[{left}{right}{}]", over.collect::<String>())
        }
        Failure::NoValue(text) => format!("[{text} has no value]"),
        Failure::Fault(message) => format!("[{message}]"),
    }
}

const TEXT: &str = "input p(x: int, y: int)  input q(y: int, z: int)  rel r(x: int, z: int)  rel k(x: int, s: int)
    p(1, 2). p(1, 3). p(4, 9). q(2, 0). q(3, 8). q(5, 7).
    r(x, z) :- p(x, y), q(y, z), z > 5, not (q(z, _)).
    k(x + 1, 2) :- p(x, y), y > 1.";

#[test]
fn the_longest_part_is_told_with_what_fails() {
    check(TEXT, "r", &[Some(1), None], "+ p(1, 3); + q(3, 8); + 8 > 5; + not (q(8, _)); made");
    check(TEXT, "r", &[Some(1), Some(0)], "+ p(1, 2); + q(2, 0); - 0 > 5 [0, 5]; + not (q(0, _))");
    check(TEXT, "r", &[Some(4), Some(8)], "+ p(4, 9); - q(9, 8) [3,8 differs [0] of 3 rows]; + 8 > 5; + not (q(8, _))");
    check(TEXT, "r", &[Some(4), None], "+ p(4, 9); - q(9, z) [ of 3 rows]; ? z > 5; ? not (q(z, _))");
}

#[test]
fn literals_are_tried_in_any_order() {
    // Rows of `q` have nothing to do with 7, so that no row of `p` leads to them.
    check(TEXT, "r", &[Some(7), None], "- p(7, y) [ of 3 rows]; ? q(y, z); ? z > 5; ? not (q(z, _))");
    let text = "input a(x: int)  input b(x: int, y: int)  input c(y: int)  rel r(x: int)
        a(1). b(1, 5). c(6). c(7).
        r(x) :- a(x), b(x, y), y in [6, 7], c(y).";
    check(text, "r", &[Some(1)], "+ a(1); - b(1, 6) [1,5 differs [1] of 1 rows]; + 6 in [6, 7]; + c(6)");
}

#[test]
fn heads_that_never_come_to_the_row_are_told() {
    check(TEXT, "k", &[Some(5), Some(3)], "head 1: 2");
    check(TEXT, "k", &[Some(9), Some(2)], "+ p(1, 2); + 2 > 1; head 0: 2");
    let text = "input p(x: int)  rel r(x: int, y: int)  p(1).  r(x, x) :- p(x).";
    check(text, "r", &[Some(1), Some(2)], "head 1 as 0");
}

#[test]
fn several_failures_are_told_together() {
    let text = "input p(x: int, y: int)  rel r(x: int)  p(1, 2). p(1, 3).
        r(x) :- p(x, y), y > 5, y < 0, y != 3.";
    check(text, "r", &[Some(1)], "+ p(1, 2); - 2 > 5 [2, 5]; - 2 < 0 [2, 0]; + 2 != 3");
}

#[test]
fn each_branch_is_looked_at() {
    let text = "input p(x: int)  input q(x: int)  rel r(x: int)  p(1). q(2).
        r(x) :- (p(x), x > 3 or q(x)), x < 9.
        r(x) :- q(y), x = y + 5.";
    check(
        text,
        "r",
        &[Some(1)],
        "+ p(1); - 1 > 3 [1, 3]; + 1 < 9
         - q(1) [ of 1 rows]; + 1 < 9
         + q(2); - 1 = (2 + 5) [1, 7]",
    );
}

#[test]
fn what_stands_in_the_way_is_shown() {
    let text = "input p(x: int)  input q(x: int, y: int)  rel r(x: int)  p(1). q(1, 8). q(1, 7). q(2, 7).
        r(x) :- p(x), not (q(x, y), y > 6).";
    check(text, "r", &[Some(1)], "+ p(1); - not (q(1, y), y > 6) [stands 1,7]");
}

#[test]
fn aggregates_and_faults_are_shown() {
    let text = "input p(x: int, y: int)  rel r(x: int)  rel d(x: int)  p(1, 8). p(1, 7). p(2, 7).
        r(x) :- p(x, _), count { y : p(x, y) } > 2.
        d(x) :- p(x, y), 10 / (y - 7) > 0.";
    check(text, "r", &[Some(1)], "+ p(1, _); - count { y : p(1, y) } > 2 [2, 2 over 2]");
    check(text, "d", &[Some(2)], "+ p(2, 7); - (10 / (7 - 7)) > 0 [division by zero: 10 / 0]");
}

#[test]
fn nearly_equal_texts_come_near() {
    let text = "input v(name: string, signed: bool)  rel r(n: string)
        v(\"OpenAI\", false). v(\"Acme\", true). v(\"anthropic\", true).
        r(n) :- v(n, true).";
    let evaluation = evaluate(text);
    let found = |name: &str| show(&evaluation, "r", &Pattern::of(&[Some(Value::text(name))]));
    assert_eq!(
        found("Anthropic"),
        "- v(\"Anthropic\", true) [anthropic,true differs [0] Acme,true differs [0] of 3 rows]\n"
    );
    assert_eq!(
        found("OpenAI"),
        "- v(\"OpenAI\", true) [Acme,true differs [0] OpenAI,false differs [1] anthropic,true differs [0] of 3 rows]\n"
    );
}

#[test]
fn wide_searches_end() {
    let rows: String = (0..60).map(|n| format!("p({n}). ")).collect();
    let text = format!(
        "input p(x: int)  rel r(x: int)  {rows}
        r(x) :- p(x), p(y), p(z), x + y + z > 5000."
    );
    let evaluation = evaluate(&text);
    let found = show(&evaluation, "r", &Pattern::any(1));
    assert!(found.ends_with("; cut\n") && found.contains("- ("), "{found}");
}

#[test]
fn other_numbers_are_other_things_and_agreement_goes_first() {
    let text = "input v(name: string, team: string)  rel r(n: string, t: string)
        v(\"host-1\", \"ops-5\"). v(\"host-12\", \"opps\"). v(\"Acme, Inc.\", \"lab\").
        r(n, t) :- v(n, t).";
    let evaluation = evaluate(text);
    let found = |name: &str, team: &str| {
        let pattern = Pattern::of(&[Some(Value::text(name)), Some(Value::text(team))]);
        show(&evaluation, "r", &pattern).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("host-2", "x"), ["- v(\"host-2\", \"x\") [ of 3 rows]"]);
    assert_eq!(
        found("host-1", "ops"),
        ["- v(\"host-1\", \"ops\") [host-1,ops-5 differs [1] host-12,opps differs [0, 1] of 3 rows]"]
    );
    assert_eq!(found("Acme", "ops-9"), ["- v(\"Acme\", \"ops-9\") [Acme, Inc.,lab differs [0, 1] of 3 rows]"]);
}

#[test]
fn a_branch_that_makes_the_row_is_not_one_that_comes_to_another() {
    check(
        "input p(a: int)  input q(a: int)  rel r(a: int)  p(1). q(2).
         r(x + 0) :- (p(x) or q(x)).",
        "r",
        &[Some(2)],
        "+ p(1); head 0: 1
         + q(2); made",
    );
}
