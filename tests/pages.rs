//! All pages of `tests/cases`, a test for each folder. `PAGE=part-of-a-path` runs those whose path holds it.

use std::fs;
use std::path::PathBuf;

use crate::support::checkout;
use crate::support::runner::{Stderr, run_page};
use crate::support::sandbox::Sandbox;

/// Makes a test of each folder, and one that no folder is left out.
macro_rules! folders {
    ($($folder:ident),*) => {
        $(#[test] fn $folder() { run_folder(stringify!($folder)) })*

        #[test]
        fn every_folder_of_cases_is_run() {
            let mut found: Vec<String> = fs::read_dir(cases()).expect("tests/cases").flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            found.sort();
            assert_eq!(found, [$(stringify!($folder)),*]);
        }
    };
}

folders!(
    bad_input, check, command, controls, eval, example, explain, facts, fmt, language, lint, mistakes, query, schema,
    test, why_not
);

fn cases() -> PathBuf {
    checkout().join("tests/cases")
}

fn run_folder(folder: &str) {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(cases().join(folder)).expect("a folder of pages").flatten().map(|entry| entry.path()).collect();
    pages.sort();
    let only = std::env::var("PAGE").unwrap_or_default();
    let failures: Vec<String> = pages
        .iter()
        .filter(|path| path.to_string_lossy().contains(&only))
        .filter_map(|path| run_page(path, Sandbox::new(), Stderr::Marked).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
