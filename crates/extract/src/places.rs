//! From bytes to lines and columns, many times over one text: places mostly come in ascending order, so the
//! column of the last one is where counting goes on.

use std::cell::Cell;

use base::{LineIndex, Span};
use facts::RowPlace;

/// The places of a text, or of a piece out of a longer one.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t str,
    index: LineIndex,
    ascii: bool,
    offset: u64,
    line: u32,
    last: Cell<(usize, u32)>,
    last_line: Cell<usize>,
}

impl<'t> Places<'t> {
    /// The places of a whole file.
    pub fn new(text: &'t str) -> Self {
        Places::within(text, 0, 1)
    }

    /// The places of a piece that begins at byte `offset`, on line `line` (from 1), of its file.
    pub fn within(text: &'t str, offset: u64, line: u32) -> Self {
        let index = LineIndex::new(text);
        Places { text, index, ascii: text.is_ascii(), offset, line, last: Cell::new((0, 1)), last_line: Cell::new(0) }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The place of a range of bytes.
    pub fn place(&self, span: Span) -> RowPlace {
        let at = (span.start as usize).min(self.text.len());
        let line = self.line_within(at);
        let file = |at: u32| u32::try_from(self.offset + u64::from(at)).unwrap_or(u32::MAX);
        RowPlace {
            start: file(span.start),
            end: file(span.end),
            line: self.line.saturating_add(line as u32),
            column: self.column(line, at),
        }
    }

    /// The line (from 1) of a byte.
    pub fn line(&self, at: usize) -> u32 {
        self.line.saturating_add(self.line_within(at.min(self.text.len())) as u32)
    }

    /// The line of the text: mostly that of the last place, or the next one.
    fn line_within(&self, at: usize) -> usize {
        let last = self.last_line.get();
        let begins = |line: usize| self.index.line_start(line).is_some_and(|start| start <= at);
        let found = (last..last + 2).find(|&line| begins(line) && !begins(line + 1));
        let line = found.unwrap_or_else(|| self.index.line(at));
        self.last_line.set(line);
        line
    }

    fn column(&self, line: usize, at: usize) -> u32 {
        let start = self.index.line_start(line).unwrap_or(0);
        if self.ascii {
            return (at - start) as u32 + 1;
        }
        let (last, column) = self.last.get();
        let (from, column) = if start <= last && last <= at { (last, column) } else { (start, 1) };
        let passed = &self.text.as_bytes()[from..at];
        // Every byte of a UTF-8 character but its first is 0b10xxxxxx.
        let column = column + passed.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u32;
        self.last.set((at, column));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_in_any_order_of_asking() {
        let text = "é,ü,x\nß,z";
        let places = Places::within(text, 100, 7);
        let at = |byte| {
            let place = places.place(Span::at(byte));
            (place.start, place.line, place.column)
        };
        assert_eq!(at(0), (100, 7, 1));
        assert_eq!(at(6), (106, 7, 5));
        assert_eq!(at(3), (103, 7, 3));
        assert_eq!(at(11), (111, 8, 3));
        assert_eq!(at(6), (106, 7, 5));
        assert_eq!(at(999), (1099, 8, 4));
    }
}
