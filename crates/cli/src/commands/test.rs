//! `lawbook test`: the tests that stand beside policies.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use audit::{Project, ProjectOptions, TestOptions, TestText};
use clap::{Args, ValueEnum};

use crate::options::{size, time};
use crate::project;
use crate::terminal::Terminal;

/// How long the evaluation of one test may last: it looks at a handful of files.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lawbook test policies --filter vendor\n  lawbook test --coverage\n  lawbook test --format junit -o tests.xml"
)]
pub struct Arguments {
    /// Folders and files of policies; those of lawbook.toml, or of this folder, where left out
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Only tests whose name, module, file or control holds this text, or matches this `/regex/`
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,

    /// Say which rules and literals no test exercises, and which controls no test violates or passes
    #[arg(long)]
    coverage: bool,

    /// Write the coverage to a file in the format of lcov
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show every test with every expectation, and proofs in full
    #[arg(short, long)]
    verbose: bool,

    /// Say how long tests took; on a terminal always
    #[arg(long)]
    timings: bool,

    /// How many tests to run at a time; 0 for as many as there are cores
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,

    /// How much memory a test may take [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,

    /// How long the evaluation of a test may last, such as 90s or 5m [default: 1m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Junit,
    Json,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let here = std::env::current_dir().unwrap_or_default();
    let place = audit::locate(&here, &arguments.paths);
    let options = ProjectOptions {
        root: place.root,
        no_project_config: !place.settings,
        policies: place.policies,
        threads: arguments.threads,
        max_memory: arguments.max_memory,
        timeout: Some(arguments.timeout.unwrap_or(PATIENCE)),
        ..ProjectOptions::default()
    };
    let project = match project::tell(Project::open(&options, project::extractors()), terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let options = TestOptions {
        paths: place.paths,
        filters: arguments.filter.clone(),
        coverage: arguments.coverage || arguments.lcov.is_some(),
    };
    let mut report = match project.test(&options, &mut |line| terminal.progress(line)) {
        Ok(report) => report,
        Err(failure) => return project::fail(&failure, terminal),
    };
    terminal.progress("");
    if report.results.is_empty() {
        terminal.say("there are no tests; name the folder of the policies, such as `lawbook test policies`");
    }
    let lcov = report.coverage.as_ref().map(|coverage| coverage.lcov());
    if !arguments.coverage {
        report.coverage = None;
    }
    let to_terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    let how = TestText {
        color: terminal.color_out && arguments.output.is_none(),
        verbose: arguments.verbose,
        timings: arguments.timings || to_terminal,
    };
    let text = match arguments.format {
        Format::Text => report.text(&how),
        Format::Junit => report.junit(arguments.timings),
        Format::Json => report.json(arguments.timings),
    };
    let mut written = terminal.write(arguments.output.as_deref(), &text);
    if let (Some(file), Some(lcov)) = (&arguments.lcov, lcov) {
        written &= terminal.write(Some(file), &lcov);
    }
    if !written {
        return project::USAGE;
    }
    u8::from(report.failed() > 0)
}
