//! Expressions.

use tree_sitter::Node;

use super::Lowerer;
use super::functions::Manner;
use super::idioms::ECMASCRIPT;
use crate::lower::children;
use crate::tree::{Argument, ExprId, Kind, Shape, Target};

/// Names of callbacks hold no longer text than this.
const SHORT: usize = 40;

impl<'a> Lowerer<'a> {
    /// The value of something that has a name: a function or class without one is called that.
    pub fn named_value(&mut self, node: Node<'a>, name: &str) -> ExprId {
        let node = bare(node);
        let anonymous = node.child_by_field_name("name").is_none();
        let value = match node.kind() {
            "arrow_function" if anonymous => self.deeper(node, |this| this.function_value(node, name, Manner::Arrow)),
            "function_expression" | "generator_function" if anonymous => {
                self.deeper(node, |this| this.function_value(node, name, Manner::Plain))
            }
            "class" if anonymous => self.deeper(node, |this| this.class_value(node, name)),
            "object" => {
                // What is defined inside is called after it: `llm.ask` of `const llm = { ask() { … } }`.
                let outer = self.prefix.clone();
                self.prefix.push_str(name);
                self.prefix.push('.');
                let value = self.expression(node);
                self.prefix = outer;
                return value;
            }
            _ => return self.expression(node),
        };
        value.unwrap_or_else(|| self.add(node, Kind::Other(Vec::new())))
    }

    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" | "this" | "super" | "shorthand_property_identifier" | "type_identifier" | "import" => {
                let name = self.variable(node);
                self.add(node, Kind::Name(name))
            }
            "meta_property" => {
                let name = self.name(node);
                self.add(node, Kind::Name(name))
            }
            "member_expression" | "nested_identifier" => self.dotted(node, "object", "property"),
            "subscript_expression" => self.subscript(node, "object", "index"),
            "call_expression" => self.call(node),
            "new_expression" => self.construction(node),
            "string" => {
                let text = self.string(node);
                self.add(node, Kind::Text(text.into()))
            }
            "template_string" => self.template(node),
            "number" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "null" | "undefined" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node, "argument"),
            "ternary_expression" => self.conditional(node, "condition", "consequence", "alternative"),
            "array" => self.sequence(node, Shape::List, "spread_element"),
            "object" => self.object(node),
            "arrow_function" => self.function_value(node, "<anonymous>", Manner::Arrow),
            "function_expression" | "generator_function" => self.named_function(node),
            "class" => {
                let name = node.child_by_field_name("name").map_or("<anonymous>", |name| self.source(name));
                self.class_value(node, name)
            }
            "await_expression" => match self.module_awaited(node) {
                Some(module) => module,
                None => {
                    let inner = self.first(node);
                    self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Await))
                }
            },
            "yield_expression" => {
                let inner = self.first(node);
                self.add(node, Kind::Yield(inner))
            }
            "spread_element" => {
                let inner = self.first(node);
                self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Spread))
            }
            "assignment_expression" => self.assignment_value(node),
            "augmented_assignment_expression" => match self.augmented(node) {
                Some((target, value)) => self.add(node, Kind::Bind { target: Box::new(target), value }),
                None => self.other(node),
            },
            "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => self.element(node),
            "regex" => self.add(node, Kind::Other(Vec::new())),
            _ => self.other(node),
        }
    }

    fn call(&mut self, node: Node<'a>) -> ExprId {
        if let Some(specifier) = self.required(node) {
            return self.module_value(node, specifier);
        }
        let Some(function) = node.child_by_field_name("function") else { return self.other(node) };
        let callee = self.expression(function);
        let arguments = match node.child_by_field_name("arguments") {
            Some(text) if text.kind() == "template_string" => {
                vec![Argument { keyword: None, value: self.template(text), spread: false }]
            }
            Some(list) => self.arguments(list, function),
            None => Vec::new(),
        };
        self.note_putting(callee, ECMASCRIPT.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    fn construction(&mut self, node: Node<'a>) -> ExprId {
        let Some(constructor) = node.child_by_field_name("constructor") else { return self.other(node) };
        let callee = self.expression(constructor);
        let list = node.child_by_field_name("arguments");
        let arguments = list.map(|list| self.arguments(list, constructor)).unwrap_or_default();
        self.add(node, Kind::Call { callee, arguments })
    }

    fn arguments(&mut self, list: Node<'a>, callee: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let argument = match child.kind() {
                "spread_element" => match children(child).first() {
                    Some(&inner) => Argument { keyword: None, value: self.expression(inner), spread: true },
                    None => continue,
                },
                "arrow_function" | "function_expression" | "class" => {
                    let name = self.callback_name(list, callee);
                    Argument { keyword: None, value: self.named_value(child, &name), spread: false }
                }
                _ => Argument { keyword: None, value: self.expression(child), spread: false },
            };
            arguments.push(argument);
        }
        arguments
    }

    /// What a function is called that stands among the arguments of a call: `post(/chat)` of `app.post("/chat", …)`.
    fn callback_name(&self, list: Node<'a>, callee: Node<'a>) -> String {
        let method = callee.child_by_field_name("property").unwrap_or(callee);
        let method =
            if matches!(method.kind(), "property_identifier" | "identifier") { self.source(method) } else { "" };
        let text = list.named_child(0).filter(|first| first.kind() == "string").map_or("", |first| self.source(first));
        let text = text.trim_matches(['"', '\'']);
        let text = if text.len() <= SHORT { text } else { "" };
        format!("{method}({text})")
    }

    fn assignment_value(&mut self, node: Node<'a>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.other(node);
        };
        let value = self.assigned(left, right);
        let target = Box::new(self.target(left, false));
        self.add(node, Kind::Bind { target, value })
    }

    /// The value that an assignment gives: a function is called after what it is assigned to.
    pub(super) fn assigned(&mut self, left: Node<'a>, right: Node<'a>) -> ExprId {
        let name = match left.kind() {
            "identifier" => self.source(left),
            _ => left.child_by_field_name("property").map_or("<anonymous>", |property| self.source(property)),
        };
        self.named_value(right, name)
    }

    /// `x += y`, `x ??= y`.
    pub(super) fn augmented(&mut self, node: Node<'a>) -> Option<(Target, ExprId)> {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let (value, right) = (self.expression(left), self.expression(right));
        let value = self.augmented_value(node, self.operator(node), value, right);
        Some((self.target(left, false), value))
    }
}

/// Without parentheses and what only types are told by.
pub(super) fn bare(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while let Some(inner) = wrapped(node) {
        node = inner;
    }
    node
}

/// What stands in parentheses or beside what only types are told by.
pub(super) fn wrapped(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "parenthesized_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "instantiation_expression" => children(node).first().copied(),
        "type_assertion" => children(node).last().copied(),
        _ => None,
    }
}
