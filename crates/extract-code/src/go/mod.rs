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

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Package, Sym, Tree};

/// Reads Go files.
pub const GO: Code = Code {
    language: "go",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_go::LANGUAGE),
        module: ModuleName::of_folder(file.path, package_clause(file.text).unwrap_or("main")),
        idioms: &idioms::GO,
        mend: unmended,
        pieces: recover::pieces,
        lower,
    },
};

/// Lowers Go.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// What Go keeps besides.
#[derive(Default)]
pub(crate) struct State {
    /// The results that the functions around give a name, the innermost last.
    results: Vec<Vec<Sym>>,
}

impl<'a> Grammar<'a> for State {
    /// Parentheses, the address of a value and what a pointer points to are the value.
    fn inner(lowerer: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression" | "literal_element" | "variadic_argument" => {
                crate::lower::children(node).first().copied()
            }
            "unary_expression" if matches!(lowerer.operator(node), "&" | "*" | "+") => {
                node.child_by_field_name("operand")
            }
            "type_assertion_expression" => node.child_by_field_name("operand"),
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
    let mut body = lowerer.file(pieces, Lowerer::declare_types);
    lowerer.add_types(&mut body);
    lowerer.finish(body)
}
