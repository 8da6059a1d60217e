//! Random programs mean the same to the engine and to the naive interpreter; every proof passes the checker.
//!
//! `LAWBOOK_ORACLE=first..last` runs other seeds than the usual ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Error, Limits, Options};
use facts::Database;
use ir::RelId;
use oracle::{RuleFault, generate, interpret};

#[test]
fn random_programs_mean_the_same() {
    let range = std::env::var("LAWBOOK_ORACLE").unwrap_or_else(|_| "0..600".to_owned());
    let (first, last) = range.split_once("..").expect("a range such as 0..1000");
    let (mut run, mut faults, mut rows) = (0, 0, 0);
    for seed in first.parse::<u64>().expect("a number")..last.parse::<u64>().expect("a number") {
        if let Some((more_rows, more_faults)) = compare(seed) {
            run += 1;
            rows += more_rows;
            faults += more_faults;
        }
    }
    println!("{run} programs, {rows} rows, {faults} faults");
    assert!(run > 0);
}

/// Compares both meanings of a seed's program; nothing where it grows without bound.
fn compare(seed: u64) -> Option<(usize, usize)> {
    let text = generate(seed);
    let program = match ir::read(&text) {
        Ok(program) => Arc::new(program),
        Err(error) if error.message.contains("recursion through") || error.message.contains("no type") => return None,
        Err(error) => panic!("seed {seed}: {error}\n{text}"),
    };
    let limits = Limits { rows: Some(400), ..Limits::default() };
    let evaluation = match engine::evaluate(&program, Database::new(), &Options { limits, ..Options::default() }) {
        Ok(evaluation) => evaluation,
        Err(Error::Budget(_)) => return None,
        Err(error) => panic!("seed {seed}: {error}\n{text}"),
    };
    let model = interpret(&program);
    let mut rows = 0;
    for (number, expected) in model.rows.iter().enumerate() {
        let relation = RelId(number as u32);
        let found: BTreeSet<_> = evaluation.sorted(relation).map(|(_, row)| row).collect();
        let name = &program.relation(relation).decl.name;
        assert_eq!(found, *expected, "seed {seed}: rows of `{name}`\n{text}");
        assert_eq!(evaluation.count(relation), expected.len(), "seed {seed}: count of `{name}`\n{text}");
        rows += expected.len();
    }
    let mut found = BTreeSet::new();
    for faults in evaluation.faults() {
        assert_eq!(
            faults.count,
            model.faults.iter().filter(|fault| fault.rule == faults.rule).count() as u64,
            "seed {seed}: {:#?}\n{:#?}\n{text}",
            faults,
            model.faults
        );
        for fault in &faults.kept {
            let (values, message) = (fault.values.clone(), fault.message.clone());
            found.insert(RuleFault { rule: faults.rule, values, place: fault.place, message });
        }
    }
    let missing = model.faults.iter().any(|fault| !found.iter().any(|other| other.rule == fault.rule));
    assert!(
        found.is_subset(&model.faults) && !missing,
        "seed {seed}: {found:#?}\nexpected {:#?}\n{text}",
        model.faults
    );
    for number in 0..program.relations.len() {
        for row in evaluation.rows(RelId(number as u32)) {
            let proof = evaluation.proof(row);
            engine::check(&evaluation, &proof)
                .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{proof:#?}\n{text}"));
        }
    }
    Some((rows, model.faults.len()))
}
