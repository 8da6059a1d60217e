//! Java.
//!
//! A name without an object may be a member of a class around it: it is lowered as `this.name`, or as an attribute of
//! the class where there is no object. What a file does not bind is of its package, or of one that it imports whole.

mod annotations;
mod calls;
mod classes;
mod expressions;
mod idioms;
mod imports;
mod literals;
mod methods;
mod statements;
mod switches;
mod types;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended, whole};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Package, Tree};
use crate::values::Given;

/// Reads Java files.
pub const JAVA: Code = Code {
    language: "java",
    reader: |file| Reader {
        grammar: Language::new(tree_sitter_java::LANGUAGE),
        module: ModuleName::of_package(&package_declaration(file.text)),
        idioms: &idioms::JAVA,
        mend: unmended,
        pieces: whole,
        lower,
    },
};

/// Lowers Java.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// What Java keeps besides.
#[derive(Default)]
pub(crate) struct State {
    /// What the switches around, as far as they are expressions, give their value to.
    yields: Vec<Given>,
}

impl<'a> Grammar<'a> for State {
    fn inner(_: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression" => crate::lower::children(node).first().copied(),
            "cast_expression" => node.child_by_field_name("value"),
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

/// Whether a name may be that of an inherited member.
fn inheritable(name: &str) -> bool {
    name.starts_with(char::is_lowercase)
}

/// The package of the file; that without a name is called `default`, which no package can be.
fn package_declaration(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("package "));
    let name: String = line.unwrap_or("default").split(';').next().unwrap_or_default().split_whitespace().collect();
    if name.chars().all(|c| c.is_alphanumeric() || "._$".contains(c)) { name } else { "default".to_owned() }
}

fn lower(
    text: &str,
    module: &ModuleName,
    positions: &Positions<'_>,
    pieces: &[tree_sitter::Tree],
) -> (Tree, Vec<Problem>) {
    let mut lowerer = Lowerer::new(State::default(), text, module, positions);
    lowerer.tree.package = Some(Package { name: module.name.as_str().into(), has_classes: false });
    let body = lowerer.file(pieces, Lowerer::declare_classes);
    lowerer.finish(body)
}
