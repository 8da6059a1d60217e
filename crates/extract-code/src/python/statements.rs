//! Python's statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Case, ExprId, Handler, Kind, Loop, Operator, ScopeKind, Stmt, Target, Touched, Try};

impl<'a> Lowerer<'a> {
    /// The statements below a node.
    pub fn block(&mut self, node: Node<'a>) -> Block {
        let mut block = Vec::new();
        for child in children(node) {
            self.statement(child, &mut block);
        }
        block
    }

    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    self.lone_expression(child, block);
                }
            }
            "import_statement" => block.push(Stmt::Import(self.import(node))),
            "import_from_statement" | "future_import_statement" => block.push(Stmt::Import(self.import_from(node))),
            "decorated_definition" => block.extend(self.decorated(node)),
            "function_definition" => block.extend(self.definition(node, Vec::new())),
            "class_definition" => block.extend(self.class(node, Vec::new())),
            "return_statement" => {
                let value = self.optional(node);
                block.push(Stmt::Return(value));
            }
            "raise_statement" => {
                let value = self.optional(node);
                if let Some(cause) = node.child_by_field_name("cause") {
                    let cause = self.expression(cause);
                    block.push(Stmt::Expr(cause));
                }
                block.push(Stmt::Raise(value, span(node)));
            }
            "if_statement" => block.extend(self.if_statement(node)),
            "for_statement" | "while_statement" => block.extend(self.loop_statement(node)),
            "try_statement" => block.push(self.try_statement(node)),
            "with_statement" => block.push(self.with_statement(node)),
            "match_statement" => block.extend(self.match_statement(node)),
            "assert_statement" => block.extend(self.optional(node).map(Stmt::Assert)),
            "global_statement" => self.declare_outer(node, false),
            "nonlocal_statement" => self.declare_outer(node, true),
            "break_statement" => block.push(Stmt::Break),
            "continue_statement" => block.push(Stmt::Continue),
            "print_statement" | "exec_statement" | "delete_statement" => {
                for child in children(node) {
                    let value = self.expression(child);
                    block.push(Stmt::Expr(value));
                }
            }
            "pass_statement" | "type_alias_statement" => {}
            // What stands in a broken part: its healthy statements and expressions.
            "ERROR" | "block" | "module" => {
                for child in children(node) {
                    self.statement(child, block);
                }
            }
            "else_clause" | "elif_clause" | "except_clause" | "finally_clause" | "case_clause" => {
                for child in children(node) {
                    self.statement(child, block);
                }
            }
            _ => self.lone_expression(node, block),
        }
    }

    fn lone_expression(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "assignment" => self.assignment(node, block),
            "augmented_assignment" => block.extend(self.augmented(node)),
            // Documentation, not data.
            "string" => {}
            _ => {
                let value = self.expression(node);
                block.push(Stmt::Expr(value));
            }
        }
    }

    fn optional(&mut self, node: Node<'a>) -> Option<ExprId> {
        children(node).first().map(|&child| self.expression(child))
    }

    /// `a = b = value`, `a: T = value`, `a: T`.
    fn assignment(&mut self, node: Node<'a>, block: &mut Block) {
        let (mut lefts, mut annotation, mut at) = (Vec::new(), None, node);
        let value = loop {
            lefts.extend(at.child_by_field_name("left"));
            annotation = annotation.or(at.child_by_field_name("type"));
            match at.child_by_field_name("right") {
                Some(right) if right.kind() == "assignment" => at = right,
                right => break right,
            }
        };
        let value = value.map(|value| self.expression(value));
        let annotation = annotation.and_then(|annotation| self.annotation(annotation));
        let targets = lefts.into_iter().map(|left| self.target(left)).collect();
        block.push(Stmt::Assign { targets, value, annotation });
    }

    /// `x += value` as `x = x + value`.
    fn augmented(&mut self, node: Node<'a>) -> Option<Stmt> {
        let left = node.child_by_field_name("left")?;
        let right = self.expression(node.child_by_field_name("right")?);
        let before = self.expression(left);
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        let operands = vec![before, right];
        let kind = match operator {
            "+=" => Kind::Concatenation(operands),
            "%=" => Kind::Operation { operator: Operator::Percent, operands },
            _ => Kind::Operation { operator: Operator::Other, operands },
        };
        let value = self.add(node, kind);
        let target = self.target(left);
        Some(Stmt::Assign { targets: vec![target], value: Some(value), annotation: None })
    }

    fn if_statement(&mut self, node: Node<'a>) -> Option<Stmt> {
        let condition = self.expression(node.child_by_field_name("condition")?);
        let then = self.field_block(node, "consequence");
        let mut arms = vec![(condition, then)];
        let mut otherwise = Vec::new();
        let mut cursor = node.walk();
        let alternatives: Vec<Node<'a>> = node.children_by_field_name("alternative", &mut cursor).collect();
        for alternative in alternatives {
            match alternative.child_by_field_name("condition") {
                Some(condition) => {
                    let condition = self.expression(condition);
                    arms.push((condition, self.field_block(alternative, "consequence")));
                }
                None => otherwise = self.field_block(alternative, "body"),
            }
        }
        Some(Stmt::If { arms, otherwise })
    }

    fn field_block(&mut self, node: Node<'a>, field: &str) -> Block {
        node.child_by_field_name(field).map(|block| self.block(block)).unwrap_or_default()
    }

    fn loop_statement(&mut self, node: Node<'a>) -> Option<Stmt> {
        let (mut each, mut condition) = (None, None);
        let before = self.touched.len();
        if node.kind() == "for_statement" {
            let iterable = self.expression(node.child_by_field_name("right")?);
            let target = self.target(node.child_by_field_name("left")?);
            each = Some((target, iterable));
        } else {
            let test = self.expression(node.child_by_field_name("condition")?);
            let always = match *self.tree.kind(test) {
                Kind::Truth(truth) => truth,
                Kind::Number(number) => number != 0.0,
                _ => false,
            };
            condition = (!always).then_some(test);
        }
        let body = self.field_block(node, "body");
        let assigned = self.touched_since(before);
        let alternative = node.child_by_field_name("alternative");
        let otherwise = alternative.map(|alternative| self.field_block(alternative, "body")).unwrap_or_default();
        Some(Stmt::Loop(Box::new(Loop { each, condition, body, otherwise, assigned, span: span(node) })))
    }

    fn try_statement(&mut self, node: Node<'a>) -> Stmt {
        let body = self.field_block(node, "body");
        let (mut handlers, mut otherwise, mut finally) = (Vec::new(), Vec::new(), Vec::new());
        for child in children(node) {
            match child.kind() {
                "except_clause" | "except_group_clause" => handlers.push(self.handler(child)),
                "else_clause" => otherwise = self.field_block(child, "body"),
                "finally_clause" => {
                    for block in children(child) {
                        finally.extend(self.block(block));
                    }
                }
                _ => {}
            }
        }
        Stmt::Try(Box::new(Try { body, handlers, otherwise, finally }))
    }

    fn handler(&mut self, node: Node<'a>) -> Handler {
        let mut value = node.child_by_field_name("value");
        let mut alias = node.child_by_field_name("alias");
        if let Some(pattern) = value.filter(|value| value.kind() == "as_pattern") {
            value = children(pattern).first().copied();
            alias = pattern.child_by_field_name("alias");
        }
        let types = match value {
            Some(tuple) if tuple.kind() == "tuple" => {
                children(tuple).into_iter().map(|child| self.expression(child)).collect()
            }
            Some(one) => vec![self.expression(one)],
            None => Vec::new(),
        };
        let target = alias.map(|alias| self.target(alias));
        let block = children(node).into_iter().find(|child| child.kind() == "block");
        let body = block.map(|block| self.block(block)).unwrap_or_default();
        Handler { types, target, body, span: span(node) }
    }

    fn with_statement(&mut self, node: Node<'a>) -> Stmt {
        let mut items = Vec::new();
        let clause = children(node).into_iter().find(|child| child.kind() == "with_clause");
        for item in clause.map(children).unwrap_or_default() {
            let Some(value) = item.child_by_field_name("value") else { continue };
            self.with_item(value, &mut items);
        }
        let body = self.field_block(node, "body");
        Stmt::With { items, body }
    }

    /// One context. `with (a as b, c as d)` may stand as a tuple of patterns.
    fn with_item(&mut self, value: Node<'a>, items: &mut Vec<(ExprId, Option<Target>)>) {
        match value.kind() {
            "as_pattern" => {
                let Some(&inner) = children(value).first() else { return };
                let context = self.expression(inner);
                let target = value.child_by_field_name("alias").map(|alias| self.target(alias));
                items.push((context, target));
            }
            "tuple" | "parenthesized_expression"
                if children(value).iter().any(|child| child.kind() == "as_pattern") =>
            {
                for child in children(value) {
                    self.with_item(child, items);
                }
            }
            _ => items.push((self.expression(value), None)),
        }
    }

    fn match_statement(&mut self, node: Node<'a>) -> Option<Stmt> {
        let subject = self.expression(node.child_by_field_name("subject")?);
        let body = node.child_by_field_name("body")?;
        let mut cases = Vec::new();
        for clause in children(body).into_iter().filter(|child| child.kind() == "case_clause") {
            let (mut targets, mut values) = (Vec::new(), Vec::new());
            let patterns: Vec<Node<'a>> =
                children(clause).into_iter().filter(|child| child.kind() == "case_pattern").collect();
            let mut always = patterns.len() == 1;
            for &pattern in &patterns {
                always &= self.pattern(pattern, &mut targets, &mut values);
            }
            let guard = clause.child_by_field_name("guard").and_then(|guard| self.optional(guard));
            let body = self.field_block(clause, "consequence");
            cases.push(Case { targets, values, guard, always: always && guard.is_none(), body });
        }
        Some(Stmt::Match { subject, cases })
    }

    /// Collects what a pattern binds and the values it compares with; whether it matches anything.
    fn pattern(&mut self, node: Node<'a>, targets: &mut Vec<Target>, values: &mut Vec<ExprId>) -> bool {
        self.deeper(node, |this| match node.kind() {
            "identifier" => {
                targets.push(this.target(node));
                true
            }
            "dotted_name" => {
                let parts = children(node);
                match parts.as_slice() {
                    [one] => this.pattern(*one, targets, values),
                    _ => {
                        let text = this.source(node);
                        values.extend(this.forward_reference(node, text));
                        false
                    }
                }
            }
            "case_pattern" => match children(node).as_slice() {
                [] => this.source(node).trim() == "_",
                [one] => this.pattern(*one, targets, values),
                many => {
                    for &child in many {
                        this.pattern(child, targets, values);
                    }
                    false
                }
            },
            "string" | "concatenated_string" | "integer" | "float" | "true" | "false" | "none" => {
                values.push(this.expression(node));
                false
            }
            "class_pattern" | "keyword_pattern" => {
                // The first part names the class or field; the rest are patterns.
                for child in children(node).into_iter().skip(1) {
                    this.pattern(child, targets, values);
                }
                false
            }
            kind => {
                let mut always = false;
                for child in children(node) {
                    always |= this.pattern(child, targets, values);
                }
                always && matches!(kind, "as_pattern" | "as_pattern_target" | "union_pattern")
            }
        })
        .unwrap_or(false)
    }

    /// `global`, `nonlocal`: the names mean variables of another scope from here on.
    fn declare_outer(&mut self, node: Node<'a>, nonlocal: bool) {
        for child in children(node) {
            let name = self.name(child);
            let mut scope = crate::tree::ScopeId(0);
            if nonlocal {
                let mut outer = self.tree.scopes[self.scope.at()].parent;
                while let Some(id) = outer {
                    let region = &self.tree.scopes[id.at()];
                    if region.kind == ScopeKind::Function {
                        scope = id;
                        if region.names.contains_key(&name) {
                            break;
                        }
                    }
                    outer = region.parent;
                }
            }
            let slot = self.tree.bind(scope, name);
            self.tree.scopes[self.scope.at()].names.insert(name, slot);
            self.touched.push(Touched { name, attribute: None });
        }
    }
}
