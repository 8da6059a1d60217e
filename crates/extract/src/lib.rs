//! From files to facts, whatever their kind: which extractor looks at which file, limits, and masking of
//! secrets before anything else sees a text. It knows no language, no format and no vendor.

mod extractor;

pub use extractor::{
    DOCUMENT_LIMIT, Extractor, Output, Piece, Problem, ProblemKind, Request, SOURCE_LIMIT, SecretScanner, SourceFile,
    Stream, Unread,
};
