//! What stands below each other: comments, items, members, statements; the blank lines between them, and what shares a line.
//!
//! Entries are gathered first, each with the comment behind it, and laid out then. What could not be parsed is an entry too,
//! taken over as it is.

use base::Span;
use syntax::scan::{Token, TokenKind};
use syntax::split::{Block, Piece, PieceKind};
use syntax::words::Keyword;

use crate::items;
use crate::shape::Shape;
use crate::table::{self, Row};
use crate::tokens::line_breaks;
use crate::writer::{Line, STEP, WIDTH};

/// The text that is laid out.
#[derive(Debug)]
pub struct Source<'t> {
    /// As written.
    pub text: &'t str,
    /// Its tokens.
    pub tokens: &'t [Token],
    /// Where errors are, sorted.
    pub errors: Vec<u32>,
}

/// Lines that take the place of a part of the text.
#[derive(Debug)]
pub struct Segment {
    /// The part, without blanks around it.
    pub span: Span,
    /// Its lines.
    pub lines: Vec<Line>,
    /// A blank line stands before it.
    pub blank: bool,
}

/// Something that has its own lines, before it is laid out.
#[derive(Debug)]
struct Entry<'t> {
    kind: EntryKind<'t>,
    span: Span,
    /// The comment behind it.
    behind: Option<&'t str>,
    /// The author has a blank line before it.
    blank: bool,
    /// It begins on the line on which what is before it ends.
    same_line: bool,
}

#[derive(Debug)]
enum EntryKind<'t> {
    Comment(TokenKind),
    Piece(&'t Piece),
    /// Could not be parsed, or holds what could not and would be cut differently if it moved.
    Broken,
}

impl<'t> Source<'t> {
    /// The file's segments.
    pub fn file(&self, pieces: &'t [Piece]) -> Vec<Segment> {
        let (_, entries) = self.gather(pieces, 0);
        self.segments(&entries, 0)
    }

    fn is_broken(&self, span: Span) -> bool {
        let at = self.errors.partition_point(|&error| error < span.start);
        self.errors.get(at).is_some_and(|&error| error <= span.end)
    }

    /// Whether a block has to stay as it is: its header is broken, or a broken member would be cut differently beside
    /// members that moved to the right of it.
    fn is_stuck(&self, block: &Block) -> bool {
        let header = &self.tokens[block.header.clone()];
        let span = header[0].span.cover(header[header.len() - 1].span);
        let left = |member: &Piece| {
            let first = self.tokens[member.tokens.clone()].iter().find(|token| !token.is_comment());
            member.kind != PieceKind::Rest
                && self.is_broken(member.span)
                && first.is_some_and(|first| (first.indent as usize) < STEP)
        };
        block.close.is_none() || self.is_broken(span) || block.members.iter().any(left)
    }

    /// The comment behind the bracket that opens the block, and the entries of the pieces. `start`: where the block begins.
    fn gather(&self, pieces: &'t [Piece], start: u32) -> (Option<&'t str>, Vec<Entry<'t>>) {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut behind_open = None;
        let mut end = start;
        for piece in pieces {
            let tokens = &self.tokens[piece.tokens.clone()];
            for token in tokens.iter().take_while(|token| token.is_comment()) {
                let comment = token.text(self.text).trim_end();
                match entries.last_mut() {
                    Some(last) if !token.first => {
                        last.behind = Some(comment);
                        last.span = last.span.cover(token.span);
                    }
                    None if !token.first => behind_open = Some(comment),
                    _ => entries.push(self.entry(EntryKind::Comment(token.kind), token.span, end)),
                }
                end = token.span.end;
            }
            if piece.kind != PieceKind::Rest {
                let broken = match &piece.block {
                    Some(block) => self.is_stuck(block),
                    None => self.is_broken(piece.span),
                };
                let kind = if broken { EntryKind::Broken } else { EntryKind::Piece(piece) };
                entries.push(self.entry(kind, piece.span, end));
                end = piece.span.end;
            }
        }
        (behind_open, entries)
    }

    fn entry(&self, kind: EntryKind<'t>, span: Span, end: u32) -> Entry<'t> {
        let breaks = line_breaks(&self.text[end as usize..span.start as usize]);
        Entry { kind, span, behind: None, blank: breaks > 1, same_line: breaks == 0 && end > 0 }
    }

    // ---- Blank lines and shared lines ----

    fn segments(&self, entries: &[Entry<'t>], indent: usize) -> Vec<Segment> {
        let apart = self.apart(entries);
        let mut segments: Vec<Segment> = Vec::new();
        let mut rows: Vec<Vec<Option<Row>>> = Vec::new();
        let mut at = 0;
        while at < entries.len() {
            let shared = self.shared(&entries[at..]);
            let blank = at > 0 && apart[at];
            let made = self.row(&entries[at..at + shared], indent);
            let span = entries[at].span.cover(entries[at + shared - 1].span);
            let (lines, cells) = made.into_iter().unzip();
            segments.push(Segment { span, lines, blank });
            rows.push(cells);
            at += shared;
        }
        table::align(&mut segments, &rows, indent);
        segments
    }

    /// Which entries have a blank line before them: where the author has one, and around blocks.
    fn apart(&self, entries: &[Entry<'t>]) -> Vec<bool> {
        let mut apart: Vec<bool> = entries.iter().map(|entry| entry.blank).collect();
        for (at, entry) in entries.iter().enumerate() {
            let is_doc = |entry: &Entry<'_>| matches!(entry.kind, EntryKind::Comment(TokenKind::ModuleDoc));
            if at > 0 && is_doc(&entries[at - 1]) && !is_doc(entry) {
                apart[at] = true;
            }
            let block = match entry.kind {
                EntryKind::Piece(piece) => {
                    piece.block.is_some() || matches!(piece.kind, PieceKind::Item(Keyword::Framework))
                }
                _ => false,
            };
            if !block {
                continue;
            }
            // Comments right above a block belong to it.
            let mut first = at;
            while first > 0 && !entries[first].blank && matches!(entries[first - 1].kind, EntryKind::Comment(_)) {
                first -= 1;
            }
            apart[first] = true;
            if let Some(next) = apart.get_mut(at + 1) {
                *next = true;
            }
        }
        apart
    }

    /// How many of the first entries are facts that the author put on one line; at least one.
    fn shared(&self, entries: &[Entry<'t>]) -> usize {
        let fact = |entry: &Entry<'_>| match entry.kind {
            EntryKind::Piece(piece) => {
                let tokens = &self.tokens[piece.tokens.clone()];
                let plain = |token: &Token| token.kind != TokenKind::If && !token.text(self.text).contains('\n');
                piece.kind == PieceKind::Clause
                    && tokens
                        .iter()
                        .skip_while(|token| token.is_comment())
                        .all(|token| plain(token) && !token.is_comment())
            }
            _ => false,
        };
        let mut count = entries.iter().take_while(|entry| fact(entry)).count();
        if let Some(end) = (1..count).find(|&at| !entries[at].same_line || entries[at - 1].behind.is_some()) {
            count = end;
        }
        count.max(1)
    }

    /// Facts on one line, if they fit. Where they do not, rows of several columns have a line each, to be aligned, and short ones
    /// go on below.
    fn row(&self, entries: &[Entry<'t>], indent: usize) -> Vec<(Line, Option<Row>)> {
        if let [one] = entries {
            let (lines, row) = self.lines(one, indent);
            return lines.into_iter().zip(std::iter::once(row).chain(std::iter::repeat(None))).collect();
        }
        let made: Vec<(Vec<Line>, Option<Row>)> = entries.iter().map(|entry| self.lines(entry, indent)).collect();
        let width: usize = made.iter().flat_map(|(lines, _)| lines).map(|line| line.width() - indent + 1).sum();
        let flat = made.iter().all(|(lines, _)| lines.len() == 1);
        let fits = flat && indent + width <= WIDTH + 1;
        let fills = fits || flat && made.iter().all(|(_, row)| row.as_ref().is_none_or(|row| row.columns() < 2));
        let mut lines: Vec<(Line, Option<Row>)> = Vec::new();
        for (at, (made, row)) in made.into_iter().enumerate() {
            match (lines.last_mut(), made.as_slice()) {
                (Some((last, row)), [one]) if fills && at > 0 && last.width() + 1 + one.width() - indent <= WIDTH => {
                    last.code.push(' ');
                    last.code.push_str(one.code.trim_start());
                    last.comment = one.comment.clone();
                    *row = None;
                }
                _ => {
                    let rows = std::iter::once(row).chain(std::iter::repeat(None));
                    lines.extend(made.into_iter().zip(rows));
                }
            }
        }
        lines
    }

    // ---- Lines of one entry ----

    fn lines(&self, entry: &Entry<'t>, indent: usize) -> (Vec<Line>, Option<Row>) {
        let margin = " ".repeat(indent);
        match entry.kind {
            EntryKind::Comment(_) => {
                let code = margin + self.text[entry.span.range()].trim_end();
                (vec![Line { code, comment: None }], None)
            }
            EntryKind::Broken => (vec![self.broken(entry)], None),
            EntryKind::Piece(piece) => match &piece.block {
                Some(block) => (self.block(piece, block, entry.behind, indent), None),
                None => {
                    let mut shape = Shape::of(self.text, &self.tokens[piece.tokens.clone()], entry.behind);
                    let lines = items::piece(&mut shape, piece.kind, indent);
                    let row = (lines.len() == 1).then(|| Row::of(&shape, piece.kind)).flatten();
                    (lines, row)
                }
            },
        }
    }

    /// What cannot be parsed, byte for byte, with the indentation of its line.
    fn broken(&self, entry: &Entry<'t>) -> Line {
        let (start, end) = (entry.span.start as usize, entry.span.end as usize);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let only_blanks = self.text[line..start].trim_start_matches('\u{feff}').trim_matches([' ', '\t']).is_empty();
        let indentation = if only_blanks { self.text[line..start].trim_start_matches('\u{feff}') } else { "" };
        Line { code: format!("{indentation}{}", &self.text[start..end]), comment: None }
    }

    fn block(&self, piece: &'t Piece, block: &'t Block, behind: Option<&'t str>, indent: usize) -> Vec<Line> {
        let header = &self.tokens[block.header.clone()];
        let (open, entries) = self.gather(&block.members, header[header.len() - 1].span.end);
        let mut shape = Shape::of(self.text, header, open);
        let mut lines = items::piece(&mut shape, piece.kind, indent);
        let closing = Line { code: " ".repeat(indent) + "}", comment: behind.map(str::to_owned) };
        if let (true, None, Some(last)) = (entries.is_empty(), open, lines.last_mut()) {
            last.code.push('}');
            last.comment = closing.comment;
            return lines;
        }
        for segment in self.segments(&entries, indent + STEP) {
            lines.extend(segment.blank.then(Line::default));
            lines.extend(segment.lines);
        }
        lines.push(closing);
        lines
    }
}
