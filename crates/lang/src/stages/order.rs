//! Rules and facts by module path, then place: the order that ties between proofs go by.

use base::Place;
use rustc_hash::FxHashMap;

use super::Compiler;

/// Sorts rules and facts, and indexes them by relation.
pub(super) fn run(compiler: &mut Compiler) {
    let world = compiler.world();
    let modules: FxHashMap<_, _> =
        world.modules.iter().enumerate().map(|(number, module)| (module.source.file, number)).collect();
    let key = |place: Place| (modules.get(&place.file).copied(), place.span);
    world.rules.sort_by_key(|rule| key(rule.rule.place));
    world.facts.sort_by_key(|fact| key(fact.place));
    world.rules_of.iter_mut().for_each(Vec::clear);
    world.facts_of.iter_mut().for_each(Vec::clear);
    for (number, rule) in world.rules.iter().enumerate() {
        world.rules_of[rule.rule.head.0 as usize].push(number);
    }
    for (number, fact) in world.facts.iter().enumerate() {
        world.facts_of[fact.relation.0 as usize].push(number);
    }
}
