//! A checker of proofs that shares nothing with the engine: each step is held against the rows that the naive interpreter
//! found, each `not` and aggregate is computed anew over them, and rounds are those of the naive model.

use std::collections::BTreeSet;

use base::Place;
use engine::{AggregateProof, Instance, Premise, PremiseKind, Proof, ProofNode, Reason};
use facts::Value;
use ir::{Aggregate, Arg, Body, Expr, ExprKind, Literal, LiteralKind, Program};

use crate::interpret::{Env, Made, Model, Reader, widen};
use crate::operand::Outcome;

/// Whether a proof proves its first node: leaves are facts or input rows, each other node is an instance of the rule that
/// makes it first, over nodes of earlier steps, and no proof of fewer rounds is possible. The error names the node.
pub fn check_proof(program: &Program, model: &Model, proof: &Proof) -> Result<(), String> {
    check_nodes(program, model, proof, true)?;
    least(program, model, proof)
}

/// Whether a proof proves its first node, by whatever rule and in however many rounds: proofs after an update are valid, and may
/// be others than those of a fresh evaluation.
pub fn check_valid(program: &Program, model: &Model, proof: &Proof) -> Result<(), String> {
    check_nodes(program, model, proof, false)
}

fn check_nodes(program: &Program, model: &Model, proof: &Proof, first: bool) -> Result<(), String> {
    ensure(!proof.nodes.is_empty(), "it proves nothing")?;
    for (number, node) in proof.nodes.iter().enumerate() {
        let checker = Checker { program, model, proof, node, first };
        checker.node().map_err(|reason| format!("node {number}: {reason}"))?;
    }
    Ok(())
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

struct Checker<'a> {
    program: &'a Program,
    model: &'a Model,
    proof: &'a Proof,
    node: &'a ProofNode,
    /// Whether rows must be made by the rule, and in the round, that make them first.
    first: bool,
}

impl<'a> Checker<'a> {
    fn node(&self) -> Result<(), String> {
        let ProofNode { row, values, step, reason } = self.node;
        let made = self.made(self.node).ok_or("there is no such row")?;
        match reason {
            Reason::Input(origins) => {
                ensure(!origins.is_empty(), "an input row has no place")?;
                ensure(made.rule.is_none() && *step == 0, "a derived row is no input")
            }
            Reason::Fact(place) => {
                let is_it = |fact: &ir::Fact| (fact.relation, fact.place, &fact.row) == (row.relation, *place, values);
                ensure(self.program.facts.iter().any(is_it) && *step == 0, "no such fact is stated")
            }
            Reason::Rule(instance) => {
                let right = if self.first { made.rule == Some(instance.rule) } else { made.rule.is_some() };
                ensure(right, "an earlier rule, or a fact, makes it in its round")?;
                self.instance(instance)
            }
        }
    }

    fn made(&self, node: &ProofNode) -> Option<Made> {
        self.model.made.get(&(node.row.relation, node.values.clone())).copied()
    }

    fn instance(&self, instance: &'a Instance) -> Result<(), String> {
        let reader = Reader::new(self.program, instance.rule, self.model);
        ensure(reader.rule.head == self.node.row.relation, "its rule makes rows of another relation")?;
        let mut env: Env = vec![None; reader.rule.variables.len()];
        for (variable, value) in &instance.bindings {
            *env.get_mut(variable.0 as usize).ok_or("there is no such variable")? = Some(value.clone());
        }
        let columns = &self.program.relation(reader.rule.head).decl.columns;
        ensure(reader.rule.args.len() == self.node.values.len(), "the row has another width than the head")?;
        for ((arg, value), column) in reader.rule.args.iter().zip(&self.node.values).zip(columns) {
            let found = match reader.operand(arg, &env) {
                Outcome::Value(found) => widen(found, &column.ty),
                _ => return Err("an argument of the head has no value".to_owned()),
            };
            ensure(found == *value, "the head comes to another row")?;
        }
        self.body(&reader, &reader.rule.body, &instance.premises, &env)?;
        let args: Vec<&Expr> = reader.rule.args.iter().collect();
        aggregates(&reader, &args, &instance.aggregates, &env)
    }

    fn body(&self, reader: &Reader<'a>, body: &'a Body, premises: &[Premise], env: &Env) -> Result<(), String> {
        let places: Vec<Place> = body.iter().map(|literal| literal.place).collect();
        let named: Vec<Place> = premises.iter().map(|premise| premise.place).collect();
        ensure(places == named, "the premises are not those of the body, in its order")?;
        for (literal, premise) in body.iter().zip(premises) {
            self.premise(reader, literal, premise, env)?;
            let mut operands = Vec::new();
            literal.each_operand(&mut |operand| operands.push(operand));
            aggregates(reader, &operands, &premise.aggregates, env)?;
        }
        Ok(())
    }

    fn premise(&self, reader: &Reader<'a>, literal: &'a Literal, premise: &Premise, env: &Env) -> Result<(), String> {
        match (&literal.kind, &premise.kind) {
            (LiteralKind::Atom(atom), PremiseKind::Row(number)) => {
                let node = self.proof.nodes.get(*number).ok_or("a premise names no node")?;
                ensure(node.row.relation == atom.relation, "a premise is of another relation")?;
                ensure(node.step < self.node.step, "a premise was not there yet")?;
                let (premise, own) =
                    (self.made(node).map(|made| made.round), self.made(self.node).map(|made| made.round));
                ensure(premise.is_some(), "a premise is no row")?;
                ensure(!self.first || premise < own, "a premise is of a round that is not earlier")?;
                self.matches(reader, &atom.args, node, env)
            }
            (LiteralKind::Not(body), PremiseKind::Absent) => {
                ensure(reader.ends(body, env, false).is_empty(), "what shall be absent is there")
            }
            (LiteralKind::Or(branches), PremiseKind::Branch { branch, premises }) => {
                let body = branches.get(*branch).ok_or("there is no such branch")?;
                self.body(reader, body, premises, env)
            }
            (LiteralKind::Atom(_) | LiteralKind::Not(_) | LiteralKind::Or(_), _) => {
                Err("a premise is of another kind than its literal".to_owned())
            }
            (_, PremiseKind::Holds) => {
                let (found, _) = reader.literal(literal, env);
                ensure(found.contains(env), "a condition does not hold")
            }
            _ => Err("a premise is of another kind than its literal".to_owned()),
        }
    }

    fn matches(&self, reader: &Reader<'a>, args: &'a [Arg], node: &ProofNode, env: &Env) -> Result<(), String> {
        let values = reader.args(args, env).map_err(|_| "an argument of an atom has no value")?;
        let found = reader.row(args, node.row.relation, &values, &node.values, env);
        ensure(found.as_ref() == Some(env), "a premise does not match its atom")
    }
}

/// Whether the first node's premises are the first, by value, of all from which its rule could have made it in its round.
/// Rules with an `or` are left to the comparison of proofs between runs.
fn least(program: &Program, model: &Model, proof: &Proof) -> Result<(), String> {
    let Reason::Rule(instance) = &proof.nodes[0].reason else { return Ok(()) };
    let ProofNode { row, values, .. } = &proof.nodes[0];
    let made = model.made[&(row.relation, values.clone())];
    let earlier = Model { rows: rows_before(program, model, made.round), ..Model::default() };
    let reader = Reader::new(program, instance.rule, &earlier);
    let body = &reader.rule.body;
    if body.iter().any(|literal| matches!(literal.kind, LiteralKind::Or(_))) {
        return Ok(());
    }
    let columns = &program.relation(row.relation).decl.columns;
    let makes_it = |env: &Env| {
        reader.rule.args.iter().zip(values).zip(columns).all(|((arg, value), column)| {
            matches!(reader.operand(arg, env), Outcome::Value(found) if widen(found.clone(), &column.ty) == *value)
        })
    };
    let rows_of = |env: &Env| -> Option<Vec<Vec<Value>>> {
        let atoms = body.iter().filter_map(|literal| match &literal.kind {
            LiteralKind::Atom(atom) => Some(atom),
            _ => None,
        });
        atoms.map(|atom| reader.least_row(atom, env)).collect()
    };
    let ends = reader.ends(body, &vec![None; reader.rule.variables.len()], false);
    let least = ends.iter().filter(|end| makes_it(&end.env)).filter_map(|end| rows_of(&end.env)).min();
    let shown: Vec<Vec<Value>> = instance
        .premises
        .iter()
        .filter_map(|premise| match premise.kind {
            PremiseKind::Row(number) => Some(proof.nodes[number].values.clone()),
            _ => None,
        })
        .collect();
    ensure(least.as_ref() == Some(&shown), "other premises come first by value")
}

/// The rows that are there when a round begins.
fn rows_before(program: &Program, model: &Model, round: (usize, usize)) -> Vec<BTreeSet<Vec<Value>>> {
    let mut rows = vec![BTreeSet::new(); program.relations.len()];
    for ((relation, row), made) in &model.made {
        if made.round < round || made.rule.is_none() {
            rows[relation.0 as usize].insert(row.clone());
        }
    }
    rows
}

/// Whether the aggregates of some operands range over what the proof says and come to its values.
fn aggregates<'a>(
    reader: &Reader<'a>,
    operands: &[&'a Expr],
    proofs: &[AggregateProof],
    env: &Env,
) -> Result<(), String> {
    let mut found = Vec::new();
    operands.iter().for_each(|operand| outermost(operand, &mut found));
    ensure(found.len() == proofs.len(), "it has not one part for each aggregate")?;
    for ((expr, aggregate), proof) in found.into_iter().zip(proofs) {
        let tuples = reader.tuples(aggregate, env);
        ensure(proof.function == aggregate.function, "an aggregate is another one")?;
        ensure(proof.total == tuples.len(), "an aggregate ranges over more or fewer tuples")?;
        ensure(proof.tuples.len() <= proof.total, "an aggregate shows tuples that it does not have")?;
        let shown = proof.tuples.iter().map(|ranged| &ranged.tuple);
        ensure(shown.eq(tuples.iter().take(proof.tuples.len())), "an aggregate ranges over something else")?;
        ensure(
            reader.operand(expr, env) == Outcome::Value(proof.value.clone()),
            "an aggregate comes to another value",
        )?;
        for (variable, value) in &proof.group {
            ensure(env.get(variable.0 as usize) == Some(&Some(value.clone())), "an aggregate has another group")?;
        }
    }
    Ok(())
}

/// The aggregates of an operand that stand in no other one, with the expressions that they are.
fn outermost<'a>(expr: &'a Expr, out: &mut Vec<(&'a Expr, &'a Aggregate)>) {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => {}
        ExprKind::Negate(inner) => outermost(inner, out),
        ExprKind::Arithmetic(_, left, right) => [left, right].into_iter().for_each(|side| outermost(side, out)),
        ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().for_each(|arg| outermost(arg, out)),
        ExprKind::Aggregate(aggregate) => out.push((expr, aggregate)),
    }
}
