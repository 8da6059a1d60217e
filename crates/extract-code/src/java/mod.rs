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
mod names;
mod recover;
mod statements;
mod switches;
mod types;

use extract::{Extractor, Output, Problem, Request, SourceFile};
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;
use tree_sitter::Language;

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::Reader;
use crate::tree::{ClassId, Package, Stmt, Sym, Target, Tree};
use idioms::JAVA;

/// Reads Java files.
pub struct Java;

/// Lowers Java.
type Lowerer<'a> = crate::lower::Lowerer<'a, State>;

/// What Java keeps besides.
#[derive(Default)]
pub(crate) struct State {
    /// The classes around, the innermost last.
    classes: Vec<Frame>,
    /// Statements that an expression needs before it: switches and classes that stand in the middle of one.
    before: Vec<Stmt>,
    /// How many switches stand around, up to the next loop.
    switches: usize,
    /// What the switches around, as far as they are expressions, give their value to.
    yields: Vec<Sym>,
}

/// A class around.
pub(crate) struct Frame {
    id: ClassId,
    name: Sym,
    /// What its own object is called.
    this: Sym,
    /// Fields and methods.
    members: HashSet<Sym, FxBuildHasher>,
    /// Classes that are members.
    types: HashSet<Sym, FxBuildHasher>,
    /// Whether it may inherit members from elsewhere.
    inherits: bool,
}

impl Extractor for Java {
    fn name(&self) -> &'static str {
        "java"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        crate::language::of(path) == Some("java")
            && request.schema.iter().any(|decl| crate::language::is_code(&decl.name))
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        let reader = Reader {
            grammar: Language::new(tree_sitter_java::LANGUAGE),
            module: &ModuleName::of_package(&package_declaration(file.text)),
            idioms: &JAVA,
            mend: |_, _| None,
            pieces: recover::pieces,
            lower,
        };
        reader.read(file, request, out);
    }
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
    for piece in pieces {
        lowerer.declare_classes(piece.root_node());
    }
    let mut body = Vec::new();
    for piece in pieces {
        lowerer.statements(piece.root_node(), &mut body);
    }
    lowerer.finish(body)
}

/// A plain variable as a target.
fn name_target(expr: crate::tree::ExprId, slot: crate::tree::Slot) -> Vec<Target> {
    vec![Target::Name(expr, slot)]
}
