//! Names that say by themselves what they mean, without an import: `\\OpenAI\\Client`, `std::env::var`.

use base::Span;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::lower::Lowerer;
use crate::tree::{Block, ExprId, Import, Kind, ScopeId, Stmt, Sym};

/// Names that a file uses whole, by what they mean: each is a variable that no name finds, as if it were imported.
#[derive(Default)]
pub struct Absolute {
    names: HashMap<Box<str>, Sym, FxBuildHasher>,
    imports: Vec<u32>,
}

impl Absolute {
    /// Notes a hidden import that no statement binds.
    pub fn note(&mut self, import: u32) {
        self.imports.push(import);
    }
}

impl<L> Lowerer<'_, L> {
    /// A name with dots that says by itself what it means.
    pub fn absolute(&mut self, means: &str, at: Span) -> ExprId {
        let sym = match self.absolute.names.get(means) {
            Some(&sym) => sym,
            None => {
                let (module, name) = means.rsplit_once('.').unwrap_or(("", means));
                let sym = self.tree.fresh(name);
                let slot = self.tree.bind(ScopeId(0), sym);
                self.absolute.names.insert(means.into(), sym);
                self.absolute.imports.push(self.tree.imports.len() as u32);
                let name = Some(self.tree.sym(name));
                self.tree.imports.push(Import {
                    module: module.into(),
                    name,
                    alias: "".into(),
                    means: means.into(),
                    slot: Some(slot),
                    star: false,
                    guess: true,
                    span: at,
                });
                sym
            }
        };
        self.add_at(at, Kind::Name(sym))
    }

    /// The statements that bind the names which are used whole; they come before all others.
    pub fn absolute_imports(&mut self) -> Block {
        let imports = std::mem::take(&mut self.absolute.imports);
        imports.into_iter().map(|number| Stmt::Import(number..number + 1)).collect()
    }
}
