//! What is typed, cut into statements.
//!
//! A statement goes on over lines while a bracket is open, a text is unfinished or an operator waits for its other side. It
//! ends with the line where nothing is open, with a final `.`, or with a blank line.

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `:name arguments`
    Command {
        /// Its name, without the colon.
        name: String,
        /// The rest of its line.
        rest: String,
    },
    /// `head :- body`, without the final `.`.
    Rule(String),
    /// A body to answer, without the final `.`.
    Body(String),
}

/// Lines that are not yet a whole statement.
#[derive(Debug, Default)]
pub struct Buffer(String);

impl Buffer {
    /// Takes a line; the statement that it ends.
    pub fn push(&mut self, line: &str) -> Option<Statement> {
        if self.0.is_empty() && line.trim_start().starts_with(':') {
            return statement(line);
        }
        if line.trim().is_empty() {
            return self.rest();
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(line);
        if is_whole(&self.0) { self.rest() } else { None }
    }

    /// What is left, as a statement.
    pub fn rest(&mut self) -> Option<Statement> {
        statement(&std::mem::take(&mut self.0))
    }
}

/// What a text says; nothing if it says nothing.
pub fn statement(text: &str) -> Option<Statement> {
    let scan = Scan::of(text);
    let last = scan.end;
    let trimmed = text[..last].trim();
    if let Some(command) = trimmed.strip_prefix(':') {
        let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        return Some(Statement::Command { name: name.to_owned(), rest: rest.trim().to_owned() });
    }
    let trimmed = trimmed.strip_suffix('.').unwrap_or(trimmed).trim_end();
    if trimmed.is_empty() {
        return None;
    }
    Some(match scan.turnstile {
        true => Statement::Rule(trimmed.to_owned()),
        false => Statement::Body(trimmed.to_owned()),
    })
}

/// Whether a text can end here.
pub fn is_whole(text: &str) -> bool {
    let scan = Scan::of(text);
    let trimmed = text[..scan.end].trim_end();
    if trimmed.trim_start().starts_with(':') && !trimmed.trim_start().starts_with(":-") {
        return true;
    }
    if scan.open > 0 || scan.in_text {
        return false;
    }
    let operators = [',', '=', '<', '>', '+', '*', '-', ':'];
    !ends_with_word(trimmed) && !trimmed.ends_with(operators)
}

/// Whether the last word of a text waits for what comes behind it.
fn ends_with_word(text: &str) -> bool {
    const WAIT: [&str; 10] =
        ["not", "or", "in", "as", "else", "contains", "starts_with", "ends_with", "matches", "like"];
    let word = text.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    WAIT.contains(&word)
}

/// What brackets, texts and comments come to.
#[derive(Debug, Default)]
pub struct Scan {
    /// Brackets that are open.
    pub open: usize,
    /// Whether the end is inside a text.
    pub in_text: bool,
    /// Whether `:-` stands outside every bracket.
    pub turnstile: bool,
    /// Where the text ends, without a comment on its last line.
    pub end: usize,
}

impl Scan {
    pub fn of(text: &str) -> Scan {
        let bytes = text.as_bytes();
        let mut scan = Scan { end: text.len(), ..Scan::default() };
        let mut at = 0;
        // A `/` begins a regex unless it divides: then an operand stands before it.
        let mut operand = false;
        while at < bytes.len() {
            let rest = &text[at..];
            let step = match bytes[at] {
                b'"' => {
                    let quotes = rest.bytes().take_while(|byte| *byte == b'"').count();
                    operand = true;
                    if quotes >= 3 { raw_text(rest, &"\"".repeat(quotes), quotes) } else { plain_text(rest) }
                }
                b'r' if !operand_before(text, at) && raw_opening(rest).is_some() => {
                    operand = true;
                    let hashes = raw_opening(rest).unwrap_or(0);
                    raw_text(rest, &format!("\"{}", "#".repeat(hashes)), hashes + 2)
                }
                b'/' if rest.starts_with("//") => {
                    let line = rest.find('\n').unwrap_or(rest.len());
                    if at + line == text.len() {
                        scan.end = at;
                    }
                    Some(line)
                }
                b'/' if !operand || ends_with_word(text[..at].trim_end()) => {
                    operand = true;
                    regex(rest)
                }
                byte => {
                    match byte {
                        b'(' | b'{' | b'[' => scan.open += 1,
                        b')' | b'}' | b']' => scan.open = scan.open.saturating_sub(1),
                        b':' if rest.starts_with(":-") && scan.open == 0 => scan.turnstile = true,
                        _ => {}
                    }
                    if !byte.is_ascii_whitespace() {
                        operand = byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_)}]".contains(&byte);
                    }
                    Some(1)
                }
            };
            match step {
                Some(step) => at += step,
                None => {
                    scan.in_text = true;
                    return scan;
                }
            }
        }
        scan
    }
}

/// Whether a letter at `at` goes on a word.
fn operand_before(text: &str, at: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The number of hashes of `r#"`, if it begins so.
fn raw_opening(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn raw_text(rest: &str, close: &str, from: usize) -> Option<usize> {
    rest.get(from..)?.find(close).map(|at| from + at + close.len())
}

/// A text of one line; one that its line leaves open ends with it, as an error of its own.
fn plain_text(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            '\n' => return Some(at),
            _ => {}
        }
    }
    None
}

/// A regex ends on its line too.
fn regex(rest: &str) -> Option<usize> {
    let (mut escaped, mut class) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return Some(at + 1),
            '\n' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_where_nothing_is_open() {
        for whole in [
            "a(x)",
            "a(x).",
            ":help",
            "a(x), b(y)",
            "x matches /a(/",
            "a(\"(\")",
            "a(x) // and (",
            "r(x) :- a(x).",
            "x = r#\"(\"#, a(x)",
            "n = 4 / 2 / 1",
            "doc.text{body: \"\"\"a\nb\"\"\"}",
        ] {
            assert!(is_whole(whole), "{whole}");
        }
        for open in [
            "a(x",
            "a(x),",
            "a{b: \"",
            "not",
            "a(x), x =",
            "r(x) :-",
            "x matches /a",
            "( a(x) or",
            "x = r#\"(\"",
            "a(x), // later\n",
            "x = \"\"\"a\n",
        ] {
            assert!(!is_whole(open.trim_end_matches('\n')), "{open}");
        }
    }

    #[test]
    fn lines_become_statements() {
        let mut buffer = Buffer::default();
        let lines =
            ["", ":limit 5", "a(x,", "  y).", "r(x) :-", "a(x).", "a(x),", "", "// nothing", "b(x) // two", "c("];
        let mut out: Vec<Statement> = lines.iter().filter_map(|line| buffer.push(line)).collect();
        out.extend(buffer.rest());
        let body = |text: &str| Statement::Body(text.to_owned());
        let expected = [
            Statement::Command { name: "limit".to_owned(), rest: "5".to_owned() },
            body("a(x,\n  y)"),
            Statement::Rule("r(x) :-\na(x)".to_owned()),
            body("a(x),"),
            body("b(x)"),
            body("c("),
        ];
        assert_eq!(out, expected);
    }
}
