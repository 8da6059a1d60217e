//! What a reader wants to know of a literal that fails.

use std::ops::ControlFlow;

use facts::Value;
use ir::{Arg, Atom, Body, Expr, Literal, LiteralKind, VarId};

use super::super::ranged::aggregates;
use super::{Failure, Pattern, Want};
use crate::evaluation::{Evaluation, RowRef};
use crate::expr::Outcome;
use crate::search::{Choice, Env, Mode, Search, State, widen};

/// Ways in which a negated body holds among which the first by value is looked for.
const STANDING: usize = 500;
/// In larger relations closeness is no measure: it is looked for many times.
const CLOSE: u32 = 20_000;

impl Evaluation {
    /// Why a literal fails for these values.
    pub(super) fn failure<'a>(&self, search: &Search<'a>, literal: &'a Literal, env: &Env) -> Failure {
        if let Some(failure) = self.no_operand(search, literal, env) {
            return failure;
        }
        let test = |left: Value, right: Option<Value>| {
            let mut found = Vec::new();
            literal.each_operand(&mut |operand| found.extend(aggregates(self, search, operand, env)));
            Failure::Test { left, right, aggregates: found }
        };
        let operand = |expr: &'a Expr| match search.operand(expr, env) {
            Outcome::Value(value) => value,
            _ => Value::None,
        };
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                let pattern = wanted(search, atom, env);
                let nearest = self.nearest(atom.relation, &pattern);
                Failure::NoRow { relation: atom.relation, pattern, nearest }
            }
            LiteralKind::Not(body) => Failure::Stands { rows: self.standing(search, body, env) },
            LiteralKind::Compare(_, left, right) | LiteralKind::Text { left, right, .. } => {
                test(operand(left), Some(operand(right)))
            }
            LiteralKind::In { operand: left, .. } => test(operand(left), None),
            LiteralKind::IsNone { variable, .. } => test(env[variable.0 as usize].clone().unwrap_or(Value::None), None),
            // Branches are taken before a walk begins.
            LiteralKind::Or(_) => test(Value::None, None),
        }
    }

    /// The first operand without value, or that faults.
    fn no_operand<'a>(&self, search: &Search<'a>, literal: &'a Literal, env: &Env) -> Option<Failure> {
        let value = |id: VarId| env[id.0 as usize].clone();
        let mut found = None;
        literal.each_operand(&mut |operand| {
            let known = search.scope.needs(operand).iter().all(|&variable| env[variable].is_some());
            if found.is_some() || !known {
                return;
            }
            found = match search.operand(operand, env) {
                Outcome::Value(_) => None,
                Outcome::Nothing => Some(Failure::NoValue(ir::show_expr(self.program(), search.rule, operand, &value))),
                Outcome::Fault(message) => Some(Failure::Fault(message)),
            };
        });
        found
    }

    /// The rows that make a negated body hold, the first by value.
    fn standing<'a>(&self, search: &Search<'a>, body: &'a Body, env: &Env) -> Vec<RowRef> {
        let mut best: Option<(Vec<Vec<Value>>, Vec<RowRef>)> = None;
        let mut seen = 0;
        search.run(State::new(body, env.clone()), Mode::Solutions, &mut |state| {
            let mut rows: Vec<RowRef> = Vec::new();
            each_atom(body, &mut |literal, atom| {
                let chosen = state.choices.iter().rev().find_map(|choice| match choice {
                    Choice::Row(of, row) if std::ptr::eq(*of, literal) => Some(*row),
                    _ => None,
                });
                rows.extend(chosen.map(|row| RowRef { relation: atom.relation, row }));
            });
            let values: Vec<Vec<Value>> = rows.iter().map(|row| self.values(*row)).collect();
            if best.as_ref().is_none_or(|(least, _)| values < *least) {
                best = Some((values, rows));
            }
            seen += 1;
            if seen < STANDING { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        best.map(|(_, rows)| rows).unwrap_or_default()
    }

    /// How near a failing literal comes to holding; greater is nearer.
    pub(super) fn closeness<'a>(&self, search: &Search<'a>, literal: &'a Literal, env: &Env) -> i64 {
        match &literal.kind {
            LiteralKind::Atom(atom) if search.end(atom.relation) <= CLOSE => {
                self.agreeing(atom.relation, &wanted(search, atom, env))
            }
            LiteralKind::Compare(_, left, right) => match (search.operand(left, env), search.operand(right, env)) {
                (Outcome::Value(left), Outcome::Value(right)) => -distance(&left, &right),
                _ => i64::MIN,
            },
            _ => 0,
        }
    }
}

/// Calls `f` with the atoms of a body, those of branches included, in the order of the text.
fn each_atom<'a>(body: &'a Body, f: &mut dyn FnMut(&'a Literal, &'a Atom)) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => f(literal, atom),
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| each_atom(branch, f)),
            _ => {}
        }
    }
}

/// What an atom wants of a row, with the values known.
fn wanted<'a>(search: &Search<'a>, atom: &'a Atom, env: &Env) -> Pattern {
    let columns = &search.program.relation(atom.relation).decl.columns;
    let mut pattern = Pattern::any(columns.len());
    let mut free: Vec<(VarId, usize)> = Vec::new();
    for (at, (arg, column)) in atom.args.iter().zip(columns).enumerate() {
        pattern.columns[at] = match arg {
            Arg::Any => Want::Any,
            Arg::Missing => Want::Is(Value::None),
            // The row asked for may say what it must be.
            Arg::Optional(variable) => env[variable.0 as usize].clone().map_or(Want::Any, Want::Is),
            Arg::Var(variable) => match &env[variable.0 as usize] {
                Some(value) => Want::Is(value.clone()),
                None => {
                    let earlier = free.iter().find(|(known, _)| known == variable);
                    pattern.same.extend(earlier.map(|(_, column)| (*column, at)));
                    free.push((*variable, at));
                    Want::Present
                }
            },
            Arg::Value(expr) => {
                let known = search.scope.needs(expr).iter().all(|&variable| env[variable].is_some());
                match known.then(|| search.operand(expr, env)) {
                    Some(Outcome::Value(value)) => Want::Is(widen(value, &column.ty)),
                    _ => Want::Present,
                }
            }
        };
    }
    pattern
}

/// How far two values are apart, as far as that can be measured.
fn distance(left: &Value, right: &Value) -> i64 {
    match (left, right) {
        (Value::Int(a), Value::Int(b))
        | (Value::Time(a), Value::Time(b))
        | (Value::Duration(a), Value::Duration(b)) => i64::try_from(a.abs_diff(*b)).unwrap_or(i64::MAX),
        (Value::Float(a), Value::Float(b)) => ((a - b).abs() * 1e6) as i64,
        _ => 0,
    }
}
