//! `switch`, as a statement and as an expression. The latter is a statement before its own, which gives its value to
//! a variable that no name finds.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Block, Case, ExprId, Stmt};
use crate::values::Given;

impl<'a> Lowerer<'a> {
    pub(super) fn switch_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let Some((subject, clauses)) = self.switch_parts(node) else { return };
        let cases = self.cases(subject, &clauses, None);
        block.push(Stmt::Match { subject, cases });
    }

    pub(super) fn switch_expression(&mut self, node: Node<'a>) -> ExprId {
        let Some((subject, clauses)) = self.switch_parts(node) else { return self.other(node) };
        let to = self.given();
        self.language.yields.push(to);
        let cases = self.cases(subject, &clauses, Some(to));
        self.language.yields.pop();
        self.chosen(node, subject, cases, to)
    }

    fn switch_parts(&mut self, node: Node<'a>) -> Option<(ExprId, Vec<Node<'a>>)> {
        let subject = self.expression(node.child_by_field_name("condition")?);
        Some((subject, children(node.child_by_field_name("body")?)))
    }

    fn cases(&mut self, subject: ExprId, clauses: &[Node<'a>], value_of: Option<Given>) -> Vec<Case> {
        let mut cases = Vec::new();
        let mut pending = Vec::new();
        let mut always = false;
        for &clause in clauses {
            let parts = children(clause);
            let mut body = Vec::new();
            for &label in parts.iter().filter(|part| part.kind() == "switch_label") {
                always |= self.label(label, subject, &mut pending, &mut body);
            }
            let rest: Vec<Node<'a>> = parts.into_iter().filter(|part| part.kind() != "switch_label").collect();
            if rest.is_empty() {
                continue;
            }
            self.switches += 1;
            for part in rest {
                match value_of {
                    Some(to) if clause.kind() == "switch_rule" && part.kind() == "expression_statement" => {
                        if let Some(&value) = children(part).first() {
                            self.give_value(to, value, &mut body);
                        }
                    }
                    _ => self.statement(part, &mut body),
                }
            }
            self.switches -= 1;
            let values = std::mem::take(&mut pending);
            cases.push(Case { targets: Vec::new(), values, guard: None, always, body });
            always = false;
        }
        cases
    }

    /// `case A, B ->`, `case T t when … ->`, `default ->`; whether it matches anything.
    fn label(&mut self, label: Node<'a>, subject: ExprId, values: &mut Vec<ExprId>, body: &mut Block) -> bool {
        let parts = children(label);
        for &part in &parts {
            match part.kind() {
                "pattern" | "type_pattern" => self.pattern(part, subject, body),
                "guard" => {
                    for child in children(part) {
                        values.push(self.expression(child));
                    }
                }
                "record_pattern" => {}
                _ => values.push(self.expression(part)),
            }
        }
        parts.is_empty() || self.source(label).trim_start().starts_with("default")
    }

    fn pattern(&mut self, node: Node<'a>, subject: ExprId, body: &mut Block) {
        let parts = children(node);
        match parts.as_slice() {
            [inner] if node.kind() == "pattern" => self.pattern(*inner, subject, body),
            [ty, name] if name.kind() == "identifier" => {
                let annotation = self.type_expression(*ty);
                self.declare(*name, Some(subject), annotation, body);
            }
            _ => {}
        }
    }

    /// `yield x;`
    pub(super) fn yield_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(&to), Some(&value)) = (self.language.yields.last(), children(node).first()) else { return };
        self.give_value(to, value, block);
    }
}
