//! What depends on what: relations that others are computed from, and whether their absence matters.

use ir::{Program, RelId};

use super::reads;

/// What can be reached from `start` along edges, `start` included; ascending. Edges have a flag that is not looked at.
///
/// One question about one set is asked after each key of an editor: a walk over the edges of each node, once.
pub(crate) fn reach(start: &[u32], edges: &[(u32, u32, bool)]) -> Vec<u32> {
    if start.is_empty() {
        return Vec::new();
    }
    let graph = Graph::new(start.iter().copied(), edges);
    let mut reached = vec![false; graph.nodes()];
    let mut waiting: Vec<u32> = start.to_vec();
    while let Some(node) = waiting.pop() {
        if !std::mem::replace(&mut reached[node as usize], true) {
            waiting.extend(graph.leaving(node).iter().map(|(to, _)| *to));
        }
    }
    (0..graph.nodes() as u32).filter(|node| reached[*node as usize]).collect()
}

/// Edges by the node that they leave.
struct Graph {
    first: Vec<usize>,
    edges: Vec<(u32, bool)>,
}

impl Graph {
    fn new(nodes: impl Iterator<Item = u32>, edges: &[(u32, u32, bool)]) -> Graph {
        let last = nodes.chain(edges.iter().flat_map(|(from, to, _)| [*from, *to])).max();
        let mut first = vec![0_usize; last.map_or(1, |last| last as usize + 2)];
        edges.iter().for_each(|(from, ..)| first[*from as usize + 1] += 1);
        (1..first.len()).for_each(|at| first[at] += first[at - 1]);
        let mut next = first.clone();
        let mut sorted = vec![(0, false); edges.len()];
        for (from, to, negative) in edges {
            sorted[next[*from as usize]] = (*to, *negative);
            next[*from as usize] += 1;
        }
        Graph { first, edges: sorted }
    }

    fn nodes(&self) -> usize {
        self.first.len() - 1
    }

    fn leaving(&self, node: u32) -> &[(u32, bool)] {
        &self.edges[self.first[node as usize]..self.first[node as usize + 1]]
    }
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
    reached_from(relations.iter().map(|relation| relation.0), &edges)
        .into_iter()
        .map(|found| found.into_iter().map(|(id, negative)| Dependency { id: RelId(id), negative }).collect())
        .collect()
}

/// What is reached from each root, ascending, and whether through a negative edge on some way. A walk for each root: asked
/// after each key of an editor.
fn reached_from(roots: impl Iterator<Item = u32> + Clone, edges: &[(u32, u32, bool)]) -> Vec<Vec<(u32, bool)>> {
    let graph = Graph::new(roots.clone(), edges);
    // The last root from which a node was reached, in any way and through a negative edge.
    let mut seen = vec![(0_u32, 0_u32); graph.nodes()];
    let (mut waiting, mut found) = (Vec::new(), Vec::new());
    for (number, root) in (1..).zip(roots) {
        let mut reached = Vec::new();
        waiting.push((root, false));
        while let Some((node, negative)) = waiting.pop() {
            let (any, negatively) = &mut seen[node as usize];
            if *negatively == number || *any == number && !negative {
                continue;
            }
            if *any != number {
                reached.push(node);
            }
            (*any, *negatively) = (number, if negative { number } else { *negatively });
            waiting.extend(graph.leaving(node).iter().map(|(to, edge)| (*to, negative || *edge)));
        }
        reached.sort_unstable();
        found.push(reached.into_iter().map(|node| (node, seen[node as usize].1 == number)).collect());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::reached_from;

    mod reaching {
        use crepe::crepe;

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

    #[test]
    fn walks_find_what_datalog_finds() {
        for seed in 1..200 {
            let mut roll = crate::testing::dice(seed);
            let count = 2 + roll(12);
            let edges: Vec<_> =
                (0..count * 2).map(|_| (roll(count) as u32, roll(count) as u32, roll(4) == 0)).collect();
            let roots: Vec<u32> = (0..3).map(|_| roll(count) as u32).collect();
            let start = roots.iter().enumerate().map(|(root, relation)| (root as u32, *relation));
            let [reached, negatively] = reaching::run(start, &edges);
            let mut found = vec![Vec::new(); roots.len()];
            for pair in reached {
                found[pair.0 as usize].push((pair.1, negatively.binary_search(&pair).is_ok()));
            }
            assert_eq!(reached_from(roots.iter().copied(), &edges), found, "{roots:?} {edges:?}");
        }
    }
}
