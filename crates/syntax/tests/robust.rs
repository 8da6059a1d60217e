//! Broken text is ordinary text: whatever is done to a file, its pieces cover it, places lie inside it, nothing panics,
//! and what broke is told.

#![allow(clippy::disallowed_methods, reason = "the corpus lies on the real file system")]

use std::path::Path;

use base::{FileId, Span};
use syntax::split::{Piece, PieceKind};
use syntax::{Parse, parse};

/// A small generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// All sample texts: good and broken ones.
fn samples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<_> = ["good", "broken"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("the corpus").flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "law"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a readable sample")).collect()
}

fn check_span(text: &str, span: Span) {
    let range = span.range();
    assert!(range.start <= range.end && range.end <= text.len(), "{range:?} of {}:\n{text}", text.len());
    assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end), "{range:?}:\n{text}");
}

fn check_cover(text: &str, pieces: &[Piece], start: usize, end: usize) {
    let mut at = start;
    for piece in pieces {
        assert_eq!(piece.full.start as usize, at, "pieces follow each other:\n{text:.2000}");
        check_span(text, piece.full);
        check_span(text, piece.span);
        at = piece.full.end as usize;
        if let Some(block) = &piece.block {
            let inner = block.members.first().map_or(at, |member| member.full.start as usize);
            let inner_end = block.close.map_or(at, |close| close.start as usize);
            check_cover(text, &block.members, inner, inner_end);
        }
    }
    assert_eq!(at, end, "pieces cover the text:\n{text:.2000}");
}

/// Parses `text` and checks what must hold for any text.
fn check(text: &str) -> Parse {
    let result = parse(FileId(0), text);
    check_cover(text, &result.pieces, 0, text.len());
    for diagnostic in &result.diagnostics {
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            check_span(text, label.place.span);
        }
        for (place, _) in diagnostic.fixes.iter().flat_map(|fix| &fix.edits) {
            check_span(text, place.span);
        }
    }
    let broken = syntax::dump(&result.module).lines().any(|line| line.trim_start().starts_with("(broken"));
    let errors = result.diagnostics.iter().any(|diagnostic| diagnostic.is_error());
    assert!(!broken || errors, "a broken piece without an error:\n{text:.2000}");
    let _ = syntax::parse_body(FileId(0), text);
    let _ = syntax::parse_atom(FileId(0), text);
    let _ = syntax::parse_literal_value(text);
    result
}

#[test]
fn any_damage_is_survived() {
    let mut random = Random(0x5eed_1234_9876_abcd);
    let samples = samples();
    for sample in &samples {
        let characters: Vec<char> = sample.chars().collect();
        for _ in 0..120 {
            let mut mutant = characters.clone();
            for _ in 0..=random.below(3) {
                let from = random.below(mutant.len());
                let to = (from + random.below(30)).min(mutant.len());
                match random.below(4) {
                    0 => drop(mutant.drain(from..to)),
                    1 => {
                        let copy: Vec<char> = mutant[from..to].to_vec();
                        let at = random.below(mutant.len());
                        mutant.splice(at..at, copy);
                    }
                    2 => {
                        let pool: Vec<char> = "\"'{}()[]/.,:-=<>?\\\n\t\r%#é😀\0\u{feff}_0".chars().collect();
                        let some: Vec<char> = (0..random.below(4)).map(|_| pool[random.below(pool.len())]).collect();
                        mutant.splice(from..from, some);
                    }
                    _ => {
                        let other: Vec<char> = samples[random.below(samples.len())].chars().collect();
                        let start = random.below(other.len());
                        let end = (start + random.below(40)).min(other.len());
                        mutant.splice(from..from, other[start..end].to_vec());
                    }
                }
            }
            check(&mutant.into_iter().collect::<String>());
        }
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for sample in samples() {
        let plain = check(&sample);
        let dos = check(&format!("\u{feff}{}", sample.replace('\n', "\r\n")));
        assert_eq!(syntax::dump(&plain.module), syntax::dump(&dos.module));
        assert_eq!(plain.diagnostics.len(), dos.diagnostics.len());
    }
}

#[test]
fn nesting_without_end_is_refused() {
    const MANY: usize = 100_000;
    let deep = [
        "(",
        "[",
        "{",
        "a(",
        "a{b:",
        "not ",
        "-",
        "count { x : ",
        "\"{",
        "/[",
        "\"",
        "'",
        "r#",
        "/*",
        "a.",
        "1+",
        "x else ",
        "a,",
        "or ",
        "control A \"b\" {",
        "test \"a\" {\n",
        "p(x) :- not ( ",
        "p(x) :- a(",
        "\\u{",
        "\"\"\"\n",
        "}",
        ")",
        "(]",
        "\"{\\\"",
        "p(\"{a",
        "p(x) :- /[[",
        "x.\n",
        "/// a\n",
        "/*\n",
        "given ",
        "input i(x: int) from json \"\" each a[",
    ];
    for part in deep {
        check(&part.repeat(MANY));
        check(&format!("p(x) :- {}", part.repeat(MANY)));
    }
    let balanced = format!("p({}1{}).\nq(1).\n", "(".repeat(MANY), ")".repeat(MANY));
    let result = check(&balanced);
    assert_eq!(result.diagnostics.len(), 1);
    assert_eq!(result.diagnostics[0].code, "E0106");
}

#[test]
fn sixty_four_brackets_are_fine() {
    for (open, close) in [("(", ")"), ("not (", ")"), ("( b(x) or ", ")"), ("n = count { y : c(y), ", "} > 1")] {
        let text = format!("p(x) :- a(x), {} b(x), x = 1{}.", open.repeat(62), close.repeat(62));
        let result = parse(FileId(0), &text);
        assert!(result.diagnostics.iter().all(|diagnostic| diagnostic.code != "E0106"), "{:?}", result.diagnostics);
    }
}

#[test]
fn comments_can_be_found_again() {
    let text = "// one\na(1). // two\ncontrol A \"b\" {\n  // three\n  severity: low // four\n  // five\n}\n/// six\n";
    let pieces = parse(FileId(0), text).pieces;
    let found: Vec<&str> = pieces.iter().flat_map(|piece| &piece.comments).map(|span| &text[span.range()]).collect();
    assert_eq!(found, ["// one", "// two", "// three", "// four", "// five", "/// six"]);
    assert_eq!(pieces.last().map(|piece| piece.kind), Some(PieceKind::Rest));
}
