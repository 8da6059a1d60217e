//! Where the subjects of findings stand.
//!
//! An entity: at its first `key` row. A plain string: at the first row, by path and position, that has it in the `key` column of
//! an input that the scope depends on, else at the first row that holds it in any column of such an input. Proofs play no part.
//!
//! All subjects that something was found about are looked for together, in one pass over each input: a pass for each control
//! would cost the product of controls and rows.

use std::cell::RefCell;
use std::collections::HashMap;

use facts::{Code, Origin, Type};
use ir::RelId;

use crate::judge::Judge;

/// First rows by code.
type First = HashMap<u32, Origin>;

/// Places of subjects, found when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct SubjectPlaces {
    /// Codes of subjects, as bits.
    wanted: Vec<u64>,
    /// By input, and whether key columns alone count.
    first: RefCell<HashMap<(RelId, bool), First>>,
}

impl SubjectPlaces {
    /// For the subjects of these relations: their first columns.
    pub(crate) fn new(judge: &Judge<'_>, judged: impl Iterator<Item = RelId>) -> Self {
        let mut wanted: Vec<u64> = Vec::new();
        for row in judged.flat_map(|relation| judge.evaluation.rows(relation)) {
            let Some(code) = judge.evaluation.codes(row).next() else { continue };
            let word = code.0 as usize / 64;
            if wanted.len() <= word {
                wanted.resize(word + 1, 0);
            }
            wanted[word] |= 1 << (code.0 % 64);
        }
        SubjectPlaces { wanted, first: RefCell::default() }
    }

    /// Where the member of a population stands, as far as a row says so.
    pub(crate) fn of(&self, judge: &Judge<'_>, scope: RelId, member: Code) -> Option<Origin> {
        match (judge.evaluation.database().entity(member), &judge.program.relation(scope).decl.columns[0].ty) {
            (Some(info), Type::Entity(_)) => return Some(info.origin),
            (None, Type::Entity(_)) | (_, Type::String) => {}
            _ => return None,
        }
        [true, false].into_iter().find_map(|keys| {
            let origins = judge.inputs(scope).filter_map(|input| self.first(judge, input.id, keys, member));
            origins.reduce(|one, other| earlier(judge, one, other))
        })
    }

    fn first(&self, judge: &Judge<'_>, input: RelId, keys: bool, member: Code) -> Option<Origin> {
        let mut first = self.first.borrow_mut();
        first.entry((input, keys)).or_insert_with(|| self.pass(judge, input, keys)).get(&member.0).copied()
    }

    /// The first row that holds each of the subjects, in key columns or in any.
    fn pass(&self, judge: &Judge<'_>, input: RelId, keys: bool) -> First {
        let mut found = First::new();
        let Some(table) = judge.evaluation.database().table(judge.name(input)) else { return found };
        let wanted = |code: u32| self.wanted.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1);
        let columns = table.decl().columns.iter().enumerate();
        for (at, _) in columns.filter(|(_, column)| column.ty.is_text() && (column.key || !keys)) {
            for (row, code) in table.column(at).iter().enumerate().filter(|(_, code)| wanted(**code)) {
                let first = table.origins(row).reduce(|one, other| earlier(judge, one, other));
                let Some(origin) = first else { continue };
                let known = found.entry(*code).or_insert(origin);
                *known = earlier(judge, *known, origin);
            }
        }
        found
    }
}

/// The first of two, by path and position; the one where both are at the same place.
fn earlier(judge: &Judge<'_>, one: Origin, other: Origin) -> Origin {
    let database = judge.evaluation.database();
    if database.order(&other) < database.order(&one) { other } else { one }
}
