//! The search for the longest part of a body that holds, in whatever order its literals are tried.
//!
//! Literals are tried one after the other, those first that have to do with the row asked for or with what holds already. One that fails is set aside and the rest goes on, so that each end of the walk
//! knows all that fails. An atom that matches may also be put off until the others have bound more: it may fail then, and
//! the part that holds be longer. The best end is kept, and what cannot become better is not followed.

use std::collections::{BTreeMap, BTreeSet};

use facts::Value;
use ir::{Arg, Literal, LiteralKind};

use super::{Pattern, head};
use crate::evaluation::RowRef;
use crate::search::{Candidates, Choice, Env, Frame, Mode, Search, State};

/// Literals tried before the walk is content with what it has.
const PATIENCE: usize = 60_000;
/// Ends of equal rank that are kept for the choice of the nearest, and those looked at in all.
const TIES: usize = 48;
const TIES_SEEN: usize = 2_000;

/// How an end came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Some literals fail.
    Literal,
    /// All hold, and the head comes to another row.
    Head,
    /// The row is made.
    Made,
}

/// An end of the walk.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub held: Vec<&'a Literal>,
    /// Each with the values known when it failed.
    pub failed: Vec<(&'a Literal, Env)>,
    pub env: Env,
    pub choices: Vec<Choice<'a>>,
    pub end: End,
}

impl<'a> Candidate<'a> {
    /// The row that an atom matched.
    pub fn row(&self, literal: &'a Literal) -> Option<RowRef> {
        let LiteralKind::Atom(atom) = &literal.kind else { return None };
        self.choices.iter().rev().find_map(|choice| match choice {
            Choice::Row(of, row) if std::ptr::eq(*of, literal) => Some(RowRef { relation: atom.relation, row: *row }),
            _ => None,
        })
    }
}

/// What ends are ordered by, the best first: how many fail, how many hold, that later ones fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    missed: usize,
    open: usize,
    failing: Vec<std::cmp::Reverse<usize>>,
}

pub(super) struct Walk<'s, 'a> {
    search: &'s Search<'a>,
    pattern: &'s Pattern,
    literals: &'s [&'a Literal],
    rank: Option<Rank>,
    ties: BTreeMap<Env, Candidate<'a>>,
    seen: usize,
    /// Whether the walk ended before it had tried everything.
    pub cut: bool,
}

#[derive(Clone)]
struct At<'a> {
    state: State<'a>,
    held: Vec<&'a Literal>,
    failed: Vec<(&'a Literal, Env)>,
    /// Put off until nothing else is left; then they must fail.
    later: Vec<&'a Literal>,
}

enum Item<'a> {
    At(At<'a>),
    /// An atom's rows still to be tried.
    Rows {
        at: At<'a>,
        state: State<'a>,
        literal: &'a Literal,
        known: Vec<(usize, u32)>,
        rows: Candidates<'a>,
        any: bool,
    },
}

impl<'s, 'a> Walk<'s, 'a> {
    pub fn new(search: &'s Search<'a>, pattern: &'s Pattern, literals: &'s [&'a Literal]) -> Self {
        Walk { search, pattern, literals, rank: None, ties: BTreeMap::new(), seen: 0, cut: false }
    }

    /// The best end: of those of equal rank the one that `closeness` of its first failing literal is greatest for, then the
    /// one whose values come first.
    pub fn best(self, closeness: impl Fn(&'a Literal, &Env) -> i64) -> Option<Candidate<'a>> {
        let mut best: Option<(i64, Candidate)> = None;
        for candidate in self.ties.into_values() {
            let score = match candidate.failed.first() {
                Some((literal, env)) => closeness(literal, env),
                None => 0,
            };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    pub fn run(&mut self, env: Env) {
        let state = State { env, pending: self.literals.to_vec(), choices: Vec::new(), mark: None };
        let start = At { state, held: Vec::new(), failed: Vec::new(), later: Vec::new() };
        let mut stack = vec![Item::At(start)];
        for _ in 0..PATIENCE {
            if self.search.stopped.get() {
                break;
            }
            match stack.pop() {
                None => return,
                Some(Item::At(at)) => self.at(at, &mut stack),
                Some(Item::Rows { at, state, literal, known, mut rows, any }) => {
                    match rows.by_ref().find_map(|row| self.search.matched(&state, literal, &known, row)) {
                        Some(next) => {
                            let mut further = at.clone();
                            further.state = next;
                            further.held.push(literal);
                            stack.push(Item::Rows { at, state, literal, known, rows, any: true });
                            stack.push(Item::At(further));
                        }
                        None if !any => self.fails(at, literal, &mut stack),
                        None => {}
                    }
                }
            }
            if self.made() || self.seen > TIES_SEEN {
                self.cut = self.seen > TIES_SEEN;
                return;
            }
        }
        self.cut = true;
    }

    fn made(&self) -> bool {
        self.ties.values().next().is_some_and(|candidate| candidate.end == End::Made)
    }

    /// The literal is set aside, and the rest goes on.
    fn fails(&self, mut at: At<'a>, literal: &'a Literal, stack: &mut Vec<Item<'a>>) {
        let env = at.state.env.clone();
        at.failed.push((literal, env));
        if self.promising(&at) {
            stack.push(Item::At(at));
        }
    }

    /// Whether what is left can still lead to an end as good as the best.
    fn promising(&self, at: &At<'a>) -> bool {
        let Some(rank) = &self.rank else { return true };
        let hold = at.held.len() + at.state.pending.len() + at.later.len();
        let fewest = self.literals.len() - hold.min(self.literals.len());
        (at.failed.len(), fewest.max(at.failed.len())) <= (rank.missed, rank.open)
    }

    fn at(&mut self, mut at: At<'a>, stack: &mut Vec<Item<'a>>) {
        if !self.promising(&at) {
            return;
        }
        let chosen = self.choose(&at.state.pending, &at);
        let (literal, again) = match chosen {
            Some(number) => (at.state.pending.remove(number), false),
            None if !at.later.is_empty() => match self.choose(&at.later, &at) {
                Some(number) => (at.later.remove(number), true),
                None => return self.ended(at),
            },
            None => return self.ended(at),
        };
        if !again && self.may_wait(literal, &at) {
            let mut put_off = at.clone();
            put_off.later.push(literal);
            stack.push(Item::At(put_off));
        }
        if let LiteralKind::Atom(_) = &literal.kind {
            let frames = self.search.open(at.state.clone(), literal, Mode::Solutions);
            let Some(Frame::Rows { state, literal, known, mut rows }) = frames.into_iter().next() else {
                return self.fails(at, literal, stack);
            };
            if !again {
                return stack.push(Item::Rows { at, state, literal, known, rows, any: false });
            }
            // What was put off and matches after all is met in the other order too.
            if !rows.any(|row| self.search.matched(&state, literal, &known, row).is_some()) {
                self.fails(at, literal, stack);
            }
            return;
        }
        let mut next = Vec::new();
        self.search.literal(at.state.clone(), literal, Mode::Solutions, &mut next);
        if next.is_empty() {
            self.fails(at, literal, stack);
        } else if !again {
            at.held.push(literal);
            stack.extend(next.into_iter().rev().map(|state| Item::At(At { state, ..at.clone() })));
        }
    }

    /// Whether the variables that a literal is about to bind could be bound by others.
    fn may_wait(&self, literal: &'a Literal, at: &At<'a>) -> bool {
        let (scope, rule) = (self.search.scope, self.search.rule);
        let bound = |v: usize| at.state.env[v].is_some();
        let gives = scope.gives(rule, literal, &bound);
        !gives.is_empty()
            && at.state.pending.iter().any(|other| {
                let others = scope.gives(rule, other, &bound);
                others.iter().any(|variable| gives.contains(variable))
            })
    }

    /// What computes or filters first, then the atom that matches the fewest rows. An atom none of whose columns is known has
    /// nothing to do with the question yet, so it begins only where no other can go on, and not at all where it is a failing
    /// literal that would have led to it: its rows would be any rows.
    fn choose(&self, pending: &[&'a Literal], at: &At<'a>) -> Option<usize> {
        let env = &at.state.env;
        let bound = |v: usize| env[v].is_some();
        let mut best: Option<(f64, usize)> = None;
        let mut loose: Option<(f64, usize)> = None;
        let lost = self.lost(at);
        for (number, literal) in pending.iter().enumerate() {
            if !self.search.scope.ready(self.search.rule, literal, &bound) {
                continue;
            }
            let gives = self.search.scope.gives(self.search.rule, literal, &bound);
            let cost = match &literal.kind {
                LiteralKind::Atom(atom) => self.search.matches(atom, literal, env),
                _ => -1.0,
            };
            let (kept, allowed) = match &literal.kind {
                LiteralKind::Atom(atom) if !connected(atom, env) => (&mut loose, gives.is_disjoint(&lost)),
                LiteralKind::In { .. } => (&mut best, gives.is_disjoint(&lost)),
                _ => (&mut best, true),
            };
            if allowed && kept.is_none_or(|(least, _)| cost < least) {
                *kept = Some((cost, number));
            }
        }
        let is_connected = |literal: &&'a Literal| match &literal.kind {
            LiteralKind::Atom(atom) => connected(atom, env),
            _ => true,
        };
        if best.is_none() && at.later.iter().any(is_connected) {
            loose = None;
        }
        // Atoms whose operands need each other's variables: the first one begins.
        let circular = || {
            let binds = |literal: &&Literal| match &literal.kind {
                LiteralKind::Atom(atom) => {
                    let free = |arg: &Arg| matches!(arg, Arg::Var(v) if env[v.0 as usize].is_none());
                    let computed = |arg: &Arg| matches!(arg, Arg::Value(_));
                    atom.args.iter().any(free) && atom.args.iter().any(computed)
                }
                _ => false,
            };
            pending.iter().position(binds).filter(|_| at.failed.is_empty())
        };
        best.or(loose).map(|(_, number)| number).or_else(circular)
    }

    /// The variables that failing literals would have bound, and those that only these lead to.
    fn lost(&self, at: &At<'a>) -> BTreeSet<usize> {
        let unbound = |literal: &Literal| {
            let mut found = BTreeSet::new();
            literal.each_variable(&mut |id| {
                if at.state.env[id.0 as usize].is_none() {
                    found.insert(id.0 as usize);
                }
            });
            found
        };
        let mut lost: BTreeSet<usize> = at.failed.iter().flat_map(|(literal, _)| unbound(literal)).collect();
        if lost.is_empty() {
            return lost;
        }
        loop {
            let before = lost.len();
            for literal in &at.state.pending {
                let found = unbound(literal);
                if !found.is_disjoint(&lost) {
                    lost.extend(found);
                }
            }
            if lost.len() == before {
                return lost;
            }
        }
    }

    fn ended(&mut self, at: At<'a>) {
        let whole = at.failed.is_empty() && at.held.len() == self.literals.len();
        let end = match (whole, whole && self.head_fits(&at.state.env)) {
            (_, true) => End::Made,
            (true, false) => End::Head,
            _ => End::Literal,
        };
        if end == End::Literal && at.failed.is_empty() {
            // Nothing fails and something waits: no order of a safe rule leads here.
            return;
        }
        let number = |literal: &&Literal| self.literals.iter().position(|other| std::ptr::eq(*other, *literal));
        let mut failing: Vec<_> =
            at.failed.iter().map(|(literal, _)| literal).filter_map(number).map(std::cmp::Reverse).collect();
        failing.sort();
        let missed = match end {
            End::Made => 0,
            End::Head => 1,
            End::Literal => at.failed.len(),
        };
        let rank = Rank { missed, open: self.literals.len() - at.held.len(), failing };
        if let Some(best) = &self.rank {
            if rank > *best {
                return;
            }
            if rank < *best {
                self.ties.clear();
                self.seen = 0;
            }
        }
        self.rank = Some(rank);
        self.seen += 1;
        let At { state, held, failed, .. } = at;
        let candidate = Candidate { held, failed, env: state.env.clone(), choices: state.choices, end };
        self.ties.insert(state.env, candidate);
        if self.ties.len() > TIES {
            self.ties.pop_last();
        }
    }

    fn head_fits(&self, env: &Env) -> bool {
        let row: Option<Vec<Value>> = head(self.search, env).into_iter().collect();
        row.is_some_and(|row| self.pattern.matches(&row))
    }
}

/// Whether some column of an atom is known.
fn connected(atom: &ir::Atom, env: &Env) -> bool {
    atom.args.is_empty()
        || atom.args.iter().any(|arg| match arg {
            Arg::Any | Arg::Optional(_) => false,
            Arg::Var(variable) => env[variable.0 as usize].is_some(),
            Arg::Missing | Arg::Value(_) => true,
        })
}
