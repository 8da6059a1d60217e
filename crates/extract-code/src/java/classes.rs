//! Classes, interfaces, enumerations, records, and what stands in them.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::members::Frame;
use crate::tree::{Argument, Block, Class, ClassId, ExprId, Kind, Stmt};

const TYPES: &[&str] = &[
    "annotation_type_declaration",
    "class_declaration",
    "enum_declaration",
    "interface_declaration",
    "record_declaration",
];

/// Whether a node declares a class of any kind.
pub(super) fn declares_class(node: Node<'_>) -> bool {
    TYPES.contains(&node.kind())
}

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's classes, so that all code sees them.
    pub(super) fn declare_classes(&mut self, root: Node<'a>) {
        for declaration in children(root).into_iter().filter(|&child| declares_class(child)) {
            if let Some(name) = declaration.child_by_field_name("name") {
                let sym = self.name(name);
                self.bind(sym);
            }
        }
    }

    /// A class of any kind.
    pub(super) fn class(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let mut decorators = self.annotations(node);
        if node.kind() == "interface_declaration" {
            self.interface_word(node, &mut decorators);
        }
        let mut bases = Vec::new();
        for field in ["superclass", "interfaces"] {
            if let Some(list) = node.child_by_field_name(field) {
                self.bases(list, &mut bases);
            }
        }
        for list in children(node).into_iter().filter(|child| child.kind() == "extends_interfaces") {
            self.bases(list, &mut bases);
        }
        // A class that stands in another is named through it alone.
        self.bind(name);
        let inherits = !bases.is_empty();
        let class = Class { bases, decorators, ..self.new_class(name, span(name_node), self.qualified(name)) };
        let body = node.child_by_field_name("body");
        let id = self.class_body(class, inherits, body, |this, members| {
            if let Some(list) = node.child_by_field_name("parameters") {
                this.components(list, members);
            }
        });
        Some(Stmt::Class(id))
    }

    fn bases(&mut self, node: Node<'a>, bases: &mut Vec<ExprId>) {
        for child in children(node) {
            match child.kind() {
                "type_list" => self.bases(child, bases),
                _ => bases.extend(self.type_expression(child)),
            }
        }
    }

    /// A class without a name: `new Base() { … }`. It is declared before the statement that it stands in.
    pub(super) fn anonymous(&mut self, node: Node<'a>, base: ExprId, body: Node<'a>) {
        let name = self.tree.sym("<anonymous>");
        let at = self.tree.expr(base).span;
        let class = Class { bases: vec![base], ..self.new_class(name, at, self.qualified(name)) };
        if let Some(id) = self.deeper(node, |this| this.class_body(class, true, Some(body), |_, _| ())) {
            self.before.push(Stmt::Class(id));
        }
    }

    fn class_body(
        &mut self,
        class: Class,
        inherits: bool,
        body: Option<Node<'a>>,
        head: impl FnOnce(&mut Self, &mut Block),
    ) -> ClassId {
        self.framed_class(
            class,
            "this",
            inherits,
            |this, frame| {
                if let Some(body) = body {
                    this.collect(body, frame);
                }
            },
            |this, block| {
                head(this, block);
                if let Some(body) = body {
                    this.deeper(body, |this| this.members(body, block));
                }
            },
        )
    }

    /// The names of what a class's body declares.
    fn collect(&mut self, body: Node<'a>, frame: &mut Frame) {
        for member in children(body) {
            match member.kind() {
                "field_declaration" | "constant_declaration" => {
                    let mut cursor = member.walk();
                    let declarators: Vec<Node<'a>> = member.children_by_field_name("declarator", &mut cursor).collect();
                    for declarator in declarators {
                        self.note_name(declarator, &mut frame.members);
                    }
                }
                "method_declaration" | "enum_constant" | "annotation_type_element_declaration" => {
                    self.note_name(member, &mut frame.members);
                }
                "enum_body_declarations" | "ERROR" => self.collect(member, frame),
                _ if declares_class(member) => self.note_name(member, &mut frame.types),
                _ => {}
            }
        }
    }

    fn members(&mut self, body: Node<'a>, block: &mut Block) {
        self.each_member(children(body), block, Self::member);
    }

    fn member(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "field_declaration" | "constant_declaration" => self.fields(node, block),
            "method_declaration" => block.extend(self.method(node)),
            "constructor_declaration" | "compact_constructor_declaration" => block.extend(self.constructor(node)),
            "enum_constant" => self.enum_constant(node, block),
            "enum_body_declarations" | "ERROR" => self.members(node, block),
            "static_initializer" | "block" => self.statements(node, block),
            _ if declares_class(node) => block.extend(self.class(node)),
            _ => {}
        }
    }

    /// `private final T a = x, b;`
    fn fields(&mut self, node: Node<'a>, block: &mut Block) {
        let annotations = self.annotations(node);
        let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let mut cursor = node.walk();
        let declarators: Vec<Node<'a>> = node.children_by_field_name("declarator", &mut cursor).collect();
        for declarator in declarators {
            let Some(name) = declarator.child_by_field_name("name") else { continue };
            let value = declarator.child_by_field_name("value").map(|value| self.expression(value));
            self.decorated_field(name, value, annotation, &annotations, block);
        }
    }

    /// The components of a record are its fields.
    fn components(&mut self, list: Node<'a>, block: &mut Block) {
        for component in children(list) {
            let Some(name) = component.child_by_field_name("name") else { continue };
            let annotation = component.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
            let sym = self.name(name);
            if let Some(frame) = self.classes.last_mut() {
                frame.members.insert(sym);
            }
            self.declare(name, None, annotation, block);
        }
    }

    /// `FAST("gpt-4o")`: an object of the enumeration.
    fn enum_constant(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(name), Some(frame)) = (node.child_by_field_name("name"), self.classes.last()) else {
            return;
        };
        let class = frame.name;
        let callee = self.add(name, Kind::Name(class));
        let list = node.child_by_field_name("arguments");
        let arguments: Vec<Argument> = list.map(|list| self.plain_arguments(list)).unwrap_or_default();
        let value = self.add(node, Kind::Call { callee, arguments });
        self.declare(name, Some(value), None, block);
        if let Some(body) = node.child_by_field_name("body") {
            self.anonymous(node, callee, body);
        }
    }
}
