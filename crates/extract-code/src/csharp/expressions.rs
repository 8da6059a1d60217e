//! C#'s expressions.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, has_token};
use crate::tree::{Clause, Entry, ExprId, Kind, Operator, Shape, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            // A type and a member may go by the same name; small letters begin members.
            "identifier" => self.named(node, |name| name.starts_with(|c: char| c.is_lowercase() || c == '_')),
            "predefined_type"
            | "generic_name"
            | "qualified_name"
            | "alias_qualified_name"
            | "array_type"
            | "nullable_type" => match self.type_expression(node) {
                Some(ty) => ty,
                None => self.other(node),
            },
            "this" => self.this(node),
            "base" => self.plain_name(node),
            "member_access_expression" => self.access(node),
            "conditional_access_expression" => self.conditional_access(node),
            "element_access_expression" => {
                let Some(object) = self.part(node, "expression") else { return self.other(node) };
                let index = node.child_by_field_name("subscript").and_then(|list| self.first(list));
                self.add(node, Kind::Subscript { object, index })
            }
            "invocation_expression" => self.call(node),
            "object_creation_expression" | "implicit_object_creation_expression" => self.creation(node),
            "array_creation_expression" | "implicit_array_creation_expression" | "implicit_stackalloc_expression" => {
                match children(node).into_iter().find(|child| child.kind() == "initializer_expression") {
                    Some(list) => self.sequence(list, Shape::List, "spread_element"),
                    None => self.add(node, Kind::Container { shape: Shape::List, entries: Vec::new() }),
                }
            }
            "initializer_expression" => self.sequence(node, Shape::List, "spread_element"),
            "collection_expression" => self.collection(node),
            "anonymous_object_creation_expression" => self.anonymous(node),
            "tuple_expression" => self.sequence(node, Shape::Tuple, ""),
            "with_expression" => match children(node).first() {
                Some(&object) => self.expression(object),
                None => self.other(node),
            },
            "lambda_expression" | "anonymous_method_expression" => self.lambda(node),
            "string_literal" | "verbatim_string_literal" | "raw_string_literal" => self.string(node),
            "interpolated_string_expression" => self.interpolated(node),
            "integer_literal" | "real_literal" => self.number(node),
            "boolean_literal" => {
                let truth = self.source(node) == "true";
                self.add(node, Kind::Truth(truth))
            }
            "null_literal" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "prefix_unary_expression" => self.prefix(node),
            "conditional_expression" => self.conditional(node, "condition", "consequence", "alternative"),
            "assignment_expression" => self.assignment(node),
            "is_pattern_expression" => self.is_pattern(node),
            "is_expression" => match self.part(node, "left") {
                Some(value) => self.add(node, Kind::Comparison(vec![value])),
                None => self.other(node),
            },
            "switch_expression" => self.switch_expression(node),
            "await_expression" => {
                let inner = self.first(node);
                self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Await))
            }
            "typeof_expression" => match node.child_by_field_name("type").and_then(|ty| self.type_expression(ty)) {
                Some(ty) => ty,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "declaration_expression" => match node.child_by_field_name("name") {
                Some(name) => {
                    let ty = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                    let mut before = std::mem::take(&mut self.before);
                    let expr = self.declare(name, None, ty, &mut before);
                    self.before = before;
                    self.tree.outs.insert(expr);
                    expr
                }
                None => self.other(node),
            },
            "query_expression" => self.query(node),
            "throw_expression" | "default_expression" | "sizeof_expression" => self.add(node, Kind::Other(Vec::new())),
            _ => self.other(node),
        }
    }

    fn access(&mut self, node: Node<'a>) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name("expression"), node.child_by_field_name("name"))
        else {
            return self.other(node);
        };
        let object = self.expression(object);
        // The arguments of a generic method say nothing of its name.
        let name = if name.kind() == "generic_name" { children(name).first().copied().unwrap_or(name) } else { name };
        self.attribute_of(object, name)
    }

    /// `a?.B`, `a?[0]`: what comes after is bound to the object before.
    fn conditional_access(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let [object, rest] = parts.as_slice() else { return self.other(node) };
        let object = self.expression(*object);
        match rest.kind() {
            "member_binding_expression" => match rest.child_by_field_name("name") {
                Some(name) => {
                    let name =
                        if name.kind() == "generic_name" { *children(name).first().unwrap_or(&name) } else { name };
                    self.attribute_of(object, name)
                }
                None => object,
            },
            "element_binding_expression" => {
                let index = self.first(*rest);
                self.add(node, Kind::Subscript { object, index })
            }
            _ => {
                let rest = self.expression(*rest);
                self.add(node, Kind::Other(vec![object, rest]))
            }
        }
    }

    /// `[1, 2, ..rest]`.
    fn collection(&mut self, node: Node<'a>) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let inner =
                if child.kind() == "collection_element" { children(child).first().copied() } else { Some(child) };
            let Some(inner) = inner else { continue };
            let spread = inner.kind() == "spread_element";
            let value = if spread { children(inner).first().copied().unwrap_or(inner) } else { inner };
            entries.push(Entry { key: None, value: self.expression(value), spread });
        }
        self.add(node, Kind::Container { shape: Shape::List, entries })
    }

    /// `new { model = "x", text }`: a map whose keys stand for themselves.
    fn anonymous(&mut self, node: Node<'a>) -> ExprId {
        let mut cursor = node.walk();
        let parts: Vec<Node<'a>> = node.children(&mut cursor).filter(|child| !child.is_extra()).collect();
        let mut entries = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let part = parts[at];
            at += 1;
            if !part.is_named() || !self.room(entries.len(), part) {
                continue;
            }
            let named = parts.get(at).is_some_and(|next| next.kind() == "=");
            let (key, value) = match parts.get(at + 1) {
                Some(&value) if named => {
                    at += 2;
                    (Some(part), value)
                }
                _ => (last_name(part), part),
            };
            let key = key.map(|key| {
                let sym = self.name(key);
                self.add(key, Kind::Label(sym))
            });
            entries.push(Entry { key, value: self.expression(value), spread: false });
        }
        self.add(node, Kind::Container { shape: Shape::Map, entries })
    }

    fn prefix(&mut self, node: Node<'a>) -> ExprId {
        let Some(operand) = self.first(node) else { return self.other(node) };
        let operator = match self.source(node).as_bytes().first() {
            Some(b'!') => Operator::Not,
            Some(b'-') => Operator::Negate,
            Some(b'^' | b'&' | b'*' | b'+') => return operand,
            _ => Operator::Other,
        };
        self.add(node, Kind::Operation { operator, operands: vec![operand] })
    }

    fn assignment(&mut self, node: Node<'a>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.other(node);
        };
        let operator = self.operator(node);
        let value = match operator {
            "=" => self.expression(right),
            _ => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.augmented_value(node, operator, left, right)
            }
        };
        let target = Box::new(self.target(left));
        self.add(node, Kind::Bind { target, value })
    }

    /// What stands left of an assignment.
    pub(super) fn target(&mut self, node: Node<'a>) -> Target {
        let parts = |this: &mut Self| {
            let parts = children(node).into_iter().map(|part| match part.kind() {
                "argument" => children(part).last().copied().unwrap_or(part),
                _ => part,
            });
            let parts: Vec<Node<'a>> = parts.collect();
            Target::Tuple(parts.into_iter().map(|part| this.target(part)).collect())
        };
        match node.kind() {
            "tuple_expression" => self.deeper(node, parts).unwrap_or(Target::Tuple(Vec::new())),
            "tuple_pattern" => {
                let names = children(node).into_iter();
                Target::Tuple(
                    names
                        .map(|name| match name.kind() {
                            "identifier" => self.name_target(name),
                            "tuple_pattern" => {
                                self.deeper(name, |this| this.target(name)).unwrap_or(Target::Tuple(Vec::new()))
                            }
                            _ => Target::Tuple(Vec::new()),
                        })
                        .collect(),
                )
            }
            "declaration_expression" => match node.child_by_field_name("name") {
                Some(name) if name.kind() == "identifier" => self.name_target(name),
                _ => Target::Tuple(Vec::new()),
            },
            "discard" => Target::Tuple(Vec::new()),
            "identifier" if self.source(node) == "_" => Target::Tuple(Vec::new()),
            _ => {
                let place = self.expression(node);
                self.place_target(place)
            }
        }
    }

    /// `from x in xs where … select …`.
    fn query(&mut self, node: Node<'a>) -> ExprId {
        let (mut clauses, mut results) = (Vec::new(), Vec::new());
        for child in children(node) {
            match child.kind() {
                "from_clause" => {
                    let name = child.child_by_field_name("name");
                    let (Some(name), Some(&value)) = (name, children(child).last()) else { continue };
                    let iterable = self.expression(value);
                    clauses.push(Clause::For { target: self.name_target(name), iterable });
                }
                "where_clause" => clauses.extend(self.first(child).map(Clause::If)),
                "select_clause" => results.extend(self.first(child)),
                _ => {
                    let inner = self.all(child);
                    results.extend(inner);
                }
            }
        }
        self.add(node, Kind::Comprehension { shape: Shape::List, clauses, results })
    }
}

/// The name that an entry without a key goes by: `text` of `request.text`.
fn last_name(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "identifier" => Some(node),
        "member_access_expression" => node.child_by_field_name("name").filter(|name| name.kind() == "identifier"),
        _ => None,
    }
}

/// Whether a declaration has a modifier.
pub(super) fn has_modifier(lowerer: &Lowerer<'_>, node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    has_token(node, word)
        || node.children(&mut cursor).any(|child| child.kind() == "modifier" && lowerer.source(child) == word)
}
