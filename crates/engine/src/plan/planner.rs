//! From a body to its plan: literals in the order that [`super::order`] settles, each turned into operations.

use base::Cancel;
use facts::{Database, Type};
use ir::{Body, Comparison, Expr, LiteralKind, Program, Rule, VarId};

use super::estimate::Joins;
use super::op::{Op, OpKind, Operand, OperandKind, Plan};
use super::operand::widen;
use super::scope::{Scope, Set};
use crate::rules::is_of_rows;
use crate::store::{Reach, Statistics, Store};

/// A body's plan and the operands of the head.
#[derive(Debug)]
pub(crate) struct RulePlan {
    pub body: Plan,
    pub head: Vec<Operand>,
    /// Its number among those that are told of.
    pub record: Option<usize>,
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
    /// Literals of smaller numbers also match rows that went in the update at work.
    pub ever: usize,
    /// Rows of growing relations may go before the plan is run.
    pub mortal: bool,
    /// Whether somebody wants to know what was expected.
    pub(super) told: bool,
    /// Stops the building of indexes.
    pub(super) cancel: Cancel,
    /// Whether the body at hand is the rule's, and not one inside it.
    outermost: bool,
    /// Whether it is evaluated once, from all rows: what it looks things up in must be worth making.
    pub(super) once: bool,
    pub(super) joins: Joins,
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
        let slots = rule.variables.len();
        Planner {
            program,
            rule,
            scope,
            store,
            statistics,
            database,
            slots,
            ever: 0,
            mortal: false,
            told: false,
            cancel: Cancel::new(),
            outermost: true,
            once: false,
            joins: Joins::default(),
        }
    }

    /// The same, told whether somebody wants to know what was expected, and who stops it.
    pub fn telling(self, told: bool, cancel: Cancel) -> Self {
        Planner { told, cancel, ..self }
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
        Ok(RulePlan { body: plan, head, record: None })
    }

    /// The plan of a part of the rule's body that gives these variables.
    pub fn part(
        mut self,
        body: &Body,
        delta: Option<usize>,
        reach: &dyn Fn(usize) -> Reach,
        variables: &[VarId],
    ) -> Result<RulePlan, String> {
        let mut plan = self.body(body, &mut Set::new(), delta, reach)?;
        let operand = |&VarId(v): &VarId| {
            let ty = self.rule.variables[v as usize].ty.clone();
            Operand { kind: OperandKind::Slot(v as usize), ty }
        };
        let head = variables.iter().map(operand).collect();
        plan.resize(self.slots);
        plan.settle(&variables.iter().map(|&VarId(v)| v as usize).collect::<Vec<_>>());
        Ok(RulePlan { body: plan, head, record: None })
    }

    /// The numbers, in the slot that is returned, of those rows of the rule's relation that a body may have made: they agree
    /// with all of the head's arguments that the body has values for.
    pub fn suspects(mut self, body: &Body, reach: &dyn Fn(usize) -> Reach) -> Result<(Plan, usize), String> {
        let mut bound = Set::new();
        let mut plan = self.body(body, &mut bound, Some(0), reach)?;
        let decl = self.program.relation(self.rule.head).decl.clone();
        let mut known = Vec::new();
        for (number, (expr, column)) in self.rule.args.iter().zip(&decl.columns).enumerate() {
            if is_of_rows(expr) && self.scope.needs(expr).iter().all(|v| bound.contains(v)) {
                let operand = self.operand(expr, &mut bound, body.len(), &mut plan.ops)?;
                let operand = widen(operand, &column.ty, &mut self.database.values);
                known.push((number, self.source(operand, body.len(), &mut bound, &mut plan.ops)));
            }
        }
        let slot = self.slot();
        let join = self.locate(self.rule.head, known, slot);
        plan.ops.push(Op::new(OpKind::Join(join), body.len()));
        plan.resize(self.slots);
        plan.settle(&[slot]);
        Ok((plan, slot))
    }

    pub(super) fn body(
        &mut self,
        body: &Body,
        bound: &mut Set,
        delta: Option<usize>,
        reach: &dyn Fn(usize) -> Reach,
    ) -> Result<Plan, String> {
        let mut ops = Vec::new();
        let mut late: Vec<Late> = Vec::new();
        let outermost = std::mem::take(&mut self.outermost);
        let ever = if outermost { self.ever } else { 0 };
        let once = outermost && delta.is_none() && !self.reads_growing(body);
        self.once = once;
        for (literal, expected) in self.order(body, bound, delta)? {
            let first = ops.len();
            self.once = once;
            if matches!(body[literal].kind, LiteralKind::Atom(_)) {
                self.atom(body, literal, (reach(literal), literal < ever), bound, &mut ops, &mut late)?;
            } else {
                self.literal(&body[literal], literal, bound, &mut ops)?;
            }
            self.late(&mut late, bound, &mut ops)?;
            for op in &mut ops[first..] {
                op.place = body.get(op.literal).map(|literal| literal.place);
                op.expected = expected;
            }
        }
        match late.first() {
            Some(_) => Err("an argument is computed from a variable that nothing binds".to_owned()),
            None => Ok(Plan { ops, slots: self.slots }),
        }
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
