//! Classes, modules, methods, and what they take.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{Head, Inside, children, span};
use crate::members::Frame;
use crate::tree::{Block, Class, ExprId, Kind, Parameter, Stmt, Sym};
use crate::values::Give;

/// A parameter before its function is open: its node, its name and its default.
pub(super) type ParameterHead<'a> = (Node<'a>, Option<Node<'a>>, Option<ExprId>);

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's classes, so that all code sees them.
    pub(super) fn declare_names(&mut self, root: Node<'a>) {
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            for child in children(node) {
                match child.kind() {
                    "class" => {
                        if let Some(name) = child.child_by_field_name("name").filter(|name| name.kind() == "constant") {
                            let sym = self.name(name);
                            self.bind(sym);
                        }
                    }
                    "module" => pending.extend(child.child_by_field_name("body")),
                    _ => {}
                }
            }
        }
    }

    /// `class A < B … end`, `module A … end`.
    pub(super) fn class(&mut self, node: Node<'a>) -> Option<Stmt> {
        let whole = node.child_by_field_name("name")?;
        let name_node = whole.child_by_field_name("name").unwrap_or(whole);
        let name = self.name(name_node);
        let base = node.child_by_field_name("superclass").and_then(|clause| children(clause).first().copied());
        let bases: Vec<ExprId> = base.map(|base| self.expression(base)).into_iter().collect();
        self.bind(name);
        // A module around, or a class, is no part of the name.
        let qualified = self.tree.text(name).to_owned();
        let class = Class { bases, ..self.new_class(name, span(name_node), qualified) };
        let body = node.child_by_field_name("body");
        let macros = std::mem::take(&mut self.language.macros);
        let id = self.framed_class(
            class,
            "self",
            true,
            |this, frame| this.collect(body, frame),
            |this, block| {
                if let Some(body) = body {
                    this.deeper(body, |this| this.statements(body, block));
                }
                this.language.attributes.pop();
            },
        );
        self.tree.classes[id.at()].decorators = std::mem::replace(&mut self.language.macros, macros);
        Some(Stmt::Class(id))
    }

    /// The names of what a class's body declares, those of attributes for `word` as well.
    fn collect(&mut self, body: Option<Node<'a>>, frame: &mut Frame) {
        let mut attributes = hashbrown::HashSet::default();
        for member in body.map(children).unwrap_or_default() {
            match member.kind() {
                "method" | "singleton_method" => self.note_name(member, &mut frame.members),
                "call" => self.note_attributes(member, &mut attributes),
                "assignment" => {
                    let left = member.child_by_field_name("left").filter(|left| left.kind() == "constant");
                    frame.members.extend(left.map(|left| self.name(left)));
                }
                _ => {}
            }
        }
        frame.members.extend(attributes.iter().copied());
        self.language.attributes.push(attributes);
    }

    /// `attr_reader :client`
    fn note_attributes(&mut self, call: Node<'a>, names: &mut hashbrown::HashSet<Sym, rustc_hash::FxBuildHasher>) {
        let method = call.child_by_field_name("method").map_or("", |method| self.source(method));
        if matches!(method, "attr_accessor" | "attr_reader") {
            for symbol in call.child_by_field_name("arguments").map(children).unwrap_or_default() {
                let name = self.source(symbol).trim_start_matches(':');
                names.insert(self.tree.sym(name));
            }
        }
    }

    /// `def ask(question) … end`, `def self.make … end`.
    pub(super) fn method(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let class = self.class.and(self.classes.last()).map(|frame| frame.id);
        let is_static = class.is_none() || node.kind() == "singleton_method";
        let head = Head { class, ..Head::plain(name, span(name_node), self.qualified(name)) };
        let heads = node.child_by_field_name("parameters").map(|list| self.parameter_heads(list)).unwrap_or_default();
        let function = self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            let mut body = Vec::new();
            let parameters = this.parameters(heads, &mut body);
            if let Some(inner) = node.child_by_field_name("body") {
                this.deeper(inner, |this| this.tail_block(inner, Give::Back, &mut body));
            }
            Inside { receiver, parameters, body }
        });
        Some(Stmt::Function(function))
    }

    /// Names and defaults of parameters.
    pub(super) fn parameter_heads(&mut self, list: Node<'a>) -> Vec<ParameterHead<'a>> {
        let mut heads = Vec::new();
        for child in children(list) {
            let name = match child.kind() {
                "identifier" => Some(child),
                "destructured_parameter" => None,
                _ => match child.child_by_field_name("name") {
                    Some(name) => Some(name),
                    None => continue,
                },
            };
            let default = child.child_by_field_name("value").map(|value| self.expression(value));
            heads.push((child, name, default));
        }
        heads
    }

    /// The parameters, in the scope of their function.
    pub(super) fn parameters(&mut self, heads: Vec<ParameterHead<'a>>, body: &mut Block) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for (node, name, default) in heads {
            match name {
                Some(name) => {
                    let sym = self.name(name);
                    parameters.push(self.parameter_named(sym, span(name), None, default, Vec::new()));
                }
                None => {
                    let sym = self.tree.fresh("");
                    parameters.push(self.parameter_named(sym, span(node), None, default, Vec::new()));
                    let whole = self.add_at(Span::new(node.start_byte(), node.end_byte()), Kind::Name(sym));
                    let targets = vec![self.target(node)];
                    body.push(Stmt::Assign { targets, value: Some(whole), annotation: None });
                }
            }
        }
        parameters
    }
}
