//! The one door: a program with its facts goes in, the rows of its derived relations and its faults come out as text.

use std::fmt::Write;
use std::sync::Arc;

use engine::{Evaluation, Options};
use facts::{Database, Value};
use ir::{RelId, RelationKind};

/// Evaluates a program. Its facts stand in the text, for input relations too.
pub fn evaluate(text: &str) -> Evaluation {
    let program = ir::read(text).unwrap_or_else(|error| panic!("{error}"));
    engine::evaluate(&Arc::new(program), Database::new(), &Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Checks the rows that rules make, in the order of relations and values, one a line, and the faults behind them.
pub fn check(text: &str, expected: &str) {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let evaluation = evaluate(text);
    let found = show(&evaluation, text);
    assert_eq!(lines(&found), lines(expected), "\nprogram:\n{text}\nfound:\n{found}");
}

/// The rows and faults of an evaluation.
pub fn show(evaluation: &Evaluation, text: &str) -> String {
    let program = evaluation.program();
    let mut out = String::new();
    for (number, relation) in program.relations.iter().enumerate() {
        if relation.kind == RelationKind::Derived {
            for (_, values) in evaluation.sorted(RelId(number as u32)) {
                writeln!(out, "{}({})", relation.decl.name, join(&values)).unwrap();
            }
        }
    }
    for faults in evaluation.faults() {
        let rule = program.rule(faults.rule);
        for fault in &faults.kept {
            let values: Vec<String> =
                fault.values.iter().map(|(id, value)| format!("{}={value}", rule.variable(*id).name)).collect();
            let place = &text[fault.place.span.range()];
            let place = if fault.place == rule.place { "head" } else { place };
            writeln!(out, "fault [{}] {} at {place}", values.join(" "), fault.message).unwrap();
        }
        if faults.count > faults.kept.len() as u64 {
            writeln!(out, "faults {}", faults.count).unwrap();
        }
    }
    out
}

fn join(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}
