//! `lawbook lint`: what can be said of policies beyond errors, and mending it.

use std::path::PathBuf;

use audit::{LintOptions, ProjectOptions, codes, lint};
use base::did_you_mean;
use clap::{Args, ValueEnum};

use crate::project;
use crate::table::Table;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lawbook lint policies --fix\n  lawbook lint --explain W0706")]
pub struct Arguments {
    /// Folders and files of policies; those of lawbook.toml where left out
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Mend what can be mended without changing what a policy means
    #[arg(long)]
    fix: bool,

    /// Show the page of a diagnostic: what is wrong, an example, the example mended
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "fix"])]
    explain: Option<String>,

    /// List all lints
    #[arg(long, conflicts_with_all = ["paths", "fix", "explain"])]
    list: bool,

    /// How to print: `github` makes annotations of a pull request
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Github,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    if let Some(code) = &arguments.explain {
        return explain(code, &arguments, terminal);
    }
    if arguments.list {
        let written = terminal.write(arguments.output.as_deref(), &list());
        return if written { 0 } else { project::USAGE };
    }
    let options = ProjectOptions {
        root: PathBuf::from("."),
        // Named policies are looked at as they are, whatever the folder's settings say.
        no_project_config: !arguments.paths.is_empty(),
        policies: arguments.paths.clone(),
        ..ProjectOptions::default()
    };
    let report = match lint(&options, &LintOptions { paths: arguments.paths.clone(), fix: arguments.fix }) {
        Ok(report) => report,
        Err(failure) => return project::fail(&failure, terminal),
    };
    if report.files == 0 && report.diagnostics.is_empty() {
        terminal.say("there are no policies here; name the folder of the policies, such as `lawbook lint policies`");
    }
    let text = match arguments.format {
        Format::Text => report.text(terminal.color_out && arguments.output.is_none()),
        Format::Json => report.json(),
        Format::Github => report.github(),
    };
    if !terminal.write(arguments.output.as_deref(), &text) {
        return project::USAGE;
    }
    match report.counts() {
        [0, 0, 0] => 0,
        [0, ..] => 1,
        _ => project::USAGE,
    }
}

/// The page of a code, or of a lint by its name.
fn explain(code: &str, arguments: &Arguments, terminal: &mut Terminal) -> u8 {
    let named = lang::LINTS.iter().find(|lint| lint.name == code).map_or(code, |lint| lint.code);
    if let Some(page) = codes::page(named) {
        let written = terminal.write(arguments.output.as_deref(), page);
        return if written { 0 } else { project::USAGE };
    }
    terminal.say(&format!("error: there is no code `{code}`"));
    let known = codes::all();
    let upper = code.to_ascii_uppercase();
    let nearest = did_you_mean(&upper, known.iter().map(|page| page.code));
    let help = nearest.unwrap_or_else(|| {
        let codes: Vec<&str> = known.iter().map(|page| page.code).collect();
        format!("the codes are {}", codes.join(", "))
    });
    terminal.say(&format!("    {help}"));
    project::USAGE
}

/// A line for each lint.
fn list() -> String {
    let mut table = Table::new(&["code", "name", "level", "fix", "what is wrong"]);
    let titles = codes::all();
    for lint in lang::LINTS {
        let title = titles.iter().find(|page| page.code == lint.code).map_or("", |page| page.title);
        let fix = if lint.fixable { "yes" } else { "" };
        table.row(&[lint.code, lint.name, lint.level.name(), fix, title]);
    }
    table.to_string()
}
