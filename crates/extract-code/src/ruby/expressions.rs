//! Ruby's expressions.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Argument, Block, ExprId, Kind, Shape, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" => self.word(node),
            "constant" => self.named(node, |_| false),
            "self" => self.own(node),
            "super" => {
                let callee = self.plain_name(node);
                self.add(node, Kind::Call { callee, arguments: Vec::new() })
            }
            "instance_variable" | "class_variable" => self.own_variable(node),
            "global_variable" => self.plain_name(node),
            "scope_resolution" => match node.child_by_field_name("scope") {
                Some(_) => self.dotted(node, "scope", "name"),
                None => match node.child_by_field_name("name") {
                    Some(name) => self.plain_name(name),
                    None => self.other(node),
                },
            },
            "element_reference" => {
                let Some(object) = self.part(node, "object") else { return self.other(node) };
                let index = children(node).get(1).map(|&index| self.expression(index));
                self.add(node, Kind::Subscript { object, index })
            }
            "call" => self.call(node),
            "yield" => {
                let value = children(node).first().and_then(|list| children(*list).first().copied());
                let value = value.map(|value| self.expression(value));
                self.add(node, Kind::Yield(value))
            }
            "string" | "chained_string" | "heredoc_beginning" | "bare_string" => self.string(node),
            "simple_symbol" | "delimited_symbol" | "bare_symbol" | "hash_key_symbol" => self.symbol(node),
            "subshell" => {
                let command = self.string(node);
                let name = self.tree.sym("`");
                let callee = self.add_at(Span::at(node.start_byte()), Kind::Name(name));
                let arguments = vec![Argument { keyword: None, value: command, spread: false }];
                self.add(node, Kind::Call { callee, arguments })
            }
            "integer" | "float" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "nil" => self.add(node, Kind::Nothing),
            "array" | "string_array" | "symbol_array" => self.sequence(node, Shape::List, "splat_argument"),
            "argument_list" | "right_assignment_list" => self.sequence(node, Shape::Tuple, "splat_argument"),
            "hash" => self.hash(node),
            "binary" => self.binary(node),
            "unary" => self.unary(node, "operand"),
            "conditional" => self.conditional(node, "condition", "consequence", "alternative"),
            "if"
            | "unless"
            | "case"
            | "case_match"
            | "begin"
            | "if_modifier"
            | "unless_modifier"
            | "rescue_modifier"
            | "parenthesized_statements"
            | "while" => self.value_of(node),
            "assignment" | "operator_assignment" => match self.assignment_parts(node) {
                Some((target, value)) => self.add(node, Kind::Bind { target: Box::new(target), value }),
                None => self.other(node),
            },
            "lambda" => self.closure(node, node),
            "block" | "do_block" => self.closure(node, node),
            "method" | "singleton_method" => {
                let mut before = std::mem::take(&mut self.before);
                before.extend(self.method(node));
                self.before = before;
                self.add(node, Kind::Other(Vec::new()))
            }
            "regex" => self.add(node, Kind::Other(Vec::new())),
            _ => self.other(node),
        }
    }

    /// A word: a variable, an attribute of the own object, or a call without arguments.
    pub(super) fn word(&mut self, node: Node<'a>) -> ExprId {
        let name = self.name(node);
        if self.tree.lookup(self.scope, name).is_some_and(|slot| !self.is_function(slot)) {
            return self.add(node, Kind::Name(name));
        }
        if self.language.attributes.last().is_some_and(|names| names.contains(&name)) {
            return self.named(node, |_| true);
        }
        let callee = self.named(node, |_| true);
        self.add(node, Kind::Call { callee, arguments: Vec::new() })
    }

    /// Whether a variable of the file stands for a method of the top level.
    fn is_function(&self, slot: crate::tree::Slot) -> bool {
        let variable = self.tree.variables[slot.at()];
        self.language.attributes.is_empty()
            && self.tree.text(variable.name).starts_with(char::is_lowercase)
            && self.tree.functions.iter().any(|function| function.name == variable.name && function.class.is_none())
    }

    /// `self`.
    fn own(&mut self, node: Node<'a>) -> ExprId {
        self.this(node)
    }

    /// `@client`: an attribute of the own object.
    fn own_variable(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node).trim_start_matches('@');
        let name = self.tree.sym(text);
        let this = self.this_name();
        let object = self.add_at(Span::at(node.start_byte()), Kind::Name(this));
        self.add(node, Kind::Attribute { object, name })
    }

    /// The target of an assignment and what it gets.
    pub(super) fn assignment_parts(&mut self, node: Node<'a>) -> Option<(Target, ExprId)> {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let value = match node.kind() {
            "operator_assignment" => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.augmented_value(node, self.operator(node), left, right)
            }
            _ => self.expression(right),
        };
        Some((self.target(left), value))
    }

    /// What stands left of an assignment.
    pub(super) fn target(&mut self, node: Node<'a>) -> Target {
        self.deeper(node, |this| match node.kind() {
            "identifier" | "constant" | "global_variable" => {
                let name = this.name(node);
                let expr = this.add(node, Kind::Name(name));
                let slot = match node.kind() {
                    "constant" => this.bind(name),
                    _ => this.assigned_variable(name),
                };
                Target::Name(expr, slot)
            }
            "left_assignment_list" | "destructured_left_assignment" | "destructured_parameter" => {
                Target::Tuple(children(node).into_iter().map(|part| this.target(part)).collect())
            }
            "rest_assignment" => match children(node).first() {
                Some(&inner) => Target::Rest(Box::new(this.target(inner))),
                None => Target::Tuple(Vec::new()),
            },
            "call" => {
                let place = this.dotted(node, "receiver", "method");
                this.place_target(place)
            }
            _ => {
                let place = this.expression(node);
                this.place_target(place)
            }
        })
        .unwrap_or(Target::Tuple(Vec::new()))
    }

    /// A block or lambda, which gives back the value of its last expression.
    pub(super) fn closure(&mut self, node: Node<'a>, at: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let head = crate::lower::Head::plain(name, span(at), self.qualified(name));
        let parameters =
            node.child_by_field_name("parameters").map(|list| self.parameter_heads(list)).unwrap_or_default();
        let function = self.function_of(head, |this| {
            let mut body: Block = Vec::new();
            let parameters = this.parameters(parameters, &mut body);
            let inner = node.child_by_field_name("body");
            let inner = inner.map(|inner| match inner.kind() {
                "block" | "do_block" => inner.child_by_field_name("body").unwrap_or(inner),
                _ => inner,
            });
            if let Some(inner) = inner {
                this.deeper(inner, |this| this.tail_block(inner, crate::values::Give::Back, &mut body));
            }
            crate::lower::Inside { receiver: None, parameters, body }
        });
        self.add(at, Kind::Function(function))
    }
}
