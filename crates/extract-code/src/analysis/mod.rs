//! What a tree means: where values go (`reach`, by a walk with an `environment`), what things are called
//! (`names`, `members`), what is constant (`constant`), and what runs before what (`control`, `dominance`).

mod branches;
pub mod constant;
pub mod control;
pub mod dominance;
mod environment;
mod members;
pub mod names;
mod order;
mod paths;
pub mod reach;
mod walk;

pub use environment::ValueId;
