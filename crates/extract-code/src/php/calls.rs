//! Calls: of functions, methods, static methods and classes.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::{OUTS, PHP};
use crate::lower::{children, span};
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

impl<'a> Lowerer<'a> {
    /// A call of a method, with the chain of calls that it is made on.
    pub(super) fn method_call(&mut self, node: Node<'a>) -> ExprId {
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let object = object.or_else(|| if lost { None } else { self.part(node, "object") });
        let name = node.child_by_field_name("name");
        let callee = match (object, name) {
            (Some(object), Some(name)) if name.kind() == "name" => self.attribute_of(object, name),
            (Some(object), Some(name)) => {
                let index = Some(self.expression(name));
                self.add(name, Kind::Subscript { object, index })
            }
            _ => self.add(node, Kind::Other(Vec::new())),
        };
        self.call_of(node, callee)
    }

    /// `A::f(x)`, `parent::f(x)`, `$class::f(x)`.
    pub(super) fn static_call(&mut self, node: Node<'a>) -> ExprId {
        let (Some(scope), Some(name)) = (node.child_by_field_name("scope"), node.child_by_field_name("name")) else {
            return self.other(node);
        };
        let object = self.class_name(scope);
        let callee = self.attribute_of(object, name);
        self.call_of(node, callee)
    }

    /// `f(x)`, `$f(x)`.
    pub(super) fn function_call(&mut self, node: Node<'a>) -> ExprId {
        let Some(function) = node.child_by_field_name("function") else { return self.other(node) };
        if !matches!(function.kind(), "name" | "qualified_name" | "relative_name") {
            let callee = self.expression(function);
            return self.call_of(node, callee);
        }
        if self.source(function) == "compact"
            && let Some(container) = self.compact(node)
        {
            return container;
        }
        let callee = self.function_name(function);
        let call = self.call_of(node, callee);
        let word = self.source(function).trim_start_matches('\\');
        if let Ok(at) = OUTS.binary_search_by_key(&word, |&(name, _)| name)
            && let Kind::Call { arguments, .. } = self.tree.kind(call)
            && let Some(out) = arguments.get(OUTS[at].1).map(|argument| argument.value)
        {
            self.tree.outs.insert(out);
            self.note_touched(out);
        }
        call
    }

    /// The call of what is named, unless it only names it: `strlen(...)`.
    fn call_of(&mut self, node: Node<'a>, callee: ExprId) -> ExprId {
        let list = node.child_by_field_name("arguments");
        let only = |list: Node<'a>| matches!(children(list).as_slice(), [one] if one.kind() == "variadic_placeholder");
        if list.is_some_and(only) {
            return callee;
        }
        let arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
        self.note_putting(callee, PHP.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    pub(super) fn arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let keyword = child.child_by_field_name("name").filter(|_| child.kind() == "argument");
            let inner = match child.kind() {
                "argument" => children(child).last().copied().unwrap_or(child),
                _ => child,
            };
            let spread = inner.kind() == "variadic_unpacking";
            let keyword = keyword.map(|name| self.name(name));
            let value = match inner.kind() {
                "name" if matches!(self.source(inner), "self" | "static" | "parent") => self.class_name(inner),
                _ => self.expression(inner),
            };
            arguments.push(Argument { keyword, value, spread });
        }
        arguments
    }

    /// A call of a word of the language: `echo $x`, `require 'a.php'`.
    pub(super) fn word_call(&mut self, node: Node<'a>, word: &str, values: Vec<Node<'a>>) -> ExprId {
        // Of `<?= $x ?>` the word is not written.
        let at = node.child(0).filter(|token| !token.is_named()).map_or(base::Span::at(node.start_byte()), span);
        let callee = self.global(word, at);
        let mut arguments = Vec::new();
        for value in values {
            arguments.push(Argument { keyword: None, value: self.expression(value), spread: false });
        }
        self.add(node, Kind::Call { callee, arguments })
    }

    /// `compact('a', 'b')`: a map of variables.
    fn compact(&mut self, node: Node<'a>) -> Option<ExprId> {
        let mut entries = Vec::new();
        for argument in children(node.child_by_field_name("arguments")?) {
            let text = children(argument).first().copied().filter(|text| text.kind() == "string")?;
            let content = children(text).first().copied()?;
            let key = self.expression(text);
            let name = self.variable_name(content);
            self.slot_of(name);
            let value = self.add(content, Kind::Name(name));
            entries.push(Entry { key: Some(key), value, spread: false });
        }
        Some(self.add(node, Kind::Container { shape: Shape::Map, entries }))
    }

    /// `new T(…)`, `new class(…) extends T { … }`.
    pub(super) fn creation(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let Some(&first) = parts.first() else { return self.other(node) };
        if first.kind() == "anonymous_class" {
            return self.anonymous(node, first);
        }
        let callee = self.class_name(first);
        let list = parts.into_iter().find(|part| part.kind() == "arguments");
        let arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
        self.add(node, Kind::Call { callee, arguments })
    }

    /// A cast to a number or truth is a call of what makes one: nothing else is left of what was given.
    pub(super) fn cast(&mut self, node: Node<'a>) -> ExprId {
        let (Some(ty), Some(value)) = (node.child_by_field_name("type"), self.part(node, "value")) else {
            return self.other(node);
        };
        let function = match self.source(ty).to_ascii_lowercase().as_str() {
            "int" | "integer" => "intval",
            "bool" | "boolean" => "boolval",
            _ => "floatval",
        };
        let callee = self.global(function, span(ty));
        let arguments = vec![Argument { keyword: None, value, spread: false }];
        self.add(node, Kind::Call { callee, arguments })
    }

    /// Whether a cast is one to a number or truth.
    pub(super) fn makes_plain(&self, node: Node<'a>) -> bool {
        let ty = node.child_by_field_name("type").map_or("", |ty| self.source(ty));
        ["int", "integer", "bool", "boolean", "float", "double", "real"].iter().any(|it| ty.eq_ignore_ascii_case(it))
    }
}

/// The call of a method that a call is made on, if it is one.
fn called_on(node: Node<'_>) -> Option<Node<'_>> {
    let object = node.child_by_field_name("object")?;
    matches!(object.kind(), "member_call_expression" | "nullsafe_member_call_expression").then_some(object)
}
