//! The tables behind a [`crate::Compilation`]: modules, relations, entities, params, rules and facts by number.
//!
//! A resolved rule is an [`ir::Rule`] over the relation ids of these tables in which params and `today()` are still
//! variables, listed in [`Rule::constants`]; `lower` puts their values in their place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base::Place;
use facts::{RelationDecl, Type, Value};
use ir::{RelId, VarId};
use rustc_hash::FxHashMap;

use crate::{ModuleSource, RelationOrigin};

/// What a name stands for: a thing, or a declaration whose error is told already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry<T> {
    /// Declared.
    Known(T),
    /// Declared by a piece that is broken: using it is no further error.
    Broken,
}

/// Everything that names can lead to.
#[derive(Debug, Default, Clone)]
pub(crate) struct Resolved {
    /// Modules by path.
    pub modules: Vec<Module>,
    /// Module numbers by path.
    pub by_path: FxHashMap<Arc<str>, usize>,
    /// Which module's relations begin with this last name.
    pub by_last: FxHashMap<Arc<str>, usize>,
    /// Relations by [`RelId`], in the order of their modules and places.
    pub relations: Vec<Relation>,
    /// Relation ids by qualified name.
    pub relation_ids: FxHashMap<Arc<str>, RelId>,
    /// Supertypes by qualified name of the entity.
    pub entities: FxHashMap<Arc<str>, Option<Arc<str>>>,
    /// Params.
    pub params: Vec<Param>,
    /// Rules in the order of their modules and places.
    pub rules: Vec<Arc<Rule>>,
    /// Facts in the order of their modules and places.
    pub facts: Vec<Fact>,
    /// Rules of queries by number.
    pub queries: Vec<QueryRule>,
    /// Numbers of the rules of each relation.
    pub rules_of: Vec<Vec<usize>>,
    /// Numbers of the facts of each relation.
    pub facts_of: Vec<Vec<usize>>,
    /// What each module's text was parsed to, by module.
    pub parses: Vec<Arc<syntax::Parse>>,
    /// Module numbers by file.
    pub by_file: FxHashMap<base::FileId, usize>,
    /// Where entities are declared, by qualified name.
    pub entity_places: FxHashMap<Arc<str>, Place>,
    /// Names of controls' blocks by the control's id.
    pub blocks: FxHashMap<Arc<str>, crate::names::Block>,
    /// How often the nearest names were looked for.
    pub guesses: Guesses,
}

/// A count that asking raises.
#[derive(Debug, Default)]
pub(crate) struct Guesses(AtomicU32);

impl Clone for Guesses {
    fn clone(&self) -> Self {
        Guesses(AtomicU32::new(self.0.load(Ordering::Relaxed)))
    }
}

/// A module and what its names stand for.
#[derive(Debug, Clone)]
pub(crate) struct Module {
    /// File, path, folder.
    pub source: ModuleSource,
    /// Its text.
    pub text: Arc<str>,
    /// What its relations' and entities' qualified names begin with.
    pub qualifier: Arc<str>,
    /// Modules made reachable by `use`, by alias.
    pub reachable: FxHashMap<Arc<str>, Entry<usize>>,
    /// Its relations.
    pub relations: FxHashMap<Arc<str>, Entry<RelId>>,
    /// Its entities: qualified names.
    pub entities: FxHashMap<Arc<str>, Entry<Arc<str>>>,
    /// Its params.
    pub params: FxHashMap<Arc<str>, Entry<usize>>,
}

/// What a relation of a control's block is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Public, or private to a control.
    Plain,
    /// The population of a control.
    Scope,
    /// A violation or note rule.
    Judged,
}

/// A relation.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// Qualified name and columns.
    pub decl: Arc<RelationDecl>,
    /// Who fills it.
    pub origin: RelationOrigin,
    /// Number of its module.
    pub module: usize,
    /// Where its name stands.
    pub place: Place,
    /// Whether it stands inside a control.
    pub private: bool,
    /// What it is for.
    pub role: Role,
}

/// A param.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    /// Module path and name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Its value where nothing overrides it.
    pub default: Value,
}

/// What a run decides: it stands for a variable of a resolved rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Constant {
    /// The value of a param.
    Param(usize),
    /// `today()`
    Today,
}

/// A relation that a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Read {
    /// Which.
    pub relation: RelId,
    /// Whether under `not` or in an aggregate.
    pub negative: bool,
}

/// A rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// The rule over the ids of [`Resolved`].
    pub rule: ir::Rule,
    /// Variables that stand for params and `today()`.
    pub constants: Vec<(VarId, Constant)>,
    /// What fills the elements of lists and the right sides of `else` that are still `none`, with the type wanted there: in
    /// the order of the body, then of the head.
    pub blanks: Vec<(Constant, Type)>,
    /// What it reads, sorted.
    pub reads: Vec<Read>,
}

impl Rule {
    /// Whether it says `today()` itself.
    pub fn says_today(&self) -> bool {
        let mut constants =
            self.constants.iter().map(|(_, constant)| constant).chain(self.blanks.iter().map(|(constant, _)| constant));
        constants.any(|constant| *constant == Constant::Today)
    }
}

/// A fact of a policy file.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// The relation.
    pub relation: RelId,
    /// One value a column.
    pub row: Vec<Value>,
    /// Where.
    pub place: Place,
}

/// The rule behind a [`crate::Query`]; its head is a relation beyond those of [`Resolved`].
#[derive(Debug, Clone)]
pub(crate) struct QueryRule {
    /// Columns of the answers.
    pub decl: Arc<RelationDecl>,
    /// The rule; its head means nothing.
    pub rule: Rule,
}

impl Resolved {
    /// The relation behind an id.
    pub fn relation(&self, id: RelId) -> &Relation {
        &self.relations[id.0 as usize]
    }

    /// Whether to look for the nearest names of one more that leads nowhere. After some hundred errors nobody reads
    /// on, and a file with as many errors as rules would cost their product.
    pub fn may_guess(&self) -> bool {
        self.guesses.0.fetch_add(1, Ordering::Relaxed) < 200
    }

    /// Adds a relation; `None` if its qualified name is taken.
    pub fn add_relation(&mut self, relation: Relation) -> Option<RelId> {
        let id = RelId(self.relations.len() as u32);
        if self.relation_ids.contains_key(&relation.decl.name) {
            return None;
        }
        self.relation_ids.insert(relation.decl.name.clone(), id);
        self.relations.push(relation);
        self.rules_of.push(Vec::new());
        self.facts_of.push(Vec::new());
        Some(id)
    }

    /// Adds a rule.
    pub fn add_rule(&mut self, rule: Rule) {
        self.add_shared_rule(Arc::new(rule));
    }

    /// Adds a rule that others hold too.
    pub fn add_shared_rule(&mut self, rule: Arc<Rule>) {
        self.rules_of[rule.rule.head.0 as usize].push(self.rules.len());
        self.rules.push(rule);
    }

    /// Adds a fact.
    pub fn add_fact(&mut self, fact: Fact) {
        self.facts_of[fact.relation.0 as usize].push(self.facts.len());
        self.facts.push(fact);
    }

    /// Whether the entity type `sub` is `sup` or one below it.
    pub fn is_subtype(&self, sub: &str, sup: &str) -> bool {
        let mut at = sub;
        loop {
            if at == sup {
                return true;
            }
            match self.entities.get(at) {
                Some(Some(parent)) => at = parent,
                _ => return false,
            }
        }
    }

    /// Whether a value of type `from` may go where `to` is wanted: the same type, a subtype, or an entity as text.
    pub fn flows(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (Type::Entity(from), Type::Entity(to)) => self.is_subtype(from, to),
            (Type::Entity(_), Type::String) => true,
            _ => from == to,
        }
    }
}
