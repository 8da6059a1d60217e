//! How many rows an atom gives for a binding, judged from how its columns and the variables bound so far spread over codes.

use std::collections::BTreeMap;
use std::rc::Rc;

use hashbrown::HashMap;
use ir::{Arg, Atom, ExprKind};
use rustc_hash::FxBuildHasher;

use super::planner::Planner;
use super::scope::Set;
use crate::store::Sample;

/// How bindings spread over the codes of their variables, as far as that is known, by slot.
pub(super) type Spreads = BTreeMap<usize, Rc<Sample>>;

/// Joins of samples that were reckoned for the plan at hand, by where the samples are: orders that begin differently go on
/// alike.
#[derive(Debug, Default)]
pub(super) struct Joins(HashMap<(*const Sample, *const Sample), Joined, FxBuildHasher>);

/// What a join comes to, for each binding and in all. It holds the samples, so that no other takes their place.
#[derive(Debug)]
struct Joined {
    _of: (Rc<Sample>, Rc<Sample>),
    matches: f64,
    sample: Rc<Sample>,
}

impl Joins {
    fn of(&mut self, one: &Rc<Sample>, other: &Rc<Sample>) -> &Joined {
        self.0.entry((Rc::as_ptr(one), Rc::as_ptr(other))).or_insert_with(|| {
            let (matches, sample) = one.join(other);
            Joined { _of: (one.clone(), other.clone()), matches, sample: Rc::new(sample) }
        })
    }
}

impl Planner<'_> {
    /// How many rows of an atom match a binding.
    pub(super) fn estimate(&mut self, atom: &Atom, bound: &Set, spreads: &Spreads) -> f64 {
        let stored = self.store.get(atom.relation);
        let (rows, width) = (f64::from(stored.visible), stored.columns.len());
        let columns: Vec<usize> = (0..width).filter(|&column| self.is_bound(&atom.args[column], bound)).collect();
        if columns.is_empty() || rows == 0.0 {
            return rows;
        }
        if let Some(index) = stored.index_on(&columns).filter(|_| columns.len() > 1) {
            return rows / (index.keys() as f64).max(1.0);
        }
        let mut each: Vec<f64> = columns.iter().map(|&column| self.alone(atom, column, spreads)).collect();
        each.sort_by(f64::total_cmp);
        // Columns depend on each other; beyond the most selective one each is worth only its root.
        let all = each.iter().enumerate().map(|(at, one)| if at == 0 { *one } else { (one / rows).sqrt() });
        let matches: f64 = all.product();
        if columns.len() == width { matches.min(0.5) } else { matches }
    }

    /// Likewise, if the atom had but this bound column.
    fn alone(&mut self, atom: &Atom, column: usize, spreads: &Spreads) -> f64 {
        let sample = self.statistics.sample(self.store, atom.relation, column);
        let rows = f64::from(self.store.get(atom.relation).visible);
        match &atom.args[column] {
            Arg::Var(variable) => match spreads.get(&(variable.0 as usize)) {
                Some(spread) => self.joins.of(spread, &sample).matches,
                None => rows / sample.distinct(),
            },
            Arg::Value(expr) => match &expr.kind {
                // Of a constant that is not there a row may come yet.
                ExprKind::Const(value) => self
                    .database
                    .values
                    .lookup(value)
                    .map_or(0.0, |code| sample.weight(code.0))
                    .max(0.5_f64.min(rows / sample.distinct())),
                _ => rows / sample.distinct(),
            },
            _ => rows / sample.distinct(),
        }
    }

    /// Takes note of how bindings spread once an atom was joined.
    pub(super) fn spread(&mut self, atom: &Atom, bound: &Set, spreads: &mut Spreads) {
        if self.store.get(atom.relation).visible == 0 {
            return;
        }
        for (column, arg) in atom.args.iter().enumerate() {
            let (Arg::Var(variable) | Arg::Optional(variable)) = arg else { continue };
            let slot = variable.0 as usize;
            let sample = self.statistics.sample(self.store, atom.relation, column);
            if !bound.contains(&slot) {
                spreads.insert(slot, sample);
            } else if let Some(spread) = spreads.get(&slot) {
                let joined = self.joins.of(spread, &sample).sample.clone();
                spreads.insert(slot, joined);
            } else {
                spreads.insert(slot, sample);
            }
        }
    }

    pub(super) fn is_bound(&self, arg: &Arg, bound: &Set) -> bool {
        match arg {
            Arg::Any | Arg::Optional(_) => false,
            Arg::Var(variable) => bound.contains(&(variable.0 as usize)),
            Arg::Missing => true,
            Arg::Value(expr) => self.scope.needs(expr).iter().all(|v| bound.contains(v)),
        }
    }
}
