//! Proofs, rebuilt from the rule that made each row.

use std::ops::ControlFlow;

use facts::Value;
use hashbrown::HashMap;
use ir::{Body, ExprKind, Literal, LiteralKind, Rule, RuleId, VarId};
use rustc_hash::FxBuildHasher;

use super::ranged::aggregates;
use super::{Instance, Premise, PremiseKind, Proof, ProofNode, Reason};
use crate::evaluation::{Evaluation, MadeBy, RowRef};
use crate::expr::Outcome;
use crate::search::{Choice, Env, Mode, Search, Slice, State, widen};

impl Evaluation {
    /// Why a row holds. Of all instances of the rule that made the row, over rows of smaller steps, it is the one whose
    /// premises come first by value.
    pub fn proof(&self, row: RowRef) -> Proof {
        let mut builder = Builder { evaluation: self, numbers: HashMap::default(), rows: Vec::new() };
        builder.number(row);
        let mut nodes = Vec::new();
        // Rows to explain are a list that grows, not a recursion: proofs may be a million steps deep.
        while let Some(&row) = builder.rows.get(nodes.len()) {
            let reason = match self.made_by(row) {
                MadeBy::Input(origins) => Reason::Input(origins),
                MadeBy::Fact(place) => Reason::Fact(place),
                MadeBy::Rule(rule) => Reason::Rule(Box::new(builder.instance(rule, row))),
            };
            nodes.push(ProofNode { row, values: self.values(row), step: self.step(row), reason });
        }
        Proof { nodes }
    }
}

struct Builder<'a> {
    evaluation: &'a Evaluation,
    numbers: HashMap<RowRef, usize, FxBuildHasher>,
    rows: Vec<RowRef>,
}

impl<'a> Builder<'a> {
    /// The number of a row's node.
    fn number(&mut self, row: RowRef) -> usize {
        *self.numbers.entry(row).or_insert_with(|| {
            self.rows.push(row);
            self.rows.len() - 1
        })
    }

    fn instance(&mut self, id: RuleId, row: RowRef) -> Instance {
        let evaluation = self.evaluation;
        let rule = evaluation.program().rule(id);
        let mut search = evaluation.search(id);
        search.before = evaluation.before(row);
        let best = least(evaluation, &mut search, &evaluation.values(row));
        // Its own rule made the row, so there is an instance; without one the row would stand without premises.
        let state = best.unwrap_or_else(|| State::new(&rule.body, search.empty()));
        let premises = self.premises(&search, &rule.body, &state);
        let bindings = bindings(&state.env);
        let aggregates = rule.args.iter().flat_map(|arg| aggregates(evaluation, &search, arg, &state.env)).collect();
        Instance { rule: id, bindings, premises, aggregates }
    }

    fn premises(&mut self, search: &Search<'a>, body: &'a Body, state: &State<'a>) -> Vec<Premise> {
        let mut out = Vec::with_capacity(body.len());
        for literal in body {
            let kind = match &literal.kind {
                LiteralKind::Atom(atom) => match chosen_row(state, literal) {
                    Some(row) => PremiseKind::Row(self.number(RowRef { relation: atom.relation, row })),
                    None => PremiseKind::Holds,
                },
                LiteralKind::Not(_) => PremiseKind::Absent,
                LiteralKind::Or(branches) => {
                    let branch = chosen_branch(state, literal).unwrap_or(0);
                    let premises =
                        branches.get(branch).map_or_else(Vec::new, |body| self.premises(search, body, state));
                    PremiseKind::Branch { branch, premises }
                }
                _ => PremiseKind::Holds,
            };
            let mut found = Vec::new();
            literal.each_operand(&mut |operand| {
                found.extend(aggregates(self.evaluation, search, operand, &state.env));
            });
            out.push(Premise { place: literal.place, kind, aggregates: found });
        }
        out
    }
}

/// The values of the variables that are bound.
pub(super) fn bindings(env: &Env) -> Vec<(VarId, Value)> {
    let value = |(id, value): (usize, &Option<Value>)| value.clone().map(|value| (VarId(id as u32), value));
    env.iter().enumerate().filter_map(value).collect()
}

/// The bindings that a head's values leave no choice about; nothing if they contradict a constant or each other.
pub(super) fn unify(search: &Search, head: &[Option<Value>]) -> Option<Env> {
    let mut env = search.empty();
    let columns = &search.program.relation(search.rule.head).decl.columns;
    for ((arg, value), column) in search.rule.args.iter().zip(head).zip(columns) {
        let Some(value) = value else { continue };
        match &arg.kind {
            ExprKind::Const(constant) if widen(constant.clone(), &column.ty) != *value => return None,
            ExprKind::Var(variable) => {
                let known = &mut env[variable.0 as usize];
                let ty = &search.rule.variable(*variable).ty;
                // An int that a float column took is found by comparing at the end.
                if *ty != column.ty && !(ty.is_text() && column.ty.is_text()) {
                    continue;
                }
                if known.as_ref().is_some_and(|known| known != value) {
                    return None;
                }
                *known = Some(value.clone());
            }
            _ => {}
        }
    }
    Some(env)
}

/// Whether a head's arguments come to these values.
pub(super) fn head_is<'a>(search: &Search<'a>, env: &Env, head: &[Option<Value>]) -> bool {
    let columns = &search.program.relation(search.rule.head).decl.columns;
    let rule: &'a Rule = search.rule;
    rule.args.iter().zip(head).zip(columns).all(|((arg, wanted), column)| match (search.operand(arg, env), wanted) {
        (_, None) => true,
        (Outcome::Value(value), Some(wanted)) => widen(value, &column.ty) == *wanted,
        _ => false,
    })
}

/// The instance of a rule that makes a row, least by the values of its premises.
fn least<'a>(evaluation: &Evaluation, search: &mut Search<'a>, row: &[Value]) -> Option<State<'a>> {
    let head: Vec<Option<Value>> = row.iter().cloned().map(Some).collect();
    let env = unify(search, &head)?;
    let mut best: Option<(Vec<Value>, State)> = None;
    let mut slices = slices(evaluation, search);
    if slices.is_empty() {
        slices.push(None);
    }
    for slice in slices {
        search.slice = slice;
        search.run(State::new(&search.rule.body, env.clone()), Mode::Solutions, &mut |state| {
            if head_is(search, &state.env, &head) {
                let key = key(evaluation, &search.rule.body, &state);
                if best.as_ref().is_none_or(|(least, _)| key < *least) {
                    best = Some((key, state));
                }
            }
            ControlFlow::Continue(())
        });
    }
    search.slice = None;
    best.map(|(_, state)| state)
}

/// For each atom outside `not` and aggregates whose relation the round before added to: those rows.
fn slices<'a>(evaluation: &Evaluation, search: &Search<'a>) -> Vec<Option<Slice<'a>>> {
    // The first round reads no rows of an earlier one.
    let Some(before) = search.before.filter(|before| before.step > 1) else { return Vec::new() };
    // Where a row got another maker, its premises may all be of much earlier rounds.
    if evaluation.patched[before.stratum] {
        return Vec::new();
    }
    let last = before.step - 1;
    let mut out = Vec::new();
    let mut bodies: Vec<&'a Body> = vec![&search.rule.body];
    while let Some(body) = bodies.pop() {
        for literal in body {
            match &literal.kind {
                LiteralKind::Atom(atom) if before.inside(atom.relation) => {
                    let stored = evaluation.store.get(atom.relation);
                    let rows = stored.before(last)..stored.before(last + 1);
                    if !rows.is_empty() {
                        out.push(Some(Slice { literal, rows }));
                    }
                }
                LiteralKind::Or(branches) => bodies.extend(branches),
                _ => {}
            }
        }
    }
    out
}

/// What instances are ordered by: their rows' values in the order of the text, then their variables.
fn key(evaluation: &Evaluation, body: &Body, state: &State) -> Vec<Value> {
    let mut key = Vec::new();
    add_rows(evaluation, body, state, &mut key);
    key.extend(state.env.iter().map(|value| value.clone().unwrap_or(Value::None)));
    key
}

fn add_rows(evaluation: &Evaluation, body: &Body, state: &State, key: &mut Vec<Value>) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                if let Some(row) = chosen_row(state, literal) {
                    key.extend(evaluation.values(RowRef { relation: atom.relation, row }));
                }
            }
            LiteralKind::Or(branches) => {
                let branch = chosen_branch(state, literal).unwrap_or(0);
                key.push(Value::Int(branch as i64));
                if let Some(body) = branches.get(branch) {
                    add_rows(evaluation, body, state, key);
                }
            }
            _ => {}
        }
    }
}

fn chosen_row(state: &State, literal: &Literal) -> Option<u32> {
    state.choices.iter().rev().find_map(|choice| match choice {
        Choice::Row(of, row) if std::ptr::eq(*of, literal) => Some(*row),
        _ => None,
    })
}

fn chosen_branch(state: &State, literal: &Literal) -> Option<usize> {
    state.choices.iter().rev().find_map(|choice| match choice {
        Choice::Branch(of, branch) if std::ptr::eq(*of, literal) => Some(*branch),
        _ => None,
    })
}
