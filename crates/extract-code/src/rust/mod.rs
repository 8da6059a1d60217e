//! Rust.
//!
//! Paths are names with dots: `crate::llm::ask` of `api/src/main.rs` is `api.src.llm.ask`, `std::env::var` is `std.env.var`. `T::new(…)` is a call of `T`,
//! and so is a literal of a struct, with named arguments. A block's last expression is its value. Arguments of macros are read as expressions where
//! they are some. Code of tests that stands beside what it tests (`#[cfg(test)]`, `#[test]`) is left out, and so are the names of modules that stand in a file.

mod calls;
mod expressions;
mod functions;
mod idioms;
mod items;
mod macros;
mod paths;
mod patterns;
mod recover;
mod statements;
mod strings;
mod tokens;
mod types;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::lower::children;
use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Tree};

/// Reads Rust files.
pub const RUST: Code = Code {
    language: "rust",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_rust::LANGUAGE),
        module: ModuleName::of_crate(file.path),
        idioms: &idioms::RUST,
        mend: unmended,
        pieces: recover::pieces,
        lower,
    },
};

/// Lowers Rust.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What Rust keeps besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    /// Attributes that stand before the item that they are about.
    attributes: Vec<Node<'a>>,
}

impl<'a> Grammar<'a> for State<'a> {
    /// What is borrowed, pointed to, cast, waited for or handed on if it is no error is the value.
    fn inner(lowerer: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression" | "try_expression" => children(node).first().copied(),
            "reference_expression" | "type_cast_expression" => node.child_by_field_name("value"),
            "unary_expression" if lowerer.source(node).starts_with('*') => children(node).first().copied(),
            "const_block" => node.child_by_field_name("body"),
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
    let mut body = lowerer.file(pieces, Lowerer::declare_items);
    lowerer.add_types(&mut body);
    let mut whole = lowerer.absolute_imports();
    whole.append(&mut body);
    lowerer.finish(whole)
}
