//! Text → pieces → tree with errors in place. Nothing above sees a `pest` pair.
//!
//! [`parse`] scans ([`scan`]), cuts into pieces ([`split`]), parses each piece by `grammar/law.pest` and builds the
//! tree of [`ast`]. A piece that is broken costs itself, gives one diagnostic, and leaves what could be read of its head.

pub mod ast;
mod build;
pub mod codes;
mod diagnose;
mod docs;
mod dump;
mod faults;
mod grammar;
mod lenient;
mod parse;
pub mod scan;
pub mod split;
pub mod words;

pub use dump::dump;
pub use parse::{Parse, parse, parse_atom, parse_body, parse_literal_value};
