//! The trait that each language and each family of formats implements.

use std::sync::Arc;

use facts::{InputDecl, RelationDecl, RowPlace, Sink};

/// What a run wants to know: constant over all files, read from the policies before anything is extracted.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The relations that somebody asked for, in the order that [`Sink`]s number them.
    pub schema: Vec<Arc<RelationDecl>>,
    /// The `input` items with sources whose relations are in `schema`.
    pub inputs: Vec<Arc<InputDecl>>,
}

/// A file as extractors see it: decoded to UTF-8, secrets masked (same length), within the size limit.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// Its text. Byte offsets of places refer to it.
    pub text: &'a str,
}

/// What kind of trouble a file gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A needed file could not be read or mapped: the controls that rest on the input end in `error`.
    Error,
    /// It was passed over, which is worth telling.
    Warning,
}

/// Trouble with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code such as `E0801`.
    pub code: &'static str,
    /// How much it matters.
    pub kind: ProblemKind,
    /// Qualified name of the relation whose rows may be lacking; none where it is every one of this file.
    pub relation: Option<Arc<str>>,
    /// Where in the file.
    pub place: RowPlace,
    /// One lower-case sentence, the user's text in backticks.
    pub message: String,
    /// A way out, where one is known.
    pub help: Option<String>,
}

/// What an extractor gives for one file.
#[derive(Debug)]
pub struct Output<'a> {
    /// Rows.
    pub sink: Sink<'a>,
    /// Trouble.
    pub problems: Vec<Problem>,
    /// Relations that had evidence in this file, even with zero rows: numbers in the sink's schema.
    pub evidence: Vec<usize>,
    /// Relations for which this file has pages left over: numbers in the sink's schema.
    pub incomplete: Vec<usize>,
}

/// Reads one kind of file. Implementations are pure: the same file and request give the same output.
pub trait Extractor: Send + Sync {
    /// Name shown with timings and in origins, such as `python`.
    fn name(&self) -> &'static str;

    /// Raised whenever the same input would give other rows: part of the cache's key.
    fn version(&self) -> u32;

    /// Whether it would read the file at this path for this request, judged by the path alone.
    fn wants(&self, path: &str, request: &Request) -> bool;

    /// Reads the file. Broken files give the rows of their healthy parts and a [`Problem`]; no panic.
    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>);
}
