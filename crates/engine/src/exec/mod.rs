//! Carrying out plans, block by block.

mod aggregate;
mod block;
mod filter;
mod join;
mod run;

pub(crate) use block::Block;
pub(crate) use run::{Run, Watch};
