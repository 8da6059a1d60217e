//! Dependencies point down: the table of floors in `ARCHITECTURE.md` against every `Cargo.toml`.
//!
//! A crate uses crates of lower floors only. Its tests may also use its own floor and the crates of floor `dev`, which
//! nothing else uses. A new arrow is an architectural change, so it is made in the table first.

use std::collections::BTreeMap;

use super::Report;
use super::manifest::{self, Kind};
use crate::tree::Tree;

const TABLE: &str = "ARCHITECTURE.md";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Level(u32),
    Dev,
}

pub fn check(tree: &Tree, report: &mut Report) {
    let floors = table(tree.text(TABLE).unwrap_or_default());
    if floors.is_empty() {
        return report.problem(TABLE, "has no table of floors (`| floor | crate | … |`)");
    }
    for name in floors.keys().filter(|name| !tree.crates().any(|(found, _)| found == **name)) {
        report.problem(TABLE, format_args!("names the crate `{name}`, which does not exist"));
    }
    for (name, path) in tree.crates() {
        match floors.get(name) {
            Some(&floor) => check_crate(tree, path, name, floor, &floors, report),
            None => report.problem(TABLE, format_args!("has no floor for `crates/{name}`")),
        }
    }
}

fn check_crate(tree: &Tree, path: &str, name: &str, floor: Floor, floors: &BTreeMap<&str, Floor>, report: &mut Report) {
    let Ok(manifest) = manifest::parse(tree.text(path).unwrap_or_default()) else { return };
    for dependency in manifest::dependencies(&manifest) {
        let Some(&below) = floors.get(dependency.name.as_str()) else { continue };
        let allowed = match (floor, dependency.kind) {
            (Floor::Dev, _) => true,
            (_, Kind::Dev) => below <= floor || below == Floor::Dev,
            _ => below < floor,
        };
        if !allowed {
            let other = &dependency.name;
            report.problem(path, format_args!("`{name}` may not use `{other}`: see the floors in {TABLE}"));
        }
    }
}

/// Reads rows such as ``| 3 | `crates/lang` | … |``; a row may name several crates.
fn table(text: &str) -> BTreeMap<&str, Floor> {
    let rows = text.lines().skip_while(|line| !line.starts_with("| floor |")).skip(2);
    let mut floors = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let floor = match cells.get(1) {
            Some(&"dev") => Floor::Dev,
            Some(level) => match level.parse() {
                Ok(level) => Floor::Level(level),
                Err(_) => continue,
            },
            None => continue,
        };
        let quoted = cells.get(2).into_iter().flat_map(|cell| cell.split('`').skip(1).step_by(2));
        floors.extend(quoted.filter_map(|name| Some((name.strip_prefix("crates/")?, floor))));
    }
    floors
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    const FLOORS: &str = "text\n\n| floor | crate | what |\n|---|---|---|\n| 0 | `crates/base` | |\n| 1 | `crates/facts`, `crates/syntax` | |\n| dev | `crates/oracle` | |\n\nmore";

    fn check(base: &str, facts: &str, syntax: &str, oracle: &str) -> String {
        let files = [
            ("ARCHITECTURE.md", FLOORS),
            ("crates/base/Cargo.toml", base),
            ("crates/facts/Cargo.toml", facts),
            ("crates/syntax/Cargo.toml", syntax),
            ("crates/oracle/Cargo.toml", oracle),
        ];
        problems(super::check, &files)
    }

    #[test]
    fn lower_floors_and_twins_in_tests_are_fine() {
        let facts = "[dependencies]\nbase.workspace = true\nserde.workspace = true\n[dev-dependencies]\nsyntax.workspace = true\noracle.workspace = true\n";
        assert_eq!(check("", facts, "", "[dependencies]\nfacts.workspace = true\n"), "");
    }

    #[test]
    fn upward_and_sideways_arrows_are_refused() {
        let up = "[dev-dependencies]\nfacts.workspace = true\n";
        let sideways = "[dependencies]\nsyntax.workspace = true\noracle.workspace = true\n";
        assert_eq!(
            check(up, sideways, "", ""),
            "crates/base/Cargo.toml: `base` may not use `facts`: see the floors in ARCHITECTURE.md\n\
             crates/facts/Cargo.toml: `facts` may not use `syntax`: see the floors in ARCHITECTURE.md\n\
             crates/facts/Cargo.toml: `facts` may not use `oracle`: see the floors in ARCHITECTURE.md"
        );
    }

    #[test]
    fn table_and_folders_name_the_same_crates() {
        let files = [("ARCHITECTURE.md", FLOORS), ("crates/base/Cargo.toml", ""), ("crates/new/Cargo.toml", "")];
        assert_eq!(
            problems(super::check, &files),
            "ARCHITECTURE.md: names the crate `facts`, which does not exist\n\
             ARCHITECTURE.md: names the crate `oracle`, which does not exist\n\
             ARCHITECTURE.md: names the crate `syntax`, which does not exist\n\
             ARCHITECTURE.md: has no floor for `crates/new`"
        );
        assert!(problems(super::check, &[("ARCHITECTURE.md", "")]).contains("no table of floors"));
    }
}
