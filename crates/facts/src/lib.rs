//! The vocabulary that extractors, policies and evaluators share: types, values and their 32-bit codes,
//! relation declarations, how an `input` maps documents to columns, and rows with where they came from.
//!
//! Extractors fill a [`Batch`] per file through a [`Sink`]; batches are absorbed, in the order of their
//! paths, into one [`Database`]. It knows nothing of rules.

mod batch;
mod change;
mod database;
mod entities;
mod glob;
mod mapping;
mod relation;
mod table;
mod text;
mod time;
mod types;
mod value;
mod values;

pub use batch::{Batch, BatchTable, RowPlace, Sink};
pub use change::{Change, Changed, TableChange};
pub use database::{Database, Origin};
pub use entities::EntityInfo;
pub use glob::glob_regex;
pub use mapping::{
    ColumnMap, Each, Format, InputDecl, InputSource, Mark, Operand, Path, Root, Step, TimeFormat, Where,
};
pub use relation::{Column, RelationDecl};
pub use table::Table;
pub use text::{write_fact, write_literal};
pub use time::{check_time_pattern, format_duration, format_time, parse_duration, parse_time, parse_time_as};
pub use types::Type;
pub use value::Value;
pub use values::{Code, Values};
