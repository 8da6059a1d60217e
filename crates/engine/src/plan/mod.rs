//! From unordered bodies to plans.

mod op;
mod operand;
mod order;
mod planner;
mod scope;
mod steps;

pub(crate) use op::{Access, AggregateOp, Check, GroupBind, Join, Op, OpKind, Operand, OperandKind, Plan, Source};
pub(crate) use planner::{Planner, RulePlan};
pub(crate) use scope::Scope;
pub(crate) use steps::aggregate_types;
