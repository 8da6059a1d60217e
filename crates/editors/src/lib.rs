//! What is held against what in `editors/`: the tree-sitter grammar, its queries and the data of the editors against the
//! parser and the language they stand for.
//!
//! The one idea: an editor's grammar is a second reading of the same text, so each is tested by the other, over texts
//! that exist and texts that were damaged at random. Here is what those tests share.

#![allow(clippy::disallowed_methods, reason = "what is compared lies in the checkout")]

use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::{Node, Parser, Tree};

/// The root of the checkout.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A parser of policies. Panics where grammar and library do not fit together, which no text can bring about.
pub fn parser() -> Parser {
    let mut parser = Parser::new();
    let language = tree_sitter_lawbook::LANGUAGE.into();
    parser.set_language(&language).expect("the grammar's version is one that the library reads");
    parser
}

/// The tree of a text.
pub fn tree(text: &str) -> Tree {
    parser().parse(text, None).expect("a parser with a language and without a limit of time gives a tree")
}

/// What is wrong with a text for tree-sitter: each error and each missing token, as `line:column what`.
pub fn errors(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    walk(tree.root_node(), &mut |node| {
        if node.is_error() || node.is_missing() {
            let at = node.start_position();
            let what = if node.is_missing() { "missing" } else { "error" };
            found.push(format!("{}:{} {what} {}", at.row + 1, at.column + 1, node.kind()));
        }
    });
    found
}

/// Visits all nodes, parents first, without recursion: trees of damaged texts can be deep.
pub fn walk<'t>(root: Node<'t>, visit: &mut dyn FnMut(Node<'t>)) {
    let mut cursor = root.walk();
    loop {
        visit(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// A text of the project with where it stands.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Path from the root, with the line for a text inside a page.
    pub name: String,
    /// The text.
    pub text: String,
}

/// All policies of the project: files, and the blocks ```` ```law ```` of its pages.
pub fn samples() -> Vec<Sample> {
    let mut files = Vec::new();
    for folder in ["README.md", "benches", "crates", "docs", "editors", "examples", "policies", "tests"] {
        collect(&checkout().join(folder), &mut files);
    }
    files.sort();
    let mut samples = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let name = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
        match path.extension().is_some_and(|ending| ending == "law") {
            true => samples.push(Sample { name, text }),
            false => samples.extend(blocks(&name, &text)),
        }
    }
    samples
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        let wanted = path.extension().is_some_and(|ending| ending == "law" || ending == "md");
        return files.extend(wanted.then(|| path.to_owned()));
    };
    for entry in entries.flatten() {
        if !["node_modules", "target", "dist"].iter().any(|skipped| entry.file_name() == *skipped) {
            collect(&entry.path(), files);
        }
    }
}

/// The blocks of policies in a page of Markdown.
fn blocks(name: &str, page: &str) -> Vec<Sample> {
    let mut found = Vec::new();
    let mut open: Option<(String, String, usize)> = None;
    for (number, line) in page.lines().enumerate() {
        let fence = line.bytes().take_while(|&byte| byte == b'`').count();
        match &mut open {
            Some((opener, text, first)) if line.trim_end() == opener => {
                found.push(Sample { name: format!("{name}:{first}"), text: std::mem::take(text) });
                open = None;
            }
            Some((_, text, _)) => {
                text.push_str(line);
                text.push('\n');
            }
            None if fence >= 3 && line[fence..].split_whitespace().next() == Some("law") => {
                open = Some(("`".repeat(fence), String::new(), number + 2));
            }
            None => {}
        }
    }
    found
}

/// A small generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`; zero where that is zero.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
