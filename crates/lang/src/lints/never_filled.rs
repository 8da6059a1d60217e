//! W0715: a relation that rules read and nothing fills, so that they never match.
//!
//! A relation may have rows if it is an input, has a fact, or has a rule whose positive atoms all may have rows; that is
//! computed as a least fixed point. What is left is empty whatever is read: for want of rules and facts, or because its
//! rules only go round in a circle.

use std::sync::Arc;

use base::{Diagnostic, Place};
use ir::{LiteralKind, RelId};
use rustc_hash::FxHashMap;

use super::Lint;
use crate::RelationOrigin;
use crate::analysis::components;
use crate::model::{Relation, Role, Rule};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0715", "never-filled").whole();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    let mut has = vec![(false, false); world.relations.len()];
    world.rules.iter().for_each(|rule| has[rule.rule.head.0 as usize].0 = true);
    world.facts.iter().for_each(|fact| has[fact.relation.0 as usize].1 = true);
    let mut filled: Vec<bool> = Vec::with_capacity(world.relations.len());
    let mut empty: Vec<usize> = Vec::new();
    for (at, relation) in world.relations.iter().enumerate() {
        let plain = relation.role == Role::Plain && !is_point_of_extension(compiler, relation);
        let lacking = relation.origin != RelationOrigin::Extracted
            && relation.origin != RelationOrigin::Input
            && plain
            && has[at] == (false, false);
        if lacking {
            empty.push(at);
        }
        // What is told is taken as filled, so that what follows from it is not told again.
        filled.push(lacking || has[at].1 || !matches!(relation.origin, RelationOrigin::Derived));
    }
    let mut first = readers(compiler, &empty);
    for at in empty {
        if let Some(reader) = first.remove(&RelId(at as u32)) {
            let relation = &world.relations[at];
            let name = &relation.decl.name;
            out.push(
                LINT.at(relation.place, format!("nothing fills `{name}`: it has no rule and no fact"))
                    .also(reader, "is read here, and finds no row")
                    .help("add a rule or facts for it; rows that a test gives count in that test only"),
            );
        }
    }
    let left = fill(&world.rules, &mut filled);
    circles(compiler, &left, &filled, out);
}

/// Relations whose rules all go round in a circle that nothing enters. What depends on one is empty too, and not told.
fn circles(compiler: &Compiler, rules: &[&Rule], filled: &[bool], out: &mut Vec<Diagnostic>) {
    if rules.is_empty() {
        return;
    }
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); filled.len()];
    for rule in rules {
        edges[rule.rule.head.0 as usize].extend(positive(&rule.rule.body).filter(|read| !filled[*read]));
    }
    for component in components(&edges) {
        let inside = |to: &usize| component.binary_search(to).is_ok();
        let closed = component.iter().all(|at| edges[*at].iter().all(inside) && !edges[*at].is_empty());
        let relation = &compiler.out.resolved.relations[component[0]];
        if closed && relation.role == Role::Plain {
            out.push(
                LINT.at(relation.place, format!("`{}` is always empty: its rules need rows of it", relation.decl.name))
                    .help("add a rule or a fact to begin with"),
            );
        }
    }
}

/// An `open` relation of a library is there for others to fill.
fn is_point_of_extension(compiler: &Compiler, relation: &Relation) -> bool {
    relation.origin == RelationOrigin::Open && compiler.out.resolved.modules[relation.module].source.builtin
}

/// Relations that have to have rows for the body to hold; an `or` may hold by any branch.
fn positive(body: &[ir::Literal]) -> impl Iterator<Item = usize> + '_ {
    body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom.relation.0 as usize),
        _ => None,
    })
}

/// Finds what may have rows; the rules of relations that have none are left.
fn fill<'a>(rules: &'a [Arc<Rule>], filled: &mut [bool]) -> Vec<&'a Rule> {
    let mut left: Vec<&Rule> = rules.iter().map(|rule| &**rule).collect();
    loop {
        let before = left.len();
        left.retain(|rule| {
            let head = rule.rule.head.0 as usize;
            filled[head] |= positive(&rule.rule.body).all(|read| filled[read]);
            !filled[head]
        });
        if left.len() == before {
            return left;
        }
    }
}

/// The first place where a rule reads each of the relations.
fn readers(compiler: &Compiler, relations: &[usize]) -> FxHashMap<RelId, Place> {
    let mut found = FxHashMap::default();
    if relations.is_empty() {
        return found;
    }
    let literals = compiler.out.resolved.rules.iter().flat_map(|rule| &rule.rule.body);
    for literal in literals {
        if let LiteralKind::Atom(atom) = &literal.kind
            && relations.binary_search(&(atom.relation.0 as usize)).is_ok()
        {
            found.entry(atom.relation).or_insert(literal.place);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{lints, lints_of};
    use crate::testing::pin;

    #[test]
    fn what_is_read_is_filled() {
        pin!(lints(
            "W0715",
            r##"
rel approved(name: string)
open rel known(name: string)
rel denied(name: string)
rel allowed(f: code.Function)
allowed(f) :- code.function{function: f, name: n}, approved(n), known(n), not denied(n).
rel unread(x: string)
rel near(a: string, b: string)
near(a, b) :- near(b, a).
near(a, c) :- near(a, b), near(b, c).
rel far(a: string, b: string)
far(a, b) :- near(a, b).
rel begun(a: string)
begun(a) :- begun(b), a = lower(b).
begun("x").
"##
        ));
    }

    #[test]
    fn libraries_leave_relations_open() {
        let text = "open rel known(f: string)\nrel k(f: string)\nk(f) :- known(f).";
        assert!(!lints_of("W0715", "std.m", text).contains("nothing fills"));
    }
}
