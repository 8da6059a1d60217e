//! What came and what went in a relation.

use crate::store::Stored;

/// Rows in codes, column by column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    pub columns: Vec<Vec<u32>>,
    pub len: usize,
}

impl Rows {
    pub fn new(width: usize) -> Rows {
        Rows { columns: vec![Vec::new(); width], len: 0 }
    }

    pub fn push(&mut self, row: impl Iterator<Item = u32>) {
        self.columns.iter_mut().zip(row).for_each(|(column, code)| column.push(code));
        self.len += 1;
    }

    /// The rows, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = u32> + '_> + '_ {
        (0..self.len).map(|row| self.columns.iter().map(move |column| column[row]))
    }
}

/// How a relation's rows differ from those before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Difference {
    pub added: Rows,
    pub removed: Rows,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.added.len == 0 && self.removed.len == 0
    }

    /// Everything is new.
    pub fn all(new: &Stored) -> Difference {
        let (mut added, removed) = (Rows::new(new.columns.len()), Rows::new(new.columns.len()));
        new.rows().for_each(|row| added.push(new.row(row)));
        Difference { added, removed }
    }

    /// Nothing where there is none.
    pub fn between(old: &mut Stored, new: &mut Stored) -> Option<Difference> {
        old.ensure_members();
        new.ensure_members();
        let difference = Difference { added: lacking(new, old), removed: lacking(old, new) };
        (!difference.is_empty()).then_some(difference)
    }
}

/// The rows of one relation that another one has not.
fn lacking(of: &Stored, other: &Stored) -> Rows {
    let mut rows = Rows::new(of.columns.len());
    let mut row = Vec::with_capacity(of.columns.len());
    for number in of.rows() {
        row.clear();
        row.extend(of.row(number));
        if !other.contains(&row) {
            rows.push(row.iter().copied());
        }
    }
    rows
}
