//! The walk that finds reaching definitions (see `reach`): expressions, and what assignments do.
//! Statements that part and join paths are in `branches`.

use base::Span;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::environment::{Environment, Mark, ValueId};
use super::reach::{Def, DefId, Reaching, Source, Store, Value};
use crate::idioms::Idioms;
use crate::tree::{
    Argument, Clause, ExprId, FunctionId, Kind, Part, Scope, ScopeId, Slot, Stmt, Sym, Target, Tree, Variable,
};

/// Walks all functions of a file.
pub(super) fn walk(tree: &Tree, idioms: &Idioms) -> Reaching {
    let mut walker = Walker::new(tree, idioms);
    for number in 0..tree.functions.len() as u32 {
        walker.function(FunctionId(number));
    }
    walker.found
}

/// Breaks and continues of the loops around.
#[derive(Default)]
pub(super) struct LoopFrame {
    pub mark: Mark,
    /// Where the log of writes stood.
    pub log: usize,
    /// Whether there are too many ways out to tell them apart.
    pub many: bool,
    pub breaks: Vec<super::environment::Changes>,
    pub continues: Vec<super::environment::Changes>,
}

pub(super) struct Walker<'a> {
    pub tree: &'a Tree,
    idioms: &'a Idioms,
    pub found: Reaching,
    pub now: Environment,
    pub function: FunctionId,
    pub scope: ScopeId,
    pub loops: Vec<LoopFrame>,
    /// Attributes of variables: `self.prompt` is a variable of its own as long as `self` stays the same.
    fields: HashMap<(Slot, Sym), Slot, FxBuildHasher>,
    fields_of: HashMap<Slot, Vec<Slot>, FxBuildHasher>,
    /// Which function a variable belongs to.
    owners: Vec<FunctionId>,
    any: HashMap<Slot, ValueId, FxBuildHasher>,
}

/// The pretended attribute that stands for all attributes together.
const CONTENTS: Sym = Sym(u32::MAX);

impl<'a> Walker<'a> {
    fn new(tree: &'a Tree, idioms: &'a Idioms) -> Self {
        let found = Reaching {
            values: vec![Value::None],
            uses: vec![ValueId::NONE; tree.exprs.len()],
            definitions: vec![Vec::new(); tree.variables.len()],
            ..Reaching::default()
        };
        let mut functions = vec![FunctionId(0); tree.scopes.len()];
        for (number, function) in tree.functions.iter().enumerate() {
            functions[function.scope.at()] = FunctionId(number as u32);
        }
        for class in &tree.classes {
            functions[class.scope.at()] = class.function;
        }
        let owners = tree.variables.iter().map(|&Variable { scope, .. }| functions[scope.at()]).collect();
        Walker {
            tree,
            idioms,
            found,
            now: Environment::default(),
            function: FunctionId(0),
            scope: ScopeId(0),
            loops: Vec::new(),
            fields: HashMap::default(),
            fields_of: HashMap::default(),
            owners,
            any: HashMap::default(),
        }
    }

    fn function(&mut self, id: FunctionId) {
        let tree = self.tree;
        let function = tree.function(id);
        (self.function, self.scope) = (id, function.scope);
        self.loops.clear();
        self.now.dead = false;
        let mark = self.now.mark();
        if let (Some(slot), Some(class)) = (function.receiver, function.class) {
            self.define(slot, Def { source: Source::Receiver(class), expr: None, annotation: None });
        }
        for (index, parameter) in function.parameters.iter().enumerate() {
            self.define(
                parameter.slot,
                Def {
                    source: Source::Parameter(id, index as u32),
                    expr: Some(parameter.value),
                    annotation: parameter.annotation,
                },
            );
        }
        self.block(&function.body);
        self.now.take(mark);
    }

    pub fn block(&mut self, block: &'a [Stmt]) {
        for statement in block {
            self.statement(statement);
        }
    }

    /// A new definition of a variable.
    pub fn define(&mut self, slot: Slot, def: Def) -> ValueId {
        let value = self.record(slot, def);
        self.hold(slot, value);
        value
    }

    /// A definition that the walk goes past without taking it over.
    pub fn record(&mut self, slot: Slot, def: Def) -> ValueId {
        let id = DefId(self.found.defs.len() as u32);
        self.found.defs.push(def);
        self.found.definitions[slot.at()].push(id);
        let value = self.value(Value::Def(id));
        self.found.def_values.push(value);
        value
    }

    pub fn value(&mut self, value: Value) -> ValueId {
        self.found.values.push(value);
        ValueId(self.found.values.len() as u32 - 1)
    }

    /// The variable holds another value; what was known of its attributes is gone.
    fn hold(&mut self, slot: Slot, value: ValueId) {
        self.now.set(slot, value);
        if let Some(fields) = self.fields_of.get(&slot) {
            for field in fields.clone() {
                if self.now.get(field) != ValueId::NONE {
                    self.now.set(field, ValueId::NONE);
                }
            }
        }
    }

    /// All definitions of a variable.
    fn any(&mut self, slot: Slot) -> ValueId {
        if let Some(&value) = self.any.get(&slot) {
            return value;
        }
        let value = self.value(Value::Any(slot));
        self.any.insert(slot, value);
        value
    }

    /// What a variable may hold here. One that this function has not assigned yet may hold what any other
    /// function, or this one's later code, gave it.
    fn read(&mut self, slot: Slot) -> ValueId {
        match self.now.get(slot) {
            ValueId::NONE => self.any(slot),
            value => value,
        }
    }

    /// What a variable holds where one path leaves it alone and another does not.
    pub fn untouched(&mut self, slot: Slot) -> ValueId {
        match self.now.get(slot) {
            ValueId::NONE if self.owners[slot.at()] != self.function => self.any(slot),
            value => value,
        }
    }

    /// A choice among values, unless it is none.
    pub fn choose(&mut self, slot: Slot, mut inputs: Vec<ValueId>, span: Span) -> ValueId {
        inputs.retain(|&input| input != ValueId::NONE);
        inputs.sort_unstable();
        inputs.dedup();
        match inputs.as_slice() {
            [] => ValueId::NONE,
            [one] => *one,
            _ => self.value(Value::Choice { inputs, span, function: self.function, slot }),
        }
    }

    pub fn lookup(&self, name: Sym) -> Option<Slot> {
        self.tree.lookup(self.scope, name)
    }

    /// The variable that stands for an attribute of a variable of this function.
    pub fn field(&mut self, base: Slot, attribute: Sym) -> Slot {
        if let Some(&slot) = self.fields.get(&(base, attribute)) {
            return slot;
        }
        let slot = Slot(self.owners.len() as u32);
        self.owners.push(self.function);
        self.found.definitions.push(Vec::new());
        self.fields.insert((base, attribute), slot);
        self.fields_of.entry(base).or_default().push(slot);
        slot
    }

    pub fn contents(&mut self, base: Slot) -> Slot {
        self.field(base, CONTENTS)
    }

    pub fn expressions(&mut self, exprs: &[ExprId]) {
        exprs.iter().for_each(|&expr| self.expression(expr));
    }

    /// Notes what the names in an expression may hold, in the order of evaluation.
    pub fn expression(&mut self, id: ExprId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Name(name) => self.name(id, *name, true),
            Kind::Attribute { object, name } => self.attribute(id, *object, *name),
            Kind::Subscript { object, index } => {
                self.expression(*object);
                index.iter().for_each(|&index| self.expression(index));
            }
            Kind::Call { callee, arguments } => self.call(*callee, arguments),
            Kind::Text(_) | Kind::Label(_) | Kind::Number(_) | Kind::Truth(_) | Kind::Nothing | Kind::Parameter(_) => {}
            Kind::Format(parts) => {
                for part in parts {
                    if let Part::Hole { value, .. } = part {
                        self.expression(*value);
                    }
                }
            }
            Kind::Concatenation(operands)
            | Kind::Operation { operands, .. }
            | Kind::Comparison(operands)
            | Kind::Choice(operands)
            | Kind::Other(operands) => self.expressions(operands),
            Kind::Conditional { condition, then, otherwise } => self.expressions(&[*condition, *then, *otherwise]),
            Kind::Container { entries, .. } => {
                for entry in entries {
                    entry.key.iter().for_each(|&key| self.expression(key));
                    self.expression(entry.value);
                }
            }
            Kind::Comprehension { clauses, results, .. } => self.comprehension(clauses, results),
            Kind::Function(function) => self.head(*function),
            Kind::Await(inner) | Kind::Spread(inner) => self.expression(*inner),
            Kind::Yield(inner) => {
                if let Some(inner) = *inner {
                    self.expression(inner);
                    self.found.results.push((self.function, inner));
                }
            }
            Kind::Bind { target, value } => {
                self.expression(*value);
                self.assign(target, *value, Source::Value(*value), None);
            }
        }
    }

    fn name(&mut self, id: ExprId, name: Sym, whole: bool) {
        let Some(slot) = self.lookup(name) else { return };
        self.found.uses[id.at()] = self.read(slot);
        if whole && self.fields_of.contains_key(&slot) {
            let contents = self.contents(slot);
            let value = self.now.get(contents);
            if value != ValueId::NONE {
                self.found.contents.insert(id, value);
            }
        }
    }

    fn attribute(&mut self, id: ExprId, object: ExprId, name: Sym) {
        let Kind::Name(base) = *self.tree.kind(object) else { return self.expression(object) };
        self.name(object, base, false);
        let field = self.lookup(base).and_then(|slot| self.fields.get(&(slot, name)).copied());
        if let Some(field) = field {
            self.found.uses[id.at()] = self.now.get(field);
        }
    }

    fn call(&mut self, callee: ExprId, arguments: &'a [Argument]) {
        self.expression(callee);
        for argument in arguments {
            self.expression(argument.value);
        }
        if let &Kind::Attribute { object, name } = self.tree.kind(callee)
            && self.idioms.putting.contains(&self.tree.text(name))
            && !arguments.is_empty()
        {
            let values: Vec<ExprId> = arguments.iter().map(|argument| argument.value).collect();
            self.put(object, &values);
        }
        self.put_out(callee, arguments);
    }

    /// What is given by reference may hold anything of what the call is given, and of its object.
    fn put_out(&mut self, callee: ExprId, arguments: &'a [Argument]) {
        let tree = self.tree;
        if tree.outs.is_empty() {
            return;
        }
        let mut values: Vec<ExprId> = Vec::new();
        if let &Kind::Attribute { object, .. } = tree.kind(callee) {
            values.push(object);
        }
        let (outs, given): (Vec<ExprId>, Vec<ExprId>) =
            arguments.iter().map(|argument| argument.value).partition(|value| tree.outs.contains(value));
        values.extend(given);
        for out in outs.into_iter().filter(|_| !values.is_empty()) {
            self.put(out, &values);
        }
    }

    /// Values go into the object that an expression stands for.
    fn put(&mut self, object: ExprId, values: &[ExprId]) {
        let mut root = object;
        loop {
            match self.tree.kind(root) {
                Kind::Subscript { object, .. } => root = *object,
                // `b.append(x).append(y)`: each gives the object back.
                Kind::Call { callee, .. } => match *self.tree.kind(*callee) {
                    Kind::Attribute { object, name } if self.idioms.putting.contains(&self.tree.text(name)) => {
                        root = object;
                    }
                    _ => break,
                },
                _ => break,
            }
        }
        self.found.puts.extend(values.iter().map(|&value| (value, root)));
        let def = Def { source: Source::Put, expr: Some(root), annotation: None };
        match *self.tree.kind(root) {
            Kind::Name(name) => {
                if let Some(slot) = self.lookup(name) {
                    let value = self.record(slot, def);
                    self.now.set(slot, value);
                }
            }
            Kind::Attribute { object, name } => self.store_field(object, name, def),
            _ => {}
        }
    }

    fn store_field(&mut self, object: ExprId, name: Sym, def: Def) {
        let Kind::Name(base) = *self.tree.kind(object) else { return };
        let Some(base) = self.lookup(base) else { return };
        let slot = self.field(base, name);
        let value = self.record(slot, def);
        self.now.set(slot, value);
        let contents = self.contents(base);
        let before = self.now.get(contents);
        let span = def.expr.map_or(Span::at(0), |expr| self.tree.expr(expr).span);
        let both = self.choose(contents, vec![before, value], span);
        self.now.set(contents, both);
    }

    fn comprehension(&mut self, clauses: &'a [Clause], results: &[ExprId]) {
        let mark = self.now.mark();
        for clause in clauses {
            match clause {
                Clause::For { target, iterable } => {
                    self.expression(*iterable);
                    self.assign(target, *iterable, Source::Element(*iterable), None);
                }
                Clause::If(condition) => self.expression(*condition),
            }
        }
        self.expressions(results);
        // The variables of a comprehension are not seen outside.
        let dead = self.now.dead;
        self.now.take(mark);
        self.now.dead = dead;
    }

    /// What of a function is evaluated where it is defined.
    pub fn head(&mut self, id: FunctionId) {
        let tree = self.tree;
        let function = tree.function(id);
        self.expressions(&function.decorators);
        for parameter in &function.parameters {
            parameter.annotation.iter().chain(&parameter.default).for_each(|&expr| self.expression(expr));
            self.expressions(&parameter.beside);
        }
        function.result.iter().for_each(|&expr| self.expression(expr));
    }

    /// A value, or a part of it, goes into what stands left.
    pub fn assign(&mut self, target: &'a Target, value: ExprId, source: Source, annotation: Option<ExprId>) {
        let part = matches!(source, Source::Element(_) | Source::Item(..) | Source::Member(..));
        match target {
            Target::Name(expr, slot) => {
                self.store(*expr, value, source);
                self.define(*slot, Def { source, expr: Some(*expr), annotation });
            }
            Target::Place(place) => self.assign_place(*place, value, source, annotation),
            Target::Tuple(targets) => match self.tree.kind(value) {
                Kind::Container { entries, .. }
                    if !part
                        && entries.len() == targets.len()
                        && !entries.iter().any(|entry| entry.spread || entry.key.is_some())
                        && !targets.iter().any(|target| matches!(target, Target::Rest(_))) =>
                {
                    for (target, entry) in targets.iter().zip(entries) {
                        self.assign(target, entry.value, Source::Value(entry.value), None);
                    }
                }
                _ => {
                    let mut whole = !part;
                    for (index, target) in targets.iter().enumerate() {
                        whole &= !matches!(target, Target::Rest(_));
                        let source = match target.bare() {
                            Target::Name(..) | Target::Place(_) if whole => Source::Item(value, index as u32),
                            _ => Source::Element(value),
                        };
                        self.assign(target, value, source, None);
                    }
                }
            },
            Target::Attributes(parts) => {
                for (name, target) in parts {
                    let source = match *name {
                        // Of what is itself a part nothing is known by name.
                        Some(name) if !part => Source::Member(value, name),
                        _ => Source::Element(value),
                    };
                    self.assign(target, value, source, None);
                }
            }
            Target::Rest(inner) => self.assign(inner, value, Source::Element(value), None),
            Target::Default(inner, default) => {
                self.expression(*default);
                self.assign(inner, value, source, annotation);
                self.assign_default(inner, *default);
            }
        }
    }

    /// What a variable holds where it was given nothing: one value or the other.
    fn assign_default(&mut self, target: &'a Target, default: ExprId) {
        let Target::Name(expr, slot) = *target else {
            return self.assign(target, default, Source::Value(default), None);
        };
        let given = self.now.get(slot);
        self.store(expr, default, Source::Value(default));
        let def = self.record(slot, Def { source: Source::Value(default), expr: Some(expr), annotation: None });
        let span = self.tree.expr(expr).span;
        let both = self.choose(slot, vec![given, def], span);
        self.now.set(slot, both);
    }

    fn store(&mut self, place: ExprId, value: ExprId, source: Source) {
        let (index, member) = match source {
            Source::Item(_, index) => (Some(index), None),
            Source::Member(_, member) => (None, Some(member)),
            _ => (None, None),
        };
        let part = index.is_some() || member.is_some() || matches!(source, Source::Element(_));
        self.found.stores.push(Store { place, value, part, index, member });
    }

    fn assign_place(&mut self, place: ExprId, value: ExprId, source: Source, annotation: Option<ExprId>) {
        self.store(place, value, source);
        match *self.tree.kind(place) {
            Kind::Attribute { object, name } => {
                match *self.tree.kind(object) {
                    Kind::Name(base) => self.name(object, base, false),
                    _ => self.expression(object),
                }
                self.store_field(object, name, Def { source, expr: Some(place), annotation });
            }
            Kind::Subscript { object, index } => {
                self.expression(object);
                index.iter().for_each(|&index| self.expression(index));
                self.put(object, &[value]);
            }
            _ => self.expression(place),
        }
    }

    /// The scope that the walk stands in.
    pub fn scope(&self) -> &Scope {
        &self.tree.scopes[self.scope.at()]
    }
}
