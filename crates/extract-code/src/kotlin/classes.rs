//! Classes, objects, interfaces, enumerations, what stands in them, and annotations, which are decorators.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, has_token, span};
use crate::members::Frame;
use crate::tree::{Block, Class, ExprId, Kind, Stmt};

/// Whether a node declares a class of any kind.
fn declares_class(node: Node<'_>) -> bool {
    matches!(node.kind(), "class_declaration" | "object_declaration")
}

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's classes and functions, so that all code sees them.
    pub(super) fn declare_names(&mut self, root: Node<'a>) {
        for declaration in children(root) {
            if (declares_class(declaration) || declaration.kind() == "function_declaration")
                && let Some(name) = declaration.child_by_field_name("name")
            {
                let sym = self.name(name);
                self.bind(sym);
            }
        }
    }

    /// The annotations of a declaration, those that stand alone before it included.
    pub(super) fn annotations(&mut self, node: Node<'a>) -> Vec<ExprId> {
        let mut found = std::mem::take(&mut self.language.annotations);
        let modifiers = children(node).into_iter().filter(|child| child.kind() == "modifiers");
        let annotations: Vec<Node<'a>> =
            modifiers.flat_map(children).filter(|child| child.kind() == "annotation").collect();
        for annotation in annotations {
            found.extend(self.annotation(annotation));
        }
        found
    }

    /// `@Name`, `@Name("x", key = y)`.
    pub(super) fn annotation(&mut self, node: Node<'a>) -> Option<ExprId> {
        let inner = children(node).into_iter().rfind(|child| child.kind() != "use_site_target")?;
        match inner.kind() {
            "constructor_invocation" => Some(self.construction(inner)),
            _ => self.type_expression(inner),
        }
    }

    /// `@RestController @RequestMapping("/chat")` before a class of the top level, which the grammar takes for an expression.
    pub(super) fn lone_annotations(&mut self, node: Node<'a>) {
        self.deeper(node, |this| {
            let parts = children(node);
            let Some(&annotation) = parts.first().filter(|part| part.kind() == "annotation") else { return };
            let Some(name) = this.annotation(annotation) else { return };
            let bracket = parts.get(1).filter(|part| part.kind() == "parenthesized_expression");
            let decorator = match bracket {
                Some(&list) => {
                    let arguments = this.plain_arguments(list);
                    let at = this.tree.expr(name).span.cover(span(list));
                    this.add_at(at, Kind::Call { callee: name, arguments })
                }
                None => name,
            };
            this.language.annotations.push(decorator);
            if let Some(&next) = parts.get(1).filter(|part| part.kind() == "annotated_expression") {
                this.lone_annotations(next);
            }
        });
    }

    /// A class of any kind.
    pub(super) fn class(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let mut decorators = self.annotations(node);
        self.interface_word(node, &mut decorators);
        self.bind(name);
        Some(Stmt::Class(self.class_named(node, name, span(name_node), decorators)))
    }

    fn class_named(
        &mut self,
        node: Node<'a>,
        name: crate::tree::Sym,
        at: base::Span,
        decorators: Vec<ExprId>,
    ) -> crate::tree::ClassId {
        let list = children(node).into_iter().find(|child| child.kind() == "delegation_specifiers");
        let (mut bases, mut inherits) = (Vec::new(), false);
        for specifier in list.map(children).unwrap_or_default() {
            let Some(&base) = children(specifier).first() else { continue };
            let ty = match base.kind() {
                "constructor_invocation" => {
                    inherits = true;
                    children(base).first().copied()
                }
                _ => Some(base),
            };
            let ty = ty.and_then(|ty| self.type_expression(ty));
            bases.extend(ty.map(|ty| match *self.tree.kind(ty) {
                Kind::Subscript { object, .. } => object,
                _ => ty,
            }));
        }
        let class = Class { bases, decorators, ..self.new_class(name, at, self.qualified(name)) };
        let parts = children(node);
        let constructor = parts.iter().find(|child| child.kind() == "primary_constructor").copied();
        let body = parts.into_iter().find(|child| matches!(child.kind(), "class_body" | "enum_class_body"));
        let companion = std::mem::take(&mut self.language.companion);
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
                if let Some(constructor) = constructor {
                    this.primary_constructor(constructor, block);
                }
                if let Some(body) = body {
                    this.deeper(body, |this| this.members(body, block));
                }
            },
        );
        self.language.companion = companion;
        id
    }

    /// `object : Base() { … }`: a class without a name, declared before the statement that it stands in.
    pub(super) fn object_literal(&mut self, node: Node<'a>) -> ExprId {
        let name = self.tree.fresh("<anonymous>");
        let at = base::Span::at(node.start_byte());
        let id = self.class_named(node, name, at, Vec::new());
        self.bind(name);
        self.before.push(Stmt::Class(id));
        let callee = self.add_at(at, Kind::Name(name));
        self.add(node, Kind::Call { callee, arguments: Vec::new() })
    }

    /// The names of what a class's body declares.
    fn collect(&mut self, body: Node<'a>, frame: &mut Frame) {
        for member in children(body) {
            match member.kind() {
                "property_declaration" => {
                    let variable = children(member).into_iter().find(|child| child.kind() == "variable_declaration");
                    if let Some(name) = variable.and_then(|it| children(it).first().copied()) {
                        frame.members.insert(self.name(name));
                    }
                }
                "function_declaration" => self.note_name(member, &mut frame.members),
                "enum_entry" => {
                    if let Some(&name) = children(member).first() {
                        frame.members.insert(self.name(name));
                    }
                }
                "companion_object" => {
                    for inner in children(member).into_iter().filter(|child| child.kind() == "class_body") {
                        self.collect(inner, frame);
                    }
                }
                "ERROR" => self.collect(member, frame),
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
            "property_declaration" => self.property(node, block),
            "function_declaration" => block.extend(self.function_declaration(node)),
            "secondary_constructor" | "anonymous_initializer" => block.push(self.constructor(node)),
            "companion_object" => {
                let outer = std::mem::replace(&mut self.language.companion, true);
                for inner in children(node).into_iter().filter(|child| child.kind() == "class_body") {
                    self.members(inner, block);
                }
                self.language.companion = outer;
            }
            "enum_entry" => self.enum_entry(node, block),
            "ERROR" => self.members(node, block),
            _ if declares_class(node) => block.extend(self.class(node)),
            _ => {}
        }
    }

    fn enum_entry(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(&name), Some(class)) = (children(node).first(), self.classes.last().map(|frame| frame.name)) else {
            return;
        };
        let callee = self.add_at(base::Span::at(name.start_byte()), Kind::Name(class));
        let mut arguments = Vec::new();
        for part in children(node) {
            self.arguments_of(part, &mut arguments);
        }
        let value = self.add(node, Kind::Call { callee, arguments });
        self.declare(name, Some(value), None, block);
    }

    /// `val a: T = x`, `val a by lazy { x }`, `val a get() = x`, of a class or not.
    pub(super) fn property(&mut self, node: Node<'a>, block: &mut Block) {
        let decorators = self.annotations(node);
        let parts = children(node);
        let variable = parts.iter().find(|child| child.kind().ends_with("variable_declaration")).copied();
        let Some(variable) = variable else { return };
        let annotation = self.type_of(variable);
        let getter = parts.iter().find(|child| child.kind() == "getter").copied();
        let delegate = parts.iter().find(|child| child.kind() == "property_delegate").copied();
        let value = if has_token(node, "=") {
            parts
                .iter()
                .rfind(|child| child.start_byte() > variable.end_byte() && !matches!(child.kind(), "getter" | "setter"))
        } else {
            None
        };
        let name = children(variable).into_iter().find(|child| child.kind() == "identifier");
        if let (Some(name), Some(getter), None) = (name, getter, value) {
            return self.getter(name, getter, annotation, block);
        }
        let value = match (value, delegate) {
            (Some(&value), _) => Some(self.expression(value)),
            // What `lazy { … }` gives is the value of its lambda.
            (None, Some(delegate)) => children(delegate).first().map(|&inner| self.expression(inner)),
            _ => None,
        };
        match name {
            Some(name) if variable.kind() == "variable_declaration" => {
                self.decorated_field(name, value, annotation, &decorators, block);
            }
            _ => {
                block.extend(decorators.iter().map(|&decorator| Stmt::Expr(decorator)));
                let targets = vec![self.pattern(variable)];
                block.push(Stmt::Assign { targets, value, annotation: None });
            }
        }
    }
}
