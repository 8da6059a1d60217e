//! Annotations, which are decorators.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Argument, ExprId, Kind};

impl<'a> Lowerer<'a> {
    /// The annotations among the modifiers of a declaration.
    pub(super) fn annotations(&mut self, node: Node<'a>) -> Vec<ExprId> {
        let modifiers = children(node).into_iter().filter(|child| child.kind() == "modifiers");
        let found: Vec<Node<'a>> = modifiers.flat_map(children).collect();
        found.into_iter().filter_map(|annotation| self.annotation(annotation)).collect()
    }

    /// `@Name` or `@Name(key = value)`.
    pub(super) fn annotation(&mut self, node: Node<'a>) -> Option<ExprId> {
        if !matches!(node.kind(), "annotation" | "marker_annotation") {
            return None;
        }
        let name = self.type_expression(node.child_by_field_name("name")?)?;
        let Some(list) = node.child_by_field_name("arguments") else { return Some(name) };
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let (keyword, value) = match (child.child_by_field_name("key"), child.child_by_field_name("value")) {
                (Some(key), Some(value)) if child.kind() == "element_value_pair" => (Some(self.name(key)), value),
                _ => (None, child),
            };
            arguments.push(Argument { keyword, value: self.expression(value), spread: false });
        }
        Some(self.add(node, Kind::Call { callee: name, arguments }))
    }

    /// Whether a modifier stands before a declaration.
    pub(super) fn has_modifier(&self, node: Node<'a>, word: &str) -> bool {
        let modifiers = children(node).into_iter().find(|child| child.kind() == "modifiers");
        modifiers.is_some_and(|modifiers| {
            let mut cursor = modifiers.walk();
            modifiers.children(&mut cursor).any(|child| child.kind() == word)
        })
    }
}
