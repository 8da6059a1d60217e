//! The checked, stratified program over dense ids: what evaluators read.
//!
//! Names are resolved, types inferred, params and `today()` replaced by their values, safety and
//! stratification proven. It says *what* holds, never how to find it: bodies are unordered conjunctions,
//! and which literal binds which variable is for a planner to choose. It is free of any one engine's ways, so
//! that a backend on many machines reads it as the embedded engine does.

mod expr;
mod literal;
mod print;
mod program;
mod read;
mod vars;

pub use expr::{Aggregate, AggregateFunction, ArithmeticOp, Expr, ExprKind, Function};
pub use literal::{Arg, Atom, Body, Comparison, Group, Literal, LiteralKind, TextTest};
pub use print::{ShowRule, aggregate_name, arithmetic, show_expr, show_literal};
pub use program::{Fact, Program, RelId, Relation, RelationKind, Rule, RuleId, Stratum, VarId, Variable};
pub use read::{ReadError, read, strata};
pub use vars::each_variable;
