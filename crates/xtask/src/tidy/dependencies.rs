//! One table of dependencies: versions stand in the root's `[workspace.dependencies]` and nowhere else, everything in
//! it is used, and the lock file knows one source.

use std::collections::BTreeSet;

use super::Report;
use super::manifest;
use crate::tree::Tree;

const ROOT: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";
const REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

pub fn check(tree: &Tree, report: &mut Report) {
    let mut used = BTreeSet::new();
    // A grammar of an editor is a crate as well, but C: its versions stand in the root, its lints are its own.
    for (_, text) in tree.ending("/Cargo.toml").filter(|(path, _)| path.starts_with("editors/tree-sitter-")) {
        let manifest = manifest::parse(text);
        used.extend(manifest.iter().flat_map(manifest::dependencies).map(|dependency| dependency.name));
    }
    for (name, path) in tree.crates() {
        let manifest = match manifest::parse(tree.text(path).unwrap_or_default()) {
            Ok(manifest) => manifest,
            Err(error) => {
                report.problem(path, error);
                continue;
            }
        };
        for dependency in manifest::dependencies(&manifest) {
            if !dependency.from_workspace {
                let name = &dependency.name;
                report.problem(path, format_args!("`{name}` must come from the workspace: `{name}.workspace = true`"));
            }
            used.insert(dependency.name);
        }
        if manifest.get("lints").and_then(|lints| lints.get("workspace")).is_none() {
            report.problem(path, format_args!("`{name}` leaves out the lints of the workspace"));
        }
    }
    match manifest::parse(tree.text(ROOT).unwrap_or_default()) {
        Ok(root) => {
            for (name, _) in manifest::offered(&root).into_iter().filter(|(name, ours)| !ours && !used.contains(name)) {
                report.problem(ROOT, format_args!("`{name}` stands in [workspace.dependencies] and no crate uses it"));
            }
        }
        Err(error) => report.problem(ROOT, error),
    }
    for (at, line) in tree.text(LOCK).unwrap_or_default().lines().enumerate() {
        if line.starts_with("source = ") && line != REGISTRY {
            report.problem_at(LOCK, at + 1, "a package from another place than the public registry");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    fn check(root: &str, facts: &str, lock: &str) -> String {
        let facts = format!("{facts}\n[lints]\nworkspace = true\n");
        problems(super::check, &[("Cargo.toml", root), ("Cargo.lock", lock), ("crates/facts/Cargo.toml", &facts)])
    }

    #[test]
    fn versions_stand_in_the_root() {
        let root = "[workspace.dependencies]\nfacts = { path = \"crates/facts\" }\ncsv = \"1\"\nregex = \"1\"\n";
        let lock = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        let good = "[dependencies]\ncsv.workspace = true\n[target.'cfg(unix)'.dev-dependencies]\nregex = { workspace = true }\n";
        assert_eq!(check(root, good, lock), "");
        assert_eq!(
            check(root, "[dependencies]\ncsv = \"1.4\"\n", "source = \"git+https://host/x\""),
            "crates/facts/Cargo.toml: `csv` must come from the workspace: `csv.workspace = true`\n\
             Cargo.toml: `regex` stands in [workspace.dependencies] and no crate uses it\n\
             Cargo.lock:1: a package from another place than the public registry"
        );
    }

    #[test]
    fn broken_manifests_and_missing_lints_are_told() {
        assert!(check("", "[dependencies", "").contains("crates/facts/Cargo.toml: TOML parse error"));
        assert!(problems(super::check, &[("crates/x/Cargo.toml", "")]).contains("`x` leaves out the lints"));
    }
}
