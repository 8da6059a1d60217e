//! Single literals on the exact path.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};

use base::Place;
use facts::{Code, Type, Value};
use ir::{Aggregate, Arg, Atom, Body, Comparison, Expr, ExprKind, Group, Literal, LiteralKind, TextTest, VarId};

use super::{Choice, Env, Frame, Mark, Mode, Search, State};
use crate::expr::{self, Outcome};
use crate::rules::{can_fault, operand_can_fault};

/// So few rows are not worth a look at how they spread.
const FEW: f64 = 64.0;

impl<'a> Search<'a> {
    /// How many rows an atom matches, roughly: as many as have the rarest of its known values, and of these as many as the other
    /// values leave, each counted as its root since columns depend on each other.
    pub fn matches(&self, atom: &Atom, literal: &Literal, env: &Env) -> f64 {
        let is_known = |arg: &Arg| match arg {
            Arg::Any | Arg::Optional(_) => false,
            Arg::Var(variable) => env[variable.0 as usize].is_some(),
            Arg::Missing | Arg::Value(_) => true,
        };
        let known = atom.args.iter().enumerate().filter(|(_, arg)| is_known(arg));
        let rows = f64::from(self.sliced(literal).map_or(self.end(atom.relation), |rows| rows.len() as u32));
        let all = self.store.get(atom.relation).visible;
        if rows <= FEW {
            let known = known.count();
            return if known == atom.args.len() { 0.0 } else { rows / 16f64.powi(known as i32) };
        }
        let (mut least, mut product, mut count) = (1.0f64, 1.0f64, 0);
        for (column, arg) in known {
            let share = self.share(atom, column, arg, env) / f64::from(all);
            (least, product, count) = (least.min(share), product * share, count + 1);
        }
        match count {
            0 => rows,
            count if count == atom.args.len() => 0.0,
            _ => rows * (least * product).sqrt(),
        }
    }

    /// How many rows of an atom's relation have the value of an argument.
    fn share(&self, atom: &Atom, column: usize, arg: &Arg, env: &Env) -> f64 {
        let value = match arg {
            Arg::Var(variable) => env[variable.0 as usize].as_ref(),
            Arg::Missing => Some(&Value::None),
            Arg::Value(Expr { kind: ExprKind::Const(value), .. }) => Some(value),
            _ => None,
        };
        let code = value.map(|value| self.world.database.values.lookup(value));
        let sample = self.lookup.sample(self.store, atom.relation, column);
        match code {
            Some(Some(code)) => sample.weight(code.0),
            // What was never given a code is in no row.
            Some(None) => 0.0,
            None => f64::from(self.store.get(atom.relation).visible) / sample.distinct(),
        }
    }

    fn sliced(&self, literal: &Literal) -> Option<Range<u32>> {
        let slice = self.slice.as_ref().filter(|slice| std::ptr::eq(slice.literal, literal));
        slice.map(|slice| slice.rows.clone())
    }

    /// How many rows of a relation are seen.
    pub fn end(&self, relation: ir::RelId) -> u32 {
        let stored = self.store.get(relation);
        match self.before {
            Some(before) if before.inside(relation) => stored.before(before.step),
            _ => stored.visible,
        }
    }

    /// The rows of an atom: its computable arguments are looked up. Nothing if one has no value; a marked state if one faults.
    pub fn open(&self, state: State<'a>, literal: &'a Literal, mode: Mode) -> Vec<Frame<'a>> {
        let LiteralKind::Atom(atom) = &literal.kind else { return Vec::new() };
        let decl = &self.program.relation(atom.relation).decl;
        let bound = |v: usize| state.env[v].is_some();
        let mut out = Vec::new();
        let mut known: Vec<(usize, u32)> = Vec::new();
        let (mut fault, mut nothing, mut unknown) = (None, false, false);
        let mut waits = false;
        for (number, (arg, column)) in atom.args.iter().zip(&decl.columns).enumerate() {
            let value = match arg {
                Arg::Any | Arg::Optional(_) => continue,
                Arg::Missing => Value::None,
                Arg::Var(variable) => match &state.env[variable.0 as usize] {
                    Some(value) => value.clone(),
                    None => continue,
                },
                Arg::Value(expr) if self.scope.needs(expr).iter().all(|&v| bound(v)) => {
                    match self.operand(expr, &state.env) {
                        Outcome::Value(value) if !value.is_none() => widen(value, &column.ty),
                        Outcome::Value(_) => {
                            unknown = true;
                            continue;
                        }
                        Outcome::Nothing => {
                            nothing = true;
                            continue;
                        }
                        Outcome::Fault(message) => {
                            // Of several that fault the first is told.
                            fault.get_or_insert(Mark { place: literal.place, message });
                            continue;
                        }
                    }
                }
                Arg::Value(_) => {
                    waits = true;
                    continue;
                }
            };
            match self.world.database.values.lookup(&value) {
                Some(code) => known.push((number, code.0)),
                None => unknown = true,
            }
        }
        if mode == Mode::Faults
            && let Some(mark) = self.inside(literal, &state.env)
        {
            out.push(Frame::State(state.clone().marked(mark)));
        }
        if nothing {
            return out;
        }
        if let Some(mark) = fault {
            if mode == Mode::Faults {
                out.push(Frame::State(state.marked(mark)));
            }
            return out;
        }
        if unknown {
            return out;
        }
        let mut state = state;
        if waits {
            state.pending.push(literal);
        }
        let (on, key): (Vec<usize>, Vec<u32>) = known.iter().copied().unzip();
        let range = self.sliced(literal).unwrap_or(0..self.end(atom.relation));
        let rows = self.lookup.candidates(self.store, atom.relation, &on, &key, range);
        out.push(Frame::Rows { state, literal, known, rows });
        out
    }

    /// The state with a row's values bound, if the row matches.
    pub fn matched(
        &self,
        state: &State<'a>,
        literal: &'a Literal,
        known: &[(usize, u32)],
        row: u32,
    ) -> Option<State<'a>> {
        let LiteralKind::Atom(atom) = &literal.kind else { return None };
        let stored = self.store.get(atom.relation);
        let columns = &stored.columns;
        if stored.dead.has(row) || known.iter().any(|&(column, code)| columns[column][row as usize] != code) {
            return None;
        }
        let mut next = state.clone();
        let decl = &self.program.relation(atom.relation).decl;
        for (number, (arg, column)) in atom.args.iter().zip(&decl.columns).enumerate() {
            let code = Code(columns[number][row as usize]);
            match arg {
                Arg::Any | Arg::Missing => {}
                Arg::Var(_) | Arg::Value(_) if code.is_none() => return None,
                Arg::Value(_) => {}
                Arg::Var(variable) | Arg::Optional(variable) => {
                    let value = self.world.database.values.decode(&column.ty, code);
                    match &mut next.env[variable.0 as usize] {
                        Some(known) if *known != value => return None,
                        Some(_) => {}
                        free => *free = Some(value),
                    }
                }
            }
        }
        next.choices.push(Choice::Row(literal, row));
        Some(next)
    }

    /// Carries out a literal that is no atom; the states it leads to go to `out`.
    pub fn literal(&self, mut state: State<'a>, literal: &'a Literal, mode: Mode, out: &mut Vec<State<'a>>) {
        if let LiteralKind::Or(branches) = &literal.kind {
            for (number, branch) in branches.iter().enumerate() {
                let mut next = state.clone();
                next.pending.extend(branch);
                next.choices.push(Choice::Branch(literal, number));
                out.push(next);
            }
            return;
        }
        let outcome = self.outcome(literal, &state.env);
        // What faults inside is told whatever the literal itself comes to: its outcome rests on a gap.
        if mode == Mode::Faults
            && let Some(mark) = self.inside(literal, &state.env)
        {
            out.push(state.clone().marked(mark));
        }
        match outcome {
            Verdict::Binds(several) => {
                for values in several {
                    let mut next = state.clone();
                    for (variable, value) in values {
                        next.env[variable] = Some(value);
                    }
                    out.push(next);
                }
            }
            Verdict::Fault(message) if mode == Mode::Faults => {
                state = state.marked(Mark { place: literal.place, message });
                out.push(state);
            }
            Verdict::Nothing | Verdict::Fault(_) => {}
        }
    }

    /// Whether a literal whose variables are bound holds, and what it binds.
    fn outcome(&self, literal: &'a Literal, env: &Env) -> Verdict {
        match &literal.kind {
            LiteralKind::Atom(_) | LiteralKind::Or(_) => Verdict::Nothing,
            LiteralKind::Not(body) => truth(!self.holds(body, env)),
            LiteralKind::IsNone { variable, negated } => {
                truth(matches!(env[variable.0 as usize], Some(Value::None)) != *negated)
            }
            LiteralKind::Compare(op, left, right) => self.compare(literal, *op, left, right, env),
            LiteralKind::In { operand, values, negated } => {
                if let ExprKind::Var(variable) = operand.kind
                    && !negated
                    && env[variable.0 as usize].is_none()
                {
                    let distinct: BTreeSet<&Value> = values.iter().collect();
                    return Verdict::Binds(
                        distinct.into_iter().map(|v| vec![(variable.0 as usize, v.clone())]).collect(),
                    );
                }
                match self.operand(operand, env) {
                    Outcome::Value(value) => {
                        let among = values.iter().any(|other| expr::compare(Comparison::Equal, &value, other));
                        truth(among != *negated)
                    }
                    Outcome::Nothing => Verdict::Nothing,
                    Outcome::Fault(message) => Verdict::Fault(message),
                }
            }
            LiteralKind::Text { test, negated, left, right, groups } => {
                let (left, right) = match both(self.operand(left, env), self.operand(right, env)) {
                    Ok(both) => both,
                    Err(verdict) => return verdict,
                };
                self.text(*test, *negated, &left, &right, groups, env)
            }
        }
    }

    fn compare(&self, literal: &'a Literal, op: Comparison, left: &'a Expr, right: &'a Expr, env: &Env) -> Verdict {
        let bound = |v: usize| env[v].is_some();
        if let Some((variable, other)) = self.scope.binder(self.rule, literal, &bound) {
            return match self.operand(other, env) {
                Outcome::Value(value) => {
                    let value = widen(value, &self.rule.variables[variable].ty);
                    Verdict::Binds(vec![vec![(variable, value)]])
                }
                Outcome::Nothing => Verdict::Nothing,
                Outcome::Fault(message) => Verdict::Fault(message),
            };
        }
        match both(self.operand(left, env), self.operand(right, env)) {
            Ok((left, right)) => truth(expr::compare(op, &left, &right)),
            Err(verdict) => verdict,
        }
    }

    fn text(&self, test: TextTest, negated: bool, left: &Value, right: &Value, groups: &[Group], env: &Env) -> Verdict {
        let (Some(text), Value::Text(pattern)) = (left.as_text(), right) else { return Verdict::Nothing };
        let mut patterns = self.world.patterns();
        let holds = patterns.test(test, text, pattern) == Some(!negated);
        if !holds || groups.is_empty() {
            return truth(holds);
        }
        let names: Vec<&str> = groups.iter().map(|group| &*group.group).collect();
        let Some(found) = patterns.groups(pattern, text, &names) else { return Verdict::Nothing };
        let mut binds: Vec<(usize, Value)> = Vec::new();
        for (group, value) in groups.iter().zip(found) {
            let value = value.map_or(Value::None, Value::text);
            let variable = group.variable.0 as usize;
            let earlier = binds.iter().find(|(other, _)| *other == variable).map(|(_, value)| value);
            let other = earlier.or(env[variable].as_ref());
            let refused = value.is_none() && !self.rule.variable(group.variable).optional;
            if refused || other.is_some_and(|other| *other != value) {
                return Verdict::Nothing;
            }
            binds.push((variable, value));
        }
        Verdict::Binds(vec![binds])
    }

    /// Whether a condition whose variables are bound holds.
    pub fn passes(&self, literal: &'a Literal, env: &Env) -> bool {
        matches!(self.outcome(literal, env), Verdict::Binds(several) if !several.is_empty())
    }

    /// Whether some binding makes a body hold.
    pub fn holds(&self, body: &'a Body, env: &Env) -> bool {
        let mut found = false;
        self.run(State::new(body, env.clone()), Mode::Solutions, &mut |_| {
            found = true;
            ControlFlow::Break(())
        });
        found
    }

    /// The value of an operand whose variables are bound.
    pub fn operand(&self, expr: &'a Expr, env: &Env) -> Outcome {
        let variable = |VarId(v): VarId| env[v as usize].clone().unwrap_or(Value::None);
        let found: Vec<(*const Aggregate, Outcome)> = {
            let mut found = Vec::new();
            let mut types = Vec::new();
            crate::plan::aggregate_types(expr, &mut types);
            let mut types = types.into_iter();
            expr.each_aggregate(&mut |aggregate| {
                let ty = types.next().unwrap_or(Type::Int);
                found.push((std::ptr::from_ref(aggregate), self.aggregate(aggregate, &ty, env)));
            });
            found
        };
        expr::evaluate(expr, self.world, &variable, &mut |aggregate, _| {
            let known = found.iter().find(|(known, _)| std::ptr::eq(*known, aggregate));
            known.map_or(Outcome::Nothing, |(_, outcome)| outcome.clone())
        })
    }

    fn aggregate(&self, aggregate: &'a Aggregate, ty: &Type, env: &Env) -> Outcome {
        let tuples = self.tuples(aggregate, env);
        let firsts = tuples.iter().filter_map(|tuple| tuple.first().cloned()).collect();
        expr::aggregate(aggregate.function, ty, firsts, tuples.len())
    }

    /// The distinct tuples that an aggregate ranges over.
    pub fn tuples(&self, aggregate: &'a Aggregate, env: &Env) -> BTreeSet<Vec<Value>> {
        let mut tuples = BTreeSet::new();
        self.run(State::new(&aggregate.body, env.clone()), Mode::Solutions, &mut |state| {
            let tuple: Option<Vec<Value>> = aggregate
                .listed
                .iter()
                .map(|listed| match self.operand(listed, &state.env) {
                    Outcome::Value(value) => Some(value),
                    _ => None,
                })
                .collect();
            tuples.extend(tuple);
            ControlFlow::Continue(())
        });
        tuples
    }

    /// The first fault in the bodies inside a literal: under its `not`, in its aggregates.
    fn inside(&self, literal: &'a Literal, env: &Env) -> Option<Mark> {
        if let LiteralKind::Not(body) = &literal.kind {
            return self.first_fault(body, &[], literal.place, env);
        }
        let mut first: Option<Mark> = None;
        literal.each_operand(&mut |operand| {
            first = earlier(first.take(), self.inside_operand(operand, literal.place, env))
        });
        first
    }

    /// The first fault inside the aggregates of an operand.
    pub fn inside_operand(&self, operand: &'a Expr, place: Place, env: &Env) -> Option<Mark> {
        let mut first: Option<Mark> = None;
        operand.each_aggregate(&mut |aggregate| {
            first = earlier(first.take(), self.first_fault(&aggregate.body, &aggregate.listed, place, env));
        });
        first
    }

    fn first_fault(&self, body: &'a Body, listed: &'a [Expr], place: Place, env: &Env) -> Option<Mark> {
        if !can_fault(body) && !listed.iter().any(operand_can_fault) {
            return None;
        }
        let mut first: Option<Mark> = None;
        self.run(State::new(body, env.clone()), Mode::Faults, &mut |state| {
            let mark = state.mark.clone().or_else(|| {
                let mut mark = None;
                let mut outcomes = Vec::new();
                for expr in listed {
                    mark = earlier(mark.take(), self.inside_operand(expr, place, &state.env));
                    outcomes.push(self.operand(expr, &state.env));
                }
                let fault = outcomes.iter().find_map(|outcome| match outcome {
                    Outcome::Fault(message) => Some(Mark { place, message: message.clone() }),
                    _ => None,
                });
                if outcomes.contains(&Outcome::Nothing) { None } else { earlier(mark, fault) }
            });
            first = earlier(first.take(), mark);
            ControlFlow::Continue(())
        });
        first
    }
}

/// What became of a literal.
enum Verdict {
    /// It holds for each of these further values.
    Binds(Vec<Vec<(usize, Value)>>),
    Nothing,
    Fault(String),
}

fn truth(holds: bool) -> Verdict {
    if holds { Verdict::Binds(vec![Vec::new()]) } else { Verdict::Nothing }
}

fn both(left: Outcome, right: Outcome) -> Result<(Value, Value), Verdict> {
    match (left, right) {
        (Outcome::Nothing, _) | (_, Outcome::Nothing) => Err(Verdict::Nothing),
        (Outcome::Fault(message), _) | (_, Outcome::Fault(message)) => Err(Verdict::Fault(message)),
        (Outcome::Value(left), Outcome::Value(right)) => Ok((left, right)),
    }
}

pub(super) fn earlier(one: Option<Mark>, other: Option<Mark>) -> Option<Mark> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// An int read as a float where a float is wanted.
pub(crate) fn widen(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Int(int), Type::Float) => Value::Float(int as f64),
        (value, _) => value,
    }
}
