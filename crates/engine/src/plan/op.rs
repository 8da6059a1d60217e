//! Plans: the order in which a body's literals are carried out, over blocks of bindings.
//!
//! A binding is one row of a block; each variable has a slot, a column of the block. Values that the plan computes on its
//! way (operands of atoms, aggregates) have slots behind those of the variables.

use base::Place;
use facts::{Code, Type, Value};
use ir::{AggregateFunction, ArithmeticOp, Comparison, Function, RelId, TextTest};

use crate::store::Reach;

/// A conjunction, ordered.
#[derive(Debug)]
pub(crate) struct Plan {
    pub ops: Vec<Op>,
    /// How many slots blocks have.
    pub slots: usize,
}

/// A step of a plan.
#[derive(Debug)]
pub(crate) struct Op {
    pub kind: OpKind,
    /// The literal of the body that it belongs to.
    pub literal: usize,
    /// Where that stands.
    pub place: Option<Place>,
    /// Bindings behind it, as far as can be foretold; of a plan that reads new rows, for each of these.
    pub expected: f64,
    /// Slots that are needed after it.
    pub keep: Vec<usize>,
}

#[derive(Debug)]
pub(crate) enum OpKind {
    /// Each binding with each matching row.
    Join(Join),
    /// Bindings for which some row matches.
    Exists(Join),
    /// Bindings for which no row matches.
    Absent(Join),
    /// Each binding with each value of a slot that all of some atoms have.
    Meet(Meet),
    Compare(Comparison, Operand, Operand),
    /// Binds a slot to the operand's value.
    Bind {
        slot: usize,
        operand: Operand,
    },
    /// Binds a slot to each value in turn.
    Each {
        slot: usize,
        values: Vec<u32>,
    },
    In {
        operand: Operand,
        values: Vec<Value>,
        negated: bool,
    },
    IsNone {
        slot: usize,
        negated: bool,
    },
    Text {
        test: TextTest,
        negated: bool,
        left: Operand,
        right: Operand,
        groups: Vec<GroupBind>,
    },
    /// Some branch.
    Or(Vec<Plan>),
    /// Bindings for which the plan gives nothing; `group` are the slots that it shares, `tag` numbers their values inside.
    Not {
        plan: Plan,
        tag: usize,
        group: Vec<usize>,
    },
    Aggregate(AggregateOp),
    /// Bindings that differ in these slots from all that came here before, in this round or an earlier one: what the
    /// same values lead to was made then.
    Distinct(Vec<usize>),
}

/// How an atom finds its rows.
#[derive(Debug)]
pub(crate) struct Join {
    pub relation: RelId,
    pub reach: Reach,
    pub access: Access,
    /// One for each column that the access looks up.
    pub key: Vec<Source>,
    pub checks: Vec<Check>,
    /// Slots that take a column's value.
    pub binds: Vec<(usize, usize)>,
}

/// Atoms that limit one slot; everything else in them is known.
#[derive(Debug)]
pub(crate) struct Meet {
    pub slot: usize,
    pub ways: Vec<Way>,
}

/// An atom that gives the values of a slot, or is asked about one.
#[derive(Debug)]
pub(crate) struct Way {
    pub relation: RelId,
    /// The index on all columns but one, and what it looks up.
    pub index: usize,
    pub key: Vec<Source>,
    /// The column that has the values.
    pub column: usize,
    /// All columns, the slot among them.
    pub row: Vec<Source>,
    /// Where it stands.
    pub place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// All rows of the reach.
    Scan,
    /// The index of this number.
    Index(usize),
    /// Whether the row of these codes is there; what is bound is known then.
    Whole,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    Slot(usize),
    Code(u32),
}

/// What a row must satisfy beyond its key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    Present(usize),
    Same(usize, usize),
    Is(usize, Source),
    /// The row is not one that went.
    Alive,
}

/// In place of a column: the row's number.
pub(crate) const ROW: usize = usize::MAX;

/// A group's slot, where its text goes.
#[derive(Debug)]
pub(crate) struct GroupBind {
    pub slot: usize,
    pub group: std::sync::Arc<str>,
    pub optional: bool,
    /// Whether the slot has a value already, which the group must equal.
    pub bound: bool,
}

#[derive(Debug)]
pub(crate) struct AggregateOp {
    /// Where the value goes.
    pub slot: usize,
    pub ty: Type,
    pub function: AggregateFunction,
    /// Slots of the variables that are bound outside.
    pub group: Vec<usize>,
    pub plan: Plan,
    /// Slot of the group's number inside.
    pub tag: usize,
    pub listed: Vec<Operand>,
    /// Whether having no value is looked at as if it were a fault: in a head it is one.
    pub wary: bool,
}

/// An operand ready for evaluation: aggregates are slots, constants are codes, numbers have one type.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub kind: OperandKind,
    pub ty: Type,
}

#[derive(Debug, Clone)]
pub(crate) enum OperandKind {
    Const(Code, Value),
    Slot(usize),
    Negate(Box<Operand>),
    Arithmetic(ArithmeticOp, Box<Operand>, Box<Operand>),
    Call(Function, Vec<Operand>),
    Concat(Vec<Operand>),
    Else(usize, Code),
    /// An int read as a float.
    Widen(Box<Operand>),
}

impl Operand {
    /// Calls `f` with each slot that it reads.
    pub fn each_slot(&self, f: &mut dyn FnMut(usize)) {
        match &self.kind {
            OperandKind::Const(..) => {}
            OperandKind::Slot(slot) | OperandKind::Else(slot, _) => f(*slot),
            OperandKind::Negate(inner) | OperandKind::Widen(inner) => inner.each_slot(f),
            OperandKind::Arithmetic(_, left, right) => {
                left.each_slot(f);
                right.each_slot(f);
            }
            OperandKind::Call(_, args) | OperandKind::Concat(args) => args.iter().for_each(|arg| arg.each_slot(f)),
        }
    }
}

impl Op {
    /// An operation of a literal; what it keeps is settled when the plan is complete.
    pub fn new(kind: OpKind, literal: usize) -> Self {
        Op { kind, literal, place: None, expected: 0.0, keep: Vec::new() }
    }

    /// Calls `f` with each slot that it reads.
    pub fn each_read(&self, f: &mut dyn FnMut(usize)) {
        match &self.kind {
            OpKind::Join(join) | OpKind::Exists(join) | OpKind::Absent(join) => {
                let checks = join.checks.iter().filter_map(|check| match check {
                    Check::Is(_, source) => Some(source),
                    _ => None,
                });
                for source in join.key.iter().chain(checks) {
                    if let Source::Slot(slot) = source {
                        f(*slot);
                    }
                }
            }
            OpKind::Meet(meet) => {
                for source in meet.ways.iter().flat_map(|way| &way.key) {
                    if let Source::Slot(slot) = source {
                        f(*slot);
                    }
                }
            }
            OpKind::Compare(_, left, right) => {
                left.each_slot(f);
                right.each_slot(f);
            }
            OpKind::Bind { operand, .. } | OpKind::In { operand, .. } => operand.each_slot(f),
            OpKind::Each { .. } => {}
            OpKind::IsNone { slot, .. } => f(*slot),
            OpKind::Text { left, right, groups, .. } => {
                left.each_slot(f);
                right.each_slot(f);
                groups.iter().filter(|group| group.bound).for_each(|group| f(group.slot));
            }
            OpKind::Or(branches) => branches.iter().for_each(|plan| plan.each_read(f)),
            OpKind::Not { group, .. } => group.iter().for_each(|&slot| f(slot)),
            OpKind::Aggregate(aggregate) => aggregate.group.iter().for_each(|&slot| f(slot)),
            OpKind::Distinct(slots) => slots.iter().for_each(|&slot| f(slot)),
        }
    }

    /// Calls `f` with each slot that it gives a value.
    pub fn each_written(&self, f: &mut dyn FnMut(usize)) {
        match &self.kind {
            OpKind::Join(join) => join.binds.iter().for_each(|&(slot, _)| f(slot)),
            OpKind::Meet(Meet { slot, .. }) | OpKind::Bind { slot, .. } | OpKind::Each { slot, .. } => f(*slot),
            OpKind::Text { groups, .. } => groups.iter().filter(|g| !g.bound).for_each(|group| f(group.slot)),
            OpKind::Or(branches) => {
                branches.iter().flat_map(|plan| &plan.ops).for_each(|op| op.each_written(f));
            }
            OpKind::Aggregate(aggregate) => f(aggregate.slot),
            _ => {}
        }
    }
}

impl Plan {
    /// Gives its blocks, and those of plans inside, that many slots.
    pub fn resize(&mut self, slots: usize) {
        self.slots = slots;
        for op in &mut self.ops {
            match &mut op.kind {
                OpKind::Or(branches) => branches.iter_mut().for_each(|plan| plan.resize(slots)),
                OpKind::Not { plan, .. } => plan.resize(slots),
                OpKind::Aggregate(aggregate) => aggregate.plan.resize(slots),
                _ => {}
            }
        }
    }

    /// Calls `f` with each slot that it reads, those that it writes itself included.
    pub fn each_read(&self, f: &mut dyn FnMut(usize)) {
        self.ops.iter().for_each(|op| op.each_read(f));
    }

    /// Fills in what each operation must keep, given what is read at the end. Joins that give nothing but a yes become
    /// [`OpKind::Exists`]: one match is enough then.
    pub fn settle(&mut self, outputs: &[usize]) {
        let mut live = vec![false; self.slots];
        outputs.iter().for_each(|&slot| live[slot] = true);
        for op in self.ops.iter_mut().rev() {
            op.keep = (0..self.slots).filter(|&slot| live[slot]).collect();
            if let OpKind::Join(join) = &mut op.kind {
                join.binds.retain(|&(slot, _)| live[slot]);
            }
            match &mut op.kind {
                OpKind::Or(branches) => branches.iter_mut().for_each(|branch| branch.settle(&op.keep)),
                OpKind::Not { plan, tag, .. } => plan.settle(&[*tag]),
                OpKind::Aggregate(aggregate) => {
                    let mut outputs = vec![aggregate.tag];
                    aggregate.listed.iter().for_each(|listed| listed.each_slot(&mut |slot| outputs.push(slot)));
                    aggregate.plan.settle(&outputs);
                }
                _ => {}
            }
            if matches!(&op.kind, OpKind::Join(join) if join.binds.is_empty()) {
                let kind = std::mem::replace(&mut op.kind, OpKind::Or(Vec::new()));
                if let OpKind::Join(join) = kind {
                    op.kind = OpKind::Exists(join);
                }
            }
            if !matches!(op.kind, OpKind::Or(_)) {
                op.each_written(&mut |slot| live[slot] = false);
            }
            op.each_read(&mut |slot| live[slot] = true);
        }
    }

    /// Whether it looks at codes alone, can fault nowhere, and remembers nothing from one block to the next.
    pub fn is_pure(&self) -> bool {
        let pure = |op: &Op| {
            matches!(
                op.kind,
                OpKind::Join(_) | OpKind::Meet(_) | OpKind::Exists(_) | OpKind::Absent(_) | OpKind::IsNone { .. }
            )
        };
        self.ops.iter().all(pure)
    }

    /// What its first operation scans, if it begins with a scan.
    pub fn first_scan(&self) -> Option<(RelId, Reach)> {
        match &self.ops.first()?.kind {
            OpKind::Join(join) if join.access == Access::Scan => Some((join.relation, join.reach)),
            _ => None,
        }
    }

    /// Before each join, drops bindings that were there before, where those so far may repeat themselves: some variable or
    /// column that told them apart is no longer looked at. Sharing what joins have in common this way keeps multi-way
    /// recursion from deriving the same rows over and over.
    pub fn share(&mut self, width: &dyn Fn(RelId) -> usize) {
        let mut ops = Vec::with_capacity(self.ops.len());
        let mut written: Vec<usize> = Vec::new();
        let mut repeats = false;
        for op in std::mem::take(&mut self.ops) {
            if matches!(op.kind, OpKind::Join(_) | OpKind::Meet(_)) && repeats && !written.is_empty() {
                let keep = written.clone();
                let kind = OpKind::Distinct(keep.clone());
                let expected = ops.last().map_or(1.0, |op: &Op| op.expected);
                ops.push(Op { expected, keep, ..Op::new(kind, usize::MAX) });
                repeats = false;
            }
            if let OpKind::Join(join) = &op.kind {
                let fixed = join.checks.iter().filter(|check| matches!(check, Check::Same(..) | Check::Is(..))).count();
                repeats |= join.key.len() + join.binds.len() + fixed < width(join.relation);
            }
            repeats |= matches!(op.kind, OpKind::Or(_));
            op.each_written(&mut |slot| {
                if !written.contains(&slot) {
                    written.push(slot);
                }
            });
            repeats |= written.iter().any(|slot| !op.keep.contains(slot));
            written.retain(|slot| op.keep.contains(slot));
            ops.push(op);
        }
        self.ops = ops;
    }
}
