//! From unordered bodies to plans.

mod estimate;
mod meet;
mod op;
mod operand;
mod order;
mod planner;
mod ready;
mod scope;
mod steps;

pub(crate) use op::{
    Access, AggregateOp, Check, GroupBind, Join, Meet, Op, OpKind, Operand, OperandKind, Plan, Source, Way,
};
pub(crate) use planner::{Planner, RulePlan};
pub(crate) use scope::Scope;
pub(crate) use steps::aggregate_types;
