//! Functions, methods, function literals, and what they take and give.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{Head, Inside, children, span};
use crate::tree::{ClassId, ExprId, FunctionId, Kind, Parameter, Stmt, Sym};

/// A parameter or result: its name, if any, and its type.
struct Named<'a> {
    name: Option<Node<'a>>,
    ty: Option<ExprId>,
}

impl<'a> Lowerer<'a> {
    /// `func f(…) { … }`.
    pub fn function_declaration(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name = node.child_by_field_name("name")?;
        let sym = self.name(name);
        self.bind(sym);
        Some(Stmt::Function(self.function(node, name, None)))
    }

    /// `func (t *T) f(…) { … }`. The method is a member of its type, wherever that stands.
    pub fn method_declaration(&mut self, node: Node<'a>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let receiver = node.child_by_field_name("receiver").and_then(|list| children(list).first().copied());
        let ty = receiver.and_then(|receiver| receiver.child_by_field_name("type")).and_then(type_name);
        match ty {
            Some(ty) => {
                let sym = self.name(ty);
                let class = self.type_named(sym, span(ty), true);
                self.function(node, name, Some(class));
            }
            None => {
                self.function(node, name, None);
            }
        }
    }

    /// A function literal as a value.
    pub fn closure(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let function = self.function_named(node, name, span(node), None);
        self.add(node, Kind::Function(function))
    }

    /// A function with a name, of a class if it is a method.
    pub(super) fn function(&mut self, node: Node<'a>, name: Node<'a>, class: Option<ClassId>) -> FunctionId {
        let sym = self.name(name);
        let function = self.function_named(node, sym, span(name), class);
        if let Some(class) = class {
            self.add_method(class, function);
        }
        function
    }

    fn function_named(&mut self, node: Node<'a>, name: Sym, name_span: Span, class: Option<ClassId>) -> FunctionId {
        let heads = node.child_by_field_name("parameters").map(|list| self.named_list(list)).unwrap_or_default();
        let (result, results) = self.results(node);
        let owner = class.map(|class| self.tree.class(class).qualified.clone());
        let qualified = match owner {
            Some(owner) => format!("{owner}.{}", self.tree.text(name)),
            None => self.qualified(name),
        };
        let head = Head { class, result, ..Head::plain(name, name_span, qualified) };
        self.function_of(head, |this| {
            let receiver = node.child_by_field_name("receiver").and_then(|list| this.receiver(list));
            let parameters = heads.into_iter().map(|head| this.parameter(head)).collect();
            let mut body = Vec::new();
            let names = results.iter().filter_map(|result| result.name).map(|name| this.name(name)).collect();
            this.language.results.push(names);
            for Named { name, ty } in results {
                if let Some(name) = name {
                    this.declare(name, None, ty, &mut body);
                }
            }
            if let Some(block) = node.child_by_field_name("body") {
                this.deeper(block, |this| this.statements(block, &mut body));
            }
            this.language.results.pop();
            Inside { receiver, parameters, body }
        })
    }

    fn receiver(&mut self, list: Node<'a>) -> Option<crate::tree::Slot> {
        let name = children(list).first()?.child_by_field_name("name")?;
        let sym = self.name(name);
        Some(self.bind(sym))
    }

    /// Names with their types; `a, b T` gives both the type.
    fn named_list(&mut self, list: Node<'a>) -> Vec<Named<'a>> {
        let mut found = Vec::new();
        for declaration in children(list) {
            let ty = declaration.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
            let ty = match ty {
                // `xs ...T` is many of `T`.
                Some(object) if declaration.kind() == "variadic_parameter_declaration" => {
                    Some(self.add(declaration, Kind::Subscript { object, index: None }))
                }
                ty => ty,
            };
            let mut cursor = declaration.walk();
            let names: Vec<Node<'a>> =
                declaration.children_by_field_name("name", &mut cursor).filter(Node::is_named).collect();
            if names.is_empty() {
                found.push(Named { name: None, ty });
            }
            found.extend(names.into_iter().map(|name| Named { name: Some(name), ty }));
        }
        found
    }

    fn parameter(&mut self, head: Named<'a>) -> Parameter {
        let (sym, at) = match head.name {
            Some(name) => (self.name(name), span(name)),
            None => {
                let at = head.ty.map_or(Span::at(0), |ty| self.tree.expr(ty).span);
                (self.tree.sym("_"), at)
            }
        };
        self.parameter_named(sym, at, head.ty, None, Vec::new())
    }

    /// The type of the first result, and all results.
    fn results(&mut self, node: Node<'a>) -> (Option<ExprId>, Vec<Named<'a>>) {
        let Some(result) = node.child_by_field_name("result") else { return (None, Vec::new()) };
        if result.kind() != "parameter_list" {
            return (self.type_expression(result), Vec::new());
        }
        let results = self.named_list(result);
        (results.first().and_then(|first| first.ty), results)
    }
}

/// The name of a receiver's type: `T` of `*T` and `T[K]`.
fn type_name(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "type_identifier" => Some(node),
        "generic_type" => node.child_by_field_name("type").and_then(type_name),
        _ => children(node).first().copied().and_then(type_name),
    }
}
