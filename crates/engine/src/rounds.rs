//! The rounds of a stratum: each runs every rule against what the last one made.

use ir::{RelId, Stratum};

use crate::Error;
use crate::evaluate::Machine;
use crate::exec::Carried;
use crate::factor::Factored;
use crate::faults;
use crate::plan::RulePlan;
use crate::rules::{Prepared, Version};
use crate::store::Reach;

/// The plans of a rule's versions, as far as they were made.
struct Rounds<'r> {
    rule: &'r Prepared,
    plans: Vec<Option<Cached>>,
    part: Option<Part<'r>>,
    faulted: bool,
}

/// A part of a rule that is kept beside its relation, as long as that pays.
struct Part<'r> {
    factored: &'r Factored,
    follow: Option<Cached>,
    plans: Vec<Option<Cached>>,
}

/// A version's plan, and how many rows the stratum had when it was made.
struct Cached {
    plan: RulePlan,
    carried: Carried,
    rows: usize,
}

impl<'r> Rounds<'r> {
    fn new(rule: &'r Prepared) -> Self {
        let none = |versions: &[Version]| versions.iter().map(|_| None).collect();
        let part = |factored: &'r Factored| Part { factored, follow: None, plans: none(&factored.versions) };
        Rounds { rule, plans: none(&rule.versions), part: rule.factored.as_ref().map(part), faulted: false }
    }
}

impl Machine<'_> {
    /// Completes a stratum.
    pub fn stratum(&mut self, stratum: &Stratum, number: usize, rules: &[&Prepared]) -> Result<(), Error> {
        self.grow(stratum, rules, true);
        let mut rounds: Vec<Rounds> = rules.iter().map(|rule| Rounds::new(rule)).collect();
        for rounds in &mut rounds {
            let (rule, full) = (rounds.rule, Version::full(rounds.rule.body(self.program)));
            let plan = self.plan(rule, &full, None)?;
            let head = self.program.rule(rule.id).head;
            rounds.faulted |= self.run(stratum, (rule.id, head), &plan, &mut Carried::default())?;
            if let Some(Part { factored, .. }) = rounds.part {
                let plan = self.plan(rule, &factored.full, Some((factored.relation, &factored.variables)))?;
                self.run(stratum, (rule.id, factored.relation), &plan, &mut Carried::default())?;
                self.store.get_mut(factored.relation).publish(0);
            }
        }
        let mut added = self.publish(stratum, number);
        if stratum.recursive {
            while added > 0 {
                for rounds in rounds.iter_mut().filter(|rounds| !rounds.rule.versions.is_empty()) {
                    self.round(stratum, rounds)?;
                }
                added = self.publish(stratum, number);
            }
        }
        self.grow(stratum, rules, false);
        if let Some(recorder) = &mut self.recorder {
            recorder.complete(self.program, &self.store);
        }
        for Rounds { rule, part, faulted, .. } in rounds {
            if let Some(Part { factored, .. }) = part {
                self.store.clear(factored.relation);
            }
            if faulted || rule.suspect {
                let plan =
                    self.planner(rule).faults().map_err(|message| Error::Program { rule: Some(rule.id), message })?;
                let found = faults::find(self.program, rule, &plan, &self.store, &mut self.world, &self.budget)?;
                self.faults.extend(found);
            }
        }
        Ok(())
    }

    /// Goes on from rows that were added outside of rounds, until nothing new comes. Returns which of the rules faulted.
    pub fn go_on(&mut self, stratum: &Stratum, number: usize, rules: &[&Prepared]) -> Result<Vec<bool>, Error> {
        let mut rounds: Vec<Rounds> = rules.iter().map(|rule| Rounds { part: None, ..Rounds::new(rule) }).collect();
        let mut added = self.publish(stratum, number);
        while stratum.recursive && added > 0 {
            for rounds in rounds.iter_mut().filter(|rounds| !rounds.rule.versions.is_empty()) {
                self.round(stratum, rounds)?;
            }
            added = self.publish(stratum, number);
        }
        Ok(rounds.iter().map(|rounds| rounds.faulted).collect())
    }

    /// Marks the relations of a stratum, and the parts beside them, as growing or complete.
    fn grow(&mut self, stratum: &Stratum, rules: &[&Prepared], growing: bool) {
        let parts = rules.iter().filter_map(|rule| Some(rule.factored.as_ref()?.relation));
        let all = stratum.relations.iter().copied().chain(parts);
        all.for_each(|id| self.store.get_mut(id).growing = growing);
    }

    /// Runs a rule against the last round's rows.
    fn round(&mut self, stratum: &Stratum, rounds: &mut Rounds) -> Result<(), Error> {
        let rule = rounds.rule;
        if let Some(part) = &mut rounds.part {
            let (relation, factored) = (part.factored.relation, part.factored);
            let variables = factored.variables.as_slice();
            self.version(stratum, rule, &factored.delta, (relation, Some(variables)), &mut part.follow)?;
            self.store.get_mut(relation).publish(0);
            let followed = factored.delta.delta_relation().map_or(0, |id| self.store.get(id).len());
            if Factored::pays(self.store.get(relation).len(), followed, self.structures) {
                return self.versions(stratum, rule, &factored.versions, &mut part.plans, &mut rounds.faulted);
            }
            self.store.clear(relation);
            rounds.part = None;
        }
        self.versions(stratum, rule, &rule.versions, &mut rounds.plans, &mut rounds.faulted)
    }

    fn versions(
        &mut self,
        stratum: &Stratum,
        rule: &Prepared,
        versions: &[Version],
        plans: &mut [Option<Cached>],
        faulted: &mut bool,
    ) -> Result<(), Error> {
        let head = self.program.rule(rule.id).head;
        for (version, cached) in versions.iter().zip(plans) {
            *faulted |= self.version(stratum, rule, version, (head, None), cached)?;
        }
        Ok(())
    }

    /// Runs one version; its plan is made anew when the stratum has grown a lot.
    fn version(
        &mut self,
        stratum: &Stratum,
        rule: &Prepared,
        version: &Version,
        (head, part): (RelId, Option<&[ir::VarId]>),
        cached: &mut Option<Cached>,
    ) -> Result<bool, Error> {
        if let Some(relation) = version.delta_relation()
            && self.store.get(relation).range(Reach::Delta).is_empty()
        {
            return Ok(false);
        }
        let rows: usize = stratum.relations.iter().map(|&id| self.store.get(id).len()).sum();
        if cached.as_ref().is_none_or(|cached| rows > cached.rows * 8) {
            *cached = Some(Cached {
                plan: self.plan(rule, version, part.map(|part| (head, part)))?,
                carried: Carried::default(),
                rows,
            });
        }
        match cached {
            Some(cached) => self.run(stratum, (rule.id, head), &cached.plan, &mut cached.carried),
            None => Ok(false),
        }
    }
}
