//! Kotlin.
//!
//! A name without an object may be a member of a class around it, as in Java; functions of the top level are of the package.
//! `if`, `when` and `try` have values: they are statements before their own, which give it to a variable that no name finds.

mod calls;
mod classes;
mod expressions;
mod functions;
mod idioms;
mod recover;
mod statements;
mod types;
mod values;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::lower::children;
use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Package, Tree};

/// Reads Kotlin files.
pub const KOTLIN: Code = Code {
    language: "kotlin",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_kotlin_ng::LANGUAGE),
        module: ModuleName::of_package(&package_header(file.text)),
        idioms: &idioms::KOTLIN,
        mend: unmended,
        pieces: recover::pieces,
        lower,
    },
};

/// Lowers Kotlin.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// What Kotlin keeps besides.
#[derive(Default)]
pub(crate) struct State {
    /// Annotations that stand alone before what they are about.
    annotations: Vec<ExprId>,
    /// Whether the members being lowered are those of a companion: they have no object.
    companion: bool,
}

impl<'a> Grammar<'a> for State {
    fn inner(lowerer: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression" | "value_argument_spread" => children(node).first().copied(),
            "as_expression" => node.child_by_field_name("left"),
            "unary_expression" if lowerer.operator(node) == "!!" => node.child_by_field_name("argument"),
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

/// Whether a name may be that of an inherited member: those of the language and its library are not.
fn inheritable(name: &str) -> bool {
    name.starts_with(char::is_lowercase) && idioms::KOTLIN.builtins.binary_search(&name).is_err()
}

/// The package of the file; that without a name is called `default`, which no package can be.
fn package_header(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("package "));
    let name: String =
        line.unwrap_or("default").split([';', '/']).next().unwrap_or_default().split_whitespace().collect();
    if name.chars().all(|c| c.is_alphanumeric() || "._`".contains(c)) {
        name.replace('`', "")
    } else {
        "default".into()
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
    let body = lowerer.file(pieces, Lowerer::declare_names);
    lowerer.finish(body)
}
