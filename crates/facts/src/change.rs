//! Changes of the inputs of a database: rows of files that come and go. An equal row that several places gave stays until the
//! last of them takes it back, and an entity is called what the first of its rows that are left calls it.
//!
//! A change is carried out as a list of operations, each of which can be undone: whoever cannot finish with the new rows has the
//! old ones back.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::database::Translation;
use crate::{Batch, Code, Database, EntityInfo, Origin, RelationDecl, RowPlace, Table, Value};

/// What comes and goes.
#[derive(Debug, Clone, Default)]
pub struct Change {
    files: Vec<Arc<str>>,
    batches: Vec<(Arc<[Arc<RelationDecl>]>, Batch)>,
    rows: Vec<Row>,
}

/// A single row at a place.
#[derive(Debug, Clone)]
struct Row {
    decl: Arc<RelationDecl>,
    values: Vec<Value>,
    path: Arc<str>,
    place: RowPlace,
    comes: bool,
}

impl Change {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.batches.is_empty() && self.rows.is_empty()
    }

    /// All that came from a file goes, before anything comes.
    pub fn withdraw_file(&mut self, path: impl Into<Arc<str>>) {
        self.files.push(path.into());
    }

    /// The files whose rows all go, and may come anew.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.iter()
    }

    /// What an extractor made of a file comes. Several batches of a file come in the order in which a run absorbs them.
    pub fn add_batch(&mut self, schema: &Arc<[Arc<RelationDecl>]>, batch: Batch) {
        self.batches.push((schema.clone(), batch));
    }

    /// A row that was given at a place goes.
    pub fn withdraw(&mut self, decl: &Arc<RelationDecl>, values: Vec<Value>, path: &Arc<str>, place: RowPlace) {
        self.rows.push(Row { decl: decl.clone(), values, path: path.clone(), place, comes: false });
    }

    /// A row comes.
    pub fn add(&mut self, decl: &Arc<RelationDecl>, values: Vec<Value>, path: &Arc<str>, place: RowPlace) {
        self.rows.push(Row { decl: decl.clone(), values, path: path.clone(), place, comes: true });
    }
}

/// What a change came to.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// Relations whose rows are others now, by name.
    pub tables: BTreeMap<Arc<str>, TableChange>,
    /// Entities whose label or place is another one, or that are new or gone.
    pub entities: Vec<Code>,
    done: Vec<Operation>,
}

/// Rows, in codes, that a table has now and had not before, and the other way round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableChange {
    /// New rows.
    pub added: Vec<Box<[u32]>>,
    /// Rows that are gone.
    pub removed: Vec<Box<[u32]>>,
}

/// One row given or taken back at one place.
#[derive(Debug, Clone)]
struct Operation {
    decl: Arc<RelationDecl>,
    row: Box<[u32]>,
    origin: Origin,
    /// What the row says of its entity.
    says: Option<(Code, EntityInfo)>,
    comes: bool,
}

impl Database {
    /// Carries out a change.
    pub fn apply(&mut self, change: &Change) -> Changed {
        self.track();
        let mut operations = self.withdrawals(&change.files);
        for (schema, batch) in &change.batches {
            self.arrivals(schema, batch, &mut operations);
        }
        for row in &change.rows {
            self.declare(&row.decl);
            let codes = row.values.iter().map(|value| self.values.encode(value).0).collect();
            let origin = Origin { file: self.add_file(&row.path), place: row.place };
            operations.push(Operation { decl: row.decl.clone(), row: codes, origin, says: None, comes: row.comes });
        }
        self.carry_out(operations)
    }

    /// Takes a change back. Nothing else was changed since.
    pub fn undo(&mut self, changed: Changed) {
        let inverse = |operation: Operation| Operation { comes: !operation.comes, ..operation };
        // What was taken back comes in its old order, so that a row's places stand as before.
        let (came, went): (Vec<_>, Vec<_>) = changed.done.into_iter().partition(|operation| operation.comes);
        self.carry_out(came.into_iter().chain(went).map(inverse).collect());
    }

    /// From now on what every `key` row says is kept; of rows absorbed before, only what the first one said is known.
    fn track(&mut self) {
        if self.entities.is_tracked() {
            return;
        }
        self.entities.track();
        let mut others = Vec::new();
        for table in self.tables.values() {
            let Some(key) = table.decl().entity_key() else { continue };
            for (row, &code) in table.column(key).iter().enumerate().filter(|(_, code)| !Code(**code).is_none()) {
                let code = Code(code);
                let first = self.entities.get(code);
                // Rows of tests, held in memory, say nothing of entities.
                for origin in table.origins(row).filter(|origin| first.is_some_and(|info| info.origin != *origin)) {
                    others.push((code, EntityInfo { label: self.values.text(code).clone(), origin }));
                }
            }
        }
        for (code, info) in others {
            self.say(code, info);
        }
    }

    /// All that some files gave.
    fn withdrawals(&self, files: &[Arc<str>]) -> Vec<Operation> {
        let numbers: Vec<u32> = files.iter().filter_map(|path| self.file_number(path)).collect();
        let mut out = Vec::new();
        if numbers.is_empty() {
            return out;
        }
        for table in self.tables() {
            let key = table.decl().entity_key();
            let gone = |origin: &Origin| numbers.contains(&origin.file);
            let first = table.origins.iter().zip(0..).filter(|(origin, _)| gone(origin));
            let further = table.further.iter().filter(|(_, origin)| gone(origin));
            let mut places: Vec<(u32, Origin)> =
                first.map(|(origin, row)| (row, *origin)).chain(further.copied()).collect();
            places.sort_by_key(|&(row, _)| row);
            for (row, origin) in places {
                let codes: Box<[u32]> = table.row(row as usize).map(|code| code.0).collect();
                let entity = key.map(|key| Code(codes[key])).filter(|code| !code.is_none());
                let says = entity.and_then(|code| Some((code, self.entities.said_at(code, origin)?.clone())));
                out.push(Operation { decl: table.decl().clone(), row: codes, origin, says, comes: false });
            }
        }
        out
    }

    /// All that a batch gives.
    fn arrivals(&mut self, schema: &[Arc<RelationDecl>], batch: &Batch, out: &mut Vec<Operation>) {
        let file = self.add_file(&batch.path);
        let mut translation = Translation::new(batch);
        for (decl, rows) in schema.iter().zip(&batch.tables) {
            self.declare(decl);
            let key = decl.entity_key();
            let mut labels = rows.labels.iter().peekable();
            let columns = translation.columns(decl, rows, &mut self.values);
            for (number, &place) in rows.places.iter().enumerate() {
                let row: Box<[u32]> = columns.iter().map(|column| column[number]).collect();
                let origin = Origin { file, place };
                let label = labels.next_if(|(at, _)| *at as usize == number).map(|(_, label)| label.clone());
                let entity = key.map(|key| Code(row[key])).filter(|code| !code.is_none());
                let says = entity.map(|code| {
                    let label = label.unwrap_or_else(|| self.values.text(code).clone());
                    (code, EntityInfo { label, origin })
                });
                out.push(Operation { decl: decl.clone(), row, origin, says, comes: true });
            }
        }
    }

    fn carry_out(&mut self, operations: Vec<Operation>) -> Changed {
        let mut changed = Changed::default();
        let mut before: HashMap<Code, Option<EntityInfo>, FxBuildHasher> = HashMap::default();
        for (code, _) in operations.iter().filter_map(|operation| operation.says.as_ref()) {
            before.entry(*code).or_insert_with(|| self.entities.get(*code).cloned());
        }
        let mut by_table: BTreeMap<Arc<str>, Vec<Operation>> = BTreeMap::new();
        for operation in operations {
            by_table.entry(operation.decl.name.clone()).or_default().push(operation);
        }
        for (name, operations) in by_table {
            self.declare(&operations[0].decl.clone());
            let Some(mut table) = self.tables.remove(&name) else { continue };
            let (difference, done) = self.change_table(&mut table, operations);
            self.tables.insert(name.clone(), table);
            if difference != TableChange::default() {
                changed.tables.insert(name, difference);
            }
            changed.done.extend(done);
        }
        let other = |(code, info): &(Code, Option<EntityInfo>)| self.entities.get(*code) != info.as_ref();
        changed.entities = before.into_iter().filter(other).map(|(code, _)| code).collect();
        changed.entities.sort();
        changed
    }

    /// Returns which rows differ, and the operations that had an effect.
    fn change_table(&mut self, table: &mut Table, operations: Vec<Operation>) -> (TableChange, Vec<Operation>) {
        // Rows that are touched, with all their origins; and whether they were there.
        let mut open: BTreeMap<u32, (Vec<Origin>, bool)> = BTreeMap::new();
        let mut done = Vec::new();
        for operation in operations {
            let known = table.find(&operation.row).map(|row| row as u32);
            let row = match known {
                Some(row) => row,
                None if operation.comes => table.insert(&operation.row, operation.origin),
                None => continue,
            };
            let was_there = known.is_some();
            let begin = || (if was_there { table.origins(row as usize).collect() } else { Vec::new() }, was_there);
            let (origins, _) = open.entry(row).or_insert_with(begin);
            if operation.comes {
                if origins.first() == Some(&operation.origin) {
                    continue;
                }
                let path = self.file(operation.origin.file);
                let at = origins.partition_point(|origin| self.file(origin.file) <= path);
                origins.insert(at, operation.origin);
            } else {
                let Some(at) = origins.iter().position(|origin| *origin == operation.origin) else { continue };
                origins.remove(at);
            }
            match &operation.says {
                Some((code, info)) if operation.comes => self.say(*code, info.clone()),
                Some((code, info)) => self.unsay(*code, info),
                None => {}
            }
            done.push(operation);
        }
        (close(table, open), done)
    }
}

/// Writes the origins of rows back, and takes those out that have none.
fn close(table: &mut Table, open: BTreeMap<u32, (Vec<Origin>, bool)>) -> TableChange {
    let mut change = TableChange::default();
    let several = table.further.iter().any(|(row, _)| open.contains_key(row));
    if several {
        table.further.retain(|(row, _)| !open.contains_key(row));
    }
    let mut gone = Vec::new();
    let (before, mut renumbered) = (table.further.len(), several);
    for (row, (origins, was_there)) in open {
        let codes = || table.row(row as usize).map(|code| code.0).collect();
        match (origins.split_first(), was_there) {
            (Some((first, rest)), _) => {
                if !was_there {
                    change.added.push(codes());
                }
                table.origins[row as usize] = *first;
                table.further.extend(rest.iter().map(|origin| (row, *origin)));
            }
            (None, was_there) => {
                if was_there {
                    change.removed.push(codes());
                }
                gone.push(row);
            }
        }
    }
    renumbered |= table.further.len() != before;
    // From the last one on, so that none that goes takes another one's number.
    let mut moved: HashMap<u32, u32, FxBuildHasher> = HashMap::default();
    for row in gone.into_iter().rev() {
        let last = table.len() as u32 - 1;
        table.remove(row);
        if last != row {
            // A row may move more than once.
            let original = moved.remove(&last).unwrap_or(last);
            moved.insert(row, original);
        }
    }
    if !moved.is_empty() && !table.further.is_empty() {
        let now: HashMap<u32, u32, FxBuildHasher> = moved.into_iter().map(|(row, original)| (original, row)).collect();
        table.further.iter_mut().for_each(|(row, _)| *row = now.get(row).copied().unwrap_or(*row));
        renumbered = true;
    }
    if renumbered {
        table.further.sort_by_key(|&(row, _)| row);
    }
    change
}
