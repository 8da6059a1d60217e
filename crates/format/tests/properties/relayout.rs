//! The same tokens in another layout: blanks, line breaks and comments at random, wherever the grammar allows them (and now and
//! then where it does not quite: what breaks has to stay as it is).

use syntax::scan::{Token, TokenKind, scan};
use syntax::split::split;

use crate::generate::Random;

/// `text` in a random layout.
pub fn relayout(text: &str, random: &mut Random) -> String {
    let tokens = scan(text);
    // Where a piece begins, its indentation stands for that of all its lines.
    let mut begins = vec![false; tokens.len() + 1];
    for piece in split(text, &tokens) {
        let members = piece.block.iter().flat_map(|block| &block.members);
        for piece in members.chain([&piece]) {
            let first = piece.tokens.clone().find(|&at| !tokens[at].is_comment());
            begins[first.unwrap_or(tokens.len())] = true;
        }
        if let Some(close) = piece.block.as_ref().and_then(|block| block.close) {
            begins[tokens.partition_point(|token| token.span.start < close.start)] = true;
        }
    }
    let mut out = String::new();
    let mut indent = 0;
    let wild = random.below(4);
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let gap = before.map_or("", |before| &text[before.span.end as usize..token.span.start as usize]);
        if begins[at] {
            indent = token.indent as usize;
            out.push_str(gap);
            if gap.contains('\n') && random.below(6) == 0 {
                out.push('\n');
            }
        } else {
            let quiet = token.is_comment() || before.is_none_or(Token::is_comment);
            match before.filter(|_| !quiet) {
                Some(before) => out.push_str(&blanks(text, before, token, gap, indent, wild, random)),
                None => out.push_str(gap),
            }
        }
        out.push_str(token.text(text));
    }
    out.push('\n');
    out
}

/// What stands between two tokens of a piece.
fn blanks(
    text: &str,
    before: &Token,
    token: &Token,
    gap: &str,
    indent: usize,
    wild: usize,
    random: &mut Random,
) -> String {
    let (a, b) = (before.text(text), token.text(text));
    let joint = matches!(a, "," | "(" | "{") || matches!(b, "," | ")" | "}") && a != ":";
    // Parts of one word: a path, an id, a duration, a decoding, the bracket behind a name, a word operator.
    let word = |token: &Token| token.kind == TokenKind::Word;
    let glued = gap.is_empty() && !joint
        || a == "(" && b == ")"
        || before.kind == TokenKind::Number && token.kind == TokenKind::Number
        || a == "not" && word(token)
        || word(before) && token.kind == TokenKind::Open;
    if glued || random.below(5) > wild {
        return gap.to_owned();
    }
    let deeper = " ".repeat(indent + 1 + random.below(12));
    match random.below(12) {
        0..=2 => format!("\n{deeper}"),
        3 => format!("\n\n{deeper}"),
        4 => format!(" // c{}\n{deeper}", random.below(90)),
        5 => format!("\n{deeper}// c{}\n{deeper}", random.below(90)),
        6 if random.below(4) == 0 => format!("\n{deeper}/// d{}\n{deeper}", random.below(90)),
        6 => format!("// c\n\n{deeper}// c{}\n{deeper}", random.below(90)),
        7 if joint => String::new(),
        8 => "\t ".to_owned(),
        _ => " ".to_owned(),
    }
}
