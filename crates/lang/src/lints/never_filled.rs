//! W0715: a relation that rules read and nothing fills, so that they never match.
//!
//! A relation may have rows if it is an input, has a fact, or has a rule whose positive atoms all may have rows; that is
//! computed as a least fixed point. What is left is empty whatever is read: for want of rules and facts, or because its
//! rules only go round in a circle.

use base::Diagnostic;
use ir::{LiteralKind, RelId};

use super::Lint;
use crate::RelationOrigin;
use crate::analysis::components;
use crate::model::{Relation, Role};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0715", "never-filled").whole();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    let without = |at: usize| world.rules_of[at].is_empty() && world.facts_of[at].is_empty();
    let mut filled: Vec<bool> = Vec::with_capacity(world.relations.len());
    let mut empty: Vec<usize> = Vec::new();
    for (at, relation) in world.relations.iter().enumerate() {
        let plain = relation.role == Role::Plain && !is_point_of_extension(compiler, relation);
        let lacking = relation.origin != RelationOrigin::Extracted
            && relation.origin != RelationOrigin::Input
            && plain
            && without(at);
        if lacking {
            empty.push(at);
        }
        // What is told is taken as filled, so that what follows from it is not told again.
        filled.push(lacking || !world.facts_of[at].is_empty() || !matches!(relation.origin, RelationOrigin::Derived));
    }
    let rules: Vec<(usize, Vec<usize>)> =
        world.rules.iter().map(|rule| (rule.rule.head.0 as usize, positive(&rule.rule.body))).collect();
    for at in empty {
        if let Some(reader) = reader(compiler, RelId(at as u32)) {
            let relation = &world.relations[at];
            let name = &relation.decl.name;
            out.push(
                LINT.at(relation.place, format!("nothing fills `{name}`: it has no rule and no fact"))
                    .also(reader, "is read here, and finds no row")
                    .help("add a rule or facts for it; rows that a test gives count in that test only"),
            );
        }
    }
    fill(&rules, &mut filled);
    circles(compiler, &rules, &filled, out);
}

/// Relations whose rules all go round in a circle that nothing enters. What depends on one is empty too, and not told.
fn circles(compiler: &Compiler, rules: &[(usize, Vec<usize>)], filled: &[bool], out: &mut Vec<Diagnostic>) {
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); filled.len()];
    for (head, reads) in rules.iter().filter(|(head, _)| !filled[*head]) {
        edges[*head].extend(reads.iter().filter(|read| !filled[**read]));
    }
    if edges.iter().all(Vec::is_empty) {
        return;
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
fn positive(body: &[ir::Literal]) -> Vec<usize> {
    let atoms = body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom.relation.0 as usize),
        _ => None,
    });
    atoms.collect()
}

fn fill(rules: &[(usize, Vec<usize>)], filled: &mut [bool]) {
    loop {
        let mut changed = false;
        for (head, reads) in rules {
            if !filled[*head] && reads.iter().all(|read| filled[*read]) {
                filled[*head] = true;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// A place where the relation is read by a rule that does not fill it.
fn reader(compiler: &Compiler, relation: RelId) -> Option<base::Place> {
    let rules = &compiler.out.resolved.rules;
    let mut literals = rules.iter().flat_map(|rule| &rule.rule.body);
    literals.find_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) if atom.relation == relation => Some(literal.place),
        _ => None,
    })
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
