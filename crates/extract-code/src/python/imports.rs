//! Import statements: absolute, relative, aliased and star.

use std::ops::Range;

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::Import;

impl<'a> Lowerer<'a> {
    /// `import a.b`, `import a.b as c`.
    pub fn import(&mut self, node: Node<'a>) -> Range<u32> {
        let first = self.tree.imports.len() as u32;
        for child in children(node) {
            let (module, alias) = self.imported(child);
            if module.is_empty() {
                continue;
            }
            let (bound, means) = match alias {
                Some(alias) => (alias.to_owned(), module.clone()),
                None => {
                    let root = module.split('.').next().unwrap_or_default().to_owned();
                    (root.clone(), root)
                }
            };
            let name = self.tree.sym(&bound);
            let slot = Some(self.bind(name));
            let alias = alias.map_or_else(|| module.clone(), str::to_owned).into();
            let means = means.into();
            let module = module.into();
            self.tree.imports.push(Import {
                module,
                name: None,
                alias,
                means,
                slot,
                star: false,
                guess: false,
                span: span(child),
            });
        }
        first..self.tree.imports.len() as u32
    }

    /// `from a.b import c as d`, `from .x import *`.
    pub fn import_from(&mut self, node: Node<'a>) -> Range<u32> {
        let first = self.tree.imports.len() as u32;
        let module = match node.child_by_field_name("module_name") {
            Some(name) if name.kind() == "relative_import" => self.relative(name),
            Some(name) => dotted(self.source(name)),
            None if node.kind() == "future_import_statement" => "__future__".to_owned(),
            None => return first..first,
        };
        let mut cursor = node.walk();
        let names: Vec<Node<'a>> = node.children_by_field_name("name", &mut cursor).collect();
        for child in names {
            let (name, alias) = self.imported(child);
            let bound = alias.unwrap_or(&name).to_owned();
            let means = if module.is_empty() { name.clone() } else { format!("{module}.{name}") };
            let sym = self.tree.sym(&bound);
            let slot = Some(self.bind(sym));
            let name = Some(self.tree.sym(&name));
            self.tree.imports.push(Import {
                module: module.as_str().into(),
                name,
                alias: bound.into(),
                means: means.into(),
                slot,
                star: false,
                guess: false,
                span: span(child),
            });
        }
        if let Some(star) = children(node).into_iter().find(|child| child.kind() == "wildcard_import") {
            let name = Some(self.tree.sym("*"));
            let (module, means): (Box<str>, Box<str>) = (module.as_str().into(), module.as_str().into());
            let (alias, span) = ("*".into(), span(star));
            self.tree.imports.push(Import { module, name, alias, means, slot: None, star: true, guess: false, span });
        }
        first..self.tree.imports.len() as u32
    }

    fn imported(&self, node: Node<'a>) -> (String, Option<&'a str>) {
        match node.kind() {
            "aliased_import" => (
                node.child_by_field_name("name").map(|name| dotted(self.source(name))).unwrap_or_default(),
                node.child_by_field_name("alias").map(|alias| self.source(alias)),
            ),
            _ => (dotted(self.source(node)), None),
        }
    }

    /// The module's path from the root: each dot after the first goes up one folder.
    fn relative(&self, node: Node<'a>) -> String {
        let (mut dots, mut rest) = (0, String::new());
        for child in children(node) {
            match child.kind() {
                "import_prefix" => dots = self.source(child).bytes().filter(|&b| b == b'.').count(),
                _ => rest = dotted(self.source(child)),
            }
        }
        let mut parts: Vec<&str> = self.module.package.split('.').filter(|part| !part.is_empty()).collect();
        parts.truncate((parts.len() + 1).saturating_sub(dots));
        parts.extend((!rest.is_empty()).then_some(rest.as_str()));
        parts.join(".")
    }
}

/// A dotted name without the white space that may stand around its dots.
fn dotted(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
}
