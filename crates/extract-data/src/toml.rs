//! TOML into a document. Dates stay text; they are ISO forms, which time columns read.

use std::borrow::Cow;
use std::ops::Range;

use base::Span;
use extract::{Builder, Data, Document, SyntaxError};
use toml_edit::{Item, TableLike, Value};

use crate::documents::Each;

/// The document of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    each(document(text));
}

fn document(text: &str) -> Result<Document<'_>, SyntaxError> {
    let parsed = toml_edit::Document::parse(text).map_err(|error| {
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        SyntaxError::new(error.span().map_or(0, |span| span.start), message)
    })?;
    let mut builder = Builder::new();
    let whole = Span::new(0, text.len());
    builder.open(whole, Data::Object(Vec::new()))?;
    table(parsed.as_table(), whole, &mut builder)?;
    builder.close(text.len());
    Ok(builder.finish())
}

/// The entries of a table into the open object. What has no place of its own (a table that is only implied by dotted
/// keys) stands at its key, or at what is around it. The builder bounds how deep this goes.
fn table(table: &dyn TableLike, around: Span, builder: &mut Builder<'_>) -> Result<(), SyntaxError> {
    for (name, value) in table.iter() {
        let key = table.key(name).and_then(|key| key.span());
        let near = key.map_or(around, |key| Span::new(key.start, key.end));
        builder.key(Cow::Owned(name.to_owned()));
        item(value, near, builder)?;
    }
    Ok(())
}

fn item(value: &Item, near: Span, builder: &mut Builder<'_>) -> Result<(), SyntaxError> {
    match value {
        Item::None => builder.scalar(near, Data::Null).map(drop),
        Item::Value(inner) => scalar(inner, near, builder),
        Item::Table(inner) => object(inner, place(inner.span(), near), builder),
        Item::ArrayOfTables(tables) => {
            let span = place(tables.span(), near);
            builder.open(span, Data::List(Vec::new()))?;
            for inner in tables {
                object(inner, place(inner.span(), near), builder)?;
            }
            builder.close(span.end as usize);
            Ok(())
        }
    }
}

fn object(inner: &dyn TableLike, span: Span, builder: &mut Builder<'_>) -> Result<(), SyntaxError> {
    builder.open(span, Data::Object(Vec::new()))?;
    table(inner, span, builder)?;
    builder.close(span.end as usize);
    Ok(())
}

fn scalar(value: &Value, near: Span, builder: &mut Builder<'_>) -> Result<(), SyntaxError> {
    let span = place(value.span(), near);
    let data = match value {
        Value::String(text) => Data::Text(Cow::Owned(text.value().clone())),
        Value::Integer(number) => Data::Number(Cow::Owned(number.value().to_string())),
        Value::Float(number) => match number.value() {
            value if value.is_finite() => Data::Number(Cow::Owned(value.to_string())),
            _ => Data::Null,
        },
        Value::Boolean(value) => Data::Bool(*value.value()),
        Value::Datetime(value) => Data::Text(Cow::Owned(value.value().to_string())),
        Value::Array(values) => {
            builder.open(span, Data::List(Vec::new()))?;
            for value in values {
                scalar(value, span, builder)?;
            }
            builder.close(span.end as usize);
            return Ok(());
        }
        Value::InlineTable(inner) => return object(inner, span, builder),
    };
    builder.scalar(span, data).map(drop)
}

fn place(span: Option<Range<usize>>, near: Span) -> Span {
    span.map_or(near, |span| Span::new(span.start, span.end.max(span.start)))
}
