//! Reads the declarations that the extractors are held against, runs them, and prints what they give.

#![allow(clippy::disallowed_methods, dead_code)]

use std::fmt::Write;
use std::sync::Arc;

use extract::{Output, Problem, Request, SourceFile};
use facts::{Batch, Code, Column, RelationDecl, Sink, Type, write_fact};
use syntax::ast::ItemKind;

/// The `input` relations of `policies/std/code.law`.
pub fn schema() -> Vec<Arc<RelationDecl>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/std/code.law");
    let text = std::fs::read_to_string(path).expect("the declarations can be read");
    let items = syntax::parse(base::FileId(0), &text).module.items;
    let input = |item: &syntax::ast::Item| match &item.kind {
        ItemKind::Input(input) => Some(Arc::new(declaration(input))),
        _ => None,
    };
    items.iter().filter_map(input).collect()
}

fn declaration(input: &syntax::ast::Input) -> RelationDecl {
    let columns = input.columns.iter().map(|column| {
        let ty = match column.ty.name.text().as_str() {
            "string" => Type::String,
            "int" => Type::Int,
            "float" => Type::Float,
            "bool" => Type::Bool,
            entity => Type::Entity(format!("code.{entity}").into()),
        };
        Column { name: column.name.text.clone(), ty, optional: column.ty.optional, key: column.key, doc: "".into() }
    });
    RelationDecl { name: format!("code.{}", input.name.text).into(), columns: columns.collect(), doc: "".into() }
}

/// What all extractors that want the file give for it.
pub struct Extracted {
    /// What was asked for.
    pub schema: Vec<Arc<RelationDecl>>,
    /// The rows.
    pub batch: Batch,
    /// Trouble.
    pub problems: Vec<Problem>,
    /// Numbers of the relations that have evidence.
    pub evidence: Vec<usize>,
}

/// Runs the extractors on a file for some relations (all if none are named).
pub fn run(path: &str, text: &str, relations: &[&str]) -> Extracted {
    let mut schema = schema();
    schema.retain(|decl| relations.is_empty() || relations.iter().any(|name| decl.name[5..] == **name));
    let request = Request { schema: schema.clone(), ..Request::default() };
    let mut out = Output::new(Sink::new(&schema, path));
    for extractor in extract_code::extractors() {
        if extractor.wants(path, &request) {
            extractor.extract(SourceFile { path, text }, &request, &mut out);
        }
    }
    let (problems, evidence) = (out.problems, out.evidence);
    let batch = out.sink.finish();
    Extracted { schema, batch, problems, evidence }
}

/// The facts, each with its place, sorted within a relation as they were made; then the problems.
pub fn print(extracted: &Extracted) -> String {
    let mut out = String::new();
    for (decl, table) in extracted.schema.iter().zip(&extracted.batch.tables) {
        for (row, place) in table.places.iter().enumerate() {
            let values: Vec<_> = decl
                .columns
                .iter()
                .zip(&table.columns)
                .map(|(column, codes)| extracted.batch.values.decode(&column.ty, Code(codes[row])))
                .collect();
            let fact = write_fact(decl, &values);
            writeln!(out, "{}:{} {}", place.line, place.column, &fact["code.".len()..]).expect("strings take text");
        }
    }
    for problem in &extracted.problems {
        let place = problem.place;
        writeln!(out, "{} {}:{} {}", problem.code, place.line, place.column, problem.message).expect("likewise");
    }
    out
}

/// Holds the facts of a fixture at `path` against its snapshot, in a folder of the language.
pub fn check(folder: &str, path: &str, text: &str) {
    let head = text.lines().next().and_then(|line| line.split_once("facts: ")).expect("a fixture names relations");
    let relations: Vec<&str> = head.1.split_whitespace().collect();
    let facts = print(&run(path, text, &relations)).replace(&format!("\"{path}"), "\"");
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = file.split('.').next().unwrap_or(file);
    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => format!("../snapshots/{folder}"),
    }, {
        insta::assert_snapshot!(name, facts);
    });
}

/// The texts of a column, by row.
pub fn column(extracted: &Extracted, relation: &str, column: &str) -> Vec<String> {
    let at = extracted.schema.iter().position(|decl| *decl.name == *format!("code.{relation}")).expect("asked for");
    let number = extracted.schema[at].column(column).expect("declared");
    let decode = |&code: &u32| match Code(code) {
        code if code.is_none() => String::new(),
        code => extracted.batch.values.text(code).to_string(),
    };
    extracted.batch.tables[at].columns[number].iter().map(decode).collect()
}

/// Texts that are hardly code, made of words of a language: facts or problems come of them, but no panic and no place outside.
pub fn garbage(paths: &[&str], words: &[&str]) {
    let mut state = 11u64;
    for round in 0..400 {
        let mut text = String::new();
        for _ in 0..60 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(words[(state >> 33) as usize % words.len()]);
        }
        let path = paths[round % paths.len()];
        let extracted = run(path, &text, &[]);
        for table in &extracted.batch.tables {
            for place in &table.places {
                assert!(text.get(place.start as usize..place.end as usize).is_some(), "{path}: {text:?}");
            }
        }
    }
}

/// Whether a call beside something hostile is found: nesting costs no stack and hides nothing.
pub fn nesting(path: &str, texts: &[String]) {
    for text in texts {
        let extracted = run(path, text, &[]);
        let methods = column(&extracted, "call", "method");
        let start: String = text.chars().take(60).collect();
        assert!(methods.contains(&"first".to_owned()), "{path}: {start}");
    }
}
