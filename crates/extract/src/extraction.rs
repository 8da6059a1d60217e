//! What a run found, and what it did not look at.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use facts::Database;

use crate::Problem;

/// The outcome of [`crate::run`].
#[derive(Debug, Default)]
pub struct Extraction {
    /// All rows. Every relation of the request has a table.
    pub database: Database,
    /// Trouble, in the order of paths. What is wrong with the request itself comes first, without a path.
    pub problems: Vec<FileProblem>,
    /// By extractor name.
    pub stats: BTreeMap<&'static str, Stats>,
    /// How many files were met and what became of them.
    pub counts: Counts,
    /// Files that were met and not looked at though something wanted them, with the reason.
    pub skipped: Vec<(Arc<str>, String)>,
    /// By relation: the files that it rests on. A relation without evidence has no entry.
    pub evidence: BTreeMap<Arc<str>, Evidence>,
    /// Whether the run was asked to stop before it was through.
    pub cancelled: bool,
}

/// A [`Problem`] with its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file's path; empty where the request is to blame.
    pub path: Arc<str>,
    /// The trouble.
    pub problem: Problem,
}

/// What one extractor did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files read.
    pub files: u64,
    /// Rows written.
    pub rows: u64,
    /// Time taken, summed over threads.
    pub time: Duration,
}

/// What became of the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files listed and not excluded.
    pub listed: u64,
    /// Entries that the repository's own ignore files left out.
    pub ignored: u64,
    /// Files that the settings exclude.
    pub excluded: u64,
    /// Files read as text.
    pub read: u64,
    /// Bytes of text read.
    pub bytes: u64,
    /// Files that are no text.
    pub binary: u64,
    /// Files that were too large, or could not be read.
    pub skipped: u64,
    /// Files that nothing asked for.
    pub unwanted: u64,
}

/// The files that a relation rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Files that count for it, with or without rows, in the order of paths.
    pub files: Vec<Arc<str>>,
    /// Those among them that have pages left over.
    pub incomplete: Vec<Arc<str>>,
}
