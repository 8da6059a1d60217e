//! Elements: calls of their components, with attributes as named arguments and what is inside as `children`.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Argument, ExprId, Kind};

impl<'a> Lowerer<'a> {
    /// `<Answer text={reply}>…</Answer>`; an element of the document goes by `<div>`, a fragment by `<>`.
    pub fn element(&mut self, node: Node<'a>) -> ExprId {
        let open = node.child_by_field_name("open_tag").unwrap_or(node);
        let callee = self.element_name(open);
        let mut arguments = Vec::new();
        for attribute in children(open) {
            if !self.room(arguments.len(), attribute) {
                break;
            }
            match attribute.kind() {
                "jsx_attribute" => arguments.extend(self.element_attribute(attribute)),
                "jsx_expression" => {
                    let inner =
                        children(attribute).first().copied().and_then(|spread| children(spread).first().copied());
                    let value = inner.map(|inner| self.expression(inner));
                    arguments.extend(value.map(|value| Argument { keyword: None, value, spread: true }));
                }
                _ => {}
            }
        }
        if open != node {
            self.inside_element(node, &mut arguments);
        }
        self.add(node, Kind::Call { callee, arguments })
    }

    fn element_name(&mut self, open: Node<'a>) -> ExprId {
        match open.child_by_field_name("name") {
            Some(name) if name.kind() != "identifier" || self.source(name).starts_with(char::is_uppercase) => {
                self.expression(name)
            }
            name => {
                let text = format!("<{}>", name.map_or("", |name| self.source(name)));
                let sym = self.tree.sym(&text);
                self.add(name.unwrap_or(open), Kind::Name(sym))
            }
        }
    }

    fn element_attribute(&mut self, node: Node<'a>) -> Option<Argument> {
        let parts = children(node);
        let (&name, value) = (parts.first()?, parts.get(1));
        let keyword = Some(self.name(name));
        let value = match value {
            None => self.add(name, Kind::Truth(true)),
            Some(value) if value.kind() == "jsx_expression" => {
                let text = self.source(name);
                self.named_value(*children(*value).first()?, text)
            }
            Some(&value) => self.expression(value),
        };
        Some(Argument { keyword, value, spread: false })
    }

    fn inside_element(&mut self, node: Node<'a>, arguments: &mut Vec<Argument>) {
        let keyword = Some(self.tree.sym("children"));
        for child in children(node) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let inner = match child.kind() {
                "jsx_expression" => children(child).first().copied(),
                "jsx_element" | "jsx_self_closing_element" => Some(child),
                _ => None,
            };
            if let Some(inner) = inner {
                let spread = inner.kind() == "spread_element";
                arguments.push(Argument { keyword, value: self.expression(inner), spread });
            }
        }
    }
}
