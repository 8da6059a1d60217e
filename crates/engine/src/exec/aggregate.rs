//! Bodies inside bodies: evaluated once for each distinct group of outer values, never once a binding.

use facts::{Code, Value};
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::block::Block;
use super::run::{Group, Memo, Run, Watch};
use crate::expr::column::{Bad, column};
use crate::expr::{Outcome, World};
use crate::plan::{AggregateOp, Plan};
use crate::store::Store;

/// The bindings for which the body does not hold.
#[allow(clippy::too_many_arguments)]
pub(crate) fn not(
    plan: &Plan,
    tag: usize,
    group: &[usize],
    memo: &mut Memo,
    block: &Block,
    keep: &[usize],
    store: &Store,
    world: &mut World,
    watch: &mut Watch,
) -> Block {
    let (keys, new) = groups(group, tag, memo, block);
    let mut run = Run::new(plan, new.clone());
    let mut holds = vec![false; new.len];
    while let Some(out) = run.next(store, world, watch) {
        out.columns[tag].iter().for_each(|&number| holds[number as usize] = true);
    }
    for (number, holds) in holds.into_iter().enumerate() {
        let key = group.iter().map(|&slot| new.columns[slot][number]).collect();
        memo.insert(key, if holds { Group::Code(1) } else { Group::Nothing });
    }
    let pass: Vec<u32> =
        (0..block.len as u32).filter(|&row| memo.get(keys.of(row as usize)) == Some(&Group::Nothing)).collect();
    block.take(&pass, keep)
}

/// The bindings for which the aggregate has a value, with that value. `faults` takes the numbers of those for which it cannot be
/// computed.
#[allow(clippy::too_many_arguments)]
pub(crate) fn aggregate(
    op: &AggregateOp,
    memo: &mut Memo,
    block: &Block,
    keep: &[usize],
    store: &Store,
    world: &mut World,
    watch: &mut Watch,
    faults: &mut Vec<u32>,
) -> Block {
    let (keys, new) = groups(&op.group, op.tag, memo, block);
    let mut tuples = Tuples::default();
    let mut firsts: Vec<Vec<u32>> = vec![Vec::new(); new.len];
    let mut run = Run::new(&op.plan, new.clone());
    while let Some(out) = run.next(store, world, watch) {
        let mut columns = Vec::with_capacity(op.listed.len());
        for listed in &op.listed {
            let column = column(listed, &out, world);
            columns.push(column.codes(&listed.ty, out.len, &mut world.database.values));
        }
        for row in 0..out.len {
            let state = |bad: Bad| columns.iter().any(|(_, states)| states.get(row) == Some(&bad));
            if state(Bad::Nothing) {
                continue;
            }
            if state(Bad::Fault) {
                watch.faulted = true;
                continue;
            }
            let group = out.columns[op.tag][row];
            let mut listed = columns.iter().map(|(codes, _)| codes[row]);
            let first = listed.next().unwrap_or(0);
            if tuples.insert(group, first, listed) {
                firsts[group as usize].push(first);
            }
        }
    }
    let ty = op.listed.first().map_or(&op.ty, |listed| &listed.ty);
    for (number, firsts) in firsts.into_iter().enumerate() {
        let count = firsts.len();
        let decode = |code: u32| world.database.values.decode(ty, Code(code));
        let needed = op.function != ir::AggregateFunction::Count;
        let values: Vec<Value> = if needed { firsts.into_iter().map(decode).collect() } else { Vec::new() };
        let key = op.group.iter().map(|&slot| new.columns[slot][number]).collect();
        let found = match crate::expr::aggregate(op.function, &op.ty, values, count) {
            Outcome::Value(value) => Group::Code(world.database.values.encode(&value).0),
            Outcome::Nothing => Group::Nothing,
            Outcome::Fault(_) => Group::Fault,
        };
        memo.insert(key, found);
    }
    let (mut pass, mut codes) = (Vec::new(), Vec::new());
    for row in 0..block.len {
        match memo.get(keys.of(row)) {
            Some(Group::Code(code)) => {
                pass.push(row as u32);
                codes.push(*code);
            }
            Some(Group::Fault) => faults.push(row as u32),
            _ if op.wary => faults.push(row as u32),
            _ => {}
        }
    }
    let mut out = block.take(&pass, keep);
    if keep.contains(&op.slot) {
        out.columns[op.slot] = codes;
    }
    out
}

/// Tuples that an aggregate has ranged over. Most have one value, and are then two codes without room of their own.
#[derive(Default)]
struct Tuples {
    pairs: HashSet<u64, FxBuildHasher>,
    longer: HashSet<Box<[u32]>, FxBuildHasher>,
}

impl Tuples {
    /// Whether the tuple is new to its group.
    fn insert(&mut self, group: u32, first: u32, others: impl ExactSizeIterator<Item = u32>) -> bool {
        match others.len() {
            0 => self.pairs.insert(u64::from(group) << 32 | u64::from(first)),
            _ => self.longer.insert([group, first].into_iter().chain(others).collect()),
        }
    }
}

/// Codes of groups, one behind the other, by binding.
struct GroupKeys {
    codes: Vec<u32>,
    width: usize,
}

impl GroupKeys {
    fn of(&self, row: usize) -> &[u32] {
        &self.codes[row * self.width..(row + 1) * self.width]
    }
}

/// Each binding's group, and a block of the groups that are not in the memo yet, numbered in slot `tag`.
fn groups(group: &[usize], tag: usize, memo: &Memo, block: &Block) -> (GroupKeys, Block) {
    let mut keys = GroupKeys { codes: Vec::with_capacity(block.len * group.len()), width: group.len() };
    for row in 0..block.len {
        keys.codes.extend(group.iter().map(|&slot| block.columns[slot][row]));
    }
    let new: Vec<u32> = {
        let mut seen: HashSet<&[u32], FxBuildHasher> = HashSet::default();
        let is_new = |&row: &u32| !memo.contains_key(keys.of(row as usize)) && seen.insert(keys.of(row as usize));
        (0..block.len as u32).filter(is_new).collect()
    };
    let mut inside = block.take(&new, group);
    inside.columns[tag] = (0..inside.len as u32).collect();
    (keys, inside)
}
