//! Programs over relations of thousands of rows, and an evaluator of its own for them.
//!
//! The naive interpreter knows the whole language and can be given a handful of rows. What an engine does a block at a time,
//! with hash tables that grow, with keys that have most of the rows, only shows with many rows. So this is a second, smaller
//! language: integers alone, atoms, negations, comparisons, counts and `or`. Its programs are lists of structures that both the text for the
//! engine is written from ([`Program::text`]) and the evaluator reads ([`Program::model`]), which shares nothing with the engine:
//! literals from left to right, a hash index for each set of columns, all rules again until nothing changes.

mod evaluate;
mod generate;

use std::fmt::{self, Write};

/// A program and its input rows.
#[derive(Debug, Clone)]
pub struct Program {
    /// Relations; rules name them by their place here.
    pub relations: Vec<Relation>,
    /// Rules of derived relations.
    pub rules: Vec<Rule>,
}

/// A relation of integers.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Number of columns.
    pub width: usize,
    /// Relations of one group may depend on each other; inputs are of group 0.
    pub group: usize,
    /// Rows of an input, each once.
    pub rows: Vec<Vec<u32>>,
}

/// An argument or an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// A variable, by its number in the rule.
    Variable(usize),
    /// A number.
    Constant(u32),
    /// Any value.
    Any,
}

/// A relation with its arguments.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The relation's place in the program.
    pub relation: usize,
    /// As many as it has columns.
    pub terms: Vec<Term>,
}

/// A comparison of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
}

/// A part of a body. Variables of tests are bound by the literals before them.
#[derive(Debug, Clone)]
pub enum Literal {
    /// Holds for each row that fits.
    Atom(Atom),
    /// Holds where no values of the variables that are only in it make all of its atoms hold.
    Not(Vec<Atom>),
    /// Holds where the numbers compare so.
    Test(Test, Term, Term),
    /// Holds where one of two atoms does, whatever the values of the variables that are only in it.
    Or(Atom, Atom),
    /// Binds the first variable to the number of values of the second one, which is the atom's own.
    Count(usize, usize, Atom),
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it derives.
    pub head: Atom,
    /// In an order in which each literal can be read once those before it are.
    pub body: Vec<Literal>,
    /// Its variables are numbered below this.
    pub variables: usize,
}

impl Program {
    /// The program of a seed.
    pub fn generate(seed: u64) -> Program {
        generate::program(seed)
    }

    /// A relation's name: `in0` for inputs, `r2` for others.
    pub fn name(&self, relation: usize) -> String {
        format!("{}{relation}", if self.relations[relation].group == 0 { "in" } else { "r" })
    }

    /// The rows of all relations, by relation and sorted; nothing if there are more than `rows` of them, or more than
    /// `steps` of the evaluator are needed.
    pub fn model(&self, rows: usize, steps: usize) -> Option<Vec<Vec<Vec<u32>>>> {
        evaluate::model(self, rows, steps)
    }

    /// The program in the text form of `ir`, without its input rows. Bodies are written from right to left, so that the order in which the
    /// evaluator reads them is none that the engine is given.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (number, relation) in self.relations.iter().enumerate() {
            let word = if relation.group == 0 { "input" } else { "rel" };
            let columns: Vec<String> = (0..relation.width).map(|at| format!("c{at}: int")).collect();
            let _ = writeln!(out, "{word} {}({})", self.name(number), columns.join(", "));
        }
        for rule in &self.rules {
            let body: Vec<String> = rule.body.iter().rev().map(|literal| self.literal(literal)).collect();
            let _ = writeln!(out, "{} :- {}.", self.atom(&rule.head), body.join(", "));
        }
        out
    }

    fn atom(&self, atom: &Atom) -> String {
        let terms: Vec<String> = atom.terms.iter().map(Term::to_string).collect();
        format!("{}({})", self.name(atom.relation), terms.join(", "))
    }

    fn literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Atom(atom) => self.atom(atom),
            Literal::Not(atoms) => {
                let atoms: Vec<String> = atoms.iter().map(|atom| self.atom(atom)).collect();
                format!("not ({})", atoms.join(", "))
            }
            Literal::Test(test, left, right) => format!("{left} {test} {right}"),
            Literal::Or(one, other) => format!("({} or {})", self.atom(one), self.atom(other)),
            Literal::Count(number, counted, atom) => {
                format!("v{number} = count {{ v{counted} : {} }}", self.atom(atom))
            }
        }
    }
}

impl Atom {
    /// Variables of the arguments, as often as they occur.
    pub fn variables(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().filter_map(|term| match term {
            Term::Variable(variable) => Some(*variable),
            _ => None,
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Variable(number) => write!(f, "v{number}"),
            Term::Constant(value) => write!(f, "{value}"),
            Term::Any => f.write_str("_"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Test::Equal => "=",
            Test::Unequal => "!=",
            Test::Less => "<",
        })
    }
}
