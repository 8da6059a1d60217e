//! String literals: prefixes, escapes, implicit joining and the holes of f-strings.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
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
                    let text = if raw { text.to_owned() } else { unescape(text, if bytes { "suU" } else { "s" }) };
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
