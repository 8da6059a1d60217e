//! Files with the trees and messages that they give. `corpus/good` parses without a word, `corpus/broken` does not; both are
//! kept as snapshots beside them, source excerpts included.

#![allow(clippy::disallowed_methods, reason = "the corpus lies on the real file system")]

use std::path::{Path, PathBuf};

use base::{RenderStyle, SourceMap, render_all};

/// The `.law` files below a folder, sorted.
fn law_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder exists").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(law_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "law") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The tree and the messages of a text.
fn report(name: &str, text: &str) -> (String, String) {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text);
    let parse = syntax::parse(file, text);
    (syntax::dump(&parse.module), render_all(&parse.diagnostics, &sources, RenderStyle::Plain))
}

fn check(path: &Path, broken: bool) {
    let text = std::fs::read_to_string(path).expect("a readable corpus file");
    let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
    let (tree, messages) = report(name, &text);
    assert_eq!(messages.is_empty(), !broken, "{name}:\n{messages}");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(path.parent().expect("a folder"));
    settings.bind(|| insta::assert_snapshot!(name, format!("{tree}{}{messages}", if broken { "\n" } else { "" })));
}

#[test]
fn good_files_give_their_trees() {
    law_files(&root().join("tests/corpus/good")).iter().for_each(|path| check(path, false));
}

#[test]
fn broken_files_give_messages_and_what_is_left() {
    law_files(&root().join("tests/corpus/broken")).iter().for_each(|path| check(path, true));
}

#[test]
fn the_policies_parse() {
    let policies = root().join("../../policies");
    let complaints: String = law_files(&policies)
        .iter()
        .map(|path| report(&path.display().to_string(), &std::fs::read_to_string(path).expect("a readable policy")).1)
        .collect();
    assert!(complaints.is_empty(), "{complaints}");
}
