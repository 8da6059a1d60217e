//! Calls, with the block that may stand behind them.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::RUBY;
use crate::lower::{children, span};
use crate::tree::{Argument, ExprId, Kind, MAX_DEPTH};

impl<'a> Lowerer<'a> {
    /// A call, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        let mut chain = vec![node];
        while let Some(inner) = chain.last().and_then(|at| at.child_by_field_name("receiver")) {
            if inner.kind() != "call" || chain.len() > 400 {
                break;
            }
            chain.push(inner);
        }
        let mut object = match chain.last().and_then(|at| at.child_by_field_name("receiver")) {
            Some(receiver) if receiver.kind() != "call" => Some(self.expression(receiver)),
            _ => None,
        };
        // A chain longer than the tree is deep loses its first calls.
        for (number, node) in chain.into_iter().rev().enumerate() {
            object = Some(self.link(node, object.filter(|_| number < MAX_DEPTH / 2)));
        }
        object.unwrap_or_else(|| self.other(node))
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>) -> ExprId {
        let list = node.child_by_field_name("arguments");
        let Some(method) = node.child_by_field_name("method") else {
            // f.(x)
            let arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
            return match object {
                Some(callee) => self.add(node, Kind::Call { callee, arguments }),
                None => self.other(node),
            };
        };
        let text = self.source(method);
        let callee = match object {
            // `X.new` is a call of the class.
            Some(object) if text == "new" && self.is_constant(object) => object,
            Some(object) => {
                let at = self.tree.expr(object).span.cover(span(method));
                let name = self.name(method);
                self.add_at(at, Kind::Attribute { object, name })
            }
            None => self.named(method, |_| true),
        };
        let mut arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
        if let Some(block) = node.child_by_field_name("block") {
            let value = self.deeper(block, |this| this.closure(block, block));
            arguments.extend(value.map(|value| Argument { keyword: None, value, spread: false }));
        }
        self.note_putting(callee, RUBY.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// Whether an expression names a class.
    fn is_constant(&self, expr: ExprId) -> bool {
        match *self.tree.kind(expr) {
            Kind::Name(name) | Kind::Attribute { name, .. } => self.tree.text(name).starts_with(char::is_uppercase),
            _ => false,
        }
    }

    pub(super) fn arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let argument = match child.kind() {
                "pair" => {
                    let Some(key) = child.child_by_field_name("key") else { continue };
                    let text = self.source(key).trim_start_matches(':').trim_matches(['"', '\'']);
                    let keyword = Some(self.tree.sym(text));
                    let value = match child.child_by_field_name("value") {
                        Some(value) => self.expression(value),
                        None => self.word(key),
                    };
                    Argument { keyword, value, spread: false }
                }
                "splat_argument" | "hash_splat_argument" => match children(child).first() {
                    Some(&inner) => Argument { keyword: None, value: self.expression(inner), spread: true },
                    None => continue,
                },
                _ => Argument { keyword: None, value: self.expression(child), spread: false },
            };
            arguments.push(argument);
        }
        arguments
    }
}
