//! Functions, methods, closures, and what they take.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{Head, Inside, children, span};
use crate::tree::{ClassId, ExprId, FunctionId, Kind, Slot, Stmt};
use crate::values::Give;

impl<'a> Lowerer<'a> {
    /// `fn ask(…) -> T { … }` that stands in no class.
    pub(super) fn function_item(&mut self, node: Node<'a>, decorators: Vec<ExprId>) -> Option<Stmt> {
        let name = node.child_by_field_name("name")?;
        let sym = self.name(name);
        self.bind(sym);
        let qualified = self.qualified(sym);
        Some(Stmt::Function(self.named_function(node, decorators, None, qualified)?))
    }

    /// A method, or a function that belongs to a type.
    pub(super) fn method(&mut self, node: Node<'a>, decorators: Vec<ExprId>, class: ClassId) -> Option<FunctionId> {
        let name = node.child_by_field_name("name")?;
        let qualified = format!("{}.{}", self.tree.class(class).qualified, self.source(name));
        self.named_function(node, decorators, Some(class), qualified)
    }

    fn named_function(
        &mut self,
        node: Node<'a>,
        decorators: Vec<ExprId>,
        class: Option<ClassId>,
        qualified: String,
    ) -> Option<FunctionId> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let result = node.child_by_field_name("return_type").and_then(|ty| self.type_expression(ty));
        let modifiers = children(node).into_iter().find(|child| child.kind() == "function_modifiers");
        let is_async = modifiers.is_some_and(|modifiers| self.source(modifiers).contains("async"));
        let head = Head { class, is_async, decorators, result, ..Head::plain(name, span(name_node), qualified) };
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let own = list.iter().find(|child| child.kind() == "self_parameter").copied();
        Some(self.function_with(node, head, list, own))
    }

    /// A function with a list of parameters, and the one that is its object.
    pub(super) fn function_with(
        &mut self,
        node: Node<'a>,
        head: Head,
        list: Vec<Node<'a>>,
        own: Option<Node<'a>>,
    ) -> FunctionId {
        let mut taken = Vec::new();
        for child in list {
            match child.kind() {
                "parameter" => {
                    let Some(pattern) = child.child_by_field_name("pattern") else { continue };
                    let ty = child.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                    taken.push((pattern, ty));
                }
                "self_parameter" | "attribute_item" | "variadic_parameter" => {}
                _ => taken.push((child, None)),
            }
        }
        self.function_of(head, |this| {
            let receiver: Option<Slot> = own.map(|_| {
                let name = this.tree.sym("self");
                this.bind(name)
            });
            let (mut parameters, mut body) = (Vec::new(), Vec::new());
            for (pattern, ty) in taken {
                match sole_name(pattern) {
                    Some(name) => {
                        let sym = this.name(name);
                        parameters.push(this.parameter_named(sym, span(name), ty, None, Vec::new()));
                    }
                    None => {
                        let sym = this.tree.fresh("");
                        let at = span(pattern);
                        parameters.push(this.parameter_named(sym, at, ty, None, Vec::new()));
                        let whole = this.add_at(at, Kind::Name(sym));
                        let targets = vec![this.pattern(pattern)];
                        body.push(Stmt::Assign { targets, value: Some(whole), annotation: None });
                    }
                }
            }
            if let Some(inner) = node.child_by_field_name("body") {
                this.deeper(inner, |this| match inner.kind() {
                    "block" => this.tail_block(inner, Give::Back, &mut body),
                    _ => {
                        this.tail(inner, Give::Back, &mut body);
                        let before = std::mem::take(&mut this.before);
                        let at = body.len().saturating_sub(1);
                        body.splice(at..at, before);
                    }
                });
            }
            Inside { receiver, parameters, body }
        })
    }
}

/// The one variable that a pattern binds where it only wraps that: `mut x`, `Json(x)`, `&x`.
fn sole_name(pattern: Node<'_>) -> Option<Node<'_>> {
    let mut at = pattern;
    loop {
        match at.kind() {
            "identifier" => return Some(at),
            "mut_pattern" | "ref_pattern" | "reference_pattern" => {
                at = children(at).into_iter().find(|child| child.kind() != "mutable_specifier")?;
            }
            "tuple_struct_pattern" => {
                let ty = at.child_by_field_name("type");
                let parts: Vec<Node<'_>> = children(at).into_iter().filter(|part| Some(*part) != ty).collect();
                match parts.as_slice() {
                    [one] => at = *one,
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}
