//! An explanation, and how it looks as a tree for people.

use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use facts::Value;

use super::fold;
use crate::Spot;

/// Why something holds, or does not.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// What is explained, one line.
    pub title: String,
    /// Whether what was asked about holds.
    pub holds: bool,
    /// What is worth knowing before the proof, line by line.
    pub summary: Vec<String>,
    /// The way of a tainted value, from its source to the sink.
    pub path: Vec<(String, Spot)>,
    /// All nodes; proofs share what they have in common.
    pub nodes: Vec<Node>,
    /// Proofs, or the reasons why there is none: indexes into `nodes`.
    pub roots: Vec<usize>,
}

/// A node of an explanation.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The relation, where it is a row.
    pub relation: Option<Arc<str>>,
    /// What it says: a row, or a literal with its values.
    pub text: String,
    /// The row's values by column; empty where it is no row.
    pub cells: Vec<Cell>,
    /// Where it comes from: places in scanned files, or in policies.
    pub spots: Vec<Spot>,
    /// What it rests on: indexes into the explanation's nodes.
    pub children: Vec<usize>,
}

/// A value of a row.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its column.
    pub column: Arc<str>,
    /// The value.
    pub value: Value,
    /// What was asked for in its place, in printed form, where that is something else.
    pub wanted: Option<String>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A row that a rule made.
    Rule,
    /// An extracted row.
    Input,
    /// A row that a policy file or a test states.
    Fact,
    /// A test that holds, or a row that makes an atom of a failing rule hold.
    Holds,
    /// A negation that holds: what it searched hangs below.
    Absent,
    /// An aggregate with the tuples that it ranged over.
    Aggregate,
    /// A rule, or a way through it, that does not make the row asked for; its literals hang below, in the order of the text.
    Attempt,
    /// A literal that does not hold.
    Fails,
    /// A literal that could not be tried.
    Waits,
    /// A row that comes near to what was asked for.
    Near,
    /// Something that could not be computed or read.
    Fault,
    /// A command that goes on from here.
    Ask,
    /// Something that is told in words.
    Text,
}

impl NodeKind {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Rule => "rule",
            NodeKind::Input => "input",
            NodeKind::Fact => "fact",
            NodeKind::Holds => "holds",
            NodeKind::Absent => "absent",
            NodeKind::Aggregate => "aggregate",
            NodeKind::Attempt => "attempt",
            NodeKind::Fails => "fails",
            NodeKind::Waits => "waits",
            NodeKind::Near => "near",
            NodeKind::Fault => "fault",
            NodeKind::Ask => "ask",
            NodeKind::Text => "text",
        }
    }
}

/// A row with more origins than this shows the others as a number.
const ORIGINS: usize = 3;

/// A tree shows at most so many nodes, and none deeper than `DEPTH`: a proof may have a million steps. JSON has them all.
const SHOWN: usize = 2_000;
const DEPTH: usize = 48;

impl Explanation {
    /// The proofs alone, whole.
    pub fn forest(&self, color: bool) -> String {
        let mut out = Painter { out: String::new(), color, full: true };
        out.forest(self);
        out.out
    }

    /// For people: the way of the value first, then the proof with excerpts. Unless it is to be `full`, the insides of built-in
    /// rules are left out.
    pub fn tree(&self, color: bool, full: bool) -> String {
        let mut out = Painter { out: String::new(), color, full };
        out.line("", &out.paint(Style::new().bold(), &self.title));
        self.summary.iter().for_each(|line| out.line("", line));
        if !self.path.is_empty() {
            out.line("", "");
            out.line("", &out.paint(Style::new().bold(), "the way of the value"));
            for (number, (label, spot)) in self.path.iter().enumerate() {
                let place = out.paint(Style::new().underline(), &spot.to_string());
                out.line("", &format!("{:>3}. {place}  {label}", number + 1));
                out.excerpt("     ", spot);
            }
        }
        if !self.roots.is_empty() {
            out.line("", "");
            out.forest(self);
        }
        out.out
    }
}

struct Painter {
    out: String,
    color: bool,
    /// Nothing is folded.
    full: bool,
}

/// A node to be shown.
struct Pending {
    node: usize,
    /// What stands before its own line.
    first: String,
    /// What stands before the lines below it.
    rest: String,
    depth: usize,
    /// It is a premise of a row of the library.
    inside: bool,
}

impl Painter {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.out.push_str(format!("{indent}{text}").trim_end());
        self.out.push('\n');
    }

    fn excerpt(&mut self, indent: &str, spot: &Spot) {
        if let (Some(excerpt), true) = (&spot.excerpt, spot.line > 0) {
            let gutter = self.paint(Style::new().dimmed(), &format!("{:>5} |", spot.line));
            self.line(indent, &format!("{gutter} {}", excerpt.trim_end()));
        }
    }

    /// All proofs, depth first, without recursion. What was shown once is not shown again.
    fn forest(&mut self, explanation: &Explanation) {
        let mut seen = vec![false; explanation.nodes.len()];
        let mut shown = 0;
        let mut folds = false;
        let pending =
            |node: &usize| Pending { node: *node, first: String::new(), rest: String::new(), depth: 0, inside: false };
        let mut stack: Vec<Pending> = explanation.roots.iter().rev().map(pending).collect();
        while let Some(Pending { node: id, first, rest, depth, inside }) = stack.pop() {
            let node = &explanation.nodes[id];
            shown += 1;
            if shown > SHOWN || depth > DEPTH {
                self.line(&first, "… (`--format json` shows all)");
                if shown > SHOWN {
                    return;
                }
                continue;
            }
            if std::mem::replace(&mut seen[id], true) && !node.children.is_empty() {
                self.line(&first, &format!("{} (see above)", node.text));
                continue;
            }
            let library = fold::is_library(node);
            if let (false, true, true, Some(short)) = (self.full, inside, library, fold::folded(explanation, id)) {
                self.node(node, &first, &rest, false);
                self.line(&rest, &format!("└─ {short}"));
                folds = true;
                continue;
            }
            // A row of a recursive relation goes on with the row of the same relation that it rests on: as the next line of
            // the same level, since a thousand steps cannot be read at a thousand levels.
            let same = |child: &&usize| node.relation.is_some() && explanation.nodes[**child].relation == node.relation;
            let next = node.children.iter().find(same).copied();
            let (own_first, own_rest) = match next {
                Some(next) => {
                    stack.push(Pending { node: next, first: first.clone(), rest: rest.clone(), depth, inside });
                    (
                        first.replace("└─ ", "├─ "),
                        rest.strip_suffix("   ").map_or(rest.clone(), |rest| format!("{rest}│  ")),
                    )
                }
                None => (first, rest),
            };
            let below: Vec<usize> = node.children.iter().copied().filter(|child| Some(*child) != next).collect();
            self.node(node, &own_first, &own_rest, below.is_empty());
            for (number, child) in below.iter().enumerate().rev() {
                let last = number + 1 == below.len();
                let (branch, trunk) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
                stack.push(Pending {
                    node: *child,
                    first: format!("{own_rest}{branch}"),
                    rest: format!("{own_rest}{trunk}"),
                    depth: depth + 1,
                    inside: library,
                });
            }
        }
        if folds {
            self.line("", "");
            self.line("", "… stands for steps of built-in rules: `--full` shows them");
        }
    }

    fn node(&mut self, node: &Node, first: &str, rest: &str, leaf: bool) {
        let mark = |style: AnsiColor, word: &str| format!("{} {}", self.paint(style.on_default(), word), node.text);
        let text = match node.kind {
            NodeKind::Rule | NodeKind::Input | NodeKind::Text | NodeKind::Aggregate | NodeKind::Attempt => {
                node.text.clone()
            }
            NodeKind::Fact => format!("{} (a fact)", node.text),
            NodeKind::Holds => mark(AnsiColor::Green, "holds:"),
            NodeKind::Absent => mark(AnsiColor::Green, "absent:"),
            NodeKind::Fails => mark(AnsiColor::Red, "fails:"),
            NodeKind::Fault => mark(AnsiColor::Red, "fault:"),
            NodeKind::Waits => mark(AnsiColor::Yellow, "waits:"),
            NodeKind::Near => mark(AnsiColor::Cyan, "nearest:"),
            NodeKind::Ask => mark(AnsiColor::Cyan, "ask next:"),
        };
        self.line(first, &text);
        let below = format!("{rest}{}", if leaf { "   " } else { "│  " });
        for spot in node.spots.iter().take(ORIGINS) {
            let place = self.paint(Style::new().dimmed(), &format!("at {spot}"));
            self.line(&below, &place);
            if spot.excerpt.is_some() {
                self.excerpt(&below, spot);
            }
        }
        if node.spots.len() > ORIGINS {
            self.line(&below, &format!("and {} more places", node.spots.len() - ORIGINS));
        }
    }
}
