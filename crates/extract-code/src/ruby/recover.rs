//! Broken files, piece by piece: cut before each line that begins a method, class or call of the top level or of a class in it.

use std::ops::Range;

/// The pieces of a text, in order; together they are all of it.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        let word = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let begins = match line.len() - code.len() {
            0 => {
                code.starts_with(char::is_alphabetic)
                    && !matches!(word, "end" | "else" | "elsif" | "rescue" | "ensure" | "when")
            }
            1..=4 => word == "def",
            _ => false,
        };
        if begins && offset > 0 {
            starts.push(offset);
        }
        offset += line.len();
    }
    crate::read::cut(&starts, text)
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_where_methods_do() {
        let text = "class A\n  def f(\n    x\n  end\n\n  def g\n  end\nend\ny = 1\n";
        let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["class A\n", "  def f(\n    x\n  end\n\n", "  def g\n  end\nend\n", "y = 1\n"]);
    }
}
