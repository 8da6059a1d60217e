//! The compiler, as a list that can be read aloud.
//!
//! Each stage is a file with one public function over the [`Compiler`]; each needs what the ones above it made and
//! leaves out what is broken, with a diagnostic.

mod controls;
mod declare;
mod entities;
mod fields;
mod finish;
mod inputs;
mod modules;
mod order;
mod params;
pub(crate) mod paths;
mod rules;
mod sources;
mod stratify;
mod tests;
mod uses;

use std::sync::Arc;

use base::{Diagnostic, FileId, SourceMap};
use ir::RelId;
use rustc_hash::FxHashSet;
use syntax::{Parse, ast};

use crate::cache::{Cache, Said};
use crate::lints;
use crate::model::Resolved;
use crate::names::{Block, Scope};
use crate::{Compilation, ModuleSource};

/// The stages in their order, each with the reason for its place.
const STAGES: [fn(&mut Compiler); 13] = [
    // Texts become trees, and modules are known by path and last name.
    modules::run,
    // Dotted names need to know which modules can be reached from where.
    uses::run,
    // Columns name entity types, in any order and across modules.
    entities::run,
    // Bare names in clauses may be params.
    params::run,
    // Clauses name relations, so all are declared, private ones and scopes too.
    declare::run,
    // The mapping of documents fills declared columns.
    inputs::run,
    // Rules and facts of modules need all names.
    rules::run,
    // Scopes have their subjects' types before violations are looked at.
    controls::run,
    // Rules of modules and controls go by module and place, whoever compiled them.
    order::run,
    // Recursion through negation shows only when all rules are there.
    stratify::run,
    // Tests name controls and relations, and depend on today if those do.
    tests::run,
    // What is probably not meant: everything that could make it right is known.
    lints::program,
    // Public tables are sorted, and diagnostics, less those that comments silence, go by place.
    finish::run,
];

/// The state of compiling a set of modules.
pub(crate) struct Compiler<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// Trees by module number.
    pub trees: Arc<Vec<Tree>>,
    /// Controls that are declared.
    pub blocks: Vec<ControlBlock>,
    /// Ids of controls whose item is broken, and of frameworks.
    pub broken: FxHashSet<Arc<str>>,
    /// Relations that some clause reads, broken or not, each once and more.
    pub reads: Vec<RelId>,
    /// The same as a set, once all clauses are compiled.
    pub read: FxHashSet<RelId>,
    /// What comes out.
    pub out: Compilation,
    modules: &'a [ModuleSource],
    pub cache: &'a mut Cache,
}

/// How much was said so far.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    rules: usize,
    facts: usize,
    reads: usize,
    diagnostics: usize,
}

/// The tree of a module.
pub(crate) struct Tree {
    /// With its pieces and what the parser says.
    pub parse: Arc<Parse>,
}

impl std::ops::Deref for Tree {
    type Target = ast::Module;

    fn deref(&self) -> &ast::Module {
        &self.parse.module
    }
}

/// A control's block with its names.
pub(crate) struct ControlBlock {
    /// Number of its module.
    pub module: usize,
    /// Number of its item in the module.
    pub item: usize,
    /// Its private names.
    pub block: Block,
    /// Its scope relation.
    pub population: RelId,
}

/// Compiles modules: what is wrong with them stands in the result's diagnostics, the rest is usable.
pub fn compile(sources: &SourceMap, modules: &[ModuleSource]) -> Compilation {
    compile_again(&mut Cache::default(), sources, modules)
}

/// The same, at the cost of what changed since the last time with this cache.
pub fn compile_again(cache: &mut Cache, sources: &SourceMap, modules: &[ModuleSource]) -> Compilation {
    let mut compiler = Compiler {
        sources,
        trees: Arc::default(),
        blocks: Vec::new(),
        broken: FxHashSet::default(),
        reads: Vec::new(),
        read: FxHashSet::default(),
        out: Compilation::default(),
        modules,
        cache,
    };
    for stage in &STAGES {
        stage(&mut compiler);
    }
    let trees = compiler.trees.iter().map(|tree| tree.parse.clone()).collect();
    compiler.out.resolved.parses = trees;
    for block in std::mem::take(&mut compiler.blocks) {
        if let ast::ItemKind::Control(control) = &compiler.trees[block.module].items[block.item].kind {
            compiler.out.resolved.blocks.insert(control.id.text.clone(), block.block);
        }
    }
    compiler.out
}

impl Compiler<'_> {
    /// The tables.
    pub fn world(&mut self) -> &mut Resolved {
        &mut self.out.resolved
    }

    /// The module of that number as a place to look names up from.
    pub fn scope(&self, module: usize) -> Scope<'_> {
        let file = self.file(module);
        Scope { world: &self.out.resolved, file, module: Some(module), block: None }
    }

    /// The file of a module.
    pub fn file(&self, module: usize) -> FileId {
        self.out.resolved.modules[module].source.file
    }

    /// How much was said so far.
    pub fn mark(&self) -> Mark {
        Mark {
            rules: self.out.resolved.rules.len(),
            facts: self.out.resolved.facts.len(),
            reads: self.reads.len(),
            diagnostics: self.out.diagnostics.len(),
        }
    }

    /// What was said since.
    pub fn said_since(&self, mark: Mark) -> Said {
        let world = &self.out.resolved;
        Said {
            rules: world.rules[mark.rules..].to_vec(),
            facts: world.facts[mark.facts..].to_vec(),
            reads: self.reads[mark.reads..].to_vec(),
            diagnostics: self.out.diagnostics[mark.diagnostics..].to_vec(),
        }
    }

    /// Says again what was said.
    pub fn say(&mut self, said: Said) {
        let Said { rules, facts, reads, diagnostics } = said;
        rules.into_iter().for_each(|rule| self.out.resolved.add_shared_rule(rule));
        facts.into_iter().for_each(|fact| self.out.resolved.add_fact(fact));
        self.reads.extend(reads);
        self.out.diagnostics.extend(diagnostics);
    }

    /// Tells of something.
    pub fn tell(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }
}

/// The text of a doc comment, empty where there is none.
pub(crate) fn doc_text(doc: &Option<ast::Doc>) -> Arc<str> {
    doc.as_ref().map_or_else(|| "".into(), |doc| doc.text.clone())
}
