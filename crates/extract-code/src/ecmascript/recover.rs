//! Broken files, piece by piece: a text is cut before each line that begins a statement of the top level, so that a break
//! costs the piece it stands in.

use std::ops::Range;

use tree_sitter::Tree;

/// Words that go on with the statement before.
const GOING_ON: &[&str] =
    &["as", "catch", "else", "extends", "finally", "from", "implements", "in", "instanceof", "of"];

/// What a line may stand in the middle of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Comment,
    Template,
}

/// The text without the bare `&` in the words of elements, which the grammar takes for the start of a reference: `Terms & Conditions`.
pub(super) fn mended(text: &str, tree: &Tree) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut mended = false;
    for (at, _) in text.match_indices('&') {
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        let alone =
            !after.is_ascii_alphanumeric() && after != b'#' && after != b'&' && bytes[at.saturating_sub(1)] != b'&';
        if alone
            && tree
                .root_node()
                .descendant_for_byte_range(at, at + 1)
                .is_some_and(|node| node.is_error() || node.is_extra() || in_element(node))
        {
            bytes[at] = b' ';
            mended = true;
        }
    }
    if mended { String::from_utf8(bytes).ok() } else { None }
}

/// Whether a node stands among the words of an element or in an error next to them.
fn in_element(node: tree_sitter::Node<'_>) -> bool {
    let mut at = Some(node);
    for _ in 0..3 {
        let Some(node) = at else { return false };
        if node.is_error() || matches!(node.kind(), "jsx_text" | "jsx_element" | "jsx_fragment") {
            return true;
        }
        at = node.parent();
    }
    false
}

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut offset, mut inside, mut decorated) = (0, Inside::Code, false);
    for line in text.split_inclusive('\n') {
        if inside == Inside::Code && begins(line) {
            if !decorated && offset > 0 {
                starts.push(offset);
            }
            decorated = line.starts_with('@');
        }
        inside = after(line, inside);
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Whether a line begins a statement of the top level.
fn begins(line: &str) -> bool {
    let word = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or_default();
    match line.chars().next() {
        Some('@') => true,
        Some(c) if c.is_alphabetic() || c == '_' || c == '$' => !GOING_ON.contains(&word),
        _ => false,
    }
}

/// What the line after this one stands in.
fn after(line: &str, mut inside: Inside) -> Inside {
    let bytes = line.as_bytes();
    let mut at = 0;
    let mut quote = None;
    while at < bytes.len() {
        let (byte, next) = (bytes[at], bytes.get(at + 1));
        match (inside, quote) {
            (Inside::Comment, _) => {
                if byte == b'*' && next == Some(&b'/') {
                    inside = Inside::Code;
                    at += 1;
                }
            }
            (_, _) if byte == b'\\' => at += 1,
            (Inside::Template, _) => {
                if byte == b'`' {
                    inside = Inside::Code;
                }
            }
            (Inside::Code, Some(open)) => {
                if byte == open {
                    quote = None;
                }
            }
            (Inside::Code, None) => match byte {
                b'`' => inside = Inside::Template,
                b'"' | b'\'' => quote = Some(byte),
                b'/' if next == Some(&b'/') => return inside,
                b'/' if next == Some(&b'*') => {
                    inside = Inside::Comment;
                    at += 1;
                }
                _ => {}
            },
        }
        at += 1;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_statements_do() {
        let text = "import a from 'a'\n@b\nclass A {\n x(\n}\nif (c) {\n  d\n}\nelse {}\nconst P = `\nnot code\n`\n/*\nnor this\n*/\nf(1,\n)\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            [
                "import a from 'a'\n",
                "@b\nclass A {\n x(\n}\n",
                "if (c) {\n  d\n}\nelse {}\n",
                "const P = `\nnot code\n`\n/*\nnor this\n*/\n",
                "f(1,\n)\n"
            ]
        );
    }
}
