//! The order of calls: a graph of a function's calls and exit tests, and what follows from it.
//!
//! Two graphs are built by the same walk. *Before* says what is always reached before a call: any statement of
//! a guarded block may fail, so handlers hang on its start, and the last block of a `try` stands twice, once
//! for every way that leaves and once for the way that goes on. *After* says what is always reached after a
//! call that returns: errors come from `raise` alone, and the end of a loop's body leads wherever the loop can
//! be left to. Nodes are numbered so that all edges run forward (see `dominance`).

use super::dominance::Dominators;
use super::order::Order;
use crate::idioms::Idioms;
use crate::tree::{ExprId, FunctionId, Tree};

/// A test whose branch always leaves the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExitTest {
    pub function: FunctionId,
    pub condition: ExprId,
    pub exit: Option<ExprId>,
}

/// The order of a function's calls.
#[derive(Debug, Default)]
pub struct Control {
    pub exit_tests: Vec<ExitTest>,
    /// The nearest call or exit test that is always reached before another.
    pub precedes: Vec<(ExprId, ExprId)>,
    /// The nearest call that is always reached after another: the earlier first.
    pub follows: Vec<(ExprId, ExprId)>,
}

impl Control {
    /// Works out the order for one function.
    pub fn new(tree: &Tree, idioms: &Idioms, function: FunctionId) -> Self {
        let mut control = Control::default();
        let before = Order::walk(tree, idioms, function, true);
        control.exit_tests.clone_from(&before.exit_tests);
        let dominators = Dominators::new(before.len(), |node| before.predecessors(node).to_vec());
        // By node: the nearest event at it or above.
        let mut nearest: Vec<Option<u32>> = vec![None; before.len()];
        for node in 1..before.len() as u32 {
            let Some(parent) = dominators.parent(node) else { continue };
            let mut above = nearest[parent as usize];
            let Some(second) = before.event(node) else {
                nearest[node as usize] = above;
                continue;
            };
            nearest[node as usize] = Some(node);
            if !before.is_first(node) {
                continue;
            }
            while let Some(at) = above {
                let Some(first) = before.event(at) else { break };
                if first != second && control.precedes.last() != Some(&(first, second)) {
                    control.precedes.push((first, second));
                }
                // The second copy of a last block has other dominators than the first, whose rows stand for it.
                if before.is_first(at) {
                    break;
                }
                above = dominators.parent(at).and_then(|parent| nearest[parent as usize]);
            }
        }
        control.after(&Order::walk(tree, idioms, function, false));
        control
    }

    /// Post-dominators: dominators of the graph read backward from the function's end.
    fn after(&mut self, order: &Order<'_>) {
        let n = order.len();
        // Number 0 is the end; node k is number n - k.
        let flip = |node: u32| n as u32 - node;
        let mut successors: Vec<Vec<u32>> = vec![Vec::new(); n + 1];
        for node in 0..n as u32 {
            for &predecessor in order.predecessors(node) {
                successors[flip(predecessor) as usize].push(flip(node));
            }
        }
        for &node in order.exits() {
            successors[flip(node) as usize].push(0);
        }
        let dominators = Dominators::new(n + 1, |node| successors[node as usize].clone());
        let mut nearest: Vec<Option<ExprId>> = vec![None; n + 1];
        let mut found = Vec::new();
        for number in 1..=n as u32 {
            let Some(parent) = dominators.parent(number) else { continue };
            let after = nearest[parent as usize];
            let own = order.event(flip(number));
            nearest[number as usize] = own.or(after);
            if let (Some(first), Some(second)) = (own, after)
                && first != second
            {
                found.push((first, second));
            }
        }
        found.reverse();
        self.follows = found;
    }
}
