//! Whether two pieces of a text say the same, white space and comments aside.

use std::hash::Hasher;

use base::Span;
use rustc_hash::FxHasher;
use syntax::scan::{Token, scan};

/// Whether they do.
pub(super) fn same(text: &str, a: Span, b: Span) -> bool {
    let (Some(a), Some(b)) = (text.get(a.range()), text.get(b.range())) else { return false };
    a == b || (hash(a) == hash(b) && tokens(a).eq(tokens(b)))
}

/// A number that is equal for pieces that say the same, unless they hold comments.
pub(super) fn hash(piece: &str) -> u64 {
    let bytes: Vec<u8> = piece.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let mut hasher = FxHasher::default();
    hasher.write(&bytes);
    hasher.finish()
}

fn tokens(piece: &str) -> impl Iterator<Item = &str> {
    let tokens: Vec<Token> = scan(piece);
    tokens.into_iter().filter(|token| !token.is_comment()).map(move |token| token.text(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str) -> bool {
        let text = format!("{a}\n{b}");
        let equal = same(&text, Span::new(0, a.len()), Span::new(a.len() + 1, text.len()));
        assert!(!equal || hash(a) == hash(b));
        equal
    }

    #[test]
    fn white_space_counts_only_inside_strings() {
        assert!(check("a(x, \"b c\")", "a( x,\n  \"b c\" )"));
        assert!(!check("a(x, \"b c\")", "a(x, \"bc\")"));
        assert!(!check("x = a b", "x = ab"));
        assert!(check("", " "));
    }
}
