//! Types: what annotations name.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Operator};

impl<'a> Lowerer<'a> {
    /// A type as an expression; none for those that say nothing.
    pub(super) fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| match node.kind() {
            "named_type" | "name" | "qualified_name" | "relative_name" => Some(this.class_name(node)),
            "primitive_type" => match this.source(node) {
                "void" | "mixed" | "null" | "object" => None,
                _ => Some(this.plain_name(node)),
            },
            "optional_type" => children(node).first().and_then(|&inner| this.type_expression(inner)),
            "union_type" | "disjunctive_normal_form_type" => {
                let operands: Vec<ExprId> =
                    children(node).into_iter().filter_map(|part| this.type_expression(part)).collect();
                match operands.as_slice() {
                    [] => None,
                    [one] => Some(*one),
                    _ => Some(this.add(node, Kind::Operation { operator: Operator::Union, operands })),
                }
            }
            "intersection_type" => children(node).first().and_then(|&inner| this.type_expression(inner)),
            _ => None,
        })
        .flatten()
    }
}
