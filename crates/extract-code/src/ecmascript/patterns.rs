//! What stands left of an assignment: names, places and patterns that take a value apart.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Kind, Slot, Sym, Target, Touched};

impl<'a> Lowerer<'a> {
    /// A target; `declares`: its names are variables of the function it stands in, otherwise they may be those of one further out.
    pub fn target(&mut self, node: Node<'a>, declares: bool) -> Target {
        match self.deeper(node, |this| this.shallow_target(node, declares)) {
            Some(target) => target,
            None => Target::Tuple(Vec::new()),
        }
    }

    fn shallow_target(&mut self, node: Node<'a>, declares: bool) -> Target {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                let name = self.variable(node);
                let expr = self.add(node, Kind::Name(name));
                let slot = if declares { self.bind(name) } else { self.assigned_slot(name) };
                Target::Name(expr, slot)
            }
            "object_pattern" | "object" => Target::Attributes(
                children(node).into_iter().filter_map(|part| self.pattern_part(part, declares)).collect(),
            ),
            "array_pattern" | "array" => self.tuple(node, declares),
            "assignment_pattern" | "object_assignment_pattern" | "assignment_expression" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                else {
                    return Target::Tuple(Vec::new());
                };
                let inner = Box::new(self.target(left, declares));
                Target::Default(inner, self.expression(right))
            }
            "rest_pattern" | "spread_element" => match children(node).first() {
                Some(&inner) => Target::Rest(Box::new(self.target(inner, declares))),
                None => Target::Tuple(Vec::new()),
            },
            "parenthesized_expression" | "non_null_expression" | "as_expression" | "satisfies_expression" => {
                match children(node).first() {
                    Some(&inner) => self.target(inner, declares),
                    None => Target::Tuple(Vec::new()),
                }
            }
            _ => {
                let place = self.expression(node);
                match *self.tree.kind(place) {
                    Kind::Attribute { .. } => self.note_touched(place),
                    Kind::Subscript { object, .. } => self.note_touched(object),
                    _ => {}
                }
                Target::Place(place)
            }
        }
    }

    /// The variable that an assignment means: one of a function around, else one of the file.
    fn assigned_slot(&mut self, name: Sym) -> Slot {
        self.touched.push(Touched { name, attribute: None });
        match self.tree.lookup(self.scope, name) {
            Some(slot) => slot,
            None => self.tree.bind(crate::tree::ScopeId(0), name),
        }
    }

    /// A part of an object's pattern, with the attribute that it takes.
    fn pattern_part(&mut self, node: Node<'a>, declares: bool) -> Option<(Option<Sym>, Target)> {
        match node.kind() {
            "shorthand_property_identifier_pattern" | "shorthand_property_identifier" => {
                let name = self.name(node);
                Some((Some(name), self.shorthand(node, declares)))
            }
            "object_assignment_pattern" | "assignment_pattern" => {
                let left = node.child_by_field_name("left")?;
                let name = self.name(left);
                let inner = Box::new(self.shorthand(left, declares));
                let default = self.expression(node.child_by_field_name("right")?);
                Some((Some(name), Target::Default(inner, default)))
            }
            "pair_pattern" | "pair" => {
                let key = node.child_by_field_name("key")?;
                let text = self.key_text(key);
                let name = (key.kind() != "computed_property_name").then(|| self.tree.sym(&text));
                Some((name, self.target(node.child_by_field_name("value")?, declares)))
            }
            "rest_pattern" | "spread_element" => Some((None, self.target(node, declares))),
            _ => None,
        }
    }

    fn shorthand(&mut self, node: Node<'a>, declares: bool) -> Target {
        let name = self.variable(node);
        let expr = self.add(node, Kind::Name(name));
        let slot = if declares { self.bind(name) } else { self.assigned_slot(name) };
        Target::Name(expr, slot)
    }

    /// `[first, , third]`: what is left out keeps its place.
    fn tuple(&mut self, node: Node<'a>, declares: bool) -> Target {
        let mut targets = Vec::new();
        let mut cursor = node.walk();
        let mut filled = false;
        let parts: Vec<Node<'a>> = node.children(&mut cursor).collect();
        for part in parts {
            if part.is_named() && !part.is_extra() {
                targets.push(self.target(part, declares));
                filled = true;
            } else if part.kind() == "," {
                if !filled {
                    targets.push(Target::Tuple(Vec::new()));
                }
                filled = false;
            }
        }
        Target::Tuple(targets)
    }
}
