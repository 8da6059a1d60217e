//! `lawbook explain`: why.

use std::path::PathBuf;

use audit::{ExplainOptions, ExplainTarget, Explanation};
use clap::{Args, ValueEnum};

use crate::options::ProjectArgs;
use crate::project;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lawbook explain AI-CC9.2-02@1f0c\n  lawbook explain AI-CC9.2-02 OpenAI\n  lawbook explain 'ai.model_call{provider: \"OpenAI\"}' --format dot"
)]
pub struct Arguments {
    /// A finding's id (a unique beginning will do), a control's id followed by a subject, or an atom
    #[arg(value_name = "FINDING|CONTROL|ATOM")]
    what: String,

    /// Key or label of a member of the control's population
    #[arg(value_name = "SUBJECT")]
    subject: Option<String>,

    /// Of an atom that several rows match, show the proofs of the first N by value
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "all")]
    limit: usize,

    /// Show the proofs of all rows that an atom matches
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    shown: Shown,
}

/// How an explanation is shown.
#[derive(Debug, Args)]
pub struct Shown {
    /// How many levels to go down where a relation lacks the row that a rule wants
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=20))]
    pub depth: u8,

    /// Show the steps of built-in rules as well
    #[arg(long)]
    pub full: bool,

    /// How to print
    #[arg(long, value_enum, default_value = "tree")]
    pub format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    pub project: ProjectArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A tree with places and excerpts, for people.
    Tree,
    /// Everything, for programs.
    Json,
    /// A graph for Graphviz.
    Dot,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let shown = &arguments.shown;
    let mut project = match project::open(&shown.project.root, &shown.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let target = target(&arguments.what, arguments.subject.as_deref());
    let rows = if arguments.all { usize::MAX } else { arguments.limit };
    let options = ExplainOptions { rows, depth: usize::from(shown.depth) };
    match project.explain(&target, options, &mut |line| terminal.progress(line)) {
        Ok(explanation) => shown.print(&explanation, terminal),
        Err(failure) => project::fail(&failure, terminal),
    }
}

/// What the words of a command ask about.
pub fn target(what: &str, subject: Option<&str>) -> ExplainTarget {
    match (subject, what.contains(['(', '{'])) {
        (Some(subject), _) => ExplainTarget::Member { control: what.to_owned(), subject: subject.to_owned() },
        (None, true) => ExplainTarget::Atom(what.to_owned()),
        (None, false) => ExplainTarget::Finding(what.to_owned()),
    }
}

impl Shown {
    /// Prints an explanation and gives the exit status.
    pub fn print(&self, explanation: &Explanation, terminal: &mut Terminal) -> u8 {
        terminal.progress("");
        let text = match self.format {
            Format::Tree => explanation.tree(terminal.color_out && self.output.is_none(), self.full),
            Format::Json => explanation.json(),
            Format::Dot => explanation.dot(),
        };
        if terminal.write(self.output.as_deref(), &text) { 0 } else { project::USAGE }
    }
}
