//! Variables: each function has its own. A closure sees those that it takes along (`use ($x)`), an arrow function all around it.

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use tree_sitter::Node;

use super::Lowerer;
use crate::tree::{ExprId, Kind, MODULE, ScopeId, Slot, Sym};

/// The names of variables, which nothing else goes by, and the functions around.
#[derive(Default)]
pub(crate) struct Variables<'a> {
    names: HashMap<&'a str, Sym, FxBuildHasher>,
    around: Vec<Local>,
}

/// A function whose body is being lowered.
struct Local {
    scope: ScopeId,
    /// Whether it sees the variables around it.
    open: bool,
    /// What it takes along from around it, or from the file (`global $x`).
    taken: HashSet<Sym, FxBuildHasher>,
}

impl<'a> Lowerer<'a> {
    /// Runs `inner` in a function with variables of its own, and those that it takes along.
    pub(super) fn with_variables<T>(&mut self, open: bool, taken: Vec<Sym>, inner: impl FnOnce(&mut Self) -> T) -> T {
        let local = Local { scope: self.scope, open, taken: taken.into_iter().collect() };
        self.language.variables.around.push(local);
        let result = inner(self);
        self.language.variables.around.pop();
        result
    }

    /// The name of a variable, without `$`.
    pub(super) fn variable_name(&mut self, node: Node<'a>) -> Sym {
        let text = self.source(node).trim_start_matches(['&', '$']);
        if let Some(&sym) = self.language.variables.names.get(text) {
            return sym;
        }
        let sym = self.tree.fresh(text);
        self.language.variables.names.insert(text, sym);
        sym
    }

    /// A variable where it is read: `$this`, one that the language gives to all, or one of the function.
    pub(super) fn variable(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node);
        match text {
            "$this" => self.this(node),
            "$_SERVER" | "$_GET" | "$_POST" | "$_REQUEST" | "$_COOKIE" | "$_FILES" | "$_SESSION" | "$_ENV"
            | "$GLOBALS" => {
                let name = self.tree.sym(&text[1..]);
                self.add(node, Kind::Name(name))
            }
            _ => {
                let name = self.variable_name(node);
                self.slot_of(name);
                self.add(node, Kind::Name(name))
            }
        }
    }

    /// The slot of a variable: that of the function around which it is of, made where there is none.
    pub(super) fn slot_of(&mut self, name: Sym) -> Slot {
        for local in self.language.variables.around.iter().rev() {
            if let Some(&slot) = self.tree.scopes[local.scope.at()].names.get(&name) {
                return slot;
            }
            if local.taken.contains(&name) {
                return self.tree.lookup(local.scope, name).unwrap_or_else(|| self.tree.bind(ScopeId(0), name));
            }
            if !local.open {
                return self.tree.bind(self.scope, name);
            }
        }
        // Nothing stands between here and the file.
        match self.tree.scopes[MODULE.at()].names.get(&name) {
            Some(&slot) => slot,
            None => self.tree.bind(self.scope, name),
        }
    }

    /// `global $client;`: the variable is that of the file.
    pub(super) fn take_global(&mut self, node: Node<'a>) {
        let name = self.variable_name(node);
        self.tree.bind(self.tree.function(MODULE).scope, name);
        if let Some(local) = self.language.variables.around.last_mut() {
            local.taken.insert(name);
        }
    }
}
