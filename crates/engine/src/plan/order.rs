//! In which order the literals of a body are carried out.
//!
//! Greedy orders are good once they are under way (whatever filters or computes goes first, then the atom with the fewest
//! matches for one binding) and bad at choosing where to begin: the smallest relation may join with nothing but more of its
//! own kind. So a greedy order is drawn up from every atom that could stand first, and the one whose blocks hold the fewest
//! bindings all together is taken.

use ir::{Atom, Body, Comparison, ExprKind, Literal, LiteralKind, VarId};

use super::estimate::Spreads;
use super::planner::Planner;
use super::ready::Unready;
use super::scope::Set;

/// Bodies with more literals than this are ordered from the cheapest first atom alone.
const LARGE: usize = 24;

/// What a filter lets through, and how many matches a condition counts for, where nothing better is known.
const EQUAL: f64 = 0.1;
const COMPARED: f64 = 0.5;
const TESTED: f64 = 0.3;
const ABSENT: f64 = 0.7;

/// An order under way.
struct Draft {
    /// Literals, each with the bindings behind it.
    order: Vec<(usize, f64)>,
    bound: Set,
    spreads: Spreads,
    /// What has to be made for what is looked up so far.
    unready: Vec<Unready>,
    /// There are no rows yet: one binding at most goes on.
    single: bool,
    /// There is one way to go on, and nobody is told of it: nothing needs to be foretold.
    blind: bool,
    pending: Vec<usize>,
    /// Bindings in the newest block, about.
    rows: f64,
    /// Bindings in all blocks.
    cost: f64,
}

impl Planner<'_> {
    /// All literals of the body, `delta` first, each with the number of bindings expected behind it.
    pub(super) fn order(
        &mut self,
        body: &Body,
        bound: &Set,
        delta: Option<usize>,
    ) -> Result<Vec<(usize, f64)>, String> {
        let mut start = Draft {
            order: Vec::new(),
            bound: bound.clone(),
            spreads: Spreads::new(),
            unready: Vec::new(),
            single: true,
            blind: !self.told && (0..body.len()).filter(|&at| Some(at) != delta && is_atom(&body[at])).count() < 2,
            pending: (0..body.len()).collect(),
            rows: 1.0,
            cost: 0.0,
        };
        if let Some(delta) = delta {
            self.take(body, delta, &mut start);
            // Every order reads the delta once: its size decides nothing.
            (start.rows, start.cost) = (1.0, 0.0);
            start.order = vec![(delta, 1.0)];
        }
        while let Some(first) = self.filter(body, &start) {
            self.take(body, first, &mut start);
        }
        let firsts: Vec<usize> = start.pending.iter().copied().filter(|&at| is_atom(&body[at])).collect();
        let mut drafts: Vec<Draft> = Vec::new();
        if firsts.len() > 1 && body.len() <= LARGE {
            for first in firsts {
                if !self.is_ready(body, first, &start) {
                    continue;
                }
                let mut draft = start.copy();
                self.take(body, first, &mut draft);
                self.greedy(body, &mut draft)?;
                drafts.push(draft);
            }
        }
        let best = self.best(drafts);
        if best.is_none() {
            self.greedy(body, &mut start)?;
        }
        Ok(best.unwrap_or(start).order)
    }

    /// The order that costs least, with what has to be made for it. What it costs more than another one that would only have
    /// needed an index is put down.
    fn best(&mut self, mut drafts: Vec<Draft>) -> Option<Draft> {
        let least = |drafts: &[Draft], cost: &dyn Fn(&Draft) -> f64| {
            (0..drafts.len()).min_by(|&one, &other| cost(&drafts[one]).total_cmp(&cost(&drafts[other])))
        };
        let all = |draft: &Draft| draft.cost + draft.unready.iter().map(|unready| unready.cost).sum::<f64>();
        let (best, bare) = (least(&drafts, &all)?, least(&drafts, &|draft| draft.cost)?);
        if best == bare {
            return Some(drafts.swap_remove(best));
        }
        let more = (drafts[best].cost - drafts[bare].cost) / (drafts[bare].unready.len() as f64).max(1.0);
        for Unready { relation, on, .. } in &drafts[bare].unready {
            self.statistics.forgo(*relation, on, more);
        }
        Some(drafts.swap_remove(best))
    }

    fn is_ready(&self, body: &Body, literal: usize, draft: &Draft) -> bool {
        self.scope.ready(self.rule, &body[literal], &|v| draft.bound.contains(&v))
    }

    /// A literal that needs no rows and can be carried out at once.
    fn filter(&mut self, body: &Body, draft: &Draft) -> Option<usize> {
        let ready = |at: &&usize| {
            !matches!(body[**at].kind, LiteralKind::Atom(_) | LiteralKind::Or(_)) && self.is_ready(body, **at, draft)
        };
        let ready: Vec<usize> = draft.pending.iter().filter(ready).copied().collect();
        let mut best: Option<(f64, usize)> = None;
        for at in ready {
            let rank = self.rank(&body[at], draft);
            if best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, at));
            }
        }
        best.map(|(_, at)| at)
    }

    fn greedy(&mut self, body: &Body, draft: &mut Draft) -> Result<(), String> {
        while !draft.pending.is_empty() {
            let mut best: Option<(f64, usize)> = None;
            for at in draft.pending.clone() {
                if self.is_ready(body, at, draft) {
                    let rank = self.rank(&body[at], draft);
                    if best.is_none_or(|(least, _)| rank < least) {
                        best = Some((rank, at));
                    }
                }
            }
            // Only literals wait whose operands need each other's variables: the first one begins.
            let begins = |&at: &usize| self.scope.can_begin(self.rule, &body[at], &|v| draft.bound.contains(&v));
            let stuck = || draft.pending.iter().copied().find(begins);
            match best.map(|(_, at)| at).or_else(stuck) {
                Some(at) => self.take(body, at, draft),
                None => return Err(self.unbound(body, draft)),
            }
        }
        Ok(())
    }

    fn unbound(&self, body: &Body, draft: &Draft) -> String {
        let mut open: Vec<VarId> = Vec::new();
        draft.pending.iter().for_each(|&at| body[at].each_variable(&mut |v| open.push(v)));
        open.retain(|v| !draft.bound.contains(&(v.0 as usize)));
        let names: Vec<&str> = open.iter().map(|v| &*self.rule.variable(*v).name).collect();
        format!("nothing binds a variable of: {}", names.join(", "))
    }

    fn take(&mut self, body: &Body, at: usize, draft: &mut Draft) {
        let literal = &body[at];
        draft.rows *= self.factor(literal, draft);
        // A literal looks at every binding before it, too.
        draft.cost += draft.rows + 1e-3;
        if let LiteralKind::Atom(atom) = &literal.kind
            && !draft.blind
            && draft.pending.iter().any(|&other| other != at && is_atom(&body[other]))
        {
            self.spread(atom, &draft.bound, &mut draft.spreads);
        }
        if let LiteralKind::Atom(atom) = &literal.kind
            && self.once
        {
            draft.unready.extend(self.unready(atom, &draft.bound, draft.single));
        }
        draft.single &= !is_atom(literal);
        let given = self.scope.gives(self.rule, literal, &|v| draft.bound.contains(&v));
        draft.bound.extend(given);
        draft.pending.retain(|&other| other != at);
        draft.order.push((at, draft.rows));
    }

    /// Filters before everything, then by the number of matches expected for one binding.
    fn rank(&mut self, literal: &Literal, draft: &Draft) -> f64 {
        match &literal.kind {
            LiteralKind::Compare(..) | LiteralKind::IsNone { .. } => {
                let mut aggregates = 0;
                literal.each_operand(&mut |operand| operand.each_aggregate(&mut |_| aggregates += 1));
                if aggregates == 0 { -5.0 } else { -1.0 }
            }
            LiteralKind::In { operand, values, negated } => match operand.kind {
                ExprKind::Var(variable) if !negated && !draft.bound.contains(&(variable.0 as usize)) => {
                    values.len() as f64
                }
                _ => -4.0,
            },
            LiteralKind::Text { .. } => -3.0,
            LiteralKind::Not(body) => {
                if matches!(body.as_slice(), [Literal { kind: LiteralKind::Atom(_), .. }]) {
                    -2.0
                } else {
                    -1.5
                }
            }
            LiteralKind::Atom(atom) => self.matches(atom, draft),
            LiteralKind::Or(branches) => self.branches(branches, draft),
        }
    }

    /// How many bindings come of one.
    fn factor(&mut self, literal: &Literal, draft: &Draft) -> f64 {
        match &literal.kind {
            LiteralKind::Compare(comparison, ..) => {
                let binds = !self.scope.gives(self.rule, literal, &|v| draft.bound.contains(&v)).is_empty();
                match comparison {
                    Comparison::Equal if binds => 1.0,
                    Comparison::Equal => EQUAL,
                    _ => COMPARED,
                }
            }
            LiteralKind::IsNone { .. } => COMPARED,
            LiteralKind::In { values, .. } => match self.rank(literal, draft) {
                rank if rank >= 0.0 => values.len() as f64,
                _ => TESTED,
            },
            LiteralKind::Text { .. } => TESTED,
            LiteralKind::Not(_) => ABSENT,
            LiteralKind::Atom(atom) => self.matches(atom, draft),
            LiteralKind::Or(branches) => self.branches(branches, draft),
        }
    }

    fn matches(&mut self, atom: &Atom, draft: &Draft) -> f64 {
        if draft.blind { 1.0 } else { self.estimate(atom, &draft.bound, &draft.spreads) }
    }

    fn branches(&mut self, branches: &[Body], draft: &Draft) -> f64 {
        let mut sum = 0.0;
        for branch in branches {
            let mut least = f64::INFINITY;
            for literal in branch {
                if let LiteralKind::Atom(atom) = &literal.kind {
                    least = least.min(self.matches(atom, draft));
                }
            }
            sum += if least.is_finite() { least } else { COMPARED };
        }
        sum
    }
}

fn is_atom(literal: &Literal) -> bool {
    matches!(literal.kind, LiteralKind::Atom(_) | LiteralKind::Or(_))
}

impl Draft {
    fn copy(&self) -> Draft {
        Draft {
            order: self.order.clone(),
            bound: self.bound.clone(),
            spreads: self.spreads.clone(),
            unready: self.unready.clone(),
            single: self.single,
            blind: self.blind,
            pending: self.pending.clone(),
            rows: self.rows,
            cost: self.cost,
        }
    }
}
