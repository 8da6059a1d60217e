//! Python's expressions.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::PYTHON;
use crate::lower::{Head, children, span};
use crate::tree::{Argument, Clause, Entry, ExprId, Kind, Operator, Shape, Stmt, Sym, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" | "keyword_identifier" => self.plain_name(node),
            "attribute" => self.dotted(node, "object", "attribute"),
            "subscript" => self.subscripts(node),
            "call" => self.call(node),
            "string" | "concatenated_string" => self.string(node),
            "integer" | "float" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "none" => self.add(node, Kind::Nothing),
            "binary_operator" => self.binary(node),
            "boolean_operator" => self.choices(node),
            "unary_operator" => self.unary(node, "argument"),
            "not_operator" => match self.part(node, "argument") {
                Some(operand) => self.add(node, Kind::Operation { operator: Operator::Not, operands: vec![operand] }),
                None => self.other(node),
            },
            "comparison_operator" => {
                let operands = self.all(node);
                self.add(node, Kind::Comparison(operands))
            }
            "conditional_expression" => self.choice_of_two(node),
            "list" | "list_pattern" => self.sequence(node, Shape::List, "list_splat"),
            "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" => {
                self.sequence(node, Shape::Tuple, "list_splat")
            }
            "set" => self.sequence(node, Shape::Set, "list_splat"),
            "dictionary" => self.dictionary(node),
            "list_comprehension" => self.comprehension(node, Shape::List),
            "set_comprehension" => self.comprehension(node, Shape::Set),
            "dictionary_comprehension" => self.comprehension(node, Shape::Map),
            "generator_expression" => self.comprehension(node, Shape::Generator),
            "lambda" => self.lambda(node),
            "await" => {
                let inner = self.first(node);
                self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Await))
            }
            "yield" => {
                let inner = self.first(node);
                self.add(node, Kind::Yield(inner))
            }
            "named_expression" => self.walrus(node),
            "list_splat" | "dictionary_splat" | "list_splat_pattern" | "dictionary_splat_pattern" => {
                let inner = self.first(node);
                self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Spread))
            }
            "type" => match self.first(node) {
                Some(inner) => inner,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "generic_type" => self.generic(node),
            "union_type" => {
                let operands = self.all(node);
                self.add(node, Kind::Operation { operator: Operator::Union, operands })
            }
            "member_type" => {
                let parts = children(node);
                match parts.as_slice() {
                    [object, name] => {
                        let (object, name) = (self.expression(*object), self.name(*name));
                        self.add(node, Kind::Attribute { object, name })
                    }
                    _ => self.other(node),
                }
            }
            _ => self.other(node),
        }
    }

    fn subscripts(&mut self, node: Node<'a>) -> ExprId {
        let Some(object) = node.child_by_field_name("value") else { return self.other(node) };
        let object = self.expression(object);
        let mut cursor = node.walk();
        let parts: Vec<Node<'a>> = node.children_by_field_name("subscript", &mut cursor).collect();
        let index = match parts.as_slice() {
            [] => None,
            [one] => Some(self.expression(*one)),
            [first, .., last] => {
                let at = span(*first).cover(span(*last));
                let entries = parts.iter().map(|&part| self.plain_entry(part)).collect();
                Some(self.add_at(at, Kind::Container { shape: Shape::Tuple, entries }))
            }
        };
        self.add(node, Kind::Subscript { object, index })
    }

    /// `list[int]` as a type.
    fn generic(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let [object, parameters] = parts.as_slice() else { return self.other(node) };
        let object = self.expression(*object);
        let inner = children(*parameters);
        let index = match inner.as_slice() {
            [one] => self.expression(*one),
            _ => {
                let entries = inner.iter().map(|&part| self.plain_entry(part)).collect();
                self.add(*parameters, Kind::Container { shape: Shape::Tuple, entries })
            }
        };
        self.add(node, Kind::Subscript { object, index: Some(index) })
    }

    fn call(&mut self, node: Node<'a>) -> ExprId {
        let Some(function) = node.child_by_field_name("function") else { return self.other(node) };
        let callee = self.expression(function);
        let mut arguments = Vec::new();
        if let Some(list) = node.child_by_field_name("arguments") {
            if list.kind() == "generator_expression" {
                let value = self.expression(list);
                arguments.push(Argument { keyword: None, value, spread: false });
            } else {
                arguments = self.arguments(list);
            }
        }
        self.note_putting(callee, PYTHON.putting);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// The arguments of a call, or of a class's head.
    pub fn arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            let argument = match child.kind() {
                "keyword_argument" => {
                    let Some(value) = child.child_by_field_name("value") else { continue };
                    let keyword = child.child_by_field_name("name").map(|name| self.name(name));
                    Argument { keyword, value: self.expression(value), spread: false }
                }
                "list_splat" | "dictionary_splat" => match children(child).first() {
                    Some(&inner) => Argument { keyword: None, value: self.expression(inner), spread: true },
                    None => continue,
                },
                _ => Argument { keyword: None, value: self.expression(child), spread: false },
            };
            arguments.push(argument);
        }
        arguments
    }

    fn choices(&mut self, node: Node<'a>) -> ExprId {
        let mut rights = Vec::new();
        let mut left = node;
        while left.kind() == "boolean_operator" {
            rights.extend(left.child_by_field_name("right"));
            match left.child_by_field_name("left") {
                Some(next) => left = next,
                None => break,
            }
        }
        let mut operands = vec![self.expression(left)];
        operands.extend(rights.into_iter().rev().map(|right| self.expression(right)));
        self.add(node, Kind::Choice(operands))
    }

    fn choice_of_two(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let [then, condition, otherwise] = parts.as_slice() else { return self.other(node) };
        let condition = self.expression(*condition);
        let then = self.expression(*then);
        let otherwise = self.expression(*otherwise);
        self.add(node, Kind::Conditional { condition, then, otherwise })
    }

    fn plain_entry(&mut self, node: Node<'a>) -> Entry {
        Entry { key: None, value: self.expression(node), spread: false }
    }

    fn dictionary(&mut self, node: Node<'a>) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let (key, value) = (child.child_by_field_name("key"), child.child_by_field_name("value"));
            match (key, value) {
                (Some(key), Some(value)) => {
                    let (key, value) = (Some(self.expression(key)), self.expression(value));
                    entries.push(Entry { key, value, spread: false });
                }
                _ if child.kind() == "dictionary_splat" => {
                    let Some(value) = self.first(child) else { continue };
                    entries.push(Entry { key: None, value, spread: true });
                }
                _ => {}
            }
        }
        self.add(node, Kind::Container { shape: Shape::Map, entries })
    }

    fn comprehension(&mut self, node: Node<'a>, shape: Shape) -> ExprId {
        let mut clauses = Vec::new();
        let mut body = None;
        for child in children(node) {
            match child.kind() {
                "for_in_clause" => {
                    let (Some(left), Some(right)) =
                        (child.child_by_field_name("left"), child.child_by_field_name("right"))
                    else {
                        continue;
                    };
                    let iterable = self.expression(right);
                    let target = self.target(left);
                    clauses.push(Clause::For { target, iterable });
                }
                "if_clause" => clauses.extend(self.first(child).map(Clause::If)),
                _ => body = Some(child),
            }
        }
        let mut results = Vec::new();
        if let Some(body) = body {
            if body.kind() == "pair" {
                results = self.all(body);
            } else {
                results.push(self.expression(body));
            }
        }
        self.add(node, Kind::Comprehension { shape, clauses, results })
    }

    fn lambda(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let head = Head::plain(name, span(node), self.qualified(name));
        let function = self.function(node, head, |this, body| {
            let value = this.expression(body);
            vec![Stmt::Return(Some(value))]
        });
        self.add(node, Kind::Function(function))
    }

    fn walrus(&mut self, node: Node<'a>) -> ExprId {
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
            return self.other(node);
        };
        let value = self.expression(value);
        let target = Box::new(self.target(name));
        self.add(node, Kind::Bind { target, value })
    }

    /// What stands left of an assignment.
    pub fn target(&mut self, node: Node<'a>) -> Target {
        match self.deeper(node, |this| this.shallow_target(node)) {
            Some(target) => target,
            None => Target::Tuple(Vec::new()),
        }
    }

    fn shallow_target(&mut self, node: Node<'a>) -> Target {
        match node.kind() {
            "identifier" => {
                let name = self.name(node);
                let expr = self.add(node, Kind::Name(name));
                Target::Name(expr, self.bind(name))
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" | "expression_list" => {
                Target::Tuple(children(node).into_iter().map(|child| self.target(child)).collect())
            }
            "list_splat_pattern" | "list_splat" => match children(node).first() {
                Some(&inner) => Target::Rest(Box::new(self.target(inner))),
                None => Target::Tuple(Vec::new()),
            },
            "parenthesized_expression" | "as_pattern_target" => match children(node).first() {
                Some(&inner) => self.target(inner),
                None => Target::Tuple(Vec::new()),
            },
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

    /// A name or dotted name standing in a string, as in forward references: `"app.Client"`.
    pub fn forward_reference(&mut self, node: Node<'a>, text: &str) -> Option<ExprId> {
        let parts: Vec<&str> = text.split('.').map(str::trim).collect();
        let plain = |part: &&str| {
            part.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if parts.len() > 16 || !parts.iter().all(plain) {
            return None;
        }
        let syms: Vec<Sym> = parts.iter().map(|part| self.tree.sym(part)).collect();
        let mut expr = self.add(node, Kind::Name(syms[0]));
        for &name in &syms[1..] {
            expr = self.add(node, Kind::Attribute { object: expr, name });
        }
        Some(expr)
    }
}
