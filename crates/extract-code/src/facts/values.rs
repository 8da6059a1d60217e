//! Rows about single values: constants, names passed as values, attributes, entries.

use facts::{Code, Value};

use super::Writer;
use crate::analysis::constant::Constant;
use crate::analysis::template::Templates;
use crate::tree::{ExprId, Kind, Operator};

/// How many picks a file has.
const MOST_PICKS: usize = 50_000;

impl Writer<'_, '_, '_> {
    pub(super) fn values(&mut self) {
        for number in 0..self.tree.exprs.len() as u32 {
            let id = ExprId(number);
            let role = self.roles[id.at()];
            if let (&Kind::Attribute { object, .. }, false) = (self.tree.kind(id), role.ty) {
                self.typed(object);
            }
            if role.ty || role.stored {
                continue;
            }
            match self.tree.kind(id) {
                Kind::Name(_) if !role.callee => {
                    self.name(id);
                    self.constant(id);
                }
                Kind::Attribute { object, name } if !role.callee => {
                    self.name(id);
                    self.constant(id);
                    self.member(id, *object, *name);
                    if self.file.idioms.entries_are_attributes {
                        self.picks(id);
                    }
                }
                Kind::Container { entries, .. } => {
                    for (index, entry) in entries.iter().enumerate() {
                        let index = Some(index).filter(|_| entry.key.is_none() && !entry.spread);
                        self.entry(id, entry.key, index, entry.value);
                    }
                }
                Kind::Function(function) => self.closure(id, *function),
                Kind::Call { callee, arguments }
                    if arguments.iter().any(|argument| argument.keyword.is_some())
                        && self.named(*callee, self.file.idioms.maps) =>
                {
                    for argument in arguments {
                        if let Some(keyword) = argument.keyword {
                            self.entry_row(id, Some(self.tree.text(keyword)), None, argument.value);
                        }
                    }
                }
                Kind::Text(_)
                | Kind::Number(_)
                | Kind::Truth(_)
                | Kind::Nothing
                | Kind::Format(_)
                | Kind::Concatenation(_)
                | Kind::Operation { .. } => self.constant(id),
                Kind::Subscript { .. } => {
                    self.constant(id);
                    self.picks(id);
                }
                _ => {}
            }
            match self.tree.kind(id) {
                Kind::Call { .. } => {
                    self.picks(id);
                    self.template(id);
                    if self.is_binding(id) {
                        self.name(id);
                    }
                }
                Kind::Format(_) | Kind::Concatenation(_) | Kind::Operation { operator: Operator::Percent, .. } => {
                    self.template(id);
                }
                _ => {}
            }
        }
        self.stores();
    }

    fn constant(&mut self, id: ExprId) {
        let (text, number) = (self.relation("code.text"), self.relation("code.number"));
        let (truth, nothing) = (self.relation("code.truth"), self.relation("code.nothing"));
        if text.or(number).or(truth).or(nothing).is_none() {
            return;
        }
        let Some(constant) = self.constants.of(id, &mut self.names) else { return };
        let (relation, value) = match constant {
            Constant::Text(constant) => (text, Some(Value::text(&*constant))),
            Constant::Number(constant) => match Value::float(constant) {
                Some(value) => (number, Some(value)),
                None => return,
            },
            Constant::Truth(constant) => (truth, Some(Value::Bool(constant))),
            Constant::Nothing => (nothing, None),
        };
        let Some(relation) = relation else { return };
        let place = self.place(id);
        let mut row = vec![self.expr(id)];
        row.extend(value.map(|value| self.out.sink.value(&value)));
        self.row(relation, &row, place);
    }

    /// What an expression that is no call names: a function, a class, something imported.
    fn name(&mut self, id: ExprId) {
        let (names, chains) = (self.relation("code.name"), self.relation("code.chain"));
        if names.or(chains).or(self.relation("code.nested")).is_none() {
            return;
        }
        let place = self.place(id);
        for name in self.names.of(id) {
            let dotted = self.names.get(name);
            if !dotted.known || dotted.instance {
                continue;
            }
            let text = dotted.text.clone();
            let value = self.expr(id);
            if let Some(relation) = names {
                let text = self.text(&text);
                self.row(relation, &[value, text], place);
            }
            self.chain(value, name, place);
        }
    }

    fn is_binding(&self, id: ExprId) -> bool {
        let Kind::Call { callee, .. } = self.tree.kind(id) else { return false };
        match *self.tree.kind(*callee) {
            Kind::Attribute { name, .. } => self.file.idioms.binding.contains(&self.tree.text(name)),
            _ => false,
        }
    }

    /// A function that is written where its value stands.
    fn closure(&mut self, id: ExprId, function: crate::tree::FunctionId) {
        let Some(relation) = self.relation("code.closure") else { return };
        let row = [self.expr(id), self.function(function)];
        let place = self.place(id);
        self.row(relation, &row, place);
    }

    /// The literal words of a text with holes.
    fn template(&mut self, id: ExprId) {
        let Some(relation) = self.relation("code.template") else { return };
        if self.constants.text(id, &mut self.names).is_some() {
            return;
        }
        let Some(words) = Templates::of(id, &mut self.names, &mut self.constants) else { return };
        let row = [self.expr(id), self.text(&words)];
        let place = self.place(id);
        self.row(relation, &row, place);
    }

    /// Which entries of containers a subscript or look-up may take out.
    fn picks(&mut self, id: ExprId) {
        let Some(relation) = self.relation("code.pick") else { return };
        if self.picks > MOST_PICKS {
            return;
        }
        for &entry in &self.names.picked(id).values {
            self.picks += 1;
            let row = [self.expr(id), self.expr(entry)];
            let place = self.place(id);
            self.row(relation, &row, place);
        }
    }

    /// What an object is called whose attributes are used.
    fn typed(&mut self, object: ExprId) {
        let Some(relation) = self.relation("code.typed") else { return };
        if self.names.own_class(object).is_some() {
            return;
        }
        let place = self.place(object);
        for name in self.names.of(object) {
            let dotted = self.names.get(name);
            if dotted.known && dotted.instance {
                let text = dotted.text.clone();
                let row = [self.expr(object), self.text(&text)];
                self.row(relation, &row, place);
            }
        }
    }

    fn own(&mut self, object: ExprId) -> Code {
        match self.names.own_class(object) {
            Some(class) => self.class(class),
            None => Code::NONE,
        }
    }

    fn member(&mut self, id: ExprId, object: ExprId, name: crate::tree::Sym) {
        let Some(relation) = self.relation("code.member") else { return };
        let row = [self.expr(id), self.expr(object), self.text(self.tree.text(name)), self.own(object)];
        let place = self.place(id);
        self.row(relation, &row, place);
    }

    fn entry(&mut self, container: ExprId, key: Option<ExprId>, index: Option<usize>, value: ExprId) {
        let key_text = match key.map(|key| self.constants.of(key, &mut self.names)) {
            Some(Some(Constant::Text(text))) => Some(text.to_string()),
            Some(Some(Constant::Number(number))) => Some(number.to_string()),
            Some(Some(Constant::Truth(truth))) => Some(truth.to_string()),
            _ => None,
        };
        self.entry_row(container, key_text.as_deref(), index, value);
    }

    fn entry_row(&mut self, container: ExprId, key: Option<&str>, index: Option<usize>, value: ExprId) {
        let Some(relation) = self.relation("code.entry") else { return };
        let index = index.map_or(Code::NONE, |index| self.out.sink.int(index as i64));
        let row = [self.expr(container), self.maybe_text(key), index, self.expr(value)];
        let place = self.place(value);
        self.row(relation, &row, place);
    }

    /// Assignments, stored attributes, and entries put into maps.
    fn stores(&mut self) {
        let assignments = self.relation("code.assignment");
        let attributes = self.relation("code.attribute");
        let unpacked = self.relation("code.unpack");
        for number in 0..self.reaching.stores.len() {
            let store = self.reaching.stores[number];
            let place = self.place(store.place);
            if let (Some(index), Some(relation)) = (store.index, unpacked) {
                let index = self.out.sink.int(i64::from(index));
                let row = [self.expr(store.place), self.expr(store.value), index];
                self.row(relation, &row, place);
            }
            if let Some(member) = store.member {
                self.member(store.place, store.value, member);
                self.environment_member(store.place, store.value, member);
            }
            match *self.tree.kind(store.place) {
                // What no name of the source finds is no assignment: the variable that a `switch` gives its value to.
                Kind::Name(name) => {
                    let text = self.tree.text(name);
                    if let Some(relation) = assignments.filter(|_| !text.is_empty()) {
                        let row = [
                            self.of_function(store.place),
                            self.text(text),
                            self.expr(store.place),
                            self.expr(store.value),
                        ];
                        self.row(relation, &row, place);
                    }
                }
                Kind::Attribute { object, name } => {
                    if let Some(relation) = attributes {
                        let row = [
                            self.expr(object),
                            self.text(self.tree.text(name)),
                            self.expr(store.value),
                            self.own(object),
                        ];
                        self.row(relation, &row, place);
                    }
                }
                Kind::Subscript { object, index: Some(index) } if !store.part => {
                    self.entry(object, Some(index), None, store.value);
                }
                _ => {}
            }
        }
    }
}
