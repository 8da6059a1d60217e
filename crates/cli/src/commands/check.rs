//! `lawbook check`: the main job.

use std::path::PathBuf;

use audit::{CheckOptions, Failure, ReportFormat, Run};
use clap::Args;
use lang::Severity;

use crate::options::PolicyArgs;
use crate::profile::ProfileArgs;
use crate::project::{self, USAGE};
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook check . --format text --format sarif=lawbook.sarif --fail-on high")]
pub struct Arguments {
    /// The folder to check
    #[arg(value_name = "ROOT", default_value = ".")]
    root: PathBuf,

    /// The folder to check, as other subcommands name it
    #[arg(long = "root", value_name = "DIR", conflicts_with = "root")]
    root_option: Option<PathBuf>,

    /// How to report: text, json or sarif; several may go to files at once
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = report)]
    formats: Vec<Report>,

    /// Where the report without a file of its own goes
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Only these controls
    #[arg(long = "control", value_name = "ID")]
    controls: Vec<String>,

    /// Only controls at least as severe
    #[arg(long, value_name = "LEVEL", value_parser = severity)]
    severity: Option<Severity>,

    /// Exit with 1 for findings at least as severe, or never [default: low]
    #[arg(long, value_name = "LEVEL|never", value_parser = fail_on)]
    fail_on: Option<FailOn>,

    /// Exit with 3 where a control lacks evidence
    #[arg(long)]
    require_evidence: bool,

    /// Tell on stderr how long each part took
    #[arg(long)]
    timings: bool,

    #[command(flatten)]
    profile: ProfileArgs,

    #[command(flatten)]
    policy: PolicyArgs,
}

/// A format and the file it goes to.
#[derive(Debug, Clone)]
struct Report {
    format: ReportFormat,
    file: Option<PathBuf>,
}

/// From which severity on findings fail the run; none for never.
#[derive(Debug, Clone, Copy)]
struct FailOn(Option<Severity>);

fn report(text: &str) -> Result<Report, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file.into())),
        None => (text, None),
    };
    match ReportFormat::ALL.iter().find(|(known, _)| *known == name) {
        Some((_, format)) => Ok(Report { format: *format, file }),
        None => {
            let known: Vec<&str> = ReportFormat::ALL.iter().map(|(name, _)| *name).collect();
            Err(format!("formats are {}", known.join(", ")))
        }
    }
}

fn severity(text: &str) -> Result<Severity, String> {
    let names = || Severity::ALL.map(Severity::name).join(", ");
    Severity::parse(text).ok_or_else(|| format!("levels are {}", names()))
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    match text {
        "never" => Ok(FailOn(None)),
        level => severity(level).map(|level| FailOn(Some(level))).map_err(|error| error + ", never"),
    }
}

/// Two reports in one place would spoil each other.
fn same_place(arguments: &Arguments) -> Option<String> {
    let place = |report: &Report| report.file.clone().or_else(|| arguments.output.clone());
    let mut seen: Vec<Option<PathBuf>> = Vec::new();
    for place in arguments.formats.iter().map(place) {
        if seen.contains(&place) {
            let place = place.map_or_else(|| "stdout".to_owned(), |file| format!("`{}`", file.display()));
            return Some(format!("two reports would go to {place}"));
        }
        seen.push(place);
    }
    None
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    if let Some(message) = same_place(&arguments) {
        let failure = Failure::plain("E0925", message).help("give all but one a file: `--format sarif=lawbook.sarif`");
        return project::fail(&failure, terminal);
    }
    let root = arguments.root_option.as_ref().unwrap_or(&arguments.root);
    let mut project = match project::open(root, &arguments.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    project.observe = arguments.profile.observe();
    let options = CheckOptions {
        controls: arguments.controls.clone(),
        severity: arguments.severity,
        ..CheckOptions::default()
    };
    let run = project.check(&options, &mut |line| terminal.progress(line));
    terminal.progress("");
    let run = match run {
        Ok(run) => run,
        Err(failure) => return project::fail(&failure, terminal),
    };
    if arguments.timings {
        terminal.timings(&run.assessment.timings);
    }
    if !write(&arguments, &run, terminal) || !arguments.profile.write(&run.evaluated, &project, terminal) {
        return USAGE;
    }
    let fail_on = match arguments.fail_on {
        Some(FailOn(level)) => level,
        None => project.settings.fail_on.unwrap_or(Some(Severity::Low)),
    };
    run.assessment.exit_status(fail_on, arguments.require_evidence || project.settings.require_evidence)
}

fn write(arguments: &Arguments, run: &Run, terminal: &mut Terminal) -> bool {
    let plain = [Report { format: ReportFormat::Text, file: None }];
    let formats = if arguments.formats.is_empty() { &plain[..] } else { &arguments.formats };
    formats.iter().all(|report| {
        let file = report.file.as_deref().or(arguments.output.as_deref());
        let text = report.format.write(&run.assessment, file.is_none() && terminal.color_out);
        terminal.write(file, &text)
    })
}
