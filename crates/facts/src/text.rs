//! Rows as fact syntax, so that what was extracted can be pasted into a test.

use std::fmt::Write;

use crate::{RelationDecl, Value};

/// Writes a row as a fact in named form: `code.file{file: "a.py", lines: 3}.`; missing values are left out.
pub fn write_fact(decl: &RelationDecl, row: &[Value]) -> String {
    let mut out = format!("{}{{", decl.name);
    let present = decl.columns.iter().zip(row).filter(|(_, value)| !value.is_none());
    for (number, (column, value)) in present.enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        write!(out, "{comma}{}: {}", column.name, write_literal(value)).expect("writing to a string");
    }
    out.push_str("}.");
    out
}

/// Writes a value as policies write it.
pub fn write_literal(value: &Value) -> String {
    match value {
        Value::Text(text) => quote(text),
        Value::Duration(_) => value.to_string().replace(' ', ""),
        value => value.to_string(),
    }
}

/// A string literal of the language.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => write!(out, "\\u{{{:x}}}", c as u32).expect("writing to a string"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Type};

    #[test]
    fn facts_are_written_as_policies_write_them() {
        let column = |name: &str, ty, optional| Column { name: name.into(), ty, optional, key: false, doc: "".into() };
        let decl = RelationDecl {
            name: "v.register".into(),
            columns: vec![
                column("name", Type::String, false),
                column("since", Type::Time, true),
                column("n", Type::Int, true),
            ],
            doc: "".into(),
        };
        let row = [Value::text("a \"{b}\"\n"), Value::Time(0), Value::None];
        assert_eq!(write_fact(&decl, &row), r#"v.register{name: "a \"\{b\}\"\n", since: 1970-01-01}."#);
    }
}
