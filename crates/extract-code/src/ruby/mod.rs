//! Ruby.
//!
//! A word that is no variable is a call, of a method of the class around or of the program. Modules are left out of the names of
//! what stands in them; what a file does not bind is `global.` and its name. `X.new` is a call of the class; a call in the body of a class
//! is a decorator of it (`before_action :authenticate`).

mod calls;
mod classes;
mod expressions;
mod idioms;
mod literals;
mod recover;
mod statements;

use extract::Problem;
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use tree_sitter::{Language, Node};

use crate::lower::children;
use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Package, Sym, Tree};

/// Reads Ruby files.
pub const RUBY: Code = Code {
    language: "ruby",
    reader: |_| Reader {
        grammar: Language::new(tree_sitter_ruby::LANGUAGE),
        module: ModuleName::of_package("global"),
        idioms: &idioms::RUBY,
        mend: unmended,
        pieces: recover::pieces,
        lower,
    },
};

/// Lowers Ruby.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What Ruby keeps besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    /// By the byte where a heredoc is announced: its words, which stand further down.
    heredocs: HashMap<usize, Node<'a>, FxBuildHasher>,
    /// Attributes of the classes around that are read by their bare name.
    attributes: Vec<HashSet<Sym, FxBuildHasher>>,
    /// Calls in the body of the class that is being lowered.
    macros: Vec<ExprId>,
}

impl<'a> Grammar<'a> for State<'a> {
    fn inner(_: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_statements" | "then" | "pattern" | "block_argument" => match children(node).as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            _ => None,
        }
    }

    fn expression(lowerer: &mut Lowerer<'a>, node: Node<'a>) -> ExprId {
        lowerer.shallow(node)
    }

    fn statement(lowerer: &mut Lowerer<'a>, node: Node<'a>, block: &mut Block) {
        lowerer.shallow_statement(node, block);
    }
}

fn lower(
    text: &str,
    module: &ModuleName,
    positions: &Positions<'_>,
    pieces: &[tree_sitter::Tree],
) -> (Tree, Vec<Problem>) {
    let mut lowerer = Lowerer::new(State::default(), text, module, positions);
    lowerer.tree.package = Some(Package { name: module.name.as_str().into(), has_classes: false });
    let body = lowerer.file(pieces, |this, piece| {
        this.find_heredocs(piece);
        this.declare_names(piece);
    });
    lowerer.finish(body)
}
