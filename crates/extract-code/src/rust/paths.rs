//! Paths, and what `use` makes of them.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, ExprId, Import, Kind, ScopeId, Stmt};

impl<'a> Lowerer<'a> {
    /// A path as an expression: `a`, `a::b`, `crate::a::b`, `Self::a`, `Vec::<T>::a`.
    pub(super) fn path(&mut self, node: Node<'a>) -> ExprId {
        let mut parts = Vec::new();
        segments(node, &mut parts);
        self.path_of(&parts, node)
    }

    /// The path that segments make.
    pub(super) fn path_of(&mut self, parts: &[Node<'a>], at: Node<'a>) -> ExprId {
        let Some((&first, rest)) = parts.split_first() else { return self.add(at, Kind::Other(Vec::new())) };
        let end = parts.last().map_or(first, |last| *last);
        let whole = span(first).cover(span(end));
        let word = self.source(first);
        match word {
            "crate" | "super" if !rest.is_empty() => {
                let base = self.relative(parts);
                self.absolute(&base, whole)
            }
            "self" if !rest.is_empty() => {
                let base = self.relative(parts);
                self.absolute(&base, whole)
            }
            "self" => self.this(first),
            "Self" => {
                let class = self.classes.last().map(|frame| frame.name);
                let class = class.unwrap_or_else(|| self.name(first));
                let object = self.add(first, Kind::Name(class));
                self.members_of(object, rest)
            }
            _ => {
                let name = self.name(first);
                let bound = self.tree.lookup(self.scope, name).is_some();
                // What begins with a small letter and is not of the file is a crate.
                if !bound && !rest.is_empty() && word.starts_with(char::is_lowercase) {
                    let texts: Vec<&str> = parts.iter().map(|part| self.source(*part)).collect();
                    return self.absolute(&texts.join("."), whole);
                }
                let object = self.add(first, Kind::Name(name));
                self.members_of(object, rest)
            }
        }
    }

    fn members_of(&mut self, object: ExprId, rest: &[Node<'a>]) -> ExprId {
        let mut object = object;
        for &part in rest.iter().take(16) {
            object = self.attribute_of(object, part);
        }
        object
    }

    /// What `crate::a`, `super::a` and `self::a` are called from the root.
    fn relative(&self, parts: &[Node<'a>]) -> String {
        let mut base = String::new();
        for (number, &part) in parts.iter().enumerate() {
            match self.source(part) {
                "crate" if number == 0 => base = self.module.package.clone(),
                "self" if number == 0 => base = self.module.name.clone(),
                "super" => {
                    if number == 0 {
                        base = self.module.name.clone();
                    }
                    base = base.rsplit_once('.').map_or(String::new(), |(above, _)| above.to_owned());
                }
                word if base.is_empty() => base = word.to_owned(),
                word => base = format!("{base}.{word}"),
            }
        }
        base
    }

    /// `use a::{b, c as d, e::*};`
    pub(super) fn use_declaration(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        if let Some(argument) = node.child_by_field_name("argument") {
            self.use_clause(argument, &[]);
        }
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }

    fn use_clause(&mut self, node: Node<'a>, before: &[Node<'a>]) {
        let before = before.to_vec();
        self.deeper(node, |this| match node.kind() {
            "scoped_use_list" => {
                let mut before = before;
                if let Some(path) = node.child_by_field_name("path") {
                    segments(path, &mut before);
                }
                if let Some(list) = node.child_by_field_name("list") {
                    this.use_clause(list, &before);
                }
            }
            "use_list" => {
                for clause in children(node) {
                    this.use_clause(clause, &before);
                }
            }
            "use_as_clause" => {
                let mut parts = before;
                if let Some(path) = node.child_by_field_name("path") {
                    segments(path, &mut parts);
                }
                this.imported(node, &parts, node.child_by_field_name("alias"));
            }
            "use_wildcard" => {}
            _ => {
                let mut parts = before;
                segments(node, &mut parts);
                // use a::{self}
                if parts.len() > 1 && parts.last().is_some_and(|last| this.source(*last) == "self") {
                    parts.pop();
                }
                this.imported(node, &parts, None);
            }
        });
    }

    fn imported(&mut self, node: Node<'a>, parts: &[Node<'a>], alias: Option<Node<'a>>) {
        let Some(&last) = parts.last() else { return };
        let means = self.relative(parts);
        let alias = alias.map_or(self.source(last), |alias| self.source(alias));
        if alias == "_" {
            return;
        }
        let (module, name) = match means.rsplit_once('.') {
            Some((module, name)) => (module, Some(name)),
            None => (means.as_str(), None),
        };
        let sym = self.tree.sym(alias);
        let slot = Some(self.tree.bind(ScopeId(0), sym));
        let name = name.map(|name| self.tree.sym(name));
        self.tree.imports.push(Import {
            module: module.into(),
            name,
            alias: alias.into(),
            means: means.as_str().into(),
            slot,
            star: false,
            guess: false,
            // Of `{self}` the name stands before the braces.
            span: span(if node.kind() == "self" { last } else { node }),
        });
    }
}

/// The names in a path, without types between angle brackets.
fn segments<'t>(node: Node<'t>, parts: &mut Vec<Node<'t>>) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        match node.kind() {
            "scoped_identifier" | "scoped_type_identifier" => {
                pending.extend(node.child_by_field_name("name"));
                pending.extend(node.child_by_field_name("path"));
            }
            "generic_type" | "generic_type_with_turbofish" | "generic_pattern" => {
                pending.extend(node.child_by_field_name("type").or(children(node).first().copied()));
            }
            "generic_function" => pending.extend(node.child_by_field_name("function")),
            // <T as Trait>::f
            "bracketed_type" | "qualified_type" => pending.extend(children(node).first().copied()),
            _ => parts.push(node),
        }
    }
}
