//! Classes, their members and parameters, as far as languages with classes go about them alike. What a language calls them, and
//! where in a node they stand, it says itself.

use base::Span;
use tree_sitter::Node;

use crate::lower::{Lowerer, span};
use crate::members::Frame;
use crate::shapes::Grammar;
use crate::tree::{Block, Class, ClassId, ExprId, FunctionId, Kind, Parameter, ScopeKind, Slot, Stmt, Sym, Target};

/// What a constructor without a name of its own is called.
pub const CONSTRUCTOR: &str = "<init>";

/// A parameter before its function is open.
pub struct Taken<'a> {
    pub name: Node<'a>,
    pub ty: Option<ExprId>,
    pub default: Option<ExprId>,
    pub beside: Vec<ExprId>,
}

impl<'a, L: Grammar<'a>> Lowerer<'a, L> {
    /// A class whose own object is called `this`: `collect` notes what its body declares, `members` lowers that.
    pub fn framed_class(
        &mut self,
        class: Class,
        this: &str,
        inherits: bool,
        collect: impl FnOnce(&mut Self, &mut Frame),
        members: impl FnOnce(&mut Self, &mut Block),
    ) -> ClassId {
        let name = class.name;
        // The object of a class inside of another is not that of the class around.
        let this = if self.classes.is_empty() { self.tree.sym(this) } else { self.tree.fresh(this) };
        self.class_of(class, ScopeKind::Members, |lowerer, id, block| {
            let mut frame = Frame { id, name, this, members: Default::default(), types: Default::default(), inherits };
            collect(lowerer, &mut frame);
            lowerer.classes.push(frame);
            members(lowerer, block);
            lowerer.classes.pop();
        })
    }

    /// Members of a class, each with what its expressions need before it.
    pub fn each_member(
        &mut self,
        members: Vec<Node<'a>>,
        block: &mut Block,
        lower: fn(&mut Self, Node<'a>, &mut Block),
    ) {
        for member in members {
            self.deeper(member, |this| {
                let start = block.len();
                lower(this, member, block);
                let before = std::mem::take(&mut this.before);
                block.splice(start..start, before);
            });
        }
    }

    /// An interface has the decorator `interface`, which is the word that makes it one.
    pub fn interface_word(&mut self, node: Node<'a>, decorators: &mut Vec<ExprId>) {
        let mut cursor = node.walk();
        if let Some(word) = node.children(&mut cursor).find(|child| child.kind() == "interface") {
            let sym = self.tree.sym("interface");
            decorators.push(self.add(word, Kind::Name(sym)));
        }
    }

    /// The variable of a method's own object.
    pub fn own_object(&mut self, is_static: bool) -> Option<Slot> {
        let own = self.classes.last().map(|frame| frame.this).filter(|_| !is_static);
        own.map(|own| self.bind(own))
    }

    /// The parameter, in the scope of its function.
    pub fn taken_parameter(&mut self, taken: Taken<'a>) -> Parameter {
        let sym = self.name(taken.name);
        self.parameter_named(sym, span(taken.name), taken.ty, taken.default, taken.beside)
    }

    /// A constructor keeps a parameter in a field of its object.
    pub fn keep(&mut self, node: Node<'a>, field: Sym, parameter: Sym, body: &mut Block) {
        let own = self.this_name();
        let object = self.add_at(Span::at(node.start_byte()), Kind::Name(own));
        let place = self.add(node, Kind::Attribute { object, name: field });
        let value = self.add(node, Kind::Name(parameter));
        body.push(Stmt::Assign { targets: vec![Target::Place(place)], value: Some(value), annotation: None });
    }

    /// A field with its decorators, which are evaluated before it.
    pub fn decorated_field(
        &mut self,
        name: Node<'a>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
        decorators: &[ExprId],
        block: &mut Block,
    ) {
        let sym = self.name(name);
        self.decorated_field_named(sym, name, value, annotation, decorators, block);
    }

    /// The same where the name is only a part of the node.
    pub fn decorated_field_named(
        &mut self,
        sym: Sym,
        at: Node<'a>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
        decorators: &[ExprId],
        block: &mut Block,
    ) {
        block.extend(decorators.iter().map(|&decorator| Stmt::Expr(decorator)));
        let expr = self.declare_named(sym, at, value, annotation, block);
        self.tree.decorated.extend(decorators.iter().map(|&decorator| (expr, decorator)));
    }

    /// The class of a type of the package; one that stands in another file is noted as such.
    pub fn type_named(&mut self, name: Sym, name_span: Span, elsewhere: bool) -> ClassId {
        if let Some(&id) = self.types.get(&name) {
            return id;
        }
        let id = ClassId(self.tree.classes.len() as u32);
        let scope = self.open_scope(ScopeKind::Members);
        let qualified = self.tree.text(name).to_owned();
        let class = Class { scope, elsewhere, ..self.new_class(name, name_span, qualified) };
        self.tree.classes.push(class);
        self.types.insert(name, id);
        id
    }

    /// The classes' statements, in the order of the classes.
    pub fn add_types(&mut self, body: &mut Block) {
        body.extend((0..self.tree.classes.len() as u32).map(|number| Stmt::Class(ClassId(number))));
    }

    /// A field that a class declares.
    pub fn field_of(&mut self, id: ClassId, name: Sym, at: Span, annotation: Option<ExprId>) {
        let slot = self.tree.bind(self.tree.class(id).scope, name);
        let expr = self.add_at(at, Kind::Name(name));
        let targets = vec![Target::Name(expr, slot)];
        self.tree.classes[id.at()].body.push(Stmt::Assign { targets, value: None, annotation });
    }

    /// Makes a function a member of a class.
    pub fn add_method(&mut self, id: ClassId, function: FunctionId) {
        let name = self.tree.function(function).name;
        self.tree.bind(self.tree.class(id).scope, name);
        self.tree.classes[id.at()].body.push(Stmt::Function(function));
    }
}
