//! Types that are many of another: `[]T`, `List<T>`. Their name is that of `T` after `[]`, and what is taken out of their
//! objects, by a subscript, a loop, a method or the parameter of a lambda, goes by the name of `T`.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::names::{Dotted, NameId, Names};
use crate::idioms::Idioms;
use crate::tree::{ExprId, FunctionId, Kind, Tree};

/// What begins the name of a type that is many of another.
pub(super) const MANY: &str = "[]";

impl Names<'_> {
    /// The type of many of another.
    pub(super) fn many(&mut self, id: NameId) -> NameId {
        let part = self.get(id).clone();
        self.enter(format!("{MANY}{}", part.text), part.known, part.instance, part.meaning)
    }

    /// What a method of an object gives that is many of another: one of them, or many of the same.
    pub(super) fn of_taking(&mut self, callee: ExprId) -> Vec<NameId> {
        let &Kind::Attribute { object, name } = self.tree.kind(callee) else { return Vec::new() };
        let method = self.tree.text(name);
        if self.idioms.taking.contains(&method) {
            self.parts_of_many(object)
        } else if self.idioms.sifting.contains(&method) {
            let names = self.of(object);
            names.into_iter().filter(|&id| self.get(id).text.starts_with(MANY)).collect()
        } else {
            Vec::new()
        }
    }

    /// What is in a value whose type is many of another: `[]T`.
    pub(super) fn parts_of_many(&mut self, value: ExprId) -> Vec<NameId> {
        let names = self.of(value);
        names.into_iter().filter_map(|id| self.part_of_many(id)).collect()
    }

    pub(super) fn part_of_many(&mut self, id: NameId) -> Option<NameId> {
        let Dotted { text, known, instance, meaning } = self.get(id).clone();
        let part = text.strip_prefix(MANY)?;
        Some(self.enter(part, known, instance, meaning))
    }
}

/// The lambdas that a method of an object hands its parts to.
pub(super) fn given(tree: &Tree, idioms: &Idioms) -> HashMap<(FunctionId, u32), ExprId, FxBuildHasher> {
    let mut found = HashMap::default();
    for expr in tree.exprs.iter().filter(|_| !idioms.passing.is_empty()) {
        if let Kind::Call { callee, arguments } = &expr.kind
            && let (&Kind::Attribute { object, name }, Some(first)) = (tree.kind(*callee), arguments.first())
            && let Kind::Function(lambda) = *tree.kind(first.value)
            && let Some(&(_, index)) = idioms.passing.iter().find(|&&(method, _)| method == tree.text(name))
        {
            found.insert((lambda, index as u32), object);
        }
    }
    found
}
