//! From files to facts, whatever their kind: which extractor looks at which file, limits, and masking of
//! secrets before anything else sees a text; the document model and how an `input` maps it to rows. It knows
//! no language, no format and no vendor.
//!
//! [`run`] reads each file once ([`Reading`]), masks what the [`SecretScanner`] finds, and lets each [`Extractor`] that
//! wants the file write into a batch of its own; batches are absorbed in the order of paths.

mod convert;
mod declare;
mod decode;
mod document;
mod extraction;
mod extractor;
mod kept;
mod mapping;
mod masked;
mod places;
mod prepared;
mod reading;
mod run;
mod select;
mod show;
#[cfg(test)]
mod tests;

pub use declare::{Declared, policy_name};
pub use document::{Builder, Data, Document, MAX_DEPTH, MAX_NODES, Node, NodeId, SyntaxError};
pub use extraction::{Counts, Evidence, Extraction, FileProblem, Stats};
pub use extractor::{
    DOCUMENT_LIMIT, Declare, Extractor, Output, Piece, Problem, ProblemKind, Request, SOURCE_LIMIT, SecretScanner,
    SourceFile, Stream, Transcriber, Unread,
};
pub use kept::{Kept, Sources};
pub use mapping::Mapping;
pub use masked::masked_text;
pub use places::Places;
pub use prepared::{Glob, capture_key};
pub use reading::Reading;
pub use run::{Options, run};
pub use select::{Context, JsonReader, fold};
