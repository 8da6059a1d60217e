//! Programs, relations, rules.

use std::sync::Arc;

use base::Place;
use facts::{RelationDecl, Type, Value};

use crate::{Body, Expr};

/// A relation of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelId(pub u32);

/// A rule of a program. The order of ids is the order of rules that ties between proofs go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u32);

/// A variable of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);

/// A program, ready to be evaluated over the rows of its input relations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// Relations by [`RelId`].
    pub relations: Vec<Relation>,
    /// Rules by [`RuleId`].
    pub rules: Vec<Rule>,
    /// Rows that stand in policy files and tests.
    pub facts: Vec<Fact>,
    /// Strongly connected components of the derived relations, each after those it depends on.
    pub strata: Vec<Stratum>,
}

impl Program {
    /// The relation behind an id.
    pub fn relation(&self, id: RelId) -> &Relation {
        &self.relations[id.0 as usize]
    }

    /// The rule behind an id.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.0 as usize]
    }

    /// The relation of that qualified name.
    pub fn find(&self, name: &str) -> Option<RelId> {
        let at = self.relations.iter().position(|relation| *relation.decl.name == *name)?;
        Some(RelId(at as u32))
    }

    /// All rules with their ids.
    pub fn rules(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        self.rules.iter().enumerate().map(|(at, rule)| (RuleId(at as u32), rule))
    }
}

/// A relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Name, columns and documentation. Names are unique in a program; those private to a control, and the
    /// `scope`, `violation` and `note` relations, are prefixed by its id: `AI-CC9.2-02.scope`, `AI-CC9.2-02.violation.1`.
    pub decl: Arc<RelationDecl>,
    /// Who fills it.
    pub kind: RelationKind,
    /// Whether any module may add rules and facts; without rules it has evidence all the same.
    pub open: bool,
}

/// Who fills a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// Extractors; in tests also facts.
    Input,
    /// Rules and facts.
    Derived,
}

/// A set of relations that depend on each other, or a single one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stratum {
    /// Its relations, by id.
    pub relations: Vec<RelId>,
    /// All rules whose head is one of them, by id.
    pub rules: Vec<RuleId>,
    /// Whether some rule reads a relation of the stratum.
    pub recursive: bool,
}

/// A row that a policy file or a test states.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The relation.
    pub relation: RelId,
    /// One value a column.
    pub row: Vec<Value>,
    /// Where it stands.
    pub place: Place,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The relation that it fills.
    pub head: RelId,
    /// One operand a column.
    pub args: Vec<Expr>,
    /// What must hold.
    pub body: Body,
    /// Variables by [`VarId`], those local to negations and aggregates too, each with an id of its own.
    pub variables: Vec<Variable>,
    /// The whole clause.
    pub place: Place,
}

impl Rule {
    /// The variable behind an id.
    pub fn variable(&self, id: VarId) -> &Variable {
        &self.variables[id.0 as usize]
    }
}

/// A variable of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// As the policy writes it; unique names are not promised.
    pub name: Arc<str>,
    /// Type of the values that it holds.
    pub ty: Type,
    /// Whether it was bound as `x?` and may be missing.
    pub optional: bool,
}
