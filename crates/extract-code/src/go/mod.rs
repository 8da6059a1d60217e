//! Go.
//!
//! All files of a package share one scope: a name that a file does not bind is one of its package, and a type's key
//! names the package, so that methods in another file are methods of the same type. A literal of a struct is a call
//! of the struct with named arguments, since that is what constructors are elsewhere.

mod calls;
mod definitions;
mod expressions;
mod idioms;
mod imports;
mod literals;
mod recover;
mod statements;
mod switches;
mod types;

use extract::{Extractor, Output, Problem, Request, SourceFile};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use tree_sitter::Language;

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::Reader;
use crate::tree::{ClassId, Package, Sym, Tree};
use idioms::GO;

/// Reads Go files.
pub struct Go;

/// Lowers Go.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// What Go keeps besides.
#[derive(Default)]
pub(crate) struct State {
    /// The types of the file, and those of other files that it gives methods to.
    types: HashMap<Sym, ClassId, FxBuildHasher>,
    /// The results that the functions around give a name, the innermost last.
    results: Vec<Vec<Sym>>,
    /// How many switches and selects stand around, up to the next loop.
    switches: usize,
}

impl Extractor for Go {
    fn name(&self) -> &'static str {
        "go"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        crate::language::of(path) == Some("go")
            && request.schema.iter().any(|decl| crate::language::is_code(&decl.name))
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        let reader = Reader {
            grammar: Language::new(tree_sitter_go::LANGUAGE),
            module: &ModuleName::of_folder(file.path, package_clause(file.text).unwrap_or("main")),
            idioms: &GO,
            mend: |_, _| None,
            pieces: recover::pieces,
            lower,
        };
        reader.read(file, request, out);
    }
}

/// The name that the file gives its package.
fn package_clause(text: &str) -> Option<&str> {
    let clause = text.lines().find_map(|line| line.strip_prefix("package "))?;
    clause.split(|c: char| !(c.is_alphanumeric() || c == '_')).find(|word| !word.is_empty())
}

fn lower(
    text: &str,
    module: &ModuleName,
    positions: &Positions<'_>,
    pieces: &[tree_sitter::Tree],
) -> (Tree, Vec<Problem>) {
    let mut lowerer = Lowerer::new(State::default(), text, module, positions);
    lowerer.tree.package = Some(Package { name: module.name.as_str().into(), has_classes: true });
    for piece in pieces {
        lowerer.declare_types(piece.root_node());
    }
    let mut body = Vec::new();
    for piece in pieces {
        lowerer.statements(piece.root_node(), &mut body);
    }
    lowerer.add_types(&mut body);
    lowerer.finish(body)
}
