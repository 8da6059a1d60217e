//! Where values go: from parts to wholes, from definitions to uses, into objects.

use base::Span;
use facts::{Code, RowPlace};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Writer;
use crate::analysis::ValueId;
use crate::analysis::attached::{self, Path};
use crate::analysis::reach::Value;
use crate::tree::{Argument, ExprId, FunctionId, Kind, Operator};

/// How many stores in one attribute, or entries of a table, are followed to each read.
const MOST_STORES: usize = 16;

impl Writer<'_, '_, '_> {
    pub(super) fn flow(&mut self) {
        let Some(relation) = self.relation("code.flow") else { return };
        self.hubs(relation);
        for number in 0..self.tree.exprs.len() as u32 {
            let id = ExprId(number);
            if self.roles[id.at()].ty {
                continue;
            }
            let value = self.reaching.uses[id.at()];
            if value != ValueId::NONE && !self.roles[id.at()].callee {
                self.uses(relation, value, id);
            }
            if let Some(&contents) = self.reaching.contents.get(&id) {
                self.uses(relation, contents, id);
            }
            for from in self.parts_that_flow(id) {
                self.step(relation, from, id);
            }
        }
        self.attached(relation);
        for number in 0..self.reaching.stores.len() {
            let store = self.reaching.stores[number];
            if matches!(self.tree.kind(store.place), Kind::Subscript { .. }) {
                continue;
            }
            let part = match (store.index, store.member) {
                (Some(index), _) => Some(self.names.part_at(store.value, index)),
                (None, Some(member)) => Some(self.names.member_of_map(store.value, member)),
                (None, None) => None,
            };
            match part.filter(|part| part.exact) {
                Some(part) => part.values.iter().for_each(|&value| self.step(relation, value, store.place)),
                None => self.step(relation, store.value, store.place),
            }
        }
        for number in 0..self.reaching.puts.len() {
            let (value, object) = self.reaching.puts[number];
            self.step(relation, value, object);
        }
        self.results_of_runners(relation);
        self.passed_on(relation);
        for function in &self.tree.functions {
            for parameter in &function.parameters {
                if let Some(default) = parameter.default {
                    self.step(relation, default, parameter.value);
                }
            }
        }
    }

    /// What a call gives back that runs a function handed to it.
    fn results_of_runners(&mut self, relation: usize) {
        for number in 0..self.handed.len() {
            let (value, runner) = (self.handed[number].value, self.handed[number].runner);
            match *self.tree.kind(value) {
                Kind::Function(lambda) => {
                    let results = self.names.results_of(lambda);
                    results.into_iter().for_each(|result| self.step(relation, result, runner));
                }
                _ => self.step(relation, value, runner),
            }
        }
    }

    /// From an object to the argument of the function that its method hands it to: `reply.then(text => …)`.
    fn passed_on(&mut self, relation: usize) {
        let tree = self.tree;
        let idioms = self.file.idioms;
        for number in 0..tree.exprs.len() as u32 {
            let Kind::Call { callee, arguments } = tree.kind(ExprId(number)) else { continue };
            let (&Kind::Attribute { object, name }, Some(first)) = (tree.kind(*callee), arguments.first()) else {
                continue;
            };
            let Kind::Function(function) = *tree.kind(first.value) else { continue };
            let method = tree.text(name);
            let Some(&(_, index)) = idioms.passing.iter().find(|&&(known, _)| known == method) else { continue };
            if let Some(parameter) = tree.function(function).parameters.get(index) {
                self.step(relation, object, parameter.value);
            }
        }
    }

    /// From what one function stores in an attribute of the module's objects to where another reads it.
    fn attached(&mut self, relation: usize) {
        let tree = self.tree;
        let variables = attached::variables(tree);
        let mut stored: HashMap<Path, Vec<ExprId>, FxBuildHasher> = HashMap::default();
        for store in &self.reaching.stores {
            if let Some(path) = attached::path(tree, &variables, store.place) {
                stored.entry(path).or_default().push(store.place);
            }
        }
        if stored.is_empty() {
            return;
        }
        for number in 0..tree.exprs.len() as u32 {
            let id = ExprId(number);
            let role = self.roles[id.at()];
            if role.ty || role.stored || role.callee || self.reaching.uses[id.at()] != ValueId::NONE {
                continue;
            }
            let Some(places) = attached::path(tree, &variables, id).and_then(|path| stored.get(&path)) else {
                continue;
            };
            for &place in places.iter().take(MOST_STORES) {
                self.step(relation, place, id);
            }
        }
    }

    fn step(&mut self, relation: usize, from: ExprId, to: ExprId) {
        if from != to {
            let row = [self.expr(from), self.expr(to)];
            let place = self.place(to);
            self.row(relation, &row, place);
        }
    }

    fn uses(&mut self, relation: usize, value: ValueId, to: ExprId) {
        for source in self.reaching.behind(value) {
            if let Some(from) = self.source(source)
                && from != self.expr(to)
            {
                let row = [from, self.expr(to)];
                let place = self.place(to);
                self.row(relation, &row, place);
            }
        }
    }

    /// The expression that a definition or hub is.
    fn source(&mut self, value: ValueId) -> Option<Code> {
        match self.reaching.values[value.0 as usize] {
            Value::Def(def) => {
                let expr = self.reaching.defs[def.0 as usize].expr?;
                Some(self.expr(expr))
            }
            _ => self.hubs.get(&value).copied(),
        }
    }

    /// Expressions for places where more definitions meet than one by one would be good for.
    fn hubs(&mut self, relation: usize) {
        let hubs: Vec<ValueId> = self.reaching.hubs().collect();
        let mut ordinals: HashMap<(FunctionId, String), u32, FxBuildHasher> = Default::default();
        let mut places: Vec<(ValueId, Code, RowPlace)> = Vec::new();
        for hub in hubs {
            let Some((function, name, span)) = self.describe(hub) else { continue };
            let ordinal = ordinals.entry((function, name.clone())).or_insert(0);
            let key = self.keys.hub(function, &name, *ordinal);
            *ordinal += 1;
            let key = self.text(&key);
            let place = self.file.positions.place(Span::new(span.start as usize, span.start as usize));
            if let Some(expression) = self.relation("code.expression") {
                let row = [key, self.function(function), self.text("name"), self.text(&name)];
                self.out.sink.labelled_row(expression, &row, place, &name);
            }
            self.hubs.insert(hub, key);
            places.push((hub, key, place));
        }
        for (hub, key, place) in places {
            for source in self.reaching.meeting(hub) {
                if let Some(from) = self.source(source) {
                    self.row(relation, &[from, key], place);
                }
            }
        }
    }

    /// Function, variable and place of a hub.
    fn describe(&self, hub: ValueId) -> Option<(FunctionId, String, Span)> {
        let first = |slot: crate::tree::Slot| {
            let defs = self.reaching.definitions.get(slot.at())?;
            defs.iter().find_map(|def| self.reaching.defs[def.0 as usize].expr)
        };
        let (slot, place) = match &self.reaching.values[hub.0 as usize] {
            Value::Choice { slot, span, function, .. } => (*slot, Some((*function, *span))),
            Value::Any(slot) => (*slot, None),
            Value::None | Value::Def(_) => return None,
        };
        let name = match self.tree.variables.get(slot.at()) {
            Some(variable) => self.tree.text(variable.name).to_owned(),
            None => first(slot).map(|expr| self.names.written(expr)).unwrap_or_default(),
        };
        let (function, span) = match place {
            Some(place) => place,
            None => {
                let expr = self.tree.expr(first(slot)?);
                (expr.function, expr.span)
            }
        };
        Some((function, name, span))
    }

    /// The parts whose value goes into that of the whole.
    fn parts_that_flow(&mut self, id: ExprId) -> Vec<ExprId> {
        let tree = self.tree;
        let role = self.roles[id.at()];
        match tree.kind(id) {
            Kind::Attribute { .. } | Kind::Subscript { .. } if role.stored => Vec::new(),
            Kind::Attribute { object, name } => {
                let mut parts = Vec::new();
                if !role.callee {
                    if self.file.idioms.entries_are_attributes
                        && let Some(entries) = self.taken_out(id)
                    {
                        return entries;
                    }
                    parts.extend(self.names.class_values(*object, *name));
                    if !self.is_plain_object(*object) {
                        parts.push(*object);
                    }
                }
                parts
            }
            Kind::Subscript { object, .. } => self.taken_out(id).unwrap_or_else(|| vec![*object]),
            Kind::Call { callee, arguments } => {
                let mut parts = self.defaults(*callee, arguments);
                if self.is_format_function(*callee) {
                    parts.extend(arguments.iter().map(|argument| argument.value));
                }
                let Kind::Attribute { object, name } = tree.kind(*callee) else { return parts };
                let method = tree.text(*name);
                if !self.is_plain_object(*object) {
                    parts.push(*object);
                }
                let idioms = self.file.idioms;
                let fills = [idioms.joining, idioms.formatting, idioms.percent_formatting];
                if fills.iter().any(|methods| methods.contains(&method)) {
                    parts.extend(arguments.iter().map(|argument| argument.value));
                }
                parts
            }
            Kind::Operation { operator: Operator::Not, operands } => operands.clone(),
            Kind::Conditional { then, otherwise, .. } => vec![*then, *otherwise],
            Kind::Container { entries, .. } => entries.iter().map(|entry| entry.value).collect(),
            Kind::Yield(_) | Kind::Function(_) => Vec::new(),
            _ => tree.parts(id),
        }
    }

    /// The entries of containers that an expression surely takes out, if they are few.
    fn taken_out(&mut self, id: ExprId) -> Option<Vec<ExprId>> {
        let picked = self.names.picked(id);
        (picked.exact && picked.values.len() <= MOST_STORES).then(|| picked.values.clone())
    }

    /// Whether an object carries no value of its own: the method's own object, or a module.
    fn is_plain_object(&self, object: ExprId) -> bool {
        if self.names.own_class(object).is_some() {
            return true;
        }
        let only = self.reaching.only(self.reaching.uses[object.at()]);
        match only.map(|def| def.source) {
            Some(crate::analysis::reach::Source::Import(number)) => self.tree.imports[number as usize].name.is_none(),
            _ => false,
        }
    }

    /// Arguments of a call that are its result where there is no other: of a read of the environment, of the
    /// declaration of a field, of a look-up, of a read of an attribute by name.
    fn defaults(&mut self, callee: ExprId, arguments: &[Argument]) -> Vec<ExprId> {
        let tree = self.tree;
        let idioms = self.file.idioms;
        let keyword = |name: &str| {
            let found = arguments.iter().find(|argument| argument.keyword.is_some_and(|at| tree.text(at) == name));
            found.map(|argument| argument.value)
        };
        let place = |index: usize| {
            let plain = arguments.iter().take(index + 1).all(|argument| argument.keyword.is_none() && !argument.spread);
            arguments.get(index).filter(|_| plain).map(|argument| argument.value)
        };
        if arguments.is_empty() {
            return Vec::new();
        }
        if self.named(callee, idioms.fields) {
            let (value, factory) = self.names.default_of(arguments);
            let made = factory.map(|factory| match tree.kind(factory) {
                Kind::Function(lambda) => self.names.results_of(*lambda),
                _ => Vec::new(),
            });
            return value.into_iter().chain(made.into_iter().flatten()).collect();
        }
        if self.named(callee, idioms.environment_calls) {
            return place(1).or(idioms.defaults.iter().find_map(|name| keyword(name))).into_iter().collect();
        }
        if self.named(callee, idioms.attribute_reads) {
            return place(2).into_iter().collect();
        }
        match *tree.kind(callee) {
            Kind::Attribute { object, name } if idioms.lookups.contains(&tree.text(name)) && arguments.len() == 2 => {
                place(1).filter(|&default| self.is_default(object, default)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the second argument of a look-up is a default: not the body of a client's request.
    fn is_default(&mut self, object: ExprId, default: ExprId) -> bool {
        let constant = matches!(self.tree.kind(default), Kind::Text(_) | Kind::Number(_) | Kind::Truth(_));
        constant
            || self.names.of(object).into_iter().all(|id| {
                let name = self.names.get(id);
                !name.known || name.text.ends_with("[]")
            })
    }
}
