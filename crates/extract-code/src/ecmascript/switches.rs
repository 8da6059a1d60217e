//! `switch`: cases that exclude each other, as long as each ends in a `break` or leaves.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Case, ExprId, Loop, Stmt};

/// How a switch is left in the middle of a case.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    breaks: bool,
    continues: bool,
    /// A loop that stands inside.
    is_loop: bool,
}

impl<'a> Lowerer<'a> {
    /// Runs `inner` in a loop, to whose end its breaks lead.
    pub fn in_loop<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.language.switches.push(Switch { is_loop: true, ..Switch::default() });
        let result = inner(self);
        self.language.switches.pop();
        result
    }

    /// Notes a break or continue that stands in a switch.
    pub fn note_leaving(&mut self, breaks: bool) {
        for around in self.language.switches.iter_mut().rev() {
            if around.is_loop {
                return;
            }
            around.breaks |= breaks;
            around.continues |= !breaks;
            if breaks {
                return;
            }
        }
    }

    /// `switch (kind) { case "a": …; break; default: … }`.
    pub fn switch(&mut self, node: Node<'a>) -> Option<Stmt> {
        let subject = self.expression(node.child_by_field_name("value")?);
        let clauses = node.child_by_field_name("body").map(children).unwrap_or_default();
        let names = clauses.iter().flat_map(|&clause| self.declared(clause)).collect();
        self.language.switches.push(Switch::default());
        let cases = self.in_block(names, |this| this.switch_cases(&clauses));
        let how = self.language.switches.pop().unwrap_or_default();
        let switch = Stmt::Match { subject, cases };
        if !how.breaks || how.continues {
            return Some(switch);
        }
        // A break in the middle leads behind the switch, as out of a loop that runs once.
        let body = vec![switch, Stmt::Break];
        let (otherwise, assigned) = (Vec::new(), Vec::new());
        Some(Stmt::Loop(Box::new(Loop { each: None, condition: None, body, otherwise, assigned, span: span(node) })))
    }

    fn switch_cases(&mut self, clauses: &[Node<'a>]) -> Vec<Case> {
        let mut cases = Vec::new();
        let mut values: Vec<ExprId> = Vec::new();
        let mut always = false;
        for &clause in clauses {
            always |= clause.kind() == "switch_default";
            values.extend(clause.child_by_field_name("value").map(|value| self.expression(value)));
            let mut cursor = clause.walk();
            let body: Vec<Node<'a>> = clause.children_by_field_name("body", &mut cursor).collect();
            if body.is_empty() {
                continue;
            }
            let body = self.case_body(&body);
            cases.push(Case { targets: Vec::new(), values: std::mem::take(&mut values), guard: None, always, body });
            always = false;
        }
        if !values.is_empty() {
            cases.push(Case { targets: Vec::new(), values, guard: None, always, body: Vec::new() });
        }
        cases
    }

    /// The statements of a case without the break at their end, whether in braces or not.
    fn case_body(&mut self, statements: &[Node<'a>]) -> Block {
        let mut body = Vec::new();
        let last = statements.iter().rposition(|statement| !statement.is_extra());
        for (number, &statement) in statements.iter().enumerate() {
            let ends = Some(number) == last;
            match statement.kind() {
                "break_statement" if ends => {}
                "statement_block" if ends => {
                    let names = self.declared(statement);
                    let inner = children(statement);
                    body.extend(self.in_block(names, |this| this.case_body(&inner)));
                }
                _ => self.statement(statement, &mut body),
            }
        }
        body
    }
}
