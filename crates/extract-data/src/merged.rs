//! Objects whose keys may be written several times, as in INI, XML and HCL: what stands under a key once is that value, what
//! stands there several times a list of them, in the order of the text.

use std::borrow::Cow;
use std::collections::HashMap;

use base::Span;
use extract::{Builder, Data, Document, SyntaxError};

/// A value under way.
#[derive(Debug)]
pub(crate) enum Value<'t> {
    /// Without parts.
    Scalar(Span, Data<'t>),
    /// A list that the format itself writes as one.
    List(Span, Vec<Value<'t>>),
    /// Values by key.
    Object(Object<'t>),
}

/// Values by key, in the order in which the keys first stand.
#[derive(Debug, Default)]
pub(crate) struct Object<'t> {
    /// Where it stands; of one that is written in several places the first.
    pub span: Span,
    entries: Vec<(Cow<'t, str>, Vec<Value<'t>>)>,
    numbers: HashMap<Cow<'t, str>, usize>,
}

impl<'t> Object<'t> {
    /// An empty one.
    pub fn new(span: Span) -> Self {
        Object { span, ..Object::default() }
    }

    /// The values under a key so far.
    fn at(&mut self, key: Cow<'t, str>) -> &mut Vec<Value<'t>> {
        let next = self.entries.len();
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            self.entries.push((key, Vec::new()));
        }
        &mut self.entries[number].1
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether something stands under a key.
    pub fn has(&self, key: &str) -> bool {
        self.numbers.contains_key(key)
    }

    /// Adds a value under a key.
    pub fn add(&mut self, key: Cow<'t, str>, value: Value<'t>) {
        self.at(key).push(value);
    }

    /// The object under a key that all who name the key share, made if there is none.
    pub fn shared(&mut self, key: Cow<'t, str>, span: Span) -> &mut Object<'t> {
        let values = self.at(key);
        let found = values.iter().position(|value| matches!(value, Value::Object(_)));
        let at = found.unwrap_or_else(|| {
            values.push(Value::Object(Object::new(span)));
            values.len() - 1
        });
        match &mut values[at] {
            Value::Object(object) => object,
            _ => unreachable!("the position of an object"),
        }
    }

    /// The document that it is.
    pub fn document(self) -> Result<Document<'t>, SyntaxError> {
        let mut builder = Builder::new();
        emit(Value::Object(self), &mut builder)?;
        Ok(builder.finish())
    }
}

/// The builder bounds how deep this goes; readers bound how deep values are in the first place.
fn emit<'t>(value: Value<'t>, builder: &mut Builder<'t>) -> Result<(), SyntaxError> {
    match value {
        Value::Scalar(span, data) => builder.scalar(span, data).map(drop),
        Value::List(span, values) => {
            builder.open(span, Data::List(Vec::new()))?;
            for value in values {
                emit(value, builder)?;
            }
            builder.close(span.end as usize);
            Ok(())
        }
        Value::Object(object) => {
            builder.open(object.span, Data::Object(Vec::new()))?;
            for (key, mut values) in object.entries {
                builder.key(key);
                match values.len() {
                    1 => emit(values.remove(0), builder)?,
                    _ => emit(Value::List(around(&values), values), builder)?,
                }
            }
            builder.close(object.span.end as usize);
            Ok(())
        }
    }
}

/// From the first value to the last.
fn around(values: &[Value<'_>]) -> Span {
    let span = |value: &Value<'_>| match value {
        Value::Scalar(span, _) | Value::List(span, _) => *span,
        Value::Object(object) => object.span,
    };
    let start = values.first().map_or(0, |value| span(value).start as usize);
    Span::new(start, values.last().map_or(start, |value| (span(value).end as usize).max(start)))
}
