//! Byte offsets as positions of the protocol and back, in the encoding that was agreed on; diagnostics and edits.

use std::sync::Arc;

use base::{LineIndex, Span};
use lsp_types::{Position, PositionEncodingKind, Range};

/// What characters of a position count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, where nothing was agreed on.
    #[default]
    Utf16,
    /// Unicode scalars.
    Utf32,
}

impl Encoding {
    /// The best of those that the client offers.
    pub fn of(offered: &[PositionEncodingKind]) -> Encoding {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Encoding::Utf32
        } else {
            Encoding::Utf16
        }
    }

    /// As the protocol names it.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// How many units a text has.
    pub fn length(self, text: &str) -> usize {
        text.chars().map(|c| self.width(c)).sum()
    }
}

/// Where each line begins, of a text in which a lone `\r` ends some: what editors take for a line end and the compiler does not.
pub fn breaks(text: &str) -> Option<Arc<[u32]>> {
    let bytes = text.as_bytes();
    let ends = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    let lone = |at: usize| bytes[at] == b'\r' && ends(at);
    if !(text.contains('\r') && (0..bytes.len()).any(lone)) {
        return None;
    }
    let starts = (0..bytes.len()).filter(|at| ends(*at)).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
    Some(std::iter::once(0).chain(starts).collect())
}

/// A text with its lines, in an encoding.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    /// The text.
    pub text: &'a str,
    /// Where its lines begin.
    pub index: &'a LineIndex,
    /// The same where a lone `\r` ends a line.
    pub breaks: Option<&'a [u32]>,
    /// What positions count.
    pub encoding: Encoding,
}

impl Lines<'_> {
    fn line_start(&self, line: usize) -> Option<usize> {
        match self.breaks {
            Some(breaks) => breaks.get(line).map(|start| *start as usize),
            None => self.index.line_start(line),
        }
    }

    /// The byte at a position; beyond the end of a line its end, beyond the last line the end of the text.
    pub fn offset(&self, position: Position) -> usize {
        let Some(start) = self.line_start(position.line as usize) else { return self.text.len() };
        let end = self.line_start(position.line as usize + 1).unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let (mut units, wanted) = (0, position.character as usize);
        for (at, c) in line.char_indices() {
            if units >= wanted {
                return start + at;
            }
            units += self.encoding.width(c);
        }
        start + line.len()
    }

    /// The position of a byte.
    pub fn position(&self, at: usize) -> Position {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = match self.breaks {
            Some(breaks) => breaks.partition_point(|start| *start as usize <= at) - 1,
            None => self.index.line(at),
        };
        let start = self.line_start(line).unwrap_or(0);
        Position::new(line as u32, self.encoding.length(&self.text[start..at]) as u32)
    }

    /// The range of a span.
    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start as usize), self.position(span.end as usize))
    }

    /// The span of a range; of one that is upside down the empty one at its start.
    pub fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_what_was_agreed_on() {
        let text = "a\r\nß𝄞x\n";
        let index = LineIndex::new(text);
        for (encoding, character) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            let lines = Lines { text, index: &index, breaks: None, encoding };
            let at = text.find('x').unwrap();
            assert_eq!(lines.position(at), Position::new(1, character));
            assert_eq!(lines.offset(Position::new(1, character)), at);
            assert_eq!(lines.offset(Position::new(0, 99)), 1);
            assert_eq!(lines.offset(Position::new(99, 0)), text.len());
            // Inside of a character.
            assert!(text.is_char_boundary(lines.offset(Position::new(1, 2))));
        }
    }

    #[test]
    fn a_lone_return_ends_a_line() {
        let text = "a\rb\r\nc\n\rd\r";
        let (index, breaks) = (LineIndex::new(text), breaks(text).unwrap());
        let lines = Lines { text, index: &index, breaks: Some(&breaks), encoding: Encoding::Utf16 };
        let found: Vec<Position> = ['a', 'b', 'c', 'd'].map(|c| lines.position(text.find(c).unwrap())).to_vec();
        assert_eq!(found, [0, 1, 2, 4].map(|line| Position::new(line, 0)));
        assert_eq!(lines.position(text.len()), Position::new(5, 0));
        for at in 0..=text.len() {
            // Between `\r` and `\n` there is no position of its own.
            assert!(at == 4 || lines.offset(lines.position(at)) == at, "{at}");
        }
        assert_eq!(lines.offset(Position::new(0, 9)), 1);
        assert!(super::breaks("a\r\nb\n").is_none());
    }

    #[test]
    fn encodings_are_chosen_from_what_is_offered() {
        let offered = |kinds: &[PositionEncodingKind]| Encoding::of(kinds);
        assert_eq!(offered(&[]), Encoding::Utf16);
        assert_eq!(offered(&[PositionEncodingKind::UTF16, PositionEncodingKind::UTF8]), Encoding::Utf8);
        assert_eq!(offered(&[PositionEncodingKind::UTF32]), Encoding::Utf32);
        assert_eq!(offered(&[PositionEncodingKind::UTF16, PositionEncodingKind::UTF32]), Encoding::Utf16);
    }
}
