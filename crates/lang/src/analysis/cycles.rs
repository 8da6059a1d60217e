//! Cycles through `not` or an aggregate. Components are found by Tarjan; which rules stay within one and read it
//! negatively is a rule of two atoms; the way back is the shortest.

use std::collections::VecDeque;

use crepe::crepe;
use rustc_hash::FxHashMap;

use super::components;

/// A rule's head, what it reads, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    /// Number of the rule.
    pub rule: usize,
    /// Relation of its head.
    pub head: usize,
    /// Relation that it reads.
    pub read: usize,
    /// Whether under `not` or in an aggregate.
    pub negative: bool,
}

mod within {
    use super::crepe;

    crepe! {
        @input
        pub struct Member(pub usize, pub usize);

        @input
        pub struct Reads(pub usize, pub usize, pub usize, pub bool);

        // An edge, by number, whose ends are in one component.
        @output
        pub struct Inner(pub usize, pub usize, pub bool);

        Inner(edge, component, negative) <-
            Reads(edge, head, read, negative), Member(head, component), Member(read, component);
    }

    pub fn run(members: Vec<(usize, usize)>, edges: Vec<(usize, usize, usize, bool)>) -> Vec<(usize, usize, bool)> {
        let mut runtime = Crepe::new();
        runtime.extend(members.into_iter().map(|(member, component)| Member(member, component)));
        runtime.extend(edges.into_iter().map(|(edge, head, read, negative)| Reads(edge, head, read, negative)));
        let (inner,) = runtime.run();
        let mut inner: Vec<_> =
            inner.into_iter().map(|Inner(edge, component, negative)| (edge, component, negative)).collect();
        inner.sort_unstable();
        inner
    }
}

/// For each component with a negative edge inside: a cycle that begins with the first such edge (by number of the
/// edge), and all rules that have such an edge there.
pub(crate) fn negative_cycles(relations: usize, edges: &[Edge]) -> Vec<(Vec<Edge>, Vec<usize>)> {
    let mut graph = vec![Vec::new(); relations];
    for edge in edges {
        graph[edge.head].push(edge.read);
    }
    let components = components(&graph);
    // Most programs have no such cycle, and editors ask after each key.
    let mut of = vec![0; relations];
    for (number, component) in components.iter().enumerate() {
        component.iter().for_each(|member| of[*member] = number);
    }
    if !edges.iter().any(|edge| edge.negative && of[edge.head] == of[edge.read]) {
        return Vec::new();
    }
    let mut members = Vec::with_capacity(relations);
    for (number, component) in components.iter().enumerate() {
        members.extend(component.iter().map(|member| (*member, number)));
    }
    let numbered = edges.iter().enumerate().map(|(at, edge)| (at, edge.head, edge.read, edge.negative)).collect();
    let inner = within::run(members, numbered);
    let mut by_component: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (edge, component, _) in &inner {
        by_component.entry(*component).or_default().push(*edge);
    }
    let mut first: FxHashMap<usize, usize> = FxHashMap::default();
    let mut found: Vec<(Vec<Edge>, Vec<usize>)> = Vec::new();
    for (edge, component, _) in inner.iter().filter(|(.., negative)| *negative) {
        let rule = edges[*edge].rule;
        match first.get(component) {
            Some(at) => found[*at].1.push(rule),
            None => {
                first.insert(*component, found.len());
                found.push((cycle(edges[*edge], &by_component[component], edges), vec![rule]));
            }
        }
    }
    found
}

/// `start` and the shortest way from what it reads back to its head.
fn cycle(start: Edge, inner: &[usize], edges: &[Edge]) -> Vec<Edge> {
    let mut leaving: FxHashMap<usize, Vec<Edge>> = FxHashMap::default();
    for edge in inner {
        leaving.entry(edges[*edge].head).or_default().push(edges[*edge]);
    }
    let mut came_by: FxHashMap<usize, Edge> = FxHashMap::default();
    let mut queue = VecDeque::from([start.read]);
    while let Some(at) = queue.pop_front() {
        if at == start.head {
            break;
        }
        for edge in leaving.get(&at).into_iter().flatten() {
            if edge.read != start.read && !came_by.contains_key(&edge.read) {
                came_by.insert(edge.read, *edge);
                queue.push_back(edge.read);
            }
        }
    }
    let mut way = Vec::new();
    let mut at = start.head;
    while at != start.read {
        let Some(edge) = came_by.get(&at) else { break };
        way.push(*edge);
        at = edge.head;
    }
    way.push(start);
    way.reverse();
    way
}
