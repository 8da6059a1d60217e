//! Methods, constructors, lambdas, and what they take.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, ClassId, ExprId, Function, FunctionId, Kind, Parameter, ScopeKind, Stmt, Sym};

/// What a constructor is called.
const CONSTRUCTOR: &str = "<init>";

/// What is known of a function before its body.
struct Head {
    name: Sym,
    name_span: Span,
    class: Option<ClassId>,
    is_static: bool,
    decorators: Vec<ExprId>,
    result: Option<ExprId>,
}

impl<'a> Lowerer<'a> {
    pub(super) fn method(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let decorators = self.annotations(node);
        let result = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let class = self.language.classes.last().map(|frame| frame.id);
        let is_static = class.is_none() || self.has_modifier(node, "static");
        let head = Head { name, name_span: span(name_node), class, is_static, decorators, result };
        Some(Stmt::Function(self.function(node, head, |this, body, block| this.statements(body, block))))
    }

    pub(super) fn constructor(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.tree.sym(CONSTRUCTOR);
        self.bind(name);
        let decorators = self.annotations(node);
        let class = self.language.classes.last().map(|frame| frame.id);
        let head = Head { name, name_span: span(name_node), class, is_static: false, decorators, result: None };
        Some(Stmt::Function(self.function(node, head, |this, body, block| this.statements(body, block))))
    }

    /// `x -> f(x)`, `(a, b) -> { … }`.
    pub(super) fn lambda(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let head =
            Head { name, name_span: span(node), class: None, is_static: true, decorators: Vec::new(), result: None };
        let function = self.function(node, head, |this, body, block| match body.kind() {
            "block" => this.statements(body, block),
            _ => {
                let before = std::mem::take(&mut this.language.before);
                let value = this.expression(body);
                block.append(&mut this.language.before);
                block.push(Stmt::Return(Some(value)));
                this.language.before = before;
            }
        });
        self.add(node, Kind::Function(function))
    }

    fn function(
        &mut self,
        node: Node<'a>,
        head: Head,
        lower_body: impl FnOnce(&mut Self, Node<'a>, &mut Block),
    ) -> FunctionId {
        let qualified = format!("{}{}", self.prefix, self.tree.text(head.name));
        let list = node.child_by_field_name("parameters");
        let types = list.map(|list| self.parameter_types(list)).unwrap_or_default();
        let scope = self.open_scope(ScopeKind::Function);
        let id = FunctionId(self.tree.functions.len() as u32);
        self.tree.functions.push(Function {
            name: head.name,
            qualified: qualified.as_str().into(),
            class: head.class,
            parent: Some(self.function),
            is_async: false,
            name_span: head.name_span,
            receiver: None,
            parameters: Vec::new(),
            decorators: head.decorators,
            result: head.result,
            body: Vec::new(),
            scope,
        });
        let outer = (self.function, self.scope, std::mem::replace(&mut self.prefix, qualified + "."));
        let switches = std::mem::take(&mut self.language.switches);
        (self.function, self.scope) = (id, scope);
        let this = self.language.classes.last().map(|frame| frame.this).filter(|_| !head.is_static);
        let receiver = this.map(|this| self.bind(this));
        let parameters = types.into_iter().map(|(name, ty, beside)| self.parameter(name, ty, beside)).collect();
        let mut body = Vec::new();
        if let Some(block) = node.child_by_field_name("body") {
            self.deeper(block, |this| lower_body(this, block, &mut body));
        }
        (self.function, self.scope, self.prefix) = outer;
        self.language.switches = switches;
        let function = &mut self.tree.functions[id.at()];
        (function.receiver, function.parameters, function.body) = (receiver, parameters, body);
        id
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

    fn parameter(&mut self, name: Node<'a>, annotation: Option<ExprId>, beside: Vec<ExprId>) -> Parameter {
        let sym = self.name(name);
        let slot = self.bind(sym);
        let value = self.add(name, Kind::Parameter(sym));
        Parameter { name: sym, slot, value, annotation, default: None, beside, parts: Vec::new() }
    }
}
