//! Parsing with tree-sitter, within limits that do not hang on the clock.

use std::ops::{ControlFlow, Range};

use base::Span;
use tree_sitter::{Language, ParseOptions, ParseState, Parser, Point, Tree};

/// Steps that parsing may take for each byte, and for the file as a whole. The parser reports once in a
/// hundred operations or so; healthy code takes a small part of one report for each byte.
const REPORTS_PER_BYTE: usize = 4;
const REPORTS: usize = 100_000;

/// The syntax tree of a text; none if making it would take too long.
pub fn parse(language: &Language, text: &str) -> Option<Tree> {
    parse_piece(language, text, 0..text.len())
}

/// The syntax tree of a piece of a text, with places in the whole.
pub fn parse_piece(language: &Language, text: &str, piece: Range<usize>) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    let bytes = text.as_bytes().get(..piece.end)?;
    if piece.start > 0 {
        // Rows are not looked at: places are worked out from bytes.
        let point = Point { row: 0, column: 0 };
        let range =
            tree_sitter::Range { start_byte: piece.start, end_byte: piece.end, start_point: point, end_point: point };
        parser.set_included_ranges(&[range]).ok()?;
    }
    let mut left = REPORTS + REPORTS_PER_BYTE * piece.len();
    let mut progress = |_: &ParseState| match left.checked_sub(1) {
        Some(less) => {
            left = less;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

/// Where the first thing stands that is no code of the language.
pub fn first_error(tree: &Tree) -> Option<Span> {
    let mut node = tree.root_node();
    if !node.has_error() {
        return None;
    }
    loop {
        if node.is_error() || node.is_missing() {
            // A broken part may be the whole rest of the file: its first line says where it begins.
            return Some(Span::new(node.start_byte(), node.end_byte()));
        }
        let mut cursor = node.walk();
        let next = node.children(&mut cursor).find(|child| child.has_error() || child.is_missing());
        match next {
            Some(child) => node = child,
            None => return Some(Span::new(node.start_byte(), node.end_byte())),
        }
    }
}
