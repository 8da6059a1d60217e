//! Rules and facts: heads, bodies, literals.

use base::Span;

use super::{Expr, Name, Path};

/// `head :- body.` or `head.`
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The head.
    pub head: Atom,
    /// The body; none for a fact.
    pub body: Option<Vec<Literal>>,
    /// The whole, with the final stop.
    pub span: Span,
}

/// A relation with arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The relation.
    pub relation: Path,
    /// Its arguments.
    pub args: Args,
    /// The whole.
    pub span: Span,
}

/// Arguments of an atom.
#[derive(Debug, Clone, PartialEq)]
pub enum Args {
    /// `(a, b)`
    Positional(Vec<Expr>),
    /// `{name: a, owner, since?}`
    Named(Vec<NamedArg>),
}

/// `name: expr`; the short forms `owner` and `owner?` have a variable expression of the same span.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedArg {
    /// The column.
    pub name: Name,
    /// The argument.
    pub value: Expr,
    /// Whether the short form was written.
    pub short: bool,
}

/// A literal of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of literals.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralKind {
    /// A positive atom.
    Atom(Atom),
    /// `not literal` and `not ( body )`: the negated body.
    Not(Vec<Literal>),
    /// `( body or body … )`; one branch for plain parentheses.
    Or(Vec<Vec<Literal>>),
    /// `left op right`, `=` included: what binds is for the compiler to see.
    Compare(Comparison, Expr, Expr),
    /// `left [not] op right`
    Word {
        /// The operator.
        op: WordOp,
        /// `not` before the operator; `not` before the whole literal is [`LiteralKind::Not`].
        negated: bool,
        /// Left operand.
        left: Expr,
        /// Right operand: a regex for `matches`, a list for `in`.
        right: Expr,
        /// `as (g, h?)`: groups that `matches` binds.
        groups: Vec<Group>,
    },
}

/// A group bound by `matches /re/ as (g, h?)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The variable, also the name of the group where the regex names its groups.
    pub name: Name,
    /// `?` follows: bound also where the group took no part.
    pub optional: bool,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Word operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum WordOp {
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Like,
    In,
}
