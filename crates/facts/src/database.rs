//! All extracted rows of a run: one [`Table`] a relation, insertion-ordered columns of codes, equal rows
//! merged with all their origins kept.

use std::sync::Arc;

use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};
use std::hash::Hasher;

use crate::batch::RowPlace;
use crate::values::spread;
use crate::{Batch, Code, RelationDecl, Value, Values};

/// Where an extracted row came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Number of the file in [`Database::files`].
    pub file: u32,
    /// Where in it.
    pub place: RowPlace,
}

/// What people call an entity, and where it stands.
#[derive(Debug, Clone)]
pub struct EntityInfo {
    /// The label; the key itself where no row gave one.
    pub label: Arc<str>,
    /// Its first `key` row by path and position.
    pub origin: Origin,
}

/// The rows of one relation.
#[derive(Debug, Clone)]
pub struct Table {
    decl: Arc<RelationDecl>,
    columns: Vec<Vec<u32>>,
    origins: Vec<Origin>,
    further: Vec<(u32, Origin)>,
    /// Numbers of rows, beside their hashes.
    rows: HashTable<(u32, u32)>,
}

impl Table {
    fn new(decl: Arc<RelationDecl>) -> Self {
        let columns = vec![Vec::new(); decl.columns.len()];
        Table { decl, columns, origins: Vec::new(), further: Vec::new(), rows: HashTable::new() }
    }

    /// The relation's declaration.
    pub fn decl(&self) -> &Arc<RelationDecl> {
        &self.decl
    }

    /// Number of distinct rows.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// One column's codes, in the order of insertion.
    pub fn column(&self, column: usize) -> &[u32] {
        &self.columns[column]
    }

    /// One row's codes.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Code> + '_ {
        self.columns.iter().map(move |column| Code(column[row]))
    }

    /// Where a row came from first.
    pub fn origin(&self, row: usize) -> Origin {
        self.origins[row]
    }

    /// All places that a row came from, the first first.
    pub fn origins(&self, row: usize) -> impl Iterator<Item = Origin> + '_ {
        let first = self.further.partition_point(|&(at, _)| (at as usize) < row);
        let more = self.further[first..].iter().take_while(move |&&(at, _)| at as usize == row);
        std::iter::once(self.origins[row]).chain(more.map(|&(_, origin)| origin))
    }

    /// Enters a row unless an equal one is there; either way its origin is kept. Returns the row's number.
    fn insert(&mut self, row: &[u32], origin: Origin) -> u32 {
        let hash = hash_row(row);
        let columns = &self.columns;
        let same = |&(known, at): &(u32, u32)| {
            known == hash && columns.iter().zip(row).all(|(column, code)| column[at as usize] == *code)
        };
        if let Some(&(_, at)) = self.rows.find(spread(hash), same) {
            if self.origins[at as usize] != origin {
                self.further.push((at, origin));
            }
            return at;
        }
        let at = self.origins.len() as u32;
        for (column, code) in self.columns.iter_mut().zip(row) {
            column.push(*code);
        }
        self.origins.push(origin);
        self.rows.insert_unique(spread(hash), (hash, at), |&(hash, _)| spread(hash));
        at
    }
}

fn hash_row(row: &[u32]) -> u32 {
    let mut hasher = FxHasher::default();
    row.iter().for_each(|&code| hasher.write_u32(code));
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

/// All extracted rows of a run.
#[derive(Debug, Clone, Default)]
pub struct Database {
    /// What codes mean. Evaluation goes on entering values here.
    pub values: Values,
    files: Vec<Arc<str>>,
    tables: HashMap<Arc<str>, Table, FxBuildHasher>,
    entities: HashMap<Code, EntityInfo, FxBuildHasher>,
}

impl Database {
    /// A database without relations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes sure that there is a table for the relation, with or without rows.
    pub fn declare(&mut self, decl: &Arc<RelationDecl>) {
        if !self.tables.contains_key(&decl.name) {
            self.tables.insert(decl.name.clone(), Table::new(decl.clone()));
        }
    }

    /// The table of a relation by its qualified name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// All tables, sorted by name.
    pub fn tables(&self) -> Vec<&Table> {
        let mut tables: Vec<&Table> = self.tables.values().collect();
        tables.sort_by(|a, b| a.decl.name.cmp(&b.decl.name));
        tables
    }

    /// Path of a file by the number that origins carry.
    pub fn file(&self, file: u32) -> &Arc<str> {
        &self.files[file as usize]
    }

    /// Numbers a file.
    pub fn add_file(&mut self, path: &Arc<str>) -> u32 {
        if self.files.last() != Some(path) {
            self.files.push(path.clone());
        }
        self.files.len() as u32 - 1
    }

    /// Takes in what one file gave; `schema` is the one its [`crate::Sink`] had. Batches are to come in the
    /// order of their paths: the first row by path and position gives an entity its label and place.
    pub fn absorb(&mut self, schema: &[Arc<RelationDecl>], batch: &Batch) {
        if batch.tables.iter().all(|table| table.places.is_empty()) {
            return;
        }
        let file = self.add_file(&batch.path);
        // Texts recur in many columns: translate each once.
        let mut texts = vec![u32::MAX; batch.values.text_count()];
        let mut row = Vec::new();
        for (decl, rows) in schema.iter().zip(&batch.tables) {
            self.declare(decl);
            if rows.places.is_empty() {
                continue;
            }
            let key = decl.key().filter(|&key| matches!(decl.columns[key].ty, crate::Type::Entity(_)));
            let mut labels = rows.labels.iter().peekable();
            let table = self.tables.get_mut(&decl.name).expect("declared above");
            for (number, &place) in rows.places.iter().enumerate() {
                row.clear();
                for (column, codes) in decl.columns.iter().zip(&rows.columns) {
                    let code = Code(codes[number]);
                    row.push(if code.is_none() {
                        code.0
                    } else if column.ty.is_text() {
                        let known = &mut texts[code.0 as usize];
                        if *known == u32::MAX {
                            *known = self.values.intern_from(&batch.values, code).0;
                        }
                        *known
                    } else {
                        self.values.translate(&batch.values, &column.ty, code).0
                    });
                }
                let origin = Origin { file, place };
                table.insert(&row, origin);
                let label = labels.next_if(|(at, _)| *at as usize == number).map(|(_, label)| label.clone());
                let Some(key) = key.map(|key| Code(row[key])).filter(|key| !key.is_none()) else { continue };
                let text = self.values.text(key);
                let info = EntityInfo { label: label.unwrap_or_else(|| text.clone()), origin };
                let known = self.entities.entry(key).or_insert_with(|| info.clone());
                if (info.origin.file, info.origin.place.start) < (known.origin.file, known.origin.place.start) {
                    *known = info;
                }
            }
            // `origins` finds a row's further origins by bisection.
            if !table.further.is_sorted_by_key(|&(row, _)| row) {
                table.further.sort_by_key(|&(row, _)| row);
            }
        }
    }

    /// Adds one row of values, as tests and registers held in memory do.
    pub fn insert(&mut self, decl: &Arc<RelationDecl>, row: &[Value], origin: Origin) {
        self.declare(decl);
        let codes: Vec<u32> = row.iter().map(|value| self.values.encode(value).0).collect();
        let table = self.tables.get_mut(&decl.name).expect("declared above");
        table.insert(&codes, origin);
        table.further.sort_by_key(|&(row, _)| row);
    }

    /// What people call the entity of this key, and where it stands.
    pub fn entity(&self, key: Code) -> Option<&EntityInfo> {
        self.entities.get(&key)
    }

    /// The keys of the entities that people call so, sorted.
    pub fn labelled(&self, label: &str) -> Vec<Arc<str>> {
        let called = self.entities.iter().filter(|(_, info)| *info.label == *label);
        let mut keys: Vec<Arc<str>> = called.map(|(key, _)| self.values.text(*key).clone()).collect();
        keys.sort();
        keys
    }

    /// The entity's label by its key's text; the key where nothing is known of it.
    pub fn label(&self, key: Code) -> &Arc<str> {
        self.entity(key).map_or_else(|| self.values.text(key), |info| &info.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Sink, Type};

    fn decl() -> Arc<RelationDecl> {
        let column = |name: &str, ty, key| Column { name: name.into(), ty, optional: false, key, doc: "".into() };
        Arc::new(RelationDecl {
            name: "t.thing".into(),
            columns: vec![column("thing", Type::Entity("t.Thing".into()), true), column("size", Type::Int, false)],
            doc: "".into(),
        })
    }

    fn place(line: u32) -> RowPlace {
        RowPlace { start: line * 10, end: line * 10 + 5, line, column: 1 }
    }

    #[test]
    fn equal_rows_merge_and_keep_their_origins() {
        let schema = [decl()];
        let mut database = Database::new();
        for (path, line) in [("a", 3), ("b", 1)] {
            let mut sink = Sink::new(&schema, path);
            let (other, thing, size) = (sink.text(path), sink.text("k"), sink.int(-1));
            sink.labelled_row(0, &[thing, size], place(line), "the thing");
            sink.row(0, &[other, size], place(9));
            database.absorb(&schema, &sink.finish());
        }
        let table = database.table("t.thing").unwrap();
        assert_eq!(table.len(), 3);
        let places: Vec<_> = table.origins(0).map(|o| (database.file(o.file).to_string(), o.place.line)).collect();
        assert_eq!(places, [("a".to_owned(), 3), ("b".to_owned(), 1)]);
        let key = database.values.find("k").unwrap();
        assert_eq!(&**database.label(key), "the thing");
        assert_eq!(database.entity(key).unwrap().origin.place.line, 3);
        let other = database.values.find("b").unwrap();
        assert_eq!(&**database.label(other), "b");
    }
}
