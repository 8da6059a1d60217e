//! From literals to operations, once it is settled what is bound before them.

use facts::{Code, Type};
use ir::{Aggregate, Arg, Atom, Body, Expr, ExprKind, Literal, LiteralKind, RelId};

use super::op::{Access, AggregateOp, Check, GroupBind, Join, Op, OpKind, Operand, OperandKind, ROW, Source};
use super::operand::{level, lower, widen};
use super::planner::{Late, Planner};
use super::ready::is_single;
use super::scope::Set;
use crate::store::Reach;

impl Planner<'_> {
    pub(super) fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    pub(super) fn atom<'b>(
        &mut self,
        body: &'b Body,
        literal: usize,
        (reach, ever): (Reach, bool),
        bound: &mut Set,
        ops: &mut Vec<Op>,
        late: &mut Vec<Late<'b>>,
    ) -> Result<(), String> {
        let LiteralKind::Atom(atom) = &body[literal].kind else {
            return Err("a delta is read by an atom".to_owned());
        };
        let decl = self.program.relation(atom.relation).decl.clone();
        let first = ops.len();
        let mut known: Vec<(usize, Source)> = Vec::new();
        let mut checks = Vec::new();
        let mut binds: Vec<(usize, usize)> = Vec::new();
        // Behind the aggregates of all arguments, so that none of these is passed over.
        let mut computed = Vec::new();
        for (number, (arg, column)) in atom.args.iter().zip(&decl.columns).enumerate() {
            match arg {
                Arg::Any => {}
                Arg::Missing => known.push((number, Source::Code(Code::NONE.0))),
                Arg::Optional(variable) => binds.push((variable.0 as usize, number)),
                Arg::Var(variable) => {
                    let slot = variable.0 as usize;
                    if bound.contains(&slot) {
                        known.push((number, Source::Slot(slot)));
                    } else if let Some(&(_, first)) = binds.iter().find(|(other, _)| *other == slot) {
                        checks.push(Check::Same(first, number));
                    } else {
                        binds.push((slot, number));
                        checks.extend(column.optional.then_some(Check::Present(number)));
                    }
                }
                Arg::Value(expr) => {
                    checks.extend(column.optional.then_some(Check::Present(number)));
                    if self.scope.needs(expr).iter().all(|v| bound.contains(v)) {
                        let operand = self.operand(expr, bound, literal, ops)?;
                        let operand = widen(operand, &column.ty, &mut self.database.values);
                        known.push((number, self.source(operand, literal, bound, &mut computed)));
                    } else {
                        let slot = self.slot();
                        binds.push((slot, number));
                        late.push(Late { slot, expr, ty: column.ty.clone(), literal });
                    }
                }
            }
        }
        wary(&mut ops[first..]);
        ops.append(&mut computed);
        bound.extend(binds.iter().map(|&(slot, _)| slot));
        let stored = self.store.get(atom.relation);
        // Sets of members have no rows that went. What is known already need not be asked where more than that is welcome.
        if ever && known.len() == stored.columns.len() && (stored.growing || !stored.dead.is_empty()) {
            return Ok(());
        }
        if !ever && (!stored.dead.is_empty() || self.mortal && stored.growing) {
            checks.push(Check::Alive);
        }
        let scan = self.once && is_single(ops) && self.scans(atom.relation, &known);
        let join = self.join(atom, reach, known, checks, binds, scan)?;
        ops.push(Op::new(OpKind::Join(join), literal));
        Ok(())
    }

    /// Finds the numbers of the rows of a relation that have these values.
    pub(super) fn locate(&mut self, relation: RelId, known: Vec<(usize, Source)>, slot: usize) -> Join {
        let stored = self.store.get_mut(relation);
        let on: Vec<usize> = known.iter().map(|&(column, _)| column).collect();
        let (access, key) = match on.is_empty() {
            true => (Access::Scan, Vec::new()),
            false => {
                let number = stored.locator(&on);
                let key = stored.index(number).on().iter();
                let source =
                    |column: &usize| known.iter().find(|(other, _)| other == column).map(|&(_, source)| source);
                (Access::Index(number), key.filter_map(source).collect())
            }
        };
        let is = known.iter().map(|&(column, source)| Check::Is(column, source));
        let checks = std::iter::once(Check::Alive).chain(is).collect();
        Join { relation, reach: Reach::All, access, key, checks, binds: vec![(slot, ROW)] }
    }

    /// Looks rows up by the known columns, or holds all rows against them if `scan`; those of a delta are few and scanned.
    fn join(
        &mut self,
        atom: &Atom,
        reach: Reach,
        known: Vec<(usize, Source)>,
        mut checks: Vec<Check>,
        binds: Vec<(usize, usize)>,
        scan: bool,
    ) -> Result<Join, String> {
        let relation = atom.relation;
        let stored = self.store.get_mut(relation);
        let (columns, key): (Vec<usize>, Vec<Source>) = known.iter().copied().unzip();
        let scanned = known.is_empty() && (stored.columns.len() != known.len() || stored.growing);
        let constant = known.iter().all(|(_, source)| matches!(source, Source::Code(_)));
        if scanned || scan || (reach == Reach::Delta && constant) {
            checks.extend(known.iter().map(|&(column, source)| Check::Is(column, source)));
            return Ok(Join { relation, reach, access: Access::Scan, key: Vec::new(), checks, binds });
        }
        // The members of a growing relation include rows that are not visible yet; its indexes do not.
        let access = if columns.len() == stored.columns.len() && !stored.growing {
            stored.ensure_members();
            Access::Whole
        } else if let Some(number) = stored.narrow_index(&columns) {
            let on = stored.index(number).on();
            let (indexed, others): (Vec<_>, Vec<_>) = known.iter().partition(|(column, _)| on.contains(column));
            checks.extend(others.into_iter().map(|(column, source)| Check::Is(column, source)));
            let source = |column: &usize| indexed.iter().find(|(other, _)| other == column).map(|&(_, source)| source);
            let key = on.iter().filter_map(source).collect();
            return Ok(Join { relation, reach, access: Access::Index(number), key, checks, binds });
        } else {
            let index = stored.ensure_index_unless(&columns, &|| self.cancel.is_cancelled());
            Access::Index(index.ok_or("it was cancelled")?)
        };
        Ok(Join { relation, reach, access, key, checks, binds })
    }

    pub(super) fn literal(
        &mut self,
        literal: &Literal,
        number: usize,
        bound: &mut Set,
        ops: &mut Vec<Op>,
    ) -> Result<(), String> {
        let first = ops.len();
        let kind = match &literal.kind {
            LiteralKind::Atom(_) => return Err("atoms are planned apart".to_owned()),
            LiteralKind::Not(body) => self.not(body, bound)?,
            LiteralKind::Or(branches) => {
                let given = self.scope.gives(self.rule, literal, &|v| bound.contains(&v));
                let mut plans = Vec::new();
                for branch in branches {
                    plans.push(self.body(branch, &mut bound.clone(), None, &|_| Reach::All)?);
                }
                bound.extend(given);
                OpKind::Or(plans)
            }
            LiteralKind::Compare(op, left, right) => {
                if let Some((slot, other)) = self.scope.binder(self.rule, literal, &|v| bound.contains(&v)) {
                    let operand = self.operand(other, bound, number, ops)?;
                    let ty = &self.rule.variables[slot].ty;
                    let operand = widen(operand, ty, &mut self.database.values);
                    bound.insert(slot);
                    OpKind::Bind { slot, operand }
                } else {
                    let left = self.operand(left, bound, number, ops)?;
                    let right = self.operand(right, bound, number, ops)?;
                    let (left, right) = level(left, right, &mut self.database.values);
                    OpKind::Compare(*op, left, right)
                }
            }
            LiteralKind::IsNone { variable, negated } => {
                OpKind::IsNone { slot: variable.0 as usize, negated: *negated }
            }
            LiteralKind::Text { test, negated, left, right, groups } => {
                let left = self.operand(left, bound, number, ops)?;
                let right = self.operand(right, bound, number, ops)?;
                let mut binds: Vec<GroupBind> = Vec::new();
                for group in groups {
                    let slot = group.variable.0 as usize;
                    let optional = self.rule.variable(group.variable).optional;
                    let known = !bound.insert(slot);
                    binds.push(GroupBind { slot, group: group.group.clone(), optional, bound: known });
                }
                OpKind::Text { test: *test, negated: *negated, left, right, groups: binds }
            }
            LiteralKind::In { operand, values, negated } => match operand.kind {
                ExprKind::Var(variable) if !negated && bound.insert(variable.0 as usize) => {
                    let mut codes: Vec<u32> = values.iter().map(|v| self.database.values.encode(v).0).collect();
                    codes.sort_unstable();
                    codes.dedup();
                    OpKind::Each { slot: variable.0 as usize, values: codes }
                }
                _ => {
                    let operand = self.operand(operand, bound, number, ops)?;
                    OpKind::In { operand, values: values.clone(), negated: *negated }
                }
            },
        };
        wary(&mut ops[first..]);
        ops.push(Op::new(kind, number));
        Ok(())
    }

    fn not(&mut self, body: &Body, bound: &Set) -> Result<OpKind, String> {
        let mut inner = bound.clone();
        let mut plan = self.body(body, &mut inner, None, &|_| Reach::All)?;
        // One atom that is looked up: no need for a plan inside.
        if let [Op { kind: OpKind::Join(join), .. }] = plan.ops.as_slice()
            && join.access != Access::Scan
            && let Some(Op { kind: OpKind::Join(mut join), .. }) = plan.ops.pop()
        {
            join.binds.clear();
            return Ok(OpKind::Absent(join));
        }
        // `not ( not a(x) )` asks whether there is a row, and shows none in proofs.
        if let [Op { kind: OpKind::Absent(_), .. }] = plan.ops.as_slice()
            && let Some(Op { kind: OpKind::Absent(join), .. }) = plan.ops.pop()
        {
            return Ok(OpKind::Exists(join));
        }
        let group = self.scope.shared_by_body(body).intersection(bound).copied().collect();
        Ok(OpKind::Not { plan, tag: self.slot(), group })
    }

    /// The operand of an expression; its aggregates are computed by operations before it.
    pub(super) fn operand(
        &mut self,
        expr: &Expr,
        bound: &mut Set,
        literal: usize,
        ops: &mut Vec<Op>,
    ) -> Result<Operand, String> {
        let mut slots = Vec::new();
        let mut found = Vec::new();
        expr.each_aggregate(&mut |aggregate| found.push(aggregate));
        aggregate_types(expr, &mut slots);
        let mut places = Vec::new();
        for (aggregate, ty) in found.into_iter().zip(slots) {
            let op = self.aggregate(aggregate, ty, bound)?;
            bound.insert(op.slot);
            places.push(op.slot);
            ops.push(Op::new(OpKind::Aggregate(op), literal));
        }
        let mut places = places.into_iter();
        Ok(lower(expr, &mut self.database.values, &mut |_| places.next().unwrap_or_default()))
    }

    fn aggregate(&mut self, aggregate: &Aggregate, ty: Type, bound: &Set) -> Result<AggregateOp, String> {
        let slot = self.slot();
        let tag = self.slot();
        let group: Set = self.scope.shared_by_aggregate(aggregate).intersection(bound).copied().collect();
        let mut inner = group.clone();
        let mut plan = self.body(&aggregate.body, &mut inner, None, &|_| Reach::All)?;
        let mut listed = Vec::new();
        for expr in &aggregate.listed {
            listed.push(self.operand(expr, &mut inner, aggregate.body.len(), &mut plan.ops)?);
        }
        let group = group.into_iter().collect();
        Ok(AggregateOp { slot, ty, function: aggregate.function, group, plan, tag, listed, wary: false })
    }

    /// Where an atom's operand comes from: computed ones get a slot.
    pub(super) fn source(&mut self, operand: Operand, literal: usize, bound: &mut Set, ops: &mut Vec<Op>) -> Source {
        match operand.kind {
            OperandKind::Const(code, _) => Source::Code(code.0),
            OperandKind::Slot(slot) => Source::Slot(slot),
            _ => {
                let slot = self.slot();
                bound.insert(slot);
                ops.push(Op::new(OpKind::Bind { slot, operand }, literal));
                Source::Slot(slot)
            }
        }
    }
}

/// Where a literal has several aggregates, one without value must not hide a fault inside the next: the exact path looks.
fn wary(ops: &mut [Op]) {
    if ops.len() > 1 {
        for op in ops {
            if let OpKind::Aggregate(aggregate) = &mut op.kind {
                aggregate.wary = true;
            }
        }
    }
}

/// The types of the aggregates of an expression, in the order in which they are met.
pub(crate) fn aggregate_types(expr: &Expr, out: &mut Vec<Type>) {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => {}
        ExprKind::Negate(inner) => aggregate_types(inner, out),
        ExprKind::Arithmetic(_, left, right) => {
            aggregate_types(left, out);
            aggregate_types(right, out);
        }
        ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().for_each(|arg| aggregate_types(arg, out)),
        ExprKind::Aggregate(_) => out.push(expr.ty.clone()),
    }
}
