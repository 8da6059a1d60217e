//! Types: what annotations name. `List<T>` is a subscript of `List` by `T`.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A type as an expression; none for `var` and `void`.
    pub(super) fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| this.shallow_type(node)).flatten()
    }

    fn shallow_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "implicit_type" => None,
            "predefined_type" if self.source(node) == "void" => None,
            "predefined_type" => Some(self.plain_name(node)),
            "identifier" => Some(self.named_type(node)),
            "qualified_name" | "alias_qualified_name" | "member_access_expression" => {
                let parts = children(node);
                let [object, name] = parts.as_slice() else { return None };
                let object = self.type_expression(*object)?;
                if name.kind() == "generic_name" {
                    let inner = *children(*name).first()?;
                    let sym = self.name(inner);
                    let outer = self.add(inner, Kind::Attribute { object, name: sym });
                    return Some(self.with_arguments(*name, outer));
                }
                let name = self.name(*name);
                Some(self.add(node, Kind::Attribute { object, name }))
            }
            "generic_name" => {
                let object = self.type_expression(*children(node).first()?)?;
                Some(self.with_arguments(node, object))
            }
            "array_type" => {
                let object = self.type_expression(node.child_by_field_name("type")?)?;
                Some(self.add(node, Kind::Subscript { object, index: None }))
            }
            "nullable_type" | "ref_type" | "scoped_type" | "pointer_type" => {
                self.type_expression(node.child_by_field_name("type").or(children(node).first().copied())?)
            }
            "primary_constructor_base_type" => self.type_expression(*children(node).first()?),
            "tuple_type" => None,
            _ => None,
        }
    }

    fn with_arguments(&mut self, node: Node<'a>, object: ExprId) -> ExprId {
        let list = children(node).into_iter().find(|part| part.kind() == "type_argument_list");
        let Some(list) = list else { return object };
        let arguments: Vec<ExprId> = children(list).into_iter().filter_map(|ty| self.type_expression(ty)).collect();
        let index = match arguments.as_slice() {
            [] => return object,
            [one] => *one,
            _ => self.container(list, Shape::Tuple, arguments),
        };
        self.add(node, Kind::Subscript { object, index: Some(index) })
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
