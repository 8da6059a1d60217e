//! Java's expressions.

use tree_sitter::Node;

use super::{Lowerer, name_target};
use crate::lower::{children, span};
use crate::tree::{ExprId, Kind, Operator, Target};

impl<'a> Lowerer<'a> {
    /// Any expression. Chains that lean left are taken apart in a loop, so that their length costs no stack.
    pub(super) fn expression(&mut self, node: Node<'a>) -> ExprId {
        let mut node = node;
        // Brackets and casts are the value.
        loop {
            let inner = match node.kind() {
                "parenthesized_expression" => children(node).first().copied(),
                "cast_expression" => node.child_by_field_name("value"),
                _ => break,
            };
            match inner {
                Some(inner) => node = inner,
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
            "identifier" => self.named(node),
            "type_identifier" | "generic_type" | "scoped_type_identifier" | "scoped_identifier" => {
                match self.type_expression(node) {
                    Some(ty) => ty,
                    None => self.other(node),
                }
            }
            "this" => self.this(node),
            "super" => {
                let name = self.name(node);
                self.add(node, Kind::Name(name))
            }
            "field_access" => self.field_access(node),
            "array_access" => self.array_access(node),
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
            "unary_expression" => self.unary(node),
            "ternary_expression" => self.ternary(node),
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

    pub(super) fn other(&mut self, node: Node<'a>) -> ExprId {
        let inner = children(node).into_iter().map(|child| self.expression(child)).collect();
        self.add(node, Kind::Other(inner))
    }

    fn operator(&self, node: Node<'a>) -> &'a str {
        node.child_by_field_name("operator").map_or("", |operator| self.source(operator))
    }

    fn field_access(&mut self, node: Node<'a>) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("field")) else {
            return self.other(node);
        };
        let object = self.expression(object);
        let name = self.name(name);
        self.add(node, Kind::Attribute { object, name })
    }

    fn array_access(&mut self, node: Node<'a>) -> ExprId {
        let Some(object) = node.child_by_field_name("array") else { return self.other(node) };
        let object = self.expression(object);
        let index = node.child_by_field_name("index").map(|index| self.expression(index));
        self.add(node, Kind::Subscript { object, index })
    }

    fn binary(&mut self, node: Node<'a>) -> ExprId {
        let mut spine = vec![node];
        let mut left = node;
        while let Some(next) = left.child_by_field_name("left") {
            left = next;
            if left.kind() != "binary_expression" {
                break;
            }
            spine.push(left);
        }
        let mut acc = self.expression(left);
        // A chain longer than any that people write stays flat, so that the tree's depth is bounded.
        let flat = spine.len() > 64;
        for node in spine.into_iter().rev() {
            let Some(right) = node.child_by_field_name("right") else { continue };
            let operator = self.operator(node);
            let right = self.expression(right);
            acc = match operator {
                "==" | "!=" | "<" | "<=" | ">" | ">=" => self.add(node, Kind::Comparison(vec![acc, right])),
                "&&" | "||" => self.choice(node, acc, right),
                _ => self.join(span(node), acc, operator, right, flat),
            };
        }
        acc
    }

    /// `a && b`, `a || b`; a chain is one expression.
    fn choice(&mut self, node: Node<'a>, left: ExprId, right: ExprId) -> ExprId {
        if let Kind::Choice(operands) = &mut self.tree.exprs[left.at()].kind {
            operands.push(right);
            self.tree.exprs[left.at()].span = span(node);
            return left;
        }
        self.add(node, Kind::Choice(vec![left, right]))
    }

    fn unary(&mut self, node: Node<'a>) -> ExprId {
        let Some(operand) = node.child_by_field_name("operand") else { return self.other(node) };
        let operand = self.expression(operand);
        let operator = match self.operator(node) {
            "!" => Operator::Not,
            "-" => Operator::Negate,
            _ => Operator::Other,
        };
        self.add(node, Kind::Operation { operator, operands: vec![operand] })
    }

    fn ternary(&mut self, node: Node<'a>) -> ExprId {
        let part = |name| node.child_by_field_name(name);
        let (Some(condition), Some(then), Some(otherwise)) =
            (part("condition"), part("consequence"), part("alternative"))
        else {
            return self.other(node);
        };
        let condition = self.expression(condition);
        let then = self.expression(then);
        let otherwise = self.expression(otherwise);
        self.add(node, Kind::Conditional { condition, then, otherwise })
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
                let operands = vec![self.expression(left), self.expression(right)];
                let kind = match operator {
                    "+=" => Kind::Concatenation(operands),
                    _ => Kind::Operation { operator: Operator::Other, operands },
                };
                self.add(node, kind)
            }
        };
        let target = Box::new(self.target(left));
        self.add(node, Kind::Bind { target, value })
    }

    /// What stands left of an assignment.
    fn target(&mut self, node: Node<'a>) -> Target {
        let place = self.expression(node);
        match *self.tree.kind(place) {
            Kind::Name(name) => {
                self.touched.push(crate::tree::Touched { name, attribute: None });
                let slot = match self.tree.lookup(self.scope, name) {
                    Some(slot) => slot,
                    None => self.bind(name),
                };
                return Target::Name(place, slot);
            }
            Kind::Attribute { .. } => self.note_touched(place),
            Kind::Subscript { object, .. } => self.note_touched(object),
            _ => {}
        }
        Target::Place(place)
    }

    /// `x instanceof T t`.
    fn instance_of(&mut self, node: Node<'a>) -> ExprId {
        let Some(left) = node.child_by_field_name("left") else { return self.other(node) };
        let value = self.expression(left);
        match node.child_by_field_name("name") {
            Some(name) => {
                let annotation = node.child_by_field_name("right").and_then(|ty| self.type_expression(ty));
                let sym = self.name(name);
                let slot = self.bind(sym);
                let expr = self.add(name, Kind::Name(sym));
                let targets = name_target(expr, slot);
                // The name is declared before the statement, which costs nothing where the test fails.
                let value = Some(value);
                self.language.before.push(crate::tree::Stmt::Assign { targets, value, annotation });
                self.add(node, Kind::Comparison(vec![expr]))
            }
            None => self.add(node, Kind::Comparison(vec![value])),
        }
    }
}
