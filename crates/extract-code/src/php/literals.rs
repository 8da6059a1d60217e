//! Strings of all kinds with their holes, and arrays.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Part, Shape};

impl<'a> Lowerer<'a> {
    /// `'a'`, `"a $b {$c->d}"`, heredocs and nowdocs.
    pub(super) fn string(&mut self, node: Node<'a>) -> ExprId {
        let (mut parts, mut words) = (Vec::new(), String::new());
        let (pieces, indent) = match node.kind() {
            "heredoc" | "nowdoc" => {
                let body = node.child_by_field_name("value");
                (body.map(children).unwrap_or_default(), self.indentation(node))
            }
            _ => (children(node), ""),
        };
        let literal = matches!(node.kind(), "string" | "nowdoc");
        let mut last = pieces.first().map_or(0, Node::start_byte);
        for piece in pieces {
            // The grammar keeps some ends of lines to itself.
            let between = self.text.get(last..piece.start_byte()).unwrap_or_default();
            words.extend(between.chars().filter(|c| !matches!(c, '{' | '}')));
            last = piece.end_byte();
            let begins = self.text[..piece.start_byte()].ends_with('\n');
            match piece.kind() {
                "string_content" | "nowdoc_string" => {
                    words.push_str(&without_indentation(self.source(piece), indent, begins));
                }
                "escape_sequence" if literal => words.push_str(&self.source(piece)[1..]),
                "escape_sequence" => words.push_str(&escaped(self.source(piece))),
                _ => {
                    if !words.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut words).into()));
                    }
                    parts.push(Part::Hole { value: self.expression(piece), plain: true });
                }
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

    /// The white space before the end of a heredoc, which its lines lose.
    fn indentation(&self, node: Node<'a>) -> &'a str {
        let Some(end) = node.child_by_field_name("end_tag") else { return "" };
        let before = &self.text[..end.start_byte()];
        let line = before.rsplit('\n').next().unwrap_or_default();
        if line.trim().is_empty() { line } else { "" }
    }

    /// `['a' => $x, $y, ...$z]`, `array(…)`.
    pub(super) fn array(&mut self, node: Node<'a>) -> ExprId {
        let (mut entries, mut shape) = (Vec::new(), Shape::List);
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let entry = match children(child).as_slice() {
                [key, value] => {
                    shape = Shape::Map;
                    let key = match key.kind() {
                        // A constant of the language's own stands for itself: CURLOPT_URL
                        "name" if self.is_of_nobody(*key) => {
                            let name = self.name(*key);
                            self.add(*key, Kind::Label(name))
                        }
                        _ => self.expression(*key),
                    };
                    Entry { key: Some(key), value: self.expression(*value), spread: false }
                }
                [value] => {
                    let spread = value.kind() == "variadic_unpacking";
                    Entry { key: None, value: self.expression(*value), spread }
                }
                _ => continue,
            };
            entries.push(entry);
        }
        self.add(node, Kind::Container { shape, entries })
    }
}

/// A piece of a heredoc without what its lines are indented by; `begins` says that it stands at the beginning of one.
fn without_indentation<'t>(text: &'t str, indent: &str, begins: bool) -> std::borrow::Cow<'t, str> {
    if indent.is_empty() {
        return text.into();
    }
    let text = text.strip_prefix(indent).filter(|_| begins).unwrap_or(text);
    text.replace(&format!("\n{indent}"), "\n").into()
}

/// What an escape stands for; PHP's own beside those of the family of C.
fn escaped(text: &str) -> String {
    match text {
        "\\$" => "$".to_owned(),
        "\\`" => "`".to_owned(),
        "\\e" => "\x1b".to_owned(),
        _ => match text.strip_prefix("\\u{").and_then(|rest| rest.strip_suffix('}')) {
            Some(digits) => {
                let value = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                value.map_or_else(|| text.to_owned(), String::from)
            }
            None => unescape(text, "asb"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escapes_are_taken_back() {
        for (text, expected) in [("\\n", "\n"), ("\\$", "$"), ("\\u{e9}", "é"), ("\\x41", "A"), ("\\u{zz}", "\\u{zz}")]
        {
            assert_eq!(escaped(text), expected);
        }
    }
}
