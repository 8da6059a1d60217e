//! The reference pages of diagnostic codes, `docs/codes/*.md`: they are documentation, what `lawbook lint --explain`
//! prints, and the test of each code.
//!
//! `PAGE=E03 UPDATE_PAGES=1 cargo test -p lawbook --test product codes` writes outputs and the index anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::checkout;
use crate::support::runner::{Stderr, run_page};
use crate::support::sandbox::Sandbox;

/// Kinds of codes by how they begin, in the order of the index.
const KINDS: [(&str, &str); 14] = [
    ("E01", "Text that cannot be read as policies"),
    ("E02", "Names"),
    ("E03", "Types"),
    ("E04", "Clauses and their variables"),
    ("E05", "Recursion"),
    ("E060", "Controls"),
    ("E061", "Controls"),
    ("E06", "Inputs"),
    ("E07", "Tests of policies"),
    ("E08", "Reading the project's files"),
    ("E09", "Settings, packs and commands"),
    ("W01", "Text that reads otherwise than it looks"),
    ("W07", "Lints: allowed, and probably not meant"),
    ("W08", "Files read in part or not at all"),
];

/// Codes without an example: a defect of ours, what needs a very long file or
/// depends on the speed of the machine.
const NOT_SHOWN: [&str; 3] = ["E0801", "W0813", "W0814"];

/// What stands above the index.
const INTRODUCTION: &str = "# Diagnostic codes

Each error and warning has a code that stays what it is. `lawbook lint --explain E0420` prints its page: what is wrong and why it matters, an example with the message that it gives, and the example mended.

A page is a test, too: its commands run, the example gives exactly the page's code, and the mended one gives nothing. To write one, copy the last: `# CODE: title`, what is wrong, `## Example` and `## Mended`, each with files and commands; leave the output out and run `UPDATE_PAGES=1 PAGE=CODE cargo test -p lawbook --test product codes`, which fills it in and renews this index.
";

#[test]
fn examples_give_the_code_and_mended_ones_give_nothing() {
    let only = std::env::var("PAGE").unwrap_or_default();
    let pages: Vec<PathBuf> = pages().into_iter().filter(|path| path.to_string_lossy().contains(&only)).collect();
    let size = pages.len().div_ceil(std::thread::available_parallelism().map_or(2, usize::from)).max(1);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = pages
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().filter_map(|path| run(path).err()).collect::<Vec<String>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a page runs")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let told = codes_of_the_sources();
    let explained: BTreeSet<String> = pages().iter().map(|path| code(path)).collect();
    let missing: Vec<&String> = told.difference(&explained).collect();
    assert!(missing.is_empty(), "write docs/codes/CODE.md for {missing:?}");
    let lost: Vec<&String> = explained.difference(&told).collect();
    assert!(lost.is_empty(), "nothing tells {lost:?} any more: take the pages away");
}

#[test]
fn the_index_lists_all_pages() {
    let path = folder().join("README.md");
    let index = index();
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(&path, &index).expect("the index is written");
    }
    similar_asserts::assert_eq!(fs::read_to_string(&path).unwrap_or_default(), index);
}

fn folder() -> PathBuf {
    checkout().join("docs/codes")
}

/// All pages, sorted by code.
fn pages() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder()).expect("docs/codes").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| name != "README.md"));
    paths.sort();
    paths
}

fn code(path: &Path) -> String {
    path.file_stem().expect("a page has a name").to_string_lossy().into_owned()
}

/// Runs a page, and holds it against the form that all have.
fn run(path: &Path) -> Result<(), String> {
    run_page(path, Sandbox::new(), Stderr::Plain)?;
    let (code, text) = (code(path), fs::read_to_string(path).expect("the page"));
    let wrong = |what: &str| Err(format!("{}: {what}", path.display()));
    if title(&text, &code).is_none() {
        return wrong("the first line is `# CODE: title`");
    }
    if NOT_SHOWN.contains(&code.as_str()) {
        return Ok(());
    }
    let Some((example, mended)) = text.split_once("\n## Mended\n") else { return wrong("no `## Mended`") };
    let Some((words, example)) = example.split_once("\n## Example\n") else { return wrong("no `## Example`") };
    if words.split_whitespace().count() < 25 {
        return wrong("say what is wrong and why it matters");
    }
    let told: Vec<&str> = codes_in(example, '[', ']').collect();
    if told.is_empty() || told.iter().any(|told| *told != code) {
        return wrong(&format!("the example gives {told:?}"));
    }
    let left: Vec<&str> = codes_in(mended, '[', ']').collect();
    if !left.is_empty() || !mended.contains("\n$ lawbook ") {
        return wrong(&format!("the mended example gives {left:?}"));
    }
    Ok(())
}

fn title<'t>(text: &'t str, code: &str) -> Option<&'t str> {
    text.lines().next()?.strip_prefix(&format!("# {code}: ")).filter(|title| !title.is_empty())
}

fn index() -> String {
    let mut text = INTRODUCTION.to_owned();
    let kind = |code: &str| KINDS.iter().find(|(start, _)| code.starts_with(start)).map_or("Others", |(_, kind)| *kind);
    let mut kinds: Vec<&str> = KINDS.iter().map(|(_, kind)| *kind).collect();
    kinds.dedup();
    for of in kinds {
        let pages: Vec<PathBuf> = pages().into_iter().filter(|path| kind(&code(path)) == of).collect();
        if pages.is_empty() {
            continue;
        }
        text += &format!("\n## {of}\n\n| code | what is wrong |\n|---|---|\n");
        for path in pages {
            let (code, page) = (code(&path), fs::read_to_string(&path).expect("the page"));
            text += &format!("| [{code}]({code}.md) | {} |\n", title(&page, &code).unwrap_or_default());
        }
    }
    text
}

/// Codes between these characters, in order.
fn codes_in(text: &str, open: char, close: char) -> impl Iterator<Item = &str> {
    let found = text.match_indices(open).filter_map(move |(at, _)| text[at + open.len_utf8()..].split_once(close));
    found.map(|(code, _)| code).filter(|code| {
        code.len() == 5 && code.starts_with(['E', 'W']) && code[1..].bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Every code that stands as a text in the sources.
fn codes_of_the_sources() -> BTreeSet<String> {
    let mut folders = vec![checkout().join("crates")];
    let mut codes = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && path.components().any(|part| part.as_os_str() == "src")
            {
                let text = fs::read_to_string(&path).expect("a source file");
                codes.extend(codes_in(&text, '"', '"').map(str::to_owned));
            }
        }
    }
    codes
}
