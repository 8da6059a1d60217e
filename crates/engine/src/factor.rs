//! Sub-joins that the rounds of a rule share.
//!
//! `points(v, o) :- load(v, w), points(w, p), points(p, o)` meets, for each new `points(p, o)`, every `w` that points to `p`,
//! though few of them are ever loaded from, and many lead to the same `v`. Its part `load(v, w), points(w, p)` is kept in a
//! helper relation of `(v, p)`, which grows with the rounds; the rule then reads
//! `points(v, o) :- part(v, p), points(p, o)`.
//!
//! A part is brought up to date at the start of each round from what the round before made, before the rule reads it. So it
//! takes no step, and rows, makers and steps are those of the rule as it stands; proofs never see it.

use std::collections::BTreeSet;
use std::sync::Arc;

use facts::{Column, RelationDecl};
use ir::{Arg, Atom, Body, Expr, ExprKind, Literal, LiteralKind, Program, RelId, Relation, RelationKind, Rule, VarId};

use crate::Structures;
use crate::rules::{Version, can_fault};
use crate::store::{Reach, Relations};

/// A part may hold this many rows for each row of the relation that it follows, and that many at least, before it is given
/// up: then it multiplies rows instead of selecting among them.
const LARGER: usize = 2;
const SMALL: usize = 10_000;

/// A rule with a part of its body kept.
#[derive(Debug)]
pub(crate) struct Factored {
    /// The helper relation.
    pub relation: RelId,
    /// Its columns.
    pub variables: Vec<VarId>,
    /// What it holds, read in full.
    pub full: Version,
    /// What it holds, from the last round's rows.
    pub delta: Version,
    /// The rule, reading the part.
    pub versions: Vec<Version>,
}

impl Factored {
    /// Finds a part of a recursive rule worth keeping: one recursive atom with the complete atoms that hang on it, where another
    /// recursive atom is left. `relation` is free for it.
    pub fn find(rule: &Rule, inside: &Relations, relation: RelId) -> Option<Factored> {
        let recursive: Vec<usize> = (0..rule.body.len()).filter(|&at| reads(&rule.body[at], inside)).collect();
        let plain = rule.body.iter().all(|literal| !matches!(literal.kind, LiteralKind::Or(_)));
        // Which bindings fault is told of the rule as it stands.
        if recursive.len() < 2 || !plain || can_fault(&rule.body) {
            return None;
        }
        let parts = recursive.iter().filter_map(|&at| Some((at, part(&rule.body, at, inside)?)));
        // Of equal parts the first one is taken.
        let (at, part) = parts.reduce(|best, other| if other.1.len() > best.1.len() { other } else { best })?;
        let (kept, rest): (Vec<usize>, Vec<usize>) = (0..rule.body.len()).partition(|number| part.contains(number));
        let mut outside = variables(rest.iter().map(|&number| &rule.body[number]));
        rule.args.iter().for_each(|arg| arg.each_variable(&mut |v| outside.extend([v])));
        let inner = variables(kept.iter().map(|&number| &rule.body[number]));
        let variables: Vec<VarId> = inner.intersection(&outside).copied().collect();
        let arg = |&v: &VarId| if rule.variable(v).optional { Arg::Optional(v) } else { Arg::Var(v) };
        let atom = LiteralKind::Atom(Atom { relation, args: variables.iter().map(arg).collect() });
        let body: Arc<Body> = Arc::new(kept.iter().map(|&number| rule.body[number].clone()).collect());
        let delta = kept.iter().position(|&number| number == at);
        let reach =
            (0..body.len()).map(|number| if Some(number) == delta { Reach::Delta } else { Reach::All }).collect();
        let first = Literal { kind: atom, place: rule.body[at].place };
        let short: Arc<Body> =
            Arc::new(std::iter::once(first).chain(rest.iter().map(|&number| rule.body[number].clone())).collect());
        let places: Vec<usize> =
            (0..short.len()).filter(|&number| number == 0 || reads(&short[number], inside)).collect();
        Some(Factored {
            relation,
            variables,
            full: Version::full(body.clone()),
            delta: Version { body, delta, reach },
            versions: Version::each(&short, &places),
        })
    }

    /// The declaration of the helper relation.
    pub fn declare(&self, rule: &Rule) -> Relation {
        let column = |&v: &VarId| {
            let variable = rule.variable(v);
            let (name, ty, doc) = (variable.name.clone(), variable.ty.clone(), "".into());
            Column { name, ty, optional: variable.optional, key: false, doc }
        };
        let columns = self.variables.iter().map(column).collect();
        let decl = RelationDecl { name: format!("part {}", self.relation.0).into(), columns, doc: "".into() };
        Relation { decl: Arc::new(decl), kind: RelationKind::Derived, open: false }
    }

    /// Whether a part of so many rows is worth keeping beside the relation that it follows.
    pub fn pays(part: usize, relation: usize, structures: Structures) -> bool {
        // Small programs of tests are to meet both answers.
        let small = if structures == Structures::Sparse { 3 } else { SMALL };
        part <= small.max(relation.saturating_mul(LARGER))
    }
}

/// The program that plans are made of: it also declares the helper relations.
pub(crate) fn extend<'a>(
    program: &Arc<Program>,
    parts: impl Iterator<Item = (&'a Factored, &'a Rule)>,
) -> Arc<Program> {
    let mut parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return program.clone();
    }
    // They were numbered stratum by stratum, which need not be the order of the rules.
    parts.sort_by_key(|(part, _)| part.relation);
    let mut longer = Program::clone(program);
    parts.into_iter().for_each(|(part, rule)| longer.relations.push(part.declare(rule)));
    Arc::new(longer)
}

fn reads(literal: &Literal, inside: &Relations) -> bool {
    matches!(&literal.kind, LiteralKind::Atom(atom) if inside.contains(&atom.relation))
}

/// The atom at `at`, the complete atoms that share variables with it or each other, and the conditions on these alone.
fn part(body: &Body, at: usize, inside: &Relations) -> Option<BTreeSet<usize>> {
    let mut variables = simple(&body[at])?;
    let mut part = BTreeSet::from([at]);
    loop {
        let next = (0..body.len()).find_map(|number| {
            let own = simple(&body[number])?;
            let hangs = !part.contains(&number) && !reads(&body[number], inside) && !own.is_disjoint(&variables);
            hangs.then_some((number, own))
        });
        let Some((number, own)) = next else { break };
        part.insert(number);
        variables.extend(own);
    }
    if part.len() < 2 {
        return None;
    }
    for (number, literal) in body.iter().enumerate() {
        let condition = matches!(&literal.kind, LiteralKind::Compare(..) | LiteralKind::IsNone { .. });
        let mut alone = condition;
        literal.each_variable(&mut |v| alone &= variables.contains(&v));
        literal.each_operand(&mut |operand| operand.each_aggregate(&mut |_| alone = false));
        if alone {
            part.insert(number);
        }
    }
    Some(part)
}

fn variables<'a>(literals: impl Iterator<Item = &'a Literal>) -> BTreeSet<VarId> {
    let mut found = BTreeSet::new();
    literals.for_each(|literal| literal.each_variable(&mut |v| found.extend([v])));
    found
}

/// The variables of an atom all of whose arguments are variables or constants.
fn simple(literal: &Literal) -> Option<BTreeSet<VarId>> {
    let LiteralKind::Atom(atom) = &literal.kind else { return None };
    let mut variables = BTreeSet::new();
    for arg in &atom.args {
        match arg {
            Arg::Var(v) | Arg::Optional(v) => variables.extend([*v]),
            Arg::Any | Arg::Missing | Arg::Value(Expr { kind: ExprKind::Const(_), .. }) => {}
            Arg::Value(_) => return None,
        }
    }
    Some(variables)
}
