//! Imports: of a class, of all classes of a package, of static members.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Import, Stmt};

impl<'a> Lowerer<'a> {
    /// `import a.b.C`, `import a.b.*`, `import static a.b.C.d`.
    pub(super) fn import(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        let parts = children(node);
        let Some(path) = parts.iter().find(|part| part.kind() != "asterisk") else { return };
        let path: String = self.source(*path).chars().filter(|c| !c.is_whitespace()).collect();
        let star = parts.iter().any(|part| part.kind() == "asterisk");
        let (module, name) = match path.rsplit_once('.') {
            _ if star => (path.as_str(), "*"),
            Some((module, name)) => (module, name),
            None => ("", path.as_str()),
        };
        let sym = self.tree.sym(name);
        let slot = (!star).then(|| self.bind(sym));
        self.tree.imports.push(Import {
            module: module.into(),
            name: Some(sym),
            alias: name.into(),
            means: path.as_str().into(),
            slot,
            star,
            guess: false,
            span: span(node),
        });
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }
}
