//! Around the patch of a stratum: whether it is worth while, its relations taken over and given back, what came of it.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use ir::{RelId, RuleId, Stratum};
use rustc_hash::FxBuildHasher;

use super::Work;
use super::difference::{Difference, Rows};
use crate::Error;
use crate::store::each_relation;

/// Changes and suspects of fewer rows are followed in any case.
pub(super) const FEW: usize = 1000;

impl Work<'_> {
    /// Whether so much has changed that a stratum is better begun anew.
    pub(super) fn is_large(&self, stratum: &Stratum) -> bool {
        let mut read = BTreeSet::new();
        for &id in &stratum.rules {
            let rule = self.program.rule(id);
            each_relation(&rule.body, &mut |relation| read.extend([relation]));
            rule.args
                .iter()
                .for_each(|arg| crate::store::operand_relations(arg, &mut |relation| read.extend([relation])));
        }
        let (mut changed, mut all) = (0, 0);
        for id in read {
            if let Some(difference) = &self.differences[id.0 as usize] {
                changed += difference.added.len + difference.removed.len;
                all += self.machine.store.get(id).count();
            }
        }
        changed > FEW && changed * 3 > all
    }

    pub(super) fn take_stratum(&mut self, stratum: &Stratum) {
        for &id in &stratum.relations {
            if let Some(twin) = self.kinship.relations[id.0 as usize] {
                self.take(id, twin);
                let stored = self.machine.store.get_mut(id);
                stored.begin_trial();
                stored.growing = true;
            }
        }
    }

    pub(super) fn leave_stratum(&mut self, stratum: &Stratum) {
        for &id in &stratum.relations {
            if let Some(twin) = self.taken[id.0 as usize].take() {
                self.put_back(id, twin);
            }
        }
    }

    /// What came and went in a relation that was followed; what went and came again did neither.
    pub(super) fn net(&mut self, id: RelId) -> Option<Difference> {
        let stored = self.machine.store.get_mut(id);
        stored.growing = false;
        let width = stored.columns.len();
        let mut difference = Difference { added: Rows::new(width), removed: Rows::new(width) };
        let mut went: HashMap<Box<[u32]>, (), FxBuildHasher> = HashMap::default();
        for &row in stored.trial.dying.iter().filter(|&&row| row < stored.trial.len) {
            let codes: Box<[u32]> = stored.row(row).collect();
            if !stored.contains(&codes) {
                difference.removed.push(codes.iter().copied());
            }
            went.insert(codes, ());
        }
        for row in (stored.trial.len..stored.len() as u32).filter(|&row| !stored.dead.has(row)) {
            let codes: Vec<u32> = stored.row(row).collect();
            if !went.contains_key(codes.as_slice()) {
                difference.added.push(codes.into_iter());
            }
        }
        (!difference.is_empty()).then_some(difference)
    }

    /// Faults of the rules: kept where nothing that a rule reads has changed, else found anew where there were some or plans came
    /// upon one.
    pub(super) fn follow_faults(&mut self, stratum: &Stratum, rules: Vec<(RuleId, bool, bool)>) -> Result<(), Error> {
        let moved = stratum.relations.iter().any(|id| self.differences[id.0 as usize].is_some());
        for (id, touched, faulted) in rules {
            let Some(twin) = self.kinship.rules[id.0 as usize] else { continue };
            let prepared = &self.rules[id.0 as usize];
            let touched = touched || moved && !prepared.versions.is_empty();
            match touched {
                true if faulted || prepared.suspect || self.old.faults_of(twin).is_some() => self.find_faults(id)?,
                true => {}
                false => self.keep_faults(id, twin)?,
            }
        }
        Ok(())
    }
}
