//! The grammar's corpus, and its queries: each compiles, and colours, folds and names what it should.

#![allow(clippy::disallowed_methods, reason = "the corpus lies in the checkout")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use editors::{checkout, samples, tree};
use tree_sitter::{Query, QueryCursor, StreamingIterator};

/// The tests of `test/corpus`, in the format that `tree-sitter test` reads: name, text, tree.
fn corpus() -> Vec<(String, String, String)> {
    let folder = checkout().join("editors/tree-sitter-lawbook/test/corpus");
    let mut files: Vec<_> = fs::read_dir(folder).expect("the corpus").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut tests = Vec::new();
    for file in files {
        let content = fs::read_to_string(&file).expect("a readable file");
        let mut lines = content.lines().peekable();
        while let Some(line) = lines.next() {
            if !line.starts_with("====") {
                continue;
            }
            let name = lines.next().unwrap_or_default().to_owned();
            lines.next();
            let mut text = String::new();
            for line in lines.by_ref().take_while(|line| !is_divider(line)) {
                text.push_str(line);
                text.push('\n');
            }
            let mut expected = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("====")) {
                expected.push_str(line);
                expected.push(' ');
            }
            tests.push((name, text, expected));
        }
    }
    tests
}

fn is_divider(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

fn normal(tree: &str) -> String {
    let words: Vec<&str> = tree.split_whitespace().collect();
    words.join(" ").replace(" )", ")").replace("( ", "(")
}

#[test]
fn the_corpus_gives_the_trees_that_it_shows() {
    let tests = corpus();
    assert!(tests.len() > 20, "{} tests", tests.len());
    let names: BTreeSet<&str> = tests.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names.len(), tests.len(), "two tests of one name");
    for (name, text, expected) in &tests {
        // The runner of tree-sitter leaves out the blank lines around a text.
        let found = tree(text.trim_matches('\n')).root_node().to_sexp();
        assert_eq!(normal(&found), normal(expected), "{name}");
    }
}

fn query(source: &str) -> Query {
    Query::new(&tree_sitter_lawbook::LANGUAGE.into(), source).unwrap_or_else(|error| panic!("{error}"))
}

/// What the query captures in `text`, by the captured text, later patterns last.
fn captures(source: &str, text: &str) -> BTreeMap<String, Vec<String>> {
    let query = query(source);
    let tree = tree(text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some((matched, index)) = captures.next() {
        let capture = matched.captures()[*index];
        let name = query.capture_names()[capture.index as usize].to_owned();
        found.entry(text[capture.node.byte_range()].to_owned()).or_default().push(name);
    }
    found
}

#[test]
fn every_query_fits_the_grammar() {
    for (name, source) in [
        ("highlights", tree_sitter_lawbook::HIGHLIGHTS_QUERY),
        ("injections", tree_sitter_lawbook::INJECTIONS_QUERY),
        ("locals", tree_sitter_lawbook::LOCALS_QUERY),
        ("folds", tree_sitter_lawbook::FOLDS_QUERY),
        ("indents", tree_sitter_lawbook::INDENTS_QUERY),
        ("tags", tree_sitter_lawbook::TAGS_QUERY),
    ] {
        assert!(query(source).pattern_count() > 0, "{name}");
    }
}

const TEXT: &str = r#"//! About the module.
use std.ai as ai
entity System
/// Who owns what.
rel owns(team: string, system: System?)
param window: duration = 90d
control HOUSE-1 "Owned" {
    severity: high
    maps: soc2/CC9.2
    scope(s) :- ai.system{name: s}.
    violation(s, "nobody owns {s}\n") :- not owns(_, s), lower(s) matches /^a+/i, n = count { x : owns(x, s) }, n > 1.
}
test "t" {
    given file "a/b.py" = """
        import x
        """
    expect pass HOUSE-1
}
"#;

#[test]
fn what_stands_out_is_highlighted_as_what_it_is() {
    let found = captures(tree_sitter_lawbook::HIGHLIGHTS_QUERY, TEXT);
    let last = |text: &str| found.get(text).and_then(|names| names.last()).map(String::as_str);
    for (text, name) in [
        ("use", "keyword"),
        ("System", "type"),
        ("string", "type.builtin"),
        ("team", "property"),
        ("90d", "number"),
        ("window", "constant"),
        ("HOUSE-1", "constant"),
        ("high", "constant.builtin"),
        ("CC9.2", "constant"),
        ("scope", "function.special"),
        ("owns", "function"),
        ("lower", "function.builtin"),
        ("matches", "keyword.operator"),
        ("count", "function.builtin"),
        ("\\n", "string.escape"),
        ("_", "character.special"),
        ("pass", "constant.builtin"),
        ("i", "character.special"),
        ("\"t\"", "string"),
    ] {
        let names = found.get(text).cloned().unwrap_or_default();
        assert!(names.iter().any(|found| found == name), "`{text}` is {names:?}, not {name}; last {:?}", last(text));
    }
}

#[test]
fn texts_in_other_languages_are_told_by_where_they_stand() {
    let query = query(tree_sitter_lawbook::INJECTIONS_QUERY);
    let tree = tree(TEXT);
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(&query, tree.root_node(), TEXT.as_bytes());
    let mut found = Vec::new();
    while let Some(matched) = matches.next() {
        let settings = query.property_settings(matched.pattern_index);
        let language = settings.iter().find(|setting| &*setting.key == "injection.language");
        let language = language.and_then(|setting| setting.value.as_deref()).unwrap_or_default().to_owned();
        let content = query.capture_index_for_name("injection.content").expect("the capture");
        for capture in matched.captures().iter().filter(|capture| capture.index == content) {
            found.push((language.clone(), TEXT[capture.node.byte_range()].trim().to_owned()));
        }
    }
    let expected = [
        ("markdown_inline", "About the module."),
        ("markdown_inline", "Who owns what."),
        ("regex", "^a+"),
        ("python", "import x"),
    ];
    let found: Vec<(&str, &str)> = found.iter().map(|(language, text)| (language.as_str(), text.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn blocks_fold_and_names_are_tags() {
    let folds = captures(tree_sitter_lawbook::FOLDS_QUERY, TEXT);
    assert!(folds.keys().any(|text| text.starts_with("{\n    severity")), "{folds:?}");
    let tags = captures(tree_sitter_lawbook::TAGS_QUERY, TEXT);
    for name in ["owns", "System", "window", "HOUSE-1", "t"] {
        assert!(tags.get(name).is_some_and(|names| names.iter().any(|found| found == "name")), "{name}: {tags:?}");
    }
}

#[test]
fn every_node_that_the_queries_could_name_occurs_in_the_policies() {
    // A kind of node that no text of the project has is either not needed or not tested.
    let kinds: Vec<serde_json::Value> = serde_json::from_str(tree_sitter_lawbook::NODE_TYPES).expect("JSON");
    let mut wanted: BTreeSet<String> = kinds
        .iter()
        .filter(|kind| kind["named"] == true && kind.get("subtypes").is_none())
        .filter_map(|kind| kind["type"].as_str().map(str::to_owned))
        .collect();
    for sample in samples() {
        editors::walk(tree(&sample.text).root_node(), &mut |node| {
            wanted.remove(node.kind());
        });
    }
    assert!(wanted.is_empty(), "no sample has {wanted:?}");
}
