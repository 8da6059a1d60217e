//! What a tree means: where values go (`reach`, by a walk with an `environment`), what things are called
//! (`names`, `members`, `containers`, `attached`), what is constant (`constant`, `template`), and what runs before what (`control`, `dominance`).

pub mod attached;
mod branches;
pub mod constant;
mod containers;
pub mod control;
pub mod dominance;
mod environment;
mod many;
mod members;
pub mod names;
mod order;
mod paths;
pub mod reach;
pub mod template;
mod walk;

pub use environment::ValueId;
