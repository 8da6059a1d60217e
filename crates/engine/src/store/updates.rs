//! What an update does to a relation: rows go and come, and all of it is either kept or taken back.
//!
//! While an update is at work, rows that went are marked and out of the set of members, and still in the indexes: joins over
//! what was there before find them, all others pass them by.

use super::numbers::telling;
use super::relation::{Maker, Stored, Trial};

/// Relations are cleared of marked rows once more of their rows are marked than not, and these are many.
const MANY: usize = 1024;
/// Rows that an index may have for each key and still serve to find one row.
const FEW: usize = 64;

impl Stored {
    /// An update begins.
    pub fn begin_trial(&mut self) {
        self.trial = Trial { active: true, len: self.len() as u32, ..Trial::default() };
    }

    /// The row goes.
    pub fn kill(&mut self, row: u32) {
        self.ensure_members();
        if !self.dead.mark(row) {
            return;
        }
        let codes: Vec<u32> = self.row(row).collect();
        if let Some(members) = &mut self.members {
            members.remove(&self.columns, &codes);
        }
        self.trial.dying.push(row);
        self.forget_numbers();
    }

    /// Adds rows that were there before the update and are no more.
    pub fn bury<R: Iterator<Item = u32>>(&mut self, rows: impl Iterator<Item = R>) {
        self.ensure_members();
        let first = self.len() as u32;
        let mut unit = 0;
        for row in rows {
            self.columns.iter_mut().zip(row).for_each(|(column, code)| column.push(code));
            unit += 1;
        }
        let end = self.columns.first().map_or(first + unit, |column| column.len() as u32);
        self.made(end as usize, Maker::Input);
        let step = self.batches.last().map_or(0, |&(step, _)| step);
        let delta = self.delta;
        self.publish(step);
        self.delta = delta;
        for row in first..end {
            self.dead.mark(row);
            self.trial.dying.push(row);
        }
        // Were it taken back, none of these were there.
        self.trial.len = first;
    }

    /// Another maker makes the row now.
    pub fn remake(&mut self, row: u32, maker: Maker) {
        let before = self.remade.insert(row, maker.pack());
        self.trial.remade.push((row, before));
    }

    /// The number of the row of these codes, found without a table of all rows.
    pub fn locate(&mut self, row: &[u32]) -> Option<u32> {
        self.ensure_members();
        if !self.contains(row) {
            return None;
        }
        if self.columns.is_empty() {
            return self.rows().last();
        }
        let number = self.locator(&(0..row.len()).collect::<Vec<_>>());
        let index = &self.indexes[number];
        let key: Vec<u32> = index.on().iter().map(|&column| row[column]).collect();
        let mut rows = index.span(&self.columns, &key).map(|place| index.at(place));
        rows.find(|&at| !self.dead.has(at) && self.row(at).eq(row.iter().copied()))
    }

    /// An index on some of these columns that leaves few rows of a key to look through.
    pub fn locator(&mut self, on: &[usize]) -> usize {
        let rows = self.visible as usize;
        let serves = |number: &&usize| {
            let index = &self.indexes[**number];
            !index.on().is_empty() && index.on().iter().all(|column| on.contains(column)) && index.keys() * FEW >= rows
        };
        if let Some(&number) =
            self.by_columns.values().filter(serves).max_by_key(|&&number| self.indexes[number].keys())
        {
            return number;
        }
        let on: Vec<usize> = match telling(&self.columns, on, rows) {
            Some(at) if on.len() > 1 => vec![on[at]],
            _ => on.to_vec(),
        };
        self.ensure_index(&on)
    }

    /// The same relation without rows; plans that look rows up in its indexes stay good.
    pub fn emptied(&self) -> Stored {
        let mut new = Stored::new(self.columns.len(), self.structures);
        for index in &self.indexes {
            new.ensure_index(index.on());
        }
        new
    }

    /// The update is finished: what went is out of the indexes too.
    pub fn settle(&mut self) {
        let Trial { dying, .. } = std::mem::take(&mut self.trial);
        if dying.is_empty() {
            return;
        }
        for index in &mut self.indexes {
            index.remove(&self.columns, &dying);
        }
        self.forget_numbers();
        if self.dead.count() > MANY && self.dead.count() * 2 > self.len() {
            self.compact();
        }
    }

    /// The update is taken back: rows that came go, rows that went come.
    pub fn take_back(&mut self) {
        if !self.trial.active {
            return;
        }
        let came: Vec<u32> = (self.trial.len..self.len() as u32).filter(|&row| !self.dead.has(row)).collect();
        came.iter().for_each(|&row| self.kill(row));
        let Trial { len, dying, remade, .. } = std::mem::take(&mut self.trial);
        for (row, before) in remade.into_iter().rev() {
            match before {
                Some(maker) => drop(self.remade.insert(row, maker)),
                None => drop(self.remade.remove(&row)),
            }
        }
        let (new, old): (Vec<u32>, Vec<u32>) = dying.into_iter().partition(|&row| row >= len);
        for row in old {
            self.dead.unmark(row);
            let codes: Vec<u32> = self.row(row).collect();
            if let Some(members) = &mut self.members {
                members.restore(&self.columns, &codes, row);
            }
        }
        for index in &mut self.indexes {
            index.remove(&self.columns, &new);
        }
        // Steps that were not taken will be taken by others: rows that are gone go with the last one before.
        self.batches.retain(|&(_, end)| end <= len);
        let end = self.len() as u32;
        match self.batches.last_mut() {
            Some(last) => last.1 = end,
            None => self.batches.push((0, end)),
        }
        self.visible = end;
        self.delta = end;
        self.forget_numbers();
    }

    /// Gives the room of rows that are gone back; rows get other numbers.
    fn compact(&mut self) {
        let mut new = self.emptied();
        let mut batches = Vec::new();
        let (mut start, mut len) = (0, 0);
        for &(step, end) in &self.batches {
            for row in (start..end).filter(|&row| !self.dead.has(row)) {
                new.columns.iter_mut().zip(&self.columns).for_each(|(to, from)| to.push(from[row as usize]));
                len += 1;
                new.made(len, self.maker(row));
            }
            batches.push((step, len as u32));
            start = end;
        }
        new.batches = batches;
        new.visible = len as u32;
        new.delta = len as u32;
        for index in &mut new.indexes {
            index.extend(&new.columns, new.visible, &new.dead);
        }
        *self = new;
    }
}
