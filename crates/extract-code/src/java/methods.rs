//! Methods, constructors, lambdas, and what they take.

use tree_sitter::Node;

use super::Lowerer;
use crate::classes::CONSTRUCTOR;
use crate::lower::{Head, Inside, children, span};
use crate::tree::{Block, ExprId, FunctionId, Kind, Stmt};

impl<'a> Lowerer<'a> {
    pub(super) fn method(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let decorators = self.annotations(node);
        let result = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let class = self.classes.last().map(|frame| frame.id);
        let is_static = class.is_none() || self.has_modifier(node, "static");
        let qualified = self.qualified(name);
        let head = Head { class, decorators, result, ..Head::plain(name, span(name_node), qualified) };
        Some(Stmt::Function(self.function(node, head, is_static, |this, body, block| this.statements(body, block))))
    }

    pub(super) fn constructor(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.tree.sym(CONSTRUCTOR);
        self.bind(name);
        let decorators = self.annotations(node);
        let class = self.classes.last().map(|frame| frame.id);
        let qualified = self.qualified(name);
        let head = Head { class, decorators, ..Head::plain(name, span(name_node), qualified) };
        Some(Stmt::Function(self.function(node, head, false, |this, body, block| this.statements(body, block))))
    }

    /// `x -> f(x)`, `(a, b) -> { … }`.
    pub(super) fn lambda(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let head = Head::plain(name, span(node), self.qualified(name));
        let function = self.function(node, head, true, |this, body, block| match body.kind() {
            "block" => this.statements(body, block),
            _ => {
                let value = this.expression(body);
                block.append(&mut this.before);
                block.push(Stmt::Return(Some(value)));
            }
        });
        self.add(node, Kind::Function(function))
    }

    fn function(
        &mut self,
        node: Node<'a>,
        head: Head,
        is_static: bool,
        lower_body: impl FnOnce(&mut Self, Node<'a>, &mut Block),
    ) -> FunctionId {
        let list = node.child_by_field_name("parameters");
        let types = list.map(|list| self.parameter_types(list)).unwrap_or_default();
        self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            let parameter = |(name, ty, beside): (Node<'a>, _, _)| {
                let sym = this.name(name);
                this.parameter_named(sym, span(name), ty, None, beside)
            };
            let parameters = types.into_iter().map(parameter).collect();
            let mut body = Vec::new();
            if let Some(block) = node.child_by_field_name("body") {
                this.deeper(block, |this| lower_body(this, block, &mut body));
            }
            Inside { receiver, parameters, body }
        })
    }

    /// Names, types and annotations of parameters, which are evaluated outside of the function.
    fn parameter_types(&mut self, list: Node<'a>) -> Vec<(Node<'a>, Option<ExprId>, Vec<ExprId>)> {
        if list.kind() == "identifier" {
            return vec![(list, None, Vec::new())];
        }
        let mut found = Vec::new();
        for child in children(list) {
            match child.kind() {
                "identifier" => found.push((child, None, Vec::new())),
                "formal_parameter" => {
                    let Some(name) = child.child_by_field_name("name") else { continue };
                    let beside = self.annotations(child);
                    let ty = child.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                    found.push((name, ty, beside));
                }
                "spread_parameter" => {
                    let beside = self.annotations(child);
                    let parts = children(child);
                    let declarator = parts.iter().find(|part| part.kind() == "variable_declarator");
                    let Some(name) = declarator.and_then(|it| it.child_by_field_name("name")) else { continue };
                    let ty = parts.iter().find(|part| !matches!(part.kind(), "modifiers" | "variable_declarator"));
                    let ty = ty.and_then(|&ty| Some((ty, self.type_expression(ty)?)));
                    let many = ty.map(|(at, object)| self.add(at, Kind::Subscript { object, index: None }));
                    found.push((name, many, beside));
                }
                _ => {}
            }
        }
        found
    }
}
