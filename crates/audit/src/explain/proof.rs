//! From proofs to nodes that people read.

use std::collections::BTreeMap;

use engine::{AggregateProof, Instance, Premise, PremiseKind, Proof, Reason, RowRef};
use ir::{LiteralKind, RelationKind, Rule};

use super::tree::{Node, NodeKind};
use super::writer::{Writer, cut};

/// Tuples shown of an aggregate.
const TUPLES: usize = 10;

impl Writer<'_, '_> {
    /// The proof of a row.
    pub fn proof(&mut self, row: RowRef) -> usize {
        let proof = self.evaluated.evaluation.proof(row);
        self.enter(&proof, 0)
    }

    /// Nodes for all that `root` rests on; premises come after their conclusion, so they are entered from the back.
    fn enter(&mut self, proof: &Proof, root: usize) -> usize {
        let mut wanted = vec![false; proof.nodes.len()];
        let mut stack = vec![root];
        let mut order = Vec::new();
        while let Some(number) = stack.pop() {
            if std::mem::replace(&mut wanted[number], true) {
                continue;
            }
            order.push(number);
            if let Reason::Rule(instance) = &proof.nodes[number].reason {
                let mut rows = Vec::new();
                instance.premises.iter().for_each(|premise| crate::taint::premise_rows(premise, &mut rows));
                stack.extend(rows);
            }
        }
        // Reserve a place for each row first: a proof is a graph.
        let mut places = BTreeMap::new();
        for number in &order {
            let node = self.text(NodeKind::Text, "");
            places.insert(*number, node);
        }
        for number in order {
            let found = &proof.nodes[number];
            let (kind, spots, children) = match &found.reason {
                Reason::Input(origins) => (NodeKind::Input, self.origins(origins), Vec::new()),
                Reason::Fact(place) => (NodeKind::Fact, vec![self.policy(*place)], Vec::new()),
                Reason::Rule(instance) => {
                    let rule = self.evaluated.program.rule(instance.rule).clone();
                    let mut children = self.premises(instance, &rule, &instance.premises, &places);
                    children.extend(self.aggregates(&instance.aggregates));
                    (NodeKind::Rule, vec![self.policy(rule.place)], children)
                }
            };
            let node = self.row_node(kind, found.row.relation, &found.values, None);
            self.nodes[places[&number]] = Node { spots, children, ..node };
        }
        places[&root]
    }

    fn premises(
        &mut self,
        instance: &Instance,
        rule: &Rule,
        premises: &[Premise],
        places: &BTreeMap<usize, usize>,
    ) -> Vec<usize> {
        let mut children = Vec::new();
        for premise in premises {
            match &premise.kind {
                PremiseKind::Row(number) => children.extend(places.get(number)),
                PremiseKind::Absent | PremiseKind::Holds => {
                    let text = self.literal(premise.place, rule, &instance.bindings, "");
                    let absent = premise.kind == PremiseKind::Absent;
                    let below = if absent { self.searched(rule, premise) } else { Vec::new() };
                    let kind = if absent { NodeKind::Absent } else { NodeKind::Holds };
                    let child = self.add(kind, text, Vec::new(), below);
                    children.push(child);
                }
                PremiseKind::Branch { premises, .. } => {
                    children.extend(self.premises(instance, rule, premises, places));
                }
            }
            children.extend(self.aggregates(&premise.aggregates));
        }
        children
    }

    /// What a negation searched: the relations inside it, with their numbers of rows.
    fn searched(&mut self, rule: &Rule, premise: &Premise) -> Vec<usize> {
        let mut bodies = vec![&rule.body];
        let mut found = Vec::new();
        while let Some(body) = bodies.pop() {
            for literal in body {
                match &literal.kind {
                    LiteralKind::Not(inner) if literal.place == premise.place => found.extend(inner),
                    LiteralKind::Or(branches) => bodies.extend(branches),
                    _ => {}
                }
            }
        }
        let mut relations = Vec::new();
        while let Some(literal) = found.pop() {
            match &literal.kind {
                LiteralKind::Atom(atom) if !relations.contains(&atom.relation) => relations.push(atom.relation),
                LiteralKind::Or(branches) => found.extend(branches.iter().flatten()),
                _ => {}
            }
        }
        relations.sort_unstable();
        let tell = |id| {
            let relation = self.evaluated.program.relation(id);
            let name = &relation.decl.name;
            match self.evaluated.evaluation.count(id) {
                0 if relation.kind == RelationKind::Input && !self.evaluated.looked.present(name) => {
                    format!("`{name}` has no rows: there was nothing to read")
                }
                0 => format!("`{name}` has no rows"),
                1 => format!("none matches: `{name}` has 1 row"),
                rows => format!("none matches: `{name}` has {rows} rows"),
            }
        };
        let lines: Vec<String> = relations.into_iter().map(tell).collect();
        lines.into_iter().map(|line| self.text(NodeKind::Text, line)).collect()
    }

    /// What aggregates came to, and the rows that they ranged over.
    pub fn aggregates(&mut self, aggregates: &[AggregateProof]) -> Vec<usize> {
        aggregates.iter().map(|aggregate| self.aggregate(aggregate)).collect()
    }

    fn aggregate(&mut self, aggregate: &AggregateProof) -> usize {
        let name = ir::aggregate_name(aggregate.function);
        let text = match aggregate.total {
            0 => format!("{name} over nothing is {}", cut(&aggregate.value.to_string())),
            1 => format!("{name} over 1 tuple is {}", cut(&aggregate.value.to_string())),
            total => format!("{name} over {total} tuples is {}", cut(&aggregate.value.to_string())),
        };
        let mut below = Vec::new();
        for ranged in aggregate.tuples.iter().take(TUPLES) {
            let tuple: Vec<String> = ranged.tuple.iter().map(|value| self.labelled(value)).collect();
            let spots = ranged.rows.iter().flat_map(|row| self.row_spots(*row)).collect();
            below.push(self.add(NodeKind::Text, tuple.join(", "), spots, Vec::new()));
        }
        if aggregate.total > below.len() {
            let more = format!("and {} more", aggregate.total - below.len());
            below.push(self.text(NodeKind::Text, more));
        }
        self.add(NodeKind::Aggregate, text, Vec::new(), below)
    }

    /// The proof of a row in short: what it rests on, `depth` levels of it.
    pub fn brief(&mut self, row: RowRef, depth: usize) -> usize {
        let spots = self.row_spots(row);
        let kind = match self.evaluated.evaluation.made_by(row) {
            engine::MadeBy::Input(_) => NodeKind::Input,
            engine::MadeBy::Fact(_) => NodeKind::Fact,
            engine::MadeBy::Rule(_) => NodeKind::Rule,
        };
        let mut below = Vec::new();
        if kind == NodeKind::Rule && depth > 0 {
            let proof = self.evaluated.evaluation.proof(row);
            if let Some(Reason::Rule(instance)) = proof.nodes.first().map(|node| &node.reason) {
                let mut rows = Vec::new();
                instance.premises.iter().for_each(|premise| crate::taint::premise_rows(premise, &mut rows));
                below.extend(rows.into_iter().map(|number| self.brief(proof.nodes[number].row, depth - 1)));
            }
        }
        self.add_row(kind, row, spots, below)
    }
}
