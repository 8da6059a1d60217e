//! A page: Markdown whose fenced blocks are files to lay out and commands to run.
//!
//! ````text
//! ```py app.py            a file, named after the language
//! ```py >> app.py         more lines for the end of that file
//! ```diff app.py          lines to add and to take out, with lines around them that the file has
//! ```setup                lines for what a block cannot hold: see `set_up` in `runner`
//! ```console              `$ lawbook …`, then what it prints: stdout, then stderr, then the status if it is not 0
//! ```law                  a program without a name: it is evaluated. Where it has nothing below, it has to be in order
//! ```text a b             directly below such a program: what it prints, of the relations named here
//! ````
//!
//! A table whose last columns are `example` and `gives` holds expressions and their values, or conditions and `true` or
//! `false`, or `no value`.
//!
//! All other text is for the reader. In an expected output a line `...` stands for any lines and `[..]` for any text.

use std::ops::Range;

/// A block of a page.
#[derive(Debug)]
pub enum Block {
    /// A file and its text.
    File { path: String, text: String },
    /// Lines for the end of a file.
    Addition { path: String, text: String },
    /// Lines of a file and what stands in their place afterwards.
    Change { path: String, old: String, new: String },
    /// A line of set-up.
    Setup { line: String },
    /// A command with the output shown; `lines` are where that output stands on the page.
    Command { command: String, lines: Range<usize> },
    /// A program without a name, and where the page shows what it prints of `relations`.
    Program { text: String, relations: Vec<String>, lines: Option<Range<usize>> },
    /// The rows of a table of examples.
    Table { rows: Vec<Row> },
}

/// An expression and its value, as a table shows them.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub example: String,
    pub gives: String,
}

/// What a page asks for, in order.
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    let mut below = None;
    while at < lines.len() {
        let line = lines[at];
        let start = at;
        let ticks = line.len() - line.trim_start_matches('`').len();
        at += 1;
        if ticks < 3 {
            if cells(line).ends_with(&["example".to_owned(), "gives".to_owned()]) {
                let rows = lines[at..].iter().take_while(|line| line.starts_with('|')).filter_map(|line| row(line));
                blocks.push(Block::Table { rows: rows.collect() });
            }
            continue;
        }
        let fence = &line[..ticks];
        let end = (at..lines.len()).find(|&at| lines[at] == fence).unwrap_or(lines.len());
        let info = &line[ticks..];
        match blocks.last_mut() {
            Some(Block::Program { relations, lines: shown, .. })
                if below == Some(start) && info.starts_with("text") =>
            {
                relations.extend(info.split_whitespace().skip(1).map(str::to_owned));
                *shown = Some(at..end);
            }
            _ => add_block(info, &lines[..end], at, &mut blocks),
        }
        at = end + 1;
        // What follows a program directly stands on the next line, or after an empty one.
        below = (info == "law").then(|| (at..lines.len()).find(|&at| !lines[at].is_empty())).flatten();
    }
    blocks
}

/// Adds the block whose lines begin at `start` and end with `lines`.
fn add_block(info: &str, lines: &[&str], start: usize, blocks: &mut Vec<Block>) {
    match info.split_once(' ') {
        None if info == "setup" => {
            blocks.extend(lines[start..].iter().map(|line| Block::Setup { line: (*line).to_owned() }));
        }
        None if info == "law" => {
            let text = lines[start..].join("\n") + "\n";
            blocks.push(Block::Program { text, relations: Vec::new(), lines: None });
        }
        None if info == "console" => {
            let commands: Vec<usize> = (start..lines.len()).filter(|&at| lines[at].starts_with("$ ")).collect();
            for (n, &at) in commands.iter().enumerate() {
                let end = commands.get(n + 1).copied().unwrap_or(lines.len());
                blocks.push(Block::Command { command: lines[at][2..].to_owned(), lines: at + 1..end });
            }
        }
        Some(("diff", path)) => {
            let side = |mark: char| -> String {
                let kept = lines[start..].iter().filter_map(|line| line.strip_prefix([' ', mark]));
                kept.map(|line| format!("{line}\n")).collect()
            };
            blocks.push(Block::Change { path: path.trim().to_owned(), old: side('-'), new: side('+') });
        }
        Some((_, path)) if !path.trim().is_empty() => {
            let text = lines[start..].join("\n") + "\n";
            blocks.push(match path.trim().strip_prefix(">> ") {
                Some(path) => Block::Addition { path: path.to_owned(), text },
                None => Block::File { path: path.trim().to_owned(), text },
            });
        }
        _ => {}
    }
}

/// The cells of a line of a table, without the marks of code around them; `\|` is a bar inside one.
fn cells(line: &str) -> Vec<String> {
    let Some(line) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|')) else { return Vec::new() };
    let plain = line.replace("\\|", "\u{1}");
    let cell = |cell: &str| cell.trim().trim_matches('`').replace('\u{1}', "|");
    plain.split('|').map(cell).collect()
}

/// The last two cells of a row; none of the line that parts the heading from the rows.
fn row(line: &str) -> Option<Row> {
    let cells = cells(line);
    let [.., example, gives] = &cells[..] else { return None };
    let rule = gives.chars().all(|c| c == '-' || c == ':');
    (!rule).then(|| Row { example: example.clone(), gives: gives.clone() })
}

/// Splits a command at blanks; quotes of both kinds hold words together.
pub fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn a_page_is_files_set_up_and_commands() {
    let page = "# A\n```py a b.py\nx = 1\n```\ntext\n```setup\nlink a b\n```\n````console\n$ lawbook --version\nlawbook\n$ lawbook 'a b' \"\"\n````\n```sh\nother\n```\n";
    let shown: Vec<String> = parse(page).iter().map(|block| format!("{block:?}")).collect();
    assert_eq!(
        shown,
        [
            r#"File { path: "a b.py", text: "x = 1\n" }"#,
            r#"Setup { line: "link a b" }"#,
            r#"Command { command: "lawbook --version", lines: 10..11 }"#,
            r#"Command { command: "lawbook 'a b' \"\"", lines: 12..12 }"#,
        ]
    );
    assert_eq!(words("lawbook 'a b'c \"\""), ["lawbook", "a bc", ""]);
}

#[test]
fn a_program_is_followed_by_what_it_prints() {
    let page = "```law\na(1).\n```\n```text a b\n1\n```\n```law\nc(2).\n```\nno output\n```text\nother\n```\n";
    let shown: Vec<String> = parse(page).iter().map(|block| format!("{block:?}")).collect();
    assert_eq!(
        shown,
        [
            r#"Program { text: "a(1).\n", relations: ["a", "b"], lines: Some(4..5) }"#,
            r#"Program { text: "c(2).\n", relations: [], lines: None }"#,
        ]
    );
}

#[test]
fn files_grow_and_change() {
    let page = "```law >> a.law\nb(1).\n```\n```diff a.law\n b(1).\n-c(2).\n+c(3).\n```\n";
    let shown: Vec<String> = parse(page).iter().map(|block| format!("{block:?}")).collect();
    assert_eq!(
        shown,
        [
            r#"Addition { path: "a.law", text: "b(1).\n" }"#,
            r#"Change { path: "a.law", old: "b(1).\nc(2).\n", new: "b(1).\nc(3).\n" }"#,
        ]
    );
}

#[test]
fn a_table_of_examples_is_its_rows() {
    let page = "| function | example | gives |\n|---|---|---|\n| or | `\"a\" matches /a\\|b/` | `true` |\n\n| other | table |\n";
    let shown: Vec<String> = parse(page).iter().map(|block| format!("{block:?}")).collect();
    assert_eq!(shown, [r#"Table { rows: [Row { example: "\"a\" matches /a|b/", gives: "true" }] }"#]);
}
