//! `lawbook schema`: the vocabulary of facts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use facts::Column;
use lang::{RelationInfo, RelationOrigin};
use serde_json::json;

use crate::options::ProjectArgs;
use crate::project;
use crate::table::Table;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook schema code.call")]
pub struct Arguments {
    /// Only this relation, or the relations of this module; all where left out
    #[arg(value_name = "RELATION")]
    relation: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    project: ProjectArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let project = match project::open(&arguments.project.root, &arguments.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let wanted = |info: &&RelationInfo| {
        arguments.relation.as_deref().is_none_or(|name| {
            *info.decl.name == *name || *info.module == *name || info.decl.name.starts_with(&format!("{name}."))
        })
    };
    let relations: Vec<&RelationInfo> = project.compilation.relations.iter().filter(wanted).collect();
    if let (Some(name), true) = (&arguments.relation, relations.is_empty()) {
        return project::fail(&project.unknown_relation(name), terminal);
    }
    let text = match arguments.format {
        Format::Table if arguments.relation.is_none() => overview(&relations),
        Format::Table => relations.iter().map(|info| detail(info)).collect::<Vec<_>>().join("\n"),
        Format::Json => json_text(&relations),
        Format::Markdown => relations.iter().map(|info| markdown(info)).collect(),
    };
    if terminal.write(arguments.output.as_deref(), &text) { 0 } else { project::USAGE }
}

fn origin(info: &RelationInfo) -> &'static str {
    match info.origin {
        RelationOrigin::Extracted => "extracted",
        RelationOrigin::Input => "input",
        RelationOrigin::Derived => "derived",
        RelationOrigin::Open => "open",
    }
}

fn ty(column: &Column) -> String {
    format!("{}{}", column.ty, if column.optional { "?" } else { "" })
}

fn signature(info: &RelationInfo) -> String {
    let column = |column: &Column| {
        let key = if column.key { "key " } else { "" };
        format!("{key}{}: {}", column.name, ty(column))
    };
    let columns: Vec<String> = info.decl.columns.iter().map(column).collect();
    format!("{}({})", info.decl.name, columns.join(", "))
}

fn first_line(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default()
}

fn overview(relations: &[&RelationInfo]) -> String {
    let mut table = Table::new(&["relation", "filled by", "columns", "what"]);
    for info in relations {
        let columns: Vec<&str> = info.decl.columns.iter().map(|column| &*column.name).collect();
        table.row(&[&*info.decl.name, origin(info), &columns.join(", "), first_line(&info.decl.doc)]);
    }
    table.to_string()
}

/// A relation with its columns.
pub fn detail(info: &RelationInfo) -> String {
    let mut table = Table::new(&["  column", "type", "what"]);
    for column in &info.decl.columns {
        let name = format!("  {}{}", column.name, if column.key { " (key)" } else { "" });
        table.row(&[&name, &ty(column), first_line(&column.doc)]);
    }
    let doc: String = info.decl.doc.lines().map(|line| format!("  {line}\n")).collect();
    format!("{} ({}, {})\n{doc}{table}", info.decl.name, origin(info), info.module)
}

fn markdown(info: &RelationInfo) -> String {
    format!("### `{}`\n\n`{}` ({})\n\n{}\n\n", info.decl.name, signature(info), origin(info), info.decl.doc)
}

fn json_text(relations: &[&RelationInfo]) -> String {
    let relations = relations.iter().map(|info| {
        let columns = info.decl.columns.iter().map(|column| {
            json!({
                "name": column.name,
                "type": column.ty.to_string(),
                "optional": column.optional,
                "key": column.key,
                "doc": column.doc,
            })
        });
        json!({
            "name": info.decl.name,
            "module": info.module,
            "origin": origin(info),
            "doc": info.decl.doc,
            "columns": columns.collect::<Vec<_>>(),
        })
    });
    let all = json!({ "relations": relations.collect::<Vec<_>>() });
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}
