//! Composite literals: lists and maps are containers, structs are calls of their type with named arguments.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// `T{a: x}`, `[]T{…}`, `map[K]T{…}`.
    pub(super) fn composite(&mut self, node: Node<'a>) -> ExprId {
        let (Some(ty), Some(body)) = (node.child_by_field_name("type"), node.child_by_field_name("body")) else {
            return self.other(node);
        };
        self.literal(node, Some(ty), body)
    }

    /// `{a: x}` where the type stands further out and is not known.
    pub(super) fn untyped_literal(&mut self, node: Node<'a>) -> ExprId {
        self.literal(node, None, node)
    }

    fn literal(&mut self, node: Node<'a>, ty: Option<Node<'a>>, body: Node<'a>) -> ExprId {
        let elements = children(body);
        match ty {
            Some(ty) => match ty.kind() {
                "slice_type" | "array_type" | "implicit_length_array_type" => {
                    self.list(node, &elements, ty.child_by_field_name("element"))
                }
                "map_type" => self.map(node, &elements, ty.child_by_field_name("value")),
                "struct_type" => self.map(node, &elements, None),
                _ if elements.iter().any(|&element| self.field_name(element).is_none() && is_keyed(element)) => {
                    self.map(node, &elements, None)
                }
                _ => self.made(node, ty, &elements),
            },
            None if elements.iter().any(|&element| is_keyed(element)) => self.map(node, &elements, None),
            None => self.list(node, &elements, None),
        }
    }

    fn list(&mut self, node: Node<'a>, elements: &[Node<'a>], ty: Option<Node<'a>>) -> ExprId {
        let mut entries = Vec::new();
        for &element in elements {
            if !self.room(entries.len(), element) {
                break;
            }
            let value = self.element(element.child_by_field_name("value").unwrap_or(element), ty);
            entries.push(Entry { key: None, value, spread: false });
        }
        self.add(node, Kind::Container { shape: Shape::List, entries })
    }

    fn map(&mut self, node: Node<'a>, elements: &[Node<'a>], ty: Option<Node<'a>>) -> ExprId {
        let mut entries = Vec::new();
        for &element in elements {
            if !self.room(entries.len(), element) {
                break;
            }
            let (key, value) = match (element.child_by_field_name("key"), element.child_by_field_name("value")) {
                (Some(key), Some(value)) => (Some(key), value),
                _ => (None, element),
            };
            // A field's name stands for itself.
            let key = key.map(|key| match self.field_name(element).filter(|_| ty.is_none()) {
                Some(name) => {
                    let sym = self.tree.sym(name);
                    self.add(key, Kind::Label(sym))
                }
                None => self.expression(key),
            });
            let value = self.element(value, ty);
            entries.push(Entry { key, value, spread: false });
        }
        self.add(node, Kind::Container { shape: Shape::Map, entries })
    }

    /// An object of a struct.
    fn made(&mut self, node: Node<'a>, ty: Node<'a>, elements: &[Node<'a>]) -> ExprId {
        let callee = match self.type_expression(ty) {
            Some(callee) => callee,
            None => return self.other(node),
        };
        let mut arguments = Vec::new();
        for &element in elements {
            if !self.room(arguments.len(), element) {
                break;
            }
            let keyword = self.field_name(element).map(|name| self.tree.sym(name));
            let value = element.child_by_field_name("value").unwrap_or(element);
            arguments.push(Argument { keyword, value: self.element(value, None), spread: false });
        }
        self.add_at(span(node), Kind::Call { callee, arguments })
    }

    /// A value whose type is left out where the literal around says it: `[]T{{a: x}}`.
    fn element(&mut self, node: Node<'a>, ty: Option<Node<'a>>) -> ExprId {
        let inner = match node.kind() {
            "literal_element" => children(node).first().copied().unwrap_or(node),
            _ => node,
        };
        match (inner.kind(), ty) {
            ("literal_value", Some(mut ty)) => {
                if ty.kind() == "pointer_type" {
                    ty = children(ty).first().copied().unwrap_or(ty);
                }
                match self.deeper(inner, |this| this.literal(inner, Some(ty), inner)) {
                    Some(expr) => expr,
                    None => self.add(inner, Kind::Other(Vec::new())),
                }
            }
            _ => self.expression(inner),
        }
    }

    /// The field that an element names.
    fn field_name(&self, element: Node<'a>) -> Option<&'a str> {
        let key = element.child_by_field_name("key")?;
        let key = if key.kind() == "literal_element" { *children(key).first()? } else { key };
        matches!(key.kind(), "identifier" | "field_identifier").then(|| self.source(key))
    }
}

fn is_keyed(element: Node<'_>) -> bool {
    element.kind() == "keyed_element"
}
