//! Functions, constructors, lambdas, and what they take.

use tree_sitter::Node;

use super::Lowerer;
use crate::classes::{CONSTRUCTOR, Taken};
use crate::lower::{Head, Inside, children, has_token, span};
use crate::tree::{Block, ExprId, FunctionId, Kind, Parameter, Stmt};

impl<'a> Lowerer<'a> {
    /// `fun ask(…): T { … }`, of a class where it stands in one.
    pub(super) fn function_declaration(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        self.bind(name);
        let decorators = self.annotations(node);
        let list = children(node).into_iter().find(|child| child.kind() == "function_value_parameters");
        // The type behind the parameters; that before the name is what the function is added to.
        let result = children(node).into_iter().rfind(|child| super::types::is_type(*child));
        let result = result.filter(|ty| list.is_some_and(|list| ty.start_byte() > list.end_byte()));
        let result = result.and_then(|ty| self.type_expression(ty));
        let class = self.class.and(self.classes.last()).map(|frame| frame.id);
        let is_static = class.is_none() || self.language.companion;
        let is_async = self.source(node).split("fun ").next().is_some_and(|head| head.contains("suspend"));
        let head =
            Head { class, is_async, decorators, result, ..Head::plain(name, span(name_node), self.qualified(name)) };
        Some(Stmt::Function(self.function(node, head, is_static)))
    }

    /// A function in a class's own body.
    fn function(&mut self, node: Node<'a>, head: Head, is_static: bool) -> FunctionId {
        let list = children(node).into_iter().find(|child| child.kind() == "function_value_parameters");
        let taken = list.map(|list| self.parameters(list)).unwrap_or_default();
        self.function_of(head, |this| {
            let receiver = this.own_object(is_static);
            let parameters = taken.into_iter().map(|taken| this.taken_parameter(taken)).collect();
            let mut body = Vec::new();
            let inner = children(node).into_iter().find(|child| matches!(child.kind(), "function_body" | "block"));
            if let Some(inner) = inner {
                this.deeper(inner, |this| this.body(inner, &mut body));
            }
            Inside { receiver, parameters, body }
        })
    }

    /// A body: in braces, or the value behind `=`.
    fn body(&mut self, node: Node<'a>, block: &mut Block) {
        let parts = children(node);
        match (node.kind(), parts.first()) {
            ("function_body", Some(&inner)) if inner.kind() == "block" && parts.len() == 1 => {
                self.statements(inner, block);
            }
            ("function_body", Some(&inner)) => self.give_back(inner, block),
            _ => self.statements(node, block),
        }
    }

    /// Gives the value of an expression back.
    fn give_back(&mut self, node: Node<'a>, block: &mut Block) {
        if matches!(node.kind(), "return_expression" | "throw_expression" | "assignment" | "property_declaration")
            || node.kind().ends_with("_statement")
        {
            return self.statement(node, block);
        }
        let outer = std::mem::take(&mut self.before);
        let value = self.expression(node);
        block.append(&mut self.before);
        self.before = outer;
        block.push(Stmt::Return(Some(value)));
    }

    /// `{ x -> … }`, whose last expression is its value; without parameters it may take `it`.
    pub(super) fn lambda(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.sym("<lambda>");
        let head = Head::plain(name, span(node), self.qualified(name));
        if node.kind() == "anonymous_function" {
            let function = self.function(node, head, true);
            return self.add(node, Kind::Function(function));
        }
        let parts = children(node);
        let list = parts.first().filter(|first| first.kind() == "lambda_parameters").copied();
        let mut taken = Vec::new();
        for parameter in list.map(children).unwrap_or_default() {
            let ty = self.type_of(parameter);
            taken.push((parameter, ty));
        }
        let statements: Vec<Node<'a>> = parts.into_iter().filter(|part| Some(*part) != list).collect();
        let function = self.function_of(head, |this| {
            let mut body = Vec::new();
            let mut parameters: Vec<Parameter> = Vec::new();
            for (parameter, ty) in taken {
                match children(parameter).first().filter(|name| name.kind() == "identifier") {
                    Some(&name) => {
                        let sym = this.name(name);
                        parameters.push(this.parameter_named(sym, span(name), ty, None, Vec::new()));
                    }
                    None => {
                        // (a, b) -> …
                        let sym = this.tree.fresh("");
                        parameters.push(this.parameter_named(sym, span(parameter), None, None, Vec::new()));
                        let whole = this.add(parameter, Kind::Name(sym));
                        let target = this.pattern(parameter);
                        body.push(Stmt::Assign { targets: vec![target], value: Some(whole), annotation: None });
                    }
                }
            }
            if list.is_none() && this.mentions_it(node) {
                let it = this.tree.sym("it");
                let at = base::Span::at(node.start_byte());
                parameters.push(this.parameter_named(it, at, None, None, Vec::new()));
            }
            if let Some((&last, rest)) = statements.split_last() {
                for &statement in rest {
                    this.statement(statement, &mut body);
                }
                this.deeper(last, |this| this.give_back(last, &mut body));
            }
            Inside { receiver: None, parameters, body }
        });
        self.add(node, Kind::Function(function))
    }

    /// Whether a lambda speaks of `it`, the parameter that needs no name.
    fn mentions_it(&self, node: Node<'a>) -> bool {
        let words = self.source(node);
        words.match_indices("it").take(64).any(|(at, _)| {
            let apart = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            apart(words[..at].chars().next_back()) && apart(words[at + 2..].chars().next())
        })
    }

    /// `class A(private val b: B)`: a constructor that keeps what it is given.
    pub(super) fn primary_constructor(&mut self, node: Node<'a>, block: &mut Block) {
        let lists = children(node).into_iter().filter(|child| child.kind() == "class_parameters");
        let list: Vec<Node<'a>> = lists.flat_map(children).filter(|child| child.kind() == "class_parameter").collect();
        let mut fields = Vec::new();
        for &parameter in &list {
            let Some(name) = children(parameter).into_iter().find(|child| child.kind() == "identifier") else {
                continue;
            };
            let ty = self.type_of(parameter);
            let sym = self.name(name);
            if let Some(frame) = self.classes.last_mut() {
                frame.members.insert(sym);
            }
            self.declare(name, None, ty, block);
            fields.push(name);
        }
        let name = self.tree.sym(CONSTRUCTOR);
        let class = self.classes.last().map(|frame| frame.id);
        let head = Head { class, ..Head::plain(name, span(node), self.qualified(name)) };
        let taken: Vec<Taken<'a>> =
            list.into_iter().filter_map(|parameter| self.taken(parameter, Vec::new())).collect();
        let function = self.function_of(head, |this| {
            let receiver = this.own_object(false);
            let parameters = taken.into_iter().map(|taken| this.taken_parameter(taken)).collect();
            let mut body = Vec::new();
            for name in fields {
                let sym = this.name(name);
                this.keep(name, sym, sym, &mut body);
            }
            Inside { receiver, parameters, body }
        });
        block.push(Stmt::Function(function));
    }

    /// `constructor(a: A) : this(b) { … }`, `init { … }`.
    pub(super) fn constructor(&mut self, node: Node<'a>) -> Stmt {
        let name = self.tree.sym(CONSTRUCTOR);
        let class = self.classes.last().map(|frame| frame.id);
        let at = base::Span::at(node.start_byte());
        let head = Head { class, ..Head::plain(name, at, self.qualified(name)) };
        Stmt::Function(self.function(node, head, false))
    }

    /// What is read as a property and computed: `val a get() = x`.
    pub(super) fn getter(&mut self, name_node: Node<'a>, getter: Node<'a>, result: Option<ExprId>, block: &mut Block) {
        let name = self.name(name_node);
        self.bind(name);
        // A word of its own, which no variable of the file is.
        let get = self.tree.fresh("get");
        let decorators = vec![self.add(name_node, Kind::Name(get))];
        let class = self.classes.last().map(|frame| frame.id);
        let head = Head { class, decorators, result, ..Head::plain(name, span(name_node), self.qualified(name)) };
        let function = self.function(getter, head, self.language.companion || class.is_none());
        block.push(Stmt::Function(function));
    }

    fn parameters(&mut self, list: Node<'a>) -> Vec<Taken<'a>> {
        let mut taken: Vec<Taken<'a>> = Vec::new();
        let mut beside = Vec::new();
        for child in children(list) {
            match child.kind() {
                "parameter_modifiers" => {
                    for annotation in children(child).into_iter().filter(|part| part.kind() == "annotation") {
                        beside.extend(self.annotation(annotation));
                    }
                }
                "parameter" => taken.extend(self.taken(child, std::mem::take(&mut beside))),
                // A default stands behind its parameter.
                _ => {
                    let value = self.expression(child);
                    if let Some(last) = taken.last_mut() {
                        last.default = Some(value);
                    }
                }
            }
        }
        taken
    }

    fn taken(&mut self, node: Node<'a>, mut beside: Vec<ExprId>) -> Option<Taken<'a>> {
        beside.extend(self.annotations(node));
        let parts = children(node);
        let name = parts.iter().find(|part| part.kind() == "identifier").copied()?;
        let ty = self.type_of(node);
        let default = if has_token(node, "=") { parts.last().copied() } else { None };
        let default = default.map(|value| self.expression(value));
        Some(Taken { name, ty, default, beside })
    }
}
