//! What a name without an object means: a variable, or a member of a class around.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::span;
use crate::tree::{ExprId, Kind, Sym};

impl<'a> Lowerer<'a> {
    /// A name that is read or names a type.
    pub(super) fn named(&mut self, node: Node<'a>) -> ExprId {
        let name = self.name(node);
        if self.tree.lookup(self.scope, name).is_some() {
            return self.add(node, Kind::Name(name));
        }
        match self.owner(name, span(node), false) {
            Some(object) => self.add(node, Kind::Attribute { object, name }),
            None => self.add(node, Kind::Name(name)),
        }
    }

    /// The name of a method that is called without an object.
    pub(super) fn called(&mut self, node: Node<'a>) -> ExprId {
        let name = self.name(node);
        match self.owner(name, span(node), true) {
            Some(object) => self.add(node, Kind::Attribute { object, name }),
            None => self.add(node, Kind::Name(name)),
        }
    }

    /// The object, or class, that has the member.
    fn owner(&mut self, name: Sym, at: Span, called: bool) -> Option<ExprId> {
        let at = Span::at(at.start as usize);
        let of_type = |frame: &super::Frame| !called && frame.types.contains(&name);
        let found = self.language.classes.iter().rposition(|frame| of_type(frame) || frame.members.contains(&name));
        let number = match found {
            Some(number) => number,
            // Inherited, unless it was imported by name.
            None if self.tree.lookup(self.scope, name).is_none() => {
                let small = self.tree.text(name).starts_with(char::is_lowercase);
                self.language.classes.iter().rposition(|frame| small && (called || frame.inherits))?
            }
            None => return None,
        };
        let frame = &self.language.classes[number];
        let (class, this, is_type) = (frame.name, frame.this, of_type(frame));
        let object = match self.tree.lookup(self.scope, this) {
            Some(_) if !is_type => this,
            _ => class,
        };
        Some(self.add_at(at, Kind::Name(object)))
    }

    /// `this`.
    pub(super) fn this(&mut self, node: Node<'a>) -> ExprId {
        let this = self.language.classes.last().map(|frame| frame.this);
        let this = this.unwrap_or_else(|| self.tree.sym("this"));
        self.add(node, Kind::Name(this))
    }
}
