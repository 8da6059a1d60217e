//! What compiling found out about texts, kept so that compiling again costs what changed: editors compile after each
//! key.
//!
//! A text that is the same has the same tree. A module that is the same says the same as long as everything that is declared
//! anywhere is the same ([`fingerprint`]): then its rules, controls and warnings are taken over. Modules with errors are
//! looked at anew each time, since what an error says may speak of any name there is, and so are those whose warnings point
//! into other files, since places there move.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use base::{Diagnostic, FileId};
use facts::{RelationDecl, Type};
use ir::RelId;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use syntax::Parse;

use crate::Control;
use crate::model::{Entry, Fact, Relation, Resolved, Role, Rule};
use crate::stages::{Compiler, ControlBlock, Last, Tree};

/// Texts that are worth several threads.
const MANY: usize = 16;

/// What is kept between compilations of the same modules; see [`crate::compile_again`]. A compilation with it says what one
/// without it says.
#[derive(Debug, Default)]
pub struct Cache {
    trees: FxHashMap<FileId, (Arc<str>, Tree)>,
    /// Declarations whose columns name no other thing, by the place of their names.
    decls: FxHashMap<FileId, Kept<FxHashMap<u32, Arc<RelationDecl>>>>,
    /// The declarations that what follows was found under.
    declared: u64,
    clauses: FxHashMap<FileId, Kept<Said>>,
    controls: FxHashMap<(FileId, usize), Kept<SaidByControl>>,
    lints: FxHashMap<FileId, Kept<Vec<Diagnostic>>>,
    /// The last compilation, where the next may take over most of it.
    pub(crate) last: Option<Last>,
}

/// Something that holds of a tree.
#[derive(Debug)]
struct Kept<T> {
    parse: Arc<Parse>,
    value: T,
}

/// What clauses say.
#[derive(Debug, Default, Clone)]
pub(crate) struct Said {
    pub rules: Vec<Arc<Rule>>,
    pub facts: Vec<Arc<Fact>>,
    pub reads: Vec<RelId>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What a control says.
#[derive(Debug, Clone)]
pub(crate) struct SaidByControl {
    pub control: Arc<Control>,
    pub subject: Type,
    /// Relations of violations and notes, and the number of the rule that fills each.
    pub judged: Vec<(Relation, usize)>,
    pub said: Said,
}

impl Cache {
    /// Reads texts that are not known, on all threads there are: which is most of what compiling many costs.
    pub(crate) fn read<'t>(&mut self, texts: impl Iterator<Item = (FileId, &'t Arc<str>)>) {
        let is_new = |(file, text): &(FileId, &Arc<str>)| self.trees.get(file).is_none_or(|(known, _)| known != *text);
        let new: Vec<(FileId, &Arc<str>)> = texts.filter(is_new).collect();
        if new.len() >= MANY {
            let tree = |(file, text): (FileId, &Arc<str>)| (file, (text.clone(), Tree::new(file, text)));
            let trees: Vec<_> = new.into_par_iter().map(tree).collect();
            self.trees.extend(trees);
        }
    }

    /// The text's tree; what is kept of the file if the text is the same.
    pub(crate) fn tree(&mut self, file: FileId, text: &Arc<str>) -> Tree {
        if let Some((known, tree)) = self.trees.get(&file)
            && (Arc::ptr_eq(known, text) || known == text)
        {
            return tree.clone();
        }
        let tree = Tree::new(file, text);
        self.trees.insert(file, (text.clone(), tree.clone()));
        tree
    }

    /// The declaration whose name stands at a byte of a text that is the same.
    pub(crate) fn decl(&self, file: FileId, parse: &Arc<Parse>, at: u32) -> Option<&Arc<RelationDecl>> {
        self.decls.get(&file).filter(|kept| Arc::ptr_eq(&kept.parse, parse))?.value.get(&at)
    }

    /// Keeps a declaration that says the same wherever its text is the same.
    pub(crate) fn keep_decl(&mut self, file: FileId, parse: &Arc<Parse>, at: u32, decl: &Arc<RelationDecl>) {
        let new = || Kept { parse: parse.clone(), value: FxHashMap::default() };
        let kept = self.decls.entry(file).or_insert_with(new);
        if !Arc::ptr_eq(&kept.parse, parse) {
            *kept = new();
        }
        kept.value.insert(at, decl.clone());
    }

    /// Forgets what was found under other declarations.
    pub(crate) fn declare(&mut self, fingerprint: u64) {
        if self.declared != fingerprint {
            self.declared = fingerprint;
            self.clauses.clear();
            self.controls.clear();
            self.lints.clear();
        }
    }

    /// What the clauses of a file say outside of controls.
    pub(crate) fn clauses(&self, file: FileId, parse: &Arc<Parse>) -> Option<Said> {
        same(self.clauses.get(&file), parse)
    }

    /// Keeps what the clauses of a file say.
    pub(crate) fn keep_clauses(&mut self, file: FileId, parse: &Arc<Parse>, value: Said) {
        match lasting(file, &value.diagnostics) {
            true => drop(self.clauses.insert(file, Kept { parse: parse.clone(), value })),
            false => drop(self.clauses.remove(&file)),
        }
    }

    /// What the control says that is the item with that number.
    pub(crate) fn control(&self, at: (FileId, usize), parse: &Arc<Parse>) -> Option<SaidByControl> {
        same(self.controls.get(&at), parse)
    }

    /// Keeps what a control says.
    pub(crate) fn keep_control(&mut self, at: (FileId, usize), parse: &Arc<Parse>, value: SaidByControl) {
        match lasting(at.0, &value.said.diagnostics) {
            true => drop(self.controls.insert(at, Kept { parse: parse.clone(), value })),
            false => drop(self.controls.remove(&at)),
        }
    }

    /// What lints tell of a file.
    pub(crate) fn lints(&self, file: FileId, parse: &Arc<Parse>) -> Option<Vec<Diagnostic>> {
        same(self.lints.get(&file), parse)
    }

    /// Keeps what lints tell of a file.
    pub(crate) fn keep_lints(&mut self, file: FileId, parse: &Arc<Parse>, value: Vec<Diagnostic>) {
        match lasting(file, &value) {
            true => drop(self.lints.insert(file, Kept { parse: parse.clone(), value })),
            false => drop(self.lints.remove(&file)),
        }
    }
}

fn same<T: Clone>(kept: Option<&Kept<T>>, parse: &Arc<Parse>) -> Option<T> {
    kept.filter(|kept| Arc::ptr_eq(&kept.parse, parse)).map(|kept| kept.value.clone())
}

/// Whether diagnostics stay the same as long as their file and all declarations do.
fn lasting(file: FileId, diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().all(|diagnostic| {
        let mut labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        !diagnostic.is_error() && labels.all(|label| label.place.file == file)
    })
}

/// A hash of everything that is declared, places and documentation aside: clauses that are the same mean the same as long
/// as it is.
pub(crate) fn fingerprint(compiler: &Compiler) -> u64 {
    let world = &compiler.out.resolved;
    let mut hasher = FxHasher::default();
    let mut blocks = compiler.blocks.iter().peekable();
    for module in 0..world.modules.len() {
        let own = std::iter::from_fn(|| blocks.next_if(|block| block.module == module));
        shape(world, module, own).hash(&mut hasher);
    }
    for framework in &compiler.out.frameworks {
        (&framework.id, &framework.criteria).hash(&mut hasher);
    }
    let mut broken: Vec<_> = compiler.broken.iter().collect();
    broken.sort();
    broken.hash(&mut hasher);
    hasher.finish()
}

/// The same of one module, with the blocks of its controls.
pub(crate) fn shape<'a>(world: &Resolved, number: usize, blocks: impl Iterator<Item = &'a ControlBlock>) -> u64 {
    let module = &world.modules[number];
    let mut hasher = FxHasher::default();
    (&module.source.name, &module.qualifier, module.source.builtin, module.source.file).hash(&mut hasher);
    sorted(&module.reachable, &mut hasher);
    sorted(&module.relations, &mut hasher);
    sorted(&module.entities, &mut hasher);
    sorted(&module.params, &mut hasher);
    let mut sum = 0_u64;
    let mut add = |hash: &dyn Fn(&mut FxHasher)| {
        let mut own = FxHasher::default();
        hash(&mut own);
        sum = sum.wrapping_add(own.finish());
    };
    let mut relations = |entries: &FxHashMap<Arc<str>, Entry<RelId>>| {
        for id in entries.values().filter_map(known) {
            let relation = world.relation(*id);
            add(&|own| {
                (id, relation.origin as u8, relation.private, relation.role as u8).hash(own);
                // The population's type is that of the rules.
                if relation.role != Role::Scope {
                    columns(&relation.decl, own);
                }
            });
        }
    };
    relations(&module.relations);
    for block in blocks {
        (&block.id, block.population).hash(&mut hasher);
        sorted(&block.block.relations, &mut hasher);
        relations(&block.block.relations);
    }
    for entity in module.entities.values().filter_map(known) {
        add(&|own| (entity, world.entities.get(entity)).hash(own));
    }
    for param in module.params.values().filter_map(known).map(|number| &world.params[*number]) {
        add(&|own| (&param.name, &param.ty, param.default.to_string()).hash(own));
    }
    (sum, hasher.finish()).hash(&mut hasher);
    hasher.finish()
}

/// What is declared, unless that is broken.
pub(crate) fn known<T>(entry: &Entry<T>) -> Option<&T> {
    match entry {
        Entry::Known(value) => Some(value),
        Entry::Broken => None,
    }
}

fn columns(decl: &RelationDecl, hasher: &mut FxHasher) {
    decl.name.hash(hasher);
    for column in &decl.columns {
        (&column.name, &column.ty, column.optional, column.key).hash(hasher);
    }
}

/// Hashes a table of names, whatever their order in it.
fn sorted<T: Hash>(names: &FxHashMap<Arc<str>, Entry<T>>, hasher: &mut FxHasher) {
    let mut sum = 0_u64;
    for (name, entry) in names {
        let mut own = FxHasher::default();
        name.hash(&mut own);
        match entry {
            Entry::Known(value) => value.hash(&mut own),
            Entry::Broken => u8::MAX.hash(&mut own),
        }
        sum = sum.wrapping_add(own.finish());
    }
    (names.len(), sum).hash(hasher);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sources_of;
    use crate::{compile, compile_again};

    const A: &str = "rel owns(team: string, n: int?)\nowns(\"a\", 1).\nparam limit: int = 3\nentity E\n";
    const B: &str = "use a\nrel r(t: string)\nr(t) :- a.owns(t, n), n > a.limit.\nr(t) :- a.owns(t, _), not r(t).\ncontrol C-1 \"t\" {\n    scope(t) :- r(t).\n    rel own(t: string)\n    own(t) :- a.owns(t, 2).\n    violation(t, \"{t}\") :- own(t).\n    note(t, \"n\") :- not own(t).\n}\n";
    const C: &str = "use b\nframework f \"F\" {\n    F1 \"one\"\n}\ncontrol C-2 \"t\" {\n    scope(t) :- b.r(t).\n    violation(t, \"{t}\") :- b.r(t), b.r(unused).\n}\ntest \"t\" {\n    given a.owns(\"x\", 2).\n    expect fail C-1\n}\n";

    const D: &str = "//! d\nuse a\nuse c\ninput doc(key name: string, n: int?) from csv \"d/*.csv\" { name: \"name\", n: \"n\" }\nopen told(x: string)\ntold(x) :- doc(x, _), a.owns(x, _).\n/// How many.\nparam most: int = 5\n/// Doc.\ncontrol D-1 \"t\" {\n    severity: high\n    maps: f/F1\n    scope(t) :- told(t).\n    rel late(t: string)\n    late(t) :- told(t), a.owns(t, n), n > most. // lawbook: allow W0716 a reason\n    violation(t, \"{t} late\") :- late(t).\n    violation(t, \"{t} none\") :- told(t), not late(t).\n    note(t, \"{t}\") :- told(t), t = \"a\".\n}\ntest \"d\" {\n    as_of 2026-01-01\n    given doc(\"x\", 9).\n    expect told(\"x\")\n    expect no told(\"y\")\n    expect violation D-1(\"x\")\n    expect count { x : told(x) } = 1\n}\ntest \"e\" {\n    expect pass D-1\n    expect told(_)\n}\n";

    /// Texts one after the other, each a change of one module: number of the module, what goes, what comes.
    const CHANGES: [(usize, &str, &str); 24] = [
        (1, "n > a.limit", "n < a.limit"),
        (1, "n < a.limit", "n < a.limt"),
        (1, "n < a.limt", "n > a.limit"),
        (0, "n: int?", "n: string?"),
        (0, "n: string?", "n: int?"),
        (0, "rel owns", "\n\nrel owns"),
        (1, "    note(t,", "    violation(t, \"again\") :- own(t).\n    note(t,"),
        (2, "unused", "t"),
        (0, "entity E", "rel more(x: string)\nentity E"),
        (1, ", not r(t)", ""),
        (2, "use b", "use bb"),
        (2, "use bb", "use b"),
        (1, "rel r(t: string)", "rel r(t: "),
        (1, "rel r(t: ", "rel r(t: string)"),
        (0, "int = 3", "int = 4"),
        (2, "expect fail C-1", "expect fail C-9"),
        (2, "expect fail C-9", "expect fail C-1"),
        (3, "    violation(t, \"{t} none\")", "    violation(t, \"{t} mo"),
        (3, "    violation(t, \"{t} mo", "    violation(t, \"{t} more\")"),
        (1, "    note(t, \"n\")", "    violation(t, \"n\")"),
        (1, "    violation(t, \"n\")", "    note(t, \"n\")"),
        (3, "    expect no told(\"y\")\n", ""),
        (1, "owns(t, 2).", "owns(t, 2), today() > 2026-01-01."),
        (3, "told(x) :- doc(x, _)", "told(x) :- doc(x, _), not told(x)"),
    ];

    fn all(texts: &[String]) -> (base::SourceMap, Vec<crate::ModuleSource>) {
        let named: Vec<(&str, &str)> = ["a", "b", "c", "d"].into_iter().zip(texts).map(|(n, t)| (n, &**t)).collect();
        sources_of(&named)
    }

    /// The texts without the circle through `not`, which is looked for in everything each time.
    fn stratified() -> [String; 4] {
        [A, B, C, D].map(|text| text.replace(", not r(t)", ""))
    }

    /// Everything that a compilation says.
    fn said(compilation: &crate::Compilation) -> String {
        let mut roots = crate::testing::roots(compilation);
        roots.extend(compilation.relations.iter().map(|relation| relation.decl.name.clone()));
        let queries = compilation.tests.iter().flat_map(|test| &test.expectations);
        let queries: Vec<&crate::Query> = queries
            .filter_map(|expectation| match &expectation.kind {
                crate::ExpectationKind::Query { query, .. } => Some(query),
                _ => None,
            })
            .collect();
        format!(
            "{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{}",
            compilation.diagnostics,
            compilation.style,
            compilation.relations,
            compilation.inputs,
            compilation.params,
            compilation.controls,
            compilation.tests,
            compilation.frameworks,
            compilation.program(&roots, &queries, &crate::Settings::default()),
        )
    }

    #[track_caller]
    fn same(cache: &mut Cache, sources: &base::SourceMap, modules: &[crate::ModuleSource], what: &str) {
        let (again, anew) = (compile_again(cache, sources, modules), compile(sources, modules));
        let (again, anew) = (said(&again), said(&anew));
        if again != anew {
            let lines = again.lines().zip(anew.lines()).enumerate();
            let other: Vec<_> = lines.filter(|(_, (a, b))| a != b).take(6).collect();
            panic!("{what}: {other:#?}");
        }
    }

    #[test]
    fn compiling_again_says_what_compiling_anew_says() {
        let mut texts = [A.to_owned(), B.to_owned(), C.to_owned(), D.to_owned()];
        let (mut sources, modules) = all(&texts);
        let mut cache = Cache::default();
        for (number, (module, from, to)) in CHANGES.iter().enumerate() {
            assert!(texts[*module].contains(from), "{from}");
            texts[*module] = texts[*module].replacen(from, to, 1);
            sources.replace(modules[*module + 1].file, texts[*module].as_str());
            // Twice, so that what is kept is used as well.
            for _ in 0..2 {
                same(&mut cache, &sources, &modules, &format!("{number}"));
            }
        }
    }

    #[test]
    fn what_did_not_change_is_taken_over() {
        let texts = stratified();
        let (mut sources, modules) = all(&texts);
        let mut cache = Cache::default();
        let before = compile_again(&mut cache, &sources, &modules);
        for (edited, taken) in [
            // A half-typed clause, a violation more, other documentation.
            (D.replace("told(t), not late(t).", "told(t), not la"), true),
            (D.replace("    note(t", "    violation(t, \"{t} twice\") :- late(t), told(t).\n    note(t"), true),
            (D.replace("How many.", "How much."), true),
            (D.replace("param most: int = 5", "param most: int = 6"), false),
            (D.replace("told(x: string)", "told(x: string, y: string)"), false),
        ] {
            sources.replace(modules[4].file, edited.as_str());
            let after = compile_again(&mut cache, &sources, &modules);
            let same = Arc::ptr_eq(&before.resolved.by_path, &after.resolved.by_path);
            assert_eq!(same, taken, "{edited}");
            sources.replace(modules[4].file, D);
            if !taken {
                cache = Cache::default();
            }
            let again = compile_again(&mut cache, &sources, &modules);
            assert_eq!(Arc::ptr_eq(&before.resolved.by_path, &again.resolved.by_path), taken);
            if !taken {
                return;
            }
        }
    }

    #[test]
    fn who_types_at_one_name_is_not_out_of_guesses() {
        let texts = stratified();
        let (mut sources, modules) = all(&texts);
        let mut cache = Cache::default();
        let before = compile_again(&mut cache, &sources, &modules);
        for number in 0..500 {
            sources.replace(modules[4].file, D.replace("told(t), not late(t).", &format!("told(t), lat{number}(t).")));
            let after = compile_again(&mut cache, &sources, &modules);
            assert!(Arc::ptr_eq(&before.resolved.by_path, &after.resolved.by_path), "{number}");
            assert!(after.diagnostics.iter().any(Diagnostic::is_error));
        }
    }

    #[test]
    fn what_random_edits_leave_is_said_as_if_compiled_anew() {
        for seed in 1..=6_u64 {
            let mut roll = crate::testing::dice(seed);
            let first = stratified();
            let mut texts = first.clone();
            let (mut sources, modules) = all(&texts);
            let mut cache = Cache::default();
            for number in 0..120 {
                let module = roll(4);
                let mut lines: Vec<String> = texts[module].split_inclusive('\n').map(str::to_owned).collect();
                let at = roll(lines.len());
                match roll(8) {
                    // What was there at first is there again, now and then.
                    0 => lines = vec![first[module].clone()],
                    1 if !lines.is_empty() => drop(lines.remove(at)),
                    2 if !lines.is_empty() => lines.insert(roll(lines.len()), lines[at].clone()),
                    3 => {
                        let other: Vec<&str> = first[roll(4)].split_inclusive('\n').collect();
                        lines.insert(at, other[roll(other.len())].to_owned());
                    }
                    4 if lines.len() > 1 => lines.swap(at, 0),
                    _ if !lines.is_empty() => {
                        let line = &mut lines[at];
                        let start = roll(line.len());
                        let end = (start + roll(4)).min(line.len());
                        line.replace_range(
                            start..end,
                            ["", "x", ",", "today()", "\"", "}", " 1", "not r(t), "][roll(8)],
                        );
                    }
                    _ => {}
                }
                texts[module] = lines.concat();
                sources.replace(modules[module + 1].file, texts[module].as_str());
                same(&mut cache, &sources, &modules, &format!("seed {seed}, edit {number}: {}", texts[module]));
            }
        }
    }
}
