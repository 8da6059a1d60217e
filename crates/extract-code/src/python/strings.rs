//! String literals: prefixes, escapes, implicit joining and the holes of f-strings.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Part};

impl<'a> Lowerer<'a> {
    /// A string or several joined by standing side by side.
    pub fn string(&mut self, node: Node<'a>) -> ExprId {
        let mut parts = Vec::new();
        if node.kind() == "concatenated_string" {
            for child in children(node) {
                self.string_parts(child, &mut parts);
            }
        } else {
            self.string_parts(node, &mut parts);
        }
        if parts.iter().any(|part| matches!(part, Part::Hole { .. })) {
            return self.add(node, Kind::Format(parts));
        }
        let mut whole = String::new();
        for part in &parts {
            if let Part::Text(text) = part {
                whole.push_str(text);
            }
        }
        self.add(node, Kind::Text(whole.into()))
    }

    fn string_parts(&mut self, node: Node<'a>, parts: &mut Vec<Part>) {
        let (mut raw, mut format, mut bytes) = (false, false, false);
        let mut cursor = node.walk();
        let pieces: Vec<Node<'a>> = node.children(&mut cursor).collect();
        for piece in pieces {
            match piece.kind() {
                "string_start" => {
                    for c in self.source(piece).chars() {
                        match c.to_ascii_lowercase() {
                            'r' => raw = true,
                            'f' | 't' => format = true,
                            'b' => bytes = true,
                            _ => {}
                        }
                    }
                }
                "string_content" => {
                    let text = self.source(piece);
                    let text = if raw { text.to_owned() } else { unescape(text, bytes) };
                    let text = if format { text.replace("{{", "{").replace("}}", "}") } else { text };
                    parts.push(Part::Text(text.into()));
                }
                "interpolation" => self.hole(piece, parts),
                _ => {}
            }
        }
    }

    fn hole(&mut self, node: Node<'a>, parts: &mut Vec<Part>) {
        let Some(inner) = node.child_by_field_name("expression") else { return };
        let plain = node.child_by_field_name("type_conversion").is_none()
            && node.child_by_field_name("format_specifier").is_none();
        let value = self.expression(inner);
        parts.push(Part::Hole { value, plain });
    }
}

/// Escape sequences taken back; what is no escape stays as written.
fn unescape(text: &str, bytes: bool) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        let simple = match c {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            '\\' | '\'' | '"' => Some(c),
            'a' => Some('\x07'),
            'b' => Some('\x08'),
            'f' => Some('\x0c'),
            'v' => Some('\x0b'),
            _ => None,
        };
        if let Some(simple) = simple {
            out.push(simple);
            rest = &rest[1..];
        } else if c == '\n' {
            rest = &rest[1..];
        } else if let Some((value, length)) = numeric(rest, bytes) {
            out.push(value);
            rest = &rest[length..];
        } else {
            out.push('\\');
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that `x41`, `u00e9`, `U0001f600` or `101` stand for, and how long that is.
fn numeric(text: &str, bytes: bool) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    let (skip, digits, radix) = match first {
        'x' => (1, 2, 16),
        'u' if !bytes => (1, 4, 16),
        'U' if !bytes => (1, 8, 16),
        '0'..='7' => (0, text.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count(), 8),
        _ => return None,
    };
    let written = text.get(skip..skip + digits)?;
    let value = char::from_u32(u32::from_str_radix(written, radix).ok()?)?;
    Some((value, skip + digits))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_taken_back_and_others_left() {
        assert_eq!(unescape(r"a\tb\x41\u00e9\101\d\", false), "a\tbAéA\\d\\");
        assert_eq!(unescape("one\\\ntwo", false), "onetwo");
        assert_eq!(unescape(r"\u00e9", true), r"\u00e9");
    }
}
