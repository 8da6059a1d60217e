//! Broken files, piece by piece: cut before each line that begins a declaration of the top level.

use std::ops::Range;

const BEGINNINGS: &[&str] = &["const", "func", "import", "package", "type", "var"];

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut offset, mut raw) = (0, false);
    for line in text.split_inclusive('\n') {
        let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if !raw && offset > 0 && BEGINNINGS.contains(&word) {
            starts.push(offset);
        }
        // A raw string may span lines; one in a comment is none.
        let code = line.split("//").next().unwrap_or_default();
        let ticks = if raw { line } else { code }.bytes().filter(|&b| b == b'`').count();
        raw ^= ticks % 2 == 1;
        offset += line.len();
    }
    crate::read::cut(&starts, text)
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_declarations_do() {
        let text = "package a\nfunc f( {\n  x\n}\nvar p = `\nfunc no\n`\ntype T struct {\n}\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["package a\n", "func f( {\n  x\n}\n", "var p = `\nfunc no\n`\n", "type T struct {\n}\n"]);
    }
}
