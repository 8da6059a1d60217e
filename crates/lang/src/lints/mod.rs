//! Lints: what is allowed and probably not meant. One file a lint, with its message, its fix and its tests; to add one,
//! write its file, its line in the list below and its page in `docs/codes/`.
//!
//! A lint looks at a checked clause ([`View`]) or at everything at once, after all clauses ([`program`]). Those of
//! [`Level::Style`] are kept apart: `lawbook lint` and editors show them, other commands do not. Comments that silence a
//! lint are applied last, in [`allow`], so that all who read a compilation agree.

pub(crate) mod allow;
mod edits;
mod fix;
mod same;
#[cfg(test)]
mod testing;
mod walk;

use base::{Diagnostic, Place};
use ir::RelId;
use syntax::ast;

use crate::clause::tree::Tree;
use crate::clause::{Types, Variable};
use crate::names::Scope;
use crate::stages::Compiler;

pub use fix::{Fixed, fix};

/// Who is told of a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A likely mistake: every command tells the policies' author.
    Warning,
    /// Better said otherwise: `lawbook lint` and editors tell.
    Style,
}

impl Level {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Level::Warning => "warning",
            Level::Style => "style",
        }
    }
}

/// A lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// Such as `W0701`.
    pub code: &'static str,
    /// What it looks for, in a few words joined by `-`.
    pub name: &'static str,
    /// Who is told.
    pub level: Level,
    /// Whether `lawbook lint --fix` mends it.
    pub fixable: bool,
    /// Whether it can be judged only where all modules are loaded that belong together.
    pub whole: bool,
}

impl Lint {
    const fn warning(code: &'static str, name: &'static str) -> Lint {
        Lint { code, name, level: Level::Warning, fixable: false, whole: false }
    }

    const fn style(code: &'static str, name: &'static str) -> Lint {
        Lint { code, name, level: Level::Style, fixable: false, whole: false }
    }

    const fn fixable(self) -> Lint {
        Lint { fixable: true, ..self }
    }

    const fn whole(self) -> Lint {
        Lint { whole: true, ..self }
    }

    fn at(&self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.code, place, message)
    }
}

macro_rules! lints {
    ($($module:ident,)*) => {
        $(pub(crate) mod $module;)*

        /// All lints, by code.
        pub const LINTS: &[&Lint] = &[$(&$module::LINT),*, &allow::NO_REASON, &allow::UNKNOWN, &allow::UNUSED];
    };
}

lints! {
    singleton,
    param_in_atom,
    param_in_head,
    cross_product,
    lone_sum,
    drops_missing,
    unused_private,
    greedy_input,
    lacks_field,
    never_holds,
    always_holds,
    impossible_regex,
    said_twice,
    rule_twice,
    never_filled,
    adds_nothing,
    positional,
    untested_control,
    silent_message,
    unused_use,
    unused_param,
    unused_relation,
}

/// The lint of that code.
pub fn lint(code: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.code == code).copied()
}

/// A clause that is otherwise right.
pub(crate) struct View<'a> {
    /// Where its names are looked up.
    pub scope: &'a Scope<'a>,
    /// As written.
    pub source: &'a ast::Clause,
    /// With names resolved.
    pub tree: &'a Tree,
    /// Its variables.
    pub variables: &'a [Variable],
    /// Their types.
    pub types: &'a Types,
    /// The relation that it fills; none of a violation or note.
    pub head: Option<RelId>,
}

impl View<'_> {
    fn place(&self, span: base::Span) -> Place {
        self.scope.place(span)
    }

    /// The text of its file.
    fn text(&self) -> &str {
        self.scope.module.map_or("", |module| &self.scope.world.modules[module].text)
    }
}

/// What looks at one clause.
const CLAUSE: [fn(&View, &mut Vec<Diagnostic>); 9] = [
    singleton::clause,
    param_in_atom::clause,
    param_in_head::clause,
    cross_product::clause,
    lone_sum::clause,
    never_holds::clause,
    always_holds::clause,
    impossible_regex::clause,
    adds_nothing::clause,
];

/// What looks at one file.
const MODULE: [fn(&Compiler, usize, &mut Vec<Diagnostic>); 4] =
    [said_twice::module, rule_twice::module, positional::module, impossible_regex::module];

/// What looks at all modules together, where nothing is wrong with them: what is missing might stand in a broken piece.
const WHOLE: [fn(&Compiler, &mut Vec<Diagnostic>); 7] = [
    unused_private::run,
    never_filled::run,
    untested_control::run,
    silent_message::run,
    unused_use::run,
    unused_param::run,
    unused_relation::run,
];

/// Looks at a clause. Those of built-in policies are not looked at each time that somebody's own are compiled: that is done
/// where they are made.
pub(crate) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    if view.scope.module.is_some_and(|module| view.scope.world.modules[module].source.builtin) {
        return;
    }
    for lint in CLAUSE {
        lint(view, out);
    }
}

/// Looks at everything, once all clauses are compiled.
pub(crate) fn program(compiler: &mut Compiler) {
    let mut found = Vec::new();
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    let own = todo.iter().copied().filter(|module| !compiler.out.resolved.modules[*module].source.builtin);
    for (module, tree) in own.map(|module| (module, &trees[module])) {
        let file = compiler.file(module);
        if let Some(mut known) = compiler.cache.lints(file, &tree.parse) {
            found.append(&mut known);
            continue;
        }
        let mut own = Vec::new();
        for lint in MODULE {
            lint(compiler, module, &mut own);
        }
        compiler.cache.keep_lints(file, &tree.parse, own.clone());
        found.append(&mut own);
    }
    compiler.told.lints.append(&mut found);
    if !compiler.wrong() {
        for lint in WHOLE {
            lint(compiler, &mut found);
        }
    }
    compiler.told.whole.append(&mut found);
}
