//! The compiler, as a list that can be read aloud.
//!
//! Each stage is a file with one public function over the [`Compiler`]; each needs what the ones above it made and
//! leaves out what is broken, with a diagnostic.

mod again;
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

pub(crate) use again::Last;

use std::sync::{Arc, OnceLock};

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
    /// Numbers of the modules to look at; of the others what was said before stands.
    pub todo: Arc<Vec<usize>>,
    /// How many rules and facts stand, in their order.
    pub kept: (usize, usize),
    /// Controls that are declared.
    pub blocks: Vec<ControlBlock>,
    /// Ids of controls whose item is broken, and of frameworks.
    pub broken: FxHashSet<Arc<str>>,
    /// Relations that the clauses of each module read, broken or not, each once and more.
    pub reads: Vec<Arc<Vec<RelId>>>,
    /// Relations, by number, that `today()` has a part in.
    pub today: Arc<Vec<bool>>,
    /// How many tests and queries each module has.
    pub tests: Vec<(usize, usize)>,
    /// Whether the next compilation may take over what this one says of modules that are the same.
    pub lasting: bool,
    /// What was told by the stages before.
    pub told: Told,
    /// What comes out; its diagnostics are those of the stage that runs.
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

/// What was told, by who told it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Told {
    /// Of the set of modules.
    pub modules: Vec<Diagnostic>,
    /// Of single modules: what is declared, rules and controls.
    pub own: Vec<Diagnostic>,
    /// Of tests.
    pub tests: Vec<Diagnostic>,
    /// By lints that look at one file.
    pub lints: Vec<Diagnostic>,
    /// Of everything together.
    pub whole: Vec<Diagnostic>,
}

impl Told {
    /// All parts.
    pub fn parts(&mut self) -> [&mut Vec<Diagnostic>; 5] {
        [&mut self.modules, &mut self.own, &mut self.tests, &mut self.lints, &mut self.whole]
    }
}

/// The tree of a module, and what its text alone tells.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// With its pieces and what the parser says.
    pub parse: Arc<Parse>,
    /// Whether some comment may silence a lint.
    pub allows: bool,
    /// Numbers of the `use` items whose modules are not named, once somebody asked.
    pub unnamed: Arc<OnceLock<Vec<usize>>>,
}

impl Tree {
    /// Of a text.
    pub fn new(file: FileId, text: &str) -> Self {
        let allows = lints::allow::speaks(text);
        Tree { parse: Arc::new(syntax::parse(file, text)), allows, unnamed: Arc::default() }
    }
}

impl std::ops::Deref for Tree {
    type Target = ast::Module;

    fn deref(&self) -> &ast::Module {
        &self.parse.module
    }
}

/// A control's block with its names.
#[derive(Debug, Clone)]
pub(crate) struct ControlBlock {
    /// Number of its module.
    pub module: usize,
    /// Number of its item in the module.
    pub item: usize,
    /// The control's id.
    pub id: Arc<str>,
    /// Its private names.
    pub block: Arc<Block>,
    /// Its scope relation.
    pub population: RelId,
}

/// Compiles modules: what is wrong with them stands in the result's diagnostics, the rest is usable.
pub fn compile(sources: &SourceMap, modules: &[ModuleSource]) -> Compilation {
    let mut cache = Cache::default();
    let mut compiler = Compiler::new(&mut cache, sources, modules);
    STAGES.iter().for_each(|stage| stage(&mut compiler));
    compiler.out
}

/// The same, at the cost of what changed since the last time with this cache.
pub fn compile_again(cache: &mut Cache, sources: &SourceMap, modules: &[ModuleSource]) -> Arc<Compilation> {
    if let Some(known) = again::run(cache, sources, modules) {
        return known;
    }
    let mut compiler = Compiler::new(cache, sources, modules);
    STAGES.iter().for_each(|stage| stage(&mut compiler));
    again::keep(compiler)
}

impl<'a> Compiler<'a> {
    fn new(cache: &'a mut Cache, sources: &'a SourceMap, modules: &'a [ModuleSource]) -> Self {
        Compiler {
            sources,
            trees: Arc::default(),
            todo: Arc::default(),
            kept: (0, 0),
            blocks: Vec::new(),
            broken: FxHashSet::default(),
            reads: Vec::new(),
            today: Arc::default(),
            tests: Vec::new(),
            lasting: true,
            told: Told::default(),
            out: Compilation::default(),
            modules,
            cache,
        }
    }

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

    /// How much was said so far, the last of it of a module.
    pub fn mark(&self, module: usize) -> Mark {
        Mark {
            rules: self.out.resolved.rules.len(),
            facts: self.out.resolved.facts.len(),
            reads: self.reads[module].len(),
            diagnostics: self.out.diagnostics.len(),
        }
    }

    /// What was said since.
    pub fn said_since(&self, module: usize, mark: Mark) -> Said {
        let world = &self.out.resolved;
        Said {
            rules: world.rules[mark.rules..].to_vec(),
            facts: world.facts[mark.facts..].to_vec(),
            reads: self.reads[module][mark.reads..].to_vec(),
            diagnostics: self.out.diagnostics[mark.diagnostics..].to_vec(),
        }
    }

    /// Says again what was said of a module.
    pub fn say(&mut self, module: usize, said: Said) {
        let Said { rules, facts, reads, diagnostics } = said;
        rules.into_iter().for_each(|rule| self.out.resolved.add_shared_rule(rule));
        facts.into_iter().for_each(|fact| self.out.resolved.add_fact(fact));
        self.add_reads(module, reads);
        self.out.diagnostics.extend(diagnostics);
    }

    /// Relations that clauses of a module read.
    pub fn add_reads(&mut self, module: usize, reads: Vec<RelId>) {
        Arc::make_mut(&mut self.reads[module]).extend(reads);
    }

    /// Whether there are errors.
    pub fn wrong(&mut self) -> bool {
        self.told.parts().into_iter().flatten().chain(&mut self.out.diagnostics).any(|told| told.is_error())
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
