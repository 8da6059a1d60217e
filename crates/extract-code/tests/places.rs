//! Every fact's place holds the text that the fact claims, over all fixtures.

#![allow(clippy::disallowed_methods)]

mod common;

use std::path::{Path, PathBuf};

use common::{Extracted, run};
use facts::Code;

/// A row's texts by column name, and what stands at its place.
struct Row<'a> {
    extracted: &'a Extracted,
    relation: usize,
    number: usize,
    source: &'a str,
}

impl Row<'_> {
    fn text(&self, column: &str) -> String {
        let at = self.extracted.schema[self.relation].column(column).expect("declared");
        match Code(self.extracted.batch.tables[self.relation].columns[at][self.number]) {
            code if code.is_none() => String::new(),
            code => self.extracted.batch.values.text(code).to_string(),
        }
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("fixtures can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn each(check: impl Fn(&str, &Row<'_>)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = Vec::new();
    files(&root, &mut found);
    found.sort();
    assert!(found.len() > 10);
    for file in found {
        let text = std::fs::read_to_string(&file).expect("fixtures can be read");
        let path = file.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
        let extracted = run(&path, &text, &[]);
        for (relation, table) in extracted.batch.tables.iter().enumerate() {
            for (number, place) in table.places.iter().enumerate() {
                let source =
                    text.get(place.start as usize..place.end as usize).unwrap_or_else(|| panic!("{path}: {place:?}"));
                let before = &text[..place.start as usize];
                let line = before.matches('\n').count() as u32 + 1;
                let column = before.chars().rev().take_while(|&c| c != '\n').count() as u32 + 1;
                let rows_without_place = (place.line, place.start, place.end) == (0, 0, 0);
                assert!(rows_without_place || (place.line, place.column) == (line, column), "{path}: {place:?}");
                // Code in a notebook stands in strings of JSON.
                let unescaped = source.replace("\\\"", "\"").replace("\\\\", "\\");
                let source = if path.ends_with(".ipynb") { &unescaped } else { source };
                check(&path, &Row { extracted: &extracted, relation, number, source });
            }
        }
    }
}

#[test]
fn expressions_stand_where_they_say() {
    each(|path, row| {
        let name = &*row.extracted.schema[row.relation].name;
        if name == "code.expression" {
            let text = row.text("text");
            // A place where definitions meet has no text of its own.
            let meets = row.source.is_empty() && row.text("expr").contains(" join ");
            // Nor has an object that is not written: Java's own `this` before the name of a field or method, Kotlin's `it`.
            let languages = ["java/", "csharp/", "kotlin/", "ruby/", "php/", "rust/"];
            let implied = languages.iter().any(|language| path.starts_with(language))
                && row.source.is_empty()
                && [" name ", " parameter "].iter().any(|kind| row.text("expr").contains(kind));
            assert!(
                meets || implied || row.source.starts_with(&text) && !text.is_empty(),
                "{path}: {text:?} is not {:?}",
                row.source
            );
        }
    });
}

#[test]
fn names_stand_where_they_say() {
    each(|path, row| {
        let name = &*row.extracted.schema[row.relation].name;
        let claims: Vec<String> = match name {
            "code.function" | "code.class" => vec![row.text("name")],
            "code.parameter" => vec![row.text("name")],
            "code.import" => vec![row.text("alias"), row.text("name"), row.text("module")],
            "code.export" => vec![row.text("name"), row.text("local")],
            "code.environment" => vec![row.text("name")],
            "code.assignment" | "code.attribute" | "code.member" => vec![row.text("name")],
            _ => return,
        };
        // What has no name in the source is called after what stands around it.
        let unnamed = |claim: &str| {
            claim.is_empty() || claim.contains(['<', '(', '*']) || ["default", "get", "it"].contains(&claim)
        };
        let last = |claim: &str| claim.rsplit(['.', '/']).next().unwrap_or(claim).to_owned();
        let held = claims.iter().any(|claim| unnamed(claim) || row.source.contains(&last(claim)));
        // What a pattern takes out of an object may be called otherwise, a variable of the environment by a constant.
        let taken_out = name == "code.environment" || name == "code.member" && row.text("value").contains(" name ");
        let function_of_value =
            name == "code.function" && ["=>", "function", "(", "async"].iter().any(|word| row.source.contains(word));
        assert!(held || taken_out || function_of_value, "{path}: {name} {claims:?} is not in {:?}", row.source);
    });
}

#[test]
fn constants_stand_where_they_say() {
    each(|path, row| {
        if &*row.extracted.schema[row.relation].name != "code.text" {
            return;
        }
        let text = row.text("text");
        let literal = row.source.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let plain = text.chars().all(|c| c.is_alphanumeric() || c == ' ') && literal.starts_with(['"', '\'', '`']);
        // A literal that stands alone holds its text; what is put together or named elsewhere holds other words.
        // A text may go on in the next line, which its words do not tell.
        if plain && literal.matches(['"', '\'', '`']).count() == 2 && !row.source.contains("\\\n") {
            assert!(row.source.contains(&text), "{path}: {text:?} is not {:?}", row.source);
        }
    });
}
