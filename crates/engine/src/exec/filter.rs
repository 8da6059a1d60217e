//! Literals that look at one binding at a time: comparisons, tests of texts, lists, missing values, and what they bind.

use facts::{Code, Value};
use hashbrown::HashMap;
use ir::TextTest;
use rustc_hash::FxBuildHasher;

use super::block::Block;
use crate::expr::World;
use crate::expr::column::{Bad, column, compare};
use crate::plan::{GroupBind, Op, OpKind, Operand};

/// The bindings that pass, with what they bind. `faults` takes the numbers of those that fault.
pub(crate) fn filter(op: &Op, block: &Block, world: &mut World, faults: &mut Vec<u32>) -> Block {
    let keep = &op.keep;
    let mut pass: Vec<u32> = Vec::new();
    match &op.kind {
        OpKind::Compare(comparison, left, right) => {
            let (a, b) = (column(left, block, world), column(right, block, world));
            let values = &world.database.values;
            compare(*comparison, &left.ty, (&a, &b), block.len, values, &mut |row, holds| match holds {
                Ok(true) => pass.push(row as u32),
                Ok(false) | Err(Bad::Good | Bad::Nothing) => {}
                Err(Bad::Fault) => faults.push(row as u32),
            });
            block.take(&pass, keep)
        }
        OpKind::Bind { slot, operand } => {
            let (codes, bad) = column(operand, block, world).codes(&operand.ty, block.len, &mut world.database.values);
            sort_out(&bad, block.len, &mut pass, faults);
            let mut out = block.take(&pass, keep);
            if keep.contains(slot) {
                out.columns[*slot] = pass.iter().map(|&row| codes[row as usize]).collect();
            }
            out
        }
        OpKind::Each { slot, values } => {
            let rows: Vec<u32> = (0..block.len as u32).flat_map(|row| values.iter().map(move |_| row)).collect();
            let mut out = block.take(&rows, keep);
            if keep.contains(slot) {
                out.columns[*slot] = (0..block.len).flat_map(|_| values.iter().copied()).collect();
            }
            out
        }
        OpKind::In { operand, values, negated } => {
            if operand.ty.is_text() && values.iter().all(|value| matches!(value, Value::Text(_))) {
                among(operand, values, *negated, block, world, &mut pass, faults);
                return block.take(&pass, keep);
            }
            let found = column(operand, block, world);
            for row in 0..block.len {
                match found.state(row) {
                    Bad::Good => {
                        let value = found.value(&operand.ty, row, &world.database.values);
                        let among =
                            values.iter().any(|other| crate::expr::compare(ir::Comparison::Equal, &value, other));
                        if among != *negated {
                            pass.push(row as u32);
                        }
                    }
                    Bad::Fault => faults.push(row as u32),
                    Bad::Nothing => {}
                }
            }
            block.take(&pass, keep)
        }
        OpKind::IsNone { slot, negated } => {
            let codes = &block.columns[*slot];
            pass.extend((0..block.len as u32).filter(|&row| Code(codes[row as usize]).is_none() != *negated));
            block.take(&pass, keep)
        }
        OpKind::Text { test, negated, left, right, groups } => {
            text(*test, *negated, (left, right), groups, block, keep, world, faults)
        }
        _ => Block::empty(block.columns.len()),
    }
}

/// The bindings whose text is among these, or is not: texts are the same where their codes are.
fn among(
    operand: &Operand,
    values: &[Value],
    negated: bool,
    block: &Block,
    world: &mut World,
    pass: &mut Vec<u32>,
    faults: &mut Vec<u32>,
) {
    let (codes, bad) = column(operand, block, world).codes(&operand.ty, block.len, &mut world.database.values);
    let listed = values.iter().filter_map(|value| world.database.values.lookup(value));
    let mut listed: Vec<u32> = listed.map(|code| code.0).collect();
    listed.sort_unstable();
    sort_out(&bad, block.len, pass, faults);
    pass.retain(|&row| listed.binary_search(&codes[row as usize]).is_ok() != negated);
}

fn sort_out(bad: &[Bad], len: usize, pass: &mut Vec<u32>, faults: &mut Vec<u32>) {
    if bad.is_empty() {
        pass.extend(0..len as u32);
        return;
    }
    for (row, state) in bad.iter().enumerate() {
        match state {
            Bad::Good => pass.push(row as u32),
            Bad::Fault => faults.push(row as u32),
            Bad::Nothing => {}
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn text(
    test: TextTest,
    negated: bool,
    (left, right): (&Operand, &Operand),
    groups: &[GroupBind],
    block: &Block,
    keep: &[usize],
    world: &mut World,
    faults: &mut Vec<u32>,
) -> Block {
    let values = |operand: &Operand, world: &mut World| {
        column(operand, block, world).codes(&operand.ty, block.len, &mut world.database.values)
    };
    let (lefts, left_bad) = values(left, world);
    let (rights, right_bad) = values(right, world);
    let mut pass: Vec<u32> = Vec::new();
    let mut bound: Vec<Vec<u32>> = vec![Vec::new(); groups.len()];
    let mut matched = Matched::default();
    for row in 0..block.len {
        let state = |bad: &[Bad]| bad.get(row).copied().unwrap_or(Bad::Good);
        match (state(&left_bad), state(&right_bad)) {
            (Bad::Good, Bad::Good) => {}
            (Bad::Nothing, _) | (_, Bad::Nothing) => continue,
            _ => {
                faults.push(row as u32);
                continue;
            }
        }
        if world.test(test, lefts[row], rights[row]) != Some(!negated) {
            continue;
        }
        if !groups.is_empty()
            && !take_groups(groups, block, row, (lefts[row], rights[row]), world, &mut matched, &mut bound)
        {
            continue;
        }
        pass.push(row as u32);
    }
    let mut out = block.take(&pass, keep);
    for (group, codes) in groups.iter().zip(bound) {
        if !group.bound && keep.contains(&group.slot) {
            out.columns[group.slot] = codes;
        }
    }
    out
}

/// Codes of the groups of a first match, by the codes of text and pattern: rows of a block often say the same.
type Matched = HashMap<(u32, u32), Option<Box<[u32]>>, FxBuildHasher>;

/// Adds the groups of the first match, unless one that must take part does not, or differs from what is bound.
fn take_groups(
    groups: &[GroupBind],
    block: &Block,
    row: usize,
    (text, pattern): (u32, u32),
    world: &mut World,
    matched: &mut Matched,
    bound: &mut [Vec<u32>],
) -> bool {
    let found = matched.entry((text, pattern)).or_insert_with(|| first_match(groups, text, pattern, world));
    let Some(codes) = found else { return false };
    let differs = |(group, code): (&GroupBind, &u32)| group.bound && block.columns[group.slot][row] != *code;
    if groups.iter().zip(&**codes).any(differs) {
        return false;
    }
    bound.iter_mut().zip(&**codes).for_each(|(column, &code)| column.push(code));
    true
}

/// The codes of the groups of the first match, unless one that must take part does not.
fn first_match(groups: &[GroupBind], text: u32, pattern: u32, world: &mut World) -> Option<Box<[u32]>> {
    let values = &world.database.values;
    let (text, pattern) = (values.text(Code(text)).clone(), values.text(Code(pattern)).clone());
    let names: Vec<&str> = groups.iter().map(|group| &*group.group).collect();
    let found = world.patterns().groups(&pattern, &text, &names)?;
    let mut codes = Vec::with_capacity(groups.len());
    for (group, value) in groups.iter().zip(found) {
        let code = value.map_or(Code::NONE, |value| world.database.values.encode(&Value::text(value)));
        if code.is_none() && !group.optional {
            return None;
        }
        codes.push(code.0);
    }
    // One variable may stand for several groups: they must agree.
    for (at, group) in groups.iter().enumerate() {
        if groups[..at].iter().zip(&codes).any(|(other, code)| other.slot == group.slot && *code != codes[at]) {
            return None;
        }
    }
    Some(codes.into())
}
