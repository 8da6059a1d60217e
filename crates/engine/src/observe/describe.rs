//! From plans to what is told of them.

use std::sync::Arc;

use ir::{Program, RelId};

use super::{Access, Kept, Rows, Step, StepKind, Way};
use crate::exec::{Figures, Tally};
use crate::plan::{self, Join, Op, OpKind, Plan};
use crate::store::Reach;

/// Names of relations and columns, those of kept parts too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    /// The program with the helper relations behind its own.
    pub program: &'a Program,
    /// How many relations are its own.
    pub own: usize,
}

impl Names<'_> {
    pub fn name(&self, relation: RelId) -> Arc<str> {
        self.program.relation(relation).decl.name.clone()
    }

    /// The part that a helper relation keeps.
    pub fn part(&self, relation: RelId) -> Option<Kept> {
        let decl = &self.program.relation(relation).decl;
        let helper = (relation.0 as usize) >= self.own;
        helper.then(|| Kept {
            name: decl.name.clone(),
            variables: decl.columns.iter().map(|column| column.name.clone()).collect(),
        })
    }

    pub fn columns(&self, relation: RelId, columns: &[usize]) -> Vec<Arc<str>> {
        let decl = &self.program.relation(relation).decl;
        columns.iter().filter_map(|&column| decl.columns.get(column)).map(|column| column.name.clone()).collect()
    }

    /// The operations of a plan. `index` gives the columns of an index.
    pub fn steps(&self, plan: &Plan, index: &dyn Fn(RelId, usize) -> Vec<usize>) -> Vec<Step> {
        plan.ops.iter().map(|op| self.step(op, index)).collect()
    }

    fn step(&self, op: &Op, index: &dyn Fn(RelId, usize) -> Vec<usize>) -> Step {
        let mut inside = Vec::new();
        let kind = match &op.kind {
            OpKind::Join(join) => StepKind::Join(self.access(join, index)),
            OpKind::Meet(meet) => {
                inside.push(meet.ways.iter().map(|way| self.way(way, index)).collect());
                StepKind::Meet
            }
            OpKind::Exists(join) => StepKind::Exists(self.access(join, index)),
            OpKind::Absent(join) => StepKind::Absent(self.access(join, index)),
            OpKind::Compare(..) | OpKind::In { .. } | OpKind::IsNone { .. } | OpKind::Text { .. } => StepKind::Test,
            OpKind::Bind { .. } => StepKind::Compute,
            OpKind::Each { .. } => StepKind::Each,
            OpKind::Or(branches) => {
                inside = branches.iter().map(|branch| self.steps(branch, index)).collect();
                StepKind::Or
            }
            OpKind::Not { plan, .. } => {
                inside.push(self.steps(plan, index));
                StepKind::Not
            }
            OpKind::Aggregate(aggregate) => {
                inside.push(self.steps(&aggregate.plan, index));
                StepKind::Aggregate(aggregate.function)
            }
            OpKind::Distinct(_) => StepKind::Distinct,
        };
        Step { kind, place: op.place, expected: op.expected, figures: Figures::default(), inside }
    }

    /// An atom of several that meet.
    fn way(&self, way: &plan::Way, index: &dyn Fn(RelId, usize) -> Vec<usize>) -> Step {
        let kind = StepKind::Join(Access {
            relation: self.name(way.relation),
            part: self.part(way.relation),
            rows: Rows::All,
            way: Way::Index(self.columns(way.relation, &index(way.relation, way.index))),
        });
        Step { kind, place: way.place, expected: f64::NAN, figures: Figures::default(), inside: Vec::new() }
    }

    fn access(&self, join: &Join, index: &dyn Fn(RelId, usize) -> Vec<usize>) -> Access {
        let rows = match join.reach {
            Reach::All => Rows::All,
            Reach::Old => Rows::Older,
            Reach::Delta => Rows::New,
        };
        let way = match join.access {
            plan::Access::Scan => Way::Scan,
            plan::Access::Index(number) => Way::Index(self.columns(join.relation, &index(join.relation, number))),
            plan::Access::Whole => Way::Member,
        };
        Access { relation: self.name(join.relation), part: self.part(join.relation), rows, way }
    }
}

/// Whether two plans do the same; what is expected of them may differ.
pub(super) fn same(one: &[Step], other: &[Step]) -> bool {
    let same_step = |one: &Step, other: &Step| {
        one.kind == other.kind
            && one.place == other.place
            && one.inside.len() == other.inside.len()
            && one.inside.iter().zip(&other.inside).all(|(one, other)| same(one, other))
    };
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_step(one, other))
}

/// Enters the figures of a tally.
pub(super) fn fill(steps: &mut [Step], tally: &Tally) {
    for (step, count) in steps.iter_mut().zip(&tally.ops) {
        step.figures = count.figures;
        step.inside.iter_mut().zip(&count.inside).for_each(|(inside, tally)| fill(inside, tally));
    }
}
