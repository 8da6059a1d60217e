//! Notebooks (Jupyter, `.ipynb`): the code of their cells as one text of Python, with the way back to the file.
//!
//! The file is JSON in which each line of code is a string. Cells are joined in their order, lines that speak to the notebook
//! (`%pip`, `!ls`, `%%bash`) are blanked out, and every byte of the text knows the byte of the file that it came from, so
//! that places are those of the file. A broken file gives the cells before the break.

use base::Span;

use crate::position::Positions;

/// Words of the first line of a cell after which code of Python follows.
const TRANSPARENT: &[&str] = &["capture", "prun", "time", "timeit"];

/// Deeper JSON is not looked at.
const MAX_DEPTH: usize = 64;

/// The code of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notebook {
    /// All code cells, joined.
    pub text: String,
    /// Where stretches of the text came from, ascending.
    stretches: Vec<Stretch>,
    /// The cells with code: where each begins in the text, and its number among all cells, from 1.
    cells: Vec<(usize, usize)>,
}

/// Bytes of the text that lie in the file side by side, or one character that is written there as an escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    text: usize,
    file: usize,
    /// The length of the escape in the file; 0 where there is none.
    escape: usize,
}

/// Whether the file at `path` is a notebook by its name.
pub fn is_notebook(path: &str) -> bool {
    path.len() > 6 && path.is_char_boundary(path.len() - 6) && path[path.len() - 6..].eq_ignore_ascii_case(".ipynb")
}

impl Notebook {
    /// The notebook at `path`; none if the file is none by its name.
    pub fn read(path: &str, file: &str) -> Option<Notebook> {
        if !is_notebook(path) {
            return None;
        }
        let mut reader = Reader { file, at: 0, cells: Vec::new(), python: None };
        reader.value(&mut Vec::new());
        let mut notebook = Notebook { text: String::new(), stretches: Vec::new(), cells: Vec::new() };
        if reader.python == Some(false) {
            return Some(notebook);
        }
        for (number, cell) in
            reader.cells.into_iter().enumerate().filter(|(_, cell)| cell.code && !cell.lines.is_empty())
        {
            notebook.cells.push((notebook.text.len(), number + 1));
            notebook.add(file, &cell.lines);
        }
        Some(notebook)
    }

    /// The places of the text's bytes in the file.
    pub fn positions<'t>(&'t self, file: &'t str) -> Positions<'t> {
        Positions::within(file, self)
    }

    /// The bytes of the file that a range of the text came from.
    pub fn place(&self, span: Span) -> Span {
        let (start, _) = self.origin(span.start as usize);
        // The end is that of the last byte, since what comes after it may lie elsewhere.
        let (last, length) = self.origin((span.end as usize).saturating_sub(1));
        let end = if span.end > span.start { last + length } else { start };
        Span::new(start, end.max(start))
    }

    /// The byte of the file that a byte of the text came from, and how many bytes stand for it there.
    fn origin(&self, at: usize) -> (usize, usize) {
        let number = self.stretches.partition_point(|stretch| stretch.text <= at);
        match number.checked_sub(1).map(|number| self.stretches[number]) {
            Some(Stretch { text, file, escape: 0 }) => (file + (at - text), 1),
            Some(Stretch { file, escape, .. }) => (file, escape),
            None => (0, 0),
        }
    }

    fn stretch(&mut self, file: usize, escape: usize) {
        self.stretches.push(Stretch { text: self.text.len(), file, escape });
    }

    /// The cell that a byte of the file stands in: its number among all cells and the line in it, both from 1, and that line.
    pub fn cell(&self, byte: usize) -> Option<(usize, usize, &str)> {
        let number = self.stretches.partition_point(|stretch| stretch.file <= byte).checked_sub(1)?;
        let Stretch { text, file, escape } = self.stretches[number];
        // What stands behind a string is no code: an output, for one.
        let next = self.stretches.get(number + 1).map_or(self.text.len(), |next| next.text);
        if byte - file >= (next - text).max(escape).max(1) {
            return None;
        }
        let at = (text + (byte - file)).min(self.text.len());
        let (start, cell) = self.cells[self.cells.partition_point(|&(start, _)| start <= at).checked_sub(1)?];
        let before = self.text.get(start..at)?;
        let line = at - before.len() + before.rfind('\n').map_or(0, |end| end + 1);
        let whole = self.text[line..].split('\n').next().unwrap_or_default();
        Some((cell, before.matches('\n').count() + 1, whole))
    }

    /// Adds a cell: the bytes of its strings, between the quotes.
    fn add(&mut self, file: &str, strings: &[Span]) {
        let start = self.text.len();
        for string in strings {
            self.add_string(file, *string);
        }
        if !self.text.ends_with('\n') {
            let end = strings.last().map_or(0, |string| string.end as usize);
            self.stretch(end, 0);
            self.text.push('\n');
        }
        let cell = blanked(&self.text[start..]);
        self.text.truncate(start);
        self.text.push_str(&cell);
    }

    fn add_string(&mut self, file: &str, string: Span) {
        let raw = &file[string.range()];
        let mut at = 0;
        self.stretch(string.start as usize, 0);
        while let Some(found) = raw[at..].find('\\') {
            self.text.push_str(&raw[at..at + found]);
            at += found;
            let (c, length) = escape(&raw[at..]);
            self.stretch(string.start as usize + at, length);
            self.text.push(c);
            at += length;
            self.stretch(string.start as usize + at, 0);
        }
        self.text.push_str(&raw[at..]);
    }
}

/// What an escape sequence of JSON stands for, and its length.
fn escape(text: &str) -> (char, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match text[1..].chars().next() {
        Some('n') => ('\n', 2),
        Some('t') => ('\t', 2),
        Some('r') => ('\r', 2),
        Some('b') => ('\u{8}', 2),
        Some('f') => ('\u{c}', 2),
        Some('u') => match (unit(2), unit(8)) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) if text[6..].starts_with("\\u") => {
                (char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}'), 12)
            }
            (Some(unit), _) => (char::from_u32(unit).unwrap_or('\u{fffd}'), 6),
            (None, _) => ('\u{fffd}', 2),
        },
        Some(c) => (c, 1 + c.len_utf8()),
        None => ('\\', 1),
    }
}

/// A cell with what is no Python blanked out, byte for byte.
fn blanked(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut whole = false;
    // A command goes on behind a backslash, as in a shell.
    let mut goes_on = false;
    for (number, line) in cell.split_inclusive('\n').enumerate() {
        if number == 0 && line.starts_with("%%") {
            let word = line[2..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            whole = !TRANSPARENT.contains(&word);
            blank(line, "", &mut out);
        } else if whole || goes_on {
            blank(line, "", &mut out);
            goes_on = goes_on && continues(line);
        } else {
            goes_on = code_line(line, &mut out) && continues(line);
        }
    }
    out
}

/// Whether a command goes on in the next line.
fn continues(line: &str) -> bool {
    line.trim_end().ends_with('\\')
}

/// A line of Python, or one that speaks to the notebook: then whether it is a command, which may go on. (A line in a text of several lines may look
/// like one; it is rare.)
fn code_line(line: &str, out: &mut String) -> bool {
    let code = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - code.len();
    if code.starts_with(['%', '!', '?']) {
        out.push_str(&line[..indent]);
        blank(code, "pass", out);
        return !code.starts_with('?');
    }
    // files = !ls: what comes of it is not known, so nothing is.
    let command = code.find(['%', '!']).is_some_and(|at| {
        let before = code[..at].trim_end();
        let name = before.strip_suffix('=').unwrap_or_default().trim_end();
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') && !code[at..].starts_with("!=")
    });
    // client.chat?
    let question = code.trim_end().ends_with('?') && !code.contains(['#', '"', '\'']);
    if command || question {
        out.push_str(&line[..indent]);
        blank(code, "pass", out);
        return command;
    }
    out.push_str(line);
    false
}

/// As many bytes as the text has, all of them spaces but for a word in the beginning and the end of the line.
fn blank(text: &str, word: &str, out: &mut String) {
    let end = text.trim_end_matches(['\n', '\r']).len();
    let word = if word.len() <= end { word } else { "" };
    out.push_str(word);
    out.extend(std::iter::repeat_n(' ', end - word.len()));
    out.push_str(&text[end..]);
}

#[derive(Default)]
struct Cell {
    code: bool,
    lines: Vec<Span>,
}

/// Goes through the JSON once, looking for cells.
struct Reader<'t> {
    file: &'t str,
    at: usize,
    cells: Vec<Cell>,
    /// Whether the notebook says that it is written in Python.
    python: Option<bool>,
}

impl<'t> Reader<'t> {
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.file.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.file.as_bytes().get(self.at).copied()
    }

    /// One value; `path` are the keys that lead to it. None where the text breaks off.
    fn value(&mut self, path: &mut Vec<&'t str>) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(path),
            b'[' => self.array(path),
            b'"' => {
                let string = self.string()?;
                self.found(path, string);
                Some(())
            }
            _ => {
                let rest = &self.file.as_bytes()[self.at..];
                let length =
                    rest.iter().take_while(|byte| !b",]}".contains(byte) && !byte.is_ascii_whitespace()).count();
                self.at += length;
                (length > 0).then_some(())
            }
        }
    }

    fn object(&mut self, path: &mut Vec<&'t str>) -> Option<()> {
        self.at += 1;
        if path.len() >= MAX_DEPTH {
            return None;
        }
        loop {
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let key = self.string()?;
                    (self.peek()? == b':').then_some(())?;
                    self.at += 1;
                    path.push(&self.file[key.range()]);
                    let value = self.value(path);
                    path.pop();
                    value?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    fn array(&mut self, path: &mut Vec<&'t str>) -> Option<()> {
        self.at += 1;
        if path.len() >= MAX_DEPTH {
            return None;
        }
        let cells = matches!(path.as_slice(), ["cells"] | ["worksheets", "", "cells"]);
        path.push("");
        loop {
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => {
                    if cells {
                        self.cells.push(Cell::default());
                    }
                    self.value(path)?;
                }
            }
        }
        path.pop();
        self.at += 1;
        Some(())
    }

    /// The bytes of a string between its quotes.
    fn string(&mut self) -> Option<Span> {
        let start = self.at + 1;
        let mut end = start;
        let bytes = self.file.as_bytes();
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        self.at = end + 1;
        Some(Span::new(start, end))
    }

    fn found(&mut self, path: &[&str], string: Span) {
        let text = &self.file[string.range()];
        match path {
            ["metadata", "kernelspec", "language"] | ["metadata", "language_info", "name"] => {
                let python = text.to_ascii_lowercase().starts_with("python") || text.eq_ignore_ascii_case("ipython");
                self.python = Some(self.python.unwrap_or(true) && python);
            }
            _ => {
                let key = match path {
                    ["cells", "", key] | ["cells", "", key, ""] => *key,
                    ["worksheets", "", "cells", "", key] | ["worksheets", "", "cells", "", key, ""] => *key,
                    _ => return,
                };
                let Some(cell) = self.cells.last_mut() else { return };
                match key {
                    "cell_type" => cell.code = text == "code",
                    "source" | "input" => cell.lines.push(string),
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(cells: &[&str]) -> String {
        let cell = |source: &&str| {
            format!(r#"{{"cell_type": "code", "outputs": [{{"text": ["x = 1"]}}], "source": {source}}}"#)
        };
        let cells: Vec<String> = cells.iter().map(cell).collect();
        format!(
            r##"{{"cells": [{{"cell_type": "markdown", "source": ["# é"]}}, {}], "metadata": {{}}}}"##,
            cells.join(", ")
        )
    }

    #[test]
    fn cells_are_joined_and_know_where_they_came_from() {
        let file = notebook(&[r#"["import a\n", "a.ask(\"é\")"]"#, r#""b()\nc()""#]);
        let found = Notebook::read("x.ipynb", &file).expect("a notebook");
        assert_eq!(found.text, "import a\na.ask(\"é\")\nb()\nc()\n");
        for word in ["import", "a.ask", "é", "c()"] {
            let at = found.text.find(word).expect("is there");
            let place = found.place(Span::new(at, at + word.len()));
            assert!(file[place.range()].starts_with(word), "{word}");
        }
        let ask = file.find("a.ask").expect("is there");
        assert_eq!(found.cell(ask), Some((2, 2, "a.ask(\"é\")")));
        let c = file.find("c()").expect("is there");
        assert_eq!(found.cell(c), Some((3, 2, "c()")));
        let output = file.find("x = 1").expect("is there");
        assert_eq!(found.cell(output), None);
    }

    #[test]
    fn what_speaks_to_the_notebook_is_blanked_out() {
        let check = |cell: &str, expected: &str| assert_eq!(blanked(cell), expected, "{cell}");
        check("%pip install x\nif a:\n    !ls -l\n", "pass          \nif a:\n    pass  \n");
        check("%%bash\nrm -rf /\n", "      \n        \n");
        check("%%time\nask()\n", "      \nask()\n");
        check("files = !ls -la\nx = a % b\ny = a != b\n", "pass           \nx = a % b\ny = a != b\n");
        check("client.chat?\n", "pass        \n");
        check("!curl a \\\n  -H b \\\n  c\nask()\n", "pass     \n        \n   \nask()\n");
        check("x = !ls \\\n  -l\ny = 1 + \\\n  2\n", "pass     \n    \ny = 1 + \\\n  2\n");
    }

    #[test]
    fn other_languages_and_broken_files_give_what_there_is() {
        let other = r#"{"cells": [{"cell_type": "code", "source": ["f <- 1"]}], "metadata": {"kernelspec": {"language": "R"}}}"#;
        assert_eq!(Notebook::read("x.ipynb", other).expect("a notebook").text, "");
        let broken = notebook(&[r#"["a()\n"]"#]);
        for end in (0..broken.len()).filter(|&end| broken.is_char_boundary(end)) {
            let found = Notebook::read("x.ipynb", &broken[..end]).expect("a notebook");
            assert!(found.text.is_empty() || found.text == "a()\n", "{:?}", found.text);
        }
        assert_eq!(Notebook::read("x.py", ""), None);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Notebook::read("x.ipynb", &deep).is_some());
        let old = r#"{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a()"], "language": "python"}]}]}"#;
        assert_eq!(Notebook::read("x.ipynb", old).expect("a notebook").text, "a()\n");
    }
}
