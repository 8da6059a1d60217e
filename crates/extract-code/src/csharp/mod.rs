//! C#.
//!
//! A name without an object may be a member of a class around it, as in Java. Namespaces are left out of names: which of the
//! dozen that a file sees, many without naming them, a class is of cannot be told from the file. What a file does not bind is
//! `global.` and its name, be it the repository's own or a library's; imports say which namespaces a file uses.

mod calls;
mod classes;
mod expressions;
mod functions;
mod idioms;
mod literals;
mod statements;
mod switches;
mod types;

use extract::Problem;
use tree_sitter::{Language, Node};

use crate::lower::{children, span};
use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::{Code, Reader, unmended, whole};
use crate::shapes::Grammar;
use crate::tree::{Block, ExprId, Import, Package, Stmt, Tree};

/// Reads C# files.
pub const CSHARP: Code = Code {
    language: "csharp",
    reader: |_| Reader {
        grammar: Language::new(tree_sitter_c_sharp::LANGUAGE),
        module: ModuleName::of_package(GLOBAL),
        idioms: &idioms::CSHARP,
        mend: unmended,
        pieces: whole,
        lower,
    },
};

/// Lowers C#.
type Lowerer<'a> = crate::lower::Lowerer<'a, State<'a>>;

/// What C# keeps besides.
#[derive(Default)]
pub(crate) struct State<'a> {
    /// The type that a value is declared with, for `new()`.
    expected: Option<Node<'a>>,
}

impl<'a> Grammar<'a> for State<'a> {
    /// Brackets, casts and the assurance that something is not null are the value.
    fn inner(lowerer: &Lowerer<'a>, node: Node<'a>) -> Option<Node<'a>> {
        match node.kind() {
            "parenthesized_expression" | "checked_expression" | "ref_expression" => children(node).first().copied(),
            "argument" => children(node).last().copied(),
            "cast_expression" => node.child_by_field_name("value"),
            "as_expression" => node.child_by_field_name("left"),
            "postfix_unary_expression" if lowerer.source(node).ends_with('!') => children(node).first().copied(),
            "expression_element" | "collection_element" => children(node).first().copied(),
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

/// Whether what is called may be an inherited method.
fn inheritable(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
}

/// What all names without a namespace are of.
const GLOBAL: &str = "global";

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

impl<'a> Lowerer<'a> {
    /// `using A.B;`, `using static A.B;`, `using C = A.B;`
    pub(super) fn using(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        let alias = node.child_by_field_name("name");
        let Some(path) = children(node).into_iter().rfind(|child| Some(*child) != alias) else { return };
        let whole: String = self.source(path).split('<').next().unwrap_or_default().split_whitespace().collect();
        let (module, name) = match whole.rsplit_once('.') {
            Some((module, name)) if alias.is_some() => (module, name),
            _ => (whole.as_str(), "*"),
        };
        let slot = alias.map(|alias| self.name(alias)).map(|sym| self.bind(sym));
        let sym = Some(self.tree.sym(name));
        self.tree.imports.push(Import {
            module: module.into(),
            name: sym,
            alias: alias.map_or("*", |alias| self.source(alias)).into(),
            means: format!("{GLOBAL}.{name}").into(),
            slot,
            star: false,
            guess: false,
            span: span(node),
        });
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }
}
