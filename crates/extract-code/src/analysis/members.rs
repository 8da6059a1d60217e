//! Names of what classes hold, and of types.

use super::many::MANY;
use super::names::{Meaning, NameId, Names};
use super::reach::{Def, Source};
use crate::tree::{Argument, ClassId, Entry, ExprId, FunctionId, Kind, Operator, Sym};

/// How many base classes of the file are looked through.
const MAX_BASES: usize = 8;

impl Names<'_> {
    /// The names of an attribute of what the name stands for.
    pub(super) fn member(&mut self, id: NameId, name: Sym) -> Vec<NameId> {
        let Meaning::Class(class) = self.get(id).meaning else { return vec![self.grow(id, name)] };
        if self.get(id).text.starts_with(MANY) {
            return vec![self.grow(id, name)];
        }
        for class in self.lineage(class) {
            let found = self.own_member(class, name);
            if !found.is_empty() {
                return found;
            }
        }
        vec![self.grow(id, name)]
    }

    /// The class and its bases that stand in this file, nearest first.
    pub(super) fn lineage(&mut self, class: ClassId) -> Vec<ClassId> {
        let mut found = vec![class];
        let mut next = 0;
        while next < found.len() && found.len() < MAX_BASES {
            let bases: Vec<ExprId> = self.tree.class(found[next]).bases.iter().copied().take(MAX_BASES).collect();
            for base in bases {
                for id in self.of(base) {
                    if let Meaning::Class(base) = self.get(id).meaning
                        && !found.contains(&base)
                    {
                        found.push(base);
                    }
                }
            }
            next += 1;
        }
        found
    }

    /// The definitions of a name in a class's body.
    pub(super) fn class_definitions(&self, class: ClassId, name: Sym) -> Vec<Def> {
        let scope = self.tree.class(class).scope;
        let Some(&slot) = self.tree.scopes[scope.at()].names.get(&name) else { return Vec::new() };
        let found = &self.reaching.definitions[slot.at()];
        found.iter().take(MAX_BASES).map(|def| self.reaching.defs[def.0 as usize]).collect()
    }

    fn own_member(&mut self, class: ClassId, name: Sym) -> Vec<NameId> {
        let mut found = Vec::new();
        let definitions = self.class_definitions(class, name);
        for def in &definitions {
            match def.source {
                Source::Function(method) if self.is_property(method) => {
                    let own = self.function_name(method);
                    found.extend(self.result(method, own));
                }
                Source::Function(method) => found.push(self.function_name(method)),
                _ => found.extend(self.of_definition(def).into_iter().filter(|&id| self.get(id).known)),
            }
        }
        let stored: Vec<ExprId> =
            self.stored.get(&(class, name)).map(|v| v.iter().copied().take(MAX_BASES).collect()).unwrap_or_default();
        for value in stored {
            if !matches!(self.tree.kind(value), Kind::Nothing) {
                found.extend(self.of(value).into_iter().filter(|&id| self.get(id).known));
            }
        }
        found
    }

    fn is_property(&mut self, method: FunctionId) -> bool {
        let decorators = self.tree.function(method).decorators.clone();
        decorators.into_iter().any(|decorator| {
            let names = self.of(decorator);
            names.into_iter().any(|id| self.idioms.properties.contains(&&*self.get(id).text))
        })
    }

    /// The class constant or field that an attribute expression reads, if it has one value.
    pub fn field_value(&mut self, object: ExprId, name: Sym) -> Option<ExprId> {
        let objects = self.of(object);
        let [id] = objects.as_slice() else { return None };
        let Meaning::Class(class) = self.get(*id).meaning else { return None };
        for class in self.lineage(class) {
            let definitions = self.class_definitions(class, name);
            let stored = self.stored.get(&(class, name));
            match (definitions.as_slice(), stored.map(Vec::as_slice).unwrap_or_default()) {
                ([], []) => {}
                ([Def { source: Source::Value(value), .. }], []) => return Some(*value),
                ([], [value]) => return Some(*value),
                _ => return None,
            }
        }
        None
    }

    /// The default that a declaration of a field or parameter (`Field(…)`, `Query(…)`) holds: a value, or what makes it.
    pub fn default_of(&self, arguments: &[Argument]) -> (Option<ExprId>, Option<ExprId>) {
        let named = |among: &[&str]| {
            let found = arguments
                .iter()
                .find(|argument| argument.keyword.is_some_and(|keyword| among.contains(&self.tree.text(keyword))));
            found.map(|argument| argument.value)
        };
        let first = arguments.first().filter(|argument| argument.keyword.is_none() && !argument.spread);
        let value = named(self.idioms.defaults).or(first.map(|argument| argument.value));
        (value, named(self.idioms.factories))
    }

    /// The names of the default of a field's declaration.
    pub(super) fn of_field(&mut self, arguments: &[Argument]) -> Vec<NameId> {
        let (value, factory) = self.default_of(arguments);
        let mut found = value.map(|value| self.of(value)).unwrap_or_default();
        for id in factory.map(|factory| self.of(factory)).unwrap_or_default() {
            let made = self.get(id).clone();
            match made.meaning {
                Meaning::Function(function) => found.extend(self.result(function, id)),
                meaning => found.push(self.enter(made.text, made.known, true, meaning)),
            }
        }
        found.retain(|&id| self.get(id).known);
        found
    }

    /// What the class's body gives an attribute that an expression reads of it or of one of its objects.
    pub fn class_values(&mut self, object: ExprId, name: Sym) -> Vec<ExprId> {
        if self.own_class(object).is_some() {
            return Vec::new();
        }
        let mut values = Vec::new();
        for id in self.of(object) {
            let Meaning::Class(class) = self.get(id).meaning else { continue };
            for class in self.lineage(class) {
                let definitions = self.class_definitions(class, name);
                values.extend(definitions.iter().filter_map(|def| match def.source {
                    Source::Value(_) => def.expr,
                    _ => None,
                }));
                if !definitions.is_empty() {
                    break;
                }
            }
        }
        values
    }

    /// What a function returns.
    pub fn results_of(&self, function: FunctionId) -> Vec<ExprId> {
        self.results.get(&function).into_iter().flatten().copied().take(MAX_BASES).collect()
    }

    /// The names of a type, without what stands around it: `T` of `Annotated[T, …]`, `Optional[T]`, `T | None`.
    pub fn types(&mut self, expr: ExprId) -> Vec<NameId> {
        let tree = self.tree;
        match tree.kind(expr) {
            Kind::Subscript { object, index: None } => {
                let names = self.types(*object);
                names.into_iter().map(|id| self.many(id)).collect()
            }
            Kind::Subscript { object, index: Some(index) } => {
                let names = self.of(*object);
                if names.iter().any(|&id| self.idioms.collections.contains(&&*self.get(id).text)) {
                    let part = match tree.kind(*index) {
                        Kind::Container { entries, .. } => entries.last().map_or(*index, |entry| entry.value),
                        _ => *index,
                    };
                    let parts = self.types(part);
                    return parts.into_iter().map(|id| self.many(id)).collect();
                }
                let wraps = names.iter().any(|&id| self.idioms.wrappers.contains(&&*self.get(id).text));
                match tree.kind(*index) {
                    _ if !wraps => names,
                    Kind::Container { entries, .. } => self.first_type(entries),
                    _ => self.types(*index),
                }
            }
            Kind::Operation { operator: Operator::Union, operands } => {
                let first = operands.iter().copied().find(|&operand| !matches!(tree.kind(operand), Kind::Nothing));
                first.map(|first| self.types(first)).unwrap_or_default()
            }
            Kind::Text(text) => {
                let id = self.by_text(text, tree.expr(expr).function);
                vec![id]
            }
            Kind::Nothing => Vec::new(),
            _ => self.of(expr),
        }
    }

    fn first_type(&mut self, entries: &[Entry]) -> Vec<NameId> {
        let first = entries.iter().find(|entry| !matches!(self.tree.kind(entry.value), Kind::Nothing));
        first.map(|entry| entry.value).map(|first| self.types(first)).unwrap_or_default()
    }

    /// A type whose name stands in a string inside another.
    fn by_text(&mut self, text: &str, function: FunctionId) -> NameId {
        let scope = self.tree.function(function).scope;
        let (root, rest) = text.split_once('.').map_or((text, None), |(root, rest)| (root, Some(rest)));
        let slot = self.tree.find_sym(root).and_then(|sym| self.tree.lookup(scope, sym));
        let defs = slot.map(|slot| self.reaching.definitions[slot.at()].clone()).unwrap_or_default();
        let Some(def) = defs.last() else { return self.enter(text, false, false, Meaning::Nothing) };
        let def = self.reaching.defs[def.0 as usize];
        match (self.of_definition(&def).first().copied(), rest) {
            (Some(id), None) => id,
            (Some(id), Some(rest)) => {
                let text = format!("{}.{rest}", self.get(id).text);
                let known = self.get(id).known;
                self.enter(text, known, false, Meaning::Nothing)
            }
            (None, _) => self.enter(text, false, false, Meaning::Nothing),
        }
    }

    /// Values of the type that an expression names.
    pub(super) fn instances(&mut self, ty: ExprId) -> Vec<NameId> {
        let types = self.types(ty);
        types
            .into_iter()
            .map(|id| {
                let dotted = self.get(id).clone();
                self.enter(dotted.text, dotted.known, true, dotted.meaning)
            })
            .collect()
    }

    /// What stands beside the type in an annotation: `Depends(f)` of `Annotated[T, Depends(f)]`.
    pub fn beside_type(&mut self, annotation: ExprId) -> Vec<ExprId> {
        let tree = self.tree;
        let Kind::Subscript { object, index: Some(index) } = tree.kind(annotation) else { return Vec::new() };
        let names = self.of(*object);
        let annotated = names.iter().any(|&id| self.idioms.annotated.contains(&&*self.get(id).text));
        match tree.kind(*index) {
            Kind::Container { entries, .. } if annotated => entries.iter().skip(1).map(|entry| entry.value).collect(),
            _ => Vec::new(),
        }
    }
}
