//! What was attached to objects that are none of the file's own: `app.state.client = OpenAI()` in one function,
//! `request.app.state.client` in another.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::names::{Meaning, NameId, Names};
use crate::tree::{ExprId, Kind, MODULE, ScopeKind, Slot, Sym, Tree};

/// How many stores of an attribute are looked at.
const MOST: usize = 8;
/// How many attributes a path has.
const LONGEST: usize = 8;

/// A variable of the module and the attributes read one after the other.
pub type Path = (Slot, Vec<Sym>);

impl Names<'_> {
    /// Notes a value stored in an attribute of an object.
    pub(super) fn attach(&mut self, object: ExprId, name: Sym, value: ExprId) {
        let stores = self.attached.entry(name).or_default();
        if stores.len() < MOST {
            stores.push((object, value));
        }
    }

    /// The names of what the file stored in that attribute of an object of the same name, or of another
    /// that gives access to it: both `app.state` and `request.app.state`, both `flask.Flask` and `flask.current_app`.
    pub(super) fn attached_to(&mut self, id: NameId, name: Sym) -> Vec<NameId> {
        let Some(stores) = self.attached.get(&name).cloned() else { return Vec::new() };
        let mut found = Vec::new();
        for (object, value) in stores {
            if self.of(object).into_iter().any(|stored| self.is_same_object(stored, id)) {
                found.extend(self.of(value).into_iter().filter(|&id| self.get(id).known));
            }
        }
        found
    }

    fn is_same_object(&self, stored: NameId, read: NameId) -> bool {
        let (stored, read) = (self.get(stored), self.get(read));
        if stored.meaning != Meaning::Nothing || read.meaning != Meaning::Nothing {
            return stored.meaning == read.meaning;
        }
        let (a, b) = (&*stored.text, &*read.text);
        let first = |text: &str| text.split('.').next().unwrap_or_default().to_owned();
        let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
        a == b || last(a) == last(b) || (stored.known && read.known && first(a) == first(b))
    }
}

/// The path that an attribute expression reads from a variable of the module.
pub fn path(tree: &Tree, variables: &HashMap<Sym, Slot, FxBuildHasher>, expr: ExprId) -> Option<Path> {
    let mut parts = Vec::new();
    let mut at = expr;
    while let Kind::Attribute { object, name } = *tree.kind(at) {
        parts.push(name);
        at = object;
        if parts.len() > LONGEST {
            return None;
        }
    }
    let Kind::Name(root) = *tree.kind(at) else { return None };
    let slot = tree.lookup(tree.function(tree.expr(at).function).scope, root)?;
    (variables.get(&root) == Some(&slot) && !parts.is_empty()).then_some((slot, parts))
}

/// The variables of the module.
pub fn variables(tree: &Tree) -> HashMap<Sym, Slot, FxBuildHasher> {
    let scope = &tree.scopes[tree.function(MODULE).scope.at()];
    debug_assert_eq!(scope.kind, ScopeKind::Module, "the first function is the file's top level");
    scope.names.clone()
}
