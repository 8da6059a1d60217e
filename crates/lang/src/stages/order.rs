//! Rules and facts by module path, then place: the order that ties between proofs go by.

use base::{Place, Span};

use super::Compiler;
use crate::model::ByRelation;

/// Sorts rules and facts, and indexes them by relation.
pub(super) fn run(compiler: &mut Compiler) {
    let kept = compiler.kept;
    let world = compiler.world();
    let modules = world.by_file.clone();
    let key = |place: Place| (modules.get(&place.file).copied(), place.span);
    let (rules, facts) = kept;
    insert(&mut world.rules, rules, |rule| key(rule.rule.place));
    insert(&mut world.facts, facts, |fact| key(fact.place));
    let relations = world.relations.len();
    world.rules_of = ByRelation::new(relations, world.rules.iter().map(|rule| rule.rule.head));
    world.facts_of = ByRelation::new(relations, world.facts.iter().map(|fact| fact.relation));
}

/// Brings those behind the first `kept`, which are in order, into their places: those of a module follow each other.
fn insert<T>(all: &mut Vec<T>, kept: usize, key: impl Fn(&T) -> (Option<usize>, Span)) {
    let mut rest = all.split_off(kept.min(all.len()));
    rest.sort_by_key(&key);
    if all.is_empty() {
        return *all = rest;
    }
    let mut rest = rest.into_iter().peekable();
    while let Some(first) = rest.next() {
        let module = key(&first).0;
        let at = all.partition_point(|other| key(other).0 < module);
        let mut run = vec![first];
        while let Some(next) = rest.next_if(|next| key(next).0 == module) {
            run.push(next);
        }
        all.splice(at..at, run);
    }
}
