//! Bodies: unordered conjunctions of literals.

use std::sync::Arc;

use base::Place;

use crate::{Expr, RelId, VarId};

/// A conjunction. The order of literals is that of the text and means nothing.
pub type Body = Vec<Literal>;

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// What must hold.
    pub kind: LiteralKind,
    /// Where it stands.
    pub place: Place,
}

/// The kinds of literals.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralKind {
    /// Some row of the relation matches. Binds.
    Atom(Atom),
    /// The body does not hold for any values of the variables that stand in it alone.
    Not(Body),
    /// One of the branches holds. A variable used outside is bound by every branch.
    Or(Vec<Body>),
    /// A comparison by value of operands of one type (an int beside a float is compared as float). `Equal` with a variable that
    /// nothing else binds on one side binds it to the other side's value.
    Compare(Comparison, Expr, Expr),
    /// The variable, bound as `x?`, is missing (or, negated, present).
    IsNone {
        /// The variable.
        variable: VarId,
        /// `x != none`.
        negated: bool,
    },
    /// A test between texts.
    Text {
        /// Which.
        test: TextTest,
        /// Whether it must fail. An operand without value makes the literal not match either way.
        negated: bool,
        /// Left operand.
        left: Expr,
        /// Right operand: any text for `Contains`, `StartsWith`, `EndsWith`; a constant for `Matches` (a regex) and `Like` (a glob).
        right: Expr,
        /// Groups that `Matches` binds; empty where negated.
        groups: Vec<Group>,
    },
    /// The operand is one of the values (or, negated, none of them). Not negated, it binds a variable that nothing else binds.
    In {
        /// The operand.
        operand: Expr,
        /// Constants, all of its type.
        values: Vec<facts::Value>,
        /// `not in`.
        negated: bool,
    },
}

/// A relation with one argument a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The relation.
    pub relation: RelId,
    /// One a column.
    pub args: Vec<Arg>,
}

/// What an atom wants of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// `_`: anything, missing values too.
    Any,
    /// A variable: present values only. Joins with its other occurrences.
    Var(VarId),
    /// `x?`: binds the variable, also to a missing value. It stands once and never joins.
    Optional(VarId),
    /// `none`: missing values only.
    Missing,
    /// A value computed from variables bound elsewhere; present values only. Constants too.
    Value(Expr),
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

/// Tests between texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// The right text occurs in the left one.
    Contains,
    /// The left text begins with the right one.
    StartsWith,
    /// The left text ends with the right one.
    EndsWith,
    /// The regex (Rust `regex` syntax) matches somewhere in the left text.
    Matches,
    /// The glob matches the whole left text; `*` stops at `/`, `**` does not, `{a,b}` are alternatives.
    Like,
}

/// A group of a regex that binds a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The variable. Where it is [`crate::Variable::optional`] it is bound also when the group took no part, else such matches
    /// do not count.
    pub variable: VarId,
    /// The group: its name where the regex has a group of that name, else its number as text, from "1".
    pub group: Arc<str>,
}
