//! What depends on what: relations that others are computed from, and whether their absence matters.

use crepe::crepe;
use ir::{Program, RelId};

use super::reads;

mod reaching {
    use super::crepe;

    crepe! {
        // From which relation, under which root, a way begins.
        @input
        pub struct Start(pub u32, pub u32);

        // From what is computed to what it is computed from; the flag says through `not` or an aggregate.
        @input
        pub struct Edge(pub u32, pub u32, pub bool);

        // A relation that the root's start is computed from, itself included.
        @output
        pub struct Reached(pub u32, pub u32);

        // One that it is computed from through `not` or an aggregate on the way.
        @output
        pub struct Negatively(pub u32, pub u32);

        Reached(r, x) <- Start(r, x);
        Reached(r, y) <- Reached(r, x), Edge(x, y, _);
        Negatively(r, y) <- Reached(r, x), Edge(x, y, true);
        Negatively(r, y) <- Negatively(r, x), Edge(x, y, _);
    }

    /// What is reached from each root, and what of it negatively: pairs, ascending.
    pub fn run(start: impl Iterator<Item = (u32, u32)>, edges: &[(u32, u32, bool)]) -> [Vec<(u32, u32)>; 2] {
        let mut runtime = Crepe::new();
        runtime.extend(start.map(|(root, relation)| Start(root, relation)));
        runtime.extend(edges.iter().map(|(from, to, negative)| Edge(*from, *to, *negative)));
        let (reached, negatively) = runtime.run();
        let mut reached: Vec<_> = reached.into_iter().map(|Reached(root, relation)| (root, relation)).collect();
        let mut negatively: Vec<_> =
            negatively.into_iter().map(|Negatively(root, relation)| (root, relation)).collect();
        reached.sort_unstable();
        negatively.sort_unstable();
        [reached, negatively]
    }
}

/// What can be reached from `start` along edges, `start` included; ascending. Edges have a flag that is not looked at.
///
/// One question about one set is asked after each key of an editor: a walk over the edges of each node, once.
pub(crate) fn reach(start: &[u32], edges: &[(u32, u32, bool)]) -> Vec<u32> {
    let nodes = start.iter().copied().chain(edges.iter().flat_map(|(from, to, _)| [*from, *to])).max();
    let Some(last) = nodes.filter(|_| !start.is_empty()) else { return Vec::new() };
    // The edges of a node follow each other.
    let mut first = vec![0_usize; last as usize + 2];
    edges.iter().for_each(|(from, ..)| first[*from as usize + 1] += 1);
    (1..first.len()).for_each(|at| first[at] += first[at - 1]);
    let mut next = first.clone();
    let mut targets = vec![0_u32; edges.len()];
    for (from, to, _) in edges {
        targets[next[*from as usize]] = *to;
        next[*from as usize] += 1;
    }
    let mut reached = vec![false; last as usize + 1];
    let mut waiting: Vec<u32> = start.to_vec();
    while let Some(node) = waiting.pop() {
        if !std::mem::replace(&mut reached[node as usize], true) {
            waiting.extend(&targets[first[node as usize]..first[node as usize + 1]]);
        }
    }
    (0..=last).filter(|node| reached[*node as usize]).collect()
}

/// What reaches one of `targets` along edges, `targets` included; ascending.
pub(crate) fn reached_by(targets: &[u32], edges: &[(u32, u32, bool)]) -> Vec<u32> {
    let turned: Vec<_> = edges.iter().map(|(from, to, negative)| (*to, *from, *negative)).collect();
    reach(targets, &turned)
}

/// A relation that another relation is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dependency {
    /// Which.
    pub id: RelId,
    /// Whether on some way it stands under `not` or in an aggregate, so that more rows of it may mean fewer there.
    pub negative: bool,
}

/// All relations that each of `relations` is computed from, itself included, by id. One call for many is far cheaper
/// than many calls.
pub fn dependencies(program: &Program, relations: &[RelId]) -> Vec<Vec<Dependency>> {
    let mut edges = Vec::new();
    for rule in &program.rules {
        let mut add = |read: crate::model::Read| edges.push((rule.head.0, read.relation.0, read.negative));
        reads::body(&rule.body, false, &mut add);
        rule.args.iter().for_each(|arg| reads::expr(arg, &mut add));
    }
    let start = relations.iter().enumerate().map(|(root, relation)| (root as u32, relation.0));
    let [reached, negatively] = reaching::run(start, &edges);
    let mut found = vec![Vec::new(); relations.len()];
    for (root, relation) in reached {
        let negative = negatively.binary_search(&(root, relation)).is_ok();
        found[root as usize].push(Dependency { id: RelId(relation), negative });
    }
    found
}
