//! Takes notes while an evaluation goes on.

use std::time::{Duration, Instant};

use ir::{LiteralKind, Program, RelId, RuleId};

use super::describe::{Names, fill, same};
use super::{Housekeeping, IndexRecord, Observe, Observed, PlanRecord, Role};
use crate::exec::{Figures, Tally};
use crate::plan::RulePlan;
use crate::rules::Version;
use crate::store::Store;

/// The notes so far.
#[derive(Debug)]
pub(crate) struct Recorder {
    operators: bool,
    /// How many relations the program has beside the helpers.
    own: usize,
    stratum: usize,
    observed: Observed,
    /// By plan.
    tallies: Vec<Tally>,
    /// By rule: the step of its last run, and one more.
    last: Vec<u32>,
}

impl Recorder {
    /// One, if something is to be noted of the program.
    pub fn new(program: &Program, observe: Observe) -> Option<Recorder> {
        let observed = Observed {
            rounds: vec![0; program.rules.len()],
            strata: vec![Housekeeping::default(); program.strata.len()],
            ..Observed::default()
        };
        (observe != Observe::Nothing).then(|| Recorder {
            operators: observe == Observe::Operators,
            own: program.relations.len(),
            stratum: 0,
            observed,
            tallies: Vec::new(),
            last: vec![0; program.rules.len()],
        })
    }

    /// A stratum begins.
    pub fn begin(&mut self, stratum: usize) {
        self.stratum = stratum;
    }

    /// A plan was made, of a version of a rule or of a part of it.
    pub fn plan(
        &mut self,
        (program, store): (&Program, &Store),
        rule: RuleId,
        (version, part): (&Version, Option<RelId>),
        plan: &mut RulePlan,
        time: Duration,
    ) {
        self.observed.strata[self.stratum].planning += time;
        let names = Names { program, own: self.own };
        let role = self.role(&names, version, part);
        let steps = names.steps(&plan.body, &|relation, number| store.get(relation).index(number).on().to_vec());
        let key = (self.stratum, rule);
        let known = self.observed.plans.iter().position(|record| {
            (record.stratum, record.rule) == key && record.role == role && same(&record.steps, &steps)
        });
        let number = known.unwrap_or_else(|| {
            let (stratum, added, time) = (self.stratum, Figures::default(), Duration::ZERO);
            let role = role.clone();
            self.observed.plans.push(PlanRecord {
                stratum,
                rule,
                role,
                steps: Vec::new(),
                made: 0,
                runs: 0,
                added,
                time,
            });
            self.tallies.push(Tally::new(&plan.body));
            self.tallies.len() - 1
        });
        let record = &mut self.observed.plans[number];
        record.made += 1;
        record.steps = steps;
        plan.record = Some(number);
    }

    fn role(&self, names: &Names, version: &Version, part: Option<RelId>) -> Role {
        let delta = version.delta.map(|at| &version.body[at]);
        match (part.and_then(|relation| names.part(relation)), delta) {
            (None, None) => Role::Full,
            (None, Some(literal)) => match &literal.kind {
                LiteralKind::Atom(atom) => match names.part(atom.relation) {
                    Some(kept) => Role::NewPart(kept),
                    None => Role::New(literal.place),
                },
                _ => Role::New(literal.place),
            },
            (Some(kept), None) => Role::PartFull(kept),
            (Some(kept), Some(literal)) => Role::PartNew(kept, literal.place),
        }
    }

    /// An empty tally for a run of the plan, if operations are to be watched.
    pub fn tally(&self, plan: &RulePlan) -> Option<Tally> {
        self.operators.then(|| Tally::new(&plan.body))
    }

    /// A run of a plan is over. `step` is that of the last round, `added` what became of what it derived.
    pub fn ran(&mut self, plan: &RulePlan, step: u32, tallies: &[Tally], added: Figures, time: Duration) {
        let Some(number) = plan.record else { return };
        let record = &mut self.observed.plans[number];
        record.runs += 1;
        record.added.add(&added);
        record.time += time;
        let rule = record.rule.0 as usize;
        if self.last[rule] != step + 1 {
            self.last[rule] = step + 1;
            self.observed.rounds[rule] += 1;
        }
        let all = &mut self.tallies[number];
        tallies.iter().for_each(|tally| all.add(tally));
        // Each thread begins with the one binding that binds nothing.
        if let Some(first) = all.ops.first_mut() {
            first.figures.rows_in -= tallies.len().saturating_sub(1) as u64;
        }
    }

    /// A round is over: its rows were entered in indexes.
    pub fn published(&mut self, started: Instant) {
        self.observed.strata[self.stratum].publishing += started.elapsed();
    }

    /// A stratum is complete. Takes note of the indexes that are there, those of the stratum's parts included.
    pub fn complete(&mut self, program: &Program, store: &Store) {
        let names = Names { program, own: self.own };
        for (number, stored) in store.relations.iter().enumerate() {
            let relation = RelId(number as u32);
            for facts in stored.structures() {
                let found = IndexRecord {
                    stratum: self.stratum,
                    relation: names.name(relation),
                    part: names.part(relation),
                    columns: facts.on.map(|on| names.columns(relation, on)),
                    structure: facts.structure,
                    keys: facts.keys as u64,
                    rows: stored.len() as u64,
                    bytes: facts.bytes,
                };
                let known =
                    |index: &&mut IndexRecord| index.relation == found.relation && index.columns == found.columns;
                match self.observed.indexes.iter_mut().find(known) {
                    Some(index) => *index = IndexRecord { stratum: index.stratum, ..found },
                    None => self.observed.indexes.push(found),
                }
            }
        }
    }

    /// All notes.
    pub fn finish(self) -> Observed {
        let mut observed = self.observed;
        observed.plans.iter_mut().zip(&self.tallies).for_each(|(plan, tally)| fill(&mut plan.steps, tally));
        observed
    }
}
