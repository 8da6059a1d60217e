//! Running a page in a sandbox, and comparing or rewriting what it shows.

use std::fs;
use std::path::Path;

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
    for block in page::parse(&text) {
        match block {
            Block::File { path, text } => sandbox.write(&path, text),
            Block::Setup { line } => set_up(&mut sandbox, &line),
            Block::Command { command, lines: shown } => {
                let expected: String = lines[shown.clone()].iter().map(|line| format!("{line}\n")).collect();
                let actual = execute(&sandbox, &command, stderr);
                rewritten.extend(lines[copied..shown.start].iter().map(|line| (*line).to_owned()));
                copied = shown.end;
                if matches(&expected, &actual) {
                    rewritten.extend(lines[shown].iter().map(|line| (*line).to_owned()));
                } else {
                    let difference = similar_asserts::SimpleDiff::from_str(&expected, &actual, "page", "output");
                    differences += &format!("{}: $ {command}\n{difference}\n", path.display());
                    rewritten.extend(actual.lines().map(str::to_owned));
                }
            }
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    if std::env::var_os("UPDATE_PAGES").is_some() {
        rewritten.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
        fs::write(path, rewritten.join("\n") + "\n").map_err(|error| error.to_string())?;
        return Ok(());
    }
    Err(differences)
}

/// What a terminal shows after the command. `cat FILE` is there for what commands write.
fn execute(sandbox: &Sandbox, command: &str, stderr: Stderr) -> String {
    let words = page::words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["cat", path] => sandbox.read(path),
        ["lawbook", ref arguments @ ..] | ["cargo", "run", "--release", "--", ref arguments @ ..] => {
            show(&sandbox.run(arguments), stderr)
        }
        _ => panic!("pages run `lawbook` and `cat FILE` only, not `{command}`"),
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
