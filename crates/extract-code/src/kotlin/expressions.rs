//! Kotlin's expressions.

use tree_sitter::Node;

use super::{Lowerer, inheritable};
use crate::escapes::unescape;
use crate::lower::{children, span};
use crate::tree::{ExprId, Kind, Part, Shape};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" => match self.source(node) {
                "true" => self.add(node, Kind::Truth(true)),
                "false" => self.add(node, Kind::Truth(false)),
                "null" => self.add(node, Kind::Nothing),
                _ => self.named(node, inheritable),
            },
            "null" | "null_literal" => self.add(node, Kind::Nothing),
            "boolean_literal" => {
                let truth = self.source(node) == "true";
                self.add(node, Kind::Truth(truth))
            }
            "this_expression" => self.this(node),
            "super_expression" => self.plain_name(node),
            "navigation_expression" => self.navigation(node),
            "index_expression" => match children(node).as_slice() {
                [object, index @ ..] => {
                    let object = self.expression(*object);
                    let index = index.first().map(|&index| self.expression(index));
                    self.add(node, Kind::Subscript { object, index })
                }
                _ => self.other(node),
            },
            "call_expression" => self.call(node),
            "constructor_invocation" => self.construction(node),
            "string_literal" | "multiline_string_literal" => self.string(node),
            "number_literal" | "integer_literal" | "float_literal" | "real_literal" | "long_literal" => {
                self.number(node)
            }
            "collection_literal" => self.sequence(node, Shape::List, ""),
            "binary_expression" => self.binary(node),
            "infix_expression" => match children(node).as_slice() {
                [left, operator, right] => {
                    let left = self.expression(*left);
                    let at = self.tree.expr(left).span.cover(span(*operator));
                    let name = self.name(*operator);
                    let callee = self.add_at(at, Kind::Attribute { object: left, name });
                    let value = self.expression(*right);
                    let arguments = vec![crate::tree::Argument { keyword: None, value, spread: false }];
                    self.add(node, Kind::Call { callee, arguments })
                }
                _ => self.other(node),
            },
            "unary_expression" => self.unary(node, "argument"),
            "is_expression" => match self.part(node, "left") {
                Some(value) => self.add(node, Kind::Comparison(vec![value])),
                None => self.other(node),
            },
            "in_expression" => {
                let operands = self.all(node);
                self.add(node, Kind::Comparison(operands))
            }
            "if_expression" | "when_expression" | "try_expression" => self.value_of(node),
            "lambda_literal" | "anonymous_function" => self.lambda(node),
            "annotated_lambda" => match children(node).last() {
                Some(&lambda) => self.expression(lambda),
                None => self.other(node),
            },
            "object_literal" => self.object_literal(node),
            "callable_reference" => match children(node).as_slice() {
                [name] => self.named(*name, inheritable),
                [object, name] => {
                    let object = self.expression(*object);
                    let name = self.name(*name);
                    self.add(node, Kind::Attribute { object, name })
                }
                _ => self.other(node),
            },
            "annotated_expression" => match children(node).last() {
                Some(&inner) => self.expression(inner),
                None => self.other(node),
            },
            "user_type" | "nullable_type" => match self.type_expression(node) {
                Some(ty) => ty,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            _ => self.other(node),
        }
    }

    /// `a.b`, `a?.b`, `A::class`.
    fn navigation(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let [object, .., name] = parts.as_slice() else { return self.other(node) };
        let object = self.expression(*object);
        if self.source(*name) == "class" {
            return object;
        }
        let at = self.tree.expr(object).span.cover(span(*name));
        let name = self.name(*name);
        self.add_at(at, Kind::Attribute { object, name })
    }

    /// A base class or annotation with arguments.
    pub(super) fn construction(&mut self, node: Node<'a>) -> ExprId {
        let Some(callee) = children(node).first().and_then(|&ty| self.type_expression(ty)) else {
            return self.other(node);
        };
        let callee = match *self.tree.kind(callee) {
            Kind::Subscript { object, .. } => object,
            _ => callee,
        };
        let mut arguments = Vec::new();
        for part in children(node) {
            self.arguments_of(part, &mut arguments);
        }
        self.add(node, Kind::Call { callee, arguments })
    }

    fn string(&mut self, node: Node<'a>) -> ExprId {
        let raw = node.kind() == "multiline_string_literal";
        let (mut parts, mut words, mut dollar) = (Vec::new(), String::new(), false);
        for piece in children(node) {
            let text = self.source(piece);
            let hole = match piece.kind() {
                "interpolation" => children(piece).first().map(|&inner| self.expression(inner)),
                // The grammar takes some names behind a dollar for words.
                "string_content" if dollar && name_length(text) > 0 => {
                    words.pop();
                    if !words.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut words).into()));
                    }
                    let (name, rest) = text.split_at(name_length(text));
                    let at = base::Span::new(piece.start_byte(), piece.start_byte() + name.len());
                    let sym = self.tree.sym(name);
                    let value = self.named_at(sym, at, inheritable);
                    parts.push(Part::Hole { value, plain: true });
                    words.push_str(rest);
                    None
                }
                "string_content" => {
                    words.push_str(text);
                    None
                }
                _ => {
                    words.push_str(&if raw { text.to_owned() } else { unescape(text, "") });
                    None
                }
            };
            if let Some(value) = hole {
                if !words.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut words).into()));
                }
                parts.push(Part::Hole { value, plain: true });
            }
            dollar = piece.kind() == "string_content" && text == "$";
        }
        if parts.is_empty() {
            return self.add(node, Kind::Text(words.into()));
        }
        if !words.is_empty() {
            parts.push(Part::Text(words.into()));
        }
        self.add(node, Kind::Format(parts))
    }
}

/// How many bytes of the beginning are a name.
fn name_length(text: &str) -> usize {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_alphabetic() || c == '_') { end } else { 0 }
}
