//! Types as far as they name something: classes, interfaces of imports, generic types of them.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Entry, ExprId, Kind, Operator, Shape};

impl<'a> Lowerer<'a> {
    /// What a type names; none where it names nothing (`{ a: string }`, `() => void`).
    pub fn annotation(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| this.shallow_type(node)).flatten()
    }

    fn shallow_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "type_annotation" | "parenthesized_type" | "readonly_type" => {
                children(node).first().and_then(|&inner| self.annotation(inner))
            }
            "type_identifier" | "predefined_type" | "identifier" => {
                let name = self.variable(node);
                Some(self.add(node, Kind::Name(name)))
            }
            "nested_type_identifier" => {
                let object = self.expression(node.child_by_field_name("module")?);
                let name = self.name(node.child_by_field_name("name")?);
                Some(self.add(node, Kind::Attribute { object, name }))
            }
            "generic_type" => {
                let object = self.annotation(node.child_by_field_name("name")?)?;
                let arguments = node.child_by_field_name("type_arguments").map(children).unwrap_or_default();
                let index = self.type_arguments(&arguments);
                Some(self.add(node, Kind::Subscript { object, index }))
            }
            "array_type" => {
                let name = self.tree.sym("Array");
                let index = children(node).first().and_then(|&inner| self.annotation(inner));
                let object = self.add(node, Kind::Name(name));
                Some(self.add(node, Kind::Subscript { object, index }))
            }
            "union_type" | "intersection_type" => self.alternatives(node),
            "literal_type" => match children(node).first()?.kind() {
                "null" | "undefined" => Some(self.add(node, Kind::Nothing)),
                _ => None,
            },
            _ => None,
        }
    }

    fn type_arguments(&mut self, arguments: &[Node<'a>]) -> Option<ExprId> {
        match arguments {
            [] => None,
            [one] => self.annotation(*one),
            [first, .., last] => {
                let at = span(*first).cover(span(*last));
                let values: Vec<ExprId> = arguments.iter().filter_map(|&argument| self.annotation(argument)).collect();
                let entries = values.into_iter().map(|value| Entry { key: None, value, spread: false }).collect();
                Some(self.add_at(at, Kind::Container { shape: Shape::Tuple, entries }))
            }
        }
    }

    /// Alternatives lean left in the syntax; they are taken apart in a loop.
    fn alternatives(&mut self, node: Node<'a>) -> Option<ExprId> {
        let mut rights = Vec::new();
        let mut at = node;
        while at.kind() == node.kind() {
            let parts = children(at);
            rights.extend(parts.iter().skip(1).rev());
            match parts.first() {
                Some(&first) => at = first,
                None => break,
            }
        }
        let mut operands: Vec<ExprId> = Vec::new();
        for part in std::iter::once(at).chain(rights.into_iter().rev()) {
            operands.extend(self.annotation(part));
        }
        match operands.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.add(node, Kind::Operation { operator: Operator::Union, operands })),
        }
    }
}
