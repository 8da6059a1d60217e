//! Python's expressions.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::PYTHON;
use crate::lower::{children, span};
use crate::tree::{Argument, Clause, Entry, ExprId, Kind, Operator, Shape, Stmt, Sym, Target};

impl<'a> Lowerer<'a> {
    /// Any expression. Chains that lean left are taken apart in a loop, so that their length costs no stack.
    pub fn expression(&mut self, node: Node<'a>) -> ExprId {
        let mut node = node;
        while node.kind() == "parenthesized_expression" {
            match children(node).first() {
                Some(&inner) => node = inner,
                None => return self.add(node, Kind::Other(Vec::new())),
            }
        }
        match self.deeper(node, |this| this.shallow(node)) {
            Some(expr) => expr,
            None => self.add(node, Kind::Other(Vec::new())),
        }
    }

    fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" | "keyword_identifier" => {
                let name = self.name(node);
                self.add(node, Kind::Name(name))
            }
            "attribute" => self.attribute(node),
            "subscript" => self.subscript(node),
            "call" => self.call(node),
            "string" | "concatenated_string" => self.string(node),
            "integer" | "float" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "none" => self.add(node, Kind::Nothing),
            "binary_operator" => self.binary(node),
            "boolean_operator" => self.choice(node),
            "unary_operator" | "not_operator" => self.unary(node),
            "comparison_operator" => {
                let operands = self.all(node);
                self.add(node, Kind::Comparison(operands))
            }
            "conditional_expression" => self.conditional(node),
            "list" | "list_pattern" => self.sequence(node, Shape::List),
            "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" => self.sequence(node, Shape::Tuple),
            "set" => self.sequence(node, Shape::Set),
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

    fn other(&mut self, node: Node<'a>) -> ExprId {
        let inner = self.all(node);
        self.add(node, Kind::Other(inner))
    }

    /// The named children as expressions.
    fn all(&mut self, node: Node<'a>) -> Vec<ExprId> {
        children(node).into_iter().map(|child| self.expression(child)).collect()
    }

    fn first(&mut self, node: Node<'a>) -> Option<ExprId> {
        children(node).first().map(|&child| self.expression(child))
    }

    fn attribute(&mut self, node: Node<'a>) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("attribute"))
        else {
            return self.other(node);
        };
        let object = self.expression(object);
        let name = self.name(name);
        self.add(node, Kind::Attribute { object, name })
    }

    fn subscript(&mut self, node: Node<'a>) -> ExprId {
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

    fn number(&mut self, node: Node<'a>) -> ExprId {
        let kind = number(self.source(node)).map_or(Kind::Other(Vec::new()), Kind::Number);
        self.add(node, kind)
    }

    fn binary(&mut self, node: Node<'a>) -> ExprId {
        let mut spine = vec![node];
        let mut left = node;
        while let Some(next) = left.child_by_field_name("left") {
            left = next;
            if left.kind() != "binary_operator" {
                break;
            }
            spine.push(left);
        }
        let mut acc = self.expression(left);
        // A chain longer than any that people write stays flat, so that the tree's depth is bounded.
        let flat = spine.len() > 64;
        for node in spine.into_iter().rev() {
            let Some(right) = node.child_by_field_name("right") else { continue };
            let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
            let right = self.expression(right);
            acc = self.join(span(node), acc, operator, right, flat);
        }
        acc
    }

    fn choice(&mut self, node: Node<'a>) -> ExprId {
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

    fn unary(&mut self, node: Node<'a>) -> ExprId {
        let Some(argument) = node.child_by_field_name("argument") else { return self.other(node) };
        let operand = self.expression(argument);
        let operator = match node.child_by_field_name("operator").map(|operator| operator.kind()) {
            None => Operator::Not,
            Some("-") => Operator::Negate,
            Some(_) => Operator::Other,
        };
        self.add(node, Kind::Operation { operator, operands: vec![operand] })
    }

    fn conditional(&mut self, node: Node<'a>) -> ExprId {
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

    fn sequence(&mut self, node: Node<'a>, shape: Shape) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let spread = child.kind() == "list_splat";
            let inner = if spread { children(child).first().copied().unwrap_or(child) } else { child };
            entries.push(Entry { key: None, value: self.expression(inner), spread });
        }
        self.add(node, Kind::Container { shape, entries })
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
        let head = super::definitions::Head { name, name_span: span(node), is_async: false, lambda: true };
        let function = self.function(node, head, Vec::new(), |this, body| {
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

/// The value of a number as written; imaginary ones have none.
fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect();
    let radix = match text.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return text.parse().ok(),
    };
    u64::from_str_radix(&text[2..], radix).ok().map(|value| value as f64)
}
