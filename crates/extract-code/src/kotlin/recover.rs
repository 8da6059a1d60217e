//! Broken files, piece by piece: cut before each line that begins a declaration of the top level, or a function or class in one.

use std::ops::Range;

/// Words that may stand before the word that says what is declared.
const MODIFIERS: &[&str] = &[
    "abstract",
    "actual",
    "companion",
    "const",
    "data",
    "enum",
    "expect",
    "infix",
    "inline",
    "inner",
    "internal",
    "lateinit",
    "open",
    "operator",
    "override",
    "private",
    "protected",
    "public",
    "sealed",
    "suspend",
    "tailrec",
];

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut offset, mut raw, mut annotated) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let begins = begins(line);
        if !raw && offset > 0 && begins && !annotated {
            starts.push(offset);
        }
        annotated = begins && line.trim_start().starts_with('@');
        raw ^= line.matches("\"\"\"").count() % 2 == 1;
        offset += line.len();
    }
    crate::read::cut(&starts, text)
}

fn begins(line: &str) -> bool {
    let code = line.trim_start();
    let indent = line.len() - code.len();
    let word = code.split(|c: char| !c.is_alphanumeric()).find(|word| !MODIFIERS.contains(word)).unwrap_or_default();
    match indent {
        0 => {
            code.starts_with('@') || matches!(word, "class" | "fun" | "import" | "interface" | "object" | "val" | "var")
        }
        1..=4 => code.starts_with('@') || matches!(word, "class" | "fun" | "interface" | "object"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_declarations_do() {
        let text =
            "class A {\n    @B\n    fun f( {\n        val x = 1\n    }\n\n    private fun g() {}\n}\nval c = 1\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            [
                "class A {\n",
                "    @B\n    fun f( {\n        val x = 1\n    }\n\n",
                "    private fun g() {}\n}\n",
                "val c = 1\n"
            ]
        );
    }
}
