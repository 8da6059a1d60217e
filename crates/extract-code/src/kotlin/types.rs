//! Types: what annotations name. `List<T>` is a subscript of `List` by `T`.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A type as an expression; none for functions.
    pub(super) fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| this.shallow_type(node)).flatten()
    }

    fn shallow_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "identifier" => Some(self.named_type(node)),
            "user_type" => {
                let mut found: Option<ExprId> = None;
                for part in children(node) {
                    match (part.kind(), found) {
                        ("identifier", None) => found = Some(self.named_type(part)),
                        ("identifier", Some(object)) => {
                            let at = self.tree.expr(object).span.cover(span(part));
                            let name = self.name(part);
                            found = Some(self.add_at(at, Kind::Attribute { object, name }));
                        }
                        ("type_arguments", Some(object)) => found = Some(self.with_arguments(node, part, object)),
                        _ => {}
                    }
                }
                found
            }
            "nullable_type" | "parenthesized_type" | "type_projection" | "type_reference" => {
                self.type_expression(children(node).into_iter().find(|child| !child.kind().contains("modifier"))?)
            }
            _ => None,
        }
    }

    fn with_arguments(&mut self, node: Node<'a>, list: Node<'a>, object: ExprId) -> ExprId {
        let arguments: Vec<ExprId> = children(list).into_iter().filter_map(|ty| self.type_expression(ty)).collect();
        let index = match arguments.as_slice() {
            [] => return object,
            [one] => *one,
            _ => self.container(list, Shape::Tuple, arguments),
        };
        self.add(node, Kind::Subscript { object, index: Some(index) })
    }

    /// The type among a declaration's children.
    pub(super) fn type_of(&mut self, node: Node<'a>) -> Option<ExprId> {
        let ty = children(node).into_iter().find(|child| is_type(*child))?;
        self.type_expression(ty)
    }
}

/// Whether a node is a type.
pub(super) fn is_type(node: Node<'_>) -> bool {
    matches!(node.kind(), "user_type" | "nullable_type" | "function_type" | "parenthesized_type" | "non_nullable_type")
}
