//! The keyboard: lines with history and completion. What is typed never leaves the machine, and history is kept in the user's
//! state folder, never below the folder that is looked at.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::PoisonError;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::complete::complete;
use super::session::Prompt;
use super::statement::{is_whole, statement};
use crate::terminal::Terminal;

/// Statements kept.
const HISTORY: usize = 1000;

/// Reads and carries out statements until the user leaves.
pub fn run(prompt: Prompt, history: Option<&Path>, terminal: &mut Terminal) {
    let running = prompt.running.clone();
    let prompt = Rc::new(RefCell::new(prompt));
    // An interrupt that nobody catches would end the process; at the keyboard itself it is a key.
    let handled = ctrlc::set_handler(move || running.lock().unwrap_or_else(PoisonError::into_inner).cancel());
    if let Err(error) = handled {
        terminal.say(&format!("note: Ctrl-C cannot stop a question here: {error}"));
    }
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(HISTORY)
        .and_then(|config| config.history_ignore_dups(true))
        .map(|config| config.auto_add_history(false).build());
    let editor = config.and_then(Editor::<Keys, FileHistory>::with_config);
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => return terminal.say(&format!("error: the terminal cannot be read: {error}")),
    };
    editor.set_helper(Some(Keys { prompt: prompt.clone() }));
    if let Some(path) = history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    terminal.out("`:help` lists the commands, Tab completes, Ctrl-D leaves.\n");
    loop {
        match editor.readline("lawbook> ") {
            Ok(line) => {
                let Some(statement) = statement(&line) else { continue };
                let _ = editor.add_history_entry(line.trim_end());
                if !prompt.borrow_mut().carry_out(&statement, terminal) {
                    break;
                }
            }
            // Ctrl-C at the prompt throws away what was typed.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => {
                terminal.say(&format!("error: the terminal cannot be read: {error}"));
                break;
            }
        }
    }
    if let Some(path) = history {
        keep(&mut editor, path, terminal);
    }
}

fn keep(editor: &mut Editor<Keys, FileHistory>, path: &Path, terminal: &mut Terminal) {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    if let Err(error) = made.map_err(ReadlineError::from).and_then(|()| editor.save_history(path)) {
        terminal.say(&format!("note: history is not kept in {}: {error}", path.display()));
    }
}

/// Where history is kept: in the user's state folder, as the platform has it; nowhere without one.
pub fn history_file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("state")))?;
    Some(state.join("lawbook").join("history"))
}

/// What the line editor asks while a line is typed.
struct Keys {
    // The editor hands out shared references only, and completion may read files.
    prompt: Rc<RefCell<Prompt>>,
}

impl Completer for Keys {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Ok(mut prompt) = self.prompt.try_borrow_mut() else { return Ok((cursor, Vec::new())) };
        let completion = complete(line, cursor, &mut *prompt);
        let pair =
            |candidate: super::complete::Candidate| Pair { display: candidate.shown, replacement: candidate.text };
        Ok((completion.start, completion.candidates.into_iter().map(pair).collect()))
    }
}

impl Validator for Keys {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        // A blank line ends whatever is open.
        let ended = text.ends_with('\n') || text.trim().is_empty();
        Ok(if ended || is_whole(text) { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Hinter for Keys {
    type Hint = String;
}

impl Highlighter for Keys {}

impl Helper for Keys {}
