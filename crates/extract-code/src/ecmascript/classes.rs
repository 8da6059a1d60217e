//! Classes, enumerations and their members.

use tree_sitter::Node;

use super::Lowerer;
use super::functions::{Manner, is_definition};
use crate::lower::{children, span};
use crate::tree::{Block, Class, ClassId, ExprId, Kind, ScopeKind, Stmt, Target};

impl<'a> Lowerer<'a> {
    /// `class A extends B { … }`, with decorators that stand before `export` too.
    pub fn class_declaration(&mut self, node: Node<'a>, name: Option<&str>, decorators: Vec<ExprId>) -> Option<Stmt> {
        let named = node.child_by_field_name("name");
        let name = named.map(|named| self.source(named)).or(name)?;
        let variable = self.variable_named(name);
        self.bind(variable);
        let class = self.class(node, name, decorators);
        self.tree.classes[class.at()].name = variable;
        Some(Stmt::Class(class))
    }

    /// A class where its value stands: it is defined before the statement.
    pub fn class_value(&mut self, node: Node<'a>, name: &str) -> ExprId {
        let variable = self.tree.fresh(name);
        self.bind(variable);
        let class = self.class(node, name, Vec::new());
        self.tree.classes[class.at()].name = variable;
        self.before.push(Stmt::Class(class));
        self.add(node, Kind::Name(variable))
    }

    fn class(&mut self, node: Node<'a>, name: &str, mut decorators: Vec<ExprId>) -> ClassId {
        let name_span = span(node.child_by_field_name("name").unwrap_or(node));
        let mut bases = Vec::new();
        for child in children(node) {
            match child.kind() {
                "decorator" => decorators.extend(self.first(child)),
                "class_heritage" => self.bases(child, &mut bases),
                _ => {}
            }
        }
        self.class_body(name, name_span, bases, decorators, |this, body| {
            let members = node.child_by_field_name("body").map(children).unwrap_or_default();
            let mut before = Vec::new();
            for member in members {
                if member.kind() == "decorator" {
                    before.extend(this.first(member));
                } else {
                    this.member_of_class(member, std::mem::take(&mut before), body);
                }
            }
        })
    }

    fn class_body(
        &mut self,
        name: &str,
        name_span: base::Span,
        bases: Vec<ExprId>,
        decorators: Vec<ExprId>,
        members: impl FnOnce(&mut Self, &mut Block),
    ) -> ClassId {
        let qualified = format!("{}{name}", self.prefix);
        let name = self.tree.sym(name);
        let class = Class { bases, decorators, ..self.new_class(name, name_span, qualified) };
        self.class_of(class, ScopeKind::Members, |this, _, body| members(this, body))
    }

    fn bases(&mut self, heritage: Node<'a>, bases: &mut Vec<ExprId>) {
        for child in children(heritage) {
            match child.kind() {
                "extends_clause" => bases.extend(child.child_by_field_name("value").map(|base| self.expression(base))),
                "implements_clause" => {
                    let types = children(child);
                    bases.extend(types.into_iter().filter_map(|ty| self.annotation(ty)));
                }
                _ => bases.push(self.expression(child)),
            }
        }
    }

    fn member_of_class(&mut self, node: Node<'a>, mut decorators: Vec<ExprId>, body: &mut Block) {
        for child in children(node).into_iter().filter(|child| child.kind() == "decorator") {
            decorators.extend(self.first(child));
        }
        let name = node.child_by_field_name("name").or(node.child_by_field_name("property"));
        match (node.kind(), name) {
            ("abstract_method_signature" | "method_signature", Some(name)) => {
                self.method(node, name, decorators, body);
            }
            ("method_definition", Some(name)) => {
                if is_getter(node) {
                    // A word of its own, which no variable of the file is.
                    let get = self.tree.fresh("get");
                    decorators.push(self.add(name, Kind::Name(get)));
                }
                self.method(node, name, decorators, body);
            }
            ("public_field_definition" | "field_definition", Some(name)) => self.field(node, name, decorators, body),
            ("class_static_block", _) => {
                if let Some(block) = node.child_by_field_name("body") {
                    self.statements(block, body);
                }
            }
            _ => {}
        }
    }

    fn method(&mut self, node: Node<'a>, name: Node<'a>, decorators: Vec<ExprId>, body: &mut Block) {
        let text = self.key_text(name);
        let sym = self.tree.sym(&text);
        self.bind(sym);
        let done = self.deeper(node, |this| this.function(node, &text, span(name), Manner::Method, decorators));
        body.extend(done.map(Stmt::Function));
    }

    /// `client = new OpenAI()`, `private readonly llm: Llm`, `ask = async (question) => { … }`.
    fn field(&mut self, node: Node<'a>, name: Node<'a>, decorators: Vec<ExprId>, body: &mut Block) {
        let value = node.child_by_field_name("value");
        if let Some(function) =
            value.map(super::expressions::bare).filter(|value| is_definition(*value) && value.kind() != "class")
        {
            return self.method(function, name, decorators, body);
        }
        let text = self.key_text(name);
        let sym = self.tree.sym(&text);
        let annotation = node.child_by_field_name("type").and_then(|ty| self.annotation(ty));
        body.extend(decorators.into_iter().map(Stmt::Expr));
        let value = value.map(|value| self.named_value(value, &text));
        body.append(&mut self.before);
        let target = self.add(name, Kind::Name(sym));
        let targets = vec![Target::Name(target, self.bind(sym))];
        body.push(Stmt::Assign { targets, value, annotation });
    }

    /// `interface Llm extends Base { ask(question: string): Promise<string> }`: a class whose methods have no bodies.
    pub fn interface(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let members = node.child_by_field_name("body").map(children).unwrap_or_default();
        if !members.iter().any(|member| member.kind() == "method_signature") {
            return None;
        }
        let variable = self.variable(name_node);
        self.bind(variable);
        let mut bases = Vec::new();
        for clause in children(node).into_iter().filter(|child| child.kind() == "extends_type_clause") {
            bases.extend(children(clause).into_iter().filter_map(|ty| self.annotation(ty)));
        }
        let name = self.source(name_node);
        let class = self.class_body(name, span(name_node), bases, Vec::new(), |this, body| {
            for member in members {
                this.member_of_class(member, Vec::new(), body);
            }
        });
        self.tree.classes[class.at()].name = variable;
        Some(Stmt::Class(class))
    }

    /// `enum Model { Fast = "gpt-4o-mini" }`.
    pub fn enumeration(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let variable = self.variable(name_node);
        self.bind(variable);
        let name = self.source(name_node);
        let class = self.class_body(name, span(name_node), Vec::new(), Vec::new(), |this, body| {
            for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
                let (Some(name), Some(value)) =
                    (member.child_by_field_name("name"), member.child_by_field_name("value"))
                else {
                    continue;
                };
                let text = this.key_text(name);
                let sym = this.tree.sym(&text);
                let value = Some(this.expression(value));
                let target = this.add(name, Kind::Name(sym));
                let targets = vec![Target::Name(target, this.bind(sym))];
                body.push(Stmt::Assign { targets, value, annotation: None });
            }
        });
        self.tree.classes[class.at()].name = variable;
        Some(Stmt::Class(class))
    }
}

fn is_getter(method: Node<'_>) -> bool {
    let mut cursor = method.walk();
    method
        .children(&mut cursor)
        .take_while(|child| child.kind() != "formal_parameters")
        .any(|child| !child.is_named() && child.kind() == "get")
}
