//! Objects that are written out.

use tree_sitter::Node;

use super::Lowerer;
use super::functions::Manner;
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// `{ model, messages: […], ...defaults, async run() { … } }`.
    pub fn object(&mut self, node: Node<'a>) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            entries.extend(self.object_entry(child));
        }
        self.add(node, Kind::Container { shape: Shape::Map, entries })
    }

    fn object_entry(&mut self, node: Node<'a>) -> Option<Entry> {
        match node.kind() {
            "pair" => {
                let key_node = node.child_by_field_name("key")?;
                let key = self.key(key_node);
                let name = self.key_text(key_node);
                let value = self.named_value(node.child_by_field_name("value")?, &name);
                Some(Entry { key: Some(key), value, spread: false })
            }
            "shorthand_property_identifier" => {
                let label = self.name(node);
                let key = self.add(node, Kind::Label(label));
                Some(Entry { key: Some(key), value: self.expression(node), spread: false })
            }
            "method_definition" => {
                let name_node = node.child_by_field_name("name")?;
                let key = self.key(name_node);
                let name = self.key_text(name_node);
                let value = self.function_value(node, &name, Manner::Plain);
                Some(Entry { key: Some(key), value, spread: false })
            }
            "spread_element" => {
                let value = self.first(node)?;
                Some(Entry { key: None, value, spread: true })
            }
            _ => None,
        }
    }

    /// A key: a name stands for itself.
    fn key(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "property_identifier" | "private_property_identifier" => {
                let label = self.name(node);
                self.add(node, Kind::Label(label))
            }
            "computed_property_name" => match self.first(node) {
                Some(inner) => inner,
                None => self.other(node),
            },
            _ => self.expression(node),
        }
    }

    /// A key as people would call it.
    pub fn key_text(&self, node: Node<'a>) -> String {
        match node.kind() {
            "string" => self.string(node),
            _ => self.source(node).to_owned(),
        }
    }
}
