//! The evaluator: programs of [`ir`] over the rows of a [`facts::Database`].
//!
//! [`evaluate`] gives an [`Evaluation`]: rows, faults, figures, and proofs rebuilt on demand.
//!
//! How the pieces relate: `rules` prepares each rule, `plan` orders its body, `exec` carries plans out block by block over
//! the columns of `store`, `expr` computes operands, `evaluate` turns rounds. `search` is the exact path, one binding at a
//! time: it finds out which bindings fault, and rebuilds proofs.

mod budget;
mod coverage;
mod evaluate;
mod evaluation;
mod exec;
mod expr;
mod factor;
mod faults;
mod incremental;
mod observe;
mod options;
mod plan;
mod provenance;
mod rounds;
mod rules;
mod search;
mod sorting;
mod spread;
mod stats;
mod store;

pub use coverage::{LiteralCoverage, RuleCoverage, Within};
pub use evaluate::evaluate;
pub use evaluation::{Evaluation, MadeBy, RowRef};
pub use expr::{test_text, text_function};
pub use faults::{Fault, RuleFaults};
pub use incremental::{RelationChange, Update};
pub use observe::{
    Access, Figures, Housekeeping, IndexRecord, Kept, Observe, Observed, PlanRecord, Role, Rows, Step as PlanStep,
    StepKind, Way,
};
pub use options::{Error, Limits, Options, Overrun, Structures, Updates};
pub use provenance::{
    AggregateProof, Came, CheckError, Compared, Failed, Failure, HeadGives, Instance, Near, Nearest, Pattern, Premise,
    PremiseKind, Proof, ProofNode, Ranged, Reason, Step, Want, WhyNot, check,
};
pub use stats::{RuleStats, Stats, StratumStats};
