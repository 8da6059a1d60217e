//! Why a relation has no such row: for each rule, and each way through its `or`s, what holds, what fails, and how near it came.
//!
//! The relation asked about is told in full. Where a rule wants a row of another derived relation, that one is gone into by its
//! most promising rule only, a few levels deep; a command says how to go on from there.

use std::sync::Arc;

use base::Place;
use engine::{Came, Failed, Failure, HeadGives, Nearest, Pattern, Step, Want, WhyNot};
use facts::Value;
use ir::{ExprKind, LiteralKind, RelId, RelationKind, Rule, RuleId};
use lang::JudgedRule;

use super::tree::{Node, NodeKind};
use super::writer::{Writer, cut};

/// Nodes after which nothing is gone into any deeper.
const ENOUGH: usize = 150;
/// Levels shown of the proof of what stands in the way.
const BRIEF: usize = 1;
/// Nearest rows shown below a rule; the relation asked about shows more.
const NEAR: usize = 2;

impl Writer<'_, '_> {
    /// Why no row of a relation is as asked for. What fails is gone into `depth` levels deep.
    pub fn why_not(&mut self, relation: RelId, pattern: &Pattern, depth: usize) -> Vec<usize> {
        let mut roots = Vec::new();
        if self.evaluated.program.relation(relation).kind == RelationKind::Derived {
            let nearest = self.evaluated.evaluation.nearest(relation, pattern);
            roots.extend(self.counts(relation, pattern, &nearest));
            roots.extend(self.near(relation, pattern, &nearest, usize::MAX));
        }
        roots.extend(self.reasons(relation, pattern, depth, &mut Vec::new()));
        roots
    }

    /// Why a violation rule does not fire for a subject.
    pub fn no_violation(&mut self, rule: &JudgedRule, subject: &Arc<str>, depth: usize) -> Vec<usize> {
        let Some(relation) = self.evaluated.program.find(&rule.relation) else { return Vec::new() };
        let mut pattern = Pattern::any(self.decl(relation).columns.len());
        pattern.columns[0] = Want::Is(Value::Text(subject.clone()));
        let roots = self.reasons(relation, &pattern, depth, &mut Vec::new());
        for root in &roots {
            self.nodes[*root].text = format!("no violation \"{}\"", rule.template.text);
        }
        roots
    }

    /// All rules of a relation, or what was read of an input.
    fn reasons(
        &mut self,
        relation: RelId,
        pattern: &Pattern,
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> Vec<usize> {
        if self.evaluated.program.relation(relation).kind == RelationKind::Input {
            let mut out = self.what_was_read(relation);
            let nearest = self.evaluated.evaluation.nearest(relation, pattern);
            out.extend(self.counts(relation, pattern, &nearest));
            out.extend(self.near(relation, pattern, &nearest, usize::MAX));
            return out;
        }
        above.push((relation, pattern.clone()));
        let (ways, total) = self.ways(relation, pattern);
        let mut out = Vec::new();
        for (number, way) in &ways {
            out.push(self.attempt(way, pattern, (*number, total), depth, above));
        }
        above.pop();
        out.extend(self.facts(relation, total == 0));
        out
    }

    /// The rule of a relation that comes furthest, and how many there are beside it.
    fn furthest(
        &mut self,
        relation: RelId,
        pattern: &Pattern,
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> Vec<usize> {
        above.push((relation, pattern.clone()));
        let (ways, total) = self.ways(relation, pattern);
        let far = |way: &WhyNot| {
            let count = |is: fn(&Came) -> bool| way.steps.iter().filter(|step| is(&step.came)).count();
            let failing = count(|came| matches!(came, Came::Fails(_)));
            // A rule whose head is another makes no such row, whatever holds.
            (way.steps.is_empty(), failing, std::cmp::Reverse(count(|came| matches!(came, Came::Holds(_)))))
        };
        let best = ways.iter().min_by_key(|(_, way)| far(way));
        let mut out = Vec::new();
        if let Some((number, way)) = best {
            out.push(self.attempt(way, pattern, (*number, total), depth, above));
        }
        above.pop();
        out.extend(self.facts(relation, total == 0));
        if ways.len() > 1 {
            let text = match ways.len() - 1 {
                1 => "one other way comes less far".to_owned(),
                others => format!("{others} other ways come less far"),
            };
            out.push(self.text(NodeKind::Text, text));
            out.extend(self.ask(relation, pattern));
        }
        out
    }

    /// The ways on which rules do not make such a row, each with its rule's number, and how many rules there are.
    fn ways(&self, relation: RelId, pattern: &Pattern) -> (Vec<(usize, WhyNot)>, usize) {
        let program = &self.evaluated.program;
        let rules: Vec<RuleId> = program.rules().filter(|(_, rule)| rule.head == relation).map(|(id, _)| id).collect();
        let mut ways = Vec::new();
        for (number, id) in rules.iter().enumerate() {
            let found = self.evaluated.evaluation.why_not_all(*id, pattern);
            ways.extend(found.into_iter().filter(|way| way.failure.is_some()).map(|way| (number + 1, way)));
        }
        (ways, rules.len())
    }

    /// That no fact of a derived relation matches.
    fn facts(&mut self, relation: RelId, alone: bool) -> Option<usize> {
        let program = &self.evaluated.program;
        let facts = program.facts.iter().filter(|fact| fact.relation == relation).count();
        let name = &program.relation(relation).decl.name;
        let text = match (facts, alone) {
            (0, true) => format!("no rule and no fact fills `{name}`"),
            (0, false) => return None,
            (1, _) => format!("the one fact of `{name}` is another"),
            (facts, _) => format!("none of the {facts} facts of `{name}` matches"),
        };
        Some(self.text(NodeKind::Text, text))
    }

    fn ask(&mut self, relation: RelId, pattern: &Pattern) -> Option<usize> {
        let command = self.command("why-not", relation, pattern)?;
        Some(self.text(NodeKind::Ask, command))
    }

    /// One way through a rule that does not make the row.
    fn attempt(
        &mut self,
        way: &WhyNot,
        pattern: &Pattern,
        (number, total): (usize, usize),
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> usize {
        let program = self.evaluated.program.clone();
        let rule = program.rule(way.rule);
        let source = self.source(rule.place);
        let head = cut(source.split(" :-").next().unwrap_or_default());
        let branch = way.branches.iter().map(|(_, branch)| format!(", branch {} of its `or`", branch + 1));
        let which = if total == 1 { "the rule".to_owned() } else { format!("rule {number} of {total}") };
        let which = format!("{which}, {head}{}", branch.collect::<String>());
        let spots = vec![self.policy(rule.place)];
        let mut children = Vec::new();
        if let Some(Failed::Head(columns)) = &way.failure {
            let gives = self.head(rule, pattern, columns);
            if way.steps.is_empty() {
                return self.add(NodeKind::Attempt, format!("{which}, does not make it: {gives}"), spots, children);
            }
            children.push(self.text(NodeKind::Fails, gives));
        }
        let mut first = true;
        for (number, step) in way.steps.iter().enumerate() {
            let fails = matches!(step.came, Came::Fails(_));
            // Only the first that fails is gone into.
            let depth = if fails && std::mem::take(&mut first) { depth } else { 0 };
            let child = self.step(step, way, rule, depth, above);
            children.insert(number, child);
        }
        if way.cut {
            let text = "the search was cut short here: a longer part of the rule may hold";
            children.push(self.text(NodeKind::Text, text));
        }
        if let Some(faults) = self.evaluated.evaluation.faults_of(way.rule)
            && let Some(first) = faults.kept.first()
        {
            let times = if faults.count == 1 { "once".to_owned() } else { format!("{} times", faults.count) };
            let text = format!("the rule faults {times}, so its rows cannot be relied on: {}", first.message);
            let spot = self.policy(first.place);
            children.push(self.add(NodeKind::Fault, text, vec![spot], Vec::new()));
        }
        self.add(NodeKind::Attempt, format!("{which}, does not make it"), spots, children)
    }

    fn step(
        &mut self,
        step: &Step,
        way: &WhyNot,
        rule: &Rule,
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> usize {
        let failure = match &step.came {
            Came::Holds(Some(row)) => {
                let derived = matches!(self.evaluated.evaluation.made_by(*row), engine::MadeBy::Rule(_));
                let spots = if derived { Vec::new() } else { self.row_spots(*row) };
                return self.add_row(NodeKind::Holds, *row, spots, Vec::new());
            }
            Came::Holds(None) => {
                let text = self.literal(step.place, rule, &way.bindings, &step.text);
                return self.text(NodeKind::Holds, text);
            }
            Came::Waits(variables) => {
                let names: Vec<String> = variables.iter().map(|id| format!("`{}`", rule.variable(*id).name)).collect();
                let source = self.literal(step.place, rule, &way.bindings, &step.text);
                let for_what = if names.is_empty() { String::new() } else { format!("  for {}", names.join(", ")) };
                return self.text(NodeKind::Waits, format!("{source}{for_what}"));
            }
            Came::Fails(failure) => failure,
        };
        let text = self.literal(step.place, rule, &way.bindings, &step.text);
        let below = self.failure(failure, rule, step.place, depth, above);
        let spots = vec![self.policy(step.place)];
        self.add(NodeKind::Fails, text, spots, below)
    }

    fn failure(
        &mut self,
        failure: &Failure,
        rule: &Rule,
        place: Place,
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> Vec<usize> {
        match failure {
            Failure::NoRow { relation, pattern, nearest } => {
                let mut below: Vec<usize> = self.counts(*relation, pattern, nearest).into_iter().collect();
                below.extend(self.near(*relation, pattern, nearest, NEAR));
                below.extend(self.deeper(*relation, pattern, rule, depth, above));
                below
            }
            Failure::Stands { rows } if rows.is_empty() => Vec::new(),
            Failure::Stands { rows } => {
                let rows = rows.iter().map(|row| self.brief(*row, BRIEF)).collect();
                vec![self.add(NodeKind::Text, "this stands in the way".to_owned(), Vec::new(), rows)]
            }
            Failure::Test { left, right, aggregates } => {
                let mut below = Vec::new();
                // Of plain variables and constants the values stand in the literal.
                let text = match (right, computes(rule, place).as_slice()) {
                    (Some(right), [true, true]) => {
                        Some(format!("its left side is {}, its right side {}", self.said(left), self.said(right)))
                    }
                    (Some(_), [true, _]) | (None, [true]) => Some(format!("its left side is {}", self.said(left))),
                    (Some(right), [_, true]) => Some(format!("its right side is {}", self.said(right))),
                    _ => None,
                };
                below.extend(text.map(|text| self.text(NodeKind::Text, text)));
                below.extend(self.aggregates(aggregates));
                below
            }
            Failure::NoValue(operand) => {
                let text = format!("{} has no value", self.relabel(operand));
                vec![self.text(NodeKind::Text, text)]
            }
            Failure::Fault(message) => vec![self.text(NodeKind::Fault, message.clone())],
        }
    }

    fn said(&self, value: &Value) -> String {
        match value {
            Value::Text(_) => format!("\"{}\"", self.labelled(value)),
            Value::None => "missing".to_owned(),
            value => value.to_string(),
        }
    }

    /// Why the relation of a failing atom has no such row, or the question to ask for it.
    fn deeper(
        &mut self,
        relation: RelId,
        pattern: &Pattern,
        rule: &Rule,
        depth: usize,
        above: &mut Vec<(RelId, Pattern)>,
    ) -> Vec<usize> {
        let program = self.evaluated.program.clone();
        if program.relation(relation).kind == RelationKind::Input {
            return match self.evaluated.evaluation.count(relation) {
                0 => self.what_was_read(relation),
                _ => self.troubles(relation),
            };
        }
        let stratum = program.strata.iter().find(|stratum| stratum.relations.contains(&relation));
        let recursive = stratum.is_some_and(|stratum| stratum.recursive && stratum.relations.contains(&rule.head));
        let seen = above.iter().any(|(other, wanted)| *other == relation && wanted == pattern);
        if depth > 0 && !recursive && !seen && self.nodes.len() < ENOUGH {
            if !self.gone_into.insert((relation, pattern.clone())) {
                return vec![self.text(NodeKind::Text, "gone into above")];
            }
            return self.furthest(relation, pattern, depth - 1, above);
        }
        if seen { Vec::new() } else { self.ask(relation, pattern).into_iter().collect() }
    }

    /// What a head comes to in the place of what was asked for.
    fn head(&self, rule: &Rule, pattern: &Pattern, columns: &[(usize, HeadGives)]) -> String {
        let decl = self.decl(rule.head);
        let mut parts = Vec::new();
        for (at, gives) in columns {
            let column = &decl.columns[*at];
            let wanted = match pattern.columns.get(*at) {
                Some(Want::Is(value)) => format!(", not {}", self.shown(&column.ty, value)),
                _ => String::new(),
            };
            parts.push(match gives {
                HeadGives::Value(value) => format!("{}: {}{wanted}", column.name, self.shown(&column.ty, value)),
                HeadGives::SameAs(other) => format!("{} the same as {}", column.name, decl.columns[*other].name),
                HeadGives::Nothing => format!("{} no value", column.name),
            });
        }
        match parts.is_empty() {
            true => "its head never comes to such a row".to_owned(),
            false => format!("its head gives {}", parts.join("; ")),
        }
    }

    /// How many rows there are, and which of the wanted values no row has.
    fn counts(&mut self, relation: RelId, pattern: &Pattern, nearest: &Nearest) -> Option<usize> {
        let decl = self.decl(relation);
        let rows = match nearest.total {
            0 => return Some(self.text(NodeKind::Text, format!("`{}` has no rows", decl.name))),
            1 => format!("`{}` has 1 row", decl.name),
            total => format!("`{}` has {total} rows", decl.name),
        };
        let field = |at: usize| {
            let column = &decl.columns[at];
            match &pattern.columns[at] {
                Want::Is(Value::None) => format!("{}: none", column.name),
                Want::Is(value) => format!("{}: {}", column.name, self.shown(&column.ty, value)),
                _ => column.name.to_string(),
            }
        };
        let lacking: Vec<String> =
            nearest.alone.iter().filter(|(_, rows)| *rows == 0).map(|(at, _)| field(*at)).collect();
        let having = nearest.alone.iter().map(|(at, rows)| format!("{rows} with {}", field(*at)));
        let text = match (lacking.as_slice(), nearest.alone.len()) {
            (_, 0) if !pattern.same.is_empty() => {
                let name = |at: usize| decl.columns[at].name.clone();
                let pairs = pattern.same.iter().map(|(a, b)| format!("{} equal to {}", name(*b), name(*a)));
                format!("{rows}, none with {}", pairs.collect::<Vec<_>>().join(" and "))
            }
            (_, 0) => rows,
            ([], 1) => rows,
            ([], _) => format!("{rows}: {}, none with all of these", having.collect::<Vec<_>>().join(", ")),
            (lacking, _) => format!("{rows}, none with {}", lacking.join(" or ")),
        };
        let cut = if nearest.cut { " (only the first 2000000 were looked at)" } else { "" };
        Some(self.text(NodeKind::Text, text + cut))
    }

    fn near(&mut self, relation: RelId, pattern: &Pattern, nearest: &Nearest, most: usize) -> Vec<usize> {
        let mut out = Vec::new();
        for near in nearest.rows.iter().take(most) {
            let values = self.evaluated.evaluation.values(near.row);
            let spots = self.row_spots(near.row);
            let node = self.row_node(NodeKind::Near, relation, &values, Some(pattern));
            self.nodes.push(Node { spots, ..node });
            out.push(self.nodes.len() - 1);
        }
        out
    }
}

/// For each operand of the literal at a place whether it is more than a variable or a constant.
fn computes(rule: &Rule, place: Place) -> Vec<bool> {
    let mut bodies = vec![&rule.body];
    let mut found = Vec::new();
    while let Some(body) = bodies.pop() {
        for literal in body {
            if let LiteralKind::Or(branches) = &literal.kind {
                bodies.extend(branches);
            }
            if literal.place == place && found.is_empty() {
                literal.each_operand(&mut |operand| {
                    found.push(!matches!(operand.kind, ExprKind::Var(_) | ExprKind::Const(_)));
                });
            }
        }
    }
    found
}
