//! The evaluator from outside: programs in the text form of `ir`, and what they come to.

mod coverage;
mod door;
mod evaluation;
mod faults;
mod limits;
mod meets;
mod observe;
mod proofs;
mod scale;
mod updates;
mod why_not;
