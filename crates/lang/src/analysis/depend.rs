//! What depends on what: relations that others are computed from, and whether their absence matters.

use crepe::crepe;
use ir::{Program, RelId, RelationKind, RuleId};

use super::reads;

mod reaching {
    use super::crepe;

    crepe! {
        @input
        pub struct Start(pub u32);

        // From what is computed to what it is computed from; the flag says through `not` or an aggregate.
        @input
        pub struct Edge(pub u32, pub u32, pub bool);

        // A relation that a start is computed from, itself included.
        @output
        pub struct Reached(pub u32);

        // One that it is computed from through `not` or an aggregate on the way.
        @output
        pub struct Negatively(pub u32);

        Reached(x) <- Start(x);
        Reached(y) <- Reached(x), Edge(x, y, _);
        Negatively(y) <- Reached(x), Edge(x, y, true);
        Negatively(y) <- Negatively(x), Edge(x, y, _);
    }

    pub fn run(start: &[u32], edges: &[(u32, u32, bool)]) -> (Vec<u32>, Vec<u32>) {
        let mut runtime = Crepe::new();
        runtime.extend(start.iter().map(|relation| Start(*relation)));
        runtime.extend(edges.iter().map(|(from, to, negative)| Edge(*from, *to, *negative)));
        let (reached, negatively) = runtime.run();
        let mut reached: Vec<u32> = reached.into_iter().map(|Reached(relation)| relation).collect();
        let mut negatively: Vec<u32> = negatively.into_iter().map(|Negatively(relation)| relation).collect();
        reached.sort_unstable();
        negatively.sort_unstable();
        (reached, negatively)
    }
}

/// What can be reached from `start` along edges, `start` included; ascending. Edges have a flag that is not looked at.
pub(crate) fn reach(start: &[u32], edges: &[(u32, u32, bool)]) -> Vec<u32> {
    reaching::run(start, edges).0
}

/// What reaches one of `targets` along edges, `targets` included; ascending.
pub(crate) fn reached_by(targets: &[u32], edges: &[(u32, u32, bool)]) -> Vec<u32> {
    let turned: Vec<_> = edges.iter().map(|(from, to, negative)| (*to, *from, *negative)).collect();
    reach(targets, &turned)
}

/// A relation or rule that another relation is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dependency<T> {
    /// Which.
    pub id: T,
    /// Whether on some way it stands under `not` or in an aggregate, so that more rows of it may mean fewer there.
    pub negative: bool,
}

/// All relations that `relation` is computed from, itself included, by id.
pub fn dependencies(program: &Program, relation: RelId) -> Vec<Dependency<RelId>> {
    let mut edges = Vec::new();
    for rule in &program.rules {
        let mut add = |read: crate::model::Read| edges.push((rule.head.0, read.relation.0, read.negative));
        reads::body(&rule.body, false, &mut add);
        rule.args.iter().for_each(|arg| reads::expr(arg, &mut add));
    }
    let (reached, negatively) = reaching::run(&[relation.0], &edges);
    let negative = |id: &u32| negatively.binary_search(id).is_ok();
    reached.into_iter().map(|id| Dependency { id: RelId(id), negative: negative(&id) }).collect()
}

/// The input relations among them.
pub fn inputs_of(program: &Program, relation: RelId) -> Vec<Dependency<RelId>> {
    let mut found = dependencies(program, relation);
    found.retain(|dependency| program.relation(dependency.id).kind == RelationKind::Input);
    found
}

/// The rules of all these relations, by id.
pub fn rules_of(program: &Program, relation: RelId) -> Vec<Dependency<RuleId>> {
    let found = dependencies(program, relation);
    let of = |head: RelId| found.binary_search_by_key(&head, |dependency| dependency.id).ok();
    let rules = program.rules().filter_map(|(id, rule)| {
        let at = of(rule.head)?;
        Some(Dependency { id, negative: found[at].negative })
    });
    rules.collect()
}
