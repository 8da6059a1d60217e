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
mod profile;
mod project;
mod prompt;
mod scanner;
mod spread;
mod table;
mod terminal;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Parser;

use terminal::Terminal;

/// Many small objects of many threads: the system's allocator takes a fifth more memory for them, and more time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Policy as code for systems that build on AI models: facts from code, configurations and registers,
/// controls as Datalog rules, findings with proofs.
#[derive(Debug, Parser)]
#[command(name = "lawbook", version, propagate_version = true, disable_help_subcommand = true)]
struct Arguments {
    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_enum)]
    color: terminal::Color,

    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    tell_panics_quietly();
    let words: Vec<OsString> = std::env::args_os().collect();
    let arguments: Arguments = match spread::parse(&words, |path| path.exists()) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let mut terminal = Terminal::new(arguments.color);
    let run = || commands::run(arguments.command, &mut terminal);
    // What panicked has been told; a defect of ours is neither a finding nor a pass.
    let status = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or(project::USAGE);
    ExitCode::from(status)
}

/// A panic is a defect of ours: one line that says where, and what to do. Those of extractors are fenced in and told with
/// their file, so a flood of them needs no line each.
fn tell_panics_quietly() {
    const TOLD: usize = 3;
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    std::panic::set_hook(Box::new(|panic| {
        if COUNT.fetch_add(1, Ordering::Relaxed) >= TOLD {
            return;
        }
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        let reason = panic.payload_as_str().unwrap_or("no reason given");
        let line = format!("lawbook: internal error{place}: {reason}; this is a defect of Lawbook, please report it");
        let _ = writeln!(std::io::stderr().lock(), "{}", line.replace('\n', " "));
    }));
}
