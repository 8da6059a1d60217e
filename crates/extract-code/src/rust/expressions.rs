//! Rust's expressions.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, has_token, span};
use crate::tree::{ExprId, Kind, Operator, Shape};
use crate::values::Give;

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" | "scoped_identifier" | "self" | "crate" | "super" | "generic_function"
            | "type_identifier" => self.path(node),
            "field_expression" => {
                let (Some(object), Some(name)) = (self.part(node, "value"), node.child_by_field_name("field")) else {
                    return self.other(node);
                };
                self.attribute_of(object, name)
            }
            "index_expression" => {
                let mut parts = self.all(node).into_iter();
                let Some(object) = parts.next() else { return self.other(node) };
                self.add(node, Kind::Subscript { object, index: parts.next() })
            }
            "call_expression" => self.call(node),
            "struct_expression" => self.literal(node),
            "macro_invocation" => self.macro_invocation(node),
            "string_literal" | "raw_string_literal" => self.string(node),
            "char_literal" => {
                let text = self.source(node).trim_matches('\'');
                self.add(node, Kind::Text(text.into()))
            }
            "integer_literal" | "float_literal" => self.suffixed(node),
            "boolean_literal" => {
                let truth = self.source(node) == "true";
                self.add(node, Kind::Truth(truth))
            }
            "unit_expression" => self.add(node, Kind::Nothing),
            "array_expression" => self.sequence(node, Shape::List, ""),
            "tuple_expression" => self.sequence(node, Shape::Tuple, ""),
            "binary_expression" => self.binary(node),
            "unary_expression" => {
                let operator = if self.source(node).starts_with('!') { Operator::Not } else { Operator::Negate };
                let operands = self.first(node).into_iter().collect();
                self.add(node, Kind::Operation { operator, operands })
            }
            "await_expression" => {
                let inner = self.first(node);
                self.add(node, inner.map_or(Kind::Other(Vec::new()), Kind::Await))
            }
            "assignment_expression" | "compound_assignment_expr" => self.assignment(node),
            "closure_expression" => self.closure(node),
            "if_expression" | "match_expression" | "block" | "unsafe_block" | "async_block" | "try_block"
            | "loop_expression" | "while_expression" | "for_expression" => self.value_of(node),
            "let_condition" => {
                let values = self.let_condition(node);
                self.add(node, Kind::Comparison(values))
            }
            "let_chain" => {
                let operands = self.all(node);
                self.add(node, Kind::Choice(operands))
            }
            "return_expression" => {
                let value = self.first(node);
                let mut before = std::mem::take(&mut self.before);
                before.push(crate::tree::Stmt::Return(value));
                self.before = before;
                self.add(node, Kind::Other(Vec::new()))
            }
            "yield_expression" => {
                let value = self.first(node);
                self.add(node, Kind::Yield(value))
            }
            _ => self.other(node),
        }
    }

    /// A number without the type behind it: `512u32`, `0.2_f32`.
    fn suffixed(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node);
        let plain = match text.get(..2) {
            Some("0x" | "0o" | "0b") => text,
            _ => text.find(['u', 'i', 'f']).map_or(text, |at| &text[..at]),
        };
        let kind = crate::shapes::number(plain).map_or(Kind::Other(Vec::new()), Kind::Number);
        self.add(node, kind)
    }

    /// A branching expression or block where its value is used.
    pub(super) fn value_of(&mut self, node: Node<'a>) -> ExprId {
        let to = self.given();
        let mut before = std::mem::take(&mut self.before);
        self.tail(node, Give::To(to), &mut before);
        self.before = before;
        self.add(node, Kind::Name(to.0))
    }

    fn assignment(&mut self, node: Node<'a>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.other(node);
        };
        let value = match node.kind() {
            "compound_assignment_expr" => {
                let (before, after) = (self.expression(left), self.expression(right));
                self.augmented_value(node, self.operator(node), before, after)
            }
            _ => self.expression(right),
        };
        let place = self.expression(left);
        let target = Box::new(self.place_target(place));
        self.add_at(span(node), Kind::Bind { target, value })
    }

    /// `let Some(x) = y` as a condition: what is tested. What is bound is so before the statement, which costs nothing where the test fails.
    pub(super) fn let_condition(&mut self, node: Node<'a>) -> Vec<ExprId> {
        let Some(value) = self.part(node, "value") else { return Vec::new() };
        let mut values = vec![value];
        if let Some(pattern) = node.child_by_field_name("pattern") {
            self.compared(pattern, &mut values);
            let mut before = std::mem::take(&mut self.before);
            let targets = vec![self.pattern(pattern)];
            before.push(crate::tree::Stmt::Assign { targets, value: Some(value), annotation: None });
            self.before = before;
        }
        values
    }

    /// `|x| x + 1`, `async move |x| { … }`.
    pub(super) fn closure(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let is_async = has_token(node, "async");
        let head = crate::lower::Head { is_async, ..crate::lower::Head::plain(name, span(node), self.qualified(name)) };
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let function = self.function_with(node, head, list, None);
        self.add(node, Kind::Function(function))
    }
}
