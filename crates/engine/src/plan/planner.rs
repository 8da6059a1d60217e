//! The greedy join order: whatever filters or computes goes first, then the atom with the fewest matching rows.

use facts::{Database, Type};
use ir::{Arg, Atom, Body, Comparison, Expr, ExprKind, Literal, LiteralKind, Program, Rule};

use super::op::{Op, OpKind, Operand, OperandKind, Plan};
use super::operand::widen;
use super::scope::{Scope, Set};
use crate::store::{Reach, Statistics, Store};

/// A body's plan and the operands of the head.
#[derive(Debug)]
pub(crate) struct RulePlan {
    pub body: Plan,
    pub head: Vec<Operand>,
}

/// What plans are made from. Making one builds the indexes that it looks things up in.
pub(crate) struct Planner<'a> {
    pub program: &'a Program,
    pub rule: &'a Rule,
    pub scope: &'a Scope,
    pub store: &'a mut Store,
    pub statistics: &'a mut Statistics,
    pub database: &'a mut Database,
    /// Next free slot.
    pub slots: usize,
}

/// A condition that waits for the variables of an atom's operand.
pub(super) struct Late<'a> {
    pub slot: usize,
    pub expr: &'a Expr,
    pub ty: Type,
    pub literal: usize,
}

impl<'a> Planner<'a> {
    pub fn new(
        program: &'a Program,
        rule: &'a Rule,
        scope: &'a Scope,
        store: &'a mut Store,
        statistics: &'a mut Statistics,
        database: &'a mut Database,
    ) -> Self {
        Planner { program, rule, scope, store, statistics, database, slots: rule.variables.len() }
    }

    /// The plan that faults are searched with: all of the body's variables are kept.
    pub fn faults(self) -> Result<RulePlan, String> {
        let rule = self.rule;
        let keep = self.scope.binds(rule, &rule.body, &|_| false).unwrap_or_default();
        self.rule(&rule.body, None, &|_| Reach::All, &keep)
    }

    /// The plan of a rule with this body: its own, or one that it was split into. `delta` is the literal that reads the last
    /// round's rows alone, `reach` what the others read, by literal. `keep` are slots wanted at the end beside the head's.
    pub fn rule(
        mut self,
        body: &Body,
        delta: Option<usize>,
        reach: &dyn Fn(usize) -> Reach,
        keep: &Set,
    ) -> Result<RulePlan, String> {
        let mut bound = Set::new();
        let mut plan = self.body(body, &mut bound, delta, reach)?;
        let mut head = Vec::new();
        let decl = self.program.relation(self.rule.head).decl.clone();
        for (expr, column) in self.rule.args.iter().zip(&decl.columns) {
            let at = plan.ops.len();
            let operand = self.operand(expr, &mut bound, body.len(), &mut plan.ops)?;
            for op in &mut plan.ops[at..] {
                if let OpKind::Aggregate(aggregate) = &mut op.kind {
                    aggregate.wary = true;
                }
            }
            head.push(widen(operand, &column.ty, &mut self.database.values));
        }
        let mut outputs: Set = keep.clone();
        head.iter().for_each(|operand| {
            operand.each_slot(&mut |slot| {
                outputs.insert(slot);
            })
        });
        plan.resize(self.slots);
        plan.settle(&outputs.into_iter().collect::<Vec<_>>());
        Ok(RulePlan { body: plan, head })
    }

    pub(super) fn body(
        &mut self,
        body: &Body,
        bound: &mut Set,
        delta: Option<usize>,
        reach: &dyn Fn(usize) -> Reach,
    ) -> Result<Plan, String> {
        let mut ops = Vec::new();
        let mut pending: Vec<usize> = (0..body.len()).collect();
        let mut late: Vec<Late> = Vec::new();
        if let Some(delta) = delta {
            pending.retain(|&at| at != delta);
            self.atom(body, delta, reach(delta), bound, &mut ops, &mut late)?;
        }
        loop {
            self.late(&mut late, bound, &mut ops)?;
            if pending.is_empty() {
                break;
            }
            let at = self.choose(body, &pending, bound)?;
            let literal = pending.remove(at);
            if matches!(body[literal].kind, LiteralKind::Atom(_)) {
                self.atom(body, literal, reach(literal), bound, &mut ops, &mut late)?;
            } else {
                self.literal(&body[literal], literal, bound, &mut ops)?;
            }
        }
        match late.first() {
            Some(_) => Err("an argument is computed from a variable that nothing binds".to_owned()),
            None => Ok(Plan { ops, slots: self.slots }),
        }
    }

    /// The place in `pending` of the literal to carry out next.
    fn choose(&mut self, body: &Body, pending: &[usize], bound: &Set) -> Result<usize, String> {
        let mut best: Option<(f64, usize)> = None;
        for (at, &number) in pending.iter().enumerate() {
            let literal = &body[number];
            if self.scope.ready(self.rule, literal, &|v| bound.contains(&v)) {
                let cost = self.cost(literal, bound);
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, at));
                }
            }
        }
        // Only atoms wait whose operands need each other's variables: the first one begins.
        let stuck = || pending.iter().position(|&number| matches!(body[number].kind, LiteralKind::Atom(_)));
        let found = best.map(|(_, at)| at).or_else(stuck);
        found.ok_or_else(|| {
            let open: Vec<&str> = pending
                .iter()
                .flat_map(|&number| {
                    let mut all = Vec::new();
                    body[number].each_variable(&mut |v| all.push(v));
                    all
                })
                .filter(|v| !bound.contains(&(v.0 as usize)))
                .map(|v| &*self.rule.variable(v).name)
                .collect();
            format!("nothing binds a variable of: {}", open.join(", "))
        })
    }

    /// Filters before everything, then by the number of matches expected for one binding.
    fn cost(&mut self, literal: &Literal, bound: &Set) -> f64 {
        match &literal.kind {
            LiteralKind::Compare(..) | LiteralKind::IsNone { .. } => {
                let mut aggregates = 0;
                literal.each_operand(&mut |operand| operand.each_aggregate(&mut |_| aggregates += 1));
                if aggregates == 0 { -5.0 } else { -1.0 }
            }
            LiteralKind::In { operand, values, negated } => match operand.kind {
                ExprKind::Var(variable) if !negated && !bound.contains(&(variable.0 as usize)) => values.len() as f64,
                _ => -4.0,
            },
            LiteralKind::Text { .. } => -3.0,
            LiteralKind::Not(body) => {
                if matches!(body.as_slice(), [Literal { kind: LiteralKind::Atom(_), .. }]) {
                    -2.0
                } else {
                    -1.5
                }
            }
            LiteralKind::Atom(atom) => {
                let columns = self.bound_columns(atom, bound);
                self.statistics.matches(self.store, atom.relation, &columns)
            }
            LiteralKind::Or(branches) => branches
                .iter()
                .map(|branch| {
                    let atoms = branch.iter().filter(|literal| matches!(literal.kind, LiteralKind::Atom(_)));
                    let costs: Vec<f64> = atoms.map(|literal| self.cost(literal, bound)).collect();
                    costs.into_iter().fold(f64::INFINITY, f64::min).min(1e18)
                })
                .map(|cost| if cost == 1e18 { 0.5 } else { cost })
                .sum(),
        }
    }

    fn bound_columns(&self, atom: &Atom, bound: &Set) -> Vec<usize> {
        let is_bound = |arg: &Arg| match arg {
            Arg::Any | Arg::Optional(_) => false,
            Arg::Var(variable) => bound.contains(&(variable.0 as usize)),
            Arg::Missing => true,
            Arg::Value(expr) => self.scope.needs(expr).iter().all(|v| bound.contains(v)),
        };
        (0..atom.args.len()).filter(|&column| is_bound(&atom.args[column])).collect()
    }

    /// Conditions whose variables are bound by now.
    fn late(&mut self, late: &mut Vec<Late>, bound: &mut Set, ops: &mut Vec<Op>) -> Result<(), String> {
        let mut at = 0;
        while at < late.len() {
            if self.scope.needs(late[at].expr).iter().all(|v| bound.contains(v)) {
                let Late { slot, expr, ty, literal } = late.remove(at);
                let operand = self.operand(expr, bound, literal, ops)?;
                let right = widen(operand, &ty, &mut self.database.values);
                let left = Operand { kind: OperandKind::Slot(slot), ty };
                ops.push(Op::new(OpKind::Compare(Comparison::Equal, left, right), literal));
            } else {
                at += 1;
            }
        }
        Ok(())
    }
}
