//! The prompt of `lawbook query`: statements come in, answers go out; at a terminal with history and completion.
//!
//! `statement` cuts what is typed into statements, `session` answers them, `commands` are those that begin with `:`,
//! `complete` says what could come next at a cursor that `context` places, and `editor` joins that to the keyboard.

mod commands;
mod complete;
mod context;
mod editor;
mod session;
mod statement;

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use crate::answers::RowFormat;
use crate::terminal::Terminal;

pub use editor::history_file;
use session::Prompt;
use statement::Buffer;

/// How the prompt is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How rows are printed at first.
    pub format: RowFormat,
    /// Where history is kept; nowhere if it is not to be.
    pub history: Option<PathBuf>,
}

/// Reads statements until there are no more, and gives the exit status: 2 if one had an error, 3 if one met a fault.
pub fn run(project: audit::Project, setup: Setup, terminal: &mut Terminal) -> u8 {
    let interactive = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut prompt = Prompt::new(project, setup.format, interactive);
    if interactive {
        editor::run(prompt, setup.history.as_deref(), terminal);
        return 0;
    }
    let mut buffer = Buffer::default();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            terminal.say("error: the input is no UTF-8 text");
            return crate::project::USAGE;
        };
        let statement = buffer.push(&line);
        if statement.is_some_and(|statement| !prompt.carry_out(&statement, terminal)) {
            return prompt.status;
        }
    }
    if let Some(statement) = buffer.rest() {
        prompt.carry_out(&statement, terminal);
    }
    prompt.status
}
