//! Which literals of a rule ever held and ever failed, over the rows of a finished evaluation: what tests exercise.
//!
//! Bodies are unordered, but people read them from left to right, so the walk goes in written order (a literal waits only
//! for variables that a later one binds) and keeps the set of bindings that came this far:
//!
//! ```text
//! late(h) :- server(h, d), d > 90, not exempt(h).      server(web, 10). server(db, 100).
//!            2 came through, d > 90 took one away, `not exempt(h)` held for what was left and never failed
//! ```

use std::collections::{BTreeMap, BTreeSet};

use base::Place;
use facts::Type;
use ir::{Aggregate, Arg, Atom, Body, Expr, ExprKind, Literal, LiteralKind, RelationKind, RuleId, VarId};

use crate::Evaluation;
use crate::plan::Scope;
use crate::search::{Env, Frame, Mode, Search, State};

/// Rows and bindings looked at before the walk through a rule is cut: tests are small, a whole repository is not.
const PATIENCE: usize = 500_000;

/// What a rule's literals did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCoverage {
    /// Whether the whole body held.
    pub fired: bool,
    /// Whether there was too much to look at; what was not seen by then does not show.
    pub cut: bool,
    /// The literals in the order of the text, those inside `not ( … )` and aggregates after the one that holds them. The branches
    /// of an `or` stand for it. The same for every evaluation of the rule.
    pub literals: Vec<LiteralCoverage>,
}

/// What a literal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralCoverage {
    /// Where it stands.
    pub place: Place,
    /// What it stands in.
    pub within: Within,
    /// Whether it can fail: not one that only lists rows, looks up an entity or names a value.
    pub filters: bool,
    /// Whether some binding came this far.
    pub reached: bool,
    /// Whether it held for one.
    pub held: bool,
    /// Whether it failed for one.
    pub failed: bool,
    /// Whether it is an atom whose relation had no rows whenever it was looked at.
    pub empty: bool,
}

/// What a literal stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The body itself.
    Body,
    /// A branch of an `or`, from 0.
    Branch(usize),
    /// A `not ( … )`.
    Not,
    /// An aggregate.
    Aggregate,
}

impl RuleCoverage {
    /// Adds what the same rule did in another evaluation.
    pub fn absorb(&mut self, other: &RuleCoverage) {
        self.fired |= other.fired;
        self.cut |= other.cut;
        for (one, other) in self.literals.iter_mut().zip(&other.literals) {
            one.filters |= other.filters;
            one.reached |= other.reached;
            one.held |= other.held;
            one.failed |= other.failed;
            one.empty &= other.empty;
        }
    }

    /// The same rule before any evaluation.
    pub fn blank(mut self) -> RuleCoverage {
        (self.fired, self.cut) = (false, false);
        for literal in &mut self.literals {
            (literal.reached, literal.held, literal.failed, literal.empty) = (false, false, false, true);
        }
        self
    }
}

impl LiteralCoverage {
    /// Whether it did all that it can do.
    pub fn covered(&self) -> bool {
        self.held && (self.failed || !self.filters)
    }
}

impl Evaluation {
    /// What the literals of a rule did over all rows.
    pub fn coverage(&self, rule: RuleId) -> RuleCoverage {
        let ir = self.program().rule(rule);
        let mut walk = Walk {
            search: self.search(rule),
            numbers: BTreeMap::new(),
            found: RuleCoverage { fired: false, cut: false, literals: Vec::new() },
            left: PATIENCE,
        };
        walk.number(&ir.body, Within::Body);
        ir.args.iter().for_each(|arg| walk.number_operand(arg));
        // Only aggregates of the head look at what the body binds.
        let mut keep = Set::new();
        for arg in &ir.args {
            arg.each_aggregate(&mut |aggregate| {
                aggregate.each_variable(&mut |VarId(v)| {
                    keep.insert(v as usize);
                })
            });
        }
        let mut bound = Set::new();
        let start = Envs::from([walk.search.empty()]);
        let ends = walk.body(&ir.body, start, &mut bound, &keep);
        walk.found.fired = !ends.is_empty();
        ir.args.iter().for_each(|arg| walk.operand(arg, &ends, &bound));
        walk.found
    }
}

type Envs = BTreeSet<Env>;
type Set = BTreeSet<usize>;

struct Walk<'a> {
    search: Search<'a>,
    /// Places in `found.literals`, by the address of the literal.
    numbers: BTreeMap<*const Literal, usize>,
    found: RuleCoverage,
    left: usize,
}

impl<'a> Walk<'a> {
    fn number(&mut self, body: &'a Body, within: Within) {
        for literal in body {
            if let LiteralKind::Or(branches) = &literal.kind {
                for (at, branch) in branches.iter().enumerate() {
                    self.number(branch, Within::Branch(at));
                }
                continue;
            }
            self.enter(literal, within);
            match &literal.kind {
                LiteralKind::Not(inner) if inner.len() > 1 => self.number(inner, Within::Not),
                // Of a single literal the negation tells all, but not of what stands in it.
                LiteralKind::Not(inner) => inner.iter().for_each(|only| match &only.kind {
                    LiteralKind::Or(_) => self.number(inner, Within::Not),
                    _ => only.each_operand(&mut |operand| self.number_operand(operand)),
                }),
                _ => literal.each_operand(&mut |operand| self.number_operand(operand)),
            }
        }
    }

    fn number_operand(&mut self, operand: &'a Expr) {
        operand.each_aggregate(&mut |aggregate| {
            self.number(&aggregate.body, Within::Aggregate);
            aggregate.listed.iter().for_each(|listed| self.number_operand(listed));
        });
    }

    fn enter(&mut self, literal: &'a Literal, within: Within) {
        self.numbers.insert(literal, self.found.literals.len());
        let (place, empty) = (literal.place, matches!(literal.kind, LiteralKind::Atom(_)));
        let (filters, reached, held, failed) = (false, false, false, false);
        self.found.literals.push(LiteralCoverage { place, within, filters, reached, held, failed, empty });
    }

    fn mark(&mut self, literal: &'a Literal, mark: impl FnOnce(&mut LiteralCoverage)) {
        if let Some(&number) = self.numbers.get(&std::ptr::from_ref(literal)) {
            mark(&mut self.found.literals[number]);
        }
    }

    /// Whether there is patience for one more row or binding.
    fn breathe(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.found.cut |= self.left == 0;
        self.left > 0
    }

    /// The bindings for which a body holds, cut to the variables of `keep`; `bound` grows by what the body binds.
    fn body(&mut self, body: &'a Body, start: Envs, bound: &mut Set, keep: &Set) -> Envs {
        let mut envs = start;
        let mut pending: Vec<&'a Literal> = body.iter().collect();
        while !pending.is_empty() {
            let known = |v: usize| bound.contains(&v);
            let (scope, rule) = (self.search.scope, self.search.rule);
            let ready = pending.iter().position(|literal| scope.ready(rule, literal, &known));
            let atom = || pending.iter().position(|literal| matches!(literal.kind, LiteralKind::Atom(_)));
            let Some(at) = ready.or_else(atom) else { break };
            let literal = pending.remove(at);
            let gives = scope.gives(rule, literal, &known);
            if ready.is_none() {
                // Atoms whose operands need each other's variables: the first one begins, and is looked at again.
                if gives.is_empty() {
                    break;
                }
                pending.push(literal);
            }
            let mut needed = keep.clone();
            pending.iter().for_each(|later| {
                later.each_variable(&mut |VarId(v)| {
                    needed.insert(v as usize);
                })
            });
            envs = self.literal(literal, &envs, bound, &needed);
            bound.extend(gives);
        }
        envs
    }

    fn literal(&mut self, literal: &'a Literal, envs: &Envs, bound: &Set, needed: &Set) -> Envs {
        if !envs.is_empty() {
            self.mark(literal, |found| found.reached = true);
        }
        match &literal.kind {
            LiteralKind::Or(branches) => {
                let mut out = Envs::new();
                for branch in branches {
                    out.extend(self.body(branch, envs.clone(), &mut bound.clone(), needed));
                }
                out
            }
            LiteralKind::Not(inner) => self.negation(literal, inner, envs, bound, needed),
            LiteralKind::Atom(atom) => {
                literal.each_operand(&mut |operand| self.operand(operand, envs, bound));
                self.atom(literal, atom, envs, bound, needed)
            }
            _ => {
                literal.each_operand(&mut |operand| self.operand(operand, envs, bound));
                self.test(literal, envs, bound, needed)
            }
        }
    }

    fn negation(&mut self, literal: &'a Literal, inner: &'a Body, envs: &Envs, bound: &Set, needed: &Set) -> Envs {
        self.mark(literal, |found| found.filters = true);
        let shared = self.search.scope.shared_by_body(inner);
        let known: Set = bound.intersection(&shared).copied().collect();
        if envs.is_empty() {
            self.body(inner, Envs::new(), &mut known.clone(), &Set::new());
        }
        let mut verdicts: BTreeMap<Env, bool> = BTreeMap::new();
        let mut out = Envs::new();
        for env in envs {
            let start = project(env, &shared);
            let holds = match verdicts.get(&start) {
                Some(holds) => *holds,
                None => {
                    let found = self.body(inner, Envs::from([start.clone()]), &mut known.clone(), &Set::new());
                    if self.found.cut {
                        break;
                    }
                    verdicts.insert(start, found.is_empty());
                    found.is_empty()
                }
            };
            self.mark(literal, |found| if holds { found.held = true } else { found.failed = true });
            if holds {
                out.insert(project(env, needed));
            }
        }
        out
    }

    fn atom(&mut self, literal: &'a Literal, atom: &'a Atom, envs: &Envs, bound: &Set, needed: &Set) -> Envs {
        let (filters, joined) = self.filters(atom, bound);
        let rows = self.search.end(atom.relation) as usize;
        self.mark(literal, |found| {
            found.filters |= filters;
            found.empty &= rows == 0;
        });
        let mut out = Envs::new();
        for env in envs {
            let mut matched = 0;
            for frame in self.search.open(start(env), literal, Mode::Solutions) {
                let Frame::Rows { state, literal, known, rows } = frame else { continue };
                for row in rows {
                    if !self.breathe() {
                        return out;
                    }
                    if let Some(next) = self.search.matched(&state, literal, &known, row) {
                        matched += 1;
                        out.insert(project(&next.env, needed));
                    }
                }
            }
            // What no variable joins is asked of the rows themselves: one that does not match counts as failed.
            self.mark(literal, |found| {
                found.held |= matched > 0;
                found.failed |= matched == 0 || !joined && matched < rows;
            });
            if !self.breathe() {
                break;
            }
        }
        out
    }

    /// Whether an atom can fail, and whether bound variables have a part in it. To look up an entity in the input that it
    /// comes from is no condition: there is such a row.
    fn filters(&self, atom: &Atom, bound: &Set) -> (bool, bool) {
        let relation = self.search.program.relation(atom.relation);
        let (mut filters, mut joined) = (false, false);
        let mut here = Set::new();
        for (arg, column) in atom.args.iter().zip(&relation.decl.columns) {
            match arg {
                Arg::Any | Arg::Optional(_) => {}
                Arg::Missing => filters = true,
                Arg::Var(VarId(v)) => {
                    let known = bound.contains(&(*v as usize));
                    let entity = column.key && matches!(column.ty, Type::Entity(_));
                    let looks_up = entity && relation.kind == RelationKind::Input;
                    joined |= known;
                    filters |= known && !looks_up || column.optional || !here.insert(*v as usize);
                }
                Arg::Value(expr) => {
                    joined |= !self.search.scope.needs(expr).is_empty();
                    filters = true;
                }
            }
        }
        (filters, joined)
    }

    /// A comparison or test.
    fn test(&mut self, literal: &'a Literal, envs: &Envs, bound: &Set, needed: &Set) -> Envs {
        let known = |v: usize| bound.contains(&v);
        let names = names_value(self.search.scope, self.search.rule, literal, &known);
        self.mark(literal, |found| found.filters = !names);
        let mut out = Envs::new();
        let mut ends = Vec::new();
        for env in envs {
            if !self.breathe() {
                break;
            }
            self.search.literal(start(env), literal, Mode::Solutions, &mut ends);
            self.mark(literal, |found| if ends.is_empty() { found.failed = true } else { found.held = true });
            out.extend(ends.drain(..).map(|state| project(&state.env, needed)));
        }
        out
    }

    /// Walks through the aggregates of an operand.
    fn operand(&mut self, operand: &'a Expr, envs: &Envs, bound: &Set) {
        let mut aggregates: Vec<&'a Aggregate> = Vec::new();
        operand.each_aggregate(&mut |aggregate| aggregates.push(aggregate));
        for aggregate in aggregates {
            let shared = self.search.scope.shared_by_aggregate(aggregate);
            let mut known: Set = bound.intersection(&shared).copied().collect();
            let starts = envs.iter().map(|env| project(env, &shared)).collect();
            let mut keep = Set::new();
            for listed in &aggregate.listed {
                listed.each_aggregate(&mut |inner| {
                    inner.each_variable(&mut |VarId(v)| {
                        keep.insert(v as usize);
                    })
                });
            }
            let ends = self.body(&aggregate.body, starts, &mut known, &keep);
            aggregate.listed.iter().for_each(|listed| self.operand(listed, &ends, &known));
        }
    }
}

/// Whether a literal only gives a value to a variable.
fn names_value(scope: &Scope, rule: &ir::Rule, literal: &Literal, known: &dyn Fn(usize) -> bool) -> bool {
    match &literal.kind {
        LiteralKind::Compare(..) => scope.binder(rule, literal, known).is_some(),
        LiteralKind::In { operand: Expr { kind: ExprKind::Var(VarId(v)), .. }, negated: false, .. } => {
            !known(*v as usize)
        }
        _ => false,
    }
}

fn start<'a>(env: &Env) -> State<'a> {
    State { env: env.clone(), pending: Vec::new(), choices: Vec::new(), mark: None }
}

/// A binding without the variables that nothing asks for any more: what differs in them alone is one.
fn project(env: &Env, needed: &Set) -> Env {
    env.iter().enumerate().map(|(v, value)| value.clone().filter(|_| needed.contains(&v))).collect()
}
