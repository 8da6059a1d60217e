//! What stands between the braces of a string.

use base::Span;
use syntax::scan::{Token, TokenKind, scan};

/// The interpolations of a string token: the tokens of each, by place in the whole text. Raw strings have none.
pub fn interpolations(text: &str, token: &Token) -> Vec<(Span, Vec<Token>)> {
    let written = token.text(text);
    if !written.starts_with('"') || written.starts_with("\"\"\"") {
        return Vec::new();
    }
    let bytes = written.as_bytes();
    let mut found = Vec::new();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => {
                let end = closing(bytes, at + 1);
                let inner = Span::new(token.span.start as usize + at + 1, token.span.start as usize + end);
                found.push((inner, shifted(text, inner)));
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Where the brace that was opened before `at` closes, or the text ends.
fn closing(bytes: &[u8], mut at: usize) -> usize {
    let (mut depth, mut quoted) = (0_usize, false);
    let end = bytes.len() - usize::from(bytes.len() > 1 && bytes.ends_with(b"\""));
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted && depth == 0 => return at,
            b'}' if !quoted => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    end.max(at.min(end))
}

/// The tokens of a part of the text.
fn shifted(text: &str, span: Span) -> Vec<Token> {
    let Some(part) = text.get(span.range()) else { return Vec::new() };
    let move_on = |token: Token| match token.kind {
        // No clause ends inside a string.
        TokenKind::Stop => Token { kind: TokenKind::Dot, span: token.span.shift(span.start as usize), ..token },
        _ => Token { span: token.span.shift(span.start as usize), ..token },
    };
    scan(part).into_iter().map(move_on).collect()
}

/// The interpolation of a string token that the cursor stands in.
pub fn interpolation_at(text: &str, token: &Token, offset: usize) -> Option<Span> {
    let inside = |span: &Span| span.start as usize <= offset && offset <= span.end as usize;
    interpolations(text, token).into_iter().map(|(span, _)| span).find(inside)
}
