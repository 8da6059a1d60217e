//! What editors ask of policies: plain functions over immutable snapshots, one feature a file.
//!
//! Positions are byte offsets in a text, places are those of [`base`]; nothing here knows a protocol, a terminal or a file
//! system. Half-typed text is the normal state: names are read from tokens ([`names`]), their meaning from the last
//! compilation ([`Snapshot`]).

pub mod actions;
pub mod calls;
pub mod completion;
pub mod debug;
mod describe;
pub mod diagnostics;
pub mod formatting;
#[cfg(test)]
mod half_typed;
pub mod hints;
pub mod hover;
pub mod lenses;
pub mod links;
mod literals;
pub mod names;
pub mod navigate;
pub mod outline;
pub mod references;
pub mod rename;
pub mod signature;
mod snapshot;
pub mod symbol;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod words;

pub use snapshot::{ControlState, Facts, Sample, Snapshot};
