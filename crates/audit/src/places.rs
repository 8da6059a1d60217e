//! Where the members of a population stand.
//!
//! An entity: at its first `key` row. A plain string: at the first row, by path and position, that has it in the `key` column of
//! an input that the scope depends on, else at the first row that holds it in any column of such an input. Proofs play no part.

use std::collections::{HashMap, HashSet};

use facts::{Code, Origin, Type};
use ir::RelId;

use crate::judge::Judge;

/// Places of a population's members, found in one pass over its inputs.
#[derive(Debug, Default)]
pub(crate) struct SubjectPlaces {
    by_code: HashMap<u32, Origin>,
}

impl SubjectPlaces {
    pub(crate) fn new(judge: &Judge<'_>, scope: Option<RelId>) -> Self {
        let Some(scope) = scope else { return Self::default() };
        let database = judge.evaluation.database();
        let mut members: HashSet<u32> = HashSet::new();
        let mut by_code = HashMap::new();
        for code in judge.evaluation.rows(scope).filter_map(|row| judge.evaluation.codes(row).next()) {
            match (database.entity(code), &judge.program.relation(scope).decl.columns[0].ty) {
                (Some(info), Type::Entity(_)) => drop(by_code.insert(code.0, info.origin)),
                (None, Type::Entity(_)) | (_, Type::String) => drop(members.insert(code.0)),
                _ => {}
            }
        }
        for keys in [true, false] {
            if members.is_empty() {
                break;
            }
            let found = first_rows(judge, scope, &members, keys);
            members.retain(|code| !found.contains_key(code));
            by_code.extend(found);
        }
        SubjectPlaces { by_code }
    }

    /// Where the member stands, as far as a row says so.
    pub(crate) fn of(&self, member: Code) -> Option<Origin> {
        self.by_code.get(&member.0).copied()
    }
}

/// The first row that holds each of the members, in key columns or in any.
fn first_rows(judge: &Judge<'_>, scope: RelId, members: &HashSet<u32>, keys: bool) -> HashMap<u32, Origin> {
    let mut found: HashMap<u32, Origin> = HashMap::new();
    let database = judge.evaluation.database();
    let is_before = |one: &Origin, other: &Origin| database.order(one) < database.order(other);
    for input in judge.inputs(scope) {
        let Some(table) = database.table(judge.name(input.id)) else { continue };
        let columns = table.decl().columns.iter().enumerate();
        for (at, _) in columns.filter(|(_, column)| column.ty.is_text() && (column.key || !keys)) {
            for (row, code) in table.column(at).iter().enumerate().filter(|(_, code)| members.contains(code)) {
                let first = table.origins(row).reduce(|one, other| if is_before(&other, &one) { other } else { one });
                let Some(origin) = first else { continue };
                let known = found.entry(*code).or_insert(origin);
                if is_before(&origin, known) {
                    *known = origin;
                }
            }
        }
    }
    found
}
