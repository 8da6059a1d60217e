//! One feature, one file, and one line where it is registered.
//!
//! Rust says nothing about a file that no `mod` line names: it is simply not compiled. So every file of `src` must be
//! declared by its parent, and in the folders of [`REGISTRIES`] the parent must also use it, since a subcommand or a
//! format that is declared and not listed would be as absent.

use super::Report;
use crate::tree::Tree;

/// Folders whose files are features of one kind.
const REGISTRIES: [&str; 3] = ["crates/cli/src/commands", "crates/audit/src/report", "crates/xtask/src/tidy"];

/// Files in such a folder that serve the features and are none themselves.
const HELPERS: [&str; 4] = ["manifest", "common", "support", "tests"];

pub fn check(tree: &Tree, report: &mut Report) {
    for (path, _) in tree.ending(".rs") {
        let Some((parents, module)) = parents(path) else { continue };
        let Some((parent, text)) = parents.iter().find_map(|parent| Some((parent, tree.text(parent)?))) else {
            report.problem(path, "is compiled by nothing: its parent module does not exist");
            continue;
        };
        let used = text.contains(&format!("{module}::"));
        let feature = is_feature(path, module);
        // A registry may declare its modules through a macro, from the same line that uses them.
        if !(declares(text, module) || feature && used) {
            report.problem(path, format_args!("is compiled by nothing: `{parent}` does not say `mod {module};`"));
        } else if feature && !used {
            report.problem(path, format_args!("is registered nowhere: `{parent}` never uses `{module}::…`"));
        }
    }
}

/// The files that may declare the module at `path`, and its name; none for a crate's roots and for tests.
fn parents(path: &str) -> Option<(Vec<String>, &str)> {
    let (root, inside) = path.split_once("/src/")?;
    let path_of_module = inside.strip_suffix("/mod.rs").or_else(|| inside.strip_suffix(".rs"))?;
    let (folder, module) = path_of_module.rsplit_once('/').unwrap_or(("", path_of_module));
    if folder == "bin" || (folder.is_empty() && matches!(module, "lib" | "main")) {
        return None;
    }
    let candidates = match folder {
        "" => vec![format!("{root}/src/lib.rs"), format!("{root}/src/main.rs")],
        folder => vec![format!("{root}/src/{folder}.rs"), format!("{root}/src/{folder}/mod.rs")],
    };
    Some((candidates, module))
}

fn declares(text: &str, module: &str) -> bool {
    let listed = text.contains("macro_rules!") && text.contains("mod $");
    text.lines().any(|line| {
        let line = line.trim();
        // A list that a macro of the file turns into declarations.
        if listed && line.strip_suffix(',') == Some(module) {
            return true;
        }
        let Some(name) = line.strip_suffix(';').or_else(|| line.strip_suffix(" {")) else { return false };
        matches!(name.rsplit_once("mod "), Some((before, found)) if found == module && (before.is_empty() || before.starts_with("pub")))
    })
}

fn is_feature(path: &str, module: &str) -> bool {
    let in_registry =
        |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') && !rest[1..].contains('/'));
    REGISTRIES.iter().any(|folder| in_registry(folder)) && !HELPERS.contains(&module) && !path.ends_with("/mod.rs")
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    #[test]
    fn declared_and_used_features_are_fine() {
        let files = [
            ("crates/cli/src/main.rs", "mod commands;\n"),
            ("crates/cli/src/commands.rs", "mod check;\nfn run() { check::run() }\n"),
            ("crates/cli/src/commands/check.rs", ""),
            ("crates/audit/src/lib.rs", "mod report;\n"),
            ("crates/audit/src/report/mod.rs", "formats! { json::Json }\n"),
            ("crates/audit/src/report/json.rs", ""),
            ("crates/base/src/lib.rs", "pub mod files;\npub(crate) mod x;\nmod z;\n"),
            ("crates/base/src/files.rs", ""),
            ("crates/base/src/x/mod.rs", "mod y;\n"),
            ("crates/base/src/x/y.rs", ""),
            (
                "crates/base/src/z/mod.rs",
                "macro_rules! all { ($($m:ident,)*) => { $(mod $m;)* } }\nall! {\n    one,\n}\n",
            ),
            ("crates/base/src/z/one.rs", ""),
            ("crates/base/build.rs", ""),
            ("tests/main.rs", ""),
        ];
        assert_eq!(problems(super::check, &files), "");
    }

    #[test]
    fn forgotten_lines_are_told() {
        let files = [
            ("crates/cli/src/main.rs", "mod commands;\n"),
            ("crates/cli/src/commands/mod.rs", "mod check;\n"),
            ("crates/cli/src/commands/check.rs", ""),
            ("crates/cli/src/commands/facts.rs", ""),
            ("crates/base/src/lib.rs", "// mod files;\n"),
            ("crates/base/src/files.rs", ""),
            ("crates/base/src/gone/x.rs", ""),
        ];
        assert_eq!(
            problems(super::check, &files),
            "crates/base/src/files.rs: is compiled by nothing: `crates/base/src/lib.rs` does not say `mod files;`\n\
             crates/base/src/gone/x.rs: is compiled by nothing: its parent module does not exist\n\
             crates/cli/src/commands/check.rs: is registered nowhere: `crates/cli/src/commands/mod.rs` never uses `check::…`\n\
             crates/cli/src/commands/facts.rs: is compiled by nothing: `crates/cli/src/commands/mod.rs` does not say `mod facts;`"
        );
    }
}
