//! String literals: escapes, and the holes of templates.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Part};

impl<'a> Lowerer<'a> {
    /// The text of a string.
    pub fn string(&self, node: Node<'a>) -> String {
        let mut whole = String::new();
        for piece in children(node) {
            self.piece(piece, &mut whole);
        }
        whole
    }

    fn piece(&self, piece: Node<'a>, whole: &mut String) {
        match piece.kind() {
            "string_fragment" => whole.push_str(self.source(piece)),
            "escape_sequence" => unescape(self.source(piece), whole),
            _ => {}
        }
    }

    /// A template: a text if it has no holes.
    pub fn template(&mut self, node: Node<'a>) -> ExprId {
        let mut parts = Vec::new();
        let mut words = String::new();
        for piece in children(node) {
            if piece.kind() != "template_substitution" {
                self.piece(piece, &mut words);
                continue;
            }
            if !words.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut words).into()));
            }
            if let Some(value) = self.first(piece) {
                parts.push(Part::Hole { value, plain: true });
            }
        }
        if parts.is_empty() {
            return self.add(node, Kind::Text(words.into()));
        }
        if !words.is_empty() {
            parts.push(Part::Text(words.into()));
        }
        self.add(node, Kind::Format(parts))
    }
}

/// What an escape sequence stands for; what is none stays as written.
fn unescape(text: &str, out: &mut String) {
    let rest = text.strip_prefix('\\').unwrap_or(text);
    let Some(first) = rest.chars().next() else { return };
    match first {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\x08'),
        'f' => out.push('\x0c'),
        'v' => out.push('\x0b'),
        '0' if rest.len() == 1 => out.push('\0'),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => {}
        'x' | 'u' => {
            let digits = rest[1..].trim_start_matches('{').trim_end_matches('}');
            match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
                Some(c) => out.push(c),
                None => out.push_str(text),
            }
        }
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_taken_back() {
        for (text, expected) in
            [("\\n", "\n"), ("\\x41", "A"), ("\\u00e9", "é"), ("\\u{1f600}", "\u{1f600}"), ("\\`", "`"), ("\\\n", "")]
        {
            let mut out = String::new();
            unescape(text, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
