//! Every command of the README and of `docs/` does what the page shows, next to a copy of `examples/`. The pages of
//! codes have a test of their own, `codes`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::checkout;
use crate::support::runner::{Stderr, run_page};
use crate::support::sandbox::Sandbox;

#[test]
fn commands_print_what_the_documentation_shows() {
    let mut pages = vec![checkout().join("README.md")];
    collect(&checkout().join("docs"), &mut pages);
    let only = std::env::var("PAGE").unwrap_or_default();
    pages.retain(|page| page.to_string_lossy().contains(&only));
    let failures: Vec<String> = pages.iter().filter_map(|page| run(page).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run(page: &Path) -> Result<(), String> {
    let sandbox = Sandbox::new();
    sandbox.copy_folder(&checkout().join("examples"), "examples");
    run_page(page, sandbox, Stderr::Plain)
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.ends_with("docs/codes") {
            continue;
        }
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
}
