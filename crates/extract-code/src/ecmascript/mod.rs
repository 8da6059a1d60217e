//! JavaScript and TypeScript, with JSX.
//!
//! One lowering serves three grammars, whose nodes mostly go by the same names. Objects that are written out as arguments
//! count as named arguments, destructured parameters as parameters by name: that is how the language spells them.

mod blocks;
mod classes;
mod expressions;
mod functions;
mod idioms;
mod jsx;
mod modules;
mod objects;
mod patterns;
mod recover;
mod specifier;
mod statements;
mod strings;
mod switches;
mod types;

use extract::{Extractor, Output, Problem, Request, SourceFile};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use tree_sitter::Language;

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::Reader;
use crate::tree::{Stmt, Sym, Tree};
use idioms::ECMASCRIPT;
use switches::Switch;

/// Reads files of one of the two languages.
pub struct EcmaScript {
    language: &'static str,
}

/// Reads files of JavaScript.
pub const JAVASCRIPT: EcmaScript = EcmaScript { language: "javascript" };
/// Reads files of TypeScript.
pub const TYPESCRIPT: EcmaScript = EcmaScript { language: "typescript" };

/// Lowers JavaScript and TypeScript.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What these languages keep besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    /// Statements that an expression needs before it: imports and classes that stand in the middle of one.
    before: Vec<Stmt>,
    /// By name: the variables of blocks that go by a number of their own, the innermost last.
    blocks: HashMap<&'a str, Vec<Sym>, FxBuildHasher>,
    /// How many names in `blocks` have a variable now.
    open: usize,
    /// The switches around, with how they are left.
    switches: Vec<Switch>,
}

impl Extractor for EcmaScript {
    fn name(&self) -> &'static str {
        self.language
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        crate::language::of(path) == Some(self.language)
            && request.schema.iter().any(|decl| crate::language::is_code(&decl.name))
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        let reader = Reader {
            grammar: grammar(file.path),
            module: &ModuleName::with_aliases(file.path, "index"),
            idioms: &ECMASCRIPT,
            mend: recover::mended,
            pieces: recover::pieces,
            lower,
        };
        reader.read(file, request, out);
    }
}

fn grammar(path: &str) -> Language {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "ts" | "mts" | "cts" => Language::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
        "tsx" => Language::new(tree_sitter_typescript::LANGUAGE_TSX),
        _ => Language::new(tree_sitter_javascript::LANGUAGE),
    }
}

fn lower(
    text: &str,
    module: &ModuleName,
    positions: &Positions<'_>,
    pieces: &[tree_sitter::Tree],
) -> (Tree, Vec<Problem>) {
    let mut lowerer = Lowerer::new(State::default(), text, module, positions);
    let mut body = Vec::new();
    for piece in pieces {
        lowerer.statements(piece.root_node(), &mut body);
    }
    lowerer.finish(body)
}
