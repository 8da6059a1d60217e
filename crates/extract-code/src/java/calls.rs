//! Calls, constructions and method references.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::JAVA;
use super::inheritable;
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A call of a method, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        let called_on =
            |node: Node<'a>| node.child_by_field_name("object").filter(|it| it.kind() == "method_invocation");
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let object = object.or_else(|| if lost { None } else { self.part(node, "object") });
        let Some(name_node) = node.child_by_field_name("name") else { return self.other(node) };
        let list = node.child_by_field_name("arguments");
        if let (Some(object), Some(list)) = (object, list)
            && let Some(container) = self.written_container(node, object, self.source(name_node), list)
        {
            return container;
        }
        let callee = match object {
            Some(object) => self.attribute_of(object, name_node),
            None => self.called(name_node, inheritable),
        };
        let arguments = list.map(|list| self.plain_arguments(list)).unwrap_or_default();
        self.note_putting(callee, JAVA.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// `List.of(a, b)`, `Map.of(k, v)`: the language's way to write a container out.
    fn written_container(&mut self, node: Node<'a>, object: ExprId, method: &str, list: Node<'a>) -> Option<ExprId> {
        let Kind::Name(name) = *self.tree.kind(object) else { return None };
        let (class, values) = (self.tree.text(name).to_owned(), children(list));
        let plain = |this: &mut Self, node| Entry { key: None, value: this.expression(node), spread: false };
        let (shape, entries) = match (class.as_str(), method) {
            ("List", "of") | ("Arrays", "asList") | ("Stream", "of") => {
                (Shape::List, values.into_iter().take(crate::lower::MAX_ENTRIES).map(|it| plain(self, it)).collect())
            }
            ("Set", "of") => (Shape::Set, values.into_iter().map(|it| plain(self, it)).collect()),
            ("Map", "of") => {
                let mut entries = Vec::new();
                for pair in values.chunks_exact(2) {
                    let key = Some(self.expression(pair[0]));
                    entries.push(Entry { key, value: self.expression(pair[1]), spread: false });
                }
                (Shape::Map, entries)
            }
            _ => return None,
        };
        Some(self.add(node, Kind::Container { shape, entries }))
    }

    /// `new T(…)`, with or without a body.
    pub(super) fn creation(&mut self, node: Node<'a>) -> ExprId {
        let ty = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let Some(ty) = ty else { return self.other(node) };
        // `new ArrayList<T>()` makes the class itself.
        let callee = match *self.tree.kind(ty) {
            Kind::Subscript { object, .. } => object,
            _ => ty,
        };
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.plain_arguments(list)).unwrap_or_default();
        if let Some(body) = children(node).into_iter().find(|child| child.kind() == "class_body") {
            self.anonymous(node, callee, body);
        }
        self.add(node, Kind::Call { callee, arguments })
    }

    /// `this::ask`, `Chat::ask`, `Chat::new`.
    pub(super) fn method_reference(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let Some(&first) = parts.first() else { return self.add(node, Kind::Other(Vec::new())) };
        let object = match first.kind() {
            "type_identifier" | "generic_type" | "scoped_type_identifier" | "array_type" => self.type_expression(first),
            _ => Some(self.expression(first)),
        };
        let object = object.unwrap_or_else(|| self.add(first, Kind::Other(Vec::new())));
        match parts.last() {
            Some(&name) if parts.len() > 1 && name.kind() == "identifier" => {
                let name = self.name(name);
                self.add(node, Kind::Attribute { object, name })
            }
            _ => object,
        }
    }
}
