//! A second, lenient look at a piece that could not be parsed: the name that it declares and its columns, so that
//! the rest of the program does not complain that they are unknown.

use base::Span;

use crate::ast::{Broken, Name, Path};
use crate::scan::{RESERVED, Token, TokenKind};
use crate::words::Keyword;

/// What can be told of the piece with these tokens.
pub(crate) fn read(text: &str, tokens: &[Token], keyword: Option<Keyword>) -> Broken {
    let tokens: Vec<&Token> = tokens.iter().filter(|token| !token.is_comment()).collect();
    let mut at = 0;
    if keyword.is_some() {
        let is_open = tokens.first().is_some_and(|token| token.text(text) == "open");
        at = if is_open { 2 } else { 1 };
    }
    let name = match keyword {
        Some(Keyword::Control | Keyword::Framework) => id(text, &tokens[at.min(tokens.len())..]),
        _ => path(text, &tokens, &mut at),
    };
    let columns = match keyword {
        Some(Keyword::Rel | Keyword::Input) => columns(text, &tokens, at, true),
        None => columns(text, &tokens, at, false),
        _ => Vec::new(),
    };
    Broken { keyword: keyword.map_or("", Keyword::word).into(), name, columns }
}

fn name(text: &str, token: &Token) -> Name {
    Name { text: token.text(text).into(), span: token.span }
}

fn path(text: &str, tokens: &[&Token], at: &mut usize) -> Option<Path> {
    let is_word = |at: usize| tokens.get(at).filter(|token| token.kind == TokenKind::Word);
    let first = is_word(*at).filter(|token| !RESERVED.contains(&token.text(text)))?;
    let mut parts = vec![name(text, first)];
    *at += 1;
    while tokens.get(*at).is_some_and(|token| token.kind == TokenKind::Dot)
        && let Some(part) = is_word(*at + 1)
    {
        parts.push(name(text, part));
        *at += 2;
    }
    let span = parts[0].span.cover(parts[parts.len() - 1].span);
    Some(Path { parts, span })
}

/// The id of a control: adjacent tokens up to a blank.
fn id(text: &str, tokens: &[&Token]) -> Option<Path> {
    let first = tokens.first().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))?;
    let mut span = first.span;
    for token in &tokens[1..] {
        let part =
            matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Dot) || token.text(text) == "-";
        if token.span.start != span.end || !part {
            break;
        }
        span = span.cover(token.span);
    }
    let name = Name { text: text[span.range()].into(), span: Span { ..span } };
    Some(Path { parts: vec![name], span })
}

/// The columns of the first bracket: words before a colon, or for a head's positional arguments plain words.
fn columns(text: &str, tokens: &[&Token], at: usize, declared: bool) -> Vec<Name> {
    let Some(open) = tokens.get(at).filter(|token| token.kind == TokenKind::Open) else { return Vec::new() };
    let named = declared || open.text(text) == "{";
    let mut columns = Vec::new();
    let mut depth = 0;
    for pair in tokens[at..].windows(2) {
        let [token, next] = pair else { break };
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            TokenKind::If | TokenKind::Stop => break,
            TokenKind::Word if depth == 1 => {
                let after = next.text(text);
                if after == ":" && named || !declared && matches!(after, "," | ")" | "}") {
                    columns.push(name(text, token));
                }
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    columns
}
