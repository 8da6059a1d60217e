//! Members of classes around, for languages in which an object's own fields and methods are named without it.
//!
//! `name` is lowered as `this.name` where a class around has such a member, or as an attribute of the class where there is
//! no object of it.

use base::Span;
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;
use tree_sitter::Node;

use crate::lower::{Lowerer, span};
use crate::tree::{ClassId, ExprId, Kind, Sym};

/// A class around.
pub struct Frame {
    pub id: ClassId,
    pub name: Sym,
    /// What its own object is called.
    pub this: Sym,
    /// Fields and methods.
    pub members: HashSet<Sym, FxBuildHasher>,
    /// Classes that are members.
    pub types: HashSet<Sym, FxBuildHasher>,
    /// Whether it may inherit members from elsewhere.
    pub inherits: bool,
}

impl<'a, L> Lowerer<'a, L> {
    /// A name that is read or names a type.
    pub fn named(&mut self, node: Node<'a>, inheritable: fn(&str) -> bool) -> ExprId {
        let name = self.name(node);
        self.named_at(name, span(node), inheritable)
    }

    /// The same of a name that is no node of its own.
    pub fn named_at(&mut self, name: Sym, at: Span, inheritable: fn(&str) -> bool) -> ExprId {
        if self.tree.lookup(self.scope, name).is_some() {
            return self.add_at(at, Kind::Name(name));
        }
        match self.owner(name, at, false, inheritable) {
            Some(object) => self.add_at(at, Kind::Attribute { object, name }),
            None => self.add_at(at, Kind::Name(name)),
        }
    }

    /// A name of a type: of a class in a class around, or as written.
    pub fn named_type(&mut self, node: Node<'a>) -> ExprId {
        let name = self.name(node);
        let bound = self.tree.lookup(self.scope, name).is_some();
        let owner = self.classes.iter().rfind(|frame| frame.types.contains(&name)).map(|frame| frame.name);
        match owner.filter(|_| !bound) {
            Some(owner) => {
                let object = self.add_at(Span::at(node.start_byte()), Kind::Name(owner));
                self.add(node, Kind::Attribute { object, name })
            }
            None => self.add(node, Kind::Name(name)),
        }
    }

    /// The name of a method that is called without an object.
    pub fn called(&mut self, node: Node<'a>, inheritable: fn(&str) -> bool) -> ExprId {
        let name = self.name(node);
        match self.owner(name, span(node), true, inheritable) {
            Some(object) => self.add(node, Kind::Attribute { object, name }),
            None => self.add(node, Kind::Name(name)),
        }
    }

    /// The object, or class, that has the member.
    fn owner(&mut self, name: Sym, at: Span, called: bool, inheritable: fn(&str) -> bool) -> Option<ExprId> {
        let at = Span::at(at.start as usize);
        let of_type = |frame: &Frame| !called && frame.types.contains(&name);
        let found = self.classes.iter().rposition(|frame| of_type(frame) || frame.members.contains(&name));
        let number = match found {
            Some(number) => number,
            // Inherited, unless it was imported by name.
            None if self.tree.lookup(self.scope, name).is_none() => {
                let inheritable = inheritable(self.tree.text(name));
                self.classes.iter().rposition(|frame| inheritable && (called || frame.inherits))?
            }
            None => return None,
        };
        let frame = &self.classes[number];
        let (class, this, is_type) = (frame.name, frame.this, of_type(frame));
        let object = match self.tree.lookup(self.scope, this) {
            Some(_) if !is_type => this,
            _ => class,
        };
        Some(self.add_at(at, Kind::Name(object)))
    }

    /// What the own object of the class around is called.
    pub fn this_name(&mut self) -> Sym {
        let this = self.classes.last().map(|frame| frame.this);
        this.unwrap_or_else(|| self.tree.sym("this"))
    }

    /// `this`.
    pub fn this(&mut self, node: Node<'a>) -> ExprId {
        let this = self.this_name();
        self.add(node, Kind::Name(this))
    }

    /// Notes the name of a member.
    pub fn note_name(&mut self, node: Node<'a>, names: &mut HashSet<Sym, FxBuildHasher>) {
        if let Some(name) = node.child_by_field_name("name") {
            names.insert(self.name(name));
        }
    }
}
