//! The trait that each language and each family of formats implements.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base::Span;
use facts::{InputDecl, RelationDecl, RowPlace, Sink};

use crate::declare::Declared;

/// What a run wants to know: constant over all files, read from the policies before anything is extracted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// The relations that somebody asked for, in the order that [`Sink`]s number them.
    pub schema: Vec<Arc<RelationDecl>>,
    /// The `input` items with sources whose relations are in `schema`.
    pub inputs: Vec<Arc<InputDecl>>,
    /// Globs that the settings bind an input to, by the relation's name; they take the place of the patterns
    /// of its sources, and a bound file that cannot be read is always an error.
    pub bindings: BTreeMap<Arc<str>, Vec<Arc<str>>>,
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

impl<'a> Output<'a> {
    /// An output without rows yet.
    pub fn new(sink: Sink<'a>) -> Self {
        Output { sink, problems: Vec::new(), evidence: Vec::new(), incomplete: Vec::new() }
    }
}

/// Whole lines of a file that is read piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// Decoded, secrets masked. Ends with a line break unless it is the last piece.
    pub text: &'a str,
    /// Byte of the decoded file at which it begins.
    pub offset: u64,
    /// Line at which it begins, from 1.
    pub line: u32,
}

/// Takes a file of any size in pieces, keeping only what its rows need.
pub trait Stream {
    /// The next piece.
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>);

    /// The file has ended.
    fn finish(&mut self, out: &mut Output<'_>);
}

/// Why an extractor does not get to see a file that it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It holds NUL bytes.
    Binary,
    /// It is larger than [`Extractor::limit`] allows.
    TooLarge {
        /// Its size in bytes, as far as it is known.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file system refused it, or its compression is damaged.
    Failed(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1 << 20;
        match self {
            Unread::Binary => f.write_str("it is not text (it holds NUL bytes)"),
            Unread::TooLarge { size, limit } => {
                write!(f, "it has {} MiB, more than the {} MiB that are read", size.div_ceil(MIB), limit / MIB)
            }
            Unread::Failed(reason) => f.write_str(reason),
        }
    }
}

/// The largest source file that is read.
pub const SOURCE_LIMIT: u64 = 8 << 20;

/// The largest document that is read whole.
pub const DOCUMENT_LIMIT: u64 = 256 << 20;

/// Finds credentials. What it returns is masked before any extractor sees the text.
pub trait SecretScanner: Send + Sync {
    /// Whether it would read the file for rows of its own. Files that others read it scans in any case.
    fn wants(&self, _path: &str, _request: &Request) -> bool {
        true
    }

    /// Whether the pattern of this number, of those that it was made from, can be used; else the reason.
    fn check(&self, _number: usize) -> Result<(), String> {
        Ok(())
    }

    /// Writes rows about the credentials in a piece (small files come as one) and returns where they stand in it.
    fn scan(&self, path: &str, piece: Piece<'_>, out: &mut Output<'_>) -> Vec<Span>;

    /// Called for a file that it wants and that could not be had as text: it says which relations lack rows.
    fn unread(&self, _path: &str, _reason: &Unread, _out: &mut Output<'_>) {}
}

/// Gives the text that bytes stand for, or why there is none.
pub type Transcriber = fn(&[u8]) -> Result<String, String>;

/// Tells the input that would read the file at a path from its text; none where the text says nothing.
pub type Declare<'a> = Box<dyn Fn(&str, &str) -> Option<Declared> + 'a>;

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

    /// An extractor made ready for this request (globs and regexes compiled), to be used in this one's place.
    /// What is wrong with the request itself goes to `problems`.
    fn prepare<'a>(&'a self, _request: &'a Request, _problems: &mut Vec<Problem>) -> Option<Box<dyn Extractor + 'a>> {
        None
    }

    /// How the bytes of a file that is no text become one, such as the cells of a workbook; none where the file at this
    /// path has to be text itself. The text is searched for credentials and masked like any other.
    fn transcriber(&self, _path: &str) -> Option<Transcriber> {
        None
    }

    /// The line at a byte of a file as people see it, where they see the file otherwise than it is stored: that of a notebook's cell.
    fn shown(&self, _path: &str, _text: &str, _byte: usize) -> Option<String> {
        None
    }

    /// What tells the input that would read the file at this path from its text; none where it is not of this kind.
    fn declare(&self, _path: &str) -> Option<Declare<'_>> {
        None
    }

    /// The largest file in bytes that it takes whole.
    fn limit(&self) -> u64 {
        SOURCE_LIMIT
    }

    /// A reader in pieces for the file, judged by its path and its first bytes (whole lines as far as there are
    /// any); none where the file has to be seen whole.
    fn stream<'a>(&'a self, _path: &'a str, _head: &str, _request: &'a Request) -> Option<Box<dyn Stream + 'a>> {
        None
    }

    /// Called in the place of [`Extractor::extract`] for a file that could not be had as text.
    fn unread(&self, _path: &str, reason: &Unread, _request: &Request, out: &mut Output<'_>) {
        let (code, kind) = match reason {
            Unread::Failed(_) => ("E0802", ProblemKind::Error),
            Unread::Binary | Unread::TooLarge { .. } => ("W0801", ProblemKind::Warning),
        };
        out.problems.push(Problem {
            code,
            kind,
            relation: None,
            place: RowPlace::default(),
            message: format!("the file is skipped: {reason}"),
            help: None,
        });
    }
}
