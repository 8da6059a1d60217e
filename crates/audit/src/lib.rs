//! From a folder to an [`Assessment`]: project settings, policy packs, the pipeline, controls judged.
//!
//! The only real file system and clock are here; terminals and editors are not.
// The rim: core crates are forbidden these calls (clippy.toml).
#![allow(clippy::disallowed_methods)]

mod assessment;
mod disk;
mod packs;
mod settings;

pub use assessment::{
    Assessment, FileProblem, Finding, InputFigures, Outcome, RowKey, Scope, Spot, Summary, Timings, Waiver,
};
pub use disk::Disk;
pub use packs::{Policies, PolicyChoice, embedded_packs, load_policies, load_program};
pub use settings::{ProjectSettings, parse_settings};
