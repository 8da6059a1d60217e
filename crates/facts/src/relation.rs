//! What a relation is called and what its columns hold.

use std::sync::Arc;

use crate::Type;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name, unique in its relation.
    pub name: Arc<str>,
    /// Type of the values that are present.
    pub ty: Type,
    /// Whether a value may be missing (`T?`).
    pub optional: bool,
    /// Whether it names the thing that the row is about (`key`).
    pub key: bool,
    /// Documentation, Markdown; empty where there is none.
    pub doc: Arc<str>,
}

/// A relation, declared by `input` or `rel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationDecl {
    /// Qualified name as policies write it, such as `code.call`.
    pub name: Arc<str>,
    /// Columns in their declared order.
    pub columns: Vec<Column>,
    /// Documentation, Markdown; empty where there is none.
    pub doc: Arc<str>,
}

impl RelationDecl {
    /// Position of the column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column.name == *name)
    }

    /// Position of the `key` column, if it holds entities.
    pub fn entity_key(&self) -> Option<usize> {
        self.key().filter(|&key| matches!(self.columns[key].ty, Type::Entity(_)))
    }

    /// Position of the `key` column.
    pub fn key(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.key)
    }
}
