//! Types: what annotations name. `List<T>` is a subscript of `List` by `T`.

use tree_sitter::Node;

use super::{Lowerer, inheritable};
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A type as an expression; none for `var` and `void`.
    pub(super) fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| this.shallow_type(node)).flatten()
    }

    fn shallow_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "void_type" => None,
            "type_identifier" | "identifier" if self.source(node) == "var" => None,
            "type_identifier" | "identifier" => Some(self.named(node, inheritable)),
            "integral_type" | "floating_point_type" | "boolean_type" => {
                let name = self.name(node);
                Some(self.add(node, Kind::Name(name)))
            }
            "scoped_type_identifier" | "scoped_identifier" => {
                let parts: Vec<Node<'a>> =
                    children(node).into_iter().filter(|part| !part.kind().contains("annotation")).collect();
                let [object, name] = parts.as_slice() else { return None };
                let object = self.type_expression(*object)?;
                let name = self.name(*name);
                Some(self.add(node, Kind::Attribute { object, name }))
            }
            "generic_type" => {
                let parts = children(node);
                let object = self.type_expression(*parts.first()?)?;
                let arguments = parts.iter().find(|part| part.kind() == "type_arguments").map(|&it| children(it));
                let arguments: Vec<ExprId> =
                    arguments.unwrap_or_default().into_iter().filter_map(|ty| self.type_expression(ty)).collect();
                let index = match arguments.as_slice() {
                    [] => return Some(object),
                    [one] => *one,
                    _ => {
                        let entry = |value| Entry { key: None, value, spread: false };
                        let entries = arguments.into_iter().map(entry).collect();
                        self.add(parts[1], Kind::Container { shape: Shape::Tuple, entries })
                    }
                };
                Some(self.add(node, Kind::Subscript { object, index: Some(index) }))
            }
            "array_type" => {
                let object = self.type_expression(node.child_by_field_name("element")?)?;
                Some(self.add(node, Kind::Subscript { object, index: None }))
            }
            "annotated_type" | "catch_type" | "superclass" => {
                let inner = children(node).into_iter().rfind(|child| !child.kind().contains("annotation"))?;
                self.type_expression(inner)
            }
            "wildcard" => self.type_expression(children(node).into_iter().next_back()?),
            _ => None,
        }
    }
}
