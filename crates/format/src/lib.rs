//! The one style of policies: text → the same program, laid out calmly.
//!
//! [`format`] cuts the text into pieces as the parser does, lays out each healthy piece from its tokens ([`tokens`], [`shape`],
//! [`print`], [`items`]) and puts them together again ([`entries`]), with blank lines, comments and broken pieces where they were.

mod check;
mod diff;
mod entries;
mod items;
mod print;
mod shape;
mod table;
mod text;
mod tokens;
mod writer;

pub use check::same_program;
pub use diff::{Change, Hunk, diff};
pub use text::{Edit, Formatted, format, format_clause, format_range};
pub use writer::WIDTH;
