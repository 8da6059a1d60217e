//! Names of classes, functions and constants, and what `use` makes of them.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, ExprId, Import, Kind, ScopeId, Stmt};

/// What has no namespace is of this one.
pub(super) const GLOBAL: &str = "global";

/// The namespace of the file.
pub(super) fn namespace(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("namespace ").map(str::trim_start));
    let name = line.unwrap_or_default().split([';', '{', ' ']).next().unwrap_or_default();
    let valid = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\\'));
    if valid { name.replace('\\', ".") } else { GLOBAL.to_owned() }
}

/// The name with dots, `global.` in front where it has no namespace.
fn dotted(name: &str) -> String {
    let name = name.trim_start_matches('\\');
    if name.contains('\\') { name.replace('\\', ".") } else { format!("{GLOBAL}.{name}") }
}

impl<'a> Lowerer<'a> {
    /// Binds the names of the file's classes, functions and constants, so that all code sees them.
    pub(super) fn declare_names(&mut self, root: Node<'a>) {
        let mut pending = children(root);
        while let Some(node) = pending.pop() {
            match node.kind() {
                "class_declaration"
                | "interface_declaration"
                | "trait_declaration"
                | "enum_declaration"
                | "function_definition" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        let sym = self.name(name);
                        self.bind(sym);
                    }
                }
                "const_declaration" => {
                    for element in children(node).into_iter().filter(|child| child.kind() == "const_element") {
                        if let Some(&name) = children(element).first() {
                            let sym = self.name(name);
                            self.bind(sym);
                        }
                    }
                }
                // Functions of WordPress and old libraries: if (!function_exists('ask')) { function ask() { … } }
                "namespace_definition" | "compound_statement" | "if_statement" | "ERROR" => {
                    pending.extend(children(node));
                }
                _ => {}
            }
        }
    }

    /// A function or constant of nobody in particular.
    pub(super) fn global(&mut self, name: &str, at: Span) -> ExprId {
        self.absolute(&format!("{GLOBAL}.{name}"), at)
    }

    /// The name of a class, in any way that names one.
    pub(super) fn class_name(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "named_type" => match children(node).first() {
                Some(&inner) => self.class_name(inner),
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "name" | "relative_scope" => match self.source(node) {
                "self" | "static" => {
                    let class = self.classes.last().map(|frame| frame.name);
                    let class = class.unwrap_or_else(|| self.name(node));
                    self.add(node, Kind::Name(class))
                }
                _ => self.plain_name(node),
            },
            "qualified_name" | "relative_name" => self.qualified_name(node),
            _ => self.expression(node),
        }
    }

    /// `\A\B`, `A\B` after `use X\A`, `namespace\A`.
    fn qualified_name(&mut self, node: Node<'a>) -> ExprId {
        let text: String = self.source(node).split_whitespace().collect();
        if let Some(rest) = text.strip_prefix('\\') {
            return self.absolute(&dotted(rest), span(node));
        }
        let inner = text.strip_prefix("namespace\\").unwrap_or(&text);
        let (first, rest) = inner.split_once('\\').unwrap_or((inner, ""));
        let sym = self.tree.sym(first);
        let known = self.tree.lookup(self.scope, sym).is_some() && inner.len() == text.len();
        if !known && self.module.name == GLOBAL {
            return self.absolute(&dotted(inner), span(node));
        }
        let mut object = self.add(node, Kind::Name(sym));
        for part in rest.split('\\').filter(|part| !part.is_empty()) {
            let name = self.tree.sym(part);
            object = self.add(node, Kind::Attribute { object, name });
        }
        object
    }

    /// Whether a function or constant is neither of the file nor imported.
    pub(super) fn is_of_nobody(&self, node: Node<'a>) -> bool {
        self.tree.find_sym(self.source(node)).is_none_or(|sym| self.tree.lookup(ScopeId(0), sym).is_none())
    }

    /// What is called by a name, or a constant: of the file, or else of nobody in particular.
    pub(super) fn function_name(&mut self, node: Node<'a>) -> ExprId {
        if node.kind() != "name" {
            return self.qualified_name(node);
        }
        let sym = self.name(node);
        match self.tree.lookup(ScopeId(0), sym) {
            Some(_) => self.add(node, Kind::Name(sym)),
            None => self.global(self.source(node), span(node)),
        }
    }

    /// `use A\B;`, `use A\B as C, D\E;`, `use A\{B, C as D};`, `use function A\f;`
    pub(super) fn use_declaration(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        let mut cursor = node.walk();
        let prefix = node.children(&mut cursor).find(|child| child.kind() == "namespace_name");
        let prefix = prefix.map(|prefix| self.source(prefix)).unwrap_or_default();
        let group = node.child_by_field_name("body");
        for clause in children(group.unwrap_or(node)) {
            if clause.kind() != "namespace_use_clause" {
                continue;
            }
            let alias = clause.child_by_field_name("alias");
            let Some(name) = children(clause).into_iter().find(|part| part.kind().ends_with("name")) else { continue };
            let name = self.source(name);
            let whole = if prefix.is_empty() { dotted(name) } else { dotted(&format!("{prefix}\\{name}")) };
            let (module, last) = whole.rsplit_once('.').unwrap_or(("", &whole));
            let alias = alias.map_or(last, |alias| self.source(alias));
            let sym = self.tree.sym(alias);
            let slot = Some(self.tree.bind(ScopeId(0), sym));
            let imported = Some(self.tree.sym(last));
            self.tree.imports.push(Import {
                module: module.into(),
                name: imported,
                alias: alias.into(),
                means: whole.as_str().into(),
                slot,
                star: false,
                guess: false,
                span: span(clause),
            });
        }
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::{dotted, namespace};

    #[test]
    fn names_are_written_with_dots() {
        assert_eq!(namespace("<?php\n\nnamespace App\\Http;\n"), "App.Http");
        assert_eq!(namespace("<?php\nnamespace App { class A {} }"), "App");
        assert_eq!(namespace("<?php\n$x = 1;\n"), "global");
        assert_eq!(dotted("\\OpenAI"), "global.OpenAI");
        assert_eq!(dotted("OpenAI\\Client"), "OpenAI.Client");
    }
}
