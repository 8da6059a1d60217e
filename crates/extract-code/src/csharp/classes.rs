//! Classes, structs, records, interfaces, enumerations, what stands in them, and attributes, which are decorators.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::members::Frame;
use crate::tree::{Block, Class, ExprId, Kind, Stmt};

const TYPES: &[&str] = &[
    "class_declaration",
    "enum_declaration",
    "interface_declaration",
    "record_declaration",
    "record_struct_declaration",
    "struct_declaration",
];

/// Whether a node declares a class of any kind.
pub(super) fn declares_class(node: Node<'_>) -> bool {
    TYPES.contains(&node.kind())
}

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's classes, so that all code sees them.
    pub(super) fn declare_classes(&mut self, root: Node<'a>) {
        let mut pending = children(root);
        while let Some(node) = pending.pop() {
            if declares_class(node) {
                if let Some(name) = node.child_by_field_name("name") {
                    let sym = self.name(name);
                    self.bind(sym);
                }
            } else if matches!(node.kind(), "namespace_declaration" | "declaration_list" | "ERROR") {
                pending.extend(children(node));
            }
        }
    }

    /// The attributes of a declaration: `[HttpPost("chat")]`.
    pub(super) fn attributes(&mut self, node: Node<'a>) -> Vec<ExprId> {
        let lists = children(node).into_iter().filter(|child| child.kind() == "attribute_list");
        let found: Vec<Node<'a>> = lists.flat_map(children).filter(|child| child.kind() == "attribute").collect();
        found.into_iter().filter_map(|attribute| self.attribute(attribute)).collect()
    }

    fn attribute(&mut self, node: Node<'a>) -> Option<ExprId> {
        let name = self.made_type(node.child_by_field_name("name")?)?;
        let list = children(node).into_iter().find(|child| child.kind() == "attribute_argument_list");
        let Some(list) = list else { return Some(name) };
        let arguments = self.arguments(list);
        Some(self.add(node, Kind::Call { callee: name, arguments }))
    }

    /// A class of any kind.
    pub(super) fn class(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let mut decorators = self.attributes(node);
        if node.kind() == "interface_declaration" {
            self.interface_word(node, &mut decorators);
        }
        let list = children(node).into_iter().find(|child| child.kind() == "base_list").map(children);
        let list = list.unwrap_or_default();
        let bases: Vec<ExprId> = list.iter().filter_map(|&base| self.made_type(base)).collect();
        self.bind(name);
        let inherits = !bases.is_empty() && node.kind() != "enum_declaration";
        let head = self.new_class(name, span(name_node), self.qualified(name));
        let class = Class { bases, decorators, ..head };
        let body = node.child_by_field_name("body");
        let parameters = children(node).into_iter().find(|child| child.kind() == "parameter_list");
        let id = self.framed_class(
            class,
            "this",
            inherits,
            |this, frame| {
                if let Some(body) = body {
                    this.collect(body, frame);
                }
            },
            |this, block| {
                if let Some(list) = parameters {
                    this.primary_constructor(list, block);
                }
                if let Some(body) = body {
                    this.deeper(body, |this| this.members(body, block));
                }
            },
        );
        Some(Stmt::Class(id))
    }

    /// The names of what a class's body declares.
    fn collect(&mut self, body: Node<'a>, frame: &mut Frame) {
        for member in children(body) {
            match member.kind() {
                "field_declaration" | "event_field_declaration" => {
                    for declarator in children(member).into_iter().flat_map(children) {
                        if declarator.kind() == "variable_declarator" {
                            self.note_name(declarator, &mut frame.members);
                        }
                    }
                }
                "method_declaration" | "property_declaration" | "enum_member_declaration" | "event_declaration" => {
                    self.note_name(member, &mut frame.members);
                }
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
            "field_declaration" => {
                let decorators = self.attributes(node);
                for declaration in children(node).into_iter().filter(|child| child.kind() == "variable_declaration") {
                    self.variables(declaration, &decorators, block);
                }
            }
            "property_declaration" => self.property(node, block),
            "method_declaration" => block.extend(self.method(node)),
            "constructor_declaration" => block.extend(self.constructor(node)),
            "enum_member_declaration" => {
                if let Some(name) = node.child_by_field_name("name") {
                    let value = self.part(node, "value");
                    self.declare(name, value, None, block);
                }
            }
            "ERROR" => self.members(node, block),
            _ if declares_class(node) => block.extend(self.class(node)),
            _ => {}
        }
    }

    /// `T A { get; set; } = x`, `T A => x`.
    fn property(&mut self, node: Node<'a>, block: &mut Block) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let value = node.child_by_field_name("value");
        let accessors = node.child_by_field_name("accessors").map(children).unwrap_or_default();
        let getter = value.filter(|value| value.kind() == "arrow_expression_clause").or_else(|| {
            let get = accessors
                .iter()
                .find(|it| it.child_by_field_name("name").is_some_and(|name| self.source(name) == "get"))?;
            get.child_by_field_name("body")
        });
        if let Some(body) = getter {
            return self.getter(node, name, body, block);
        }
        let decorators = self.attributes(node);
        let ty = node.child_by_field_name("type");
        let annotation = ty.and_then(|ty| self.type_expression(ty));
        self.language.expected = ty;
        let value = value.map(|value| self.expression(value));
        self.language.expected = None;
        self.decorated_field(name, value, annotation, &decorators, block);
    }
}
