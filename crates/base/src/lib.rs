//! What every other crate stands on and what knows nothing of them: source texts and places in them,
//! diagnostics and how they are rendered, nearest-name search, file access with an in-memory twin,
//! and cancellation.

mod cancel;
mod diagnostic;
mod files;
mod nearest;
mod render;
mod source;

pub use cancel::Cancel;
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use files::{FileEntry, FileError, Files, Listing, MemoryFiles, join, normalize};
pub use nearest::{did_you_mean, nearest};
pub use render::{RenderStyle, render, render_all};
pub use source::{FileId, LineColumn, LineIndex, Place, SourceMap, Span};
