//! Java's expressions.

use tree_sitter::Node;

use super::{Lowerer, inheritable};
use crate::lower::children;
use crate::tree::{ExprId, Kind};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" => self.named(node, inheritable),
            "type_identifier" | "generic_type" | "scoped_type_identifier" | "scoped_identifier" => {
                match self.type_expression(node) {
                    Some(ty) => ty,
                    None => self.other(node),
                }
            }
            "this" => self.this(node),
            "super" => self.plain_name(node),
            "field_access" => self.dotted(node, "object", "field"),
            "array_access" => self.subscript(node, "array", "index"),
            "method_invocation" => self.call(node),
            "object_creation_expression" => self.creation(node),
            "array_creation_expression" => match node.child_by_field_name("value") {
                Some(value) => self.expression(value),
                None => self.other(node),
            },
            "array_initializer" | "element_value_array_initializer" => self.array(node),
            "method_reference" => self.method_reference(node),
            "lambda_expression" => self.lambda(node),
            "string_literal" => self.string(node),
            "decimal_integer_literal"
            | "hex_integer_literal"
            | "binary_integer_literal"
            | "decimal_floating_point_literal" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "null_literal" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node, "operand"),
            "ternary_expression" => self.conditional(node, "condition", "consequence", "alternative"),
            "assignment_expression" => self.assignment(node),
            "instanceof_expression" => self.instance_of(node),
            "switch_expression" => self.switch_expression(node),
            "class_literal" => match children(node).first() {
                Some(&ty) => match self.type_expression(ty) {
                    Some(ty) => ty,
                    None => self.add(node, Kind::Other(Vec::new())),
                },
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "annotation" | "marker_annotation" => match self.annotation(node) {
                Some(annotation) => annotation,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            _ => self.other(node),
        }
    }

    /// `a = b`, `a += b`.
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
        let place = self.expression(left);
        let target = Box::new(self.place_target(place));
        self.add(node, Kind::Bind { target, value })
    }

    /// `x instanceof T t`.
    fn instance_of(&mut self, node: Node<'a>) -> ExprId {
        let Some(left) = node.child_by_field_name("left") else { return self.other(node) };
        let value = self.expression(left);
        match node.child_by_field_name("name") {
            Some(name) => {
                let annotation = node.child_by_field_name("right").and_then(|ty| self.type_expression(ty));
                let mut before = std::mem::take(&mut self.before);
                // The name is declared before the statement, which costs nothing where the test fails.
                let expr = self.declare(name, Some(value), annotation, &mut before);
                self.before = before;
                self.add(node, Kind::Comparison(vec![expr]))
            }
            None => self.add(node, Kind::Comparison(vec![value])),
        }
    }
}
