//! Broken files, piece by piece.
//!
//! One open bracket can make a parser take the rest of a file for its inside. So a file with an error is cut
//! before each line that begins a statement of the top level, and every piece is parsed on its own: a break
//! costs the piece it stands in.

use std::ops::Range;

/// Words that go on with the statement before.
const GOING_ON: &[&str] = &["else", "elif", "except", "finally", "case"];

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut offset, mut quote, mut decorated) = (0, None, false);
    for line in text.split_inclusive('\n') {
        let outside = quote.is_none();
        if outside && begins(line) {
            if !decorated && offset > 0 {
                starts.push(offset);
            }
            decorated = line.starts_with('@');
        }
        quote = after(line, quote);
        offset += line.len();
    }
    crate::read::cut(&starts, text)
}

/// Whether a line begins a statement of the top level.
fn begins(line: &str) -> bool {
    let word = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    match line.chars().next() {
        Some('@') => true,
        Some(c) if c.is_alphabetic() || c == '_' => !GOING_ON.contains(&word),
        _ => false,
    }
}

/// The triple quote that is open after a line, given the one that is open before it.
fn after(line: &str, mut open: Option<&'static str>) -> Option<&'static str> {
    let mut rest = line;
    loop {
        match open {
            Some(quote) => match rest.find(quote) {
                Some(at) => rest = &rest[at + quote.len()..],
                None => return open,
            },
            None => {
                let found = ["\"\"\"", "'''"].into_iter().filter_map(|quote| Some((rest.find(quote)?, quote))).min();
                let (at, quote) = found?;
                if rest[..at].contains('#') {
                    return None;
                }
                rest = &rest[at + quote.len()..];
                open = Some(quote);
                continue;
            }
        }
        open = None;
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_statements_do() {
        let text = "import a\n@b\ndef f(:\n    x\nif c:\n  d\nelse:\n  e\nP = '''\nnot code\n'''\nf(1,\n)\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            ["import a\n", "@b\ndef f(:\n    x\n", "if c:\n  d\nelse:\n  e\n", "P = '''\nnot code\n'''\n", "f(1,\n)\n"]
        );
    }
}
