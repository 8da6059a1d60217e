//! Items: modules, types, traits, implementations, constants, and the attributes before them.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::members::Frame;
use crate::tree::{Block, ClassId, ExprId, Import, Kind, ScopeId, Stmt, Target};

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's items, so that all code sees them, and makes classes of its types, so that methods find them.
    pub(super) fn declare_items(&mut self, root: Node<'a>) {
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            let mut of_tests = false;
            for child in children(node) {
                if child.kind() == "attribute_item" {
                    of_tests |= self.is_for_tests(child);
                    continue;
                }
                if !std::mem::take(&mut of_tests) {
                    self.declare_item(child, &mut pending);
                }
            }
        }
    }

    fn declare_item(&mut self, node: Node<'a>, pending: &mut Vec<Node<'a>>) {
        let Some(name) = node.child_by_field_name("name") else {
            if node.kind() == "ERROR" {
                pending.push(node);
            }
            return;
        };
        let sym = match node.kind() {
            "function_item" | "const_item" | "static_item" | "type_item" => self.name(name),
            "struct_item" | "enum_item" | "union_item" | "trait_item" => {
                let sym = self.name(name);
                self.type_named(sym, span(name), false);
                sym
            }
            "mod_item" => match node.child_by_field_name("body") {
                Some(body) => return pending.push(body),
                None => return self.declare_module(name),
            },
            _ => return,
        };
        self.bind(sym);
    }

    /// `mod llm;`: a module in a file of its own.
    fn declare_module(&mut self, name: Node<'a>) {
        let sym = self.name(name);
        let slot = self.tree.bind(ScopeId(0), sym);
        let module = self.module.name.as_str();
        let text = self.source(name);
        let means = if module.is_empty() { text.to_owned() } else { format!("{module}.{text}") };
        self.absolute.note(self.tree.imports.len() as u32);
        self.tree.imports.push(Import {
            module: module.into(),
            name: Some(sym),
            alias: text.into(),
            means: means.into(),
            slot: Some(slot),
            star: false,
            guess: true,
            span: span(name),
        });
    }

    /// `#[cfg(test)]`, `#[test]`, `#[tokio::test]`
    fn is_for_tests(&self, attribute: Node<'a>) -> bool {
        let text = self.source(attribute);
        let text = text.trim_start_matches("#[").trim_end_matches(']');
        text.starts_with("cfg(test)")
            || text.starts_with("cfg(all(test")
            || text.split('(').next().is_some_and(|name| name == "test" || name.ends_with("::test"))
    }

    /// Adds what an item comes to, if it is one.
    pub(super) fn item(&mut self, node: Node<'a>, block: &mut Block) -> bool {
        if !node.kind().ends_with("_item")
            && !matches!(
                node.kind(),
                "use_declaration" | "extern_crate_declaration" | "macro_definition" | "associated_type"
            )
        {
            self.language.attributes.clear();
            return false;
        }
        let attributes = std::mem::take(&mut self.language.attributes);
        if attributes.iter().any(|attribute| self.is_for_tests(*attribute)) {
            return true;
        }
        match node.kind() {
            "use_declaration" => self.use_declaration(node, block),
            "mod_item" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, block);
                }
            }
            "function_item" | "function_signature_item" => {
                let decorators = self.decorators(&attributes);
                block.extend(self.function_item(node, decorators));
            }
            "struct_item" | "union_item" => self.structure(node, &attributes),
            "enum_item" => self.enumeration(node, &attributes),
            "trait_item" => self.trait_item(node),
            "impl_item" => self.implementation(node),
            "const_item" | "static_item" => {
                if let Some(name) = node.child_by_field_name("name") {
                    let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                    let value = self.part(node, "value");
                    block.append(&mut self.before);
                    self.declare(name, value, annotation, block);
                }
            }
            "type_item" => {
                if let (Some(name), Some(ty)) = (node.child_by_field_name("name"), node.child_by_field_name("type")) {
                    let value = self.made_type(ty);
                    self.declare(name, value, None, block);
                }
            }
            _ => {}
        }
        true
    }

    /// Attributes as decorators; what is derived says nothing of what the item does.
    pub(super) fn decorators(&mut self, attributes: &[Node<'a>]) -> Vec<ExprId> {
        let mut found = Vec::new();
        for &item in attributes {
            let Some(&attribute) = children(item).first() else { continue };
            let Some(&path) = children(attribute).first() else { continue };
            if matches!(
                self.source(path),
                "derive" | "allow" | "doc" | "inline" | "cfg" | "must_use" | "serde" | "expect" | "deny" | "warn"
            ) {
                continue;
            }
            let callee = self.path(path);
            found.push(match attribute.child_by_field_name("arguments") {
                Some(tree) => {
                    let arguments = self.token_arguments(tree);
                    self.add(attribute, Kind::Call { callee, arguments })
                }
                None => callee,
            });
        }
        found
    }

    fn structure(&mut self, node: Node<'a>, attributes: &[Node<'a>]) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let sym = self.name(name);
        self.bind(sym);
        let id = self.type_named(sym, span(name), false);
        let mut decorators = self.decorators(attributes);
        self.tree.classes[id.at()].decorators.append(&mut decorators);
        let fields = node.child_by_field_name("body").map(children).unwrap_or_default();
        for field in fields.into_iter().filter(|field| field.kind() == "field_declaration") {
            let Some(name) = field.child_by_field_name("name") else { continue };
            let annotation = field.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
            let sym = self.name(name);
            self.field_of(id, sym, span(name), annotation);
        }
    }

    fn enumeration(&mut self, node: Node<'a>, attributes: &[Node<'a>]) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let sym = self.name(name);
        self.bind(sym);
        let id = self.type_named(sym, span(name), false);
        let mut decorators = self.decorators(attributes);
        self.tree.classes[id.at()].decorators.append(&mut decorators);
        for variant in node.child_by_field_name("body").map(children).unwrap_or_default() {
            if let Some(name) = variant.child_by_field_name("name") {
                let sym = self.name(name);
                self.field_of(id, sym, span(name), None);
            }
        }
    }

    fn trait_item(&mut self, node: Node<'a>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let sym = self.name(name);
        self.bind(sym);
        let id = self.type_named(sym, span(name), false);
        let mut cursor = node.walk();
        if let Some(word) = node.children(&mut cursor).find(|child| child.kind() == "trait") {
            // An interface, by the word that policies know.
            let interface = self.tree.sym("interface");
            let decorator = self.add(word, Kind::Name(interface));
            self.tree.classes[id.at()].decorators.push(decorator);
        }
        self.members(node, id);
    }

    /// `impl T { … }`, `impl Trait for T { … }`
    fn implementation(&mut self, node: Node<'a>) {
        let Some(ty) = node.child_by_field_name("type").and_then(last_name) else { return };
        let sym = self.name(ty);
        let id = self.type_named(sym, span(ty), false);
        if let Some(base) = node.child_by_field_name("trait").and_then(|base| self.made_type(base)) {
            self.tree.classes[id.at()].bases.push(base);
        }
        self.members(node, id);
    }

    fn members(&mut self, node: Node<'a>, id: ClassId) {
        let name = self.tree.class(id).name;
        let this = self.tree.sym("self");
        let (members, types) = (Default::default(), Default::default());
        self.classes.push(Frame { id, name, this, members, types, inherits: false });
        let outer = std::mem::take(&mut self.before);
        let mut attributes = Vec::new();
        for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
            if member.kind() == "attribute_item" {
                attributes.push(member);
                continue;
            }
            let own = std::mem::take(&mut attributes);
            if !own.iter().any(|attribute| self.is_for_tests(*attribute)) {
                self.deeper(member, |this| this.member(member, &own, id));
            }
        }
        self.before = outer;
        self.classes.pop();
    }

    fn member(&mut self, node: Node<'a>, attributes: &[Node<'a>], id: ClassId) {
        match node.kind() {
            "function_item" | "function_signature_item" => {
                let decorators = self.decorators(attributes);
                if let Some(function) = self.method(node, decorators, id) {
                    self.add_method(id, function);
                }
            }
            "const_item" => {
                let Some(name) = node.child_by_field_name("name") else { return };
                let sym = self.name(name);
                let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                let value = self.part(node, "value");
                let slot = self.tree.bind(self.tree.class(id).scope, sym);
                let expr = self.add(name, Kind::Name(sym));
                let targets = vec![Target::Name(expr, slot)];
                self.tree.classes[id.at()].body.push(Stmt::Assign { targets, value, annotation });
            }
            _ => {}
        }
    }
}

/// The name of the type that methods are given to.
fn last_name(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "type_identifier" => Some(node),
        "generic_type" => node.child_by_field_name("type").and_then(last_name),
        "scoped_type_identifier" => node.child_by_field_name("name"),
        "reference_type" => node.child_by_field_name("type").and_then(last_name),
        _ => None,
    }
}
