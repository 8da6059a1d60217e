//! PHP's statements.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Handler, Kind, Stmt, Target, Try};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "php_tag"
            | "php_end_tag"
            | "text"
            | "empty_statement"
            | "goto_statement"
            | "named_label_statement"
            | "unset_statement"
            | "name"
            | "namespace_name"
            | "declare_directive" => {}
            "namespace_definition" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, block);
                }
            }
            "namespace_use_declaration" => self.use_declaration(node, block),
            "class_declaration" | "interface_declaration" | "trait_declaration" | "enum_declaration" => {
                block.extend(self.class(node));
            }
            "function_definition" => block.extend(self.function_definition(node)),
            "const_declaration" => self.constants(node, block),
            "expression_statement" => {
                for child in children(node) {
                    self.lone_expression(child, block);
                }
            }
            "echo_statement" => {
                let call = self.word_call(node, "echo", sequence(node));
                block.push(Stmt::Expr(call));
            }
            "exit_statement" => {
                let call = self.word_call(node, "exit", children(node));
                block.push(Stmt::Expr(call));
            }
            "return_statement" => {
                let value = self.first(node);
                block.push(Stmt::Return(value));
            }
            "if_statement" => self.if_statement(node, block),
            "while_statement" | "do_statement" => self.while_loop(node, block),
            "for_statement" => self.for_statement(node, block),
            "foreach_statement" => self.for_each(node, block),
            "try_statement" => self.try_statement(node, block),
            "switch_statement" => self.switch_statement(node, block),
            "break_statement" => {
                // A break in a switch ends the case; what comes after it in the case is rarely anything.
                if self.switches == 0 {
                    block.push(Stmt::Break);
                }
            }
            "continue_statement" => {
                if self.switches == 0 {
                    block.push(Stmt::Continue);
                }
            }
            "global_declaration" => {
                for variable in children(node).into_iter().filter(|child| child.kind() == "variable_name") {
                    self.take_global(variable);
                }
            }
            "function_static_declaration" => {
                for declaration in children(node) {
                    let Some(name) = declaration.child_by_field_name("name") else { continue };
                    let value = self.part(declaration, "value");
                    let targets = vec![self.variable_target(name)];
                    block.push(Stmt::Assign { targets, value, annotation: None });
                }
            }
            "program" | "compound_statement" | "colon_block" | "declare_statement" | "ERROR" => {
                self.statements(node, block);
            }
            _ => self.lone_expression(node, block),
        }
    }

    /// An expression that stands alone; what throws is a statement, and so is what defines a constant.
    fn lone_expression(&mut self, node: Node<'a>, block: &mut Block) {
        if node.kind() == "throw_expression" {
            let raised = self.first(node);
            return block.push(Stmt::Raise(raised, span(node)));
        }
        // <?= $x ?>
        if self.text[..node.start_byte()].trim_end().ends_with("<?=") {
            let call = self.word_call(node, "echo", vec![node]);
            return block.push(Stmt::Expr(call));
        }
        if self.define(node, block).is_none() {
            self.expression_statement(node, block);
        }
    }

    /// `define('MODEL', 'gpt-4o');`
    fn define(&mut self, node: Node<'a>, block: &mut Block) -> Option<()> {
        let function = node.child_by_field_name("function").filter(|it| self.source(*it) == "define")?;
        let arguments = children(node.child_by_field_name("arguments").filter(|_| function.kind() == "name")?);
        let [name, value] = arguments.as_slice() else { return None };
        let text = children(*name).first().copied().filter(|text| text.kind() == "string")?;
        let content = children(text).first().copied()?;
        let value = children(*value).first().map(|&value| self.expression(value));
        let sym = self.name(content);
        let slot = self.tree.bind(crate::tree::ScopeId(0), sym);
        let expr = self.add(content, Kind::Name(sym));
        block.push(Stmt::Assign { targets: vec![Target::Name(expr, slot)], value, annotation: None });
        Some(())
    }

    /// `if … elseif … else if … else …`, each an arm of the same statement.
    fn if_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let mut at = Some(node);
        while let Some(statement) = at.take() {
            let Some(condition) = self.part(statement, "condition") else { break };
            arms.push((condition, self.block_of(statement.child_by_field_name("body"))));
            let mut cursor = statement.walk();
            let alternatives: Vec<Node<'a>> =
                statement.children_by_field_name("alternative", &mut cursor).filter(Node::is_named).collect();
            for clause in alternatives {
                let body = clause.child_by_field_name("body");
                match (clause.kind(), body) {
                    ("else_if_clause", _) => {
                        if let Some(condition) = self.part(clause, "condition") {
                            arms.push((condition, self.block_of(body)));
                        }
                    }
                    (_, Some(body)) if body.kind() == "if_statement" => at = Some(body),
                    _ => otherwise = self.block_of(body),
                }
            }
        }
        block.push(Stmt::If { arms, otherwise });
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        if let Some(first) = node.child_by_field_name("initialize") {
            for part in flat(first) {
                self.lone_expression(part, block);
            }
        }
        let before = self.touched.len();
        let condition = self.part(node, "condition");
        self.repeat(node, None, condition, before, block);
    }

    /// `foreach ($xs as $x)`, `foreach ($xs as $key => $x)`.
    fn for_each(&mut self, node: Node<'a>, block: &mut Block) {
        let body = node.child_by_field_name("body");
        let parts: Vec<Node<'a>> = children(node).into_iter().filter(|part| Some(*part) != body).collect();
        let [iterable, each] = parts.as_slice() else { return };
        let iterable = self.expression(*iterable);
        let before = self.touched.len();
        let target = match each.kind() {
            // The key comes after the value, so that the first thing that is taken out is a value.
            "pair" => Target::Attributes(children(*each).into_iter().map(|part| (None, self.target(part))).collect()),
            _ => self.target(*each),
        };
        self.repeat(node, Some((target, iterable)), None, before, block);
    }

    fn try_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let body = self.block_of(node.child_by_field_name("body"));
        let (mut handlers, mut finally) = (Vec::new(), Vec::new());
        for child in children(node) {
            match child.kind() {
                "catch_clause" => {
                    let types = child.child_by_field_name("type").map(children).unwrap_or_default();
                    let types = types.into_iter().map(|ty| self.class_name(ty)).collect();
                    let target = child.child_by_field_name("name").map(|name| self.variable_target(name));
                    let body = self.block_of(child.child_by_field_name("body"));
                    handlers.push(Handler { types, target, body, span: span(child) });
                }
                "finally_clause" => finally = self.block_of(child.child_by_field_name("body")),
                _ => {}
            }
        }
        block.push(Stmt::Try(Box::new(Try { body, handlers, otherwise: Vec::new(), finally })));
    }
}

/// What a statement lists with commas.
fn sequence(node: Node<'_>) -> Vec<Node<'_>> {
    children(node).into_iter().flat_map(flat).collect()
}

/// `a, b, c`, which leans right.
fn flat(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut at = node;
    while at.kind() == "sequence_expression" {
        match children(at).as_slice() {
            [first, rest] => {
                found.push(*first);
                at = *rest;
            }
            _ => return found,
        }
    }
    found.push(at);
    found
}
