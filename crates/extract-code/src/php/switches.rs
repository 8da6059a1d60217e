//! `switch`, and `match`, which has a value.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Block, Case, ExprId, Stmt};

impl<'a> Lowerer<'a> {
    pub(super) fn switch_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(subject), Some(body)) = (self.part(node, "condition"), node.child_by_field_name("body")) else {
            return;
        };
        let (mut cases, mut values, mut always) = (Vec::new(), Vec::new(), false);
        for section in children(body) {
            let value = section.child_by_field_name("value");
            always |= section.kind() == "default_statement";
            values.extend(value.map(|value| self.expression(value)));
            let statements = children(section).into_iter().filter(|part| Some(*part) != value);
            let statements: Vec<Node<'a>> = statements.collect();
            // Labels side by side share what comes after the last of them.
            if statements.is_empty() {
                continue;
            }
            let mut body = Vec::new();
            self.switches += 1;
            for statement in statements {
                self.statement(statement, &mut body);
            }
            self.switches -= 1;
            cases.push(Case { targets: Vec::new(), values: std::mem::take(&mut values), guard: None, always, body });
            always = false;
        }
        block.push(Stmt::Match { subject, cases });
    }

    /// `match ($x) { 'a', 'b' => $y, default => throw … }`.
    pub(super) fn match_expression(&mut self, node: Node<'a>) -> ExprId {
        let (Some(subject), Some(body)) = (self.part(node, "condition"), node.child_by_field_name("body")) else {
            return self.other(node);
        };
        let to = self.given();
        let mut cases = Vec::new();
        for arm in children(body) {
            let Some(value) = arm.child_by_field_name("return_expression") else { continue };
            let values = arm.child_by_field_name("conditional_expressions").map(|list| self.all(list));
            let (always, mut body) = (values.is_none(), Vec::new());
            self.give_value(to, value, &mut body);
            cases.push(Case { targets: Vec::new(), values: values.unwrap_or_default(), guard: None, always, body });
        }
        self.chosen(node, subject, cases, to)
    }
}
