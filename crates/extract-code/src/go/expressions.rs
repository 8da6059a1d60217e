//! Go's expressions.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::{children, span};
use crate::tree::{ExprId, Kind, Operator, Target};

impl<'a> Lowerer<'a> {
    /// Any expression. Chains that lean left are taken apart in a loop, so that their length costs no stack.
    pub fn expression(&mut self, node: Node<'a>) -> ExprId {
        let mut node = node;
        // Parentheses, the address of a value and what a pointer points to are the value.
        loop {
            let inner = match node.kind() {
                "parenthesized_expression" | "literal_element" | "variadic_argument" => children(node).first().copied(),
                "unary_expression" if matches!(self.operator(node), "&" | "*" | "+") => {
                    node.child_by_field_name("operand")
                }
                "type_assertion_expression" => node.child_by_field_name("operand"),
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
            "identifier" | "type_identifier" | "package_identifier" | "field_identifier" => {
                let name = self.name(node);
                self.add(node, Kind::Name(name))
            }
            "selector_expression" => self.selector(node),
            "qualified_type" | "pointer_type" | "slice_type" | "map_type" | "array_type" | "channel_type"
            | "generic_type" => match self.type_expression(node) {
                Some(ty) => ty,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "index_expression" => self.index(node),
            "slice_expression" => match node.child_by_field_name("operand") {
                Some(operand) => {
                    let object = self.expression(operand);
                    self.add(node, Kind::Other(vec![object]))
                }
                None => self.other(node),
            },
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(ty) => self.expression(ty),
                None => self.other(node),
            },
            "call_expression" => self.call(node),
            "type_conversion_expression" => match node.child_by_field_name("operand") {
                Some(operand) => self.expression(operand),
                None => self.other(node),
            },
            "composite_literal" => self.composite(node),
            "literal_value" => self.untyped_literal(node),
            "interpreted_string_literal" => {
                let text = self.source(node);
                let text = text.strip_prefix('"').unwrap_or(text);
                let text = unescape(text.strip_suffix('"').unwrap_or(text));
                self.add(node, Kind::Text(text.into()))
            }
            "raw_string_literal" => {
                let text = self.source(node).trim_matches('`').replace('\r', "");
                self.add(node, Kind::Text(text.into()))
            }
            "rune_literal" => self.add(node, Kind::Other(Vec::new())),
            "int_literal" | "float_literal" => {
                let kind = number(self.source(node)).map_or(Kind::Other(Vec::new()), Kind::Number);
                self.add(node, kind)
            }
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "nil" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node),
            "func_literal" => self.closure(node),
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

    fn selector(&mut self, node: Node<'a>) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name("operand"), node.child_by_field_name("field"))
        else {
            return self.other(node);
        };
        let object = self.expression(object);
        let name = self.name(name);
        self.add(node, Kind::Attribute { object, name })
    }

    fn index(&mut self, node: Node<'a>) -> ExprId {
        let Some(object) = node.child_by_field_name("operand") else { return self.other(node) };
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
            "<-" => return self.add(node, Kind::Subscript { object: operand, index: None }),
            _ => Operator::Other,
        };
        self.add(node, Kind::Operation { operator, operands: vec![operand] })
    }

    /// What stands left of `:=`, or of `=` where the name is a variable of what encloses.
    pub(super) fn target(&mut self, node: Node<'a>, declares: bool) -> Target {
        match node.kind() {
            "identifier" if self.source(node) == "_" => Target::Tuple(Vec::new()),
            "identifier" => {
                let name = self.name(node);
                let expr = self.add(node, Kind::Name(name));
                let slot = if declares { self.bind(name) } else { self.assigned(name) };
                Target::Name(expr, slot)
            }
            _ => {
                let place = self.expression(node);
                match *self.tree.kind(place) {
                    Kind::Attribute { .. } => self.note_touched(place),
                    Kind::Subscript { object, .. } => self.note_touched(object),
                    // `*p = x` where `p` is a plain name.
                    Kind::Name(name) => {
                        let slot = self.assigned(name);
                        return Target::Name(place, slot);
                    }
                    _ => {}
                }
                Target::Place(place)
            }
        }
    }

    /// The variable that an assignment means; one that the file does not declare is the package's.
    fn assigned(&mut self, name: crate::tree::Sym) -> crate::tree::Slot {
        self.touched.push(crate::tree::Touched { name, attribute: None });
        match self.tree.lookup(self.scope, name) {
            Some(slot) => slot,
            None => self.tree.bind(crate::tree::ScopeId(0), name),
        }
    }
}

/// The value of a number as written.
pub(super) fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect();
    let radix = match text.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return text.parse().ok(),
    };
    u64::from_str_radix(&text[2..], radix).ok().map(|value| value as f64)
}
