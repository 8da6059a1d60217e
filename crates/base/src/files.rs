//! Reading what is scanned, behind a trait: core crates stay pure, tests use the in-memory twin, and
//! the one implementation on a real file system stands at the rim (`audit`).
//!
//! Paths are relative to the root, with `/` between parts, never leading outside.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// One file of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileEntry {
    /// Path relative to the root.
    pub path: Arc<str>,
    /// Size in bytes.
    pub size: u64,
}

/// What a root holds.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Files to look at, sorted by path.
    pub files: Vec<FileEntry>,
    /// How many entries the repository's own ignore files left out.
    pub ignored: u64,
    /// What was not followed or could not be read, with the reason (symbolic links out of the root, folders without permission).
    pub skipped: Vec<(Arc<str>, String)>,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The path asked for.
    pub path: String,
    /// The reason, in words.
    pub reason: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read `{}`: {}", self.path, self.reason)
    }
}

impl std::error::Error for FileError {}

/// A tree of files.
pub trait Files: Send + Sync {
    /// Everything below the root that is to be looked at.
    fn list(&self) -> Result<Listing, FileError>;

    /// Opens a file for reading from its start.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError>;

    /// The whole file. Callers check [`FileEntry::size`] first.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        self.open(path)?
            .read_to_end(&mut bytes)
            .map_err(|error| FileError { path: path.to_owned(), reason: error.to_string() })?;
        Ok(bytes)
    }
}

/// Files that exist only in memory: `given file` of policy tests, and the tests of extractors.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<Arc<str>, Arc<[u8]>>,
}

impl MemoryFiles {
    /// A tree without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn add(&mut self, path: &str, content: impl AsRef<[u8]>) {
        self.files.insert(normalize(path).into(), content.as_ref().into());
    }

    /// The tree with one more file.
    pub fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.add(path, content);
        self
    }

    /// Whether it holds no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Files for MemoryFiles {
    fn list(&self) -> Result<Listing, FileError> {
        let files = self
            .files
            .iter()
            .map(|(path, content)| FileEntry { path: path.clone(), size: content.len() as u64 })
            .collect();
        Ok(Listing { files, ..Listing::default() })
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        match self.files.get(path) {
            Some(content) => Ok(Box::new(Cursor::new(content.clone()))),
            None => Err(FileError { path: path.to_owned(), reason: "no such file".to_owned() }),
        }
    }
}

/// `path` with `/` between its parts, without `.` parts, and with `..` taken back (never above the root).
pub fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `path` as seen from the folder `base`, normalized.
pub fn join(base: &str, path: &str) -> String {
    normalize(&format!("{base}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_never_leave_the_root() {
        assert_eq!(normalize("./a//b/../c"), "a/c");
        assert_eq!(normalize("../../etc/passwd"), "etc/passwd");
        assert_eq!(join("tests/x", "../y"), "tests/y");
    }

    #[test]
    fn memory_files_list_sorted() {
        let files = MemoryFiles::new().with("b", "2").with("a", "1");
        let listed: Vec<_> = files.list().unwrap().files.into_iter().map(|f| f.path).collect();
        assert_eq!(listed, ["a".into(), "b".into()]);
        assert_eq!(files.read("a").unwrap(), b"1");
        assert!(files.read("c").is_err());
    }
}
