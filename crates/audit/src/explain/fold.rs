//! What a tree leaves out of a proof: the insides of built-in rules. A row of the library that a policy rests on is shown with
//! its premises; premises that are library rows themselves rest on what their line says in short.

use super::tree::{Explanation, Node, NodeKind};
use crate::packs::LIBRARY;

/// So few steps are shown rather than counted.
const FEW: usize = 4;

/// Places named of what is left out.
const PLACES: usize = 3;

/// Whether a rule of the library made the row.
pub(super) fn is_library(node: &Node) -> bool {
    node.kind == NodeKind::Rule && node.spots.first().is_some_and(|spot| spot.path.starts_with(LIBRARY))
}

/// What is left out below a node, in one line: how many steps, and the places of scanned files that they rest on. None where it
/// is not worth it.
pub(super) fn folded(explanation: &Explanation, node: usize) -> Option<String> {
    let mut seen = vec![false; explanation.nodes.len()];
    let mut stack = vec![node];
    let mut steps = 0;
    let mut places: Vec<(&str, u32, u32)> = Vec::new();
    while let Some(at) = stack.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let below = &explanation.nodes[at];
        steps += usize::from(at != node);
        // A place that is a whole file tells too little.
        if let (NodeKind::Input, Some(spot)) = (below.kind, below.spots.first().filter(|spot| spot.line > 0)) {
            places.push((&spot.path, spot.line, spot.column));
        }
        stack.extend(below.children.iter().rev());
    }
    if steps <= FEW {
        return None;
    }
    places.sort_unstable();
    places.dedup();
    let place = |(path, line, column): &(&str, u32, u32)| format!("{path}:{line}:{column}");
    let named = places.iter().take(PLACES).map(place).collect::<Vec<_>>().join(", ");
    Some(match places.len().checked_sub(PLACES) {
        _ if places.is_empty() => format!("… {steps} steps"),
        None | Some(0) => format!("… {steps} steps, from {named}"),
        Some(1) => format!("… {steps} steps, from {named} and 1 more place"),
        Some(more) => format!("… {steps} steps, from {named} and {more} more places"),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Spot;

    /// A proof of one chain: rows made by rules of `paths`, one resting on the next, and an input row at its end.
    fn chain(paths: &[&str]) -> Explanation {
        let spot = |path: &str| {
            let path = Arc::from(path);
            Spot { path, line: 1, column: 1, end_line: 1, end_column: 2, excerpt: None }
        };
        let mut nodes: Vec<Node> = Vec::new();
        for (at, path) in paths.iter().chain(&["app.py"]).enumerate() {
            let last = at == paths.len();
            nodes.push(Node {
                kind: if last { NodeKind::Input } else { NodeKind::Rule },
                relation: Some(format!("m.r{at}").into()),
                text: format!("m.r{at}"),
                cells: Vec::new(),
                spots: vec![spot(path)],
                children: if last { Vec::new() } else { vec![at + 1] },
            });
        }
        Explanation { nodes, roots: vec![0], holds: true, ..Explanation::default() }
    }

    #[test]
    fn the_insides_of_library_rules_are_counted() {
        let explanation = chain(&["own.law", LIBRARY, LIBRARY, LIBRARY, LIBRARY, LIBRARY, LIBRARY]);
        let folded = explanation.tree(false, false);
        assert!(folded.contains("m.r2\n") && folded.contains("… 5 steps, from app.py:1:1"), "{folded}");
        assert!(!folded.contains("m.r3"), "{folded}");
        let full = explanation.tree(false, true);
        assert!(full.contains("m.r6\n") && !full.contains('…'), "{full}");
    }

    #[test]
    fn a_policys_own_rules_and_short_proofs_are_not_folded() {
        let own = chain(&["own.law"; 8]);
        assert_eq!(own.tree(false, false), own.tree(false, true));
        let short = chain(&["own.law", LIBRARY, LIBRARY, LIBRARY, LIBRARY]);
        assert_eq!(short.tree(false, false), short.tree(false, true));
    }
}
