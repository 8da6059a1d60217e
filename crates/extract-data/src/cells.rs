//! Delimited text split into cells that know their bytes.

use std::borrow::Cow;

use base::Span;

/// A cell: what stands between the delimiters, or between the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub span: Span,
    /// Whether it holds doubled quotes.
    doubled: bool,
}

impl Cell {
    /// Its text, trimmed, doubled quotes made single.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let raw = &text[self.span.range()];
        // Most cells have nothing to trim, and that is seen at their ends.
        let tight =
            [raw.as_bytes().first(), raw.as_bytes().last()].iter().flatten().all(|byte| byte.is_ascii_graphic());
        let raw = if tight { raw } else { raw.trim() };
        if self.doubled { Cow::Owned(raw.replace("\"\"", "\"")) } else { Cow::Borrowed(raw) }
    }
}

/// How cells are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    /// Whether a cell that begins with `"` goes to the next single `"`, over delimiters and line breaks.
    pub quotes: bool,
}

/// The quote at this byte is not closed in the text at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclosed(pub usize);

/// Splits the record that begins at `at`; returns the byte at which the next one begins.
pub(crate) fn record(text: &str, mut at: usize, dialect: Dialect, cells: &mut Vec<Cell>) -> Result<usize, Unclosed> {
    cells.clear();
    let bytes = text.as_bytes();
    loop {
        let cell = match bytes.get(at) {
            Some(b'"') if dialect.quotes => quoted(bytes, at)?,
            _ => Cell { span: Span::at(at), doubled: false },
        };
        let search = if cell.span.start as usize > at { cell.span.end as usize + 1 } else { at };
        let rest = bytes.get(search..).unwrap_or_default();
        let end = search + memchr::memchr2(dialect.delimiter, b'\n', rest).unwrap_or(rest.len());
        let plain = search == at;
        cells.push(if plain { Cell { span: Span::new(at, end), doubled: false } } else { cell });
        match bytes.get(end) {
            Some(b'\n') => return Ok(end + 1),
            Some(_) => at = end + 1,
            None => return Ok(bytes.len()),
        }
    }
}

fn quoted(bytes: &[u8], at: usize) -> Result<Cell, Unclosed> {
    let mut doubled = false;
    let mut from = at + 1;
    loop {
        let close = from + memchr::memchr(b'"', &bytes[from..]).ok_or(Unclosed(at))?;
        if bytes.get(close + 1) != Some(&b'"') {
            return Ok(Cell { span: Span::new(at + 1, close), doubled });
        }
        doubled = true;
        from = close + 2;
    }
}

/// The dialect of a text by its first records: the delimiter that gives most records the same number of cells.
pub(crate) fn sniff(text: &str) -> Dialect {
    const RECORDS: usize = 20;
    // Excel writes this line, and obeys it.
    if let Some(&[delimiter]) = text.strip_prefix("sep=").and_then(|rest| rest.lines().next()).map(str::as_bytes) {
        return Dialect { delimiter, quotes: true };
    }
    let mut best = (0, 0, b',');
    for delimiter in *b",;\t|" {
        let dialect = Dialect { delimiter, quotes: true };
        let (mut cells, mut at, mut widths) = (Vec::new(), 0, Vec::new());
        while at < text.len() && widths.len() < RECORDS {
            let Ok(next) = record(text, at, dialect, &mut cells) else { break };
            at = next;
            if cells.len() > 1 {
                widths.push(cells.len());
            }
        }
        let alike = |width: usize| widths.iter().filter(|&&other| other == width).count();
        let Some(width) = widths.iter().copied().max_by_key(|&width| (alike(width), width)) else { continue };
        if (alike(width), width) > (best.0, best.1) {
            best = (alike(width), width, delimiter);
        }
    }
    Dialect { delimiter: best.2, quotes: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, dialect: Dialect, expected: &[&[&str]]) {
        let (mut at, mut records, mut cells) = (0, Vec::new(), Vec::new());
        while at < text.len() {
            at = record(text, at, dialect, &mut cells).unwrap();
            records.push(cells.iter().map(|cell| cell.text(text).into_owned()).collect::<Vec<_>>());
        }
        assert_eq!(records, expected, "{text:?}");
    }

    const COMMA: Dialect = Dialect { delimiter: b',', quotes: true };

    #[test]
    fn cells_are_split_as_spreadsheets_write_them() {
        check("a,b\r\n1, 2 \n", COMMA, &[&["a", "b"], &["1", "2"]]);
        check("\"x,y\",\"say \"\"hi\"\"\"\n,\n", COMMA, &[&["x,y", "say \"hi\""], &["", ""]]);
        check("\"two\nlines\",z", COMMA, &[&["two\nlines", "z"]]);
        check("5\" disk,b\n", COMMA, &[&["5\" disk", "b"]]);
        check("\"\",\"\"\n", COMMA, &[&["", ""]]);
        check("a\t\"b\n", Dialect { delimiter: b'\t', quotes: false }, &[&["a", "\"b"]]);
        assert_eq!(record("a,\"b\nc", 0, COMMA, &mut Vec::new()), Err(Unclosed(2)));
    }

    #[test]
    fn delimiters_are_found() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb, c\n1\t2\n", b'\t'),
            ("Register, as of 2026\nName;Since\nX;1\nY;2\n", b';'),
            ("sep=|\na|b\n", b'|'),
            ("alone\nx\n", b','),
            ("", b','),
        ] {
            assert_eq!(sniff(text).delimiter, delimiter, "{text:?}");
        }
    }
}
