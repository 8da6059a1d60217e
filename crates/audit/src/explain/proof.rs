//! From proofs to nodes that people read: rows with the labels of their entities, literals with their values, places.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::Place;
use engine::{Instance, Premise, PremiseKind, Proof, Reason, RowRef};
use facts::{Type, Value};
use ir::{RelId, Rule, RuleId, VarId};
use lang::JudgedRule;

use super::tree::{Node, NodeKind};
use crate::excerpts::Excerpts;
use crate::judge::policy_spot;
use crate::{Evaluated, Project, Spot};

/// Longer values are cut.
const LONGEST: usize = 80;

/// Writes nodes; proofs of several rows share one list.
pub(super) struct Writer<'a, 'e> {
    project: &'a Project,
    evaluated: &'a Evaluated,
    excerpts: &'a mut Excerpts<'e>,
    pub nodes: Vec<Node>,
}

impl<'a, 'e> Writer<'a, 'e> {
    pub(super) fn new(project: &'a Project, evaluated: &'a Evaluated, excerpts: &'a mut Excerpts<'e>) -> Self {
        Writer { project, evaluated, excerpts, nodes: Vec::new() }
    }

    fn add(&mut self, kind: NodeKind, text: String, spots: Vec<Spot>, children: Vec<usize>) -> usize {
        self.nodes.push(Node { kind, relation: None, text, spots, children });
        self.nodes.len() - 1
    }

    /// A node and what hangs directly below it, in one line.
    pub(super) fn line(&self, node: usize) -> String {
        let node = &self.nodes[node];
        let below: Vec<String> = node
            .children
            .iter()
            .map(|child| &self.nodes[*child])
            .filter(|child| child.kind != NodeKind::Holds)
            .map(|child| match child.kind {
                NodeKind::Fails => format!("fails: {}", child.text),
                _ => child.text.clone(),
            })
            .collect();
        if below.is_empty() { node.text.clone() } else { format!("{}: {}", node.text, below.join("; ")) }
    }

    /// The proof of a row.
    pub(super) fn proof(&mut self, row: RowRef) -> usize {
        let proof = self.evaluated.evaluation.proof(row);
        self.enter(&proof, 0)
    }

    /// The proof of what a query's answer rests on: the row that its atom matches.
    pub(super) fn answer(&mut self, row: RowRef) -> Option<usize> {
        let proof = self.evaluated.evaluation.proof(row);
        let Reason::Rule(instance) = &proof.nodes.first()?.reason else { return None };
        let matched = instance.premises.iter().find_map(|premise| match premise.kind {
            PremiseKind::Row(number) => Some(number),
            _ => None,
        })?;
        Some(self.enter(&proof, matched))
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
            let node = self.add(NodeKind::Text, String::new(), Vec::new(), Vec::new());
            places.insert(*number, node);
        }
        for number in order {
            let found = &proof.nodes[number];
            let text = self.row(found.row, &found.values);
            let (kind, spots, children) = match &found.reason {
                Reason::Input(origins) => (NodeKind::Input, self.origins(origins), Vec::new()),
                Reason::Fact(place) => (NodeKind::Fact, vec![self.policy(*place)], Vec::new()),
                Reason::Rule(instance) => {
                    let rule = self.evaluated.program.rule(instance.rule).clone();
                    let children = self.premises(instance, &rule, &instance.premises, &places);
                    (NodeKind::Rule, vec![self.policy(rule.place)], children)
                }
            };
            let at = places[&number];
            let relation = Some(self.evaluated.program.relation(found.row.relation).decl.name.clone());
            self.nodes[at] = Node { kind, relation, text, spots, children };
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
                    let text = self.literal(premise.place, rule, &instance.bindings);
                    let child = self.add(NodeKind::Holds, text, Vec::new(), Vec::new());
                    children.push(child);
                }
                PremiseKind::Branch { premises, .. } => {
                    children.extend(self.premises(instance, rule, premises, places));
                }
            }
            for aggregate in &premise.aggregates {
                let text =
                    format!("an aggregate over {} tuples is {}", aggregate.total, cut(&aggregate.value.to_string()));
                let shown: Vec<String> = aggregate
                    .tuples
                    .iter()
                    .map(|ranged| ranged.tuple.iter().map(|value| self.labelled(value)).collect::<Vec<_>>().join(", "))
                    .collect();
                let below = shown.into_iter().map(|tuple| self.add(NodeKind::Text, tuple, Vec::new(), Vec::new()));
                let below: Vec<usize> = below.collect();
                let child = self.add(NodeKind::Holds, text, Vec::new(), below);
                children.push(child);
            }
        }
        children
    }

    /// Why a violation rule does not fire for a subject.
    pub(super) fn absent(&mut self, rule: &JudgedRule, subject: &Arc<str>) -> Vec<usize> {
        let Some(relation) = self.evaluated.program.find(&rule.relation) else { return Vec::new() };
        let width = self.evaluated.program.relation(relation).decl.columns.len();
        let mut head = vec![None; width];
        head[0] = Some(Value::Text(subject.clone()));
        let title = format!("no violation \"{}\"", rule.template.text);
        self.why_not(relation, &head, &title)
    }

    /// Why a query has no answer.
    pub(super) fn unanswered(&mut self, answers: RelId) -> Vec<usize> {
        let width = self.evaluated.program.relation(answers).decl.columns.len();
        self.why_not(answers, &vec![None; width], "no answer")
    }

    fn why_not(&mut self, relation: RelId, head: &[Option<Value>], title: &str) -> Vec<usize> {
        let program = self.evaluated.program.clone();
        let rules: Vec<RuleId> = program.rules().filter(|(_, rule)| rule.head == relation).map(|(id, _)| id).collect();
        let mut roots = Vec::new();
        for id in rules {
            let why = self.evaluated.evaluation.why_not(id, head);
            let mut children = Vec::new();
            for held in &why.held {
                let spots = held.row.map(|row| self.row_spots(row)).unwrap_or_default();
                let text = held.row.map_or_else(
                    || cut_text(&held.text),
                    |row| {
                        let values = self.evaluated.evaluation.values(row);
                        self.row(row, &values)
                    },
                );
                children.push(self.add(NodeKind::Holds, text, spots, Vec::new()));
            }
            let failure = match &why.failure {
                None => continue,
                Some(engine::Failure::Head) => {
                    self.add(NodeKind::Fails, "the head never comes to such a row".to_owned(), Vec::new(), Vec::new())
                }
                Some(engine::Failure::Literal { place, text, nearest }) => {
                    let mut below = Vec::new();
                    for row in nearest {
                        let values = self.evaluated.evaluation.values(*row);
                        let text = format!("nearest: {}", self.row(*row, &values));
                        let spots = self.row_spots(*row);
                        below.push(self.add(NodeKind::Text, text, spots, Vec::new()));
                    }
                    let spots = vec![self.policy(*place)];
                    let text = self.relabel(text);
                    self.add(NodeKind::Fails, text, spots, below)
                }
            };
            children.push(failure);
            let place = self.policy(program.rule(id).place);
            roots.push(self.add(NodeKind::Rule, title.to_owned(), vec![place], children));
        }
        roots
    }

    fn row_spots(&mut self, row: RowRef) -> Vec<Spot> {
        match self.evaluated.evaluation.made_by(row) {
            engine::MadeBy::Input(origins) => self.origins(&origins),
            engine::MadeBy::Fact(place) => vec![self.policy(place)],
            engine::MadeBy::Rule(rule) => vec![self.policy(self.evaluated.program.rule(rule).place)],
        }
    }

    fn origins(&mut self, origins: &[facts::Origin]) -> Vec<Spot> {
        let database = self.evaluated.evaluation.database();
        origins.iter().map(|origin| self.excerpts.spot(database.file(origin.file), origin.place)).collect()
    }

    fn policy(&self, place: Place) -> Spot {
        policy_spot(&self.project.policies.sources, place)
    }

    /// A row in named form, entities by their labels, what is missing left out.
    fn row(&self, row: RowRef, values: &[Value]) -> String {
        let decl = &self.evaluated.program.relation(row.relation).decl;
        let fields = decl.columns.iter().zip(values).filter(|(_, value)| !value.is_none()).map(|(column, value)| {
            let shown = match (&column.ty, value) {
                (Type::Entity(_), Value::Text(_)) => self.labelled(value),
                (_, Value::Text(text)) => format!("\"{}\"", cut(text)),
                _ => value.to_string(),
            };
            format!("{}: {shown}", column.name)
        });
        format!("{}{{{}}}", decl.name, fields.collect::<Vec<_>>().join(", "))
    }

    /// An entity by its label where the value is one.
    fn labelled(&self, value: &Value) -> String {
        let database = self.evaluated.evaluation.database();
        let label = value.as_text().and_then(|text| database.values.find(text)).and_then(|code| database.entity(code));
        label.map_or_else(|| cut(&value.to_string()), |info| cut(&info.label))
    }

    /// A literal as the policy writes it, with the values of its variables.
    fn literal(&self, place: Place, rule: &Rule, bindings: &[(VarId, Value)]) -> String {
        let text = self.project.policies.sources.text(place.file);
        let source = text.get(place.span.range()).unwrap_or_default();
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let words: Vec<&str> = source.split(|c| !word(c)).collect();
        let variables = bindings
            .iter()
            .map(|(id, value)| (&rule.variable(*id).name, value))
            .filter(|(name, _)| words.contains(&&***name))
            .map(|(name, value)| format!("{name} = {}", self.labelled(value)));
        let params = words.iter().filter_map(|word| Some(format!("{word} = {}", self.param(place, word)?)));
        let mut values: Vec<String> = Vec::new();
        for value in variables.chain(params) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.is_empty() { source } else { format!("{source}  where {}", values.join(", ")) }
    }

    /// The value of a param of the module that the place is in.
    fn param(&self, place: Place, name: &str) -> Option<Value> {
        let module = self.project.policies.modules.iter().find(|module| module.file == place.file)?;
        let params = &self.project.compilation.params;
        let param = params.iter().find(|param| {
            param.name.strip_prefix(&*module.name).and_then(|rest| rest.strip_prefix('.')) == Some(name)
        })?;
        let overridden = self.project.params.iter().find(|(known, _)| *known == param.name);
        Some(overridden.map_or_else(|| param.default.clone(), |(_, value)| value.clone()))
    }

    /// A literal with keys of entities in it, with their labels in the place of the keys.
    fn relabel(&self, text: &str) -> String {
        let database = self.evaluated.evaluation.database();
        let mut out = String::new();
        for (number, part) in text.split('"').enumerate() {
            let label = database.values.find(part).and_then(|code| database.entity(code));
            match label {
                Some(info) if number % 2 == 1 => out.push_str(&cut(&info.label)),
                _ => out.push_str(part),
            }
            out.push('"');
        }
        out.pop();
        cut_text(&out)
    }
}

fn cut(text: &str) -> String {
    shorten(text, LONGEST)
}

/// Literals of why-not hold several values: they may be longer.
fn cut_text(text: &str) -> String {
    shorten(text, 4 * LONGEST)
}

fn shorten(text: &str, longest: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match clean.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None => clean,
    }
}
