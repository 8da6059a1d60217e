//! What the editor has of files, laid over what is on disk.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use base::{FileError, Files, Listing};

/// Files with some texts in the place of what they hold. A text whose file is not looked at is not looked at either.
pub struct Overlay<'a> {
    files: &'a dyn Files,
    texts: &'a BTreeMap<Arc<str>, Arc<str>>,
}

impl<'a> Overlay<'a> {
    /// Texts over files, by their paths.
    pub fn new(files: &'a dyn Files, texts: &'a BTreeMap<Arc<str>, Arc<str>>) -> Self {
        Overlay { files, texts }
    }
}

impl Files for Overlay<'_> {
    fn list(&self) -> Result<Listing, FileError> {
        let mut listing = self.files.list()?;
        for entry in &mut listing.files {
            if let Some(text) = self.texts.get(&entry.path) {
                entry.size = text.len() as u64;
            }
        }
        Ok(listing)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        match self.texts.get(path) {
            Some(text) => Ok(Box::new(Cursor::new(text.as_bytes().to_vec()))),
            None => self.files.open(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::MemoryFiles;

    #[test]
    fn open_texts_count() {
        let disk = MemoryFiles::new().with("a.csv", "old").with("b.csv", "b");
        let texts = BTreeMap::from([("a.csv".into(), "newer".into()), ("ignored.csv".into(), "x".into())]);
        let files = Overlay::new(&disk, &texts);
        let sizes: Vec<u64> = files.list().unwrap().files.iter().map(|entry| entry.size).collect();
        assert_eq!(sizes, [5, 1]);
        assert_eq!(files.read("a.csv").unwrap(), b"newer");
        assert_eq!(files.read("b.csv").unwrap(), b"b");
    }
}
