//! `if`, `when` and `try` where their value is used: statements before, in which each branch gives its last value.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Case, ExprId, Handler, Kind, Stmt, Try};
use crate::values::Given;

/// The variable that gets the value; none where nobody asks for it.
type Wanted = Option<Given>;

impl<'a> Lowerer<'a> {
    pub(super) fn value_of(&mut self, node: Node<'a>) -> ExprId {
        let to = self.given();
        let mut before = std::mem::take(&mut self.before);
        self.branching(node, Some(to), &mut before);
        self.before = before;
        self.add(node, Kind::Name(to.0))
    }

    /// A branching statement.
    pub(super) fn branching(&mut self, node: Node<'a>, given: Wanted, block: &mut Block) {
        match node.kind() {
            "if_expression" => self.if_expression(node, given, block),
            "when_expression" => self.when(node, given, block),
            _ => self.try_expression(node, given, block),
        }
    }

    /// A branch: what it does, and the value of its last expression.
    fn branch(&mut self, node: Node<'a>, given: Wanted, block: &mut Block) {
        self.deeper(node, |this| {
            let Some(to) = given else { return this.statement(node, block) };
            match node.kind() {
                "block" | "control_structure_body" => {
                    let parts = children(node);
                    let Some((&last, rest)) = parts.split_last() else { return };
                    for &part in rest {
                        this.statement(part, block);
                    }
                    this.branch(last, given, block);
                }
                "if_expression" | "when_expression" | "try_expression" => this.branching(node, given, block),
                "return_expression"
                | "throw_expression"
                | "assignment"
                | "property_declaration"
                | "for_statement"
                | "while_statement"
                | "break_expression"
                | "continue_expression" => this.statement(node, block),
                _ => this.give_value(to, node, block),
            }
        });
    }

    fn if_expression(&mut self, node: Node<'a>, given: Wanted, block: &mut Block) {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let mut at = node;
        while let Some(condition) = at.child_by_field_name("condition") {
            let test = self.expression(condition);
            let branches: Vec<Node<'a>> = children(at).into_iter().filter(|child| *child != condition).collect();
            let mut then = Vec::new();
            if let Some(&branch) = branches.first() {
                self.branch(branch, given, &mut then);
            }
            arms.push((test, then));
            match branches.get(1) {
                Some(&next) if next.kind() == "if_expression" => at = next,
                Some(&next) => {
                    self.branch(next, given, &mut otherwise);
                    break;
                }
                None => break,
            }
        }
        block.push(Stmt::If { arms, otherwise });
    }

    /// `when (x) { a, b -> …; is T -> …; else -> … }`; without a subject it is a chain of `if`.
    fn when(&mut self, node: Node<'a>, given: Wanted, block: &mut Block) {
        let subject = children(node).into_iter().find(|child| child.kind() == "when_subject");
        let subject = subject.and_then(|subject| children(subject).last().copied());
        let value = subject.map(|subject| self.expression(subject));
        let (mut cases, mut arms, mut otherwise) = (Vec::new(), Vec::new(), Vec::new());
        for entry in children(node).into_iter().filter(|child| child.kind() == "when_entry") {
            let mut cursor = entry.walk();
            let conditions: Vec<Node<'a>> =
                entry.children_by_field_name("condition", &mut cursor).filter(Node::is_named).collect();
            let values: Vec<ExprId> = conditions.iter().filter_map(|&condition| self.condition(condition)).collect();
            let mut body = Vec::new();
            if let Some(&branch) = children(entry).last() {
                self.branch(branch, given, &mut body);
            }
            match (value, conditions.first()) {
                (Some(_), first) => {
                    let always = first.is_none();
                    cases.push(Case { targets: Vec::new(), values, guard: None, always, body });
                }
                (None, None) => otherwise = body,
                (None, Some(&at)) => {
                    let test = match values.as_slice() {
                        [one] => *one,
                        _ => self.add(at, Kind::Choice(values)),
                    };
                    arms.push((test, body));
                }
            }
        }
        match value {
            Some(subject) => {
                // What has a value always has one.
                if let (Some(last), Some(_)) = (cases.last_mut(), given) {
                    last.always = true;
                }
                block.push(Stmt::Match { subject, cases });
            }
            None => block.push(Stmt::If { arms, otherwise }),
        }
    }

    fn condition(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "type_test" | "range_test" => None,
            _ => Some(self.expression(node)),
        }
    }

    fn try_expression(&mut self, node: Node<'a>, given: Wanted, block: &mut Block) {
        let (mut body, mut handlers, mut finally) = (Vec::new(), Vec::new(), Vec::new());
        for child in children(node) {
            match child.kind() {
                "catch_block" => {
                    let parts = children(child);
                    let types = parts.iter().filter(|part| super::types::is_type(**part));
                    let types = types.copied().collect::<Vec<_>>();
                    let types = types.into_iter().filter_map(|ty| self.type_expression(ty)).collect();
                    let name = parts.iter().find(|part| part.kind() == "identifier").copied();
                    let target = name.map(|name| self.name_target(name));
                    let mut body = Vec::new();
                    if let Some(&inner) = parts.last().filter(|part| part.kind() == "block") {
                        self.branch(inner, given, &mut body);
                    }
                    handlers.push(Handler { types, target, body, span: span(child) });
                }
                "finally_block" => self.statements(child, &mut finally),
                _ => self.branch(child, given, &mut body),
            }
        }
        block.push(Stmt::Try(Box::new(Try { body, handlers, otherwise: Vec::new(), finally })));
    }
}
