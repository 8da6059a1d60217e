//! Functions, methods, closures, arrow functions, and what they take.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{Head, Inside, children, has_token, span};
use crate::tree::{Block, ExprId, FunctionId, Kind, Parameter, Stmt, Sym};

/// A parameter before its function is open.
struct Taken<'a> {
    node: Node<'a>,
    name: Node<'a>,
    ty: Option<ExprId>,
    default: Option<ExprId>,
    beside: Vec<ExprId>,
}

/// The variable that a parameter of a constructor keeps what it is given in.
pub(super) fn promoted_name(parameter: Node<'_>) -> Option<Node<'_>> {
    let name = parameter.child_by_field_name("name").filter(|_| parameter.kind() == "property_promotion_parameter")?;
    Some(if name.kind() == "by_ref" { children(name).first().copied()? } else { name })
}

impl<'a> Lowerer<'a> {
    /// `function ask(…): T { … }`.
    pub(super) fn function_definition(&mut self, node: Node<'a>) -> Option<Stmt> {
        self.declared(node, None, true)
    }

    /// A method of the class around.
    pub(super) fn method(&mut self, node: Node<'a>) -> Option<Stmt> {
        let class = self.classes.last().map(|frame| frame.id);
        let is_static = children(node).iter().any(|child| child.kind() == "static_modifier");
        self.declared(node, class, is_static)
    }

    fn declared(&mut self, node: Node<'a>, class: Option<crate::tree::ClassId>, is_static: bool) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let decorators = self.attributes(node);
        let result = node.child_by_field_name("return_type").and_then(|ty| self.type_expression(ty));
        let head = Head { class, decorators, result, ..Head::plain(name, span(name_node), self.qualified(name)) };
        Some(Stmt::Function(self.function(node, head, is_static, false, Vec::new())))
    }

    /// `function ($x) use ($y) { … }`, `fn ($x) => $x + $y`.
    pub(super) fn closure(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let open = node.kind() == "arrow_function";
        let clause = children(node).into_iter().find(|child| child.kind() == "anonymous_function_use_clause");
        let mut taken = Vec::new();
        for variable in clause.map(children).unwrap_or_default() {
            let name = self.variable_name(variable);
            self.slot_of(name);
            taken.push(name);
        }
        let decorators = self.attributes(node);
        let head = Head { decorators, ..Head::plain(name, span(node), self.qualified(name)) };
        let function = self.function(node, head, true, open, taken);
        self.add(node, Kind::Function(function))
    }

    fn function(
        &mut self,
        node: Node<'a>,
        head: Head,
        is_static: bool,
        open: bool,
        taken_along: Vec<Sym>,
    ) -> FunctionId {
        let list = node.child_by_field_name("parameters");
        let taken = list.map(|list| self.parameters(list)).unwrap_or_default();
        self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            this.with_variables(open, taken_along, |this| {
                let mut body = Vec::new();
                let parameters = taken.into_iter().map(|taken| this.taken(taken, &mut body)).collect();
                if let Some(inner) = node.child_by_field_name("body") {
                    this.deeper(inner, |this| this.body(inner, &mut body));
                }
                Inside { receiver, parameters, body }
            })
        })
    }

    fn body(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "compound_statement" => self.statements(node, block),
            "throw_expression" => {
                let raised = self.first(node);
                block.append(&mut self.before);
                block.push(Stmt::Raise(raised, span(node)));
            }
            _ => {
                let value = self.expression(node);
                block.append(&mut self.before);
                block.push(Stmt::Return(Some(value)));
            }
        }
    }

    fn parameters(&mut self, list: Node<'a>) -> Vec<Taken<'a>> {
        let mut taken = Vec::new();
        for node in children(list) {
            let name = promoted_name(node).or(node.child_by_field_name("name"));
            let Some(name) = name.filter(|name| name.kind() == "variable_name") else { continue };
            let beside = self.attributes(node);
            let ty = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
            let default = self.part(node, "default_value");
            taken.push(Taken { node, name, ty, default, beside });
        }
        taken
    }

    fn taken(&mut self, taken: Taken<'a>, body: &mut Block) -> Parameter {
        let sym = self.variable_name(taken.name);
        let ty = match taken.ty {
            // `T ...$xs` is many of T.
            Some(object) if has_token(taken.node, "...") => {
                Some(self.add(taken.node, Kind::Subscript { object, index: None }))
            }
            ty => ty,
        };
        let parameter = self.parameter_named(sym, span(taken.name), ty, taken.default, taken.beside);
        if promoted_name(taken.node).is_some() {
            let field = self.field_name(taken.name);
            self.keep(taken.name, field, sym, body);
        }
        parameter
    }
}
