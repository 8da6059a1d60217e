//! Whether two texts are the same program: the same tree, the same comments in the same order, the same broken pieces.

use base::FileId;

/// Whether `after` says what `before` says, blanks and commas that mean nothing aside.
pub fn same_program(before: &str, after: &str) -> bool {
    summary(before) == summary(after)
}

/// All that the layout must not change.
fn summary(text: &str) -> (String, Vec<&str>, Vec<&str>) {
    let parse = syntax::parse(FileId(0), text);
    let comments = parse.pieces.iter().flat_map(|piece| &piece.comments);
    let comments = comments.map(|span| text[span.range()].trim_end()).collect();
    let errors: Vec<u32> = parse
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .filter_map(|diagnostic| diagnostic.primary.as_ref().map(|label| label.place.span.start))
        .collect();
    let broken = parse
        .pieces
        .iter()
        .flat_map(|piece| piece.block.iter().flat_map(|block| &block.members).chain([piece]))
        .filter(|piece| piece.block.is_none())
        .filter(|piece| errors.iter().any(|&error| piece.span.start <= error && error < piece.span.end))
        .map(|piece| &text[piece.span.range()])
        .collect();
    (syntax::dump(&parse.module), comments, broken)
}
