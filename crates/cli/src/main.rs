//! `lawbook`: the command line. One file a subcommand below `commands/`; the only place that prints or exits.
//!
//! Findings and requested data go to stdout (or `-o`), progress and diagnostics to stderr. Exit status, the first of
//! 2, 3, 1, 0 that holds: 2 a policy, setting or usage error; 3 a control ended in `error` or lacked evidence under
//! `--require-evidence`, or a fault in `eval`; 1 findings or failed tests; 0 otherwise.
// The rim: core crates are forbidden these calls (clippy.toml).
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod answers;
mod commands;
mod options;
mod project;
mod scanner;
mod table;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use terminal::Terminal;

/// Policy as code for systems that build on AI models: facts from code, configurations and registers,
/// controls as Datalog rules, findings with proofs.
#[derive(Debug, Parser)]
#[command(name = "lawbook", version, propagate_version = true, disable_help_subcommand = true)]
struct Arguments {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_enum)]
    color: terminal::Color,

    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut terminal = Terminal::new(arguments.color);
    ExitCode::from(commands::run(arguments.command, &mut terminal))
}
