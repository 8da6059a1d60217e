//! An explanation as a graph for Graphviz: what rests on something points to it.

use std::fmt::Write;

use super::tree::{Explanation, Node, NodeKind};

impl Explanation {
    /// A directed graph in the DOT language.
    pub fn dot(&self) -> String {
        let mut out = String::from("digraph explanation {\n");
        out.push_str("  graph [rankdir=BT, labelloc=t, fontname=\"sans-serif\", label=");
        out.push_str(&quoted(&[&self.title, &self.summary.join("\n")].map(|part| part.as_str()).join("\n")));
        out.push_str("];\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n");
        let shown = self.reachable();
        for (id, node) in self.nodes.iter().enumerate().filter(|(id, _)| shown[*id]) {
            let place = node.spots.first().map(|spot| format!("\nat {spot}")).unwrap_or_default();
            let label = quoted(&format!("{}{}{place}", word(node), wrapped(&node.text)));
            // A string never fails to be written to.
            let _ = writeln!(out, "  n{id} [label={label}, {}];", look(node.kind));
        }
        for (id, node) in self.nodes.iter().enumerate().filter(|(id, _)| shown[*id]) {
            for child in &node.children {
                let _ = writeln!(out, "  n{child} -> n{id};");
            }
        }
        out.push_str("}\n");
        out
    }

    fn reachable(&self) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut stack = self.roots.clone();
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut seen[id], true) {
                stack.extend(&self.nodes[id].children);
            }
        }
        seen
    }
}

fn word(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Holds => "holds: ",
        NodeKind::Absent => "absent: ",
        NodeKind::Fails => "fails: ",
        NodeKind::Waits => "waits: ",
        NodeKind::Near => "nearest: ",
        NodeKind::Fault => "fault: ",
        NodeKind::Ask => "ask next: ",
        _ => "",
    }
}

fn look(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Input => "style=filled, fillcolor=\"#e8f0fe\"",
        NodeKind::Fact => "style=filled, fillcolor=\"#f1f3f4\"",
        NodeKind::Fails | NodeKind::Fault => "style=filled, fillcolor=\"#fce8e6\"",
        NodeKind::Holds | NodeKind::Absent | NodeKind::Aggregate => "style=filled, fillcolor=\"#e6f4ea\"",
        NodeKind::Near | NodeKind::Waits => "style=dashed",
        NodeKind::Text | NodeKind::Ask => "shape=plaintext",
        NodeKind::Rule | NodeKind::Attempt => "style=solid",
    }
}

/// Long texts broken at blanks.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 60;
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if column > 0 && column + long > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += long;
    }
    out
}

/// A quoted identifier; lines end with `\l`, which sets them to the left.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\l"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push_str("\\l\"");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_quoted_and_every_edge_has_its_nodes() {
        let node = |kind, text: &str, children| Node {
            kind,
            relation: None,
            text: text.to_owned(),
            cells: Vec::new(),
            spots: Vec::new(),
            children,
        };
        let explanation = Explanation {
            title: "r{a: \"x\\y\"}".to_owned(),
            nodes: vec![
                node(NodeKind::Rule, "r{a: \"x\"}", vec![2]),
                node(NodeKind::Text, "not shown", vec![]),
                node(NodeKind::Input, "p{\n}", vec![]),
            ],
            roots: vec![0],
            ..Explanation::default()
        };
        let expected = r##"digraph explanation {
  graph [rankdir=BT, labelloc=t, fontname="sans-serif", label="r{a: \"x\\y\"}\l\l"];
  node [shape=box, fontname="sans-serif", fontsize=10];
  n0 [label="r{a: \"x\"}\l", style=solid];
  n2 [label="p{\l}\l", style=filled, fillcolor="#e8f0fe"];
  n2 -> n0;
}
"##;
        assert_eq!(explanation.dot(), expected);
    }
}
