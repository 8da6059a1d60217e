//! Calls, with the lambda that may stand behind them, and what the language gives to write containers out.

use tree_sitter::Node;

use super::idioms::KOTLIN;
use super::{Lowerer, inheritable};
use crate::lower::children;
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A call, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let parts = children(node);
        let Some(&function) = parts.first() else { return self.other(node) };
        let mut arguments = Vec::new();
        // `f(a) { … }` is one call of both.
        let (function, inner) = match function.kind() {
            "call_expression" if parts.iter().any(|part| part.kind() == "annotated_lambda") => {
                let inner = children(function);
                match inner.first() {
                    Some(&first) if !inner.iter().any(|part| part.kind() == "annotated_lambda") => (first, inner),
                    _ => (function, Vec::new()),
                }
            }
            _ => (function, Vec::new()),
        };
        if function.kind() == "identifier"
            && let Some(container) = self.written_container(node, self.source(function), &parts)
        {
            return container;
        }
        let callee = match (object, function.kind()) {
            (Some(object), "navigation_expression") => match children(function).last() {
                Some(&name) => self.attribute_of(object, name),
                None => object,
            },
            (None, "navigation_expression") if lost => match children(function).last() {
                Some(&name) => self.plain_name(name),
                None => self.other(function),
            },
            (_, "identifier") => self.named(function, inheritable),
            _ if lost => self.add(function, Kind::Other(Vec::new())),
            _ => self.expression(function),
        };
        for part in inner.into_iter().chain(parts) {
            self.arguments_of(part, &mut arguments);
        }
        self.note_putting(callee, KOTLIN.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// The arguments in a part of a call: in brackets, a lambda, types.
    pub(super) fn arguments_of(&mut self, part: Node<'a>, arguments: &mut Vec<Argument>) {
        match part.kind() {
            "value_arguments" => {
                for child in children(part) {
                    if !self.room(arguments.len(), child) {
                        break;
                    }
                    let inner = children(child);
                    let named = crate::lower::has_token(child, "=") && inner.len() > 1;
                    let keyword = inner.first().filter(|_| named).map(|&name| self.name(name));
                    let Some(&value) = inner.last() else { continue };
                    let spread = crate::lower::has_token(child, "*");
                    arguments.push(Argument { keyword, value: self.expression(value), spread });
                }
            }
            "annotated_lambda" => {
                if let Some(&lambda) = children(part).last() {
                    arguments.push(Argument { keyword: None, value: self.expression(lambda), spread: false });
                }
            }
            "type_arguments" => {
                for ty in children(part).into_iter().take(4) {
                    if let Some(value) = self.type_expression(ty) {
                        let keyword = Some(self.tree.sym("type"));
                        arguments.push(Argument { keyword, value, spread: false });
                    }
                }
            }
            _ => {}
        }
    }

    /// `listOf(a, b)`, `mapOf("k" to v)`.
    fn written_container(&mut self, node: Node<'a>, name: &str, parts: &[Node<'a>]) -> Option<ExprId> {
        let shape = match name {
            "listOf" | "mutableListOf" | "arrayListOf" | "arrayOf" | "listOfNotNull" | "sequenceOf" | "flowOf" => {
                Shape::List
            }
            "setOf" | "mutableSetOf" | "hashSetOf" => Shape::Set,
            "mapOf" | "mutableMapOf" | "hashMapOf" | "linkedMapOf" => Shape::Map,
            _ => return None,
        };
        let list = parts.iter().find(|part| part.kind() == "value_arguments")?;
        let mut entries = Vec::new();
        for child in children(*list) {
            if !self.room(entries.len(), child) {
                break;
            }
            let Some(&value) = children(child).last() else { continue };
            let pair = children(value);
            let entry = match pair.as_slice() {
                [key, to, value] if shape == Shape::Map && self.source(*to) == "to" => {
                    Entry { key: Some(self.expression(*key)), value: self.expression(*value), spread: false }
                }
                _ => Entry { key: None, value: self.expression(value), spread: false },
            };
            entries.push(entry);
        }
        Some(self.add(node, Kind::Container { shape, entries }))
    }
}

/// The call that a call is made on, if it is one.
fn called_on(node: Node<'_>) -> Option<Node<'_>> {
    let function = children(node).first().copied()?;
    let function = match function.kind() {
        "call_expression" => children(function).first().copied()?,
        _ => function,
    };
    let object = (function.kind() == "navigation_expression").then(|| children(function).first().copied()).flatten()?;
    (object.kind() == "call_expression").then_some(object)
}
