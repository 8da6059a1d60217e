//! What an evaluation tells of the way it went: the plans that were chosen, the indexes that they used, and, where asked for,
//! what each operation took in and gave out.
//!
//! Plans are made while rows are, since the best order depends on them; so plans are recorded, not foretold. A rule of a
//! recursive stratum has several: one that reads all rows once, then one for each of its recursive atoms, which reads the last
//! round's rows of it and all or the older rows of the others:
//!
//! ```text
//! path(x, z) :- path(x, y), edge(y, z).       once:               scan path(x, y), look up edge(y, z) by a
//!                                             new path(x, y):     scan the new path(x, y), look up edge(y, z) by a
//! ```

mod describe;
mod recorder;

use std::sync::Arc;
use std::time::Duration;

use base::Place;
use ir::{AggregateFunction, RuleId};

pub use crate::exec::Figures;
pub(crate) use recorder::Recorder;

/// What an evaluation takes notes of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Observe {
    /// Figures of rules and strata alone.
    #[default]
    Nothing,
    /// Plans and indexes.
    Plans,
    /// Plans, indexes, and the figures of each operation.
    Operators,
}

/// Plans and indexes of an evaluation.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// In the order in which they were first made.
    pub plans: Vec<PlanRecord>,
    /// By stratum in which they were first used, then relation and columns.
    pub indexes: Vec<IndexRecord>,
    /// By rule: rounds in which some plan of it was run.
    pub rounds: Vec<u64>,
    /// By stratum.
    pub strata: Vec<Housekeeping>,
}

/// Time of a stratum that no plan's run accounts for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Housekeeping {
    /// Making plans, indexes over complete rows included.
    pub planning: Duration,
    /// Ending rounds: new rows enter the indexes.
    pub publishing: Duration,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct PlanRecord {
    /// Which stratum, by its number.
    pub stratum: usize,
    /// The rule.
    pub rule: RuleId,
    /// What it reads.
    pub role: Role,
    /// Its operations in their order.
    pub steps: Vec<Step>,
    /// How often it was made: anew each time its stratum has grown a lot. Estimates are those of the last time.
    pub made: u64,
    /// How often it was run.
    pub runs: u64,
    /// Rows that it derived, rows that were new, and the time of adding them.
    pub added: Figures,
    /// Time of all its runs.
    pub time: Duration,
}

/// What a plan of a rule reads, and what for.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// All rows, once, or in each round where the rule could not be split.
    Full,
    /// The last round's rows of the atom here.
    New(Place),
    /// All rows, for the part of the rule that is kept.
    PartFull(Kept),
    /// The last round's rows of the atom here, for the part of the rule that is kept.
    PartNew(Kept, Place),
    /// What was added to the part that is kept.
    NewPart(Kept),
}

/// A part of a rule's body that is kept in a helper relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: Arc<str>,
    /// The variables that it gives.
    pub variables: Vec<Arc<str>>,
}

/// An operation of a plan.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// The literal that it belongs to; none for what belongs to the head or to no literal.
    pub place: Option<Place>,
    /// Bindings behind it, as the planner expected; of plans that read new rows, for each of these. Not a number for an atom
    /// of several that meet: it depends on the binding which of them gives the values.
    pub expected: f64,
    /// What it did; zeros unless [`Observe::Operators`] was asked for.
    pub figures: Figures,
    /// Bodies inside it: of a `not`, an aggregate, the branches of an `or`.
    pub inside: Vec<Vec<Step>>,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// Joins each binding with each matching row.
    Join(Access),
    /// Joins each binding with the values that all atoms inside have, from the one with the fewest.
    Meet,
    /// Keeps bindings for which some row matches.
    Exists(Access),
    /// Keeps bindings for which no row matches.
    Absent(Access),
    /// Compares, or tests a text, a list or a missing value.
    Test,
    /// Computes a value.
    Compute,
    /// Takes each value of a list.
    Each,
    /// Takes what each branch gives.
    Or,
    /// Keeps bindings for which the body inside gives nothing.
    Not,
    /// Computes an aggregate over the body inside, once for each group.
    Aggregate(AggregateFunction),
    /// Drops bindings that were there before.
    Distinct,
}

/// How an atom finds its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The relation.
    pub relation: Arc<str>,
    /// The part of the rule that it reads in the place of a relation.
    pub part: Option<Kept>,
    /// Which of its rows.
    pub rows: Rows,
    /// How.
    pub way: Way,
}

/// Which rows an atom reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// Those older than the last round.
    Older,
    /// Those of the last round.
    New,
}

/// How rows are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// One after the other.
    Scan,
    /// In the index on these columns.
    Index(Vec<Arc<str>>),
    /// The whole row is known and looked for among the members.
    Member,
}

/// An index, or the members of a relation, as they stood when the stratum that used them was complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRecord {
    /// The first stratum that used it.
    pub stratum: usize,
    /// The relation.
    pub relation: Arc<str>,
    /// The part of a rule that it is on, in the place of a relation.
    pub part: Option<Kept>,
    /// The columns; none for the members.
    pub columns: Option<Vec<Arc<str>>>,
    /// How it is kept.
    pub structure: &'static str,
    /// Different keys; of members, groups.
    pub keys: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes taken, about.
    pub bytes: u64,
}
