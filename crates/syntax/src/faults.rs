//! What is wrong with a piece before any grammar is asked: what is left open, brackets that do not match, nesting too deep.

use base::{Diagnostic, FileId, Place, Span};

use crate::codes;
use crate::scan::{MAX_DEPTH, Token, TokenKind};

/// The first fault among the tokens of a piece; one is enough, as the others mostly follow from it.
pub(crate) fn fault(file: FileId, text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    tokens.iter().find_map(|token| lexical(file, text, token)).or_else(|| brackets(file, text, tokens))
}

fn lexical(file: FileId, text: &str, token: &Token) -> Option<Diagnostic> {
    let place = Place { file, span: token.span };
    let opener =
        |length: usize| Place { file, span: Span::new(token.span.start as usize, token.span.start as usize + length) };
    Some(match token.kind {
        TokenKind::OpenText => {
            let length = token.text(text).find('"').map_or(1, |at| at + 1);
            Diagnostic::error(codes::UNCLOSED, opener(length), "this string is never closed")
                .label("opens here; strings end with their line")
                .help("close it with `\"`; a text over several lines stands between `\"\"\"`")
        }
        TokenKind::OpenBlock => {
            let quotes = token.text(text).bytes().take_while(|&byte| byte == b'"').count();
            let closer = "\"".repeat(quotes.min(9));
            let help = match quotes {
                6 => "for an empty text write `\"\"`".to_owned(),
                _ => format!("close it with `{closer}`"),
            };
            Diagnostic::error(codes::UNCLOSED, opener(quotes), "this raw block is never closed")
                .label(format!("{quotes} quotes open it, and as many close it"))
                .help(help)
        }
        TokenKind::OpenRegex => Diagnostic::error(codes::UNCLOSED, opener(1), "this regex is never closed")
            .label("opens here; regexes end with their line")
            .help("close it with `/`; a slash inside is written `\\/` or `[/]`. If a division is meant, an operand is missing before it"),
        TokenKind::DeepText => {
            Diagnostic::error(codes::DEEP, place, format!("brackets in this text nest deeper than {MAX_DEPTH}, or too many stay open"))
                .help("write plain braces as `\\{` and `\\}`, or use a raw string `r\"…\"`")
        }
        TokenKind::BlockComment => Diagnostic::error(codes::HABIT, opener(2), "`/*` begins no comment")
            .help("comments begin with `//` and end with their line"),
        _ => return None,
    })
}

/// Unmatched brackets, told at the opener.
fn brackets(file: FileId, text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let mut open: Vec<(Span, &str)> = Vec::new();
    for token in tokens {
        let place = Place { file, span: token.span };
        let written = token.text(text);
        match token.kind {
            TokenKind::Open => {
                if open.len() == MAX_DEPTH {
                    let diagnostic =
                        Diagnostic::error(codes::DEEP, place, format!("brackets nest deeper than {MAX_DEPTH}"))
                            .help("give inner parts relations of their own");
                    return Some(diagnostic);
                }
                open.push((token.span, written));
            }
            TokenKind::Close => match open.pop() {
                Some((_, opener)) if closer(opener) == written => {}
                Some((span, opener)) => {
                    let opener_place = Place { file, span };
                    let matching = open.iter().any(|(_, opener)| closer(opener) == written);
                    return Some(if matching {
                        unclosed(opener_place, opener)
                            .also(place, format!("`{written}` comes before its `{}`", closer(opener)))
                    } else {
                        Diagnostic::error(codes::BRACKET, place, format!("`{written}` does not close `{opener}`"))
                            .also(opener_place, format!("`{opener}` is open"))
                            .help(format!("write `{}` here, or remove it", closer(opener)))
                    });
                }
                None => {
                    let diagnostic =
                        Diagnostic::error(codes::BRACKET, place, format!("this `{written}` closes nothing"))
                            .help("remove it, or look for the bracket that should open before it");
                    return Some(diagnostic);
                }
            },
            _ => {}
        }
    }
    let (span, opener) = open.pop()?;
    Some(unclosed(Place { file, span }, opener))
}

fn unclosed(place: Place, opener: &str) -> Diagnostic {
    Diagnostic::error(codes::BRACKET, place, format!("this `{opener}` is never closed"))
        .help(format!("close it with `{}`", closer(opener)))
}

fn closer(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}
