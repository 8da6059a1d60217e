//! The independent checker: it accepts each proof of random programs, whether their inputs are facts or rows of a database,
//! and refuses proofs that were tampered with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Evaluation, Instance, Limits, Options, PremiseKind, Proof, Reason};
use facts::{Database, Origin, Value};
use ir::{Program, RelId};
use oracle::{Form, Model, check_proof, generate, interpret};

/// Each proof is accepted by the checker that knows the naive model alone, and steps follow its rounds.
pub fn independently(evaluation: &Evaluation, model: &Model, context: &str) {
    let program = evaluation.program();
    let mut steps: BTreeMap<(usize, usize), BTreeSet<u32>> = BTreeMap::new();
    for number in 0..program.relations.len() {
        for row in evaluation.rows(RelId(number as u32)) {
            let proof = evaluation.proof(row);
            oracle::check_proof(program, model, &proof)
                .unwrap_or_else(|error| panic!("{error}\n{proof:#?}\n{context}"));
            let made = model.made[&(row.relation, evaluation.values(row))];
            steps.entry(made.round).or_default().insert(evaluation.step(row));
        }
    }
    // Rounds of one stratum follow each other; a round may be several batches.
    for pair in steps.iter().collect::<Vec<_>>().windows(2) {
        let [((stratum, _), earlier), ((next, _), later)] = pair else { continue };
        assert!(stratum != next || earlier.last() < later.first(), "{steps:?}\n{context}");
    }
}

/// The same, with the facts of inputs as rows of a database.
pub fn over_inputs(program: &Program, model: &Model, context: &str) {
    let mut asked = program.clone();
    let mut database = Database::new();
    let file = database.add_file(&Arc::from("inputs"));
    let is_input = |relation: RelId| program.relation(relation).decl.name.starts_with("in");
    for fact in program.facts.iter().filter(|fact| is_input(fact.relation)) {
        let origin = Origin { file, place: Default::default() };
        database.insert(&program.relation(fact.relation).decl, &fact.row, origin);
    }
    asked.facts.retain(|fact| !is_input(fact.relation));
    let evaluation = engine::evaluate(&Arc::new(asked), database, &Options::default()).expect("an evaluation");
    for (number, rows) in model.rows.iter().enumerate() {
        assert_eq!(evaluation.count(RelId(number as u32)), rows.len(), "{context}");
    }
    independently(&evaluation, model, context);
}

/// What can be done to a proof: nothing where it does not apply.
type Tamper = fn(&mut Proof) -> Option<()>;

const TAMPERINGS: [(&str, Tamper); 9] = [
    ("another value in a row", |proof| {
        let value = proof.nodes[0].values.first_mut()?;
        *value = Value::text("from nowhere");
        Some(())
    }),
    ("a premise of a later step", |proof| {
        let at = premise_of(proof)?;
        proof.nodes[at].step = proof.nodes[0].step;
        Some(())
    }),
    ("a row that rests on itself", |proof| {
        let premise =
            instance(proof)?.premises.iter_mut().find(|premise| matches!(premise.kind, PremiseKind::Row(_)))?;
        premise.kind = PremiseKind::Row(0);
        Some(())
    }),
    ("another value of a variable", |proof| {
        let (_, value) = instance(proof)?.bindings.first_mut()?;
        *value = Value::text("from nowhere");
        Some(())
    }),
    ("a premise left out", |proof| instance(proof)?.premises.pop().map(drop)),
    ("another rule", |proof| {
        instance(proof)?.rule.0 += 1;
        Some(())
    }),
    ("one tuple more in an aggregate", |proof| {
        let mut premises = instance(proof)?.premises.iter_mut();
        premises.find_map(|premise| premise.aggregates.first_mut())?.total += 1;
        Some(())
    }),
    ("another sum", |proof| {
        let mut premises = instance(proof)?.premises.iter_mut();
        premises.find_map(|premise| premise.aggregates.first_mut())?.value = Value::text("from nowhere");
        Some(())
    }),
    ("a derived row for a fact", |proof| {
        let place = instance(proof)?.premises.first()?.place;
        proof.nodes[0].reason = Reason::Fact(place);
        Some(())
    }),
];

/// How the first node comes about.
fn instance(proof: &mut Proof) -> Option<&mut Instance> {
    match &mut proof.nodes[0].reason {
        Reason::Rule(instance) => Some(instance),
        _ => None,
    }
}

/// The node of the first premise of the first node.
fn premise_of(proof: &mut Proof) -> Option<usize> {
    instance(proof)?.premises.iter().find_map(|premise| match premise.kind {
        PremiseKind::Row(number) => Some(number),
        _ => None,
    })
}

#[test]
fn tampered_proofs_are_refused() {
    let mut tried = BTreeMap::new();
    for seed in 0..80 {
        let Ok(program) = ir::read(&generate(seed, Form::Ir)) else { continue };
        let program = Arc::new(program);
        let options = Options { limits: Limits { rows: Some(200), ..Limits::default() }, ..Options::default() };
        let Ok(evaluation) = engine::evaluate(&program, Database::new(), &options) else { continue };
        let model = interpret(&program);
        for row in (0..program.relations.len()).flat_map(|number| evaluation.rows(RelId(number as u32))) {
            for (name, tamper) in TAMPERINGS {
                let mut proof = evaluation.proof(row);
                if tamper(&mut proof).is_some() {
                    assert!(check_proof(&program, &model, &proof).is_err(), "seed {seed}: {name}\n{proof:#?}");
                    *tried.entry(name).or_insert(0) += 1;
                }
            }
        }
    }
    assert_eq!(tried.len(), TAMPERINGS.len(), "{tried:?}");
}
