//! The names of a text and what each stands for there, read from tokens alone, so that half-typed clauses have them too.
//!
//! One walk over the tokens of a piece tells by position what a word is, as the language defines it: a name before a
//! bracket is a relation where a condition may stand and a function where a value may, any other bare name is a variable.
//! The state in which the walk stops is what can come next: completion reads it at the cursor.

mod items;
mod scopes;
mod strings;
mod walk;

use base::Span;
use syntax::Parse;
use syntax::scan::{Token, scan};
use syntax::split::Piece;

pub use strings::interpolation_at;
pub use walk::{Frame, FrameKind, Position, Walk};

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Where; of a dotted name one part.
    pub span: Span,
    /// What it is there.
    pub kind: NameKind,
    /// Number of the unit (clause, statement, declaration) that it stands in.
    pub unit: u32,
}

/// What a name is where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameKind {
    /// A relation, by all parts of its name.
    Relation {
        /// The parts before the last, if any.
        front: Option<Span>,
        /// How it stands there.
        role: Role,
    },
    /// A module before the dot of a name.
    Qualifier,
    /// A column of the relation with that number among the names.
    Column {
        /// Number of the relation's name.
        relation: usize,
        /// Whether it is also a variable: `{owner}`.
        short: bool,
    },
    /// A column where it is declared; of the relation with that number.
    ColumnDeclared {
        /// Number of the relation's name.
        relation: usize,
    },
    /// A variable, or a param of the module.
    Variable {
        /// The body that it belongs to, within its unit; after [`scopes::settle`] the outermost that has it.
        scope: u32,
        /// The column that it stands for there: number of the relation's name, and which.
        column: Option<(usize, Which)>,
    },
    /// A param behind the dot of a module.
    Param {
        /// What stands before the dot.
        front: Span,
    },
    /// A param where it is declared, or where a test sets it.
    ParamNamed {
        /// What stands before the dot, if anything does.
        front: Option<Span>,
        /// Whether it is declared here.
        declared: bool,
    },
    /// A function.
    Function,
    /// An aggregate.
    Aggregate,
    /// A type.
    Type {
        /// What stands before the dot, if anything does.
        front: Option<Span>,
    },
    /// An entity where it is declared.
    EntityDeclared,
    /// A module of a `use`, the whole path.
    Module,
    /// The name that a `use` gives a module.
    Alias,
    /// A control's id.
    Control {
        /// Whether it is declared here.
        declared: bool,
    },
    /// A framework's id.
    Framework {
        /// Whether it is declared here.
        declared: bool,
    },
    /// A criterion of the framework whose id stands at that place.
    Criterion {
        /// The framework's id.
        framework: Span,
        /// Whether it is declared here.
        declared: bool,
    },
    /// A field of a control.
    Field,
    /// The value of a field that is a word: `high`.
    FieldWord,
    /// A word of the language.
    Keyword,
    /// A step of a path into a document.
    Path,
}

/// How a relation's name stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Where it is declared.
    Declared,
    /// The head of a rule or fact.
    Head,
    /// It is read.
    Read,
    /// Named without arguments: `needs`, `given empty`.
    Named,
}

/// A column of an atom, by place or by the span of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The argument with that number.
    Number(usize),
    /// The column whose name stands there.
    Named(Span),
}

/// A piece of the text whose names belong together: a clause, a declaration, a field, a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// From its first token to its last.
    pub span: Span,
    /// The control around it, by the span of its id.
    pub control: Option<Span>,
    /// Whether it is a rule or fact.
    pub clause: bool,
}

/// All names of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// By place; a short field stands twice, as a column and as a variable.
    pub all: Vec<Name>,
    /// By place.
    pub units: Vec<Unit>,
}

impl Names {
    /// The names of a parsed text.
    pub fn of(text: &str, parse: &Parse) -> Names {
        let tokens = scan(text);
        let mut names = Names::default();
        for piece in &parse.pieces {
            items::piece(&mut names, text, &tokens, piece);
        }
        names
    }

    /// Whether the relation's name with that number is the head of its clause.
    pub fn is_head(&self, relation: usize) -> bool {
        let name = self.all.get(relation);
        name.is_some_and(|name| matches!(name.kind, NameKind::Relation { role: Role::Head, .. }))
    }

    /// The names that touch a byte: what stands right of it first.
    pub fn at(&self, offset: usize) -> Vec<usize> {
        let touches = |name: &Name| name.span.start as usize <= offset && offset <= name.span.end as usize;
        let mut found: Vec<usize> = (0..self.all.len()).filter(|at| touches(&self.all[*at])).collect();
        found.sort_by_key(|at| std::cmp::Reverse(self.all[*at].span.start));
        found
    }

    /// The unit that a byte lies in.
    pub fn unit_at(&self, offset: usize) -> Option<usize> {
        self.units.iter().position(|unit| unit.span.start as usize <= offset && offset <= unit.span.end as usize)
    }

    /// The names of a unit with their numbers.
    pub fn of_unit(&self, unit: u32) -> impl Iterator<Item = (usize, &Name)> {
        self.all.iter().enumerate().filter(move |(_, name)| name.unit == unit)
    }
}

/// The smallest piece whose range (with the blanks before it) holds a byte, and the one around it.
pub fn piece_at(pieces: &[Piece], offset: usize) -> Option<(&Piece, Option<&Piece>)> {
    let holds = |piece: &&Piece| piece.full.start as usize <= offset && offset <= piece.full.end as usize;
    // Where two meet, the one that ends there is the one being written.
    let outer = pieces.iter().find(holds)?;
    let Some(block) = outer.block.as_ref().filter(|block| block.opened) else { return Some((outer, None)) };
    match block.members.iter().find(holds) {
        Some(member) => Some((member, Some(outer))),
        None => Some((outer, None)),
    }
}

/// The tokens of a piece that are no comments.
pub fn significant(tokens: &[Token], piece: &Piece) -> Vec<Token> {
    tokens[piece.tokens.clone()].iter().filter(|token| !token.is_comment()).copied().collect()
}
