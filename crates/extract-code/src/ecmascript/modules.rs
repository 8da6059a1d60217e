//! What a file takes from others and gives to them: `import`, `export`, `require`, `module.exports`, `import()`.

use std::ops::Range;

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use super::expressions::bare;
use super::specifier::{Specifier, resolve};
use crate::lower::{children, span};
use crate::tree::{Block, Export, ExprId, Import, Kind, Stmt, Sym};

/// What an export or import without a name goes by.
const DEFAULT: &str = "default";

/// A name that is taken from a module, and what the file calls it.
struct Taken<'n> {
    name: Option<&'n str>,
    alias: &'n str,
    /// The variable; none where the file only hands it on.
    variable: Option<Sym>,
    span: Span,
}

impl<'a> Lowerer<'a> {
    /// `import a, { b as c } from "m"`, `import * as d from "m"`, `import e = require("m")`.
    pub fn import(&mut self, node: Node<'a>) -> Option<Stmt> {
        let first = self.tree.imports.len() as u32;
        let parts = children(node);
        let require = parts.iter().find(|part| part.kind() == "import_require_clause");
        let source =
            node.child_by_field_name("source").or(require.and_then(|part| part.child_by_field_name("source")))?;
        let specifier = self.specifier(source);
        match (require, parts.iter().find(|part| part.kind() == "import_clause")) {
            (Some(require), _) => {
                let name = children(*require).into_iter().find(|child| child.kind() == "identifier")?;
                self.take_bound(&specifier, None, name, node);
            }
            (None, Some(clause)) => {
                for part in children(*clause) {
                    self.import_part(&specifier, part);
                }
            }
            (None, None) => {
                let alias = specifier.module.clone();
                self.take(&specifier, Taken { name: None, alias: &alias, variable: None, span: span(node) });
            }
        }
        Some(Stmt::Import(self.imports_since(first)))
    }

    fn import_part(&mut self, specifier: &Specifier, part: Node<'a>) {
        match part.kind() {
            "identifier" => self.take_bound(specifier, Some(DEFAULT), part, part),
            "namespace_import" => {
                if let Some(&name) = children(part).first() {
                    self.take_bound(specifier, None, name, part);
                }
            }
            "named_imports" => {
                for one in children(part).into_iter().filter(|child| child.kind() == "import_specifier") {
                    let Some(name) = one.child_by_field_name("name") else { continue };
                    let text = self.module_name_text(name);
                    let alias = one.child_by_field_name("alias").unwrap_or(name);
                    self.take_bound(specifier, Some(&text), alias, one);
                }
            }
            _ => {}
        }
    }

    /// A name that becomes a variable of the file.
    fn take_bound(&mut self, specifier: &Specifier, name: Option<&str>, alias: Node<'a>, at: Node<'a>) {
        let variable = Some(self.variable(alias));
        let alias = self.source(alias);
        self.take(specifier, Taken { name, alias, variable, span: span(at) });
    }

    /// Notes an imported name. What a package gives by default goes by the package itself: both
    /// `import OpenAI from "openai"` and `require("openai")`.
    fn take(&mut self, specifier: &Specifier, taken: Taken<'_>) {
        let Taken { name, alias, variable, span } = taken;
        let module = specifier.module.as_str();
        let means = match name {
            Some(DEFAULT) if !specifier.local => module.to_owned(),
            Some(name) if module.is_empty() => name.to_owned(),
            Some(name) => format!("{module}.{name}"),
            None => module.to_owned(),
        };
        let slot = variable.map(|variable| self.bind(variable));
        let name = name.map(|name| self.tree.sym(name));
        let (module, means, alias) = (module.into(), means.into(), alias.into());
        self.tree.imports.push(Import { module, name, alias, means, slot, star: false, guess: false, span });
    }

    fn specifier(&self, source: Node<'a>) -> Specifier {
        resolve(&self.string(source), self.module)
    }

    fn imports_since(&self, first: u32) -> Range<u32> {
        first..self.tree.imports.len() as u32
    }

    /// A name in braces; it may be a string.
    fn module_name_text(&self, node: Node<'a>) -> String {
        if node.kind() == "string" { self.string(node) } else { self.source(node).to_owned() }
    }

    // Exports ------------------------------------------------------------------------------------------------

    /// `export …` in all its forms.
    pub fn export(&mut self, node: Node<'a>, block: &mut Block) {
        if let Some(source) = node.child_by_field_name("source") {
            let first = self.tree.imports.len() as u32;
            self.hand_on(node, source);
            return block.push(Stmt::Import(self.imports_since(first)));
        }
        let by_default = has_word(node, DEFAULT);
        let mut decorators = Vec::new();
        for child in children(node) {
            match child.kind() {
                "decorator" => decorators.extend(self.first(child)),
                "export_clause" => self.export_clause(child),
                _ => {}
            }
        }
        if let Some(declaration) = node.child_by_field_name("declaration") {
            self.export_declaration(declaration, by_default, decorators, block);
        } else if let Some(value) = node.child_by_field_name("value") {
            self.export_value(value, DEFAULT, node, block);
        } else if has_word(node, "=")
            && let Some(&value) = children(node).first()
        {
            self.export_all_of(value, node, block);
        }
    }

    /// `export { a as b } from "m"`, `export * from "m"`, `export * as c from "m"`.
    fn hand_on(&mut self, node: Node<'a>, source: Node<'a>) {
        let specifier = self.specifier(source);
        for child in children(node) {
            match child.kind() {
                "export_clause" => {
                    for one in children(child).into_iter().filter(|child| child.kind() == "export_specifier") {
                        let Some(name) = one.child_by_field_name("name") else { continue };
                        let text = self.module_name_text(name);
                        let alias = one
                            .child_by_field_name("alias")
                            .map_or_else(|| text.clone(), |alias| self.module_name_text(alias));
                        let taken = Taken { name: Some(&text), alias: &alias, variable: None, span: span(one) };
                        self.take(&specifier, taken);
                    }
                    return;
                }
                "namespace_export" => {
                    let alias = children(child).first().map(|&name| self.module_name_text(name)).unwrap_or_default();
                    let taken = Taken { name: None, alias: &alias, variable: None, span: span(child) };
                    return self.take(&specifier, taken);
                }
                _ => {}
            }
        }
        self.take(&specifier, Taken { name: Some("*"), alias: "*", variable: None, span: span(node) });
    }

    fn export_clause(&mut self, clause: Node<'a>) {
        for one in children(clause).into_iter().filter(|child| child.kind() == "export_specifier") {
            let Some(name) = one.child_by_field_name("name") else { continue };
            let local = self.module_name_text(name);
            let name =
                one.child_by_field_name("alias").map_or_else(|| local.clone(), |alias| self.module_name_text(alias));
            self.give(&name, &local, span(one));
        }
    }

    fn give(&mut self, name: &str, local: &str, span: Span) {
        self.tree.exports.push(Export { name: name.into(), local: local.into(), span });
    }

    fn export_declaration(&mut self, node: Node<'a>, by_default: bool, decorators: Vec<ExprId>, block: &mut Block) {
        let mut names = Vec::new();
        match node.kind() {
            "lexical_declaration" | "variable_declaration" => {
                for declarator in children(node) {
                    if let Some(pattern) = declarator.child_by_field_name("name") {
                        self.bound(pattern, &mut names);
                    }
                }
            }
            "type_alias_declaration" | "function_signature" | "ambient_declaration" => {}
            _ => names.extend(node.child_by_field_name("name").map(|name| self.source(name))),
        }
        for name in &names {
            self.give(if by_default { DEFAULT } else { name }, name, span(node));
        }
        if by_default && names.is_empty() {
            self.give(DEFAULT, DEFAULT, span(node));
        }
        match node.kind() {
            "class_declaration" | "abstract_class_declaration" => {
                block.extend(self.class_declaration(node, Some(DEFAULT), decorators));
            }
            "function_declaration" | "generator_function_declaration" => {
                block.extend(self.function_declaration(node, Some(DEFAULT)));
            }
            _ => self.statement(node, block),
        }
    }

    /// A value under a name: a variable is known by its own.
    fn export_value(&mut self, value: Node<'a>, name: &str, at: Node<'a>, block: &mut Block) {
        let inner = bare(value);
        let own = inner.child_by_field_name("name").filter(|_| matches!(inner.kind(), "class" | "function_expression"));
        match (inner.kind(), own) {
            ("identifier", _) => {
                self.give(name, self.source(inner), span(at));
                let value = self.expression(inner);
                block.push(Stmt::Expr(value));
            }
            ("function_expression", Some(own)) => {
                self.give(name, self.source(own), span(at));
                block.extend(self.function_declaration(inner, None));
            }
            ("class", Some(own)) => {
                self.give(name, self.source(own), span(at));
                block.extend(self.class_declaration(inner, None, Vec::new()));
            }
            _ => {
                self.give(name, name, span(at));
                self.define_as(name, value, block);
            }
        }
    }

    /// `module.exports = value`: what others take out of the file they take out of the value.
    fn export_all_of(&mut self, value: Node<'a>, at: Node<'a>, block: &mut Block) {
        let inner = bare(value);
        match inner.kind() {
            "object" => self.export_object(inner, block),
            "identifier" => self.give("*", self.source(inner), span(at)),
            _ => {
                if let Some(specifier) = self.required(inner) {
                    let first = self.tree.imports.len() as u32;
                    self.take(&specifier, Taken { name: Some("*"), alias: "*", variable: None, span: span(at) });
                    return block.push(Stmt::Import(self.imports_since(first)));
                }
                let own = inner.child_by_field_name("name").map(|name| self.source(name));
                self.give(
                    "*",
                    own.filter(|_| matches!(inner.kind(), "class" | "function_expression")).unwrap_or(DEFAULT),
                    span(at),
                );
            }
        }
        self.export_value(value, DEFAULT, at, block);
    }

    /// `module.exports = { ask, chat: answer, run() { … }, ...require("./more") }`.
    fn export_object(&mut self, object: Node<'a>, block: &mut Block) {
        for entry in children(object) {
            match entry.kind() {
                "shorthand_property_identifier" => self.give(self.source(entry), self.source(entry), span(entry)),
                "pair" | "method_definition" => {
                    let Some(key) = entry.child_by_field_name("key").or(entry.child_by_field_name("name")) else {
                        continue;
                    };
                    let name = self.key_text(key);
                    let value = entry.child_by_field_name("value").map(bare);
                    let local = value.filter(|value| value.kind() == "identifier").map(|value| self.source(value));
                    let inside = format!("{DEFAULT}.{name}");
                    self.give(&name, local.unwrap_or(&inside), span(entry));
                }
                "spread_element" => {
                    let inner = children(entry).first().copied().map(bare);
                    if let Some(specifier) = inner.and_then(|inner| self.required(inner)) {
                        let first = self.tree.imports.len() as u32;
                        self.take(&specifier, Taken { name: Some("*"), alias: "*", variable: None, span: span(entry) });
                        block.push(Stmt::Import(self.imports_since(first)));
                    }
                }
                _ => {}
            }
        }
    }

    /// `module.exports = …`, `exports.ask = …`; whether it was one of them.
    pub fn exports_by_assignment(&mut self, lefts: &[Node<'a>], right: Node<'a>, block: &mut Block) -> bool {
        let texts: Vec<&str> = lefts.iter().map(|&left| self.source(left)).collect();
        let Some(&at) = lefts.first() else { return false };
        if texts.contains(&"module.exports") {
            self.export_all_of(right, at, block);
            return true;
        }
        let name = texts.iter().find_map(|text| text.strip_prefix("module.exports.").or(text.strip_prefix("exports.")));
        let Some(name) = name.filter(|name| !name.contains(['.', '[', '('])) else { return false };
        // `exports.ask = void 0` only declares.
        if right.kind() == "unary_expression" || right.kind() == "undefined" {
            return true;
        }
        self.export_value(right, name, at, block);
        true
    }

    // Modules as values ----------------------------------------------------------------------------------------

    /// The module that `require("m")` or `import("m")` loads.
    pub fn required(&self, node: Node<'a>) -> Option<Specifier> {
        if node.kind() != "call_expression" {
            return None;
        }
        let function = node.child_by_field_name("function")?;
        if function.kind() != "import" && !(function.kind() == "identifier" && self.source(function) == "require") {
            return None;
        }
        let list = node.child_by_field_name("arguments").filter(|list| list.kind() == "arguments")?;
        let source = *children(list).first()?;
        (source.kind() == "string").then(|| self.specifier(source))
    }

    /// `const a = require("m")`, `const { b, c: d } = await import("m")`: variables as imports make them.
    pub fn required_by(&mut self, pattern: Node<'a>, value: Node<'a>) -> Option<Stmt> {
        let value = bare(value);
        let value = if value.kind() == "await_expression" { bare(*children(value).first()?) } else { value };
        let specifier = self.required(value)?;
        let parts = children(pattern);
        let plain = |part: &Node<'a>| match part.kind() {
            "shorthand_property_identifier_pattern" => true,
            "pair_pattern" => part.child_by_field_name("value").is_some_and(|value| value.kind() == "identifier"),
            _ => false,
        };
        let first = self.tree.imports.len() as u32;
        match pattern.kind() {
            "identifier" => self.take_bound(&specifier, None, pattern, pattern),
            "object_pattern" if parts.iter().all(plain) => {
                for part in parts {
                    let name = part.child_by_field_name("key").unwrap_or(part);
                    let alias = part.child_by_field_name("value").unwrap_or(part);
                    let text = self.key_text(name);
                    self.take_bound(&specifier, Some(&text), alias, part);
                }
            }
            _ => return None,
        }
        Some(Stmt::Import(self.imports_since(first)))
    }

    /// A module in the middle of an expression: a variable of its own that the statement before it imports.
    pub fn module_value(&mut self, node: Node<'a>, specifier: Specifier) -> ExprId {
        let variable = self.tree.fresh("require");
        let first = self.tree.imports.len() as u32;
        let alias = specifier.module.clone();
        let taken = Taken { name: None, alias: &alias, variable: Some(variable), span: span(node) };
        self.take(&specifier, taken);
        let range = self.imports_since(first);
        self.before.push(Stmt::Import(range));
        self.add(node, Kind::Name(variable))
    }

    /// `await import("m")` is the module.
    pub fn module_awaited(&mut self, node: Node<'a>) -> Option<ExprId> {
        let inner = bare(*children(node).first()?);
        let specifier = self.required(inner)?;
        Some(self.module_value(node, specifier))
    }
}

fn has_word(node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == word)
}
