//! Reading `Cargo.toml`: the dependencies of a crate by kind, and those that the workspace offers.

use toml_edit::{Document, Item, TableLike};

/// When a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By the crate itself.
    Normal,
    /// By its tests.
    Dev,
    /// By its build script.
    Build,
}

/// One line of a dependency table.
#[derive(Debug)]
pub struct Dependency {
    /// The name on the left.
    pub name: String,
    /// The table it stands in.
    pub kind: Kind,
    /// Whether it says `workspace = true`.
    pub from_workspace: bool,
}

/// Parses a manifest; the error is the parser's first line.
pub fn parse(text: &str) -> Result<Document<String>, String> {
    text.parse::<Document<String>>().map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

/// All dependencies of a crate, those for certain targets included.
pub fn dependencies(manifest: &Document<String>) -> Vec<Dependency> {
    let mut found = Vec::new();
    collect(manifest.as_table(), &mut found);
    for (_, target) in manifest.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
        if let Some(target) = target.as_table_like() {
            collect(target, &mut found);
        }
    }
    found
}

/// The names in `[workspace.dependencies]`, and whether each is a folder of this repository.
pub fn offered(root: &Document<String>) -> Vec<(String, bool)> {
    let table = root.get("workspace").and_then(|item| item.get("dependencies")).and_then(Item::as_table_like);
    table
        .into_iter()
        .flat_map(TableLike::iter)
        .map(|(name, item)| (name.to_owned(), item.get("path").is_some()))
        .collect()
}

fn collect(table: &dyn TableLike, found: &mut Vec<Dependency>) {
    for (key, kind) in
        [("dependencies", Kind::Normal), ("dev-dependencies", Kind::Dev), ("build-dependencies", Kind::Build)]
    {
        for (name, item) in table.get(key).and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
            let from_workspace = item.get("workspace").and_then(Item::as_bool) == Some(true);
            found.push(Dependency { name: name.to_owned(), kind, from_workspace });
        }
    }
}
