//! From parsed policies to a checked program: modules, names, types, safety, stratification, lowering.
//!
//! [`compile`] runs an ordered list of stages over a set of modules and gives a [`Compilation`]; from it,
//! [`Compilation::program`] makes the [`ir::Program`] for the relations that somebody asks for.

mod api;

pub use api::{
    Compilation, Control, Expectation, ExpectationKind, Framework, JudgedRule, ModuleSource, ParamInfo, Query,
    RelationInfo, RelationOrigin, Settings, Severity, Status, Template, TemplatePart, Test,
};

/// The resolved rules and facts behind a [`Compilation`].
#[derive(Debug, Default)]
pub(crate) struct Resolved {}
