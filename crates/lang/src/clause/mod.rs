//! The compiler of clauses: from a rule, fact or query as written to a rule over relation ids.
//!
//! 1. [`resolve`]: names become relations, columns, params, functions; arguments line up with columns.
//! 2. [`branches`]: names of one branch of an `or` alone become its own.
//! 3. [`bind`]: each variable gets the scope that it belongs to, and is proven to have a value.
//! 4. [`infer`]: variables and operands get their types.
//! 5. [`emit`]: the rule in its final form.
//!
//! A step that fails ends the clause, so that one root cause is one error.

mod bind;
mod branches;
mod emit;
mod entry;
mod fact;
mod infer;
mod infer_operands;
mod judged;
mod literals;
mod operands;
mod operator_types;
mod resolve;
mod sure;
pub(crate) mod tree;

pub(crate) use bind::Variable;
pub(crate) use entry::{Outcome, query, query_atom, rule, subject};
pub(crate) use fact::{constant, fact, row};
pub(crate) use infer::{Types, coerce};
pub(crate) use judged::{Judged, judged};
