//! Statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use super::expressions::bare;
use crate::lower::{children, span};
use crate::tree::{Block, ExprId, Handler, Kind, Loop, Stmt, Target, Try};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    self.lone_expression(child, block);
                }
            }
            "lexical_declaration" | "variable_declaration" | "using_declaration" => self.declaration(node, block),
            "function_declaration" | "generator_function_declaration" => {
                block.extend(self.function_declaration(node, None));
            }
            "class_declaration" | "abstract_class_declaration" => {
                block.extend(self.class_declaration(node, None, Vec::new()));
            }
            "interface_declaration" => block.extend(self.interface(node)),
            "enum_declaration" => block.extend(self.enumeration(node)),
            "import_statement" => block.extend(self.import(node)),
            "import_alias" => {}
            "export_statement" => self.export(node, block),
            "return_statement" => {
                let value = self.first(node);
                block.push(Stmt::Return(value));
            }
            "throw_statement" => {
                let value = self.first(node);
                block.push(Stmt::Raise(value, span(node)));
            }
            "if_statement" => block.extend(self.if_statement(node)),
            "for_statement" => self.for_statement(node, block),
            "for_in_statement" => block.extend(self.for_in(node)),
            "while_statement" | "do_statement" => block.extend(self.while_statement(node)),
            "try_statement" => block.push(self.try_statement(node)),
            "switch_statement" => block.extend(self.switch(node)),
            "break_statement" => {
                self.note_leaving(true);
                block.push(Stmt::Break);
            }
            "continue_statement" => {
                self.note_leaving(false);
                block.push(Stmt::Continue);
            }
            "statement_block" => {
                let names = self.declared(node);
                self.in_block(names, |this| this.statements(node, block));
            }
            "labeled_statement" | "with_statement" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statement(body, block);
                }
            }
            "ambient_declaration"
            | "type_alias_declaration"
            | "function_signature"
            | "empty_statement"
            | "debugger_statement"
            | "hash_bang_line" => {}
            "internal_module" | "module" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, block);
                }
            }
            // What stands in a broken part: its healthy statements and expressions.
            "ERROR" | "program" | "else_clause" | "catch_clause" | "finally_clause" | "switch_body" | "switch_case"
            | "switch_default" => self.statements(node, block),
            _ => self.lone_expression(node, block),
        }
    }

    fn lone_expression(&mut self, node: Node<'a>, block: &mut Block) {
        let node = bare(node);
        match node.kind() {
            "assignment_expression" => self.assignment(node, block),
            "augmented_assignment_expression" => {
                if let Some((target, value)) = self.augmented(node) {
                    block.push(Stmt::Assign { targets: vec![target], value: Some(value), annotation: None });
                }
            }
            "sequence_expression" => {
                for child in children(node) {
                    self.lone_expression(child, block);
                }
            }
            "internal_module" => self.shallow_statement(node, block),
            _ => {
                let value = self.expression(node);
                block.push(Stmt::Expr(value));
            }
        }
    }

    /// `a = b = value`, `module.exports = …`.
    fn assignment(&mut self, node: Node<'a>, block: &mut Block) {
        let (mut lefts, mut at) = (Vec::new(), node);
        let right = loop {
            lefts.extend(at.child_by_field_name("left"));
            match at.child_by_field_name("right").map(bare) {
                Some(right) if right.kind() == "assignment_expression" && lefts.len() < 64 => at = right,
                right => break right,
            }
        };
        let (Some(right), Some(&last)) = (right, lefts.last()) else { return };
        if self.exports_by_assignment(&lefts, right, block) {
            return;
        }
        let value = self.assigned(last, right);
        let targets = lefts.into_iter().map(|left| self.target(left, false)).collect();
        block.push(Stmt::Assign { targets, value: Some(value), annotation: None });
    }

    /// `const client = new OpenAI(), { model } = settings`.
    pub fn declaration(&mut self, node: Node<'a>, block: &mut Block) {
        for declarator in children(node).into_iter().filter(|child| child.kind() == "variable_declarator") {
            self.declarator(declarator, block);
            let at = block.len();
            block.splice(at.saturating_sub(1)..at.saturating_sub(1), self.before.drain(..));
        }
    }

    fn declarator(&mut self, node: Node<'a>, block: &mut Block) {
        let Some(pattern) = node.child_by_field_name("name") else { return };
        let value = node.child_by_field_name("value");
        if let Some(import) = value.and_then(|value| self.required_by(pattern, value)) {
            return block.push(import);
        }
        let name = if pattern.kind() == "identifier" { self.source(pattern) } else { "<anonymous>" };
        let annotation = node.child_by_field_name("type").and_then(|ty| self.annotation(ty));
        let value = match value {
            Some(value) => self.named_value(value, name),
            None => self.add(pattern, Kind::Nothing),
        };
        let targets = vec![self.target(pattern, true)];
        block.push(Stmt::Assign { targets, value: Some(value), annotation });
    }

    fn if_statement(&mut self, node: Node<'a>) -> Option<Stmt> {
        let mut arms = Vec::new();
        let mut at = node;
        // `else if` is an arm of the same statement, so that a long chain costs no stack.
        let otherwise = loop {
            let condition = self.expression(at.child_by_field_name("condition")?);
            let then = self.branch(at.child_by_field_name("consequence"));
            arms.push((condition, then));
            let alternative =
                at.child_by_field_name("alternative").and_then(|clause| children(clause).first().copied());
            match alternative {
                Some(next) if next.kind() == "if_statement" => at = next,
                alternative => break self.branch(alternative),
            }
        };
        Some(Stmt::If { arms, otherwise })
    }

    fn branch(&mut self, node: Option<Node<'a>>) -> Block {
        let mut block = Vec::new();
        if let Some(node) = node {
            self.statement(node, &mut block);
        }
        block
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let initializer = node.child_by_field_name("initializer");
        let names = match initializer {
            Some(declaration) if declaration.kind() == "lexical_declaration" => {
                let mut names = Vec::new();
                for declarator in children(declaration) {
                    names.extend(declarator.child_by_field_name("name").map(|name| self.source(name)));
                }
                names
            }
            _ => Vec::new(),
        };
        self.in_block(names, |this| {
            if let Some(initializer) = initializer {
                this.statement(initializer, block);
            }
            let before = this.touched.len();
            let condition = node.child_by_field_name("condition").map(|condition| match condition.kind() {
                "expression_statement" => this.first(condition).unwrap_or_else(|| this.other(condition)),
                _ => this.expression(condition),
            });
            let mut body = this.in_loop(|this| this.branch(node.child_by_field_name("body")));
            if let Some(increment) = node.child_by_field_name("increment") {
                this.lone_expression(increment, &mut body);
            }
            let assigned = this.touched_since(before);
            let inner = Loop { each: None, condition, body, otherwise: Vec::new(), assigned, span: span(node) };
            block.push(Stmt::Loop(Box::new(inner)));
        });
    }

    /// `for (const x of xs)`, `for await (const chunk of stream)`, `for (const key in object)`.
    fn for_in(&mut self, node: Node<'a>) -> Option<Stmt> {
        let iterable = self.expression(node.child_by_field_name("right")?);
        let left = node.child_by_field_name("left")?;
        let declares = node.child_by_field_name("kind").is_some();
        let mut names = Vec::new();
        if declares {
            self.bound(left, &mut names);
        }
        let before = self.touched.len();
        let (target, body) = self.in_block(names, |this| {
            let target = this.target(left, declares);
            let body = this.in_loop(|this| this.branch(node.child_by_field_name("body")));
            (target, body)
        });
        let assigned = self.touched_since(before);
        let each = Some((target, iterable));
        let inner = Loop { each, condition: None, body, otherwise: Vec::new(), assigned, span: span(node) };
        Some(Stmt::Loop(Box::new(inner)))
    }

    fn while_statement(&mut self, node: Node<'a>) -> Option<Stmt> {
        let before = self.touched.len();
        let test = self.expression(node.child_by_field_name("condition")?);
        let always = match *self.tree.kind(test) {
            Kind::Truth(truth) => truth,
            Kind::Number(number) => number != 0.0,
            _ => false,
        };
        let mut body = self.in_loop(|this| this.branch(node.child_by_field_name("body")));
        let mut condition = (!always).then_some(test);
        if node.kind() == "do_statement"
            && let Some(test) = condition.take()
        {
            // The body always runs once; the test comes after it.
            body.push(Stmt::If { arms: vec![(test, Vec::new())], otherwise: vec![Stmt::Break] });
        }
        let assigned = self.touched_since(before);
        let inner = Loop { each: None, condition, body, otherwise: Vec::new(), assigned, span: span(node) };
        Some(Stmt::Loop(Box::new(inner)))
    }

    fn try_statement(&mut self, node: Node<'a>) -> Stmt {
        let body = self.branch(node.child_by_field_name("body"));
        let handlers = node.child_by_field_name("handler").map(|handler| self.handler(handler)).into_iter().collect();
        let finalizer = node.child_by_field_name("finalizer").and_then(|clause| clause.child_by_field_name("body"));
        let finally = self.branch(finalizer);
        Stmt::Try(Box::new(Try { body, handlers, otherwise: Vec::new(), finally }))
    }

    fn handler(&mut self, node: Node<'a>) -> Handler {
        let parameter = node.child_by_field_name("parameter");
        let mut names = Vec::new();
        if let Some(parameter) = parameter {
            self.bound(parameter, &mut names);
        }
        let (target, body) = self.in_block(names, |this| {
            let target = parameter.map(|parameter| this.target(parameter, true));
            (target, this.branch(node.child_by_field_name("body")))
        });
        Handler { types: Vec::new(), target, body, span: span(node) }
    }

    /// A value that a file gives to others without a name of its own: a variable, function or class called so.
    pub fn define_as(&mut self, name: &str, node: Node<'a>, block: &mut Block) {
        let inner = bare(node);
        let statement = match inner.kind() {
            "class" => self.class_declaration(inner, Some(name), Vec::new()),
            "function_expression" if inner.child_by_field_name("name").is_none() => {
                self.function_declaration(inner, Some(name))
            }
            _ => {
                let value = self.named_value(inner, name);
                Some(self.assign_name(name, inner, value))
            }
        };
        block.append(&mut self.before);
        block.extend(statement);
    }

    /// `name = value`, where the name does not stand in the source.
    pub fn assign_name(&mut self, name: &str, at: Node<'a>, value: ExprId) -> Stmt {
        let sym = self.tree.sym(name);
        let place = self.add(at, Kind::Name(sym));
        let targets = vec![Target::Name(place, self.bind(sym))];
        Stmt::Assign { targets, value: Some(value), annotation: None }
    }
}
