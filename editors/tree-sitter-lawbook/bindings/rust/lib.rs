//! The tree-sitter grammar of Lawbook for Rust programs: its language and its queries.
//!
//! Lawbook itself does not use it (its parser is `crates/syntax`); editors do, and `crates/editors` holds it against
//! that parser. The `unsafe` below is the declaration of the C function that every grammar consists of.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_lawbook() -> *const ();
}

/// The language, to be given to a `tree_sitter::Parser`.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_lawbook) };

/// The kinds of nodes, as the grammar's generator describes them.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");
/// What is coloured how.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
/// Texts in other languages.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");
/// Scopes, definitions and references.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");
/// What can be folded.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");
/// How lines are indented.
pub const INDENTS_QUERY: &str = include_str!("../../queries/indents.scm");
/// Names for code navigation.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");
