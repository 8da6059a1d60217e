//! What stands left of an assignment.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Kind, Sym, Target, Touched};

impl<'a> Lowerer<'a> {
    /// `$a`, `$this->a`, `$a['b']`, `[$a, $b]`, `['a' => $a]`, `list($a, $b)`.
    pub(super) fn target(&mut self, node: Node<'a>) -> Target {
        self.deeper(node, |this| match node.kind() {
            "variable_name" if this.source(node) != "$this" => this.variable_target(node),
            "by_ref" | "parenthesized_expression" => match children(node).first() {
                Some(&inner) => this.target(inner),
                None => Target::Tuple(Vec::new()),
            },
            "list_literal" | "array_creation_expression" => this.list_target(node),
            _ => {
                let place = this.expression(node);
                this.place_target(place)
            }
        })
        .unwrap_or(Target::Tuple(Vec::new()))
    }

    /// A variable that gets a value.
    pub(super) fn variable_target(&mut self, node: Node<'a>) -> Target {
        let name = self.variable_name(node);
        self.touched.push(Touched { name, attribute: None });
        let slot = self.slot_of(name);
        Target::Name(self.add(node, Kind::Name(name)), slot)
    }

    fn list_target(&mut self, node: Node<'a>) -> Target {
        let (mut places, mut attributes) = (Vec::new(), Vec::new());
        let mut cursor = node.walk();
        let parts: Vec<Node<'a>> = node.children(&mut cursor).collect();
        // Between commas stands a target, a key with one, or nothing.
        for entry in parts.split(|part| part.kind() == ",") {
            let entry = entry.iter().filter(|part| part.is_named() && !part.is_extra());
            let entry: Vec<Node<'a>> = entry
                .flat_map(|&part| match part.kind() {
                    "array_element_initializer" => children(part),
                    _ => vec![part],
                })
                .collect();
            match entry.as_slice() {
                [key, target] => {
                    let key = self.key_name(*key);
                    let target = self.target(*target);
                    attributes.push((key, target));
                }
                [target] => places.push(self.target(*target)),
                _ => places.push(Target::Tuple(Vec::new())),
            }
        }
        if attributes.is_empty() { Target::Tuple(places) } else { Target::Attributes(attributes) }
    }

    fn key_name(&mut self, node: Node<'a>) -> Option<Sym> {
        let key: ExprId = self.expression(node);
        match self.tree.kind(key) {
            Kind::Text(text) => {
                let text = text.clone();
                Some(self.tree.sym(&text))
            }
            _ => None,
        }
    }
}
