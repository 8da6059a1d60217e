//! Strings of all kinds, with their holes.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Part};

impl<'a> Lowerer<'a> {
    /// `"a\n"`, `@"a""b"`, `"""a"""`.
    pub(super) fn string(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node);
        let text = text.strip_suffix("u8").unwrap_or(text);
        let value = match node.kind() {
            "verbatim_string_literal" => {
                let inner = text.trim_start_matches('@').trim_start_matches('"');
                inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"")
            }
            "raw_string_literal" => raw(text.trim_matches('"')),
            _ => unescape(text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text), ""),
        };
        self.add(node, Kind::Text(value.into()))
    }

    /// `$"a {b}"`, `$@"…"`, `$"""…"""`.
    pub(super) fn interpolated(&mut self, node: Node<'a>) -> ExprId {
        let source = self.source(node);
        let start = source.split('"').next().unwrap_or_default();
        let raw = source.contains("\"\"\"") && source.trim_start_matches(['$', '@']).starts_with("\"\"\"");
        let verbatim = start.contains('@');
        let (mut parts, mut words) = (Vec::new(), String::new());
        for piece in children(node) {
            match piece.kind() {
                "string_content" | "escape_sequence" => {
                    let text = self.source(piece);
                    let text = if raw || verbatim { text.to_owned() } else { unescape(text, "") };
                    let text = if raw { text } else { text.replace("{{", "{").replace("}}", "}") };
                    words.push_str(&if verbatim { text.replace("\"\"", "\"") } else { text });
                }
                "interpolation" => {
                    let inner = children(piece);
                    let plain = !inner.iter().any(|part| part.kind() == "interpolation_format_clause");
                    let hole = inner.into_iter().find(|part| !part.kind().starts_with("interpolation_"));
                    let Some(hole) = hole else { continue };
                    if !words.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut words).into()));
                    }
                    parts.push(Part::Hole { value: self.expression(hole), plain });
                }
                _ => {}
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

/// A raw string's lines without the indentation of its last.
fn raw(text: &str) -> String {
    let Some((_, body)) = text.split_once('\n') else { return text.to_owned() };
    let Some((body, last)) = body.rsplit_once('\n') else { return text.to_owned() };
    let strip = |line: &str| line.strip_prefix(last).unwrap_or(line.trim_start()).trim_end_matches('\r').to_owned();
    body.split('\n').map(strip).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::raw;

    #[test]
    fn raw_strings_lose_the_indentation_of_their_end() {
        assert_eq!(raw("\n    You are\n      brief.\n    "), "You are\n  brief.");
        assert_eq!(raw("one"), "one");
    }
}
