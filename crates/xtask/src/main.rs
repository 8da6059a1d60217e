//! The project's own chores, run as `cargo xtask CHORE`.
//!
//! `tidy` holds the checkout against the rules that no compiler knows: floors, headers, sizes, registries. It needs
//! nothing but the checkout and is one of the steps of `tests/run`.
// Chores stand at the rim: they read the checkout and talk to a terminal.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

mod tidy;
mod tree;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => run_tidy(),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run_tidy() -> ExitCode {
    let tree = match tree::Tree::of_checkout(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("cannot read the checkout: {error}");
            return ExitCode::from(2);
        }
    };
    let report = tidy::check(&tree);
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
    for problem in &report.problems {
        println!("{problem}");
    }
    println!("tidy: {} files, {} problems, {} warnings", tree.len(), report.problems.len(), report.warnings.len());
    if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
