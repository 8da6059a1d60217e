//! What was looked at: the least fixed point of LANGUAGE.md, Evidence.
//!
//! A body is a tree of "all of" and "one of" over relations. "All of" is a chain of pairs, so that it needs no
//! counting: `a, b, c` has evidence if `a` has and the pair of `b` and `c` has.

use crepe::crepe;
use ir::{Literal, LiteralKind, Program, RelId, RelationKind};

/// What has evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// By [`ir::RuleId`].
    pub rules: Vec<bool>,
    /// By [`ir::RelId`].
    pub relations: Vec<bool>,
}

mod fixpoint {
    use super::crepe;

    crepe! {
        @input
        pub struct Given(pub u32);

        // The first has evidence if the second and the third have.
        @input
        pub struct Both(pub u32, pub u32, pub u32);

        // The first has evidence if the second has.
        @input
        pub struct Needs(pub u32, pub u32);

        @output
        pub struct Has(pub u32);

        Has(n) <- Given(n);
        Has(n) <- Needs(n, a), Has(a);
        Has(n) <- Both(n, a, b), Has(a), Has(b);
    }

    pub fn run(given: Vec<u32>, both: Vec<(u32, u32, u32)>, one: Vec<(u32, u32)>) -> Vec<u32> {
        let mut runtime = Crepe::new();
        runtime.extend(given.into_iter().map(Given));
        runtime.extend(both.into_iter().map(|(n, a, b)| Both(n, a, b)));
        runtime.extend(one.into_iter().map(|(n, a)| Needs(n, a)));
        let (has,) = runtime.run();
        has.into_iter().map(|Has(node)| node).collect()
    }
}

/// What has evidence, given which input relations have (`present`).
pub fn evidence(program: &Program, present: impl Fn(RelId) -> bool) -> Evidence {
    let relations = program.relations.len();
    let rules = program.rules.len();
    let mut nodes = Nodes { next: relations + rules + 1, truth: (relations + rules) as u32, ..Nodes::default() };
    nodes.given.push(nodes.truth);
    let mut has_rules = vec![false; relations];
    for (at, rule) in program.rules.iter().enumerate() {
        let node = (relations + at) as u32;
        has_rules[rule.head.0 as usize] = true;
        nodes.one.push((rule.head.0, node));
        let mut parts = Vec::new();
        nodes.body(&rule.body, &mut parts);
        rule.args.iter().for_each(|arg| nodes.operand(arg, &mut parts));
        nodes.all(node, &parts);
    }
    nodes.given.extend(program.facts.iter().map(|fact| fact.relation.0));
    for (at, relation) in program.relations.iter().enumerate() {
        let id = RelId(at as u32);
        let input = relation.kind == RelationKind::Input && present(id);
        if input || (relation.open && !has_rules[at]) {
            nodes.given.push(id.0);
        }
    }
    let mut found = Evidence { rules: vec![false; rules], relations: vec![false; relations] };
    for node in fixpoint::run(nodes.given, nodes.both, nodes.one) {
        let node = node as usize;
        if node < relations {
            found.relations[node] = true;
        } else if node < relations + rules {
            found.rules[node - relations] = true;
        }
    }
    found
}

#[derive(Default)]
struct Nodes {
    next: usize,
    /// A node that has evidence.
    truth: u32,
    given: Vec<u32>,
    both: Vec<(u32, u32, u32)>,
    one: Vec<(u32, u32)>,
}

impl Nodes {
    fn fresh(&mut self) -> u32 {
        self.next += 1;
        (self.next - 1) as u32
    }

    /// `node` has evidence if all parts have.
    fn all(&mut self, node: u32, parts: &[u32]) {
        let Some((first, rest)) = parts.split_first() else {
            self.one.push((node, self.truth));
            return;
        };
        let mut so_far = *first;
        for part in rest {
            let pair = self.fresh();
            self.both.push((pair, so_far, *part));
            so_far = pair;
        }
        self.one.push((node, so_far));
    }

    fn body(&mut self, body: &[Literal], parts: &mut Vec<u32>) {
        for literal in body {
            match &literal.kind {
                LiteralKind::Atom(atom) => parts.push(atom.relation.0),
                LiteralKind::Not(inner) => self.body(inner, parts),
                LiteralKind::Or(branches) => {
                    let one = self.fresh();
                    for branch in branches {
                        let node = self.fresh();
                        let mut inner = Vec::new();
                        self.body(branch, &mut inner);
                        self.all(node, &inner);
                        self.one.push((one, node));
                    }
                    parts.push(one);
                }
                LiteralKind::Compare(..)
                | LiteralKind::IsNone { .. }
                | LiteralKind::Text { .. }
                | LiteralKind::In { .. } => {}
            }
            literal.each_operand(&mut |operand| self.operand(operand, parts));
        }
    }

    fn operand(&mut self, operand: &ir::Expr, parts: &mut Vec<u32>) {
        operand.each_aggregate(&mut |aggregate| {
            self.body(&aggregate.body, parts);
            aggregate.listed.iter().for_each(|listed| self.operand(listed, parts));
        });
    }
}
