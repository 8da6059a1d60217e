//! Rows in the order of their values, found without decoding them: values are ranked once for each distinct code of a column,
//! and rows compare by ranks.

use facts::{Code, Type, Value, Values};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::store::Stored;

/// The numbers of a relation's rows, by value; `types` are those of its columns.
pub(crate) fn sorted(stored: &Stored, types: &[&Type], values: &Values) -> Vec<u32> {
    let ranked: Vec<Vec<u32>> =
        stored.columns.iter().zip(types).map(|(column, ty)| ranks(column, ty, values)).collect();
    match ranked.as_slice() {
        [] => stored.rows().collect(),
        // Ranks of up to three columns pack into a number with the row's behind them, which nothing needs to look up.
        [one] => packed(stored, &|row| u64::from(one[row])),
        [one, two] => packed(stored, &|row| u64::from(one[row]) << 32 | u64::from(two[row])),
        columns => {
            let mut rows: Vec<u32> = stored.rows().collect();
            rows.sort_unstable_by(|&a, &b| {
                let order = |column: &Vec<u32>| column[a as usize].cmp(&column[b as usize]);
                columns.iter().map(order).find(|order| order.is_ne()).unwrap_or(a.cmp(&b))
            });
            rows
        }
    }
}

fn packed(stored: &Stored, key: &dyn Fn(usize) -> u64) -> Vec<u32> {
    let mut keys: Vec<(u64, u32)> = stored.rows().map(|row| (key(row as usize), row)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, row)| row).collect()
}

/// For each row the rank of its value among those of the column.
fn ranks(column: &[u32], ty: &Type, values: &Values) -> Vec<u32> {
    let mut distinct: HashMap<u32, u32, FxBuildHasher> = HashMap::default();
    distinct.extend(column.iter().map(|&code| (code, 0)));
    let mut order: Vec<(Value, u32)> = distinct.keys().map(|&code| (values.decode(ty, Code(code)), code)).collect();
    order.sort_unstable();
    for (rank, (_, code)) in order.iter().enumerate() {
        distinct.insert(*code, rank as u32);
    }
    column.iter().map(|code| distinct[code]).collect()
}
