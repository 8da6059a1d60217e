//! Functions, classes, lambdas, their parameters and decorators.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{Head, Inside, children, has_keyword, span};
use crate::tree::{Block, Class, ExprId, FunctionId, Kind, ScopeKind, Stmt, Sym};

impl<'a> Lowerer<'a> {
    /// A function or class with its decorators.
    pub fn decorated(&mut self, node: Node<'a>) -> Option<Stmt> {
        let mut decorators = Vec::new();
        for child in children(node) {
            if child.kind() == "decorator"
                && let Some(&inner) = children(child).first()
            {
                decorators.push(self.expression(inner));
            }
        }
        let definition = node.child_by_field_name("definition")?;
        match definition.kind() {
            "class_definition" => self.class(definition, decorators),
            _ => self.definition(definition, decorators),
        }
    }

    /// `def`.
    pub fn definition(&mut self, node: Node<'a>, decorators: Vec<ExprId>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let (class, is_async) = (self.class, has_keyword(node, "async"));
        let head = Head { class, is_async, decorators, ..Head::plain(name, span(name_node), self.qualified(name)) };
        self.bind(name);
        let function = self.function(node, head, |this, body| this.block(body));
        Some(Stmt::Function(function))
    }

    /// A function of any kind: parameters in the enclosing scope as far as they are evaluated there, the body
    /// in its own.
    pub(super) fn function(
        &mut self,
        node: Node<'a>,
        mut head: Head,
        lower_body: impl FnOnce(&mut Self, Node<'a>) -> Block,
    ) -> FunctionId {
        let method = head.class.is_some() && !self.is_static(&head.decorators);
        head.result = node.child_by_field_name("return_type").and_then(|result| self.annotation(result));
        let heads = node.child_by_field_name("parameters").map(|list| self.parameter_heads(list)).unwrap_or_default();
        self.function_of(head, |this| {
            let mut heads = heads.into_iter();
            let receiver = if method { heads.next().map(|head| this.bind(head.name)) } else { None };
            let parameter = |head: ParameterHead| {
                this.parameter_named(head.name, head.at, head.annotation, head.default, Vec::new())
            };
            let parameters = heads.map(parameter).collect();
            let body = match node.child_by_field_name("body") {
                Some(body) => this.deeper(body, |this| lower_body(this, body)).unwrap_or_default(),
                None => Vec::new(),
            };
            Inside { receiver, parameters, body }
        })
    }

    fn is_static(&self, decorators: &[ExprId]) -> bool {
        decorators.iter().any(|&decorator| {
            matches!(self.tree.kind(decorator), Kind::Name(name) if self.tree.text(*name) == "staticmethod")
        })
    }

    fn parameter_heads(&mut self, list: Node<'a>) -> Vec<ParameterHead> {
        children(list).into_iter().filter_map(|node| self.parameter_head(node)).collect()
    }

    /// Name, annotation and default; the latter two are evaluated outside of the function.
    fn parameter_head(&mut self, node: Node<'a>) -> Option<ParameterHead> {
        let named = match node.kind() {
            "identifier" => node,
            "typed_parameter" | "list_splat_pattern" | "dictionary_splat_pattern" => *children(node).first()?,
            _ => node.child_by_field_name("name")?,
        };
        let named = match named.kind() {
            "identifier" => named,
            _ => children(named).into_iter().find(|child| child.kind() == "identifier")?,
        };
        let annotation = node.child_by_field_name("type").and_then(|ty| self.annotation(ty));
        let default = node.child_by_field_name("value").map(|value| self.expression(value));
        Some(ParameterHead { name: self.name(named), at: span(named), annotation, default })
    }

    /// A type; a string is read as the name that stands in it.
    pub fn annotation(&mut self, node: Node<'a>) -> Option<ExprId> {
        let inner = match node.kind() {
            "type" => *children(node).first()?,
            _ => node,
        };
        if inner.kind() == "string" {
            let text = first_type(self.source(inner).trim_matches(['"', '\'']));
            return self.forward_reference(inner, text);
        }
        Some(self.expression(inner))
    }

    /// `class`.
    pub fn class(&mut self, node: Node<'a>, decorators: Vec<ExprId>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let (mut bases, mut settings) = (Vec::new(), Vec::new());
        if let Some(list) = node.child_by_field_name("superclasses") {
            for argument in self.arguments(list) {
                let place = if argument.keyword.is_none() { &mut bases } else { &mut settings };
                place.push(argument.value);
            }
        }
        let head = self.new_class(name, span(name_node), self.qualified(name));
        let class = Class { bases, settings, decorators, ..head };
        let id = self.class_of(class, ScopeKind::Class, |this, _, block| {
            if let Some(body) = node.child_by_field_name("body") {
                this.deeper(body, |this| this.statements(body, block));
            }
        });
        Some(Stmt::Class(id))
    }
}

struct ParameterHead {
    name: Sym,
    at: Span,
    annotation: Option<ExprId>,
    default: Option<ExprId>,
}

/// The type that a string names first: `T` of `T | None` and `Optional[T]`.
fn first_type(text: &str) -> &str {
    let text = text.trim();
    let text = match text.split_once('[') {
        Some(("Optional" | "Union" | "typing.Optional" | "typing.Union", inner)) => inner.trim_end_matches(']'),
        Some((outer, _)) => outer,
        None => text,
    };
    let mut parts = text.split(['|', ',']).map(str::trim);
    parts.find(|part| *part != "None").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::first_type;

    #[test]
    fn strings_name_types() {
        for (text, expected) in
            [("A", "A"), (" a.B | None", "a.B"), ("None | B", "B"), ("Optional[A]", "A"), ("list[A]", "list")]
        {
            assert_eq!(first_type(text), expected);
        }
    }
}
