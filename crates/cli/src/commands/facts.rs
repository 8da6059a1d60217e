//! `lawbook facts`: what was extracted, as facts that can be pasted into a test, each with its place.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::answers::object;
use crate::options::ProjectArgs;
use crate::project;
use crate::table::Table;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook facts code.call secret.match --root app")]
pub struct Arguments {
    /// Only these relations; without any, the number of rows of each
    #[arg(value_name = "RELATION")]
    relations: Vec<String>,

    /// Show counts and times by extractor
    #[arg(long)]
    stats: bool,

    /// How to print
    #[arg(long, value_enum, default_value = "facts")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    project: ProjectArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Facts,
    Json,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let project = match project::open(&arguments.project.root, &arguments.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let names = match project.input_relations(&arguments.relations) {
        Ok(names) => names,
        Err(failure) => return project::fail(&failure, terminal),
    };
    let evaluated = match project.evaluate(&names, &[], &mut |line| terminal.progress(line)) {
        Ok(evaluated) => evaluated,
        Err(failure) => return project::fail(&failure, terminal),
    };
    terminal.progress("");
    let mut text = String::new();
    if arguments.relations.is_empty() && arguments.format == Format::Facts {
        let mut table = Table::new(&["relation", "rows"]);
        for name in names.iter().filter(|name| evaluated.count(name) > 0) {
            table.row(&[&**name, &evaluated.count(name).to_string()]);
        }
        text = table.to_string();
    } else {
        write(&arguments, &names, &evaluated, &mut text);
    }
    let written = terminal.write(arguments.output.as_deref(), &text);
    if arguments.stats {
        terminal.timings(&evaluated.timings);
    }
    evaluated.problems.iter().for_each(|problem| terminal.problem(problem));
    if written { 0 } else { project::USAGE }
}

fn write(arguments: &Arguments, names: &[Arc<str>], evaluated: &audit::Evaluated, text: &mut String) {
    let mut all = Vec::new();
    for name in names {
        let Some(decl) = evaluated.decl(name) else { continue };
        for (row, spots) in evaluated.rows_with_places(name) {
            match arguments.format {
                Format::Facts => {
                    let spots: Vec<String> = spots.iter().map(ToString::to_string).collect();
                    text.push_str(&format!("{} // {}\n", facts::write_fact(&decl, &row), spots.join(", ")));
                }
                Format::Json => {
                    let places = spots.iter().map(|spot| json!({ "path": spot.path, "line": spot.line, "column": spot.column }));
                    all.push(json!({
                        "relation": name,
                        "row": object(&decl, &row),
                        "places": places.collect::<Vec<_>>(),
                    }));
                }
            }
        }
    }
    if arguments.format == Format::Json {
        *text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
    }
}
