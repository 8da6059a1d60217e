//! The parser that pest makes of `grammar/law.pest`. Only this crate sees its rules and pairs.

#![allow(missing_docs)]

#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/law.pest"]
pub(crate) struct Law;
