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

use extract::{Problem, SourceFile};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use tree_sitter::{Language, Node};

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Sym, Tree};
use switches::Switch;

/// Reads files of JavaScript.
pub const JAVASCRIPT: Code = Code { language: "javascript", reader };
/// Reads files of TypeScript.
pub const TYPESCRIPT: Code = Code { language: "typescript", reader };

fn reader(file: SourceFile<'_>) -> Reader {
    Reader {
        grammar: grammar(file.path),
        module: ModuleName::with_aliases(file.path, "index"),
        idioms: &idioms::ECMASCRIPT,
        mend: recover::mended,
        pieces: recover::pieces,
        lower,
    }
}

/// Lowers JavaScript and TypeScript.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What these languages keep besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    /// By name: the variables of blocks that go by a number of their own, the innermost last.
    blocks: HashMap<&'a str, Vec<Sym>, FxBuildHasher>,
    /// How many names in `blocks` have a variable now.
    open: usize,
    /// The switches around, with how they are left.
    switches: Vec<Switch>,
}

impl<'a> Grammar<'a> for State<'a> {
    fn inner(_: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        expressions::wrapped(node)
    }

    fn expression(lowerer: &mut Lowerer<'a>, node: Node<'a>) -> ExprId {
        lowerer.shallow(node)
    }

    fn statement(lowerer: &mut Lowerer<'a>, node: Node<'a>, block: &mut Block) {
        lowerer.shallow_statement(node, block);
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
    let body = lowerer.file(pieces, |_, _| {});
    lowerer.finish(body)
}
