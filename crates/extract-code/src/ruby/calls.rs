//! Calls, with the block that may stand behind them.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::RUBY;
use crate::lower::children;
use crate::tree::{Argument, ExprId, Kind};

impl<'a> Lowerer<'a> {
    /// A call, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        let called_on = |node: Node<'a>| node.child_by_field_name("receiver").filter(|it| it.kind() == "call");
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let object = object.or_else(|| if lost { None } else { self.part(node, "receiver") });
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
            Some(object) => self.attribute_of(object, method),
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
