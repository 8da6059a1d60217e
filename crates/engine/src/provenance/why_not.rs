//! Why a rule does not make a row: the longest part of its body that holds, and the literal that fails after it.

use base::Place;
use facts::Value;
use ir::{Arg, Literal, LiteralKind, RuleId, VarId};

use super::build::{bindings, head_is, unify};
use crate::evaluation::{Evaluation, RowRef};
use crate::search::{Candidates, Choice, Env, Frame, Mode, Search, State};

/// Literals tried before the search is content with the longest part found so far.
const PATIENCE: usize = 200_000;
/// Rows looked at, and shown, that nearly match an atom.
const LOOKED_AT: u32 = 20_000;
const NEAREST: usize = 3;

/// How far a rule gets toward a row.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The rule.
    pub rule: RuleId,
    /// The literals that hold together, in the order in which they were tried.
    pub held: Vec<Held>,
    /// Values of the variables bound by them and by the row asked for.
    pub bindings: Vec<(VarId, Value)>,
    /// What fails; nothing if the rule does make the row.
    pub failure: Option<Failure>,
}

/// A literal that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Where it stands.
    pub place: Place,
    /// The literal with its values.
    pub text: String,
    /// The row that an atom matches.
    pub row: Option<RowRef>,
}

/// What fails.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The head never comes to such a row.
    Head,
    /// This literal fails for the values of those that hold.
    Literal {
        /// Where it stands.
        place: Place,
        /// The literal with the values known.
        text: String,
        /// For an atom, rows that match in most of the columns known.
        nearest: Vec<RowRef>,
    },
}

impl Evaluation {
    /// How far a rule gets toward a row with these values; `None` is any value. Of parts of equal length the one whose
    /// values come first is told.
    pub fn why_not(&self, rule: RuleId, head: &[Option<Value>]) -> WhyNot {
        let ir = self.program().rule(rule);
        let search = self.search(rule);
        let nothing = |failure| WhyNot { rule, held: Vec::new(), bindings: Vec::new(), failure };
        let Some(env) = unify(&search, head) else { return nothing(Some(Failure::Head)) };
        let mut walk = Walk { search: &search, head, best: None };
        walk.run(State::new(&ir.body, env));
        let Some(best) = walk.best else { return nothing(Some(Failure::Head)) };
        let value = |id: VarId| best.env[id.0 as usize].clone();
        let show = |literal: &Literal| ir::show_literal(self.program(), ir, literal, &value);
        let held = best
            .held
            .iter()
            .map(|&(literal, row)| Held {
                place: literal.place,
                text: show(literal),
                row: match &literal.kind {
                    LiteralKind::Atom(atom) => row.map(|row| RowRef { relation: atom.relation, row }),
                    _ => None,
                },
            })
            .collect();
        let failure = match best.end {
            End::Made => None,
            End::Head => Some(Failure::Head),
            End::Literal(literal) => Some(Failure::Literal {
                place: literal.place,
                text: show(literal),
                nearest: self.nearest(&search, literal, &best.env),
            }),
        };
        WhyNot { rule, held, bindings: bindings(&best.env), failure }
    }

    /// The rows that match an atom in most of the columns whose values are known, least by value first.
    fn nearest<'a>(&self, search: &Search<'a>, literal: &'a Literal, env: &Env) -> Vec<RowRef> {
        let LiteralKind::Atom(atom) = &literal.kind else { return Vec::new() };
        let wanted: Vec<Option<Value>> = atom
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Var(variable) => env[variable.0 as usize].clone(),
                Arg::Missing => Some(Value::None),
                Arg::Value(expr) if search.scope.needs(expr).iter().all(|&v| env[v].is_some()) => {
                    match search.operand(expr, env) {
                        crate::expr::Outcome::Value(value) => Some(value),
                        _ => None,
                    }
                }
                _ => None,
            })
            .collect();
        let mut scored: Vec<(usize, Vec<Value>, RowRef)> = Vec::new();
        for row in 0..search.end(atom.relation).min(LOOKED_AT) {
            let row = RowRef { relation: atom.relation, row };
            let values = self.values(row);
            let score = values.iter().zip(&wanted).filter(|(value, wanted)| wanted.as_ref() == Some(value)).count();
            if score > 0 {
                scored.push((score, values, row));
            }
        }
        scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        scored.into_iter().take(NEAREST).map(|(_, _, row)| row).collect()
    }
}

#[derive(Clone, Copy)]
enum End<'a> {
    Made,
    Head,
    Literal(&'a Literal),
}

struct Best<'a> {
    held: Vec<(&'a Literal, Option<u32>)>,
    env: Env,
    end: End<'a>,
}

struct Walk<'s, 'a> {
    search: &'s Search<'a>,
    head: &'s [Option<Value>],
    best: Option<Best<'a>>,
}

type Trail<'a> = Vec<&'a Literal>;

enum Item<'a> {
    State(State<'a>, Trail<'a>),
    /// An atom's rows still to be tried, and whether one matched.
    Rows {
        state: State<'a>,
        trail: Trail<'a>,
        literal: &'a Literal,
        known: Vec<(usize, u32)>,
        rows: Candidates,
        any: bool,
    },
}

impl<'a> Walk<'_, 'a> {
    fn run(&mut self, start: State<'a>) {
        let mut stack = vec![Item::State(start, Vec::new())];
        for _ in 0..PATIENCE {
            match stack.pop() {
                None => return,
                Some(Item::State(state, trail)) => self.state(state, trail, &mut stack),
                Some(Item::Rows { state, trail, literal, known, mut rows, any }) => {
                    match rows.by_ref().find_map(|row| self.search.matched(&state, literal, &known, row)) {
                        Some(next) => {
                            let mut longer = trail.clone();
                            longer.push(literal);
                            stack.push(Item::Rows { state, trail, literal, known, rows, any: true });
                            stack.push(Item::State(next, longer));
                        }
                        None if !any => self.ended(&state, &trail, End::Literal(literal)),
                        None => {}
                    }
                }
            }
            if matches!(self.best, Some(Best { end: End::Made, .. })) {
                return;
            }
        }
    }

    fn state(&mut self, mut state: State<'a>, mut trail: Trail<'a>, stack: &mut Vec<Item<'a>>) {
        let Some(at) = self.choose(&state) else {
            let made = state.pending.is_empty() && head_is(self.search, &state.env, self.head);
            return self.ended(&state, &trail, if made { End::Made } else { End::Head });
        };
        let before = state.clone();
        let literal = state.pending.remove(at);
        if let LiteralKind::Atom(_) = &literal.kind {
            let mut opened = false;
            for frame in self.search.open(state, literal, Mode::Solutions) {
                if let Frame::Rows { state, literal, known, rows } = frame {
                    opened = true;
                    stack.push(Item::Rows { state, trail: trail.clone(), literal, known, rows, any: false });
                }
            }
            if !opened {
                self.ended(&before, &trail, End::Literal(literal));
            }
            return;
        }
        let mut next = Vec::new();
        self.search.literal(state, literal, Mode::Solutions, &mut next);
        if next.is_empty() {
            return self.ended(&before, &trail, End::Literal(literal));
        }
        if !matches!(literal.kind, LiteralKind::Or(_)) {
            trail.push(literal);
        }
        stack.extend(next.into_iter().rev().map(|state| Item::State(state, trail.clone())));
    }

    /// What computes or filters first, then atoms of which something is known, in the order of the text.
    fn choose(&self, state: &State<'a>) -> Option<usize> {
        let bound = |v: usize| state.env[v].is_some();
        let rank = |literal: &Literal| match &literal.kind {
            LiteralKind::Or(_) => Some(2),
            _ if !self.search.scope.ready(self.search.rule, literal, &bound) => None,
            LiteralKind::Atom(atom) => {
                let known = atom.args.iter().any(|arg| match arg {
                    Arg::Var(variable) => bound(variable.0 as usize),
                    Arg::Missing | Arg::Value(_) => true,
                    _ => false,
                });
                Some(if known { 1 } else { 3 })
            }
            _ => Some(0),
        };
        let ranked = state.pending.iter().enumerate().filter_map(|(at, literal)| Some((rank(literal)?, at)));
        let circular = || state.pending.iter().position(|literal| matches!(literal.kind, LiteralKind::Atom(_)));
        ranked.min().map(|(_, at)| at).or_else(circular)
    }

    fn ended(&mut self, state: &State<'a>, trail: &Trail<'a>, end: End<'a>) {
        // The row itself goes before any part, a whole body before the literal that ends a part.
        let rank = |held: usize, end: &End| match end {
            End::Made => (true, held, true),
            End::Head => (false, held, true),
            End::Literal(_) => (false, held, false),
        };
        let better = self.best.as_ref().is_none_or(|best| {
            let (new, old) = (rank(trail.len(), &end), rank(best.held.len(), &best.end));
            new > old || (new == old && state.env < best.env)
        });
        if better {
            let row = |literal: &'a Literal| {
                state.choices.iter().rev().find_map(|choice| match choice {
                    Choice::Row(of, row) if std::ptr::eq(*of, literal) => Some(*row),
                    _ => None,
                })
            };
            let held = trail.iter().map(|&literal| (literal, row(literal))).collect();
            self.best = Some(Best { held, env: state.env.clone(), end });
        }
    }
}
