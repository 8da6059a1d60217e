//! A stratum that follows a change below it from the rows that came and went alone.
//!
//! 1. *Suspects.* Every instance that read a row that went, or a group of a `not` or aggregate that may come to something else,
//!    puts its row under suspicion, if its rule is the one that made the row: the proof of any other row stands as it stood.
//! 2. *Deaths.* Suspects are looked at in the order of their steps. One that some rule still makes from rows of smaller steps
//!    stays, by that rule. One that none makes goes, and what its own rule made of it is suspect in turn, at a later step. So no
//!    row stays that rests on itself alone, and no row goes that has a proof of what is left.
//! 3. *Births.* Rules run over what came, and over the groups that were touched; rows that went are asked for once more, from
//!    whatever steps; then rounds go on as ever.
//!
//! Where so much changes that following costs more than beginning anew, or a rule cannot be followed, the stratum is left as it
//! was, to be renewed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use ir::{Body, LiteralKind, RelId, Rule, RuleId, Stratum};
use rustc_hash::FxBuildHasher;

use super::Work;
use super::follow::FEW;
use super::touch::{self, Seeded};
use crate::evaluate::head_codes;
use crate::exec::{Block, Carried, Run, Watch};
use crate::expr::column::Bad;
use crate::plan::{Plan, RulePlan};
use crate::rules::{Prepared, split};
use crate::store::{Maker, Reach, Relations, each_relation};
use crate::{Error, Updates};

/// How it ends early.
enum Stop {
    /// It is not worth it, or cannot be done.
    Leave,
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

/// Rows under suspicion, by step.
type Suspects = BTreeMap<u32, BTreeSet<(RelId, u32)>>;

/// A rule's bodies: its own, or those that it was split into where an `or` reads the stratum.
struct Member<'p> {
    prepared: &'p Prepared,
    rule: &'p Rule,
    bodies: Vec<Arc<Body>>,
    /// Plans of [`touch::candidates`], by body; of smaller steps only, or of all.
    checks: [Vec<Option<RulePlan>>; 2],
    /// Plans that tell what was made of rows of the stratum that went.
    follow: Option<Vec<(Plan, usize)>>,
    /// Whether something that it reads has changed.
    touched: bool,
    faulted: bool,
}

struct Patch<'w, 'a, 'p> {
    work: &'w mut Work<'a>,
    stratum: &'p Stratum,
    number: usize,
    inside: Relations,
    members: Vec<Member<'p>>,
    /// For each relation of the stratum a helper for rows that are asked for, and one for rows that go.
    asked: BTreeMap<RelId, RelId>,
    going: BTreeMap<RelId, RelId>,
    suspects: Suspects,
}

impl<'a> Work<'a> {
    /// Brings a stratum that says what it said up to date. Returns false, and leaves it as it was, where it is to be renewed.
    pub(super) fn patch(&mut self, number: usize, twin: usize) -> Result<bool, Error> {
        let program = self.program.clone();
        let stratum = &program.strata[number];
        let refused = match self.updates {
            Updates::ByCost => self.is_large(stratum),
            Updates::Follow => false,
            Updates::Renew => true,
        };
        if refused {
            return Ok(false);
        }
        let rules = self.rules;
        let Some(members) = members(stratum, &program, rules) else { return Ok(false) };
        self.take_stratum(stratum);
        let (rows, stats) = (self.machine.budget.rows, self.machine.stats.strata[number].clone());
        self.machine.stats.strata[number] = self.old.stats.strata[twin].clone();
        for &id in &stratum.rules {
            let Some(twin) = self.kinship.rules[id.0 as usize] else { continue };
            self.machine.stats.rules[id.0 as usize] = self.old.stats.rules[twin.0 as usize].clone();
            self.machine.budget.rows += self.old.stats.rules[twin.0 as usize].rows;
        }
        self.machine.step = self.old.lasts[twin];
        self.machine.recorder.iter_mut().for_each(|recorder| recorder.begin(number));
        let inside = stratum.relations.iter().copied().collect();
        let (asked, going) = (BTreeMap::new(), BTreeMap::new());
        let suspects = Suspects::new();
        let mut patch = Patch { work: self, stratum, number, inside, members, asked, going, suspects };
        let outcome = patch.all();
        let Patch { members, .. } = patch;
        match outcome {
            Ok(()) => {}
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Leave) => {
                self.leave_stratum(stratum);
                self.machine.budget.rows = rows;
                self.machine.stats.strata[number] = stats;
                for &id in &stratum.rules {
                    self.machine.stats.rules[id.0 as usize] = Default::default();
                }
                return Ok(false);
            }
        }
        let faulted: Vec<(RuleId, bool, bool)> =
            members.iter().map(|member| (member.prepared.id, member.touched, member.faulted)).collect();
        for &id in &stratum.relations {
            let difference = self.net(id);
            self.differ(id, difference);
        }
        self.machine.lasts[number] = self.machine.step;
        self.follow_faults(stratum, faulted)?;
        self.patched[number] = true;
        self.update.patched += 1;
        Ok(true)
    }
}

fn members<'p>(stratum: &Stratum, program: &'p ir::Program, rules: &'p [Prepared]) -> Option<Vec<Member<'p>>> {
    let inside: Relations = stratum.relations.iter().copied().collect();
    let reads = |body: &Body| {
        let mut found = false;
        each_relation(body, &mut |relation| found |= inside.contains(&relation));
        found
    };
    let mut ids = stratum.rules.clone();
    ids.sort_unstable();
    let member = |id: RuleId| {
        let rule = program.rule(id);
        let bodies: Vec<Arc<Body>> = split(&rule.body, &reads)?.into_iter().map(Arc::new).collect();
        let none = || bodies.iter().map(|_| None).collect::<Vec<_>>();
        let checks = [none(), none()];
        let prepared = &rules[id.0 as usize];
        Some(Member { prepared, rule, bodies, checks, follow: None, touched: false, faulted: false })
    };
    ids.into_iter().map(member).collect()
}

impl Patch<'_, '_, '_> {
    fn all(&mut self) -> Result<(), Stop> {
        self.suspect()?;
        self.deaths()?;
        self.births()
    }

    /// Plans a rule that is read from a seed on.
    fn plan(&mut self, seeded: &Seeded, mortal: bool, older: bool) -> Result<RulePlan, Stop> {
        let inside = &self.inside;
        let reach = |at: usize| match &seeded.rule.body[at].kind {
            _ if at == 0 => Reach::Delta,
            LiteralKind::Atom(atom) if older && inside.contains(&atom.relation) => Reach::Old,
            _ => Reach::All,
        };
        let mut planner = self.work.planner(seeded);
        planner.mortal = mortal;
        let plan = planner.rule(&seeded.rule.body, Some(0), &reach, &Default::default());
        // What cannot be planned so can be planned as it stands.
        plan.map_err(|_| Stop::Leave)
    }

    fn suspects_plan(&mut self, seeded: &Seeded) -> Result<(Plan, usize), Stop> {
        let reach = |at: usize| if at == 0 { Reach::Delta } else { Reach::All };
        let planner = self.work.planner(seeded);
        planner.suspects(&seeded.rule.body, &reach).map_err(|_| Stop::Leave)
    }

    /// The first suspects: rows whose instances read what changed below.
    fn suspect(&mut self) -> Result<(), Stop> {
        for at in 0..self.members.len() {
            let rule = self.members[at].rule;
            for body in self.members[at].bodies.clone() {
                let touches = self.work.touches(rule, &body);
                self.members[at].touched |= !touches.is_empty();
                for touch in touches.iter().filter(|touch| touch.takes) {
                    if self.work.is_idle(touch.helper()) {
                        continue;
                    }
                    let (plan, slot) = self.suspects_plan(&touch.relaxed(rule, &body))?;
                    self.follow(at, &plan, slot, 0)?;
                }
            }
        }
        Ok(())
    }

    /// Puts the rows that a plan tells under suspicion, if a rule made them after a step.
    fn follow(&mut self, at: usize, plan: &Plan, slot: usize, after: u32) -> Result<(), Stop> {
        let (id, head) = (self.members[at].prepared.id, self.members[at].rule.head);
        let updates = self.work.updates;
        let machine = &mut self.work.machine;
        let budget = machine.budget.clone();
        let mut watch = Watch::new(&budget);
        let mut run = Run::new(plan, Block::unit(plan.slots));
        let all: usize = self.stratum.relations.iter().map(|&id| machine.store.get(id).count()).sum();
        while let Some(block) = run.next(&machine.store, &mut machine.world, &mut watch) {
            let stored = machine.store.get(head);
            for &row in &block.columns[slot] {
                let step = stored.step(row);
                if step > after && stored.maker(row) == Maker::Rule(id.0) {
                    self.suspects.entry(step).or_default().insert((head, row));
                }
            }
            let waiting: usize = self.suspects.values().map(BTreeSet::len).sum();
            if waiting > FEW && waiting * 2 > all && updates == Updates::ByCost {
                return Err(Stop::Leave);
            }
        }
        self.stopped(watch.stopped)
    }

    fn stopped(&mut self, stopped: bool) -> Result<(), Stop> {
        let machine = &mut self.work.machine;
        let checked =
            machine.budget.check(machine.program, self.stratum, &machine.store, &machine.world, &machine.stats);
        match checked {
            Ok(()) if stopped => Err(Stop::Error(Error::Cancelled)),
            checked => checked.map_err(Stop::Error),
        }
    }

    /// Goes through the suspects by their steps.
    fn deaths(&mut self) -> Result<(), Stop> {
        while let Some((step, rows)) = self.suspects.pop_first() {
            for &id in &self.stratum.relations {
                let stored = self.work.machine.store.get_mut(id);
                // What the rows of this step may rest on.
                stored.delta = stored.before(step);
            }
            let mut went: BTreeMap<RelId, Vec<u32>> = BTreeMap::new();
            let rows: Vec<(RelId, u32)> = rows.into_iter().collect();
            for same in rows.chunk_by(|one, other| one.0 == other.0) {
                let id = same[0].0;
                let rows: Vec<u32> = same.iter().map(|&(_, row)| row).collect();
                let gone = self.judge(id, &rows)?;
                for &row in &gone {
                    self.bury(id, row);
                }
                if !gone.is_empty() {
                    went.insert(id, gone);
                }
            }
            if self.stratum.recursive && !went.is_empty() {
                self.spread(step, &went)?;
            }
        }
        Ok(())
    }

    /// The row goes, and counts no more.
    fn bury(&mut self, id: RelId, row: u32) {
        let machine = &mut self.work.machine;
        if let Maker::Rule(rule) = machine.store.get(id).maker(row) {
            let stats = &mut machine.stats.rules[rule as usize];
            stats.rows = stats.rows.saturating_sub(1);
            let stats = &mut machine.stats.strata[self.number];
            stats.rows = stats.rows.saturating_sub(1);
            machine.budget.rows = machine.budget.rows.saturating_sub(1);
        }
        machine.store.get_mut(id).kill(row);
    }

    /// Which of some rows of a relation no rule makes from rows of smaller steps. The others get the rule that does.
    fn judge(&mut self, id: RelId, rows: &[u32]) -> Result<Vec<u32>, Stop> {
        let stored = self.work.machine.store.get(id);
        let makers: BTreeSet<Maker> = rows.iter().map(|&row| stored.maker(row)).collect();
        let mut wanted: Wanted = rows.iter().map(|&row| (stored.row(row).collect(), row)).collect();
        let mut order: Vec<usize> = (0..self.members.len()).filter(|&at| self.members[at].rule.head == id).collect();
        // Those that made them most likely still do.
        order.sort_by_key(|&at| !makers.contains(&Maker::Rule(self.members[at].prepared.id.0)));
        for at in order {
            let found = self.made(at, &wanted, true)?;
            let maker = Maker::Rule(self.members[at].prepared.id.0);
            for codes in found {
                if let Some(row) = wanted.remove(&codes) {
                    let stored = self.work.machine.store.get_mut(id);
                    if stored.maker(row) != maker {
                        stored.remake(row, maker);
                    }
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        let mut gone: Vec<u32> = wanted.into_values().collect();
        gone.sort_unstable();
        Ok(gone)
    }

    /// Which of some rows a rule makes, of rows of smaller steps where `older` is set.
    fn made(&mut self, at: usize, wanted: &Wanted, older: bool) -> Result<Vec<Box<[u32]>>, Stop> {
        let rule = self.members[at].rule;
        let helper = self.helper(rule.head, true);
        let mut rows: Vec<&[u32]> = wanted.keys().map(|codes| &**codes).collect();
        rows.sort_unstable();
        self.work.fill(helper, rows.iter().map(|row| row.iter().copied()));
        let mut found = Vec::new();
        let mut known: HashMap<Box<[u32]>, (), FxBuildHasher> = HashMap::default();
        for number in 0..self.members[at].bodies.len() {
            let kind = usize::from(older);
            let plan = match self.members[at].checks[kind][number].take() {
                Some(plan) => plan,
                None => {
                    let columns = &self.work.program.relation(rule.head).decl.columns.clone();
                    let seeded = touch::candidates(rule, &self.members[at].bodies[number], helper, columns);
                    self.plan(&seeded, true, older)?
                }
            };
            let machine = &mut self.work.machine;
            let budget = machine.budget.clone();
            let mut watch = Watch::new(&budget);
            let mut run = Run::new(&plan.body, Block::unit(plan.body.slots));
            while let Some(block) = run.next(&machine.store, &mut machine.world, &mut watch) {
                let (columns, bad) = head_codes(&plan.head, &block, &mut machine.world);
                for row in (0..block.len).filter(|&row| bad.get(row).is_none_or(|bad| *bad == Bad::Good)) {
                    let codes: Box<[u32]> = columns.iter().map(|column| column[row]).collect();
                    if wanted.contains_key(&codes) && known.insert(codes.clone(), ()).is_none() {
                        found.push(codes);
                    }
                }
                if found.len() == wanted.len() {
                    break;
                }
            }
            let stopped = watch.stopped;
            drop(run);
            self.members[at].checks[kind][number] = Some(plan);
            self.stopped(stopped)?;
            if found.len() == wanted.len() {
                break;
            }
        }
        Ok(found)
    }

    /// The helper of a relation for rows that are asked for, or for those that go.
    fn helper(&mut self, id: RelId, asked: bool) -> RelId {
        let helpers = if asked { &mut self.asked } else { &mut self.going };
        if let Some(&helper) = helpers.get(&id) {
            return helper;
        }
        let helper = self.work.declare(id);
        if asked {
            self.asked.insert(id, helper)
        } else {
            self.going.insert(id, helper)
        };
        helper
    }

    /// What was made of rows that went is suspect, as far as it is of later steps.
    fn spread(&mut self, step: u32, went: &BTreeMap<RelId, Vec<u32>>) -> Result<(), Stop> {
        let relations: Vec<RelId> = self.stratum.relations.clone();
        for &id in &relations {
            let helper = self.helper(id, false);
            let stored = self.work.machine.store.get(id);
            let rows: Vec<Vec<u32>> =
                went.get(&id).into_iter().flatten().map(|&row| stored.row(row).collect()).collect();
            self.work.fill(helper, rows.into_iter().map(Vec::into_iter));
        }
        for at in 0..self.members.len() {
            let plans = match self.members[at].follow.take() {
                Some(plans) => plans,
                None => self.follow_plans(at)?,
            };
            let mut result = Ok(());
            for (plan, slot) in &plans {
                let idle = plan.first_scan().is_some_and(|(helper, _)| self.work.is_idle(helper));
                if !idle && result.is_ok() {
                    result = self.follow(at, plan, *slot, step);
                }
            }
            self.members[at].follow = Some(plans);
            result?;
        }
        Ok(())
    }

    fn follow_plans(&mut self, at: usize) -> Result<Vec<(Plan, usize)>, Stop> {
        let mut plans = Vec::new();
        for body in self.members[at].bodies.clone() {
            for touch in touch::plain_touches(&body, &|id| self.going.get(&id).copied()) {
                plans.push(self.suspects_plan(&touch.relaxed(self.members[at].rule, &body))?);
            }
        }
        Ok(plans)
    }

    /// Adds what came, and what went and is made in another way.
    fn births(&mut self) -> Result<(), Stop> {
        for at in 0..self.members.len() {
            let (rule, id) = (self.members[at].rule, self.members[at].prepared.id);
            for body in self.members[at].bodies.clone() {
                for touch in self.work.touches(rule, &body).iter().filter(|touch| touch.makes) {
                    if self.work.is_idle(touch.helper()) {
                        continue;
                    }
                    let plan = self.plan(&touch.full(rule, &body), false, false)?;
                    let to = (id, rule.head);
                    let faulted = self.work.machine.run(self.stratum, to, &plan, &mut Carried::default())?;
                    self.members[at].faulted |= faulted;
                }
            }
        }
        self.rebirths()?;
        let prepared: Vec<&Prepared> = self.members.iter().map(|member| member.prepared).collect();
        let faulted = self.work.machine.go_on(self.stratum, self.number, &prepared)?;
        self.members.iter_mut().zip(faulted).for_each(|(member, faulted)| member.faulted |= faulted);
        Ok(())
    }

    fn rebirths(&mut self) -> Result<(), Stop> {
        for &id in &self.stratum.relations {
            let stored = self.work.machine.store.get(id);
            let gone = stored.trial.dying.iter().map(|&row| (stored.row(row).collect::<Box<[u32]>>(), row));
            let mut wanted: Wanted = gone.filter(|(codes, _)| !stored.contains(codes)).collect();
            for at in (0..self.members.len()).filter(|&at| self.members[at].rule.head == id).collect::<Vec<_>>() {
                if wanted.is_empty() {
                    break;
                }
                let found = self.made(at, &wanted, false)?;
                let maker = Maker::Rule(self.members[at].prepared.id.0);
                let machine = &mut self.work.machine;
                for codes in found {
                    wanted.remove(&codes);
                    machine.store.get_mut(id).insert(&codes, maker);
                    machine.made((self.members[at].prepared.id, id), 1, 1, None);
                }
            }
        }
        Ok(())
    }
}

/// Rows that are looked for, with their numbers.
type Wanted = HashMap<Box<[u32]>, u32, FxBuildHasher>;
