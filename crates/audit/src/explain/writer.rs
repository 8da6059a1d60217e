//! What all explanations are written with: nodes, rows with the labels of their entities, literals with their values, places.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::Place;
use engine::{Pattern, RowRef, Want};
use facts::{RelationDecl, Type, Value, write_literal};
use ir::{RelId, Rule, VarId};

use super::tree::{Cell, Node, NodeKind};
use crate::excerpts::Excerpts;
use crate::judge::policy_spot;
use crate::{Evaluated, Project, Spot};

/// Longer values are cut.
const LONGEST: usize = 80;

/// Writes nodes; proofs of several rows share one list.
pub(super) struct Writer<'a, 'e> {
    pub project: &'a Project,
    pub evaluated: &'a Evaluated,
    excerpts: &'a mut Excerpts<'e>,
    pub nodes: Vec<Node>,
    /// What was asked of relations on the way down, told once.
    pub gone_into: BTreeSet<(RelId, Pattern)>,
}

impl<'a, 'e> Writer<'a, 'e> {
    pub fn new(project: &'a Project, evaluated: &'a Evaluated, excerpts: &'a mut Excerpts<'e>) -> Self {
        Writer { project, evaluated, excerpts, nodes: Vec::new(), gone_into: BTreeSet::new() }
    }

    /// A node that says something in words.
    pub fn text(&mut self, kind: NodeKind, text: impl Into<String>) -> usize {
        self.add(kind, text.into(), Vec::new(), Vec::new())
    }

    pub fn add(&mut self, kind: NodeKind, text: String, spots: Vec<Spot>, children: Vec<usize>) -> usize {
        self.nodes.push(Node { kind, relation: None, text, cells: Vec::new(), spots, children });
        self.nodes.len() - 1
    }

    /// A node for a row.
    pub fn add_row(&mut self, kind: NodeKind, row: RowRef, spots: Vec<Spot>, children: Vec<usize>) -> usize {
        let values = self.evaluated.evaluation.values(row);
        let node = self.row_node(kind, row.relation, &values, None);
        self.nodes.push(Node { spots, children, ..node });
        self.nodes.len() - 1
    }

    /// A row as a node; with a pattern, what differs from it is marked.
    pub fn row_node(&self, kind: NodeKind, relation: RelId, values: &[Value], wanted: Option<&Pattern>) -> Node {
        let decl = self.decl(relation);
        let mut cells = Vec::with_capacity(values.len());
        for (at, (column, value)) in decl.columns.iter().zip(values).enumerate() {
            let wanted = match wanted.and_then(|pattern| pattern.columns.get(at)) {
                Some(Want::Is(wanted)) if wanted != value => {
                    // Of two that are called alike the keys tell the difference.
                    let alike = self.shown(&column.ty, wanted) == self.shown(&column.ty, value);
                    Some(if alike { cut(&wanted.to_string()) } else { self.shown(&column.ty, wanted) })
                }
                Some(Want::Present) if value.is_none() => Some("some value".to_owned()),
                _ => None,
            };
            cells.push(Cell { column: column.name.clone(), value: value.clone(), wanted });
        }
        let shown = cells.iter().zip(&decl.columns).filter(|(cell, _)| !cell.value.is_none() || cell.wanted.is_some());
        let fields = shown.map(|(cell, column)| {
            let value = self.shown(&column.ty, &cell.value);
            match &cell.wanted {
                Some(wanted) => format!("{}: {value} ≠ {wanted}", cell.column),
                None => format!("{}: {value}", cell.column),
            }
        });
        let text = format!("{}{{{}}}", decl.name, fields.collect::<Vec<_>>().join(", "));
        Node { kind, relation: Some(decl.name.clone()), text, cells, spots: Vec::new(), children: Vec::new() }
    }

    pub fn decl(&self, relation: RelId) -> Arc<RelationDecl> {
        self.evaluated.program.relation(relation).decl.clone()
    }

    /// A value of a column: entities by their labels, texts in quotes.
    pub fn shown(&self, ty: &Type, value: &Value) -> String {
        match (ty, value) {
            (Type::Entity(_), Value::Text(_)) => self.labelled(value),
            // A text that is code has quotes of its own.
            (_, Value::Text(text)) if text.contains('"') && !text.contains('\'') => format!("'{}'", cut(text)),
            (_, Value::Text(text)) => format!("\"{}\"", cut(text)),
            _ => value.to_string(),
        }
    }

    /// An entity by its label where the value is one.
    pub fn labelled(&self, value: &Value) -> String {
        let database = self.evaluated.evaluation.database();
        let label = value.as_text().and_then(|text| database.values.find(text)).and_then(|code| database.entity(code));
        label.map_or_else(|| cut(&value.to_string()), |info| cut(&info.label))
    }

    /// What a pattern asks for, as an atom of the language that can be asked again.
    pub fn atom(&self, relation: RelId, pattern: &Pattern) -> String {
        let decl = self.decl(relation);
        let fields = decl.columns.iter().zip(&pattern.columns).filter_map(|(column, want)| match want {
            Want::Any => None,
            Want::Present if column.optional => Some(format!("{}: _{}", column.name, column.name)),
            Want::Present => None,
            Want::Is(value) => Some(format!("{}: {}", column.name, write_literal(value))),
        });
        format!("{}{{{}}}", decl.name, fields.collect::<Vec<_>>().join(", "))
    }

    /// A command about an atom, to be copied; nothing where no atom can name the relation, as inside a control.
    pub fn command(&self, command: &str, relation: RelId, pattern: &Pattern) -> Option<String> {
        self.project.compilation.relation(&self.decl(relation).name)?;
        Some(self.project.command(command, &self.atom(relation, pattern)))
    }

    /// Where a row comes from.
    pub fn row_spots(&mut self, row: RowRef) -> Vec<Spot> {
        match self.evaluated.evaluation.made_by(row) {
            engine::MadeBy::Input(origins) => self.origins(&origins),
            engine::MadeBy::Fact(place) => vec![self.policy(place)],
            engine::MadeBy::Rule(rule) => vec![self.policy(self.evaluated.program.rule(rule).place)],
        }
    }

    pub fn origins(&mut self, origins: &[facts::Origin]) -> Vec<Spot> {
        let database = self.evaluated.evaluation.database();
        origins.iter().map(|origin| self.excerpts.spot(database.file(origin.file), origin.place)).collect()
    }

    /// A place in a policy.
    pub fn policy(&self, place: Place) -> Spot {
        policy_spot(&self.project.policies.sources, place)
    }

    /// The text of a place in a policy, on one line.
    pub fn source(&self, place: Place) -> String {
        let text = self.project.policies.sources.text(place.file);
        let source = text.get(place.span.range()).unwrap_or_default();
        source.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A literal as the policy writes it, with the values of its variables. `text` is its form with values, for literals that
    /// stand nowhere: the `scope` that each violation rule begins with.
    pub fn literal(&self, place: Place, rule: &Rule, bindings: &[(VarId, Value)], text: &str) -> String {
        let source = self.source(place);
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if source.chars().all(word) {
            return self.relabel(text);
        }
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
        let source = shorten(&source, 4 * LONGEST);
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
    pub fn relabel(&self, text: &str) -> String {
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
        // Literals hold several values: they may be longer.
        shorten(&out, 4 * LONGEST)
    }
}

impl Project {
    /// A command of ours about this folder, quoted for a shell.
    pub(crate) fn command(&self, command: &str, argument: &str) -> String {
        let root = match &*self.name {
            "." | "" => String::new(),
            root => format!(" --root {}", quoted(root)),
        };
        format!("lawbook {command} {}{root}", quoted(argument))
    }
}

/// A word for a shell: in single quotes unless it is made of harmless characters.
fn quoted(word: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "._-/@:,+=".contains(c);
    if !word.is_empty() && word.chars().all(harmless) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

pub(super) fn cut(text: &str) -> String {
    shorten(text, LONGEST)
}

fn shorten(text: &str, longest: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match clean.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None => clean,
    }
}
