//! The one door of this crate's tests: inputs written shortly, files in memory, rows and problems as text.

use std::sync::Arc;

use base::{Cancel, MemoryFiles};
use extract::{Extraction, Options, Request, SecretScanner, run};
use facts::{
    Column, ColumnMap, Each, Format, InputDecl, InputSource, Mark, Operand, Path, RelationDecl, Root, Step, TimeFormat,
    Type, Value, Where, write_fact,
};

use crate::extractors;

/// An `input` with one source, built step by step.
pub(crate) struct Input(InputDecl);

/// `input("r", "key name: string, since: time?", "json", "**/*.json")`.
pub(crate) fn input(name: &str, columns: &str, format: &str, pattern: &str) -> Input {
    let columns = columns.split(',').map(column).collect();
    let formats = match format.split_once(' ') {
        Some(("text", regex)) => vec![Format::Text { regex: regex.into() }],
        _ => format.split(',').map(|name| format_of(name.trim())).collect(),
    };
    let source = InputSource {
        formats,
        pattern: pattern.into(),
        headerless: false,
        conditions: Vec::new(),
        incomplete: Vec::new(),
        each: Vec::new(),
        columns: Vec::new(),
    };
    Input(InputDecl { relation: RelationDecl { name: name.into(), columns, doc: "".into() }, sources: vec![source] })
}

impl Input {
    fn source(&mut self) -> &mut InputSource {
        &mut self.0.sources[0]
    }

    pub fn named(mut self, name: &str) -> Self {
        self.0.relation.name = name.into();
        self
    }

    /// `Path`, `Path = value` or `Path ~ regex`.
    pub fn given(mut self, text: &str) -> Self {
        let condition = condition(text);
        self.source().conditions.push(condition);
        self
    }

    pub fn incomplete(mut self, text: &str) -> Self {
        let condition = condition(text);
        self.source().incomplete.push(condition);
        self
    }

    /// `X[*] as u, u.Y[*] as p`.
    pub fn each(mut self, text: &str) -> Self {
        for entry in text.split(", ") {
            let (path_text, alias) =
                entry.split_once(" as ").map_or((entry, None), |(path, alias)| (path, Some(alias)));
            let each = Each { path: path(path_text, &self.0.sources[0].each), alias: alias.map(Into::into) };
            self.source().each.push(each);
        }
        self
    }

    /// How a column is filled: `a.b or 'Heading' or "constant" none x,y as %d/%m/%Y`.
    pub fn column(mut self, name: &str, text: &str) -> Self {
        let (text, time) = text.split_once(" as ").map_or((text, None), |(text, time)| (text, Some(time)));
        let (text, absent) = text.split_once(" none ").unwrap_or((text, ""));
        let each = self.0.sources[0].each.clone();
        let map = ColumnMap {
            column: self.0.relation.column(name).unwrap(),
            alternatives: text.split(" or ").map(|text| operand(text, &each)).collect(),
            absent: absent.split(',').filter(|marker| !marker.is_empty()).map(Into::into).collect(),
            time: time.map(|time| match time {
                "epoch_s" => TimeFormat::EpochSeconds,
                "epoch_ms" => TimeFormat::EpochMillis,
                pattern => TimeFormat::Pattern(pattern.into()),
            }),
        };
        self.source().columns.push(map);
        self
    }

    pub fn headerless(mut self) -> Self {
        self.source().headerless = true;
        self
    }
}

fn column(text: &str) -> Column {
    let text = text.trim();
    let (key, text) = text.strip_prefix("key ").map_or((false, text), |text| (true, text));
    let (name, ty) = text.split_once(": ").unwrap();
    let (ty, optional) = ty.strip_suffix('?').map_or((ty, false), |ty| (ty, true));
    let ty = match ty {
        "string" => Type::String,
        "int" => Type::Int,
        "float" => Type::Float,
        "bool" => Type::Bool,
        "time" => Type::Time,
        "duration" => Type::Duration,
        entity => Type::Entity(entity.into()),
    };
    Column { name: name.into(), ty, optional, key, doc: "".into() }
}

fn format_of(name: &str) -> Format {
    match name {
        "json" => Format::Json,
        "yaml" => Format::Yaml,
        "toml" => Format::Toml,
        "hcl" => Format::Hcl,
        "xml" => Format::Xml,
        "ini" => Format::Ini,
        "env" => Format::Env,
        "table" => Format::Table,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        other => panic!("{other}"),
    }
}

fn condition(text: &str) -> Where {
    if let Some((left, right)) = text.split_once(" = ") {
        return Where::Equals(path(left, &[]), constant(right));
    }
    match text.split_once(" ~ ") {
        Some((left, regex)) => Where::Matches(path(left, &[]), regex.into()),
        None => Where::Present(path(text, &[])),
    }
}

fn constant(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        text => text.parse().map_or_else(|_| Value::text(text.trim_matches('"')), Value::Int),
    }
}

fn operand(text: &str, each: &[Each]) -> Operand {
    match text.chars().next() {
        Some('\'') => Operand::Heading(text.trim_matches('\'').into()),
        Some('"') => Operand::Constant(constant(text)),
        _ => Operand::Path(path(text, each)),
    }
}

fn path(text: &str, each: &[Each]) -> Path {
    let mut root = Root::Current;
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("..") {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            steps.push(Step::Deep(after[..end].into()));
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix('[') {
            let (inner, after) = after.split_once(']').unwrap();
            steps.push(match inner {
                "*" => Step::All,
                index => index.parse().map_or_else(|_| Step::Key(index.trim_matches('"').into()), Step::Index),
            });
            rest = after;
        } else {
            let after = rest.strip_prefix('.').unwrap_or(rest);
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let name = &after[..end];
            let alias = each.iter().position(|each| each.alias.as_deref() == Some(name));
            match (name, alias) {
                (_, Some(at)) if steps.is_empty() => root = Root::Each(at),
                ("*", _) => steps.push(Step::Values),
                ("json()", _) => steps.push(Step::Json),
                ("base64()", _) => steps.push(Step::Base64),
                ("url()", _) => steps.push(Step::Url),
                ("$key", _) => steps.push(Step::Mark(Mark::Key)),
                ("$index", _) => steps.push(Step::Mark(Mark::Index)),
                ("$file", _) => steps.push(Step::Mark(Mark::File)),
                ("$line", _) => steps.push(Step::Mark(Mark::Line)),
                ("$captured", _) => steps.push(Step::Mark(Mark::Captured)),
                ("$text", _) => steps.push(Step::Mark(Mark::Text)),
                (name, _) => steps.push(Step::Key(name.into())),
            }
            rest = &after[end..];
        }
    }
    Path { root, steps }
}

pub(crate) fn request(inputs: Vec<Input>) -> Request {
    let inputs: Vec<Arc<InputDecl>> = inputs.into_iter().map(|input| Arc::new(input.0)).collect();
    let schema = inputs.iter().map(|input| Arc::new(input.relation.clone())).collect();
    Request { schema, inputs, ..Request::default() }
}

pub(crate) fn extract(request: &Request, files: &MemoryFiles, secrets: Option<&dyn SecretScanner>) -> Extraction {
    run(files, request, &extractors(), secrets, &Options { threads: 2, ..Options::default() }, &Cancel::new()).unwrap()
}

/// Rows as facts with `path:line:column`, then problems.
pub(crate) fn show(extraction: &Extraction) -> String {
    let database = &extraction.database;
    let mut out = String::new();
    for table in database.tables() {
        for row in 0..table.len() {
            let columns = table.decl().columns.iter();
            let values: Vec<Value> =
                table.row(row).zip(columns).map(|(code, column)| database.values.decode(&column.ty, code)).collect();
            for origin in table.origins(row) {
                let (path, place) = (database.file(origin.file), origin.place);
                out += &format!("{path}:{}:{} {}\n", place.line, place.column, write_fact(table.decl(), &values));
            }
        }
    }
    for found in &extraction.problems {
        let (problem, path) = (&found.problem, &found.path);
        out +=
            &format!("{} {path}:{}:{} {}\n", problem.code, problem.place.line, problem.place.column, problem.message);
        if let Some(help) = &problem.help {
            out += &format!("  help: {help}\n");
        }
    }
    for (relation, evidence) in &extraction.evidence {
        if !evidence.incomplete.is_empty() {
            out += &format!("incomplete {relation}: {}\n", evidence.incomplete.join(" "));
        }
    }
    out
}

/// Holds what one file gives for one input against the expected rows and problems.
#[track_caller]
pub(crate) fn check(input: Input, path: &str, content: impl AsRef<[u8]>, expected: &str) {
    let files = MemoryFiles::new().with(path, content);
    let shown = show(&extract(&request(vec![input]), &files, None));
    let trimmed =
        |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert!(trimmed(&shown) == trimmed(expected), "got:\n{shown}\nexpected:\n{expected}");
}
