//! Broken files, piece by piece: cut before each line that begins an item of the top level, or a function in one.

use std::ops::Range;

/// Words that may stand before the word that says what an item is.
const MODIFIERS: &[&str] = &["async", "const", "crate", "default", "extern", "in", "pub", "self", "super", "unsafe"];

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut offset, mut marked) = (0, false);
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let attribute = code.starts_with("#[");
        let mut words = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        let word = words.find(|word| !MODIFIERS.contains(word)).unwrap_or_default();
        let begins = match indent {
            0 => {
                attribute
                    || matches!(word, "enum" | "fn" | "impl" | "mod" | "static" | "struct" | "trait" | "type" | "use")
            }
            1..=4 => attribute || word == "fn",
            _ => false,
        };
        if begins && !marked && offset > 0 {
            starts.push(offset);
        }
        marked = begins && attribute;
        offset += line.len();
    }
    crate::read::cut(&starts, text)
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_items_do() {
        let text =
            "use a::b;\nimpl A {\n    #[get(\"/\")]\n    pub async fn f( {\n        x();\n    }\n\n    fn g() {}\n}\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            [
                "use a::b;\n",
                "impl A {\n",
                "    #[get(\"/\")]\n    pub async fn f( {\n        x();\n    }\n\n",
                "    fn g() {}\n}\n"
            ]
        );
    }
}
