//! Methods, constructors, local functions, lambdas, accessors, and what they take.

use tree_sitter::Node;

use super::Lowerer;
use super::expressions::has_modifier;
use crate::classes::{CONSTRUCTOR, Taken};
use crate::lower::{Head, Inside, children, span};
use crate::tree::{Block, ExprId, FunctionId, Kind, Parameter, Stmt};

impl<'a> Lowerer<'a> {
    /// A method, operator or local function.
    pub(super) fn method(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let decorators = self.attributes(node);
        let result = node.child_by_field_name("returns").or(node.child_by_field_name("type"));
        let result = result.and_then(|ty| self.type_expression(ty));
        let member = node.kind() == "method_declaration";
        let class = self.classes.last().map(|frame| frame.id).filter(|_| member);
        let is_static = class.is_none() || has_modifier(self, node, "static");
        let is_async = has_modifier(self, node, "async");
        let head =
            Head { class, is_async, decorators, result, ..Head::plain(name, span(name_node), self.qualified(name)) };
        Some(Stmt::Function(self.function(node, head, is_static)))
    }

    /// A constructor; what it gives to another one is a call in it.
    pub(super) fn constructor(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.tree.sym(CONSTRUCTOR);
        self.bind(name);
        let decorators = self.attributes(node);
        let class = self.classes.last().map(|frame| frame.id);
        let head = Head { class, decorators, ..Head::plain(name, span(name_node), self.qualified(name)) };
        Some(Stmt::Function(self.function(node, head, has_modifier(self, node, "static"))))
    }

    /// `class A(B b)`: a constructor that keeps what it is given.
    pub(super) fn primary_constructor(&mut self, list: Node<'a>, block: &mut Block) {
        let mut fields = Vec::new();
        for child in children(list) {
            let Some(name) = child.child_by_field_name("name") else { continue };
            let ty = child.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
            let sym = self.name(name);
            if let Some(frame) = self.classes.last_mut() {
                frame.members.insert(sym);
            }
            self.declare(name, None, ty, block);
            fields.push(name);
        }
        let name = self.tree.sym(CONSTRUCTOR);
        let class = self.classes.last().map(|frame| frame.id);
        let head = Head { class, ..Head::plain(name, span(list), self.qualified(name)) };
        let taken = self.parameters(list);
        let function = self.function_of(head, |this| {
            let receiver = this.own_object(false);
            let parameters: Vec<Parameter> = taken.into_iter().map(|taken| this.taken_parameter(taken)).collect();
            let mut body = Vec::new();
            for name in fields {
                let sym = this.name(name);
                this.keep(name, sym, sym, &mut body);
            }
            Inside { receiver, parameters, body }
        });
        block.push(Stmt::Function(function));
    }

    /// `x => x + 1`, `async (T x) => { … }`, `delegate (T x) { … }`.
    pub(super) fn lambda(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let decorators = self.attributes(node);
        let is_async = has_modifier(self, node, "async");
        let head = Head { is_async, decorators, ..Head::plain(name, span(node), self.qualified(name)) };
        let function = self.function(node, head, true);
        self.add(node, Kind::Function(function))
    }

    /// What is read as a property and computed: `A => x`, `A { get { … } }`.
    pub(super) fn getter(&mut self, node: Node<'a>, name_node: Node<'a>, body: Node<'a>, block: &mut Block) {
        let name = self.name(name_node);
        self.bind(name);
        let mut decorators = self.attributes(node);
        // A word of its own, which no variable of the file is.
        let get = self.tree.fresh("get");
        decorators.push(self.add(name_node, Kind::Name(get)));
        let result = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let class = self.classes.last().map(|frame| frame.id);
        let is_static = has_modifier(self, node, "static");
        let head = Head { class, decorators, result, ..Head::plain(name, span(name_node), self.qualified(name)) };
        let function = self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            let mut inside = Inside { receiver, ..Inside::default() };
            this.deeper(body, |this| this.body(body, &mut inside.body));
            inside
        });
        block.push(Stmt::Function(function));
    }

    fn function(&mut self, node: Node<'a>, head: Head, is_static: bool) -> FunctionId {
        let list = node.child_by_field_name("parameters");
        let taken = list.map(|list| self.parameters(list)).unwrap_or_default();
        let initializer = children(node).into_iter().find(|child| child.kind() == "constructor_initializer");
        self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            let parameters = taken.into_iter().map(|taken| this.taken_parameter(taken)).collect();
            let mut body = Vec::new();
            if let Some(list) = initializer.and_then(|it| children(it).first().copied()) {
                let callee = this.tree.sym("base");
                let callee = this.add_at(base::Span::at(list.start_byte()), Kind::Name(callee));
                let arguments = this.arguments(list);
                let call = this.add(list, Kind::Call { callee, arguments });
                body.push(Stmt::Expr(call));
            }
            let inner = node.child_by_field_name("body");
            let inner = inner.or(children(node).into_iter().find(|child| child.kind() == "arrow_expression_clause"));
            if let Some(inner) = inner {
                this.deeper(inner, |this| this.body(inner, &mut body));
            }
            Inside { receiver, parameters, body }
        })
    }

    fn body(&mut self, node: Node<'a>, block: &mut Block) {
        if node.kind() == "block" {
            return self.statements(node, block);
        }
        let value = match node.kind() {
            "arrow_expression_clause" => children(node).first().copied(),
            _ => Some(node),
        };
        let Some(value) = value else { return };
        if value.kind() == "throw_expression" {
            let raised = self.first(value);
            return block.push(Stmt::Raise(raised, span(value)));
        }
        let given = self.expression(value);
        block.append(&mut self.before);
        match self.tree.kind(given) {
            Kind::Bind { .. } => self.value_statement(given, block),
            _ => block.push(Stmt::Return(Some(given))),
        }
    }

    /// What is evaluated of parameters outside of the function.
    fn parameters(&mut self, list: Node<'a>) -> Vec<Taken<'a>> {
        if matches!(list.kind(), "implicit_parameter" | "identifier") {
            return vec![Taken { name: list, ty: None, default: None, beside: Vec::new() }];
        }
        let mut taken = Vec::new();
        for child in children(list) {
            let Some(name) = child.child_by_field_name("name") else {
                if matches!(child.kind(), "implicit_parameter" | "identifier") && is_name(list, child) {
                    taken.push(Taken { name: child, ty: None, default: None, beside: Vec::new() });
                }
                continue;
            };
            let beside = self.attributes(child);
            let ty = child.child_by_field_name("type");
            let default = children(child).into_iter().rfind(|part| {
                *part != name && Some(*part) != ty && !matches!(part.kind(), "attribute_list" | "modifier")
            });
            let ty = ty.and_then(|ty| self.type_expression(ty));
            let default = default.map(|default| self.expression(default));
            taken.push(Taken { name, ty, default, beside });
        }
        // `params T[] xs` stands in the list itself.
        if let (Some(name), ty) = (list.child_by_field_name("name"), list.child_by_field_name("type")) {
            let ty = ty.and_then(|ty| self.type_expression(ty));
            taken.push(Taken { name, ty, default: None, beside: Vec::new() });
        }
        taken
    }
}

/// Whether a child of a list of parameters is not the name or type of what stands in the list itself.
fn is_name(list: Node<'_>, child: Node<'_>) -> bool {
    list.child_by_field_name("name") != Some(child) && list.child_by_field_name("type") != Some(child)
}
