//! Rows in the formats that `query`, `eval` and `facts` print.

use clap::ValueEnum;
use facts::{RelationDecl, Value};
use serde_json::json;

use crate::table::{Table, csv, tsv};

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// Aligned, for people.
    Table,
    /// Tab-separated, with a heading.
    Tsv,
    /// An array of objects.
    Json,
    /// Comma-separated, with a heading.
    Csv,
}

/// All rows of one relation.
pub fn print(decl: &RelationDecl, rows: &[Vec<Value>], format: RowFormat) -> String {
    let headings: Vec<String> = decl.columns.iter().map(|column| column.name.to_string()).collect();
    match format {
        RowFormat::Table => {
            let mut table = Table::new(&headings.iter().map(String::as_str).collect::<Vec<_>>());
            rows.iter().for_each(|row| table.row(&cells(row)));
            table.to_string()
        }
        RowFormat::Tsv => tsv(&headings) + &rows.iter().map(|row| tsv(&cells(row))).collect::<String>(),
        RowFormat::Csv => csv(&headings) + &rows.iter().map(|row| csv(&cells(row))).collect::<String>(),
        RowFormat::Json => serde_json::to_string_pretty(&objects(decl, rows)).unwrap_or_default() + "\n",
    }
}

/// The printed form of each value.
pub fn cells(row: &[Value]) -> Vec<String> {
    row.iter().map(ToString::to_string).collect()
}

/// Rows as an array of objects.
pub fn objects(decl: &RelationDecl, rows: &[Vec<Value>]) -> serde_json::Value {
    rows.iter().map(|row| object(decl, row)).collect()
}

/// A row as an object.
pub fn object(decl: &RelationDecl, row: &[Value]) -> serde_json::Value {
    let fields = decl.columns.iter().zip(row).map(|(column, value)| (column.name.to_string(), scalar(value)));
    serde_json::Value::Object(fields.collect())
}

/// JSON has numbers, booleans and null; times and durations are their printed forms.
fn scalar(value: &Value) -> serde_json::Value {
    match value {
        Value::None => serde_json::Value::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::Time(_) | Value::Duration(_) => json!(value.to_string()),
    }
}
