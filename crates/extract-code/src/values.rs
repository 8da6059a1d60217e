//! Branches that have a value: they are statements before their own, in which each branch gives its value to a variable that no
//! name finds.

use tree_sitter::Node;

use crate::lower::{Lowerer, span};
use crate::shapes::Grammar;
use crate::tree::{Block, Case, ExprId, Kind, Slot, Stmt, Sym, Target};

/// The variable that gets a value.
pub type Given = (Sym, Slot);

/// What becomes of the value of a block's last statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Give {
    Nothing,
    Back,
    To(Given),
}

impl<'a, L: Grammar<'a>> Lowerer<'a, L> {
    /// A variable that no name finds.
    pub fn given(&mut self) -> Given {
        let name = self.tree.fresh("");
        (name, self.bind(name))
    }

    /// Gives the value of an expression to a variable; what throws instead leaves.
    pub fn give_value(&mut self, to: Given, value: Node<'a>, block: &mut Block) {
        let outer = std::mem::take(&mut self.before);
        let thrown = value.kind() == "throw_expression";
        let given = if thrown { self.first(value) } else { Some(self.expression(value)) };
        block.append(&mut self.before);
        self.before = outer;
        match given.filter(|_| !thrown) {
            Some(given) => self.give_expr(to, given, value, block),
            None => block.push(Stmt::Raise(given, span(value))),
        }
    }

    /// Gives a value that is there already.
    pub fn give_expr(&mut self, (name, slot): Given, value: ExprId, at: Node<'a>, block: &mut Block) {
        let expr = self.add_at(span(at), Kind::Name(name));
        let targets = vec![Target::Name(expr, slot)];
        block.push(Stmt::Assign { targets, value: Some(value), annotation: None });
    }

    /// The value of a choice among cases that have given theirs; one of them always does.
    pub fn chosen(&mut self, node: Node<'a>, subject: ExprId, mut cases: Vec<Case>, given: Given) -> ExprId {
        if let Some(last) = cases.last_mut() {
            last.always = true;
        }
        self.before.push(Stmt::Match { subject, cases });
        self.add(node, Kind::Name(given.0))
    }

    /// Gives a value to whoever wants it.
    pub fn hand(&mut self, value: ExprId, node: Node<'a>, give: Give, block: &mut Block) {
        match give {
            Give::Nothing => {}
            Give::Back => block.push(Stmt::Return(Some(value))),
            Give::To(to) => self.give_expr(to, value, node, block),
        }
    }
}
