//! `switch` as a statement and as an expression. The latter is a statement before its own, which gives its value to a
//! variable that no name finds.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Block, Case, ExprId, Kind, Stmt};

impl<'a> Lowerer<'a> {
    pub(super) fn switch_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let Some(subject) = self.part(node, "value") else { return };
        let (mut cases, mut pending, mut always) = (Vec::new(), Vec::new(), false);
        for section in node.child_by_field_name("body").map(children).unwrap_or_default() {
            let (mut body, mut guard) = (Vec::new(), None);
            let mut labels = 0;
            self.switches += 1;
            for part in children(section) {
                if is_pattern(part) && body.is_empty() {
                    labels += 1;
                    self.pattern(part, subject, &mut pending, &mut body);
                } else if part.kind() == "when_clause" {
                    guard = self.first(part);
                } else {
                    self.statement(part, &mut body);
                }
            }
            self.switches -= 1;
            always |= labels == 0;
            // Labels side by side share what comes after the last of them.
            let empty = children(section).iter().all(|part| is_pattern(*part));
            if empty && !always {
                continue;
            }
            let values = std::mem::take(&mut pending);
            cases.push(Case { targets: Vec::new(), values, guard, always, body });
            always = false;
        }
        block.push(Stmt::Match { subject, cases });
    }

    pub(super) fn switch_expression(&mut self, node: Node<'a>) -> ExprId {
        let parts = children(node);
        let Some((&subject, arms)) = parts.split_first() else { return self.other(node) };
        let subject = self.expression(subject);
        let to = self.given();
        let mut cases = Vec::new();
        for &arm in arms.iter().filter(|arm| arm.kind() == "switch_expression_arm") {
            let parts = children(arm);
            let (Some(&pattern), Some(&value)) = (parts.first(), parts.last()) else { continue };
            let (mut values, mut body) = (Vec::new(), Vec::new());
            self.pattern(pattern, subject, &mut values, &mut body);
            let guard = parts.iter().find(|part| part.kind() == "when_clause").and_then(|&when| self.first(when));
            self.give_value(to, value, &mut body);
            cases.push(Case { targets: Vec::new(), values, guard, always: pattern.kind() == "discard", body });
        }
        self.chosen(node, subject, cases, to)
    }

    /// What a pattern compares with, and what it binds.
    pub(super) fn pattern(&mut self, node: Node<'a>, subject: ExprId, values: &mut Vec<ExprId>, body: &mut Block) {
        self.deeper(node, |this| match node.kind() {
            "constant_pattern" => values.extend(this.first(node)),
            "declaration_pattern" | "var_pattern" | "recursive_pattern" => {
                let ty = node.child_by_field_name("type").and_then(|ty| this.type_expression(ty));
                if let Some(name) = node.child_by_field_name("name") {
                    this.declare(name, Some(subject), ty, body);
                }
            }
            "type_pattern" | "discard" | "relational_pattern" => {}
            "negated_pattern" | "parenthesized_pattern" | "or_pattern" | "and_pattern" => {
                for part in children(node) {
                    this.pattern(part, subject, values, body);
                }
            }
            _ => {}
        });
    }

    /// `x is null`, `x is T t`.
    pub(super) fn is_pattern(&mut self, node: Node<'a>) -> ExprId {
        let (Some(value), Some(pattern)) = (self.part(node, "expression"), node.child_by_field_name("pattern")) else {
            return self.other(node);
        };
        let mut operands = vec![value];
        let mut before = std::mem::take(&mut self.before);
        // A name is declared before the statement, which costs nothing where the test fails.
        self.pattern(pattern, value, &mut operands, &mut before);
        self.before = before;
        self.add(node, Kind::Comparison(operands))
    }
}

fn is_pattern(node: Node<'_>) -> bool {
    node.kind().ends_with("_pattern") || node.kind() == "discard"
}
