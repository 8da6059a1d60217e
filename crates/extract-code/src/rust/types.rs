//! Types: what annotations name. `Vec<T>` is a subscript of `Vec` by `T`; a reference is what it refers to.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A type as an expression; none for those that say nothing.
    pub(super) fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| match node.kind() {
            "type_identifier" | "identifier" | "scoped_type_identifier" | "scoped_identifier" => Some(this.path(node)),
            "primitive_type" => Some(this.plain_name(node)),
            "generic_type" => {
                let object = this.path(node.child_by_field_name("type")?);
                let list = node.child_by_field_name("type_arguments")?;
                let arguments: Vec<ExprId> =
                    children(list).into_iter().take(8).filter_map(|ty| this.type_expression(ty)).collect();
                let index = match arguments.as_slice() {
                    [] => return Some(object),
                    [one] => *one,
                    _ => this.container(list, Shape::Tuple, arguments),
                };
                Some(this.add(node, Kind::Subscript { object, index: Some(index) }))
            }
            "reference_type" | "pointer_type" => this.type_expression(node.child_by_field_name("type")?),
            "dynamic_type" | "abstract_type" => this.type_expression(node.child_by_field_name("trait")?),
            "bounded_type" => this.type_expression(*children(node).first()?),
            "array_type" => {
                let object = this.type_expression(node.child_by_field_name("element")?)?;
                Some(this.add(node, Kind::Subscript { object, index: None }))
            }
            "type_binding" => this.type_expression(node.child_by_field_name("type")?),
            _ => None,
        })
        .flatten()
    }

    /// The class that a type with arguments makes objects of.
    pub(super) fn made_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        let ty = self.type_expression(node)?;
        Some(match *self.tree.kind(ty) {
            Kind::Subscript { object, .. } => object,
            _ => ty,
        })
    }
}
