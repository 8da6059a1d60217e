//! From names to things, as seen from a place: a control's block, then its file, then the modules made reachable
//! by `use`. From a query every loaded module is reachable.

use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Span};
use facts::Type;
use ir::RelId;
use rustc_hash::FxHashMap;
use syntax::ast;

use crate::checks::unknown;
use crate::model::{Entry, Resolved};

/// Why a name leads nowhere.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The root cause is told already.
    Reported,
    /// This is to be told.
    Because(Box<Diagnostic>),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::Because(Box::new(diagnostic))
    }
}

impl Failure {
    /// Tells what is not told yet.
    pub fn tell(self, diagnostics: &mut Vec<Diagnostic>) {
        if let Failure::Because(diagnostic) = self {
            diagnostics.push(*diagnostic);
        }
    }
}

/// Modules that need no `use`: last names, all below `std`.
pub(crate) const GIVEN_MODULES: [&str; 4] = ["code", "secret", "doc", "git"];

/// The names of a control's block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Private relations, `scope` too.
    pub relations: FxHashMap<Arc<str>, Entry<RelId>>,
}

/// A place to look names up from.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// All there is.
    pub world: &'a Resolved,
    /// The text in which the names stand.
    pub file: FileId,
    /// The module; none for a query.
    pub module: Option<usize>,
    /// The control's block.
    pub block: Option<&'a Block>,
}

impl<'a> Scope<'a> {
    /// A place of the text.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    /// The relation of that name.
    pub fn relation(&self, path: &ast::Path) -> Result<RelId, Failure> {
        let name = &*path.last().text;
        let entry = if path.parts.len() > 1 {
            let module = self.module_of(path)?;
            match self.world.modules[module].relations.get(name) {
                Some(entry) => *entry,
                None => return Err(unknown::relation_of_module(self, path, module).into()),
            }
        } else if let Some(entry) = self.block.and_then(|block| block.relations.get(name)) {
            *entry
        } else if self.block.is_some() && matches!(name, "violation" | "note") {
            return Err(unknown::unreadable(self, path).into());
        } else {
            self.own_relation(path)?
        };
        match entry {
            Entry::Known(id) => Ok(id),
            Entry::Broken => Err(Failure::Reported),
        }
    }

    /// The params that can be named from here, as they are written.
    pub fn params(&self) -> Vec<String> {
        let Some(module) = self.module else { return Vec::new() };
        let module = &self.world.modules[module];
        let mut names: Vec<String> = module.params.keys().map(|name| name.to_string()).collect();
        for (alias, entry) in &module.reachable {
            if let Entry::Known(other) = entry {
                names.extend(self.world.modules[*other].params.keys().map(|name| format!("{alias}.{name}")));
            }
        }
        names.sort();
        names
    }

    fn own_relation(&self, path: &ast::Path) -> Result<Entry<RelId>, Failure> {
        let name = &*path.last().text;
        let Some(module) = self.module else { return self.only_relation(path) };
        match self.world.modules[module].relations.get(name) {
            Some(entry) => Ok(*entry),
            None => Err(unknown::relation(self, path).into()),
        }
    }

    /// A bare name in a query: that of the one relation which any module declares under it.
    fn only_relation(&self, path: &ast::Path) -> Result<Entry<RelId>, Failure> {
        let name = &*path.last().text;
        let found: Vec<_> = self.world.modules.iter().filter(|module| module.relations.contains_key(name)).collect();
        match found.as_slice() {
            [module] => Ok(module.relations[name]),
            [] => Err(unknown::relation(self, path).into()),
            several => {
                let names: Vec<String> = several.iter().map(|m| format!("`{}.{name}`", m.qualifier)).collect();
                Err(unknown::ambiguous(self, path, &names).into())
            }
        }
    }

    /// The module that all but the last part of a dotted name lead to.
    pub fn module_of(&self, path: &ast::Path) -> Result<usize, Failure> {
        let parts = &path.parts[..path.parts.len() - 1];
        let first = &*parts[0].text;
        if parts.len() == 1 {
            let entry = match self.module {
                Some(module) => self.world.modules[module].reachable.get(first).copied(),
                None => self.world.by_last.get(first).map(|module| Entry::Known(*module)),
            };
            match entry {
                Some(Entry::Known(module)) => return Ok(module),
                Some(Entry::Broken) => return Err(Failure::Reported),
                None => {}
            }
            if GIVEN_MODULES.contains(&first)
                && let Some(module) = self.world.by_path.get(format!("std.{first}").as_str())
            {
                return Ok(*module);
            }
        }
        let full = joined(parts);
        match self.world.by_path.get(full.as_str()) {
            Some(module) if Some(*module) == self.module => Err(unknown::own_module(self, path).into()),
            Some(module) if self.reaches(*module) => Ok(*module),
            Some(module) => Err(unknown::unreachable(self, path, *module).into()),
            None => match self.world.by_last.get(first) {
                Some(module) if parts.len() == 1 && Some(*module) == self.module => {
                    Err(unknown::own_module(self, path).into())
                }
                Some(module) if parts.len() == 1 => Err(unknown::unreachable(self, path, *module).into()),
                _ => Err(unknown::module(self, path).into()),
            },
        }
    }

    /// Whether a module may be named here by its path.
    pub fn reaches(&self, module: usize) -> bool {
        let Some(from) = self.module else { return true };
        let given = self.world.modules[module].source.name.strip_prefix("std.");
        given.is_some_and(|last| GIVEN_MODULES.contains(&last))
            || self.world.modules[from].reachable.values().any(|entry| *entry == Entry::Known(module))
    }

    /// The type that is written, `?` aside.
    pub fn ty(&self, ty: &ast::TypeRef) -> Result<Type, Failure> {
        let name = &*ty.name.last().text;
        let entry = if ty.name.parts.len() > 1 {
            let module = self.module_of(&ty.name)?;
            self.world.modules[module].entities.get(name)
        } else {
            if let Some(plain) = plain_type(name) {
                return Ok(plain);
            }
            self.module.and_then(|module| self.world.modules[module].entities.get(name))
        };
        match entry {
            Some(Entry::Known(entity)) => Ok(Type::Entity(entity.clone())),
            Some(Entry::Broken) => Err(Failure::Reported),
            None => Err(unknown::ty(self, &ty.name).into()),
        }
    }

    /// The param that a bare name stands for, if the module has one.
    pub fn own_param(&self, name: &str) -> Option<Entry<usize>> {
        self.world.modules[self.module?].params.get(name).copied()
    }

    /// The param of that name.
    pub fn param(&self, path: &ast::Path) -> Result<usize, Failure> {
        let name = &*path.last().text;
        let entry = if path.parts.len() > 1 {
            let module = self.module_of(path)?;
            self.world.modules[module].params.get(name).copied()
        } else {
            self.own_param(name)
        };
        match entry {
            Some(Entry::Known(param)) => Ok(param),
            Some(Entry::Broken) => Err(Failure::Reported),
            None => Err(unknown::param(self, path).into()),
        }
    }

    /// Relations that can be named from here, as they would be written.
    pub fn known_relations(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if let Some(block) = self.block {
            names.extend(block.relations.keys().map(|name| name.to_string()));
        }
        match self.module {
            Some(module) => {
                let module = &self.world.modules[module];
                names.extend(module.relations.keys().map(|name| name.to_string()));
                for (alias, entry) in &module.reachable {
                    if let Entry::Known(other) = entry {
                        names.extend(self.world.modules[*other].relations.keys().map(|name| format!("{alias}.{name}")));
                    }
                }
                for given in GIVEN_MODULES {
                    if let Some(other) = self.world.by_path.get(format!("std.{given}").as_str()) {
                        names.extend(self.world.modules[*other].relations.keys().map(|name| format!("{given}.{name}")));
                    }
                }
            }
            None => names.extend(
                self.world.relations.iter().filter(|relation| !relation.private).map(|r| r.decl.name.to_string()),
            ),
        }
        names.sort();
        names.dedup();
        names
    }
}

/// The words that name types; all others are entities.
pub(crate) const PLAIN_TYPES: [(&str, Type); 6] = [
    ("string", Type::String),
    ("int", Type::Int),
    ("float", Type::Float),
    ("bool", Type::Bool),
    ("time", Type::Time),
    ("duration", Type::Duration),
];

/// The type that a word of the language names.
pub(crate) fn plain_type(name: &str) -> Option<Type> {
    PLAIN_TYPES.into_iter().find(|(known, _)| *known == name).map(|(_, ty)| ty)
}

/// Parts joined by dots.
pub(crate) fn joined(parts: &[ast::Name]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| &*part.text).collect();
    parts.join(".")
}
