//! Operands: over whole blocks ([`column`]), and over single values ([`scalar`]) where a fault must be told apart.

pub(crate) mod column;
mod functions;
mod kept;
mod scalar;
mod text;

pub(crate) use functions::{World, is_of_entities};
pub(crate) use scalar::{Outcome, aggregate, compare, evaluate};
pub(crate) use text::Patterns;
pub use text::{test_text, text_function};
