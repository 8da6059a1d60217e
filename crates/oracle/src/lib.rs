//! What the evaluator is held against: a naive interpreter of programs that follows the language's text word by word, and a
//! checker of proofs over that interpreter's model, and a generator of random programs. Slow on purpose: no indexes, no plans, no codes.

mod generate;
mod interpret;
pub mod large;
mod operand;
mod proof;

pub use generate::{Form, Random, generate};
pub use interpret::{Made, Model, RuleFault, interpret};
pub use proof::{check_proof, check_valid};
