//! PHP's expressions.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Argument, ExprId, Kind};

/// Entries of `$_SERVER` that the web server or the caller gives begin like this; others are variables of the environment.
const REQUEST: &[&str] = &[
    "AUTH_",
    "CONTENT_",
    "DOCUMENT_",
    "GATEWAY_",
    "HTTP",
    "PATH_",
    "PHP_",
    "QUERY_",
    "REDIRECT_",
    "REMOTE_",
    "REQUEST_",
    "SCRIPT_",
    "SERVER_",
    "arg",
];

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "variable_name" => self.variable(node),
            "name" | "qualified_name" | "relative_name" => self.function_name(node),
            "relative_scope" => self.class_name(node),
            "subscript_expression" => self.entry_of(node),
            "member_access_expression" | "nullsafe_member_access_expression" => self.member_access(node),
            "scoped_property_access_expression" => {
                let (Some(scope), Some(name)) = (node.child_by_field_name("scope"), node.child_by_field_name("name"))
                else {
                    return self.other(node);
                };
                let object = self.class_name(scope);
                let name = self.field_name(name);
                self.add(node, Kind::Attribute { object, name })
            }
            "class_constant_access_expression" => match children(node).as_slice() {
                // A::class
                [scope, name] if self.source(*name) == "class" => self.class_name(*scope),
                [scope, name] => {
                    let object = self.class_name(*scope);
                    let name = self.name(*name);
                    self.add(node, Kind::Attribute { object, name })
                }
                _ => self.other(node),
            },
            "function_call_expression" => self.function_call(node),
            "member_call_expression" | "nullsafe_member_call_expression" => self.method_call(node),
            "scoped_call_expression" => self.static_call(node),
            "object_creation_expression" => self.creation(node),
            "array_creation_expression" => self.array(node),
            "anonymous_function" | "arrow_function" => self.closure(node),
            "string" | "encapsed_string" | "heredoc" | "nowdoc" => self.string(node),
            "shell_command_expression" => {
                let value = self.string(node);
                let callee = self.global("shell_exec", node.child(0).map_or(span(node), span));
                let arguments = vec![Argument { keyword: None, value, spread: false }];
                self.add(node, Kind::Call { callee, arguments })
            }
            "integer" | "float" => self.number(node),
            "boolean" => {
                let truth = self.source(node).eq_ignore_ascii_case("true");
                self.add(node, Kind::Truth(truth))
            }
            "null" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "unary_op_expression" => self.unary(node, "argument"),
            "conditional_expression" => match node.child_by_field_name("body") {
                Some(_) => self.conditional(node, "condition", "body", "alternative"),
                // $a ?: $b
                None => match (self.part(node, "condition"), self.part(node, "alternative")) {
                    (Some(left), Some(right)) => self.choice(node, left, right),
                    _ => self.other(node),
                },
            },
            "assignment_expression" | "reference_assignment_expression" | "augmented_assignment_expression" => {
                self.assignment(node)
            }
            "match_expression" => self.match_expression(node),
            "cast_expression" => self.cast(node),
            "yield_expression" => {
                let value = children(node).first().copied();
                let value = value.and_then(|value| match value.kind() {
                    "array_element_initializer" => children(value).last().copied(),
                    _ => Some(value),
                });
                let value = value.map(|value| self.expression(value));
                self.add(node, Kind::Yield(value))
            }
            "print_intrinsic" => self.word_call(node, "print", children(node)),
            "include_expression" | "include_once_expression" => self.word_call(node, "include", children(node)),
            "require_expression" | "require_once_expression" => self.word_call(node, "require", children(node)),
            _ => self.other(node),
        }
    }

    /// `$a['b']`, `$a[]`.
    fn entry_of(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let Some(&object_node) = parts.first() else { return self.other(node) };
        let index = parts.get(1).copied();
        let object = match index {
            Some(index) if self.source(object_node) == "$_SERVER" && self.is_of_environment(index) => {
                let name = self.tree.sym("_ENV");
                self.add(object_node, Kind::Name(name))
            }
            _ => self.expression(object_node),
        };
        let index = index.map(|index| match index.kind() {
            // "… $a[b] …": in a string a bare word is a text.
            "name" if node.parent().is_some_and(|around| is_string(around.kind())) => {
                self.add(index, Kind::Text(self.source(index).into()))
            }
            _ => self.expression(index),
        });
        self.add(node, Kind::Subscript { object, index })
    }

    fn is_of_environment(&self, index: Node<'a>) -> bool {
        let word = self.source(index).trim_matches(['\'', '"']);
        matches!(index.kind(), "string" | "encapsed_string") && !REQUEST.iter().any(|start| word.starts_with(start))
    }

    fn member_access(&mut self, node: Node<'a>) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("name")) else {
            return self.other(node);
        };
        let object = self.expression(object);
        match name.kind() {
            "name" => self.attribute_of(object, name),
            _ => {
                let index = Some(self.expression(name));
                self.add(node, Kind::Subscript { object, index })
            }
        }
    }

    fn assignment(&mut self, node: Node<'a>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.other(node);
        };
        let value = match node.kind() {
            "augmented_assignment_expression" => {
                let (before, after) = (self.expression(left), self.expression(right));
                self.augmented_value(node, self.operator(node), before, after)
            }
            _ => self.expression(right),
        };
        let target = Box::new(self.target(left));
        self.add_at(span(node), Kind::Bind { target, value })
    }
}

fn is_string(kind: &str) -> bool {
    matches!(kind, "encapsed_string" | "heredoc_body" | "shell_command_expression")
}
