//! Java's statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use super::classes::declares_class;
use crate::lower::{children, span};
use crate::tree::{Block, ExprId, Handler, Kind, Stmt, Target, Try};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "package_declaration" | "module_declaration" => {}
            "import_declaration" => self.import(node, block),
            "local_variable_declaration" => self.variables(node, block),
            "method_declaration" => block.extend(self.method(node)),
            "constructor_declaration" => block.extend(self.constructor(node)),
            "expression_statement" => {
                for child in children(node) {
                    self.expression_statement(child, block);
                }
            }
            "explicit_constructor_invocation" => self.constructor_call(node, block),
            "return_statement" => {
                let value = children(node).first().map(|&value| self.expression(value));
                block.push(Stmt::Return(value));
            }
            "throw_statement" => {
                let value = children(node).first().map(|&value| self.expression(value));
                block.push(Stmt::Raise(value, span(node)));
            }
            "yield_statement" => self.yield_statement(node, block),
            "if_statement" => self.branches(node, block),
            "while_statement" | "do_statement" => self.while_loop(node, block),
            "for_statement" => self.for_statement(node, block),
            "enhanced_for_statement" => self.for_each(node, block),
            "try_statement" | "try_with_resources_statement" => self.try_statement(node, block),
            "switch_expression" => self.switch_statement(node, block),
            "assert_statement" => {
                if let Some(&condition) = children(node).first() {
                    let condition = self.expression(condition);
                    block.push(Stmt::Assert(condition));
                }
            }
            "break_statement" => {
                // A break in a switch ends the case; what comes after it in the case is rarely anything.
                if self.switches == 0 || !children(node).is_empty() {
                    block.push(Stmt::Break);
                }
            }
            "continue_statement" => block.push(Stmt::Continue),
            "labeled_statement" => {
                for child in children(node).into_iter().filter(|child| child.kind() != "identifier") {
                    self.statement(child, block);
                }
            }
            "synchronized_statement" | "block" | "constructor_body" | "program" | "ERROR" => {
                self.statements(node, block);
            }
            "field_declaration" => self.variables(node, block),
            _ if declares_class(node) => block.extend(self.class(node)),
            _ => self.expression_statement(node, block),
        }
    }

    /// `T a = x, b;`
    fn variables(&mut self, node: Node<'a>, block: &mut Block) {
        let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let mut cursor = node.walk();
        let declarators: Vec<Node<'a>> = node.children_by_field_name("declarator", &mut cursor).collect();
        for declarator in declarators {
            let Some(name) = declarator.child_by_field_name("name") else { continue };
            let value = declarator.child_by_field_name("value").map(|value| self.expression(value));
            self.declare(name, value, annotation, block);
        }
    }

    /// `super(x)`, `this(x)`.
    fn constructor_call(&mut self, node: Node<'a>, block: &mut Block) {
        let Some(word) = node.child_by_field_name("constructor") else { return };
        let frame = self.classes.last().map(|frame| frame.name);
        let name = match frame {
            Some(class) if word.kind() == "this" => class,
            _ => self.tree.sym("super"),
        };
        let callee = self.add(word, Kind::Name(name));
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.plain_arguments(list)).unwrap_or_default();
        let call = self.add(node, Kind::Call { callee, arguments });
        block.push(Stmt::Expr(call));
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let mut cursor = node.walk();
        let starts: Vec<Node<'a>> = node.children_by_field_name("init", &mut cursor).collect();
        for start in starts {
            self.statement(start, block);
        }
        let before = self.touched.len();
        let condition = node.child_by_field_name("condition").map(|condition| self.expression(condition));
        self.repeat(node, None, condition, before, block);
    }

    fn for_each(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
            return;
        };
        let before = self.touched.len();
        let iterable = self.expression(value);
        let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let target = self.name_target(name);
        // The type says what an element is called, whatever the list is known as.
        if annotation.is_some() {
            block.push(Stmt::Assign { targets: vec![target.clone()], value: None, annotation });
        }
        self.repeat(node, Some((target, iterable)), None, before, block);
    }

    fn try_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let mut items = Vec::new();
        for resource in node.child_by_field_name("resources").map(children).unwrap_or_default() {
            self.resource(resource, &mut items);
        }
        let body = self.block_of(node.child_by_field_name("body"));
        let body = if items.is_empty() { body } else { vec![Stmt::With { items, body }] };
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

    fn resource(&mut self, node: Node<'a>, items: &mut Vec<(ExprId, Option<Target>)>) {
        match (node.child_by_field_name("name"), node.child_by_field_name("value")) {
            (Some(name), Some(value)) => {
                let value = self.expression(value);
                items.push((value, Some(self.name_target(name))));
            }
            _ => {
                for child in children(node) {
                    items.push((self.expression(child), None));
                }
            }
        }
    }

    fn handler(&mut self, node: Node<'a>) -> Handler {
        let parameter = children(node).into_iter().find(|child| child.kind() == "catch_formal_parameter");
        let mut types = Vec::new();
        let mut target = None;
        if let Some(parameter) = parameter {
            for part in children(parameter).into_iter().filter(|part| part.kind() == "catch_type") {
                for ty in children(part) {
                    types.extend(self.type_expression(ty));
                }
            }
            target = parameter.child_by_field_name("name").map(|name| self.name_target(name));
        }
        let body = self.block_of(node.child_by_field_name("body"));
        Handler { types, target, body, span: span(node) }
    }
}
