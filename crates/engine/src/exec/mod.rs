//! Carrying out plans, block by block.

mod aggregate;
mod block;
mod filter;
mod join;
mod meet;
mod run;
mod seen;
mod tally;

pub(crate) use block::Block;
pub(crate) use run::{Carried, Run, Watch};
pub use tally::Figures;
pub(crate) use tally::Tally;
