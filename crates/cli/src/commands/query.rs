//! `lawbook query`: what holds, over the facts of a folder; without a body a prompt.

use std::path::PathBuf;

use clap::Args;

use crate::answers::{self, RowFormat};
use crate::options::ProjectArgs;
use crate::project;
use crate::prompt;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lawbook query 'web.route{method: \"POST\", path: p, framework: f}' --root app\n  lawbook query --root app"
)]
pub struct Arguments {
    /// The body of a rule; its variables become the columns of the answer. Without one, a prompt that reads statements from
    /// the terminal or a pipe
    #[arg(value_name = "BODY")]
    body: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: RowFormat,

    /// Write to a file
    #[arg(short, long, value_name = "FILE", requires = "body")]
    output: Option<PathBuf>,

    /// Keep no history of what is typed at the prompt
    #[arg(long, conflicts_with = "body")]
    no_history: bool,

    #[command(flatten)]
    project: ProjectArgs,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let mut project = match project::open(&arguments.project.root, &arguments.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let Some(body) = &arguments.body else {
        let history = if arguments.no_history { None } else { prompt::history_file() };
        return prompt::run(project, prompt::Setup { format: arguments.format, history }, terminal);
    };
    let query = match project.query(body) {
        Ok(query) => query,
        Err(failure) => return project::fail(&failure, terminal),
    };
    let evaluated = match project.evaluate(&[], &[&query], &mut |line| terminal.progress(line)) {
        Ok(evaluated) => evaluated,
        Err(failure) => return project::fail(&failure, terminal),
    };
    terminal.progress("");
    let rows = evaluated.rows(&query.relation);
    let text = if query.decl.columns.is_empty() {
        // A body without variables holds or does not.
        format!("{}\n", !rows.is_empty())
    } else {
        answers::print(&query.decl, &rows, arguments.format)
    };
    let written = terminal.write(arguments.output.as_deref(), &text);
    evaluated.problems.iter().filter(|problem| problem.error).for_each(|problem| terminal.problem(problem));
    let faults = evaluated.tell_faults();
    terminal.diagnostics(&faults, &project.policies.sources);
    let failed = !faults.is_empty() || evaluated.problems.iter().any(|problem| problem.error);
    match (written, failed) {
        (false, _) => project::USAGE,
        (true, true) => 3,
        (true, false) => 0,
    }
}
