//! What was looked at: the least fixed point of LANGUAGE.md, Evidence.
//!
//! A body is a tree of "all of" and "one of" over relations. "All of" is a chain of pairs, so that it needs no
//! counting: `a, b, c` has evidence if `a` has and the pair of `b` and `c` has.

use ir::{Literal, LiteralKind, Program, RelId, RelationKind};

/// What has evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// By [`ir::RuleId`].
    pub rules: Vec<bool>,
    /// By [`ir::RelId`].
    pub relations: Vec<bool>,
}

/// What is found by these rules, over nodes up to `count`; asked after each key of an editor, so that they are followed by hand:
///
/// ```text
/// has(n) :- given(n).
/// has(n) :- one(n, a), has(a).
/// has(n) :- both(n, a, b), has(a), has(b).
/// ```
fn fixpoint(count: usize, given: Vec<u32>, both: &[(u32, u32, u32)], one: &[(u32, u32)]) -> Vec<bool> {
    let pairs = both.iter().flat_map(|&(node, a, b)| [(a, node, b), (b, node, a)]);
    let edges = || one.iter().map(|&(node, a)| (a, node, a)).chain(pairs.clone());
    // The edges of a node follow each other: what may have evidence once the node has, and what else that takes.
    let mut first = vec![0_usize; count + 1];
    edges().for_each(|(from, ..)| first[from as usize + 1] += 1);
    (1..first.len()).for_each(|at| first[at] += first[at - 1]);
    let mut next = first.clone();
    let mut readers = vec![(0, 0); first[count]];
    for (from, node, other) in edges() {
        readers[next[from as usize]] = (node, other);
        next[from as usize] += 1;
    }
    let mut has = vec![false; count];
    let mut waiting = given;
    while let Some(node) = waiting.pop() {
        if std::mem::replace(&mut has[node as usize], true) {
            continue;
        }
        let readers = &readers[first[node as usize]..first[node as usize + 1]];
        waiting.extend(readers.iter().filter(|(_, other)| has[*other as usize]).map(|(node, _)| *node));
    }
    has
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
    let mut has = fixpoint(nodes.next, nodes.given, &nodes.both, &nodes.one);
    has.truncate(relations + rules);
    let rules = has.split_off(relations);
    Evidence { rules, relations: has }
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

#[cfg(test)]
mod tests {
    use super::fixpoint;

    mod twin {
        use crepe::crepe;

        crepe! {
            @input
            pub struct Given(pub u32);
            @input
            pub struct Both(pub u32, pub u32, pub u32);
            @input
            pub struct Needs(pub u32, pub u32);
            @output
            pub struct Has(pub u32);

            Has(n) <- Given(n);
            Has(n) <- Needs(n, a), Has(a);
            Has(n) <- Both(n, a, b), Has(a), Has(b);
        }

        pub fn run(given: &[u32], both: &[(u32, u32, u32)], one: &[(u32, u32)]) -> Vec<u32> {
            let mut runtime = Crepe::new();
            runtime.extend(given.iter().copied().map(Given));
            runtime.extend(both.iter().map(|&(n, a, b)| Both(n, a, b)));
            runtime.extend(one.iter().map(|&(n, a)| Needs(n, a)));
            let mut has: Vec<u32> = runtime.run().0.into_iter().map(|Has(node)| node).collect();
            has.sort_unstable();
            has
        }
    }

    #[test]
    fn following_by_hand_finds_what_datalog_finds() {
        for seed in 1..200 {
            let mut roll = crate::testing::dice(seed);
            let count = 2 + roll(12);
            let mut node = || roll(count) as u32;
            let given: Vec<u32> = (0..2).map(|_| node()).collect();
            let both: Vec<_> = (0..count).map(|_| (node(), node(), node())).collect();
            let one: Vec<_> = (0..count / 2).map(|_| (node(), node())).collect();
            let has = fixpoint(count, given.clone(), &both, &one);
            let found: Vec<u32> = (0..count as u32).filter(|node| has[*node as usize]).collect();
            assert_eq!(found, twin::run(&given, &both, &one), "{given:?} {both:?} {one:?}");
        }
    }
}
