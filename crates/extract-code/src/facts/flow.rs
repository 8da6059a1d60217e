//! Where values go: from parts to wholes, from definitions to uses, into objects.

use base::Span;
use facts::{Code, RowPlace};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Writer;
use crate::analysis::ValueId;
use crate::analysis::reach::Value;
use crate::tree::{ExprId, FunctionId, Kind, Operator};

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
        for number in 0..self.reaching.stores.len() {
            let store = self.reaching.stores[number];
            if !matches!(self.tree.kind(store.place), Kind::Subscript { .. }) {
                self.step(relation, store.value, store.place);
            }
        }
        for number in 0..self.reaching.puts.len() {
            let (value, object) = self.reaching.puts[number];
            self.step(relation, value, object);
        }
        for function in &self.tree.functions {
            for parameter in &function.parameters {
                if let Some(default) = parameter.default {
                    self.step(relation, default, parameter.value);
                }
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
            Kind::Attribute { object, .. } => {
                let skip = role.stored || role.callee || self.is_plain_object(*object);
                if skip { Vec::new() } else { vec![*object] }
            }
            Kind::Subscript { object, .. } => {
                if role.stored {
                    Vec::new()
                } else {
                    vec![*object]
                }
            }
            Kind::Call { callee, arguments } => {
                let Kind::Attribute { object, name } = tree.kind(*callee) else {
                    return self.environment_default(id, *callee);
                };
                let method = tree.text(*name);
                let mut parts = self.environment_default(id, *callee);
                if !self.is_plain_object(*object) {
                    parts.push(*object);
                }
                if self.file.idioms.joining.contains(&method) || self.file.idioms.formatting.contains(&method) {
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

    fn environment_default(&mut self, id: ExprId, callee: ExprId) -> Vec<ExprId> {
        let Kind::Call { arguments, .. } = self.tree.kind(id) else { return Vec::new() };
        match arguments.get(1) {
            Some(default) if self.named(callee, self.file.idioms.environment_calls) => vec![default.value],
            _ => Vec::new(),
        }
    }
}
