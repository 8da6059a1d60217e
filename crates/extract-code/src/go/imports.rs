//! Imports. A package's name need not be the last part of its path: `go-openai` is `openai`, `echo/v4` is `echo`.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Import, Stmt};

impl<'a> Lowerer<'a> {
    /// `import "a/b"`, `import c "a/b"`, `import ( … )`.
    pub fn import(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        for child in children(node) {
            match child.kind() {
                "import_spec_list" => children(child).into_iter().for_each(|spec| self.import_spec(spec)),
                _ => self.import_spec(child),
            }
        }
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }

    fn import_spec(&mut self, node: Node<'a>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let path = self.source(path).trim_matches(['"', '`']);
        if path.is_empty() {
            return;
        }
        let name = node.child_by_field_name("name").map(|name| self.source(name));
        let names: Vec<String> = match name {
            Some(name) => vec![name.to_owned()],
            None => local_names(path),
        };
        let Some(alias) = names.first().cloned() else { return };
        for (number, name) in names.into_iter().enumerate() {
            let sym = self.tree.sym(&name);
            let taken = self.tree.scopes[self.scope.at()].names.contains_key(&sym);
            if number > 0 && taken {
                continue;
            }
            let star = name == ".";
            let slot = (!star && name != "_").then(|| self.bind(sym));
            let all = self.tree.sym("*");
            self.tree.imports.push(Import {
                module: path.into(),
                name: star.then_some(all),
                alias: if star { "*".into() } else { alias.as_str().into() },
                means: path.into(),
                slot,
                star,
                span: span(node),
                guess: number > 0,
            });
        }
    }
}

/// What the package at a path may be called, the likeliest first.
fn local_names(path: &str) -> Vec<String> {
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or_default();
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    if is_version(last)
        && let Some(before) = parts.next()
    {
        last = before;
    }
    if let Some((name, version)) = last.rsplit_once('.')
        && is_version(version)
    {
        last = name;
    }
    let mut short = last;
    for prefix in ["go-", "golang-"] {
        short = short.strip_prefix(prefix).unwrap_or(short);
    }
    for suffix in ["-sdk-go", "-go-sdk", "-go", "-golang", ".go", "-sdk"] {
        short = short.strip_suffix(suffix).unwrap_or(short);
    }
    let mut names = vec![
        short.replace(['-', '.'], ""),
        short.replace(['-', '.'], "_"),
        short.rsplit(['-', '.']).next().unwrap_or_default().to_owned(),
        last.replace(['-', '.'], ""),
    ];
    names.retain(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let mut seen = Vec::new();
    names.retain(|name| {
        let fresh = !seen.contains(name);
        seen.push(name.clone());
        fresh
    });
    names
}

#[cfg(test)]
mod tests {
    use super::local_names;

    #[test]
    fn packages_are_called_by_a_part_of_their_path() {
        for (path, expected) in [
            ("fmt", "fmt"),
            ("net/http", "http"),
            ("github.com/sashabaranov/go-openai", "openai"),
            ("github.com/openai/openai-go", "openai"),
            ("github.com/anthropics/anthropic-sdk-go", "anthropic"),
            ("github.com/labstack/echo/v4", "echo"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/redis/go-redis/v9", "redis"),
        ] {
            assert_eq!(local_names(path)[0], expected, "{path}");
        }
    }
}
