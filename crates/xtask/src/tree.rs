//! The checkout as a map from paths to texts: what every check reads, and what its tests make up.

use std::collections::BTreeMap;
use std::path::Path;

/// Text files by path from the root, with `/` between parts. Files that are no UTF-8 text are listed as empty.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads everything below `root` that the ignore files of the repository leave.
    pub fn of_checkout(root: &Path) -> std::io::Result<Self> {
        let mut tree = Tree::default();
        let mut walk = ignore::WalkBuilder::new(root);
        walk.hidden(false).parents(false).git_global(false).git_exclude(false).require_git(false);
        walk.filter_entry(|entry| entry.file_name() != ".git");
        for entry in walk.build() {
            let entry = entry.map_err(std::io::Error::other)?;
            if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                continue;
            }
            let relative = entry.path().strip_prefix(root).map_err(std::io::Error::other)?;
            let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let text = String::from_utf8(std::fs::read(entry.path())?).unwrap_or_default();
            tree.files.insert(parts.join("/"), text);
        }
        Ok(tree)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files whose path ends in `ending`.
    pub fn ending(&self, ending: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.ends_with(ending))
    }

    /// The names of crates (folders of `crates/` with a manifest) and their manifests' paths.
    pub fn crates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.keys().filter_map(|path| {
            let name = path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then_some((name, path.as_str()))
        })
    }
}

#[cfg(test)]
impl Tree {
    /// A made-up tree.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Tree { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }
}
