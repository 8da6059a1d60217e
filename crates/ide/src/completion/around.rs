//! What stands around the cursor in half-typed text: the word that is written, the piece that goes on, the block around it.
//! All of it is read from tokens; what may be written there is for [`super::context`] to say.

use syntax::scan::{Token, TokenKind};
use syntax::split::{Piece, PieceKind};
use syntax::words::Keyword;

use crate::names::{NameKind, Names, piece_at};

/// Whether the cursor stands inside a token; a comment or open text holds also what comes behind it on its line.
pub(super) fn holds(token: &Token, offset: usize) -> bool {
    let open = matches!(token.kind, TokenKind::OpenText | TokenKind::OpenRegex | TokenKind::OpenBlock);
    let (start, end) = (token.span.start as usize, token.span.end as usize);
    start < offset && (offset < end || offset == end && (open || token.is_comment()))
}

/// How long the opening quotes of a text are.
pub(super) fn opener(text: &str) -> usize {
    let raw = text.len() - text.trim_start_matches(['r', '#']).len();
    let quotes = text[raw..].bytes().take_while(|byte| *byte == b'"').count();
    raw + if quotes >= 3 { quotes } else { 1 }
}

/// The word that a text ends with, dots and dashes between its letters included.
pub(super) fn word(text: &str) -> &str {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let start = text.rfind(|c: char| !part(c));
    let start = start.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    text[start..].trim_start_matches(['.', '-'])
}

/// How much of the word goes on behind the cursor.
pub(super) fn word_rest(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// The piece that goes on at the cursor (none where a new one begins) and the block around it.
pub(crate) fn unfinished<'p>(
    text: &str,
    tokens: &[Token],
    pieces: &'p [Piece],
    offset: usize,
) -> Option<(Option<&'p Piece>, Option<&'p Piece>)> {
    let (piece, outer) = piece_at(pieces, offset)?;
    let siblings = match outer {
        Some(outer) => &outer.block.as_ref()?.members,
        None => pieces,
    };
    if piece.block.as_ref().is_some_and(|block| block.opened) {
        // In the header, or behind the closing brace.
        let header = &tokens[piece.block.as_ref()?.header.clone()];
        let inside = header.first().is_some_and(|first| (first.span.start as usize) < offset);
        if inside {
            return Some((Some(piece), None));
        }
    } else if piece.kind != PieceKind::Rest && (piece.span.start as usize) < offset {
        let same_line = !text[piece.span.end.min(offset as u32) as usize..offset].contains('\n');
        let clause = matches!(piece.kind, PieceKind::Clause | PieceKind::Unknown);
        let open = clause && !stopped(tokens, piece);
        if offset <= piece.span.end as usize || open || same_line && !clause {
            return Some((Some(piece), outer));
        }
        return Some((None, outer));
    }
    // In the blanks before a piece: the one before may go on.
    let at = siblings.iter().position(|other| std::ptr::eq(other, piece))?;
    let before = at.checked_sub(1).map(|at| &siblings[at]);
    let goes_on = before.filter(|before| {
        let same_line = !text[before.span.end as usize..offset].contains('\n');
        match before.kind {
            PieceKind::Clause => !stopped(tokens, before),
            PieceKind::Rest => false,
            _ => before.block.is_none() && (same_line || open_end(text, tokens, before)),
        }
    });
    Some((goes_on, outer))
}

/// Whether a declaration or field ends with what something has to follow.
fn open_end(text: &str, tokens: &[Token], piece: &Piece) -> bool {
    let last = tokens[piece.tokens.clone()].iter().rev().find(|token| !token.is_comment());
    last.is_some_and(|token| matches!(token.text(text), "," | ":" | "=" | "(" | "{" | "<"))
}

fn stopped(tokens: &[Token], piece: &Piece) -> bool {
    let last = tokens[piece.tokens.clone()].iter().rev().find(|token| !token.is_comment());
    last.is_some_and(|token| token.kind == TokenKind::Stop)
}

/// The id of the control whose block it is.
pub(super) fn control_id(text: &str, tokens: &[Token], outer: &Piece) -> Option<String> {
    if outer.kind == PieceKind::Item(Keyword::Test) {
        return None;
    }
    let header = &tokens[outer.block.as_ref()?.header.clone()];
    let header: Vec<&Token> = header.iter().filter(|token| !token.is_comment()).collect();
    let (first, mut end) = (header.get(1)?.span.start, header.get(1)?.span.end);
    for token in &header[2..] {
        if token.span.start != end {
            break;
        }
        end = token.span.end;
    }
    text.get(first as usize..end as usize).map(str::to_owned)
}

/// The names of fields that a control has.
pub(super) fn fields(text: &str, tokens: &[Token], outer: &Piece) -> Vec<String> {
    let members = outer.block.iter().flat_map(|block| &block.members);
    let fields = members.filter(|member| member.kind == PieceKind::Field);
    let first = |piece: &Piece| tokens[piece.tokens.clone()].iter().find(|token| !token.is_comment()).copied();
    fields.filter_map(first).map(|token| token.text(text).to_owned()).collect()
}

/// The variable that the `scope` rule of a control gives the members of its population.
pub(super) fn subject(text: &str, tokens: &[Token], outer: &Piece) -> Option<String> {
    let members = outer.block.iter().flat_map(|block| &block.members);
    members.filter(|member| member.kind == PieceKind::Clause).find_map(|member| {
        let mut own = tokens[member.tokens.clone()].iter().filter(|token| !token.is_comment());
        let (scope, open, name) = (own.next()?, own.next()?, own.next()?);
        let found = scope.text(text) == "scope" && open.text(text) == "(" && name.kind == TokenKind::Word;
        found.then(|| name.text(text).to_owned())
    })
}

/// The variables of the clause around the cursor, without the one being written.
pub(super) fn variables(names: &Names, text: &str, offset: usize) -> Vec<(String, u32, u32)> {
    let Some(unit) = names.units.iter().rposition(|unit| unit.span.start as usize <= offset) else { return Vec::new() };
    let mut found: Vec<(String, u32, u32)> = Vec::new();
    for (_, name) in names.of_unit(unit as u32) {
        let NameKind::Variable { scope, .. } = name.kind else { continue };
        let being_written = name.span.start as usize <= offset && offset <= name.span.end as usize;
        let word = &text[name.span.range()];
        if !being_written && !found.iter().any(|(known, ..)| known == word) {
            found.push((word.to_owned(), scope, unit as u32));
        }
    }
    found
}
