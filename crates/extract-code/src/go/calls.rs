//! Calls, and what the language gives instead of functions of a library: `append`, `make`, `new`, conversions.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::GO;
use crate::lower::children;
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        let (Some(function), Some(list)) =
            (node.child_by_field_name("function"), node.child_by_field_name("arguments"))
        else {
            return self.other(node);
        };
        if function.kind() == "identifier"
            && let Some(expr) = self.builtin(node, self.source(function), &children(list))
        {
            return expr;
        }
        let callee = self.expression(function);
        let arguments = self.arguments(list);
        self.note_putting(callee, GO.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    fn arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let spread = child.kind() == "variadic_argument";
            let value = self.expression(child);
            // `&x`: the function may put something into it.
            let by_reference = child.kind() == "unary_expression" && self.source(child).starts_with('&');
            if by_reference && matches!(self.tree.kind(value), Kind::Name(_) | Kind::Attribute { .. }) {
                self.tree.outs.insert(value);
                self.note_touched(value);
            }
            arguments.push(Argument { keyword: None, value, spread });
        }
        arguments
    }

    /// What a call of the language itself is, if it is one. (A package may hide these names; none does.)
    fn builtin(&mut self, node: Node<'a>, name: &str, arguments: &[Node<'a>]) -> Option<ExprId> {
        match (name, arguments) {
            // The list and what is added to it.
            ("append", [list, added @ ..]) => {
                let mut entries = vec![Entry { key: None, value: self.expression(*list), spread: true }];
                for &child in added.iter().take(crate::lower::MAX_ENTRIES) {
                    let spread = child.kind() == "variadic_argument";
                    entries.push(Entry { key: None, value: self.expression(child), spread });
                }
                Some(self.add(node, Kind::Container { shape: Shape::List, entries }))
            }
            ("make", [ty, ..]) => {
                let shape = if ty.kind() == "map_type" { Shape::Map } else { Shape::List };
                Some(self.add(node, Kind::Container { shape, entries: Vec::new() }))
            }
            ("new", [ty]) => {
                let callee = self.expression(*ty);
                Some(self.add(node, Kind::Call { callee, arguments: Vec::new() }))
            }
            // The same text.
            ("string", [value]) => Some(self.expression(*value)),
            _ => None,
        }
    }
}
