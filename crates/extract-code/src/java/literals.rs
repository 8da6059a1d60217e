//! Literals: numbers, strings, text blocks, arrays.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    pub(super) fn string(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node);
        let value = match text.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
            Some(block) => unescape(&text_block(block), ""),
            None => unescape(text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text), ""),
        };
        self.add(node, Kind::Text(value.into()))
    }

    /// `{a, b}`.
    pub(super) fn array(&mut self, node: Node<'a>) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let value = match child.kind() {
                "annotation" | "marker_annotation" => self.annotation(child),
                _ => Some(self.expression(child)),
            };
            entries.extend(value.map(|value| Entry { key: None, value, spread: false }));
        }
        self.add(node, Kind::Container { shape: Shape::List, entries })
    }
}

/// The lines of a text block without the indentation that all of them have.
fn text_block(block: &str) -> String {
    let body = block.split_once('\n').map_or(block, |(_, body)| body);
    let lines: Vec<&str> = body.split('\n').collect();
    let last = lines.len().saturating_sub(1);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let counted = lines.iter().enumerate().filter(|(number, line)| *number == last || !line.trim().is_empty());
    let common = counted.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let stripped: Vec<&str> =
        lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end_matches([' ', '\t', '\r'])).collect();
    stripped.join("\n")
}

#[cfg(test)]
mod tests {
    use super::text_block;

    #[test]
    fn blocks_lose_their_indentation() {
        assert_eq!(text_block("\n    You are\n      brief.\n\n    {x}\n    "), "You are\n  brief.\n\n{x}\n");
        assert_eq!(text_block("\n  one"), "one");
    }
}
