//! Which rules fault for which values. See LANGUAGE.md, Faults.
//!
//! Ordinary evaluation only notices that a rule faulted somewhere. Then, once the stratum is complete, the rule is run
//! once more, and wherever an operation faults, its binding goes on along the exact path: that finds each combination
//! of faulting, holding and unbindable literals, in whatever order the plan came upon them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use base::Place;
use facts::{Code, Value};
use ir::{Program, RelId, RuleId, VarId};

use crate::Error;
use crate::budget::{Budget, Interruption};
use crate::evaluate::head_codes;
use crate::exec::{Block, Run, Watch};
use crate::expr::column::Bad;
use crate::expr::{Outcome, World};
use crate::plan::RulePlan;
use crate::rules::Prepared;
use crate::search::{Env, Lookup, Mark, Mode, Search, State};
use crate::store::Store;

/// Faults kept of one rule.
const KEPT: usize = 100;

/// The faults of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleFaults {
    /// The rule.
    pub rule: RuleId,
    /// The relation that it fills: it, and what depends on it, cannot be trusted.
    pub relation: RelId,
    /// How many there are.
    pub count: u64,
    /// The first of them, by values.
    pub kept: Vec<Fault>,
}

/// A fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The first literal that faults; the whole rule where its head does.
    pub place: Place,
    /// What cannot be done, such as `division by zero: 1 / 0`.
    pub message: String,
    /// The variables of the rule's body that are bound, those inside `not`, `or` and aggregates left out.
    pub values: Vec<(VarId, Value)>,
}

type Found = BTreeMap<Vec<(VarId, Value)>, Mark>;

/// All faults of a rule. Its stratum is complete.
pub(crate) fn find(
    program: &Program,
    rule: &Prepared,
    plan: &RulePlan,
    store: &Store,
    world: &mut World,
    budget: &Budget,
) -> Result<Option<RuleFaults>, Error> {
    let body = &program.rule(rule.id).body;
    let lookup = Lookup::default();
    let mut found = Found::new();
    let mut watch = Watch::new(budget);
    watch.seeds = Some(Vec::new());
    let mut run = Run::new(&plan.body, Block::unit(plan.body.slots));
    loop {
        let block = run.next(store, world, &mut watch);
        let mut seeds = std::mem::take(watch.seeds.get_or_insert_default());
        let finished = block.is_none();
        if let Some(block) = block {
            let (_, bad) = head_codes(&plan.head, &block, world);
            let rows: Vec<u32> = (0..bad.len() as u32).filter(|&row| bad[row as usize] != Bad::Good).collect();
            let all: Vec<usize> = (0..block.columns.len()).filter(|&slot| block.bound(slot)).collect();
            seeds.push((plan.body.ops.len(), block.take(&rows, &all)));
        }
        for (op, block) in seeds {
            let waiting = |literal: usize| plan.body.ops[op..].iter().any(|op| op.literal == literal);
            let pending: Vec<usize> = (0..body.len()).filter(|&literal| waiting(literal)).collect();
            explore(program, rule, (store, world, &lookup), &block, &pending, budget, &mut found)?;
        }
        if watch.stopped {
            return Err(interrupted(rule.id, budget));
        }
        if finished {
            break;
        }
    }
    let count = found.len() as u64;
    let kept = found.into_iter().take(KEPT);
    let kept: Vec<Fault> =
        kept.map(|(values, mark)| Fault { place: mark.place, message: mark.message, values }).collect();
    let relation = program.rule(rule.id).head;
    Ok((count > 0).then_some(RuleFaults { rule: rule.id, relation, count, kept }))
}

/// Goes on with the bindings of a block along the exact path.
fn explore(
    program: &Program,
    prepared: &Prepared,
    (store, world, lookup): (&Store, &World, &Lookup),
    block: &Block,
    pending: &[usize],
    budget: &Budget,
    found: &mut Found,
) -> Result<(), Error> {
    let rule = program.rule(prepared.id);
    let outer = rule.outer_variables();
    let mut search = Search::new((program, rule, &prepared.scope), (store, world, lookup));
    search.budget = Some(budget);
    for row in 0..block.len {
        let mut env = search.empty();
        for (slot, value) in env.iter_mut().enumerate().filter(|(slot, _)| block.bound(*slot)) {
            let code = Code(block.columns[slot][row]);
            *value = Some(world.database.values.decode(&rule.variables[slot].ty, code));
        }
        let mut start = State::new(&rule.body, env);
        start.pending = pending.iter().map(|&literal| &rule.body[literal]).collect();
        search.run(start, Mode::Faults, &mut |state| {
            if let Some(mark) = state.mark.clone().or_else(|| head_fault(&search, &state.env)) {
                let value = |&id: &VarId| state.env[id.0 as usize].clone().map(|value| (id, value));
                let values: Vec<(VarId, Value)> = outer.iter().filter_map(value).collect();
                let known = found.entry(values).or_insert_with(|| mark.clone());
                if mark < *known {
                    *known = mark;
                }
            }
            ControlFlow::Continue(())
        });
        if search.stopped.get() {
            return Err(interrupted(prepared.id, budget));
        }
    }
    Ok(())
}

fn interrupted(rule: RuleId, budget: &Budget) -> Error {
    match budget.breathe() {
        Err(Interruption::Time(time)) => Error::Program {
            rule: Some(rule),
            message: format!("the budget of {time} is used up while the faults of a rule are searched"),
        },
        _ => Error::Cancelled,
    }
}

/// What makes the head fault though the body holds: there, having no value is a fault too.
fn head_fault(search: &Search, env: &Env) -> Option<Mark> {
    let place = search.rule.place;
    let mut first: Option<Mark> = None;
    for arg in &search.rule.args {
        let message = match search.operand(arg, env) {
            Outcome::Value(_) => None,
            Outcome::Nothing => {
                let value = |id: VarId| env[id.0 as usize].clone();
                Some(format!("`{}` has no value", ir::show_expr(search.program, search.rule, arg, &value)))
            }
            Outcome::Fault(message) => Some(message),
        };
        let own = message.map(|message| Mark { place, message });
        for mark in [own, search.inside_operand(arg, place, env)].into_iter().flatten() {
            first = Some(first.take().map_or(mark.clone(), |known| known.min(mark)));
        }
    }
    first
}
