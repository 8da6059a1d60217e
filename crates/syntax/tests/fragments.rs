//! Texts that are no files: bodies of queries, rows to explain, values from the command line.

use base::{FileId, RenderStyle, SourceMap, render_all};
use syntax::ast::{Clause, Item, ItemKind, LiteralValue, Module};
use syntax::{parse_atom, parse_body, parse_literal_value};

/// The messages of a fragment, or an empty text.
fn messages(text: &str, diagnostics: &[base::Diagnostic]) -> String {
    let mut sources = SourceMap::new();
    sources.add("query", text);
    render_all(diagnostics, &sources, RenderStyle::Plain)
}

/// A body as a rule for the row `q()`, so that it can be dumped.
fn check_body(text: &str, expected: &str) {
    let (body, diagnostics) = parse_body(FileId(0), text);
    assert_eq!(messages(text, &diagnostics), "");
    let (head, _) = parse_atom(FileId(0), "q()");
    let clause = Clause { head: head.expect("a row"), body: Some(body), span: base::Span::default() };
    let item = Item { doc: None, kind: ItemKind::Clause(clause), span: base::Span::default() };
    assert_eq!(syntax::dump(&Module { doc: None, items: vec![item] }).trim_end(), expected);
}

#[test]
fn bodies_of_queries() {
    check_body("a(x), x > 1", "(rule (q) (a x) (> x 1))");
    check_body("a.b{c, d?}.", "(rule (q) (a.b c: d?:))");
    check_body("n = count { x : a(x) } // how many", "(rule (q) (= n (count x : (a x))))");
}

#[test]
fn broken_bodies_say_why() {
    for (text, code) in
        [("", "E0102"), ("a(x", "E0103"), ("a(x) b(x)", "E0102"), ("a(x) && b(x)", "E0107"), ("x", "E0116")]
    {
        let (_, diagnostics) = parse_body(FileId(0), text);
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, [code], "{text}: {}", messages(text, &diagnostics));
    }
}

#[test]
fn rows_to_explain() {
    for text in ["a.b(1, \"x\")", "a{b: \"{x}\"}", "a(_)."] {
        let (atom, diagnostics) = parse_atom(FileId(0), text);
        assert!(atom.is_some() && diagnostics.is_empty(), "{text}: {}", messages(text, &diagnostics));
    }
    for text in ["", "a", "a(1) b(2)", "a(1", "not a(1)", "a?"] {
        let (atom, diagnostics) = parse_atom(FileId(0), text);
        assert!(atom.is_none() && diagnostics.len() == 1, "{text}: {}", messages(text, &diagnostics));
    }
}

#[test]
fn values_of_parameters() {
    let check = |text: &str, expected: LiteralValue| assert_eq!(parse_literal_value(text), Ok(expected), "{text}");
    check("90d", LiteralValue::Duration(7_776_000_000_000));
    check(" -5 ", LiteralValue::Int(-5));
    check("\"a {b}\"", LiteralValue::Text("a {b}".into()));
    check("2026-11-20", LiteralValue::Time(1_795_132_800_000_000));
    check("none", LiteralValue::None);
    check("true", LiteralValue::Bool(true));
    for text in ["", "x", "1 + 2", "a(1)", "\"open", "2026-13-01", "1 2", "'a'"] {
        let error = parse_literal_value(text).expect_err(text);
        assert!(!error.is_empty());
    }
}
