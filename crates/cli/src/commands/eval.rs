//! `lawbook eval PROGRAM.law`: the plain Datalog engine.

use std::path::PathBuf;
use std::sync::Arc;

use audit::{Evaluated, PlanFormat};
use clap::{Args, ValueEnum};
use engine::Observe;

use crate::answers::{cells, objects};
use crate::options::PolicyArgs;
use crate::profile::ProfileArgs;
use crate::project;
use crate::table::tsv;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook eval closure.law --root facts --relation path --format count")]
pub struct Arguments {
    /// The program
    #[arg(value_name = "PROGRAM.law")]
    program: PathBuf,

    /// The folder that inputs are read below
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,

    /// Only these relations; all derived ones of the program where left out
    #[arg(long = "relation", value_name = "NAME")]
    relations: Vec<String>,

    /// How to print: `tsv` one line a row (with several relations each begins with the relation's name), `json`, or
    /// `count` with the number of rows
    #[arg(long, value_enum, default_value = "tsv")]
    format: Format,

    /// Print how the program was evaluated in the place of rows: strata, plans with what was expected of them, indexes;
    /// `json` for programs
    #[arg(long, value_name = "FORMAT", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    plan: Option<Plan>,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Tell on stderr how long each part took
    #[arg(long)]
    timings: bool,

    #[command(flatten)]
    profile: ProfileArgs,

    #[command(flatten)]
    policy: PolicyArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Tsv,
    Json,
    Count,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Plan {
    Text,
    Json,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let opened = project::open_program(&arguments.program, &arguments.root, &arguments.policy, terminal);
    let mut project = match opened {
        Ok(project) => project,
        Err(status) => return status,
    };
    project.observe = match (arguments.profile.observe(), arguments.plan) {
        (Observe::Nothing, Some(_)) => Observe::Plans,
        (observe, _) => observe,
    };
    let roots = match project.program_relations(&arguments.relations) {
        Ok(roots) => roots,
        Err(failure) => return project::fail(&failure, terminal),
    };
    let names: Vec<Arc<str>> = roots.iter().map(|(_, name)| name.clone()).collect();
    let evaluated = match project.evaluate(&names, &[], &mut |line| terminal.progress(line)) {
        Ok(evaluated) => evaluated,
        Err(failure) => return project::fail(&failure, terminal),
    };
    terminal.progress("");
    if arguments.timings {
        terminal.timings(&evaluated.timings);
    }
    let text = match (arguments.plan, arguments.format) {
        (Some(Plan::Json), _) | (Some(_), Format::Json) => evaluated.plan(&project, PlanFormat::Json),
        (Some(Plan::Text), _) => evaluated.plan(&project, PlanFormat::Text),
        (None, format) => rows(&evaluated, &roots, format),
    };
    let mut written = terminal.write(arguments.output.as_deref(), &text);
    written &= arguments.profile.write(&evaluated, &project, terminal);
    evaluated.problems.iter().for_each(|problem| terminal.problem(problem));
    evaluated.unmatched(&project).iter().for_each(|line| terminal.say(&format!("warning: {line}")));
    let faults = evaluated.tell_faults();
    terminal.diagnostics(&faults, &project.policies.sources);
    let failed = !faults.is_empty() || evaluated.problems.iter().any(|problem| problem.error);
    match (written, failed) {
        (false, _) => project::USAGE,
        (true, true) => 3,
        (true, false) => 0,
    }
}

/// The rows of the relations asked for, by the names that they are shown with.
fn rows(evaluated: &Evaluated, roots: &[(String, Arc<str>)], format: Format) -> String {
    let mut text = String::new();
    let mut all = serde_json::Map::new();
    for (shown, name) in roots {
        match format {
            Format::Count => text.push_str(&tsv(&[shown.clone(), evaluated.count(name).to_string()])),
            Format::Tsv => {
                for row in evaluated.rows(name) {
                    let mut line = cells(&row);
                    if roots.len() > 1 {
                        line.insert(0, shown.clone());
                    }
                    text.push_str(&tsv(&line));
                }
            }
            Format::Json => {
                if let Some(decl) = evaluated.decl(name) {
                    all.insert(shown.clone(), objects(&decl, &evaluated.rows(name)));
                }
            }
        }
    }
    if let Format::Json = format {
        text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
    }
    text
}
