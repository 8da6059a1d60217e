//! The one implementation of [`Files`] on a real file system.
//!
//! What is scanned is hostile: symbolic links are never followed out of the root, paths never leave it, and
//! reading goes through the canonical path so that a link swapped in later does not help either.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{FileEntry, FileError, Files, Listing};
use extract::Glob;
use ignore::{DirEntry, WalkBuilder};

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    include: Arc<[String]>,
}

impl Disk {
    /// The folder at `root`, which must exist. `include` are globs of ignored files to look at all the same.
    pub fn open(root: &Path, include: &[String]) -> Result<Self, FileError> {
        let fail = |reason: String| FileError { path: root.display().to_string(), reason };
        let canonical = root.canonicalize().map_err(|error| fail(error.to_string()))?;
        if !canonical.is_dir() {
            return Err(fail("it is no folder".to_owned()));
        }
        Ok(Disk { root: canonical, include: include.into() })
    }

    /// The folder's canonical path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn relative(&self, path: &Path) -> Option<Arc<str>> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/").into())
    }

    /// Looks at one entry of a walk. `Ok(None)` for folders and what is no ordinary file.
    fn entry(&self, entry: &DirEntry) -> Result<Option<FileEntry>, (Arc<str>, String)> {
        let Some(relative) = self.relative(entry.path()) else { return Ok(None) };
        let skip = |reason: &str| Err((relative.clone(), reason.to_owned()));
        if entry.path_is_symlink() && entry.depth() > 0 {
            return match entry.path().canonicalize() {
                // What a link inside the root leads to is looked at where it really is.
                Ok(target) if target.starts_with(&self.root) => Ok(None),
                Ok(_) => skip("symbolic link that leads out of the folder: not followed"),
                Err(_) => skip("symbolic link that leads nowhere"),
            };
        }
        if !is_file(entry) {
            return Ok(None);
        }
        match entry.metadata() {
            Ok(found) => Ok(Some(FileEntry { path: relative, size: found.len() })),
            Err(error) => skip(&error.to_string()),
        }
    }

    fn walk(&self, ignores: bool) -> ignore::Walk {
        let mut walk = WalkBuilder::new(&self.root);
        // Hidden files count (`.env`, `.github/`), the user's own git settings do not: the same repository
        // must give the same facts on every machine.
        walk.hidden(false).git_global(false).git_exclude(false).require_git(false).parents(false);
        walk.git_ignore(ignores).ignore(ignores).follow_links(false).sort_by_file_name(Ord::cmp);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        walk.build()
    }
}

impl Files for Disk {
    fn list(&self) -> Result<Listing, FileError> {
        let mut listing = Listing::default();
        // What ignore files leave out shows in a second walk, which folders without ignore files are spared.
        let mut ignores = false;
        for entry in self.walk(true) {
            match entry {
                Ok(entry) => {
                    ignores |= holds_ignore_file(&entry);
                    match self.entry(&entry) {
                        Ok(Some(file)) => listing.files.push(file),
                        Ok(None) => {}
                        Err(skipped) => listing.skipped.push(skipped),
                    }
                }
                Err(error) => {
                    let path = walk_error_path(&error).and_then(|path| self.relative(&path));
                    listing.skipped.push((path.unwrap_or_else(|| "".into()), error.to_string()));
                }
            }
        }
        if ignores {
            self.add_ignored(&mut listing);
        }
        listing.files.sort();
        listing.files.dedup();
        listing.skipped.sort();
        Ok(listing)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        let fail = |reason: String| FileError { path: path.to_owned(), reason };
        let full = self.root.join(path).canonicalize().map_err(|error| fail(error.to_string()))?;
        if !full.starts_with(&self.root) {
            return Err(fail("it lies outside the folder that is checked".to_owned()));
        }
        Ok(Box::new(File::open(full).map_err(|error| fail(error.to_string()))?))
    }
}

impl Disk {
    /// Counts what ignore files leave out, and brings back what `include` names. Folders such as
    /// `node_modules` are walked too: a count that stopped at their door would be no count of files.
    fn add_ignored(&self, listing: &mut Listing) {
        let globs = globs(&self.include);
        let listed: std::collections::HashSet<Arc<str>> = listing.files.iter().map(|file| file.path.clone()).collect();
        for entry in self.walk(false).flatten().filter(is_file) {
            let Some(path) = self.relative(entry.path()).filter(|path| !listed.contains(path)) else { continue };
            match globs.iter().any(|glob| glob.is_match(&path)).then(|| self.entry(&entry)) {
                Some(Ok(Some(file))) => listing.files.push(file),
                Some(Err(skipped)) => listing.skipped.push(skipped),
                Some(Ok(None)) | None => listing.ignored += 1,
            }
        }
    }
}

/// An ordinary file; no link.
fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

/// Whether the entry is a folder with an ignore file. A walk does not always come by that file: it may ignore itself.
fn holds_ignore_file(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && [".gitignore", ".ignore"].iter().any(|name| entry.path().join(name).is_file())
}

/// The globs; settings have refused broken ones already.
fn globs(patterns: &[String]) -> Vec<Glob> {
    patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()).collect()
}

fn walk_error_path(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } => walk_error_path(err),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(listing: &Listing) -> Vec<&str> {
        listing.files.iter().map(|file| &*file.path).collect()
    }

    #[test]
    fn lists_hidden_files_but_not_git_and_counts_ignored_ones() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join(".git")).unwrap();
        std::fs::create_dir_all(root.join("build")).unwrap();
        for (path, text) in
            [(".env", "A=1"), (".git/config", ""), ("a.py", ""), ("build/x.py", ""), (".gitignore", "build\n")]
        {
            std::fs::write(root.join(path), text).unwrap();
        }
        let disk = Disk::open(root, &[]).unwrap();
        let listing = disk.list().unwrap();
        assert_eq!(paths(&listing), [".env", ".gitignore", "a.py"]);
        assert_eq!(listing.ignored, 1);
        // A folder that ignores all of itself.
        std::fs::create_dir(root.join("venv")).unwrap();
        std::fs::write(root.join("venv/.gitignore"), "*").unwrap();
        std::fs::write(root.join("venv/x.py"), "").unwrap();
        assert_eq!(disk.list().unwrap().ignored, 3);
        let disk = Disk::open(root, &["build/*.py".to_owned()]).unwrap();
        assert_eq!(paths(&disk.list().unwrap()), [".env", ".gitignore", "a.py", "build/x.py"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_root_are_told_and_never_opened() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("dir")).unwrap();
        let disk = Disk::open(folder.path(), &[]).unwrap();
        let listing = disk.list().unwrap();
        assert!(listing.files.is_empty());
        assert_eq!(listing.skipped.len(), 2);
        assert!(disk.open("link").is_err());
        assert!(disk.open("../../etc/passwd").is_err());
    }
}
