//! Budgets, cancellation, and programs that were not checked.

use std::sync::Arc;
use std::time::Duration;

use base::Cancel;
use engine::{Error, Limits, Options};
use facts::Database;

fn run(text: &str, options: &Options) -> Result<engine::Evaluation, Error> {
    let program = ir::read(text).unwrap_or_else(|error| panic!("{error}"));
    engine::evaluate(&Arc::new(program), Database::new(), options)
}

const ENDLESS: &str = "rel n(i: int)  rel few(i: int)  few(1). n(0).
    n(i + 1) :- n(i).  n(i + 2) :- n(i), few(_).";

#[test]
fn a_budget_error_names_what_grew_and_who_made_it() {
    for limits in [
        Limits { rows: Some(10_000), ..Limits::default() },
        Limits { memory: Some(1 << 20), ..Limits::default() },
        Limits { time: Some(Duration::from_millis(50)), ..Limits::default() },
    ] {
        let error = run(ENDLESS, &Options { limits, ..Options::default() }).unwrap_err();
        let Error::Budget(over) = error else { panic!("{error}") };
        assert_eq!(&*over.name, "n");
        assert_eq!(over.rules.len(), 2);
        assert!(!over.sample.is_empty() && over.rows > 0);
    }
}

#[test]
fn cancelling_ends_the_evaluation() {
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(run(ENDLESS, &Options { cancel, ..Options::default() }).unwrap_err(), Error::Cancelled);
}

#[test]
fn unchecked_programs_are_refused_not_run() {
    for (text, expected) in [
        ("input p(a: string) rel r(a: string) r(a) :- p(a), a matches \"(\".", "pattern"),
        ("input p(a: string) rel r(a: string) r(a) :- p(a), a like \"{x\".", "pattern"),
        ("input p(a: int) rel r(a: int) r(a) :- p(b), a > b, a = a + 1.", "nothing binds"),
    ] {
        match run(&text.replace("a = a + 1", "not (p(c), a = 1)"), &Options::default()) {
            Err(Error::Program { message, .. }) => assert!(message.contains(expected), "{message}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn evaluations_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<engine::Evaluation>();
}

#[test]
fn time_runs_out_also_where_nothing_is_made() {
    let rows: String = (0..3000).map(|n| format!("n({n}). ")).collect();
    let text = format!("input n(i: int) rel r(i: int) {rows} r(a) :- n(a), n(b), n(c), a + b + c = -1.");
    let limits = Limits { time: Some(Duration::from_millis(100)), ..Limits::default() };
    let error = run(&text, &Options { limits, ..Options::default() }).unwrap_err();
    assert!(matches!(error, Error::Budget(_)), "{error}");
}

#[test]
fn long_operands_are_computed_and_longer_ones_refused() {
    let sum = |terms: usize| {
        format!("input n(i: int) rel r(i: int) n(1). r(x) :- n(a), x = {}.", vec!["a"; terms].join(" + "))
    };
    let evaluation = run(&sum(400), &Options::default()).unwrap();
    let relation = evaluation.program().find("r").unwrap();
    assert!(evaluation.contains(relation, &[facts::Value::Int(400)]));
    assert!(matches!(run(&sum(401), &Options::default()), Err(Error::Program { .. })));
}
