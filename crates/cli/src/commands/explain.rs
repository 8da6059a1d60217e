//! `lawbook explain`: why.

use std::path::PathBuf;

use audit::ExplainTarget;
use clap::{Args, ValueEnum};

use crate::options::ProjectArgs;
use crate::project;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lawbook explain AI-CC9.2-02@1f0c\n  lawbook explain AI-CC9.2-02 OpenAI\n  lawbook explain 'ai.model_call{provider: \"OpenAI\"}'"
)]
pub struct Arguments {
    /// A finding's id (a unique beginning will do), a control's id followed by a subject, or an atom
    #[arg(value_name = "FINDING|CONTROL|ATOM")]
    what: String,

    /// Key or label of a member of the control's population
    #[arg(value_name = "SUBJECT")]
    subject: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value = "tree")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    project: ProjectArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Tree,
    Json,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let mut project = match project::open(&arguments.project.root, &arguments.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let target = match (&arguments.subject, arguments.what.contains(['(', '{'])) {
        (Some(subject), _) => ExplainTarget::Member { control: arguments.what.clone(), subject: subject.clone() },
        (None, true) => ExplainTarget::Atom(arguments.what.clone()),
        (None, false) => ExplainTarget::Finding(arguments.what.clone()),
    };
    let explanation = match project.explain(&target, &mut |line| terminal.progress(line)) {
        Ok(explanation) => explanation,
        Err(failure) => return project::fail(&failure, terminal),
    };
    terminal.progress("");
    let text = match arguments.format {
        Format::Tree => explanation.tree(terminal.color_out && arguments.output.is_none()),
        Format::Json => explanation.json(),
    };
    if terminal.write(arguments.output.as_deref(), &text) { 0 } else { project::USAGE }
}
