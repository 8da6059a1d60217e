//! The exact path: bodies carried out one binding at a time, over values, straight from the program.
//!
//! It finds what plans do not tell: which bindings fault and why, which rows a proof rests on, how far a body holds. Its
//! search keeps a stack of its own, so that no body is too long and no relation too large for it.

mod literal;
mod lookup;

use std::cell::Cell;
use std::ops::{ControlFlow, Range};

use base::Place;
use facts::Value;
use ir::{Body, Literal, LiteralKind, Program, RelId, Rule};

pub(crate) use literal::widen;
pub(crate) use lookup::{Candidates, Lookup};

use crate::budget::Budget;
use crate::expr::World;
use crate::plan::Scope;
use crate::store::Store;

/// Values of a rule's variables.
pub(crate) type Env = Vec<Option<Value>>;

/// A fault, and where its literal stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub place: Place,
    pub message: String,
}

/// What a search looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Bindings for which all literals hold.
    Solutions,
    /// Also those for which some fault and the others hold or can only be bound through one that faults.
    Faults,
}

/// A decision on the way to a solution.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice<'a> {
    /// The row that an atom matched.
    Row(&'a Literal, u32),
    /// The branch of an `or`.
    Branch(&'a Literal, usize),
}

/// A partial solution.
#[derive(Debug, Clone)]
pub(crate) struct State<'a> {
    pub env: Env,
    pub pending: Vec<&'a Literal>,
    pub choices: Vec<Choice<'a>>,
    pub mark: Option<Mark>,
}

impl<'a> State<'a> {
    /// The start of a search through a body.
    pub fn new(body: &'a Body, env: Env) -> Self {
        State { env, pending: body.iter().collect(), choices: Vec::new(), mark: None }
    }

    fn marked(mut self, mark: Mark) -> Self {
        self.mark = Some(match self.mark.take() {
            Some(other) => other.min(mark),
            None => mark,
        });
        self
    }
}

/// The rows that one atom is held to.
#[derive(Debug, Clone)]
pub(crate) struct Slice<'a> {
    pub literal: &'a Literal,
    pub rows: Range<u32>,
}

/// Limits a search to what a row may rest on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before<'a> {
    /// The row's step in its stratum.
    pub step: u32,
    /// The stratum; those below it are seen whole.
    pub stratum: usize,
    /// By relation.
    pub strata: &'a [Option<usize>],
}

impl Before<'_> {
    /// Whether a relation is filled by the row's stratum.
    pub fn inside(&self, relation: RelId) -> bool {
        self.strata[relation.0 as usize] == Some(self.stratum)
    }
}

/// What a search works on.
pub(crate) struct Search<'a> {
    pub program: &'a Program,
    pub rule: &'a Rule,
    pub scope: &'a Scope,
    pub store: &'a Store,
    pub world: &'a World,
    pub lookup: &'a Lookup,
    /// Only rows of smaller steps are seen.
    pub before: Option<Before<'a>>,
    /// One atom sees only some rows.
    pub slice: Option<Slice<'a>>,
    pub budget: Option<&'a Budget>,
    /// Steps after which the search is stopped, whatever it has found.
    pub most_steps: Option<u32>,
    /// Set once the budget is used up: the search then ends early.
    pub stopped: Cell<bool>,
    steps: Cell<u32>,
}

/// What is still to be done.
pub(crate) enum Frame<'a> {
    State(State<'a>),
    /// An atom's rows still to be tried on a state.
    Rows {
        state: State<'a>,
        literal: &'a Literal,
        known: Vec<(usize, u32)>,
        rows: Candidates<'a>,
    },
}

impl<'a> Search<'a> {
    pub fn new(
        (program, rule, scope): (&'a Program, &'a Rule, &'a Scope),
        (store, world, lookup): (&'a Store, &'a World, &'a Lookup),
    ) -> Self {
        Search {
            program,
            rule,
            scope,
            store,
            world,
            lookup,
            before: None,
            slice: None,
            budget: None,
            most_steps: None,
            stopped: Cell::new(false),
            steps: Cell::new(0),
        }
    }

    /// An environment that binds nothing.
    pub fn empty(&self) -> Env {
        vec![None; self.rule.variables.len()]
    }

    /// Calls `each` with every end of the search: complete states, in [`Mode::Faults`] also those that end at faults.
    pub fn run(&self, start: State<'a>, mode: Mode, each: &mut dyn FnMut(State<'a>) -> ControlFlow<()>) {
        let mut stack = vec![Frame::State(start)];
        let mut out = Vec::new();
        while let Some(frame) = stack.pop() {
            if self.tired() {
                return;
            }
            match frame {
                Frame::State(mut state) => match self.choose(&state) {
                    Some(at) => {
                        let literal = state.pending.remove(at);
                        match &literal.kind {
                            LiteralKind::Atom(_) => stack.extend(self.open(state, literal, mode)),
                            _ => {
                                self.literal(state, literal, mode, &mut out);
                                stack.extend(out.drain(..).rev().map(Frame::State));
                            }
                        }
                    }
                    None => {
                        let ended = state.pending.is_empty() || state.mark.is_some();
                        if ended && each(state).is_break() {
                            return;
                        }
                    }
                },
                Frame::Rows { state, literal, known, mut rows } => {
                    let next = rows.by_ref().find_map(|row| self.matched(&state, literal, &known, row));
                    if let Some(next) = next {
                        stack.push(Frame::Rows { state, literal, known, rows });
                        stack.push(Frame::State(next));
                    }
                }
            }
        }
    }

    fn tired(&self) -> bool {
        self.steps.set(self.steps.get().wrapping_add(1));
        if self.most_steps.is_some_and(|most| self.steps.get() > most) {
            self.stopped.set(true);
        }
        if self.steps.get().is_multiple_of(1024) && self.budget.is_some_and(|budget| budget.breathe().is_err()) {
            self.stopped.set(true);
        }
        self.stopped.get()
    }

    /// The literal to carry out next: filters and what computes, then looked-up atoms, `or`, other atoms. Nothing if
    /// all are done, or wait for variables that a fault left unbound.
    fn choose(&self, state: &State<'a>) -> Option<usize> {
        let bound = |v: usize| state.env[v].is_some();
        let mut best: Option<(f64, usize)> = None;
        for (at, literal) in state.pending.iter().enumerate() {
            let is_or = matches!(literal.kind, LiteralKind::Or(_));
            if !is_or && !self.scope.ready(self.rule, literal, &bound) {
                continue;
            }
            let cost = match &literal.kind {
                LiteralKind::Atom(atom) => self.matches(atom, literal, &state.env),
                LiteralKind::Or(_) => 2.0,
                LiteralKind::Not(_) => -1.0,
                _ => -2.0,
            };
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, at));
            }
        }
        // Atoms whose operands need each other's variables: the first one begins, and is looked at again at the end.
        let circular = || {
            let atom = |literal: &&Literal| matches!(literal.kind, LiteralKind::Atom(_));
            state.pending.iter().position(atom).filter(|_| state.mark.is_none())
        };
        best.map(|(_, at)| at).or_else(circular)
    }
}
