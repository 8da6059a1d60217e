//! Functions of all kinds, and their parameters.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use super::expressions::bare;
use crate::lower::{Head, Inside, children, span};
use crate::tree::{Block, ExprId, FunctionId, Kind, Parameter, Stmt, Sym, Target};

/// What a function's `this` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// That of the code around.
    Arrow,
    /// Whatever it is called on.
    Plain,
    /// An object of the class whose body it stands in.
    Method,
}

/// A parameter before its function's scope is open.
struct ParameterHead<'a> {
    pattern: Node<'a>,
    annotation: Option<ExprId>,
    default: Option<ExprId>,
    beside: Vec<ExprId>,
    /// `constructor(private readonly llm: Llm)`: a field too.
    field: bool,
}

impl<'a> Lowerer<'a> {
    /// A function where its value stands.
    pub fn function_value(&mut self, node: Node<'a>, name: &str, manner: Manner) -> ExprId {
        let at = node.child_by_field_name("name").unwrap_or(node);
        let function = self.function(node, name, span(at), manner, Vec::new());
        self.add(node, Kind::Function(function))
    }

    /// A function expression that has a name of its own, by which it is seen inside.
    pub fn named_function(&mut self, node: Node<'a>) -> ExprId {
        let name = node.child_by_field_name("name").map_or("<anonymous>", |name| self.source(name));
        self.function_value(node, name, Manner::Plain)
    }

    /// `function ask() { … }`.
    pub fn function_declaration(&mut self, node: Node<'a>, name: Option<&str>) -> Option<Stmt> {
        let named = node.child_by_field_name("name");
        let (name, at) = match (named, name) {
            (Some(named), _) => (self.source(named), span(named)),
            (None, Some(name)) => (name, span(node)),
            (None, None) => return None,
        };
        let variable = match named {
            Some(named) => self.variable(named),
            None => self.tree.sym(name),
        };
        self.bind(variable);
        let function = self.function(node, name, at, Manner::Plain, Vec::new());
        self.tree.functions[function.at()].name = variable;
        Some(Stmt::Function(function))
    }

    /// A function with its body.
    pub fn function(
        &mut self,
        node: Node<'a>,
        name: &str,
        name_span: Span,
        manner: Manner,
        decorators: Vec<ExprId>,
    ) -> FunctionId {
        let class = self.class.filter(|_| manner == Manner::Method);
        let result = node.child_by_field_name("return_type").and_then(|result| self.annotation(result));
        let heads = self.parameter_heads(node);
        let qualified = format!("{}{name}", self.prefix);
        let name = self.tree.sym(name);
        let head =
            Head { class, is_async: is_async(node), decorators, result, ..Head::plain(name, name_span, qualified) };
        self.function_of(head, |this| {
            let switches = std::mem::take(&mut this.language.switches);
            let names = |this: &Self| this.names_of_function(node);
            let mut inside = this.in_function(names, |this| this.inside(node, manner, heads));
            inside.receiver = inside.receiver.filter(|_| class.is_some());
            this.language.switches = switches;
            inside
        })
    }

    fn inside(&mut self, node: Node<'a>, manner: Manner, heads: Vec<ParameterHead<'a>>) -> Inside {
        let receiver = (manner != Manner::Arrow).then(|| {
            let this = self.tree.sym("this");
            self.bind(this)
        });
        let mut body = Vec::new();
        let parameters = heads.into_iter().map(|head| self.parameter(head, &mut body)).collect();
        if let Some(block) = node.child_by_field_name("body") {
            self.deeper(block, |this| this.body(block, &mut body));
        }
        Inside { receiver, parameters, body }
    }

    fn body(&mut self, node: Node<'a>, body: &mut Block) {
        if node.kind() == "statement_block" {
            return self.statements(node, body);
        }
        let value = self.expression(node);
        body.append(&mut self.before);
        body.push(Stmt::Return(Some(value)));
    }

    /// The names that a function binds outside of the blocks in it.
    fn names_of_function(&self, node: Node<'a>) -> Vec<&'a str> {
        let mut names = Vec::new();
        for list in
            [node.child_by_field_name("parameters"), node.child_by_field_name("parameter")].into_iter().flatten()
        {
            self.bound(list, &mut names);
        }
        if let Some(body) = node.child_by_field_name("body").filter(|body| body.kind() == "statement_block") {
            names.extend(self.declared(body));
        }
        names
    }

    fn parameter_heads(&mut self, node: Node<'a>) -> Vec<ParameterHead<'a>> {
        if let Some(pattern) = node.child_by_field_name("parameter") {
            return vec![ParameterHead { pattern, annotation: None, default: None, beside: Vec::new(), field: false }];
        }
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        list.into_iter().filter_map(|parameter| self.parameter_head(parameter)).collect()
    }

    /// Annotation, default and decorators are evaluated outside of the function.
    fn parameter_head(&mut self, node: Node<'a>) -> Option<ParameterHead<'a>> {
        let (pattern, value) = match node.kind() {
            "required_parameter" | "optional_parameter" => {
                (node.child_by_field_name("pattern")?, node.child_by_field_name("value"))
            }
            "assignment_pattern" => (node.child_by_field_name("left")?, node.child_by_field_name("right")),
            "ERROR" => return None,
            _ => (node, None),
        };
        if pattern.kind() == "this" {
            return None;
        }
        let annotation = node.child_by_field_name("type").and_then(|ty| self.annotation(ty));
        let default = value.map(|value| self.expression(value));
        let decorators = children(node).into_iter().filter(|child| child.kind() == "decorator");
        let beside = decorators.filter_map(|decorator| self.first(decorator)).collect();
        let mut cursor = node.walk();
        let field = node
            .children(&mut cursor)
            .any(|child| matches!(child.kind(), "accessibility_modifier" | "readonly" | "override_modifier"));
        Some(ParameterHead { pattern, annotation, default, beside, field })
    }

    fn parameter(&mut self, head: ParameterHead<'a>, body: &mut Block) -> Parameter {
        let ParameterHead { pattern, annotation, default, beside, field } = head;
        let named = if pattern.kind() == "rest_pattern" { children(pattern).first().copied() } else { Some(pattern) };
        let named = named.filter(|named| named.kind() == "identifier");
        let name = match named {
            Some(named) => self.variable(named),
            None => self.tree.fresh(""),
        };
        let slot = self.bind(name);
        let value = self.add(named.unwrap_or(pattern), Kind::Parameter(name));
        let mut parts = Vec::new();
        if named.is_none() {
            let whole = self.add(pattern, Kind::Name(name));
            let target = self.target(pattern, true);
            parts = self.parts_of(&target);
            body.push(Stmt::Assign { targets: vec![target], value: Some(whole), annotation: None });
        }
        if let (true, Some(named)) = (field, named) {
            let this = self.tree.sym("this");
            let object = self.add(named, Kind::Name(this));
            let place = self.add(named, Kind::Attribute { object, name });
            let value = self.add(named, Kind::Name(name));
            body.push(Stmt::Assign { targets: vec![Target::Place(place)], value: Some(value), annotation: None });
        }
        Parameter { name, slot, value, annotation, default, beside, parts }
    }

    /// The attributes that a pattern takes out, with what they hold and their defaults.
    fn parts_of(&self, target: &Target) -> Vec<(Sym, ExprId, Option<ExprId>)> {
        let Target::Attributes(parts) = target else { return Vec::new() };
        let part = |(name, target): &(Option<Sym>, Target)| {
            let default = if let Target::Default(_, default) = target { Some(*default) } else { None };
            match *target.bare() {
                Target::Name(held, _) => Some(((*name)?, held, default)),
                _ => None,
            }
        };
        parts.iter().filter_map(part).collect()
    }
}

fn is_async(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .take_while(|child| child.kind() != "formal_parameters")
        .any(|child| child.kind() == "async")
}

/// Whether an expression is a function or class.
pub(super) fn is_definition(node: Node<'_>) -> bool {
    matches!(bare(node).kind(), "arrow_function" | "function_expression" | "generator_function" | "class")
}
