//! From files to facts, whatever their kind: which extractor looks at which file, limits, and masking of
//! secrets before anything else sees a text. It knows no language, no format and no vendor.

mod extractor;

pub use extractor::{Extractor, Output, Problem, ProblemKind, Request, SourceFile};
