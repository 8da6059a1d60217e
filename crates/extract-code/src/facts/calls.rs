//! Rows about calls: callees, arguments, environment reads, and in what order calls are reached.

use facts::{Code, RowPlace};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Writer;
use super::handed::{Passed, next_index};
use crate::analysis::control::Control;
use crate::analysis::names::{Meaning, NameId};
use crate::tree::{Argument, ExprId, FunctionId, Kind, MODULE, Shape, Sym};

impl<'a> Writer<'a, '_, '_> {
    pub(super) fn calls(&mut self) {
        for number in 0..self.tree.exprs.len() as u32 {
            let id = ExprId(number);
            match self.tree.kind(id) {
                Kind::Call { callee, arguments } => {
                    self.call(id, *callee);
                    self.arguments(id, *callee, arguments);
                    self.bound(arguments);
                    self.environment_call(id, *callee, arguments);
                }
                Kind::Subscript { object, index: Some(index) } if !self.roles[id.at()].stored => {
                    self.environment_entry(id, *object, *index);
                }
                Kind::Attribute { object, name } if !self.roles[id.at()].stored && !self.roles[id.at()].callee => {
                    self.environment_member(id, *object, *name);
                }
                _ => {}
            }
        }
        self.handed_calls();
    }

    /// Rows of a call under each name of its callee.
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId) {
        if self.roles[id.at()].ty {
            return;
        }
        let receiver = match self.tree.kind(callee) {
            Kind::Attribute { object, .. } => Some(*object),
            _ => None,
        };
        let relation = self.relation("code.call");
        let place = self.place(id);
        for name in self.names.of(callee) {
            let text = self.name_text(name);
            if let Some(relation) = relation {
                let method = text.rsplit('.').next().unwrap_or_default();
                let row = [
                    self.expr(id),
                    self.of_function(id),
                    self.text(&text),
                    self.text(method),
                    self.maybe_expr(receiver),
                ];
                let label = self.keys.label(id);
                self.out.sink.labelled_row(relation, &row, place, &label);
            }
            if self.relation("code.chain").or(self.relation("code.nested")).is_some() {
                let node = self.expr(id);
                self.chain(node, name, place);
            }
        }
    }

    /// Each way to part a name whose first part was imported or defined here, or the function that it leads to where no other
    /// file can name that one.
    pub(super) fn chain(&mut self, node: Code, name: NameId, place: RowPlace) {
        if let Some(function) = self.nested(name) {
            if let Some(relation) = self.relation("code.nested") {
                let row = [node, self.function(function)];
                self.row(relation, &row, place);
            }
            return;
        }
        let Some(relation) = self.relation("code.chain") else { return };
        if !self.names.get(name).known {
            return;
        }
        let text = self.name_text(name);
        // Dots in the path of a package part nothing.
        let from = text.rfind('/').unwrap_or(0);
        for (at, _) in text.match_indices('.').filter(|&(at, _)| at >= from) {
            let row = [node, self.text(&text[..at]), self.text(&text[at + 1..])];
            self.row(relation, &row, place);
        }
    }

    /// The function inside another one, or without a name of its own, that a name stands for. Several may go by the name.
    fn nested(&self, name: NameId) -> Option<FunctionId> {
        let Meaning::Function(id) = self.names.get(name).meaning else { return None };
        let function = self.tree.function(id);
        let unnamed = self.tree.text(function.name).starts_with('<');
        (function.class.is_none() && (function.parent != Some(MODULE) || unnamed)).then_some(id)
    }

    fn arguments(&mut self, id: ExprId, callee: ExprId, arguments: &[Argument]) {
        let Some(relation) = self.relation("code.argument") else { return };
        if self.roles[id.at()].ty {
            return;
        }
        let before = self.applied_before(callee);
        self.passed(id, &before);
        let mut place_known = true;
        let mut index = next_index(&before);
        for argument in arguments {
            let keyword = argument.keyword.map(|keyword| self.tree.text(keyword));
            place_known &= !argument.spread;
            let positional = place_known && keyword.is_none();
            let index_code = if positional { self.out.sink.int(index) } else { Code::NONE };
            index += i64::from(positional);
            let row = [self.expr(id), index_code, self.maybe_text(keyword), self.expr(argument.value)];
            let place = self.place(argument.value);
            self.row(relation, &row, place);
            if self.file.idioms.entries_are_attributes && !argument.spread {
                self.settings(relation, id, argument.value);
            }
        }
    }

    /// The entries of a map that is written out as an argument are arguments by name.
    fn settings(&mut self, relation: usize, call: ExprId, value: ExprId) {
        let Kind::Container { shape: Shape::Map, entries } = self.tree.kind(value) else { return };
        for entry in entries {
            let keyword = entry.key.map(|key| self.tree.kind(key));
            let keyword = match keyword {
                Some(Kind::Text(text)) => Some(&**text),
                Some(Kind::Label(label)) => Some(self.tree.text(*label)),
                None if entry.spread => None,
                _ => continue,
            };
            let row = [self.expr(call), Code::NONE, self.maybe_text(keyword), self.expr(entry.value)];
            let place = self.place(entry.value);
            self.row(relation, &row, place);
        }
    }

    /// Arguments that reach a function by way of another.
    pub(super) fn passed(&mut self, call: ExprId, arguments: &[Passed<'a>]) {
        let Some(relation) = self.relation("code.argument") else { return };
        for argument in arguments {
            let index = argument.index.map_or(Code::NONE, |index| self.out.sink.int(index));
            let row = [self.expr(call), index, self.maybe_text(argument.keyword), self.expr(argument.value)];
            let place = self.place(argument.value);
            self.row(relation, &row, place);
        }
    }

    fn environment_call(&mut self, id: ExprId, callee: ExprId, arguments: &[Argument]) {
        let Some(relation) = self.relation("code.environment") else { return };
        let Some(first) = arguments.first() else { return };
        if self.named(callee, self.file.idioms.environment_calls) {
            self.environment(relation, id, first.value);
        }
    }

    fn environment_entry(&mut self, id: ExprId, object: ExprId, index: ExprId) {
        let Some(relation) = self.relation("code.environment") else { return };
        if self.named(object, self.file.idioms.environment) {
            self.environment(relation, id, index);
        }
    }

    /// `process.env.KEY`, also taken out by name: `const { KEY } = process.env`.
    pub(super) fn environment_member(&mut self, id: ExprId, object: ExprId, name: Sym) {
        let objects = self.file.idioms.environment_attributes;
        let Some(relation) = self.relation("code.environment").filter(|_| !objects.is_empty()) else { return };
        if self.named(object, objects) {
            let row = [self.expr(id), self.text(self.tree.text(name))];
            let place = self.place(id);
            self.row(relation, &row, place);
        }
    }

    fn environment(&mut self, relation: usize, id: ExprId, variable: ExprId) {
        let Some(variable) = self.constants.text(variable, &mut self.names) else { return };
        let row = [self.expr(id), self.text(&variable)];
        let place = self.place(id);
        self.row(relation, &row, place);
    }

    /// Whether one of an expression's names is among these.
    pub(super) fn named(&mut self, expr: ExprId, among: &[&str]) -> bool {
        let names = self.names.of(expr);
        names.iter().any(|&name| among.contains(&&*self.names.get(name).text))
    }

    /// What is always reached before and after calls, and tests that leave.
    pub(super) fn order(&mut self) {
        let tests = self.relation("code.exit_test");
        let precedes = self.relation("code.precedes");
        let follows = self.relation("code.follows");
        if tests.or(precedes).or(follows).is_none() {
            return;
        }
        // What a call runs is reached where the call is, and before the call has ended.
        let mut run: HashMap<ExprId, Vec<ExprId>, FxBuildHasher> = HashMap::default();
        let pairs = self.handed.iter().map(|handed| (handed.value, handed.runner));
        let pairs: Vec<(ExprId, ExprId)> = pairs.filter(|&(value, _)| !self.is_lambda(value)).collect();
        for &(value, runner) in &pairs {
            run.entry(runner).or_default().push(value);
        }
        for relation in [precedes, follows].into_iter().flatten() {
            for &(value, runner) in &pairs {
                let row = [self.expr(value), self.expr(runner)];
                let place = self.place(value);
                self.row(relation, &row, place);
            }
        }
        for number in 0..self.tree.functions.len() as u32 {
            let control = Control::new(self.tree, self.file.idioms, FunctionId(number));
            for test in &control.exit_tests {
                let Some(relation) = tests else { break };
                let row = [self.function(test.function), self.expr(test.condition), self.maybe_expr(test.exit)];
                let place = self.place(test.condition);
                self.row(relation, &row, place);
            }
            for (relation, pairs, place_second) in
                [(precedes, &control.precedes, true), (follows, &control.follows, false)]
            {
                let Some(relation) = relation else { continue };
                for &(first, second) in pairs {
                    for &second in std::iter::once(&second).chain(run.get(&second).into_iter().flatten()) {
                        let row = [self.expr(first), self.expr(second)];
                        let place = self.place(if place_second { second } else { first });
                        self.row(relation, &row, place);
                    }
                }
            }
        }
    }
}
