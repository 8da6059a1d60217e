//! Pieces that begin with a word that begins nothing there.

use base::{Diagnostic, FileId, Place};

use super::What;
use crate::codes;
use crate::scan::{Token, TokenKind};
use crate::words::{self, FIELDS, STATEMENTS};

fn first(file: FileId, text: &str, tokens: &[Token]) -> (Place, String) {
    match tokens.first() {
        Some(token) => (Place { file, span: token.span }, token.text(text).chars().take(40).collect()),
        None => (Place { file, span: base::Span::default() }, String::new()),
    }
}

/// Two words where one of them should be a keyword.
pub(crate) fn unknown_item(file: FileId, text: &str, tokens: &[Token]) -> Diagnostic {
    let (place, word) = first(file, text, tokens);
    let diagnostic = Diagnostic::error(codes::ITEM, place, format!("`{word}` begins no item"));
    match words::nearest_keyword(&word) {
        Some(keyword) => diagnostic.help(format!("did you mean `{}`, as in `{}`?", keyword.word(), keyword.example())),
        None => diagnostic.help("items begin with `use`, `entity`, `rel`, `open rel`, `param`, `framework`, `input`, `control` or `test`, rules and facts with a relation: `name(…)`"),
    }
}

/// The same inside a control.
pub(crate) fn unknown_member(file: FileId, text: &str, tokens: &[Token]) -> Diagnostic {
    let (place, word) = first(file, text, tokens);
    Diagnostic::error(codes::ITEM, place, format!("`{word}` begins nothing that stands in a control"))
        .maybe_help(base::did_you_mean(&word, FIELDS.into_iter().chain(["scope", "violation", "note", "rel"])))
        .help("a control holds fields (`severity: high`), private relations (`rel name(…)`) and rules (`scope(x) :- …`, `violation(x, \"message\") :- …`)")
}

/// What stands in a test and is no statement.
pub(crate) fn unknown_statement(file: FileId, text: &str, tokens: &[Token]) -> Diagnostic {
    let (place, word) = first(file, text, tokens);
    let is_clause = tokens.get(1).is_some_and(|token| matches!(token.kind, TokenKind::Open | TokenKind::Dot));
    let diagnostic = Diagnostic::error(codes::STATEMENT, place, format!("`{word}` begins no statement of a test"));
    if is_clause {
        return diagnostic.help(format!("a row is given with `given {word}…`; rules stand outside tests"));
    }
    let meant = match word.as_str() {
        "assert" | "should" | "check" | "then" => Some("did you mean `expect`?".to_owned()),
        "when" | "with" | "fact" | "setup" => Some("did you mean `given`?".to_owned()),
        _ => base::did_you_mean(&word, STATEMENTS),
    };
    diagnostic.maybe_help(meant).help("statements begin with `as_of`, `param`, `given` or `expect`")
}

/// An item inside a block.
pub(crate) fn misplaced(file: FileId, text: &str, tokens: &[Token], block: &str) -> Diagnostic {
    let (place, word) = first(file, text, tokens);
    Diagnostic::error(codes::MISPLACED, place, format!("`{word}` cannot stand inside a {block}"))
        .help(format!("move it out of the block; if the {block} should have ended above, close it with `}}`"))
}

/// A text without a token where something is needed.
pub(crate) fn empty(place: Place, what: What) -> Diagnostic {
    let help = match what {
        What::Body => "write conditions, such as `vendor.register{name: v}`",
        What::Atom => "write a row, such as `vendor.register{name: \"OpenAI\"}`",
        _ => "write a literal, such as `90d`, `5` or `\"text\"`",
    };
    Diagnostic::error(codes::UNEXPECTED, place, format!("{} is empty", what.words())).help(help)
}
