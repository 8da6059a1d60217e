//! What expressions are called once imports, construction, fields and annotations are followed.
//!
//! A value has no more than a few names: `client` is `openai.OpenAI` after `client = OpenAI()`, and a call of
//! `client.chat.completions.create` is one of `openai.OpenAI.chat.completions.create`. A name is *known* if it
//! begins at an import or at something that this file defines; others stand as written. An *instance* is what
//! came of a call or has a type; what is none is the function, class or module itself.

use std::rc::Rc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::containers::Picked;
use super::environment::ValueId;
use super::many::given;
use super::reach::{Def, Reaching, Source};
use crate::idioms::Idioms;
use crate::tree::{Argument, ClassId, ExprId, FunctionId, Kind, Operator, Shape, Sym, Tree};

/// More names than this are not kept for one value.
const MOST: usize = 8;
/// Names longer than this grow no further.
const LONGEST: usize = 240;
/// How many definitions, fields and factories are followed one into the other.
const DEEPEST: usize = 48;

/// Number of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(u32);

/// What in this file a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    Nothing,
    Function(FunctionId),
    Class(ClassId),
}

/// A dotted name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dotted {
    pub text: Box<str>,
    pub known: bool,
    pub instance: bool,
    pub meaning: Meaning,
}

/// Resolves names; results are kept.
pub struct Names<'a> {
    pub(super) tree: &'a Tree,
    pub(super) reaching: &'a Reaching,
    pub(super) idioms: &'a Idioms,
    /// The module's name from the root.
    pub(super) module: &'a str,
    dotted: Vec<Dotted>,
    places: HashMap<Dotted, NameId, FxBuildHasher>,
    memo: Vec<Option<Box<[NameId]>>>,
    busy: Vec<bool>,
    pub(super) results: HashMap<FunctionId, Vec<ExprId>, FxBuildHasher>,
    /// Values stored in attributes of a class's own objects.
    pub(super) stored: HashMap<(ClassId, Sym), Vec<ExprId>, FxBuildHasher>,
    /// By attribute: objects and what was stored in theirs.
    pub(super) attached: HashMap<Sym, Vec<(ExprId, ExprId)>, FxBuildHasher>,
    /// Parameters of lambdas, and the objects of which they are given a part.
    given: HashMap<(FunctionId, u32), ExprId, FxBuildHasher>,
    /// What was taken out of containers.
    pub(super) picks: HashMap<ExprId, Rc<Picked>, FxBuildHasher>,
    /// Where names come from that the file does not bind.
    stars: Vec<Box<str>>,
    depth: usize,
}

impl<'a> Names<'a> {
    /// For one file.
    pub fn new(tree: &'a Tree, reaching: &'a Reaching, idioms: &'a Idioms, module: &'a str) -> Self {
        let mut results: HashMap<FunctionId, Vec<ExprId>, FxBuildHasher> = HashMap::default();
        for &(function, value) in &reaching.results {
            results.entry(function).or_default().push(value);
        }
        let mut names = Names {
            tree,
            reaching,
            idioms,
            module,
            dotted: Vec::new(),
            places: HashMap::default(),
            memo: vec![None; tree.exprs.len()],
            busy: vec![false; tree.exprs.len()],
            results,
            stored: HashMap::default(),
            attached: HashMap::default(),
            given: given(tree, idioms),
            picks: HashMap::default(),
            stars: tree
                .imports
                .iter()
                .filter(|import| import.star)
                .map(|import| import.means.clone())
                .take(MOST - 1)
                .chain(tree.package.as_ref().map(|package| package.name.clone()))
                .collect(),
            depth: 0,
        };
        for store in reaching.stores.iter().filter(|store| !store.part) {
            if let Kind::Attribute { object, name } = *tree.kind(store.place) {
                match names.own_class(object) {
                    Some(class) => names.stored.entry((class, name)).or_default().push(store.value),
                    None => names.attach(object, name, store.value),
                }
            }
        }
        names
    }

    /// The name behind a number.
    pub fn get(&self, id: NameId) -> &Dotted {
        &self.dotted[id.0 as usize]
    }

    /// The class whose own object the expression is (`self`, `cls`).
    pub fn own_class(&self, expr: ExprId) -> Option<ClassId> {
        let value = self.reaching.uses[expr.at()];
        match self.reaching.only(value)?.source {
            Source::Receiver(class) => Some(class),
            _ => None,
        }
    }

    /// The names of an expression's value, at least one.
    pub fn of(&mut self, expr: ExprId) -> Vec<NameId> {
        if let Some(known) = &self.memo[expr.at()] {
            return known.to_vec();
        }
        if self.busy[expr.at()] || self.depth >= DEEPEST {
            return Vec::new();
        }
        self.busy[expr.at()] = true;
        self.depth += 1;
        let mut found = self.resolve(expr);
        self.depth -= 1;
        self.busy[expr.at()] = false;
        self.settle(&mut found);
        if found.is_empty() {
            let written = self.written(expr);
            found.push(self.enter(written, false, false, Meaning::Nothing));
        }
        // Kept even if it hangs on one that is being worked out: that bounds the work.
        self.memo[expr.at()] = Some(found.as_slice().into());
        found
    }

    /// Known names before others, each once, not too many.
    fn settle(&self, found: &mut Vec<NameId>) {
        if found.iter().any(|&id| self.get(id).known) {
            found.retain(|&id| self.get(id).known);
        }
        let mut seen = Vec::new();
        found.retain(|&id| {
            let fresh = !seen.contains(&id);
            seen.push(id);
            fresh
        });
        found.truncate(MOST);
    }

    pub(super) fn enter(&mut self, text: impl Into<Box<str>>, known: bool, instance: bool, meaning: Meaning) -> NameId {
        let dotted = Dotted { text: text.into(), known, instance, meaning };
        if let Some(&id) = self.places.get(&dotted) {
            return id;
        }
        let id = NameId(self.dotted.len() as u32);
        self.dotted.push(dotted.clone());
        self.places.insert(dotted, id);
        id
    }

    fn resolve(&mut self, expr: ExprId) -> Vec<NameId> {
        let tree = self.tree;
        match tree.kind(expr) {
            Kind::Name(name) => self.of_name(expr, *name),
            Kind::Attribute { object, name } => self.of_attribute(expr, *object, *name),
            Kind::Call { callee, arguments } => self.of_call(expr, *callee, arguments),
            Kind::Subscript { object, .. } => self.of_subscript(expr, *object),
            Kind::Conditional { then, otherwise, .. } => self.of_any(&[*then, *otherwise]),
            Kind::Choice(operands) => self.of_any(operands),
            Kind::Await(inner) | Kind::Bind { value: inner, .. } => self.of(*inner),
            Kind::Function(function) => vec![self.function_name(*function)],
            Kind::Text(_) | Kind::Format(_) => self.literal(self.idioms.text),
            Kind::Container { shape, .. } | Kind::Comprehension { shape, .. } => match shape {
                Shape::List => self.literal(self.idioms.containers[0]),
                Shape::Tuple => self.literal(self.idioms.containers[1]),
                Shape::Set => self.literal(self.idioms.containers[2]),
                Shape::Map => self.literal(self.idioms.containers[3]),
                Shape::Generator => Vec::new(),
            },
            Kind::Concatenation(operands) => match tree.kind(operands[0]) {
                Kind::Text(_) | Kind::Format(_) => self.literal(self.idioms.text),
                _ => Vec::new(),
            },
            Kind::Operation { operator: Operator::Percent, operands } => match tree.kind(operands[0]) {
                Kind::Text(_) | Kind::Format(_) => self.literal(self.idioms.text),
                _ => Vec::new(),
            },
            // `path / "name"` is a path; `prompt | model` answers to what either does.
            Kind::Operation { operator: Operator::Divide, operands } => self.of_operands(&operands[..1]),
            Kind::Operation { operator: Operator::Union, operands } => self.of_operands(operands),
            _ => Vec::new(),
        }
    }

    fn of_operands(&mut self, operands: &[ExprId]) -> Vec<NameId> {
        let found = self.of_any(operands);
        found.into_iter().filter(|&id| self.get(id).known && self.get(id).instance).collect()
    }

    fn literal(&mut self, name: &str) -> Vec<NameId> {
        vec![self.enter(name, false, true, Meaning::Nothing)]
    }

    fn of_any(&mut self, exprs: &[ExprId]) -> Vec<NameId> {
        let present = exprs.iter().filter(|&&expr| !matches!(self.tree.kind(expr), Kind::Nothing));
        present.flat_map(|&expr| self.of(expr)).collect()
    }

    fn of_name(&mut self, expr: ExprId, name: Sym) -> Vec<NameId> {
        let value = self.reaching.uses[expr.at()];
        if value != ValueId::NONE {
            return self.of_value(value);
        }
        let text = self.tree.text(name);
        if self.stars.is_empty() || self.idioms.builtins.binary_search(&text).is_ok() {
            return Vec::new();
        }
        let stars = self.stars.clone();
        stars.iter().map(|star| self.enter(join(star, text), true, false, Meaning::Nothing)).collect()
    }

    /// The names of what a variable may hold.
    fn of_value(&mut self, value: ValueId) -> Vec<NameId> {
        let mut found = Vec::new();
        for id in self.reaching.definitions_of(value) {
            let def = self.reaching.defs[id.0 as usize];
            found.extend(self.of_definition(&def));
        }
        found
    }

    pub(super) fn of_definition(&mut self, def: &Def) -> Vec<NameId> {
        let mut found = match def.source {
            Source::Import(number) => {
                let means = self.tree.imports[number as usize].means.clone();
                vec![self.enter(means, true, false, Meaning::Nothing)]
            }
            Source::Function(id) => vec![self.function_name(id)],
            Source::Class(id) => vec![self.class_name(id, false)],
            Source::Receiver(id) => vec![self.class_name(id, true)],
            Source::Value(value) if matches!(self.tree.kind(value), Kind::Nothing) => Vec::new(),
            Source::Value(value) | Source::Context(value) => self.of(value),
            Source::Element(value) => {
                let found = self.of_element(value);
                if found.is_empty() { self.parts_of_many(value) } else { found }
            }
            Source::Item(value, index) => {
                let values = self.part_at(value, index).values;
                let found = self.of_picked(&values);
                let first = found.is_empty() && index == 0 && self.idioms.first_result;
                if first { self.of(value) } else { found }
            }
            Source::Member(value, name) => self.of_member(value, name),
            Source::Parameter(function, index) => {
                let found = self.of_default(function, index);
                match self.given.get(&(function, index)) {
                    Some(&object) if found.is_empty() => self.parts_of_many(object),
                    _ => found,
                }
            }
            Source::Put => def.expr.map(|expr| self.of(expr)).unwrap_or_default(),
            Source::Error(ty) => ty.map(|ty| self.instances(ty)).unwrap_or_default(),
            Source::Declared => Vec::new(),
        };
        if let Some(annotation) = def.annotation {
            let instances = self.instances(annotation);
            // A type of this file or of an import says more than `str` or `Any`.
            found.extend(instances.into_iter().filter(|&id| self.get(id).known));
        }
        found
    }

    /// What a parameter's default says of it, where it is no call: `client=shared_client`.
    fn of_default(&mut self, function: FunctionId, index: u32) -> Vec<NameId> {
        let parameter = &self.tree.function(function).parameters[index as usize];
        match parameter.default {
            Some(default) if matches!(self.tree.kind(default), Kind::Name(_) | Kind::Attribute { .. }) => {
                self.of(default)
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn function_name(&mut self, id: FunctionId) -> NameId {
        let text = join(self.module, &self.tree.function(id).qualified);
        self.enter(text, true, false, Meaning::Function(id))
    }

    pub(super) fn class_name(&mut self, id: ClassId, instance: bool) -> NameId {
        let text = join(self.module, &self.tree.class(id).qualified);
        self.enter(text, true, instance, Meaning::Class(id))
    }

    fn of_attribute(&mut self, expr: ExprId, object: ExprId, name: Sym) -> Vec<NameId> {
        let stored = self.reaching.uses[expr.at()];
        if stored != ValueId::NONE {
            let found = self.of_value(stored);
            if found.iter().any(|&id| self.get(id).known) {
                return found;
            }
        }
        if self.idioms.entries_are_attributes {
            let picked = self.picked(expr);
            let found = self.of_picked(&picked.values);
            if !found.is_empty() {
                return found;
            }
        }
        let objects = match self.base_objects(object) {
            Some(bases) => bases,
            None => self.of(object),
        };
        objects.into_iter().flat_map(|id| self.attribute_of(id, name)).collect()
    }

    /// What `{ name } = value` gives.
    fn of_member(&mut self, value: ExprId, name: Sym) -> Vec<NameId> {
        let picked = self.member_of_map(value, name);
        let found = self.of_picked(&picked.values);
        if !found.is_empty() {
            return found;
        }
        self.of(value).into_iter().flat_map(|id| self.attribute_of(id, name)).collect()
    }

    fn attribute_of(&mut self, id: NameId, name: Sym) -> Vec<NameId> {
        let attached = self.attached_to(id, name);
        if attached.is_empty() { self.member(id, name) } else { attached }
    }

    /// What `super()` or `super` stands for: the first base class.
    fn base_objects(&mut self, expr: ExprId) -> Option<Vec<NameId>> {
        let named = match self.tree.kind(expr) {
            Kind::Call { callee, .. } => *callee,
            Kind::Name(_) => expr,
            _ => return None,
        };
        match self.tree.kind(named) {
            Kind::Name(name) if self.tree.text(*name) == self.idioms.base_object => {}
            _ => return None,
        }
        let mut function = Some(self.tree.expr(expr).function);
        while let Some(id) = function {
            let at = self.tree.function(id);
            if let Some(class) = at.class {
                let base = *self.tree.class(class).bases.first()?;
                return Some(self.instances(base));
            }
            function = at.parent;
        }
        None
    }

    fn of_call(&mut self, expr: ExprId, callee: ExprId, arguments: &[Argument]) -> Vec<NameId> {
        if let &Kind::Attribute { object, name } = self.tree.kind(callee)
            && self.idioms.binding.contains(&self.tree.text(name))
        {
            return self.of(object);
        }
        let picked = self.picked(expr);
        let mut found = self.of_picked(&picked.values);
        if found.is_empty() {
            found = self.of_taking(callee);
        }
        if !found.is_empty() {
            return found;
        }
        for id in self.of(callee) {
            let Dotted { text, known, meaning, .. } = self.get(id).clone();
            let first = arguments.first().map(|argument| argument.value);
            match (meaning, first) {
                (Meaning::Function(function), _) => found.extend(self.result(function, id)),
                (_, Some(first)) if self.idioms.partial.contains(&&*text) => found.extend(self.of(first)),
                _ if self.idioms.fields.contains(&&*text) => found.extend(self.of_field(arguments)),
                (_, Some(first)) if self.idioms.casts.contains(&&*text) => found.extend(self.instances(first)),
                (meaning, _) => found.push(self.enter(text, known, true, meaning)),
            }
        }
        found
    }

    /// The names of what a function of this file returns: a factory's are those of what it makes.
    pub(super) fn result(&mut self, function: FunctionId, own: NameId) -> Vec<NameId> {
        let values: Vec<ExprId> =
            self.results.get(&function).map(|v| v.iter().copied().take(8).collect()).unwrap_or_default();
        let mut found = if self.idioms.first_result { self.of_firsts(&values) } else { self.of_any(&values) };
        found.retain(|&id| self.get(id).known);
        if found.is_empty()
            && let Some(ty) = self.tree.function(function).result
        {
            found = self.instances(ty);
            found.retain(|&id| self.get(id).known);
        }
        if found.is_empty() {
            let text = self.get(own).text.clone();
            found.push(self.enter(text, true, true, Meaning::Nothing));
        }
        found
    }

    /// The names of results, of which each may be several with the first to go by.
    fn of_firsts(&mut self, values: &[ExprId]) -> Vec<NameId> {
        let tree = self.tree;
        let first = |&value: &ExprId| match tree.kind(value) {
            Kind::Container { shape: Shape::Tuple, entries } => entries.first().map_or(value, |entry| entry.value),
            _ => value,
        };
        let values: Vec<ExprId> = values.iter().map(first).collect();
        self.of_any(&values)
    }

    fn of_subscript(&mut self, expr: ExprId, object: ExprId) -> Vec<NameId> {
        let picked = self.picked(expr);
        let found = self.of_picked(&picked.values);
        if !found.is_empty() {
            return found;
        }
        let mut found = Vec::new();
        for id in self.of(object) {
            let Dotted { text, known, instance, meaning } = self.get(id).clone();
            if let Some(part) = self.part_of_many(id) {
                found.push(part);
                continue;
            }
            let last = text.rsplit('.').next().unwrap_or_default();
            // `Chain[State]` is the class still; `x[0]` is a part of `x`.
            if !instance && last.starts_with(char::is_uppercase) {
                found.push(id);
            } else if text.len() < LONGEST && meaning == Meaning::Nothing {
                found.push(self.enter(format!("{text}[]"), known, true, Meaning::Nothing));
            }
        }
        found
    }

    /// The expression as it stands in the source, without arguments.
    pub fn written(&self, expr: ExprId) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let mut at = expr;
        loop {
            match self.tree.kind(at) {
                Kind::Name(name) | Kind::Parameter(name) => {
                    parts.push(self.tree.text(*name));
                    break;
                }
                Kind::Attribute { object, name } => {
                    parts.push(self.tree.text(*name));
                    at = *object;
                }
                Kind::Call { callee, .. } => at = *callee,
                Kind::Subscript { object, .. } => at = *object,
                Kind::Await(inner) => at = *inner,
                _ => {
                    parts.push("<expression>");
                    break;
                }
            }
        }
        parts.reverse();
        parts.join(".")
    }

    /// The name with one more part, unless it is too long to grow.
    pub(super) fn grow(&mut self, id: NameId, part: Sym) -> NameId {
        let Dotted { text, known, instance, .. } = self.get(id).clone();
        let part = self.tree.text(part);
        let text = if text.len() >= LONGEST { text } else { join(&text, part).into() };
        self.enter(text, known, instance, Meaning::Nothing)
    }
}

/// Two names with a dot between, unless the first is empty.
pub(super) fn join(first: &str, rest: &str) -> String {
    if first.is_empty() { rest.to_owned() } else { format!("{first}.{rest}") }
}
