//! Tests of policies.

use base::Span;

use super::{Atom, Comparison, Expr, Name, Path};

/// A test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// Its statements in the order of the text.
    pub statements: Vec<Statement>,
}

/// A statement of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of test statements.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `as_of 2026-11-20`
    AsOf(Expr),
    /// `param x = value`
    Param(Path, Expr),
    /// `given file "path" = "content"`
    GivenFile(Name, Name),
    /// `given files "dir"`
    GivenFiles(Name),
    /// `given atom.`
    GivenRow(Atom),
    /// `given empty relation`
    GivenEmpty(Path),
    /// `expect …`
    Expect(Expectation),
    /// A statement that could not be parsed.
    Broken,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// `violation ID("subject") with "…" at "file:line"`
    Violation {
        /// The control.
        control: Name,
        /// The subject's key or label.
        subject: Name,
        /// Part of the message.
        with: Option<Name>,
        /// `file:line`.
        at: Option<Name>,
    },
    /// `no violation ID("subject")`
    NoViolation {
        /// The control.
        control: Name,
        /// The subject's key or label.
        subject: Name,
    },
    /// `pass ID`, `no_evidence ID` …
    Status {
        /// The status word.
        status: Name,
        /// The control.
        control: Name,
    },
    /// `atom`
    Row(Atom),
    /// `no atom`
    NoRow(Atom),
    /// `count { … } = 3`: an aggregate compared with a literal.
    Compare(Comparison, Expr, Expr),
}
