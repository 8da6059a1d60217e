//! Which absent inputs could have changed what a relation holds: those are worth telling, others are not.
//!
//! An absent input is taken for one that might hold anything. A rule that reads it, directly or through others, could then
//! make or lose a row only if the rest of its body can hold, with the rows that there are: a rule that also asks for a file in Go
//! is of no concern to a repository without one. What is told errs on the side of too much: only missing rows count,
//! and rows without a constant that a rule asks for, never that two rows do not fit each other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use engine::Evaluation;
use facts::{Code, Value};
use ir::{Arg, Atom, Expr, ExprKind, Literal, LiteralKind, Program, RelId, RelationKind};

/// For each relation what may change it.
pub(crate) struct Matter<'a> {
    program: &'a Program,
    evaluation: &'a Evaluation,
    /// Relations that might hold other rows than they do: absent inputs and what is computed from them.
    open: BTreeSet<RelId>,
    /// By relation, the open relations that a rule for it reads where the rule can hold.
    reads: BTreeMap<RelId, BTreeSet<RelId>>,
    /// Whether a column holds a value.
    held: RefCell<BTreeMap<(RelId, usize, Code), bool>>,
}

impl<'a> Matter<'a> {
    pub(crate) fn new(program: &'a Program, evaluation: &'a Evaluation, absent: BTreeSet<RelId>) -> Self {
        let mut readers: BTreeMap<RelId, BTreeSet<usize>> = BTreeMap::new();
        for (number, rule) in program.rules.iter().enumerate() {
            let mut note = |relation| {
                readers.entry(relation).or_default().insert(number);
            };
            each_relation(&rule.body, &mut note);
            rule.args.iter().for_each(|arg| each_in_operand(arg, &mut note));
        }
        let mut waiting: Vec<RelId> = absent.iter().copied().collect();
        let mut matter = Matter { program, evaluation, open: absent, reads: BTreeMap::new(), held: RefCell::default() };
        while let Some(relation) = waiting.pop() {
            for &number in readers.get(&relation).into_iter().flatten() {
                let rule = &program.rules[number];
                let mut touched = BTreeSet::new();
                if !matter.holds(&rule.body, &mut touched) {
                    continue;
                }
                rule.args.iter().for_each(|arg| matter.operand(arg, &mut touched));
                if touched.is_empty() {
                    continue;
                }
                matter.reads.entry(rule.head).or_default().extend(touched);
                if matter.open.insert(rule.head) {
                    waiting.push(rule.head);
                }
            }
        }
        matter
    }

    /// The inputs among the absent ones that could change one of the relations.
    pub(crate) fn to(&self, relations: &[RelId]) -> BTreeSet<RelId> {
        let mut seen: BTreeSet<RelId> = relations.iter().copied().collect();
        let mut waiting = relations.to_vec();
        let mut found = BTreeSet::new();
        while let Some(relation) = waiting.pop() {
            if self.open.contains(&relation) && self.program.relation(relation).kind == RelationKind::Input {
                found.insert(relation);
            }
            let below = self.reads.get(&relation).into_iter().flatten();
            waiting.extend(below.copied().filter(|read| seen.insert(*read)));
        }
        found
    }

    /// Whether the body can hold. Open relations that take part go to `touched`.
    fn holds(&self, body: &[Literal], touched: &mut BTreeSet<RelId>) -> bool {
        let mut inside = BTreeSet::new();
        for literal in body {
            match &literal.kind {
                LiteralKind::Atom(atom) => {
                    if self.open.contains(&atom.relation) {
                        inside.insert(atom.relation);
                    } else if !self.matches(atom) {
                        return false;
                    }
                }
                // What holds in there more or less often changes the rule, and does not stop it.
                LiteralKind::Not(body) => {
                    self.holds(body, &mut inside);
                }
                LiteralKind::Or(branches) => {
                    let mut any = false;
                    branches.iter().for_each(|branch| any |= self.holds(branch, &mut inside));
                    if !any {
                        return false;
                    }
                }
                LiteralKind::Compare(..)
                | LiteralKind::IsNone { .. }
                | LiteralKind::Text { .. }
                | LiteralKind::In { .. } => {}
            }
            literal.each_operand(&mut |operand| self.operand(operand, &mut inside));
        }
        touched.append(&mut inside);
        true
    }

    fn operand(&self, operand: &Expr, touched: &mut BTreeSet<RelId>) {
        operand.each_aggregate(&mut |aggregate| {
            self.holds(&aggregate.body, touched);
            aggregate.listed.iter().for_each(|listed| self.operand(listed, touched));
        });
    }

    /// Whether there are rows, and one with each of the atom's constants.
    fn matches(&self, atom: &Atom) -> bool {
        let mut constants = atom.args.iter().enumerate().filter_map(|(column, arg)| match arg {
            Arg::Value(Expr { kind: ExprKind::Const(value), .. }) => Some((column, value)),
            _ => None,
        });
        self.evaluation.count(atom.relation) > 0
            && constants.all(|(column, value)| self.has(atom.relation, column, value))
    }

    fn has(&self, relation: RelId, column: usize, value: &Value) -> bool {
        let Some(code) = self.evaluation.database().values.lookup(value) else { return false };
        *self
            .held
            .borrow_mut()
            .entry((relation, column, code))
            .or_insert_with(|| self.evaluation.column(relation, column).contains(&code.0))
    }
}

/// Each relation that stands in the body, at any depth.
fn each_relation(body: &[Literal], note: &mut dyn FnMut(RelId)) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => note(atom.relation),
            LiteralKind::Not(body) => each_relation(body, note),
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| each_relation(branch, note)),
            LiteralKind::Compare(..)
            | LiteralKind::IsNone { .. }
            | LiteralKind::Text { .. }
            | LiteralKind::In { .. } => {}
        }
        literal.each_operand(&mut |operand| each_in_operand(operand, note));
    }
}

fn each_in_operand(operand: &Expr, note: &mut dyn FnMut(RelId)) {
    operand.each_aggregate(&mut |aggregate| {
        each_relation(&aggregate.body, note);
        aggregate.listed.iter().for_each(|listed| each_in_operand(listed, note));
    });
}
