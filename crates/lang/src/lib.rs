//! From parsed policies to a checked program: modules, names, types, safety, stratification, lowering.
//!
//! [`compile`] runs an ordered list of stages over a set of modules and gives a [`Compilation`]; from it,
//! [`Compilation::program`] makes the [`ir::Program`] for the relations that somebody asks for.

mod analysis;
mod api;
mod cache;
mod checks;
mod clause;
mod compilation;
mod lints;
mod lookup;
mod lower;
mod model;
mod names;
mod patterns;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod robust;
mod stages;
#[cfg(test)]
mod testing;
mod vocabulary;

pub use analysis::{Dependency, Evidence, dependencies, evidence};
pub use api::{
    Compilation, Control, Expectation, ExpectationKind, Framework, JudgedRule, ModuleSource, ParamInfo, Query,
    RelationInfo, RelationOrigin, Settings, Severity, Status, Template, TemplatePart, Test,
};
pub use cache::Cache;
pub use lints::{Fixed, LINTS, Level, Lint, fix, lint};
pub use lookup::{Filling, FoundRelation, Lookup};
pub(crate) use model::Resolved;
pub use stages::{compile, compile_again};
pub use vocabulary::vocabulary;
