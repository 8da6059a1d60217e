//! Why rows are there, and why they are not.
//!
//! A row stores which rule first made it and its batch which step; everything else is rebuilt on demand. A row of step
//! `s` is an instance of its rule over rows of smaller steps, and in a recursive stratum at least one of them is of
//! step `s - 1`: that slice is where the search begins.

mod build;
mod check;
mod compared;
mod pattern;
mod ranged;
mod why_not;

use base::Place;
use facts::{Origin, Value};
use ir::{AggregateFunction, RuleId, VarId};

pub use check::{CheckError, check};
pub use compared::Compared;
pub use pattern::{Pattern, Want};
pub use why_not::{Came, Failed, Failure, HeadGives, Near, Nearest, Step, WhyNot};

use crate::RowRef;

/// A proof: a directed graph without cycles, so that what several steps rest on stands once. Node 0 is what is proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Rows and why they hold. Premises name nodes by number.
    pub nodes: Vec<ProofNode>,
}

/// A row of a proof.
#[derive(Debug, Clone, PartialEq)]
pub struct ProofNode {
    /// Which row.
    pub row: RowRef,
    /// Its values.
    pub values: Vec<Value>,
    /// The step that made it; 0 for inputs and facts. Premises have smaller ones.
    pub step: u32,
    /// Why it holds.
    pub reason: Reason,
}

/// Why a row holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// It was extracted at these places.
    Input(Vec<Origin>),
    /// A policy or test states it.
    Fact(Place),
    /// A rule makes it.
    Rule(Box<Instance>),
}

/// A rule with values for its variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The rule.
    pub rule: RuleId,
    /// Values of the variables that are bound, by id; those inside `not` and aggregates are not.
    pub bindings: Vec<(VarId, Value)>,
    /// One for each literal of the body, in the order of the text.
    pub premises: Vec<Premise>,
    /// The aggregates of the head's arguments.
    pub aggregates: Vec<AggregateProof>,
}

/// Why a literal holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Premise {
    /// Where the literal stands.
    pub place: Place,
    /// Why it holds.
    pub kind: PremiseKind,
    /// The aggregates among its operands, in the order of the text.
    pub aggregates: Vec<AggregateProof>,
}

/// The kinds of premises.
#[derive(Debug, Clone, PartialEq)]
pub enum PremiseKind {
    /// A row: the number of its node.
    Row(usize),
    /// A body that holds for no values.
    Absent,
    /// A comparison or test that the values pass.
    Holds,
    /// A branch of an `or`, with a premise for each of its literals.
    Branch {
        /// Its number.
        branch: usize,
        /// Why it holds.
        premises: Vec<Premise>,
    },
}

/// What an aggregate came to, and over what.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateProof {
    /// Which one.
    pub function: AggregateFunction,
    /// Its value.
    pub value: Value,
    /// The variables that it is grouped by.
    pub group: Vec<(VarId, Value)>,
    /// The first tuples that it ranges over, by value.
    pub tuples: Vec<Ranged>,
    /// How many there are.
    pub total: usize,
}

/// A tuple that an aggregate ranges over.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranged {
    /// The listed values.
    pub tuple: Vec<Value>,
    /// Rows that make its body hold.
    pub rows: Vec<RowRef>,
}
