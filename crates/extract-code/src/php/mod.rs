//! PHP.
//!
//! Names are written with dots: `OpenAI\Client` is `OpenAI.Client`, what has no namespace is of `global`. A variable is local to its
//! function, and no class, function or constant goes by its name, so that `$response` and `response()` are apart. What a file does
//! not declare or import is of its namespace if it is a class, and `global.` if it is a function or constant.

mod calls;
mod classes;
mod expressions;
mod functions;
mod idioms;
mod literals;
mod names;
mod statements;
mod switches;
mod targets;
mod types;
mod variables;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::lower::children;
use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended, whole};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Package, Tree};

/// Reads PHP files.
pub const PHP: Code = Code {
    language: "php",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_php::LANGUAGE_PHP),
        module: ModuleName::of_package(&names::namespace(file.text)),
        idioms: &idioms::PHP,
        mend: unmended,
        pieces: whole,
        lower,
    },
};

/// Lowers PHP.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What PHP keeps besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    variables: variables::Variables<'a>,
}

impl<'a> Grammar<'a> for State<'a> {
    /// Brackets, copies, and the wish that nothing be said of an error are the value.
    fn inner(lowerer: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression"
            | "clone_expression"
            | "error_suppression_expression"
            | "by_ref"
            | "variadic_unpacking" => children(node).first().copied(),
            "cast_expression" if !lowerer.makes_plain(node) => node.child_by_field_name("value"),
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
    let mut body = lowerer.file(pieces, Lowerer::declare_names);
    let mut whole = lowerer.absolute_imports();
    whole.append(&mut body);
    lowerer.finish(whole)
}
