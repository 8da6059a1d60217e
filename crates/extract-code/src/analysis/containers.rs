//! What is taken out of containers that are written out in the file: `MODELS[name]["model"]`, `clients.get(kind)`,
//! `query, parameters = build()`. Keys and places that are constants choose their entries, others may choose any.

use std::rc::Rc;

use super::names::{Meaning, NameId, Names};
use super::reach::Source;
use crate::tree::{Entry, ExprId, Kind, Operator, Shape, Sym};

/// How many containers, and entries of theirs, one expression is followed to.
const MOST: usize = 64;
/// How many entries are looked at for one subscript.
const MOST_LOOKED_AT: usize = 512;
/// How many definitions, calls and containers within containers are looked through.
const DEEPEST: usize = 8;

/// What may have been taken out of containers.
#[derive(Debug, Default)]
pub struct Picked {
    /// Values of entries.
    pub values: Vec<ExprId>,
    /// Whether it is surely one of these: the containers are known, and no call lies on the way to them.
    pub exact: bool,
}

/// Containers that an expression may be.
#[derive(Debug, Default)]
struct Containers {
    found: Vec<ExprId>,
    /// Whether there may be others.
    open: bool,
    /// Whether a call lies on the way.
    called: bool,
}

/// A constant key or place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Key<'a> {
    Text(&'a str),
    Number(f64),
}

impl<'a> Names<'a> {
    /// What a subscript, or a method that looks up a key, may take out of a container that is written out.
    pub fn picked(&mut self, expr: ExprId) -> Rc<Picked> {
        if let Some(known) = self.picks.get(&expr) {
            return Rc::clone(known);
        }
        let picked = Rc::new(self.pick(expr, 0));
        if !picked.values.is_empty() {
            self.picks.insert(expr, Rc::clone(&picked));
        }
        picked
    }

    /// What stands at a place of the tuple that an expression is: the value of `a, b = pair()`.
    pub fn part_at(&mut self, expr: ExprId, index: u32) -> Picked {
        self.choose(expr, Some(Key::Number(f64::from(index))), 0)
    }

    /// What stands under a name in the map that an expression is: the value of `{ name } = map`.
    pub fn member_of_map(&mut self, expr: ExprId, name: Sym) -> Picked {
        if !self.idioms.entries_are_attributes {
            return Picked::default();
        }
        let tree = self.tree;
        self.choose(expr, Some(Key::Text(tree.text(name))), 0)
    }

    fn pick(&mut self, expr: ExprId, depth: usize) -> Picked {
        let tree = self.tree;
        match tree.kind(expr) {
            Kind::Attribute { object, name } if self.idioms.entries_are_attributes => {
                self.choose(*object, Some(Key::Text(tree.text(*name))), depth)
            }
            Kind::Subscript { object, index: Some(index) } if !self.slices(*index) => {
                self.choose(*object, self.constant_key(*index), depth)
            }
            Kind::Call { callee, arguments } => {
                let (&Kind::Attribute { object, name }, Some(first)) = (tree.kind(*callee), arguments.first()) else {
                    return Picked::default();
                };
                if !self.idioms.lookups.contains(&tree.text(name)) || first.keyword.is_some() || first.spread {
                    return Picked::default();
                }
                let mut picked = self.choose(object, self.constant_key(first.value), depth);
                picked.exact = false;
                if !picked.values.is_empty() {
                    picked.values.extend(arguments.get(1).map(|default| default.value));
                }
                picked
            }
            _ => Picked::default(),
        }
    }

    fn choose(&mut self, object: ExprId, key: Option<Key<'a>>, depth: usize) -> Picked {
        let mut containers = Containers::default();
        self.containers(object, depth + 1, &mut containers);
        let mut picked = Picked { values: Vec::new(), exact: !containers.open && !containers.called };
        let mut looked_at = 0;
        for &container in &containers.found {
            let before = picked.values.len();
            for (at, value) in self.entries_of(container) {
                looked_at += 1;
                if picked.values.len() >= MOST || looked_at > MOST_LOOKED_AT {
                    picked.exact = false;
                    return picked;
                }
                match (key, at) {
                    (Some(key), Some(at)) if key != at => {}
                    (_, at) => {
                        picked.exact &= at.is_some();
                        picked.values.push(value);
                    }
                }
            }
            picked.exact &= picked.values.len() > before;
        }
        picked.exact &= !picked.values.is_empty();
        picked
    }

    /// The entries of a container, each with its key or place as far as it is constant.
    fn entries_of(&self, container: ExprId) -> Vec<(Option<Key<'a>>, ExprId)> {
        let tree = self.tree;
        match tree.kind(container) {
            Kind::Container { shape, entries } => {
                let mut place = Some(0.0);
                let key = |entry: &Entry, place: &mut Option<f64>| {
                    if entry.spread {
                        *place = None;
                    }
                    let at = match shape {
                        Shape::List | Shape::Tuple => place.map(Key::Number),
                        _ => entry.key.and_then(|key| self.constant_key(key)),
                    };
                    *place = place.map(|place| place + 1.0);
                    at
                };
                entries.iter().take(MOST_LOOKED_AT).map(|entry| (key(entry, &mut place), entry.value)).collect()
            }
            Kind::Call { arguments, .. } => {
                let key = |keyword: crate::tree::Sym| Key::Text(tree.text(keyword));
                arguments.iter().map(|argument| (argument.keyword.map(key), argument.value)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn constant_key(&self, expr: ExprId) -> Option<Key<'a>> {
        match self.tree.kind(expr) {
            Kind::Text(text) => Some(Key::Text(text)),
            Kind::Label(label) => Some(Key::Text(self.tree.text(*label))),
            Kind::Number(number) => Some(Key::Number(*number)),
            _ => match self.reaching.only(self.reaching.uses[expr.at()])?.source {
                Source::Value(value) => match self.tree.kind(value) {
                    Kind::Text(text) => Some(Key::Text(text)),
                    Kind::Number(number) => Some(Key::Number(*number)),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    /// Whether an index takes out several entries, or counts from the end.
    fn slices(&self, index: ExprId) -> bool {
        matches!(self.tree.kind(index), Kind::Other(_) | Kind::Operation { operator: Operator::Negate, .. })
    }

    fn containers(&mut self, expr: ExprId, depth: usize, out: &mut Containers) {
        if depth > DEEPEST || out.found.len() >= MOST {
            out.open = true;
            return;
        }
        let tree = self.tree;
        match tree.kind(expr) {
            Kind::Container { .. } => out.found.push(expr),
            Kind::Await(inner) | Kind::Bind { value: inner, .. } => self.containers(*inner, depth, out),
            Kind::Conditional { then, otherwise, .. } => {
                self.containers(*then, depth + 1, out);
                self.containers(*otherwise, depth + 1, out);
            }
            Kind::Choice(operands) => operands.iter().for_each(|&operand| self.containers(operand, depth + 1, out)),
            Kind::Subscript { .. } => self.within(expr, depth, out),
            Kind::Call { callee, .. } => self.containers_of_call(expr, *callee, depth, out),
            Kind::Name(_) => self.containers_behind(expr, depth, out),
            Kind::Attribute { object, name } => {
                if !self.reaching.definitions_of(self.reaching.uses[expr.at()]).is_empty() {
                    return self.containers_behind(expr, depth, out);
                }
                match self.field_value(*object, *name) {
                    Some(value) => self.containers(value, depth + 1, out),
                    None if self.idioms.entries_are_attributes => self.within(expr, depth, out),
                    None => out.open = true,
                }
            }
            _ => out.open = true,
        }
    }

    /// Containers within containers.
    fn within(&mut self, expr: ExprId, depth: usize, out: &mut Containers) {
        let known = self.picks.get(&expr).cloned();
        let picked = known.unwrap_or_else(|| Rc::new(self.pick(expr, depth + 1)));
        out.open |= !picked.exact;
        picked.values.iter().for_each(|&value| self.containers(value, depth + 1, out));
    }

    fn containers_of_call(&mut self, expr: ExprId, callee: ExprId, depth: usize, out: &mut Containers) {
        let names = self.of(callee);
        if names.iter().any(|&id| self.idioms.maps.contains(&&*self.get(id).text)) {
            return out.found.push(expr);
        }
        out.called = true;
        let before = out.found.len();
        for id in names {
            if let Meaning::Function(function) = self.get(id).meaning {
                let results: Vec<ExprId> = self.results.get(&function).into_iter().flatten().copied().take(8).collect();
                results.into_iter().for_each(|value| self.containers(value, depth + 1, out));
            }
        }
        if out.found.len() == before {
            self.within(expr, depth, out);
        }
    }

    /// Those that a variable may hold, as long as nothing was put into them.
    fn containers_behind(&mut self, expr: ExprId, depth: usize, out: &mut Containers) {
        let defs = self.reaching.definitions_of(self.reaching.uses[expr.at()]);
        out.open |= defs.is_empty();
        for def in defs {
            match self.reaching.defs[def.0 as usize].source {
                Source::Value(value) => self.containers(value, depth + 1, out),
                Source::Element(value) => {
                    let elements = self.elements(value, depth + 1);
                    out.open |= !elements.exact;
                    elements.values.into_iter().for_each(|value| self.containers(value, depth + 1, out));
                }
                _ => out.open = true,
            }
        }
    }

    /// What a loop over an expression's value goes through: entries, but of maps only by way of their values.
    fn elements(&mut self, expr: ExprId, depth: usize) -> Picked {
        let tree = self.tree;
        if depth > DEEPEST {
            return Picked::default();
        }
        if let Kind::Call { callee, arguments } = tree.kind(expr)
            && let (&Kind::Attribute { object, name }, []) = (tree.kind(*callee), arguments.as_slice())
            && tree.text(name) == self.idioms.map_values
        {
            return self.choose(object, None, depth);
        }
        let mut containers = Containers::default();
        self.containers(expr, depth + 1, &mut containers);
        let is_map = |&id: &ExprId| !matches!(tree.kind(id), Kind::Container { shape, .. } if *shape != Shape::Map);
        if containers.found.iter().any(is_map) { Picked::default() } else { self.choose(expr, None, depth) }
    }

    /// The names of what is taken out of a container that is written out.
    pub(super) fn of_picked(&mut self, values: &[ExprId]) -> Vec<NameId> {
        let mut found = Vec::new();
        for &value in values {
            found.extend(self.of(value).into_iter().filter(|&id| self.get(id).known));
            if found.len() >= MOST {
                break;
            }
        }
        found
    }

    /// The names of the entries of the containers that an expression may be.
    pub(super) fn of_element(&mut self, expr: ExprId) -> Vec<NameId> {
        let values = self.elements(expr, 0).values;
        self.of_picked(&values)
    }
}
