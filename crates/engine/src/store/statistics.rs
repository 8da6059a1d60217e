//! What is known of the sizes of relations and of how their columns spread, kept as long as it is about right.

use std::rc::Rc;

use hashbrown::HashMap;
use ir::RelId;
use rustc_hash::FxBuildHasher;

use super::Store;
use super::sketch::Sample;

/// What plans are judged by.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    /// Samples of columns, kept while the relation's size stays within a factor of two.
    samples: HashMap<(RelId, usize), (usize, Rc<Sample>), FxBuildHasher>,
    /// What was spent by going without an index on some columns.
    forgone: HashMap<(RelId, Vec<usize>), f64, FxBuildHasher>,
}

impl Statistics {
    /// How the visible rows of a column spread over its codes.
    pub fn sample(&mut self, store: &Store, relation: RelId, column: usize) -> Rc<Sample> {
        let stored = store.get(relation);
        let rows = stored.visible as usize;
        if let Some((at, sample)) = self.samples.get(&(relation, column))
            && *at <= rows
            && rows <= at * 2
        {
            return sample.clone();
        }
        let sample = Rc::new(Sample::of(&stored.columns[column][..rows]));
        self.samples.insert((relation, column), (rows, sample.clone()));
        sample
    }
    /// What plans have spent so far, in bindings, by going without an index on these columns.
    pub fn forgone(&self, relation: RelId, on: &[usize]) -> f64 {
        self.forgone.get(&(relation, on.to_vec())).copied().unwrap_or_default()
    }

    /// Adds to that.
    pub fn forgo(&mut self, relation: RelId, on: &[usize], cost: f64) {
        *self.forgone.entry((relation, on.to_vec())).or_default() += cost;
    }
}
