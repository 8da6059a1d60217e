//! Python.

mod definitions;
mod expressions;
mod idioms;
mod imports;
mod recover;
mod statements;
mod strings;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Tree};

/// Reads Python files.
pub const PYTHON: Code = Code {
    language: "python",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_python::LANGUAGE),
        module: ModuleName::new(file.path, "__init__"),
        idioms: &idioms::PYTHON,
        mend: unmended,
        pieces: recover::pieces,
        lower,
    },
};

/// Lowers Python.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// Python keeps nothing besides.
pub(crate) struct State;

impl<'a> Grammar<'a> for State {
    fn inner(_: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        (node.kind() == "parenthesized_expression").then(|| crate::lower::children(node).first().copied()).flatten()
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
    let mut lowerer = Lowerer::new(State, text, module, positions);
    let body = pieces.iter().flat_map(|piece| lowerer.block(piece.root_node())).collect();
    lowerer.finish(body)
}
