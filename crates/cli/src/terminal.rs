//! Where output goes and whether it has colors.

use std::io::{IsTerminal, Write};
use std::path::Path;

use base::{Diagnostic, RenderStyle, SourceMap, render_all};
use clap::ValueEnum;

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The terminal, or the pipes in its place.
#[derive(Debug)]
pub struct Terminal {
    /// Whether stdout takes colors.
    pub color_out: bool,
    /// Whether stderr takes colors.
    pub color_err: bool,
    progress: bool,
    /// Whether it was told how to read more about an error: once a run is enough.
    pointed: bool,
}

impl Terminal {
    /// The process's own.
    pub fn new(color: Color) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let decide = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        Terminal { color_out: decide(out), color_err: decide(err), progress: err, pointed: false }
    }

    /// Requested data. A reader that went away (`lawbook … | head`) is no trouble of ours: the rest is not written.
    pub fn out(&mut self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// A line of diagnostics.
    pub fn say(&mut self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// A line that says what is being done, on a terminal only; the next one takes its place.
    pub fn progress(&mut self, line: &str) {
        if self.progress {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K{line}");
        }
    }

    /// Diagnostics of policies and settings; below the first errors of a run that stand in a text, where to read more. What is
    /// wrong with a command line is said in full by its message.
    pub fn diagnostics(&mut self, diagnostics: &[Diagnostic], sources: &SourceMap) {
        let style = if self.color_err { RenderStyle::Colored } else { RenderStyle::Plain };
        let _ = std::io::stderr().lock().write_all(render_all(diagnostics, sources, style).as_bytes());
        let in_text = |diagnostic: &&Diagnostic| diagnostic.is_error() && diagnostic.primary.is_some();
        if let Some(error) = diagnostics.iter().find(in_text).filter(|_| !self.pointed) {
            self.pointed = true;
            self.say(&format!("for more: lawbook lint --explain {}", error.code));
        }
    }

    /// Trouble with a file.
    pub fn problem(&mut self, problem: &audit::FileProblem) {
        let word = if problem.error { "error" } else { "warning" };
        let place = match (problem.path.is_empty(), problem.line) {
            (true, _) => String::new(),
            (false, 0) => format!(" {}", problem.path),
            (false, line) => format!(" {}:{line}:{}", problem.path, problem.column),
        };
        self.say(&format!("{word}[{}]{place}: {}", problem.code, problem.message));
        if let Some(help) = &problem.help {
            self.say(&format!("    {help}"));
        }
    }

    /// How long parts took, in their order.
    pub fn timings(&mut self, timings: &audit::Timings) {
        let width = timings.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, time) in &timings.0 {
            self.say(&format!("{name:<width$}  {:>10.3} ms", time.as_secs_f64() * 1e3));
        }
    }

    /// Writes to the file, or to stdout where there is none. False, and told, if that cannot be done.
    pub fn write(&mut self, file: Option<&Path>, text: &str) -> bool {
        let Some(path) = file else {
            self.out(text);
            return true;
        };
        match std::fs::write(path, text) {
            Ok(()) => true,
            Err(error) => {
                self.say(&format!("error: cannot write `{}`: {error}", path.display()));
                false
            }
        }
    }
}
