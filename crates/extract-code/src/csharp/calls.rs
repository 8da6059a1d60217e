//! Calls, and what makes objects: `new T(…) { A = x }` is a call with named arguments, collections are containers.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::CSHARP;
use crate::lower::children;
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A call of a method, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let (Some(function), Some(list)) =
            (node.child_by_field_name("function"), node.child_by_field_name("arguments"))
        else {
            return self.other(node);
        };
        if function.kind() == "identifier" && self.source(function) == "nameof" {
            let text = self.source(list).trim_matches(['(', ')']).rsplit('.').next().unwrap_or_default();
            return self.add(node, Kind::Text(text.into()));
        }
        let named = match function.kind() {
            "generic_name" => children(function).first().copied().unwrap_or(function),
            _ => function,
        };
        let callee = match (object, function.child_by_field_name("name")) {
            (Some(object), Some(name)) => {
                let name = if name.kind() == "generic_name" { *children(name).first().unwrap_or(&name) } else { name };
                self.attribute_of(object, name)
            }
            (None, Some(name)) if lost => self.plain_name(name),
            _ if named.kind() == "identifier" => self.called(named, super::inheritable),
            _ => self.expression(function),
        };
        let mut arguments = self.arguments(list);
        self.type_arguments(function, &mut arguments);
        self.note_putting(callee, CSHARP.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// `AddScoped<IChat, Chat>()`: what types a method is asked for are arguments by the name `type`.
    fn type_arguments(&mut self, function: Node<'a>, arguments: &mut Vec<Argument>) {
        let name = function.child_by_field_name("name").unwrap_or(function);
        if name.kind() != "generic_name" {
            return;
        }
        let list = children(name).into_iter().find(|child| child.kind() == "type_argument_list");
        for ty in list.map(children).unwrap_or_default().into_iter().take(4) {
            if let Some(value) = self.type_expression(ty) {
                let keyword = Some(self.tree.sym("type"));
                arguments.push(Argument { keyword, value, spread: false });
            }
        }
    }

    pub(super) fn arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let keyword = child.child_by_field_name("name").filter(|_| child.kind().ends_with("argument"));
            let keyword = keyword.filter(|name| children(child).len() > 1 && name.kind() == "identifier");
            let keyword = keyword.map(|name| self.name(name));
            let value = match child.kind() {
                "attribute_argument" => children(child).last().copied().unwrap_or(child),
                _ => child,
            };
            arguments.push(Argument { keyword, value: self.expression(value), spread: false });
        }
        arguments
    }

    /// `new T(…) { … }`, and `new(…)` of the type that is declared.
    pub(super) fn creation(&mut self, node: Node<'a>) -> ExprId {
        let expected = self.language.expected.take();
        let written = node.child_by_field_name("type").or(expected);
        let arguments = node.child_by_field_name("arguments");
        let list = arguments.or(children(node).into_iter().find(|child| child.kind() == "argument_list"));
        let initializer = children(node).into_iter().find(|child| child.kind() == "initializer_expression");
        if let Some(container) = initializer.and_then(|list| self.collection_of(node, list)) {
            return container;
        }
        let Some(callee) = written.and_then(|ty| self.made_type(ty)) else { return self.other(node) };
        // The type of `new()` is written elsewhere, but it is this call that is made of it.
        if node.child_by_field_name("type").is_none() {
            self.tree.exprs[callee.at()].span = base::Span::at(node.start_byte());
        }
        let mut arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
        for part in initializer.map(children).unwrap_or_default() {
            let (Some(name), Some(value)) = (part.child_by_field_name("left"), part.child_by_field_name("right"))
            else {
                continue;
            };
            if !self.room(arguments.len(), part) {
                break;
            }
            let keyword = Some(self.name(name));
            arguments.push(Argument { keyword, value: self.expression(value), spread: false });
        }
        self.add(node, Kind::Call { callee, arguments })
    }

    /// `new List<T> { a, b }`, `new Dictionary<K, V> { [k] = v, { k, v } }`; none where properties are set.
    fn collection_of(&mut self, node: Node<'a>, list: Node<'a>) -> Option<ExprId> {
        let parts = children(list);
        let sets = |part: &Node<'a>| {
            part.kind() == "assignment_expression"
                && part.child_by_field_name("left").is_some_and(|left| left.kind() == "identifier")
        };
        if parts.iter().any(sets) || parts.is_empty() {
            return None;
        }
        let (mut entries, mut shape) = (Vec::new(), Shape::List);
        for part in parts {
            if !self.room(entries.len(), part) {
                break;
            }
            let pair = match part.kind() {
                "assignment_expression" => {
                    let left = part.child_by_field_name("left").and_then(|left| children(left).first().copied());
                    left.zip(part.child_by_field_name("right"))
                }
                "initializer_expression" => match children(part).as_slice() {
                    [key, value] => Some((*key, *value)),
                    _ => None,
                },
                _ => None,
            };
            let entry = match pair {
                Some((key, value)) => {
                    shape = Shape::Map;
                    Entry { key: Some(self.expression(key)), value: self.expression(value), spread: false }
                }
                None => Entry { key: None, value: self.expression(part), spread: false },
            };
            entries.push(entry);
        }
        Some(self.add(node, Kind::Container { shape, entries }))
    }
}

/// The call that a call is made on, if it is one.
fn called_on(node: Node<'_>) -> Option<Node<'_>> {
    let function = node.child_by_field_name("function").filter(|it| it.kind() == "member_access_expression")?;
    function.child_by_field_name("expression").filter(|it| it.kind() == "invocation_expression")
}
