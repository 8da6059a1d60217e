//! `lawbook test`: the tests that stand beside policies.

use std::path::PathBuf;

use audit::{Project, ProjectOptions, TestOptions};
use clap::{Args, ValueEnum};

use crate::project;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook test policies --filter vendor")]
pub struct Arguments {
    /// Folders and files of policies; those of lawbook.toml where left out
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Only tests whose name, module or control holds this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// How many threads to use; 0 for as many as there are cores
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let options = ProjectOptions {
        root: PathBuf::from("."),
        // Named policies are tested as they are, whatever the folder's settings say.
        no_project_config: !arguments.paths.is_empty(),
        policies: arguments.paths.clone(),
        threads: arguments.threads,
        ..ProjectOptions::default()
    };
    let project = match project::tell(Project::open(&options, project::extractors()), terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let options = TestOptions { paths: arguments.paths.clone(), filter: arguments.filter.clone() };
    let report = project.test(&options, &mut |line| terminal.progress(line));
    terminal.progress("");
    if report.results.is_empty() {
        terminal.say("there are no such tests; name the folder of the policies, such as `lawbook test policies`");
    }
    let text = match arguments.format {
        Format::Text => report.text(terminal.color_out && arguments.output.is_none()),
        Format::Json => report.json(),
    };
    if !terminal.write(arguments.output.as_deref(), &text) {
        return project::USAGE;
    }
    u8::from(report.failed() > 0)
}
