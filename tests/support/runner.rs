//! Running a page in a sandbox, and comparing or rewriting what it shows.

use std::fs;
use std::path::Path;

use super::examples;
use super::matching::matches;
use super::page::{self, Block};
use super::sandbox::{Ran, Sandbox};

/// How a page shows what a command wrote to stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stderr {
    /// As a terminal does: after stdout.
    Plain,
    /// Each line behind `! `, so that a case says which stream it went to.
    Marked,
}

/// Runs the page at `path` in `sandbox`. The error says what differed; with `UPDATE_PAGES` set, the page is rewritten.
pub fn run_page(path: &Path, mut sandbox: Sandbox, stderr: Stderr) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines: Vec<&str> = text.lines().collect();
    let mut differences = String::new();
    let mut rewritten: Vec<String> = Vec::new();
    let mut copied = 0;
    let mut changed = false;
    for block in page::parse(&text) {
        let (what, actual, shown) = match block {
            Block::File { path, text } => {
                sandbox.write(&path, text);
                continue;
            }
            Block::Addition { path, text } => {
                let before = sandbox.read(&path);
                sandbox.write(&path, before + &text);
                continue;
            }
            Block::Change { path, old, new } => {
                let before = sandbox.read(&path);
                assert!(before.contains(&old), "{path} has no such lines:\n{old}");
                sandbox.write(&path, before.replacen(&old, &new, 1));
                continue;
            }
            Block::Setup { line } => {
                set_up(&mut sandbox, &line);
                continue;
            }
            Block::Command { command, lines } => {
                (format!("$ {command}"), execute(&mut sandbox, &command, stderr), lines)
            }
            Block::Program { text, relations, lines: Some(lines) } => {
                let ran = examples::evaluate(&sandbox, &text, &relations);
                (format!("this program:\n{text}"), show(&ran, stderr), lines)
            }
            Block::Program { text, lines: None, .. } => {
                let trouble = examples::trouble(&sandbox, &text);
                differences.extend(trouble.map(|trouble| format!("{}: {trouble}\n", path.display())));
                continue;
            }
            Block::Table { rows } => {
                let wrong = examples::wrong(&sandbox, &rows);
                differences.extend(wrong.map(|wrong| format!("{}: {wrong}\n", path.display())));
                continue;
            }
        };
        let expected: String = lines[shown.clone()].iter().map(|line| format!("{line}\n")).collect();
        rewritten.extend(lines[copied..shown.start].iter().map(|line| (*line).to_owned()));
        copied = shown.end;
        if matches(&expected, &actual) {
            rewritten.extend(lines[shown].iter().map(|line| (*line).to_owned()));
        } else {
            let difference = similar_asserts::SimpleDiff::from_str(&expected, &actual, "page", "output");
            differences += &format!("{}: {what}\n{difference}\n", path.display());
            changed = true;
            rewritten.extend(actual.lines().map(str::to_owned));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    if changed && std::env::var_os("UPDATE_PAGES").is_some() {
        rewritten.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
        fs::write(path, rewritten.join("\n") + "\n").map_err(|error| error.to_string())?;
        return Ok(());
    }
    Err(differences)
}

/// What a terminal shows after the command. `cat FILE` is there for what commands write, `cd FOLDER` for pages that work
/// in an example.
fn execute(sandbox: &mut Sandbox, command: &str, stderr: Stderr) -> String {
    let words = page::words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["cat", path] => sandbox.read(path),
        ["cd", folder] => {
            sandbox.inside = folder.to_owned();
            assert!(sandbox.path("").is_dir(), "there is no folder `{folder}`");
            String::new()
        }
        ["lawbook", ref arguments @ .., "<", input] => show(&sandbox.run_with(arguments, Some(input)), stderr),
        ["lawbook", ref arguments @ ..] | ["cargo", "run", "--release", "--", ref arguments @ ..] => {
            show(&sandbox.run(arguments), stderr)
        }
        _ => panic!("pages run `lawbook`, `cat FILE` and `cd FOLDER` only, not `{command}`"),
    }
}

fn show(ran: &Ran, stderr: Stderr) -> String {
    let mut text = ran.stdout.clone();
    if !text.is_empty() && !text.ends_with('\n') {
        text += "(no newline at the end)\n";
    }
    for line in ran.stderr.lines() {
        text += &match stderr {
            Stderr::Plain => format!("{line}\n"),
            Stderr::Marked => format!("! {line}").trim_end().to_owned() + "\n",
        };
    }
    if ran.status != 0 {
        text += &format!("(exit status {})\n", ran.status);
    }
    text
}

/// Set-up that a block of text cannot hold.
fn set_up(sandbox: &mut Sandbox, line: &str) {
    let words = page::words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<u64>().unwrap_or_else(|_| panic!("`{word}` is no number"));
    match words[..] {
        ["repeat", path, mebibytes, line] => sandbox.write_repeated(path, number(mebibytes) << 20, line),
        ["nest", path, depth, open, close] => {
            let depth = number(depth) as usize;
            sandbox.write(path, open.repeat(depth) + &close.repeat(depth));
        }
        ["bytes", path, hex] => sandbox.write(path, bytes(hex)),
        ["checkout", folder] => sandbox.copy_folder(&super::checkout().join(folder), folder),
        ["folder", path] => fs::create_dir_all(sandbox.path(path)).expect("a folder for the test"),
        ["memory", mebibytes] => sandbox.memory = Some(number(mebibytes) << 20),
        #[cfg(unix)]
        ["link", path, "->", target] => sandbox.link(path, target),
        #[cfg(unix)]
        ["forbid", path] => sandbox.forbid(path),
        _ => panic!("no such set-up: `{line}`"),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16).expect("a hex digit")).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}
