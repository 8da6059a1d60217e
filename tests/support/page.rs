//! A page: Markdown whose fenced blocks are files to lay out and commands to run.
//!
//! ````text
//! ```py app.py            a file, named after the language
//! ```setup                lines for what a block cannot hold: see `set_up` in `runner`
//! ```console              `$ lawbook …`, then what it prints: stdout, then stderr, then the status if it is not 0
//! ````
//!
//! All other text is for the reader. In an expected output a line `...` stands for any lines and `[..]` for any text.

/// A block of a page.
#[derive(Debug)]
pub enum Block {
    /// A file and its text.
    File { path: String, text: String },
    /// A line of set-up.
    Setup { line: String },
    /// A command with the output shown; `lines` are where that output stands on the page.
    Command { command: String, lines: std::ops::Range<usize> },
}

/// What a page asks for, in order.
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let ticks = line.len() - line.trim_start_matches('`').len();
        at += 1;
        if ticks < 3 {
            continue;
        }
        let fence = &line[..ticks];
        let end = (at..lines.len()).find(|&at| lines[at] == fence).unwrap_or(lines.len());
        add_block(&line[ticks..], &lines[..end], at, &mut blocks);
        at = end + 1;
    }
    blocks
}

/// Adds the block whose lines begin at `start` and end with `lines`.
fn add_block(info: &str, lines: &[&str], start: usize, blocks: &mut Vec<Block>) {
    match info.split_once(' ') {
        None if info == "setup" => {
            blocks.extend(lines[start..].iter().map(|line| Block::Setup { line: (*line).to_owned() }));
        }
        None if info == "console" => {
            let commands: Vec<usize> = (start..lines.len()).filter(|&at| lines[at].starts_with("$ ")).collect();
            for (n, &at) in commands.iter().enumerate() {
                let end = commands.get(n + 1).copied().unwrap_or(lines.len());
                blocks.push(Block::Command { command: lines[at][2..].to_owned(), lines: at + 1..end });
            }
        }
        Some((_, path)) if !path.trim().is_empty() => {
            let mut text = lines[start..].join("\n");
            text.push('\n');
            blocks.push(Block::File { path: path.trim().to_owned(), text });
        }
        _ => {}
    }
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
