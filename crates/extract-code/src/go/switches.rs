//! `switch` and `select`.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{Block, Case, ExprId, Kind, Stmt};

impl<'a> Lowerer<'a> {
    /// `switch x { case a, b: … }`; without a value it is a chain of `if`.
    pub(super) fn expression_switch(&mut self, node: Node<'a>, block: &mut Block) {
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, block);
        }
        let subject = node.child_by_field_name("value").map(|value| self.expression(value));
        let mut cases = Vec::new();
        for clause in children(node) {
            if !matches!(clause.kind(), "expression_case" | "default_case") {
                continue;
            }
            let values = clause.child_by_field_name("value").map(children).unwrap_or_default();
            let values: Vec<ExprId> = values.into_iter().map(|value| self.expression(value)).collect();
            let body = self.case_body(clause, Vec::new());
            let always = clause.kind() == "default_case";
            cases.push((clause, Case { targets: Vec::new(), values, guard: None, always, body }));
        }
        match subject {
            Some(subject) => {
                let cases = cases.into_iter().map(|(_, case)| case).collect();
                block.push(Stmt::Match { subject, cases });
            }
            None => block.push(self.chain(cases)),
        }
    }

    fn chain(&mut self, cases: Vec<(Node<'a>, Case)>) -> Stmt {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        for (clause, case) in cases {
            match case.values.as_slice() {
                [] => otherwise = case.body,
                [one] => arms.push((*one, case.body)),
                _ => {
                    let place = clause.child_by_field_name("value").unwrap_or(clause);
                    let condition = self.add(place, Kind::Choice(case.values));
                    arms.push((condition, case.body));
                }
            }
        }
        Stmt::If { arms, otherwise }
    }

    /// `switch v := x.(type) { case T: … }`: in each case the name has the case's type.
    pub(super) fn type_switch(&mut self, node: Node<'a>, block: &mut Block) {
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, block);
        }
        let Some(value) = node.child_by_field_name("value") else { return };
        let subject = self.expression(value);
        let alias = node.child_by_field_name("alias").and_then(|list| children(list).first().copied());
        let mut cases = Vec::new();
        for clause in children(node) {
            if !matches!(clause.kind(), "type_case" | "default_case") {
                continue;
            }
            let mut cursor = clause.walk();
            let types: Vec<Node<'a>> =
                clause.children_by_field_name("type", &mut cursor).filter(Node::is_named).collect();
            let mut start = Vec::new();
            if let Some(alias) = alias {
                let annotation = match types.as_slice() {
                    [one] => self.type_expression(*one),
                    _ => None,
                };
                let target = self.target(alias, true);
                start.push(Stmt::Assign { targets: vec![target], value: Some(subject), annotation });
            }
            let body = self.case_body(clause, start);
            let always = clause.kind() == "default_case";
            cases.push(Case { targets: Vec::new(), values: Vec::new(), guard: None, always, body });
        }
        block.push(Stmt::Match { subject, cases });
    }

    /// `select { case v := <-c: … }`: one of the cases runs.
    pub(super) fn select(&mut self, node: Node<'a>, block: &mut Block) {
        let mut cases = Vec::new();
        for clause in children(node) {
            let mut start = Vec::new();
            if let Some(communication) = clause.child_by_field_name("communication") {
                self.statement(communication, &mut start);
            }
            let body = self.case_body(clause, start);
            cases.push(Case { targets: Vec::new(), values: Vec::new(), guard: None, always: false, body });
        }
        // One of them always runs: the last stands for all others.
        if let Some(last) = cases.last_mut() {
            last.always = true;
        }
        let subject = self.add(node, Kind::Other(Vec::new()));
        block.push(Stmt::Match { subject, cases });
    }

    fn case_body(&mut self, clause: Node<'a>, mut body: Block) -> Block {
        self.switches += 1;
        for list in children(clause).into_iter().filter(|child| child.kind() == "statement_list") {
            self.statements(list, &mut body);
        }
        self.switches -= 1;
        body
    }
}
