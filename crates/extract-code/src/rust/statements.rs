//! Rust's statements, and expressions that are some. What a block ends with is its value.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Block, Case, ExprId, Kind, Operator, Stmt};
use crate::values::Give;

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        if node.kind() == "attribute_item" {
            return self.language.attributes.push(node);
        }
        if self.item(node, block) {
            return;
        }
        self.tail(node, Give::Nothing, block);
    }

    /// What stands in a block; the last gives the block's value.
    pub(super) fn tail_block(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let parts = children(node);
        let Some((&last, rest)) = parts.split_last() else { return };
        for &part in rest {
            self.statement(part, block);
        }
        let silent = match last.kind() {
            "expression_statement" => self.source(last).ends_with(';'),
            kind => matches!(kind, "let_declaration" | "empty_statement") || kind.ends_with("_item"),
        };
        match give {
            Give::Nothing => self.statement(last, block),
            _ if silent => self.statement(last, block),
            _ => self.tail_statement(last, give, block),
        }
    }

    fn tail_statement(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        self.deeper(node, |this| {
            let outer = std::mem::take(&mut this.before);
            let mut own = Vec::new();
            this.tail(node, give, &mut own);
            block.append(&mut this.before);
            block.append(&mut own);
            this.before = outer;
        });
    }

    /// A statement or expression, and what becomes of its value.
    pub(super) fn tail(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    self.tail(child, give, block);
                }
            }
            "let_declaration" => self.let_declaration(node, block),
            "block" | "source_file" | "declaration_list" | "ERROR" => self.tail_block(node, give, block),
            "unsafe_block" | "async_block" | "try_block" | "const_block" | "gen_block" => {
                if let Some(&inner) = children(node).last() {
                    self.tail_block(inner, give, block);
                }
            }
            "if_expression" => self.if_expression(node, give, block),
            "match_expression" => self.match_expression(node, give, block),
            "while_expression" => {
                let before = self.touched.len();
                let condition = self.part(node, "condition");
                self.repeat(node, None, condition, before, block);
            }
            "loop_expression" => {
                let before = self.touched.len();
                self.repeat(node, None, None, before, block);
            }
            "for_expression" => {
                let (Some(pattern), Some(iterable)) = (node.child_by_field_name("pattern"), self.part(node, "value"))
                else {
                    return;
                };
                let before = self.touched.len();
                let target = self.pattern(pattern);
                self.repeat(node, Some((target, iterable)), None, before, block);
            }
            "return_expression" => {
                let value = self.first(node);
                block.append(&mut self.before);
                block.push(Stmt::Return(value));
            }
            "break_expression" => block.push(Stmt::Break),
            "continue_expression" => block.push(Stmt::Continue),
            "empty_statement" | "line_comment" | "block_comment" | "label" => {}
            _ => {
                let value = self.expression(node);
                block.append(&mut self.before);
                match give {
                    Give::Nothing => self.value_statement(value, block),
                    _ => self.hand(value, node, give, block),
                }
            }
        }
    }

    /// `let a: T = x;`, `let Some(a) = x else { return };`
    fn let_declaration(&mut self, node: Node<'a>, block: &mut Block) {
        let Some(pattern) = node.child_by_field_name("pattern") else { return };
        let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let value = self.part(node, "value");
        block.append(&mut self.before);
        if let (Some(alternative), Some(value)) = (node.child_by_field_name("alternative"), value) {
            let operands = vec![value];
            let at = node.child_by_field_name("value").unwrap_or(node);
            let failed = self.add(at, Kind::Operation { operator: Operator::Not, operands });
            let mut otherwise = Vec::new();
            self.tail_block(alternative, Give::Nothing, &mut otherwise);
            block.push(Stmt::If { arms: vec![(failed, otherwise)], otherwise: Vec::new() });
        }
        let targets = vec![self.pattern(pattern)];
        block.push(Stmt::Assign { targets, value, annotation });
    }

    /// `if … else if … else …`, each an arm of the same statement.
    fn if_expression(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let mut at = node;
        while let Some(condition) = self.part(at, "condition") {
            // What conditions bind is bound before all of them.
            block.append(&mut self.before);
            let mut then = Vec::new();
            if let Some(inner) = at.child_by_field_name("consequence") {
                self.branch(inner, give, &mut then);
            }
            arms.push((condition, then));
            let next = at.child_by_field_name("alternative").and_then(|clause| children(clause).first().copied());
            match next {
                Some(next) if next.kind() == "if_expression" => at = next,
                Some(next) => {
                    self.branch(next, give, &mut otherwise);
                    break;
                }
                None => break,
            }
        }
        block.push(Stmt::If { arms, otherwise });
    }

    /// A block or expression of a branch, with what its expressions need before them.
    fn branch(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let outer = std::mem::take(&mut self.before);
        self.deeper(node, |this| this.tail(node, give, block));
        block.append(&mut self.before);
        self.before = outer;
    }

    fn match_expression(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let (Some(subject), Some(body)) = (self.part(node, "value"), node.child_by_field_name("body")) else { return };
        block.append(&mut self.before);
        let mut cases = Vec::new();
        for arm in children(body) {
            let (Some(pattern), Some(value)) = (arm.child_by_field_name("pattern"), arm.child_by_field_name("value"))
            else {
                continue;
            };
            let mut values: Vec<ExprId> = Vec::new();
            self.compared(pattern, &mut values);
            let mut body = Vec::new();
            let targets = vec![self.pattern(pattern)];
            body.push(Stmt::Assign { targets, value: Some(subject), annotation: None });
            let guard = self.part(pattern, "condition");
            let always = guard.is_none() && self.is_open(pattern);
            self.branch(value, give, &mut body);
            cases.push(Case { targets: Vec::new(), values, guard, always, body });
        }
        // One of the arms is always taken.
        if let Some(last) = cases.last_mut() {
            last.always = true;
        }
        block.push(Stmt::Match { subject, cases });
    }
}
