//! Dominators of graphs whose edges run from smaller to larger numbers.
//!
//! Structured code gives such graphs once the edges back to loop heads are left out, which changes no
//! dominator. A node's parent is then the nearest common ancestor of its predecessors, all settled before it;
//! ancestors are found in logarithmic time over jumps (each node knows its parent and one further ancestor).

/// A tree that grows at its leaves.
#[derive(Debug, Default)]
pub struct Dominators {
    nodes: Vec<Option<Node>>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    jump: u32,
    depth: u32,
}

impl Dominators {
    /// The dominator tree of the nodes `0..n` below the entry 0, where `predecessors(node)` are smaller numbers.
    /// Nodes that cannot be reached have no place in it.
    pub fn new(n: usize, predecessors: impl Fn(u32) -> Vec<u32>) -> Self {
        let mut tree = Dominators { nodes: Vec::with_capacity(n) };
        tree.nodes.push(Some(Node { parent: 0, jump: 0, depth: 0 }));
        for node in 1..n as u32 {
            let mut parent = None;
            for predecessor in predecessors(node) {
                debug_assert!(predecessor < node, "edges run forward");
                if tree.nodes[predecessor as usize].is_some() {
                    parent = Some(parent.map_or(predecessor, |at| tree.common(at, predecessor)));
                }
            }
            let entry = parent.map(|parent| tree.below(parent));
            tree.nodes.push(entry);
        }
        tree
    }

    /// The nearest node that is on every path to this one.
    pub fn parent(&self, node: u32) -> Option<u32> {
        self.nodes[node as usize].filter(|_| node != 0).map(|entry| entry.parent)
    }

    fn at(&self, node: u32) -> Node {
        self.nodes[node as usize].unwrap_or(Node { parent: 0, jump: 0, depth: 0 })
    }

    fn below(&self, parent: u32) -> Node {
        let above = self.at(parent);
        let jump = self.at(above.jump);
        // Jumps double where two of equal length follow each other.
        let jump = if above.depth - jump.depth == jump.depth - self.at(jump.jump).depth { jump.jump } else { parent };
        Node { parent, jump, depth: above.depth + 1 }
    }

    /// The nearest common ancestor.
    fn common(&self, mut a: u32, mut b: u32) -> u32 {
        if self.at(a).depth < self.at(b).depth {
            std::mem::swap(&mut a, &mut b);
        }
        let depth = self.at(b).depth;
        while self.at(a).depth > depth {
            let node = self.at(a);
            a = if self.at(node.jump).depth >= depth { node.jump } else { node.parent };
        }
        while a != b {
            let (left, right) = (self.at(a), self.at(b));
            (a, b) = if left.jump == right.jump { (left.parent, right.parent) } else { (left.jump, right.jump) };
        }
        a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dominators by their definition: what cannot be reached without the node.
    fn naive(n: usize, edges: &[Vec<u32>]) -> Vec<Option<u32>> {
        let reach = |without: Option<u32>| {
            let mut seen = vec![false; n];
            for node in 0..n {
                let entered = node == 0 || edges[node].iter().any(|&p| seen[p as usize]);
                seen[node] = entered && Some(node as u32) != without;
            }
            seen
        };
        let all = reach(None);
        (0..n)
            .map(|node| {
                let dominators = (0..node as u32).filter(|&d| all[node] && !reach(Some(d))[node]);
                dominators.max()
            })
            .collect()
    }

    #[test]
    fn agrees_with_the_definition_on_many_graphs() {
        let mut state = 1u64;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) % u64::from(below)) as u32
        };
        for _ in 0..300 {
            let n = 2 + random(30) as usize;
            let edges: Vec<Vec<u32>> = (0..n as u32)
                .map(|node| if node == 0 { Vec::new() } else { (0..random(4)).map(|_| random(node)).collect() })
                .collect();
            let tree = Dominators::new(n, |node| edges[node as usize].clone());
            let found: Vec<_> = (0..n as u32).map(|node| tree.parent(node)).collect();
            assert_eq!(found, naive(n, &edges), "{edges:?}");
        }
    }
}
