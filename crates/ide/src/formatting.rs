//! Formatting: of a file, of a range, and of the clause that a key ends.

use base::{FileId, Span};
use format::Edit;

use crate::Snapshot;

/// What changes to lay a file out.
pub fn file(snapshot: &Snapshot, file: FileId) -> Vec<Edit> {
    if snapshot.parse(file).is_none() || snapshot.is_embedded(file) {
        return Vec::new();
    }
    format::format(file, snapshot.text(file)).edits
}

/// What changes to lay out the items that a range touches.
pub fn range(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<Edit> {
    let touches = |edit: &Edit| edit.span.start <= range.end && range.start <= edit.span.end;
    self::file(snapshot, file).into_iter().filter(touches).collect()
}

/// What changes once a `.` ended a clause, or a line break the line before it: that clause is laid out, nothing else.
pub fn on_type(snapshot: &Snapshot, file: FileId, offset: usize, typed: &str) -> Vec<Edit> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let text = snapshot.text(file);
    let before = match typed {
        "\n" => text.get(..offset).map_or(0, |before| before.trim_end().len()),
        _ => offset,
    };
    let ends = |span: Span| span.end as usize == before;
    let pieces = parse.pieces.iter().flat_map(|piece| {
        let members = piece.block.iter().flat_map(|block| &block.members);
        std::iter::once(piece).chain(members)
    });
    let Some(piece) = pieces.into_iter().find(|piece| piece.block.is_none() && ends(piece.span)) else {
        return Vec::new();
    };
    // What stands behind the cursor is not touched: the cursor would move.
    let inside = |edit: &Edit| piece.span.start <= edit.span.start && edit.span.end <= piece.span.end;
    self::file(snapshot, file).into_iter().filter(inside).collect()
}
