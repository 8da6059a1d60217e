//! The typed tree of a policy file. Names and types are not looked at here; every node has its span.
//!
//! Broken pieces are nodes too ([`ItemKind::Broken`]), so that a tree covers any text.

mod clause;
mod control;
mod expr;
mod input;
mod test;

use std::sync::Arc;

use base::Span;

pub use clause::*;
pub use control::*;
pub use expr::*;
pub use input::*;
pub use test::*;

/// A policy file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    /// `//!` documentation.
    pub doc: Option<Doc>,
    /// Items in the order of the text.
    pub items: Vec<Item>,
}

/// Documentation: the text behind `///` or `//!`, line by line, with one leading blank taken off each.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// Markdown.
    pub text: Arc<str>,
    /// From the first marker to the end of the last line.
    pub span: Span,
}

/// An identifier, id or other single name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// As written, without quotes.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A dotted name such as `vendor.register`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// At least one part.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

impl Path {
    /// The last part.
    pub fn last(&self) -> &Name {
        self.parts.last().expect("a path has at least one part")
    }

    /// The name as written: parts joined by dots.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| &*part.text).collect();
        parts.join(".")
    }

    /// The part, if there is only one.
    pub fn single(&self) -> Option<&Name> {
        match self.parts.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// A top-level item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// `///` documentation above it.
    pub doc: Option<Doc>,
    /// What it is.
    pub kind: ItemKind,
    /// Without the documentation.
    pub span: Span,
}

/// The kinds of items.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `use a.b.c as d`
    Use(Use),
    /// `entity Call < Expr`
    Entity(Entity),
    /// `[open] rel owns(team: string, system: System)`
    Rel(Rel),
    /// `param window: duration = 90d`
    Param(Param),
    /// `framework soc2 "title" { CC9.2: "…" }`
    Framework(Framework),
    /// `input name(columns) from …`
    Input(Input),
    /// `control ID "title" { … }`
    Control(Control),
    /// `test "name" { … }`
    Test(Test),
    /// A rule or a fact.
    Clause(Clause),
    /// A piece that could not be parsed. Its diagnostic is in [`crate::Parse::diagnostics`].
    Broken(Broken),
}

/// What is known of a broken piece, read leniently, so that its name stays known to the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Broken {
    /// The item's keyword (`rel`, `control` …), empty for a clause.
    pub keyword: Arc<str>,
    /// The name that it declares or the relation of its head.
    pub name: Option<Path>,
    /// Column names of a declaration or head, as far as they could be read.
    pub columns: Vec<Name>,
}

/// `use a.b.c as d`
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The module.
    pub module: Path,
    /// The name it is reachable by, if not its last part.
    pub alias: Option<Name>,
}

/// `entity Call < Expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its name.
    pub name: Name,
    /// The supertype.
    pub parent: Option<Path>,
}

/// `[open] rel name(columns)`
#[derive(Debug, Clone, PartialEq)]
pub struct Rel {
    /// Whether other modules may add rules and facts.
    pub open: bool,
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// `key name: T?`
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// `///` documentation above it.
    pub doc: Option<Doc>,
    /// `key` stands before it.
    pub key: bool,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// The whole.
    pub span: Span,
}

/// A type as written: `string`, `code.Call`, with `?` where values may be missing.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeRef {
    /// The type's name.
    pub name: Path,
    /// `?` follows.
    pub optional: bool,
    /// The whole.
    pub span: Span,
}

/// `param name: type = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its default: a literal.
    pub value: Expr,
}

/// `framework id "title" { id: "text" … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Framework {
    /// Its id.
    pub id: Name,
    /// Its title.
    pub title: Name,
    /// Criteria: id and wording.
    pub criteria: Vec<(Name, Name)>,
}
