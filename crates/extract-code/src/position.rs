//! Lines and columns of bytes, in time that does not depend on how long a line is.

use base::{LineIndex, Span};
use facts::RowPlace;

use crate::notebook::Notebook;

/// Distance in bytes between two places at which characters were counted.
const STEP: usize = 256;

/// Where the characters of a text stand.
pub struct Positions<'a> {
    text: &'a str,
    lines: LineIndex,
    /// Characters before each multiple of [`STEP`] bytes; none where every byte is a character.
    counts: Option<Vec<u32>>,
    /// Where bytes are those of a notebook's code: that notebook, the text being the file it is in.
    notebook: Option<&'a Notebook>,
}

impl<'a> Positions<'a> {
    /// Counts through `text`.
    pub fn new(text: &'a str) -> Self {
        let counts = (!text.is_ascii()).then(|| {
            let mut counted = 0;
            text.as_bytes()
                .chunks(STEP)
                .map(|chunk| {
                    let before = counted;
                    counted += starts(chunk);
                    before
                })
                .collect()
        });
        Positions { text, lines: LineIndex::new(text), counts, notebook: None }
    }

    /// Places in the file of a notebook for bytes of its code.
    pub fn within(file: &'a str, notebook: &'a Notebook) -> Self {
        Positions { notebook: Some(notebook), ..Positions::new(file) }
    }

    /// Lines of the text; an empty last line does not count.
    pub fn lines(&self) -> usize {
        self.lines.lines() - usize::from(self.text.is_empty() || self.text.ends_with('\n'))
    }

    /// The place of a range of bytes.
    pub fn place(&self, span: Span) -> RowPlace {
        let span = self.notebook.map_or(span, |notebook| notebook.place(span));
        let at = span.start as usize;
        let line = self.lines.line(at);
        let start = self.lines.line_start(line).unwrap_or(0);
        RowPlace {
            start: span.start,
            end: span.end,
            line: line as u32 + 1,
            column: self.characters(at) - self.characters(start) + 1,
        }
    }

    /// Characters before byte `at`.
    fn characters(&self, at: usize) -> u32 {
        let at = at.min(self.text.len());
        match &self.counts {
            None => at as u32,
            Some(counts) => {
                let step = at / STEP;
                let Some(&before) = counts.get(step) else {
                    return counts
                        .last()
                        .map_or(0, |&last| last + starts(&self.text.as_bytes()[(counts.len() - 1) * STEP..at]));
                };
                before + starts(&self.text.as_bytes()[step * STEP..at])
            }
        }
    }
}

/// How many characters begin in these bytes.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_agree_with_the_line_index_everywhere() {
        for text in ["", "a\nb", "é(x)\n\u{1f600}b\n", &"äb\u{1f600}\n".repeat(300), &"é".repeat(1024)] {
            let positions = Positions::new(text);
            let index = LineIndex::new(text);
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let place = positions.place(Span::at(at));
                let expected = index.line_column(text, at);
                assert_eq!((place.line, place.column), (expected.line, expected.column), "byte {at}");
            }
        }
    }
}
