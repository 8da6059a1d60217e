//! Random programs mean the same to the engine and to the naive interpreter; every proof passes the checker.
//!
//! `LAWBOOK_ORACLE=first..last` runs other seeds than the usual ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Error, Evaluation, Limits, MadeBy, Options, Premise, PremiseKind, Proof, Reason, Structures};
use facts::{Database, Value};
use ir::RelId;
use oracle::{Form, RuleFault, generate, interpret};

use crate::checker;

#[test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "which seeds run is not a result")]
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
    let text = generate(seed, Form::Ir);
    let program = match ir::read(&text) {
        Ok(program) => Arc::new(program),
        Err(error) if error.message.contains("recursion through") || error.message.contains("no type") => return None,
        Err(error) => panic!("seed {seed}: {error}\n{text}"),
    };
    let limits = Limits { rows: Some(400), ..Limits::default() };
    // Each choice of data structures in turn, held against another one.
    let structures = |turn: u64| Structures::ALL[((seed + turn) % 3) as usize];
    let threads = (seed / 3 % 3) as usize + 1;
    let options = Options { limits, threads, structures: structures(0), ..Options::default() };
    let evaluation = match engine::evaluate(&program, Database::new(), &options) {
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
    let context = format!("seed {seed}\n{text}");
    proofs(&evaluation, &again(&text, structures(1)), &context);
    checker::independently(&evaluation, &model, &context);
    checker::over_inputs(&program, &model, &context);
    Some((rows, model.faults.len()))
}

/// The program with its facts in the opposite order: rows get other numbers and values other codes.
fn again(text: &str, structures: Structures) -> Evaluation {
    let is_fact = |line: &&str| line.ends_with(").") && !line.contains(":-");
    let (mut facts, others): (Vec<&str>, Vec<&str>) = text.lines().partition(is_fact);
    facts.reverse();
    let program = ir::read(&format!("{}\n{}", others.join("\n"), facts.join("\n"))).expect("the same program");
    let options = Options { structures, ..Options::default() };
    engine::evaluate(&Arc::new(program), Database::new(), &options).expect("an evaluation")
}

/// Each row has a proof that the checker accepts and that does not depend on codes; the rule that made it is seen to make it.
fn proofs(evaluation: &Evaluation, other: &Evaluation, context: &str) {
    let program = evaluation.program();
    for number in 0..program.relations.len() {
        for row in evaluation.rows(RelId(number as u32)) {
            let proof = evaluation.proof(row);
            engine::check(evaluation, &proof).unwrap_or_else(|error| panic!("{error}\n{proof:#?}\n{context}"));
            let values = evaluation.values(row);
            let twin = other.find(row.relation, &values).expect("the same rows");
            assert_eq!(outline(&proof), outline(&other.proof(twin)), "{context}");
            if let MadeBy::Rule(rule) = evaluation.made_by(row) {
                let head: Vec<Option<Value>> = values.into_iter().map(Some).collect();
                let answer = evaluation.why_not(rule, &head);
                assert_eq!(answer.failure, None, "{answer:#?}\n{context}");
            }
        }
    }
}

/// What a proof says, without the numbers of rows and places in the text.
fn outline(proof: &Proof) -> Vec<String> {
    let node = |node: &engine::ProofNode| {
        let mut line = format!("{:?} {:?} @{}", node.row.relation, node.values, node.step);
        if let Reason::Rule(instance) = &node.reason {
            line += &format!(" {:?} {:?}", instance.rule, instance.bindings);
            instance.premises.iter().for_each(|premise| line += &premise_outline(premise));
        }
        line
    };
    proof.nodes.iter().map(node).collect()
}

fn premise_outline(premise: &Premise) -> String {
    let kind = match &premise.kind {
        PremiseKind::Row(number) => format!(" row {number}"),
        PremiseKind::Absent => " absent".to_owned(),
        PremiseKind::Holds => " holds".to_owned(),
        PremiseKind::Branch { branch, premises } => {
            let inner: String = premises.iter().map(premise_outline).collect();
            format!(" branch {branch}({inner})")
        }
    };
    let values: Vec<String> = premise.aggregates.iter().map(|a| format!("{} of {}", a.value, a.total)).collect();
    kind + &values.join(" ")
}
