//! A checker that takes no proof on trust: each node is an instance of its rule over nodes of smaller steps, each leaf an
//! input row or a fact.

use std::fmt;

use facts::Value;
use ir::{Arg, Atom, Body, Expr, Literal, LiteralKind};

use super::build::head_is;
use super::{AggregateProof, Instance, Premise, PremiseKind, Proof, ProofNode, Reason};
use crate::Evaluation;
use crate::expr::Outcome;
use crate::search::{Env, Search, widen};

/// What is wrong with a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// The node.
    pub node: usize,
    /// What does not hold of it.
    pub message: String,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}: {}", self.node, self.message)
    }
}

impl std::error::Error for CheckError {}

/// Checks each step of a proof against the program and the inputs that the evaluation had.
pub fn check(evaluation: &Evaluation, proof: &Proof) -> Result<(), CheckError> {
    if proof.nodes.is_empty() {
        return Err(CheckError { node: 0, message: "it proves nothing".to_owned() });
    }
    for (number, node) in proof.nodes.iter().enumerate() {
        let result = match &node.reason {
            Reason::Input(origins) => input(evaluation, node, origins),
            Reason::Fact(place) => {
                let mut facts = evaluation.program().facts.iter();
                let stated = |fact: &ir::Fact| {
                    fact.relation == node.row.relation && fact.place == *place && fact.row == node.values
                };
                ensure(facts.any(stated), "no such fact is stated")
            }
            Reason::Rule(instance) => rule(evaluation, proof, node, instance),
        };
        result.map_err(|message| CheckError { node: number, message })?;
    }
    Ok(())
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn input(evaluation: &Evaluation, node: &ProofNode, origins: &[facts::Origin]) -> Result<(), String> {
    let decl = &evaluation.program().relation(node.row.relation).decl;
    let database = evaluation.database();
    let codes: Option<Vec<u32>> = node.values.iter().map(|value| database.values.lookup(value).map(|c| c.0)).collect();
    let found = database.table(&decl.name).and_then(|table| Some((table, table.find(&codes?)?)));
    let (table, at) = found.ok_or("the database has no such row")?;
    let values = table.row(at).zip(&decl.columns).map(|(code, column)| database.values.decode(&column.ty, code));
    ensure(values.eq(node.values.iter().cloned()), "the database's row has other values")?;
    ensure(table.origins(at).eq(origins.iter().copied()) && !origins.is_empty(), "its places are not those of the row")
}

fn rule(evaluation: &Evaluation, proof: &Proof, node: &ProofNode, instance: &Instance) -> Result<(), String> {
    let program = evaluation.program();
    let rule = program.rules.get(instance.rule.0 as usize).ok_or("there is no such rule")?;
    ensure(rule.head == node.row.relation, "its rule makes rows of another relation")?;
    let search = evaluation.search(instance.rule);
    let mut env = search.empty();
    for (variable, value) in &instance.bindings {
        *env.get_mut(variable.0 as usize).ok_or("there is no such variable")? = Some(value.clone());
    }
    let head: Vec<Option<Value>> = node.values.iter().cloned().map(Some).collect();
    ensure(head_is(&search, &env, &head), "the rule's head comes to another row")?;
    let checker = Checker { proof, search, step: node.step };
    checker.body(&rule.body, &instance.premises, &env)?;
    checker.aggregates(&rule.args.iter().collect::<Vec<_>>(), &instance.aggregates, &env)
}

struct Checker<'a> {
    proof: &'a Proof,
    search: Search<'a>,
    step: u32,
}

impl<'a> Checker<'a> {
    fn body(&self, body: &'a Body, premises: &[Premise], env: &Env) -> Result<(), String> {
        ensure(body.len() == premises.len(), "it has not one premise for each literal")?;
        for (literal, premise) in body.iter().zip(premises) {
            ensure(literal.place == premise.place, "a premise stands for another literal")?;
            self.premise(literal, premise, env)?;
            let mut operands = Vec::new();
            literal.each_operand(&mut |operand| operands.push(operand));
            self.aggregates(&operands, &premise.aggregates, env)?;
        }
        Ok(())
    }

    fn premise(&self, literal: &'a Literal, premise: &Premise, env: &Env) -> Result<(), String> {
        match (&literal.kind, &premise.kind) {
            (LiteralKind::Atom(atom), PremiseKind::Row(number)) => {
                let node = self.proof.nodes.get(*number).ok_or("a premise names no node")?;
                ensure(node.step < self.step, "a premise was not there yet")?;
                ensure(node.row.relation == atom.relation, "a premise is of another relation")?;
                ensure(self.matches(atom, &node.values, env), "a premise does not match its atom")
            }
            (LiteralKind::Not(body), PremiseKind::Absent) => {
                ensure(!self.search.holds(body, env), "what shall be absent is there")
            }
            (LiteralKind::Or(branches), PremiseKind::Branch { branch, premises }) => {
                let body = branches.get(*branch).ok_or("there is no such branch")?;
                self.body(body, premises, env)
            }
            (LiteralKind::Atom(_) | LiteralKind::Not(_) | LiteralKind::Or(_), _) => {
                Err("a premise is of another kind than its literal".to_owned())
            }
            (_, PremiseKind::Holds) => ensure(self.search.passes(literal, env), "a condition does not hold"),
            _ => Err("a premise is of another kind than its literal".to_owned()),
        }
    }

    fn matches(&self, atom: &'a Atom, row: &[Value], env: &Env) -> bool {
        let columns = &self.search.program.relation(atom.relation).decl.columns;
        let bound = |variable: &ir::VarId| env[variable.0 as usize].as_ref();
        atom.args.len() == row.len()
            && atom.args.iter().zip(row).zip(columns).all(|((arg, value), column)| match arg {
                Arg::Any => true,
                Arg::Missing => value.is_none(),
                Arg::Var(variable) => !value.is_none() && bound(variable) == Some(value),
                Arg::Optional(variable) => bound(variable) == Some(value),
                Arg::Value(expr) => match self.search.operand(expr, env) {
                    Outcome::Value(wanted) => !value.is_none() && widen(wanted, &column.ty) == *value,
                    _ => false,
                },
            })
    }

    /// Whether the aggregates of some operands come to what the proof says.
    fn aggregates(&self, operands: &[&'a Expr], proofs: &[AggregateProof], env: &Env) -> Result<(), String> {
        let mut found = Vec::new();
        for operand in operands {
            operand.each_aggregate(&mut |aggregate| found.push(aggregate));
        }
        ensure(found.len() == proofs.len(), "it has not one part for each aggregate")?;
        for (aggregate, proof) in found.into_iter().zip(proofs) {
            let tuples = self.search.tuples(aggregate, env);
            let shown = proof.tuples.iter().map(|ranged| &ranged.tuple);
            let same = proof.function == aggregate.function
                && proof.total == tuples.len()
                && shown.eq(tuples.iter().take(proof.tuples.len()));
            ensure(same, "an aggregate ranges over something else")?;
        }
        Ok(())
    }
}
