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
use rustc_hash::{FxHashMap, FxHasher};
use syntax::Parse;

use crate::Control;
use crate::model::{Entry, Fact, Relation, Rule};
use crate::stages::Compiler;

/// What is kept between compilations of the same modules; see [`crate::compile_again`]. A compilation with it says what one
/// without it says.
#[derive(Debug, Default)]
pub struct Cache {
    parses: FxHashMap<FileId, (Arc<str>, Arc<Parse>)>,
    /// Declarations whose columns name no other thing, by the place of their names.
    decls: FxHashMap<FileId, Kept<FxHashMap<u32, Arc<RelationDecl>>>>,
    /// The declarations that what follows was found under.
    declared: u64,
    clauses: FxHashMap<FileId, Kept<Said>>,
    controls: FxHashMap<(FileId, usize), Kept<SaidByControl>>,
    lints: FxHashMap<FileId, Kept<Vec<Diagnostic>>>,
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
    pub facts: Vec<Fact>,
    pub reads: Vec<RelId>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What a control says.
#[derive(Debug, Clone)]
pub(crate) struct SaidByControl {
    pub control: Control,
    pub subject: Type,
    /// Relations of violations and notes, and the number of the rule that fills each.
    pub judged: Vec<(Relation, usize)>,
    pub said: Said,
}

impl Cache {
    /// The text's tree; what is kept of the file if the text is the same.
    pub(crate) fn parse(&mut self, file: FileId, text: &Arc<str>) -> Arc<Parse> {
        if let Some((known, parse)) = self.parses.get(&file)
            && (Arc::ptr_eq(known, text) || known == text)
        {
            return parse.clone();
        }
        let parse = Arc::new(syntax::parse(file, text));
        self.parses.insert(file, (text.clone(), parse.clone()));
        parse
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
    for module in &world.modules {
        (&module.source.name, &module.qualifier, module.source.builtin, module.source.file).hash(&mut hasher);
        sorted(&module.reachable, &mut hasher);
        sorted(&module.relations, &mut hasher);
        sorted(&module.entities, &mut hasher);
        sorted(&module.params, &mut hasher);
    }
    for relation in &world.relations {
        (relation.origin as u8, relation.module, relation.private, relation.role as u8).hash(&mut hasher);
        columns(&relation.decl, &mut hasher);
    }
    for block in &compiler.blocks {
        (block.module, block.item, block.population).hash(&mut hasher);
        sorted(&block.block.relations, &mut hasher);
    }
    let mut entities: Vec<_> = world.entities.iter().collect();
    entities.sort();
    entities.hash(&mut hasher);
    for param in &world.params {
        (&param.name, &param.ty, param.default.to_string()).hash(&mut hasher);
    }
    for framework in &compiler.out.frameworks {
        (&framework.id, &framework.criteria).hash(&mut hasher);
    }
    let mut broken: Vec<_> = compiler.broken.iter().collect();
    broken.sort();
    broken.hash(&mut hasher);
    hasher.finish()
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
    const C: &str = "use b\ncontrol C-2 \"t\" {\n    scope(t) :- b.r(t).\n    violation(t, \"{t}\") :- b.r(t), b.r(unused).\n}\ntest \"t\" {\n    given a.owns(\"x\", 2).\n    expect fail C-1\n}\n";

    /// Texts one after the other, each a change of one module: number of the module, what goes, what comes.
    const CHANGES: [(usize, &str, &str); 16] = [
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
    ];

    #[test]
    fn compiling_again_says_what_compiling_anew_says() {
        let mut texts = [A.to_owned(), B.to_owned(), C.to_owned()];
        let all = |texts: &[String; 3]| sources_of(&[("a", &texts[0]), ("b", &texts[1]), ("c", &texts[2])]);
        let (mut sources, modules) = all(&texts);
        let mut cache = Cache::default();
        for (number, (module, from, to)) in CHANGES.iter().enumerate() {
            assert!(texts[*module].contains(from), "{from}");
            texts[*module] = texts[*module].replacen(from, to, 1);
            sources.replace(modules[*module + 1].file, texts[*module].as_str());
            // Twice, so that what is kept is used as well.
            for _ in 0..2 {
                let again = compile_again(&mut cache, &sources, &modules);
                let anew = compile(&sources, &modules);
                assert_eq!(again.diagnostics, anew.diagnostics, "{number}");
                assert_eq!(again.style, anew.style, "{number}");
                let program = |compilation: &crate::Compilation| {
                    let mut roots = crate::testing::roots(compilation);
                    roots.extend(compilation.relations.iter().map(|relation| relation.decl.name.clone()));
                    format!(
                        "{}{:?}",
                        compilation.program(&roots, &[], &crate::Settings::default()),
                        compilation.controls
                    )
                };
                assert_eq!(program(&again), program(&anew), "{number}");
            }
        }
    }
}
