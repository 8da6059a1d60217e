//! C#'s statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use super::classes::declares_class;
use crate::lower::{children, has_token, span};
use crate::tree::{Block, ExprId, Handler, Kind, Stmt, Try};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "using_directive" => self.using(node, block),
            "extern_alias_directive"
            | "file_scoped_namespace_declaration"
            | "empty_statement"
            | "goto_statement"
            | "delegate_declaration" => {}
            "namespace_declaration" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, block);
                }
            }
            "local_declaration_statement" | "field_declaration" => self.local_declaration(node, block),
            "local_function_statement" | "method_declaration" => block.extend(self.method(node)),
            "expression_statement" => {
                for child in children(node) {
                    self.expression_statement(child, block);
                }
            }
            "return_statement" => {
                let value = children(node).first().copied();
                match value.filter(|value| value.kind() == "throw_expression") {
                    Some(throw) => {
                        let raised = self.first(throw);
                        block.push(Stmt::Raise(raised, span(node)));
                    }
                    None => {
                        let value = value.map(|value| self.expression(value));
                        block.push(Stmt::Return(value));
                    }
                }
            }
            "yield_statement" => {
                if let Some(value) = self.first(node) {
                    let given = self.add(node, Kind::Yield(Some(value)));
                    block.push(Stmt::Expr(given));
                }
            }
            "throw_statement" => {
                let value = self.first(node);
                block.push(Stmt::Raise(value, span(node)));
            }
            "if_statement" => self.branches(node, block),
            "while_statement" | "do_statement" => self.while_loop(node, block),
            "for_statement" => self.for_statement(node, block),
            "foreach_statement" => self.for_each(node, block),
            "try_statement" => self.try_statement(node, block),
            "using_statement" => self.using_statement(node, block),
            "switch_statement" => self.switch_statement(node, block),
            "break_statement" => {
                // A break in a switch ends the case; what comes after it in the case is rarely anything.
                if self.switches == 0 {
                    block.push(Stmt::Break);
                }
            }
            "continue_statement" => block.push(Stmt::Continue),
            "labeled_statement" | "lock_statement" | "checked_statement" | "unsafe_statement" | "fixed_statement" => {
                for child in children(node)
                    .into_iter()
                    .filter(|child| child.kind().ends_with("statement") || child.kind() == "block")
                {
                    self.statement(child, block);
                }
            }
            "global_statement" | "block" | "declaration_list" | "compilation_unit" | "ERROR" | "preproc_if"
            | "preproc_region" | "preproc_else" | "preproc_elif" => self.statements(node, block),
            _ if declares_class(node) => block.extend(self.class(node)),
            kind if kind.starts_with("preproc_") => {}
            _ => self.expression_statement(node, block),
        }
    }

    fn local_declaration(&mut self, node: Node<'a>, block: &mut Block) {
        let declaration = children(node).into_iter().find(|child| child.kind() == "variable_declaration");
        if let Some(declaration) = declaration {
            self.variables(declaration, &[], block);
        }
    }

    /// `T a = x, b`, `var (a, b) = pair`.
    pub(super) fn variables(&mut self, node: Node<'a>, decorators: &[ExprId], block: &mut Block) {
        let ty = node.child_by_field_name("type");
        let annotation = ty.and_then(|ty| self.type_expression(ty));
        for declarator in children(node).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let parts = children(declarator);
            let name = declarator.child_by_field_name("name");
            let value = if has_token(declarator, "=") { parts.last().copied() } else { None };
            self.language.expected = ty.filter(|ty| ty.kind() != "implicit_type");
            let value = value.map(|value| self.expression(value));
            self.language.expected = None;
            match (name, parts.first()) {
                (Some(name), _) => {
                    self.decorated_field(name, value, annotation, decorators, block);
                }
                (None, Some(&pattern)) => {
                    let targets = vec![self.target(pattern)];
                    block.push(Stmt::Assign { targets, value, annotation: None });
                }
                _ => {}
            }
        }
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.child_by_field_name("initializer") {
            Some(declaration) if declaration.kind() == "variable_declaration" => {
                self.variables(declaration, &[], block);
            }
            Some(other) => self.expression_statement(other, block),
            None => {}
        }
        let before = self.touched.len();
        let condition = self.part(node, "condition");
        self.repeat(node, None, condition, before, block);
    }

    fn for_each(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(left), Some(iterable)) = (node.child_by_field_name("left"), self.part(node, "right")) else { return };
        let before = self.touched.len();
        let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let target = match left.kind() {
            "identifier" => self.name_target(left),
            _ => self.target(left),
        };
        // The type says what an element is called, whatever the list is known as.
        if annotation.is_some() {
            block.push(Stmt::Assign { targets: vec![target.clone()], value: None, annotation });
        }
        self.repeat(node, Some((target, iterable)), None, before, block);
    }

    fn using_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let body = node.child_by_field_name("body");
        for child in children(node).into_iter().filter(|child| Some(*child) != body) {
            match child.kind() {
                "variable_declaration" => self.variables(child, &[], block),
                _ => self.expression_statement(child, block),
            }
        }
        block.extend(self.block_of(body));
    }

    fn try_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let body = self.block_of(node.child_by_field_name("body"));
        let (mut handlers, mut finally) = (Vec::new(), Vec::new());
        for child in children(node) {
            match child.kind() {
                "catch_clause" => handlers.push(self.handler(child)),
                "finally_clause" => self.statements(child, &mut finally),
                _ => {}
            }
        }
        block.push(Stmt::Try(Box::new(Try { body, handlers, otherwise: Vec::new(), finally })));
    }

    fn handler(&mut self, node: Node<'a>) -> Handler {
        let declaration = children(node).into_iter().find(|child| child.kind() == "catch_declaration");
        let ty = declaration.and_then(|it| it.child_by_field_name("type"));
        let types = ty.and_then(|ty| self.type_expression(ty)).into_iter().collect();
        let name = declaration.and_then(|it| it.child_by_field_name("name"));
        let target = name.map(|name| self.name_target(name));
        let mut body = Vec::new();
        let filter = children(node).into_iter().find(|child| child.kind() == "catch_filter_clause");
        if let Some(condition) = filter.and_then(|filter| self.first(filter)) {
            body.push(Stmt::Expr(condition));
        }
        body.extend(self.block_of(node.child_by_field_name("body")));
        Handler { types, target, body, span: span(node) }
    }
}
