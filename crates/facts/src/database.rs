//! All extracted rows of a run: one [`Table`] a relation, the files they come from, and what is known of entities.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::batch::RowPlace;
use crate::entities::Entities;
use crate::{Batch, BatchTable, Code, EntityInfo, RelationDecl, Table, Type, Value, Values};

/// Where an extracted row came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Number of the file in [`Database::files`].
    pub file: u32,
    /// Where in it.
    pub place: RowPlace,
}

/// All extracted rows of a run.
#[derive(Debug, Clone, Default)]
pub struct Database {
    /// What codes mean. Evaluation goes on entering values here.
    pub values: Values,
    files: Vec<Arc<str>>,
    file_numbers: HashMap<Arc<str>, u32, FxBuildHasher>,
    pub(crate) tables: HashMap<Arc<str>, Table, FxBuildHasher>,
    pub(crate) entities: Entities,
}

impl Database {
    /// A database without relations.
    pub fn new() -> Self {
        Self::default()
    }

    /// A database without relations that will be changed: it remembers what every `key` row calls its entity, not only what
    /// the first one does.
    pub fn tracked() -> Self {
        Database { entities: Entities::tracked(), ..Self::default() }
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
        tables.sort_by(|a, b| a.decl().name.cmp(&b.decl().name));
        tables
    }

    /// Path of a file by the number that origins carry.
    pub fn file(&self, file: u32) -> &Arc<str> {
        &self.files[file as usize]
    }

    /// Numbers a file; one that has a number keeps it.
    pub fn add_file(&mut self, path: &Arc<str>) -> u32 {
        if let Some(&known) = self.file_numbers.get(path) {
            return known;
        }
        let number = self.files.len() as u32;
        self.files.push(path.clone());
        self.file_numbers.insert(path.clone(), number);
        number
    }

    /// The number of a file, if it has one.
    pub fn file_number(&self, path: &str) -> Option<u32> {
        self.file_numbers.get(path).copied()
    }

    /// What origins are ordered by: path and position. Numbers of files follow their paths until a file is added later.
    pub fn order(&self, origin: &Origin) -> (&str, u32) {
        (self.file(origin.file), origin.place.start)
    }

    /// Takes in what one file gave; `schema` is the one its [`crate::Sink`] had. Batches are to come in the
    /// order of their paths: the first row by path and position gives an entity its label and place.
    pub fn absorb(&mut self, schema: &[Arc<RelationDecl>], batch: &Batch) {
        if batch.tables.iter().all(|table| table.places.is_empty()) {
            return;
        }
        let file = self.add_file(&batch.path);
        let mut translation = Translation::new(batch);
        for (decl, rows) in schema.iter().zip(&batch.tables) {
            self.declare(decl);
            if rows.places.is_empty() {
                continue;
            }
            let columns = translation.columns(decl, rows, &mut self.values);
            if let Some(key) = decl.entity_key() {
                let mut labels = rows.labels.iter().peekable();
                for (number, (&code, &place)) in columns[key].iter().zip(&rows.places).enumerate() {
                    let label = labels.next_if(|(at, _)| *at as usize == number).map(|(_, label)| label.clone());
                    let key = Code(code);
                    if key.is_none() {
                        continue;
                    }
                    let label = label.unwrap_or_else(|| self.values.text(key).clone());
                    self.entities.add(key, EntityInfo { label, origin: Origin { file, place } }, &self.files);
                }
            }
            let table = self.tables.get_mut(&decl.name).expect("declared above");
            table.take_in(columns, &rows.places, file);
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
        self.entities.get(key)
    }

    pub(crate) fn say(&mut self, key: Code, info: EntityInfo) {
        self.entities.add(key, info, &self.files);
    }

    pub(crate) fn unsay(&mut self, key: Code, info: &EntityInfo) {
        self.entities.remove(key, info, &self.files);
    }

    /// The keys of the entities that people call so, sorted.
    pub fn labelled(&self, label: &str) -> Vec<Arc<str>> {
        let called = self.entities.iter().filter(|(_, info)| *info.label == *label);
        let mut keys: Vec<Arc<str>> = called.map(|(key, _)| self.values.text(key).clone()).collect();
        keys.sort();
        keys
    }

    /// The entity's label by its key's text; the key where nothing is known of it.
    pub fn label(&self, key: Code) -> &Arc<str> {
        self.entity(key).map_or_else(|| self.values.text(key), |info| &info.label)
    }
}

/// From a batch's codes to the database's.
pub(crate) struct Translation<'a> {
    values: &'a Values,
    /// Texts recur in many columns: each is translated once.
    texts: Vec<u32>,
}

impl<'a> Translation<'a> {
    pub fn new(batch: &'a Batch) -> Self {
        Translation { values: &batch.values, texts: vec![u32::MAX; batch.values.text_count()] }
    }

    /// The columns of a relation's rows in codes of the database.
    pub fn columns(&mut self, decl: &RelationDecl, rows: &BatchTable, to: &mut Values) -> Vec<Vec<u32>> {
        let columns = decl.columns.iter().zip(&rows.columns);
        columns
            .map(|(column, codes)| match column.ty.is_text() {
                true => codes.iter().map(|&code| self.text(Code(code), to).0).collect(),
                false => codes.iter().map(|&code| self.other(Code(code), &column.ty, to).0).collect(),
            })
            .collect()
    }

    fn text(&mut self, code: Code, to: &mut Values) -> Code {
        if code.is_none() {
            return code;
        }
        let known = &mut self.texts[code.0 as usize];
        if *known == u32::MAX {
            *known = to.intern_from(self.values, code).0;
        }
        Code(*known)
    }

    fn other(&self, code: Code, ty: &Type, to: &mut Values) -> Code {
        if code.is_none() { code } else { to.translate(self.values, ty, code) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Sink};

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
