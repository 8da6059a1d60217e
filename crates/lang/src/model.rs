//! The tables behind a [`crate::Compilation`]: modules, relations, entities, params, rules and facts by number.
//!
//! A resolved rule is an [`ir::Rule`] over the relation ids of these tables in which params and `today()` are still
//! variables, listed in [`Rule::constants`]; `lower` puts their values in their place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base::Place;
use facts::{RelationDecl, Type, Value};
use ir::{RelId, VarId};
use rustc_hash::{FxHashMap, FxHashSet};

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
    pub modules: Vec<Arc<Module>>,
    /// Module numbers by path.
    pub by_path: Arc<FxHashMap<Arc<str>, usize>>,
    /// Which module's relations begin with this last name.
    pub by_last: Arc<FxHashMap<Arc<str>, usize>>,
    /// Relations by [`RelId`], in the order of their modules and places.
    pub relations: Vec<Relation>,
    /// Relation ids by qualified name.
    pub relation_ids: Arc<FxHashMap<Arc<str>, RelId>>,
    /// Supertypes by qualified name of the entity.
    pub entities: FxHashMap<Arc<str>, Option<Arc<str>>>,
    /// Params.
    pub params: Vec<Param>,
    /// Rules in the order of their modules and places.
    pub rules: Vec<Arc<Rule>>,
    /// Facts in the order of their modules and places.
    pub facts: Vec<Arc<Fact>>,
    /// Rules of queries by number.
    pub queries: Vec<Arc<QueryRule>>,
    /// Numbers of the rules of each relation, once they are in order.
    pub rules_of: ByRelation,
    /// Numbers of the facts of each relation, once they are in order.
    pub facts_of: ByRelation,
    /// What each module's text was parsed to, by module.
    pub parses: Vec<Arc<syntax::Parse>>,
    /// Module numbers by file.
    pub by_file: Arc<FxHashMap<base::FileId, usize>>,
    /// Where entities are declared, by qualified name.
    pub entity_places: FxHashMap<Arc<str>, Place>,
    /// Names of controls' blocks by the control's id.
    pub blocks: FxHashMap<Arc<str>, Arc<crate::names::Block>>,
    /// How often the nearest names were looked for.
    pub guesses: Guesses,
    /// What is declared again, while a compilation takes over most of the one before.
    pub again: Option<Again>,
}

/// Numbers of rules or facts by relation.
#[derive(Debug, Default, Clone)]
pub(crate) struct ByRelation {
    /// Where the numbers of each relation begin, and one more.
    first: Vec<u32>,
    numbers: Vec<u32>,
}

impl ByRelation {
    /// For so many relations, from the relation of each number.
    pub fn new(relations: usize, heads: impl Iterator<Item = RelId> + Clone) -> Self {
        let mut first = vec![0_u32; relations + 1];
        heads.clone().for_each(|head| first[head.0 as usize + 1] += 1);
        (1..first.len()).for_each(|at| first[at] += first[at - 1]);
        let mut next = first.clone();
        let mut numbers = vec![0; first.last().map_or(0, |last| *last as usize)];
        for (number, head) in heads.enumerate() {
            let at = &mut next[head.0 as usize];
            numbers[*at as usize] = number as u32;
            *at += 1;
        }
        ByRelation { first, numbers }
    }

    /// The numbers of a relation, ascending.
    pub fn of(&self, relation: RelId) -> impl Iterator<Item = usize> + '_ {
        let at = |at: usize| self.first.get(at).map_or(self.numbers.len(), |at| *at as usize);
        let numbers = &self.numbers[at(relation.0 as usize)..at(relation.0 as usize + 1)];
        numbers.iter().map(|number| *number as usize)
    }
}

/// Modules are declared again on top of what was declared before: what has the same name keeps its number.
#[derive(Debug, Default, Clone)]
pub(crate) struct Again {
    /// Relations of these modules that were not declared again so far.
    pub relations: FxHashSet<RelId>,
    /// Params likewise.
    pub params: FxHashSet<usize>,
    /// The last declared relation and param: their order has to stay.
    last: (Option<RelId>, Option<usize>),
    /// What is declared is not what was declared before, or not in that order.
    pub reshaped: bool,
    /// Relations of violations and notes are others, or come in another order.
    pub rejudged: bool,
    last_judged: Option<RelId>,
}

impl Again {
    /// The number that a relation has already, if it is one of those that are declared again.
    fn relation(&mut self, known: Option<RelId>, role: Role) -> Option<RelId> {
        let id = known.filter(|id| self.relations.remove(id));
        let (last, other) = match role {
            Role::Judged => (&mut self.last_judged, &mut self.rejudged),
            Role::Plain | Role::Scope => (&mut self.last.0, &mut self.reshaped),
        };
        *other |= id.is_none() || *last > id;
        *last = id.or(*last);
        self.reshaped |= known.is_some() && id.is_none();
        id
    }
}

/// Guesses made in one compilation.
const GUESSES: u32 = 200;

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
        self.guesses.0.fetch_add(1, Ordering::Relaxed) < GUESSES
    }

    /// Whether so much was guessed that the next guess may not be made.
    pub fn has_guessed_much(&self) -> bool {
        self.guesses() >= GUESSES
    }

    /// How much was guessed.
    pub fn guesses(&self) -> u32 {
        self.guesses.0.load(Ordering::Relaxed)
    }

    /// Goes on as if so much had been guessed.
    pub fn set_guesses(&mut self, guesses: u32) {
        self.guesses = Guesses(AtomicU32::new(guesses));
    }

    /// Adds a relation; `None` if its qualified name is taken.
    pub fn add_relation(&mut self, relation: Relation) -> Option<RelId> {
        let known = self.relation_ids.get(&relation.decl.name).copied();
        if let Some(id) = self.again.as_mut().and_then(|again| again.relation(known, relation.role)) {
            self.relations[id.0 as usize] = relation;
            return Some(id);
        }
        if known.is_some() {
            return None;
        }
        let id = RelId(self.relations.len() as u32);
        Arc::make_mut(&mut self.relation_ids).insert(relation.decl.name.clone(), id);
        self.relations.push(relation);
        Some(id)
    }

    /// Adds a param; its number.
    pub fn add_param(&mut self, param: Param) -> usize {
        if let Some(again) = &mut self.again {
            let known = again.params.iter().copied().find(|number| self.params[*number].name == param.name);
            again.reshaped |= known.is_none() || again.last.1 > known;
            again.last.1 = known.or(again.last.1);
            if let Some(number) = known {
                again.params.remove(&number);
                self.params[number] = param;
                return number;
            }
        }
        self.params.push(param);
        self.params.len() - 1
    }

    /// A module, to say something of it.
    pub fn module_mut(&mut self, module: usize) -> &mut Module {
        Arc::make_mut(&mut self.modules[module])
    }

    /// Adds a rule.
    pub fn add_rule(&mut self, rule: Rule) {
        self.add_shared_rule(Arc::new(rule));
    }

    /// Adds a rule that others hold too.
    pub fn add_shared_rule(&mut self, rule: Arc<Rule>) {
        self.rules.push(rule);
    }

    /// Adds a fact.
    pub fn add_fact(&mut self, fact: Arc<Fact>) {
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
