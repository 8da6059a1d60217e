//! What one file gives: rows with their places, in codes of the batch's own, so that files are extracted
//! in parallel and results are kept in a cache.

use std::sync::Arc;

use crate::{Code, InputDecl, RelationDecl, Value, Values};

/// A place as rows keep it, within the batch's one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct RowPlace {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Line from 1; 0 where the row speaks of the whole file.
    pub line: u32,
    /// Column in Unicode scalars from 1; 0 likewise.
    pub column: u32,
}

/// The rows of one relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchTable {
    /// One vector a column, equally long.
    pub columns: Vec<Vec<u32>>,
    /// Where each row stands.
    pub places: Vec<RowPlace>,
    /// Labels of the `key` column's entity, by row; empty where no row has one.
    pub labels: Vec<(u32, Arc<str>)>,
}

/// All rows of one file.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The file's path from the root.
    pub path: Arc<str>,
    /// What the codes of this batch mean.
    pub values: Values,
    /// By relation, as numbered by the [`Sink`]'s schema.
    pub tables: Vec<BatchTable>,
}

/// What extractors write into. It is made for one file and a schema: the relations somebody asked for, in
/// a fixed order. A relation that nobody asked for has no number, and its rows need not be made.
#[derive(Debug)]
pub struct Sink<'a> {
    schema: &'a [Arc<RelationDecl>],
    batch: Batch,
}

impl<'a> Sink<'a> {
    /// A sink for the file at `path`, accepting rows of the relations in `schema`.
    pub fn new(schema: &'a [Arc<RelationDecl>], path: &str) -> Self {
        let tables = schema
            .iter()
            .map(|decl| BatchTable { columns: vec![Vec::new(); decl.columns.len()], ..BatchTable::default() })
            .collect();
        Sink { schema, batch: Batch { path: path.into(), values: Values::new(), tables } }
    }

    /// The number of a relation by its qualified name, if somebody asked for it.
    pub fn relation(&self, name: &str) -> Option<usize> {
        self.schema.iter().position(|decl| *decl.name == *name)
    }

    /// The number of the relation that an `input` item declares, if somebody asked for it.
    pub fn input(&self, input: &InputDecl) -> Option<usize> {
        self.relation(&input.relation.name)
    }

    /// The declaration behind a number.
    pub fn decl(&self, relation: usize) -> &'a RelationDecl {
        &self.schema[relation]
    }

    /// The code of a text in this batch.
    pub fn text(&mut self, text: &str) -> Code {
        self.batch.values.intern(text)
    }

    /// The code of a whole number in this batch.
    pub fn int(&mut self, value: i64) -> Code {
        self.batch.values.int(value)
    }

    /// The code of any value in this batch.
    pub fn value(&mut self, value: &Value) -> Code {
        self.batch.values.encode(value)
    }

    /// What the codes of this batch mean.
    pub fn values(&self) -> &Values {
        &self.batch.values
    }

    /// Adds a row of codes, in the order of the relation's columns.
    pub fn row(&mut self, relation: usize, row: &[Code], place: RowPlace) {
        debug_assert_eq!(row.len(), self.schema[relation].columns.len(), "{}", self.schema[relation].name);
        let table = &mut self.batch.tables[relation];
        for (column, code) in table.columns.iter_mut().zip(row) {
            column.push(code.0);
        }
        table.places.push(place);
    }

    /// Adds a row whose `key` column names an entity that people call `label`.
    pub fn labelled_row(&mut self, relation: usize, row: &[Code], place: RowPlace, label: &str) {
        let number = self.batch.tables[relation].places.len() as u32;
        self.row(relation, row, place);
        self.batch.tables[relation].labels.push((number, label.into()));
    }

    /// Adds a row of values.
    pub fn values_row(&mut self, relation: usize, row: &[Value], place: RowPlace) {
        debug_assert!(
            row.iter().zip(&self.schema[relation].columns).all(|(v, c)| v.fits(&c.ty) && (c.optional || !v.is_none())),
            "{}: {row:?}",
            self.schema[relation].name
        );
        let codes: Vec<Code> = row.iter().map(|value| self.value(value)).collect();
        self.row(relation, &codes, place);
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.batch.tables.iter().map(|table| table.places.len()).sum()
    }

    /// The finished batch.
    pub fn finish(self) -> Batch {
        self.batch
    }
}
