//! `lawbook fmt`: policies in the one style.

use std::io::Read;
use std::path::{Path, PathBuf};

use base::{Diagnostic, Severity, SourceMap};
use clap::Args;
use format::{Change, Formatted};
use walkdir::WalkDir;

use crate::project;
use crate::terminal::Terminal;

/// How many lines of the differences of a file `--check` shows.
const SHOWN: usize = 24;

#[derive(Debug, Args)]
#[command(
    after_help = "What cannot be parsed stays as it is, and so do line ends.\n\nExamples:\n  lawbook fmt\n  lawbook fmt policies --check\n  lawbook fmt - < draft.law"
)]
pub struct Arguments {
    /// Folders and files of policies, `-` for stdin to stdout; those of lawbook.toml where left out
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write nothing: show what would change, exit status 1 if anything
    #[arg(long)]
    check: bool,

    /// Like `--check`, with all that would change
    #[arg(long)]
    diff: bool,
}

/// What happened so far.
#[derive(Debug, Default)]
struct Tally {
    files: usize,
    changed: usize,
    failed: bool,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    if arguments.paths == [PathBuf::from("-")] {
        return stdin(&arguments, terminal);
    }
    let paths = match arguments.paths.is_empty() {
        true => own_paths(terminal),
        false => arguments.paths.clone(),
    };
    let mut tally = Tally::default();
    for file in law_files(&paths, &mut tally, terminal) {
        format_file(&file, &arguments, &mut tally, terminal);
    }
    tally.tell(&arguments, terminal)
}

// ---- Which files ----

/// The folders and files of policies that `lawbook.toml` names, or the folder `policies`.
fn own_paths(terminal: &mut Terminal) -> Vec<PathBuf> {
    let mut sources = SourceMap::new();
    let text = std::fs::read_to_string("lawbook.toml").unwrap_or_default();
    let file = sources.add("lawbook.toml", text.clone());
    let (settings, told) = audit::parse_settings("lawbook.toml", file, &text);
    terminal.diagnostics(&told, &sources);
    match settings.paths {
        Some(paths) => paths.iter().map(|(path, _)| PathBuf::from(&**path)).collect(),
        None => vec![PathBuf::from("policies")].into_iter().filter(|path| path.is_dir()).collect(),
    }
}

/// The files at the paths and the `.law` files below them, in order, each once.
fn law_files(paths: &[PathBuf], tally: &mut Tally, terminal: &mut Terminal) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_file() {
            files.push(path.clone());
            continue;
        }
        if !path.exists() {
            let message = format!("there are no policies at `{}`: no such file or folder", path.display());
            let help = "name a `.law` file or a folder that holds some";
            tally.refused(Diagnostic::plain("E0911", Severity::Error, message).help(help), terminal);
            continue;
        }
        for entry in WalkDir::new(path).sort_by_file_name().follow_links(false) {
            match entry {
                Ok(entry) if entry.file_type().is_file() && is_law(entry.path()) => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    let message = format!("cannot read policies: {error}");
                    tally.refused(Diagnostic::plain("E0911", Severity::Error, message), terminal);
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    files
}

fn is_law(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "law")
}

// ---- One file ----

fn format_file(file: &Path, arguments: &Arguments, tally: &mut Tally, terminal: &mut Terminal) {
    let shown = file.to_string_lossy().replace('\\', "/");
    let shown = shown.strip_prefix("./").unwrap_or(&shown);
    let text = match std::fs::read(file).map_err(|error| error.to_string()).and_then(text_of) {
        Ok(text) => text,
        Err(reason) => {
            let message = format!("cannot read `{shown}`: {reason}");
            tally.refused(Diagnostic::plain("E0911", Severity::Error, message), terminal);
            return;
        }
    };
    tally.files += 1;
    let formatted = tell(shown, &text, tally, terminal);
    if formatted.edits.is_empty() {
        return;
    }
    tally.changed += 1;
    if arguments.check || arguments.diff {
        show(shown, &text, &formatted, arguments.diff, terminal);
    } else if let Err(reason) = audit::replace_file(file, &text, &formatted.text) {
        terminal.say(&format!("error: cannot write `{shown}`: {reason}"));
        tally.failed = true;
    } else {
        terminal.out(&format!("formatted {shown}\n"));
    }
}

fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("it is not UTF-8: byte {at} begins no character; save it as UTF-8")
    })
}

/// Lays a text out and tells its errors.
fn tell(name: &str, text: &str, tally: &mut Tally, terminal: &mut Terminal) -> Formatted {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text);
    let mut formatted = format::format(file, text);
    if !formatted.edits.is_empty() && !format::same_program(text, &formatted.text) {
        // Nobody's policy is worth less than its looks.
        terminal.say(&format!("lawbook: internal error: `{name}` would not mean the same when formatted"));
        terminal.say("    it stays as it is; this is a defect of Lawbook, please report it with the file");
        tally.failed = true;
        formatted = Formatted { text: text.to_owned(), edits: Vec::new(), diagnostics: Vec::new() };
    }
    let errors: Vec<Diagnostic> = formatted.diagnostics.iter().filter(|found| found.is_error()).cloned().collect();
    tally.failed |= !errors.is_empty();
    terminal.diagnostics(&errors, &sources);
    formatted
}

/// Prints what would change.
fn show(name: &str, text: &str, formatted: &Formatted, all: bool, terminal: &mut Terminal) {
    let mut left = if all { usize::MAX } else { SHOWN };
    let mut out = format!("{name} would change\n");
    let hunks = format::diff(text, formatted);
    let lines: usize = hunks.iter().map(|hunk| hunk.lines.len()).sum();
    for hunk in &hunks {
        if left == 0 {
            break;
        }
        out += &format!("@@ line {} @@\n", hunk.line);
        for (change, line) in hunk.lines.iter().take(left) {
            let (mark, color) = match change {
                Change::Same => (' ', ""),
                Change::Old => ('-', "\x1b[31m"),
                Change::New => ('+', "\x1b[32m"),
            };
            match terminal.color_out && !color.is_empty() {
                true => out += &format!("{color}{mark}{line}\x1b[0m\n"),
                false => out += format!("{mark}{line}").trim_end(),
            }
            if !terminal.color_out || color.is_empty() {
                out.push('\n');
            }
        }
        left -= hunk.lines.len().min(left);
    }
    if !all && lines > SHOWN {
        out += &format!("… {} more lines; `--diff` shows them\n", lines - SHOWN);
    }
    terminal.out(&out);
}

// ---- Stdin ----

fn stdin(arguments: &Arguments, terminal: &mut Terminal) -> u8 {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| error.to_string());
    let text = match read.and_then(|_| text_of(bytes)) {
        Ok(text) => text,
        Err(reason) => {
            terminal.say(&format!("error: cannot read stdin: {reason}"));
            return project::USAGE;
        }
    };
    let mut tally = Tally::default();
    let formatted = tell("stdin", &text, &mut tally, terminal);
    let only_look = arguments.check || arguments.diff;
    if !only_look {
        terminal.out(&formatted.text);
    } else if !formatted.edits.is_empty() {
        show("stdin", &text, &formatted, arguments.diff, terminal);
    }
    match tally.failed {
        true => project::USAGE,
        false => u8::from(only_look && !formatted.edits.is_empty()),
    }
}

impl Tally {
    /// Tells about a file or folder that cannot be read.
    fn refused(&mut self, diagnostic: Diagnostic, terminal: &mut Terminal) {
        self.failed = true;
        terminal.diagnostics(&[diagnostic], &SourceMap::new());
    }

    /// The last line, and the exit status.
    fn tell(&self, arguments: &Arguments, terminal: &mut Terminal) -> u8 {
        let only_look = arguments.check || arguments.diff;
        let files = if self.files == 1 { "1 file" } else { &format!("{} files", self.files) };
        match (self.files, self.changed) {
            (0, _) if self.failed => {}
            (0, _) => {
                terminal
                    .say("there are no policies here; name the folder of the policies, such as `lawbook fmt policies`");
            }
            (_, 0) => terminal.out(&format!("nothing to change in {files}\n")),
            (_, changed) if only_look => terminal.out(&format!("{changed} of {files} would change\n")),
            (_, changed) => terminal.out(&format!("{changed} of {files} changed\n")),
        }
        match self.failed {
            true => project::USAGE,
            false => u8::from(only_look && self.changed > 0),
        }
    }
}
