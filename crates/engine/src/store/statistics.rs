//! Sizes and distinct counts, as far as planning needs them: sampled, so that asking costs next to nothing.

use hashbrown::{HashMap, HashSet};
use ir::RelId;
use rustc_hash::FxBuildHasher;

use super::Store;

/// Rows looked at for a column's distinct count.
const SAMPLE: usize = 2048;

/// Distinct counts of columns, kept while the relation's size stays within a factor of two.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    distinct: HashMap<(RelId, usize), (usize, f64), FxBuildHasher>,
}

impl Statistics {
    /// How many rows match values given for some columns, about.
    pub fn matches(&mut self, store: &Store, relation: RelId, bound: &[usize]) -> f64 {
        let stored = store.get(relation);
        let rows = stored.visible as f64;
        if bound.is_empty() {
            return rows;
        }
        if bound.len() == stored.columns.len() {
            return rows.min(0.5);
        }
        if let Some(index) = stored.index_on(bound) {
            return rows / (index.keys() as f64).max(1.0);
        }
        // Columns depend on each other; beyond the most selective one each is worth only its root.
        let mut counts: Vec<f64> = bound.iter().map(|&column| self.distinct(store, relation, column)).collect();
        counts.sort_by(|a, b| b.total_cmp(a));
        let factor: f64 =
            counts.iter().enumerate().map(|(at, count)| if at == 0 { *count } else { count.sqrt() }).product();
        rows / factor.max(1.0)
    }

    fn distinct(&mut self, store: &Store, relation: RelId, column: usize) -> f64 {
        let stored = store.get(relation);
        let rows = stored.visible as usize;
        if let Some(&(at, count)) = self.distinct.get(&(relation, column))
            && at <= rows
            && rows <= at * 2
        {
            return count;
        }
        let step = (rows / SAMPLE).max(1);
        let sample: HashSet<u32, FxBuildHasher> =
            stored.columns[column][..rows].iter().step_by(step).take(SAMPLE).copied().collect();
        let looked = rows.div_ceil(step).min(SAMPLE);
        // A sample that rarely repeats comes from a column that rarely does.
        let count = if sample.len() * 2 > looked { sample.len() as f64 * step as f64 } else { sample.len() as f64 };
        self.distinct.insert((relation, column), (rows, count));
        count
    }
}
