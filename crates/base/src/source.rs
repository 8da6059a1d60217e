//! Source texts, byte spans, and the way from a byte to the line and column a person reads.

use std::sync::Arc;

/// A text registered in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Half-open range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// The empty range before byte `at`.
    pub fn at(at: usize) -> Self {
        Span::new(at, at)
    }

    /// The smallest range that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes further on.
    pub fn shift(self, by: usize) -> Span {
        Span::new(self.start as usize + by, self.end as usize + by)
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the byte lies inside.
    pub fn contains(self, at: usize) -> bool {
        (self.start as usize) <= at && at < self.end as usize
    }

    /// The range as `std` writes it, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn clamp(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A range of bytes in a registered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Which text.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// A position as people count: both from 1, columns in Unicode scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalars, from 1.
    pub column: u32,
}

/// Where each line of a text begins.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`. A line ends with `\n`; `\r` before it belongs to the line.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        // Searched for a word at a time: texts may have hundreds of megabytes.
        starts.extend(text.match_indices('\n').map(|(at, _)| clamp(at + 1)));
        LineIndex { starts }
    }

    /// Line (from 0) that holds byte `at`.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= at) - 1
    }

    /// First byte of line `line` (from 0), if there is such a line.
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.starts.get(line).map(|&at| at as usize)
    }

    /// Number of lines; a text that ends with a line break has an empty last one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The position of byte `at` of `text`, the text this index was made from.
    pub fn line_column(&self, text: &str, at: usize) -> LineColumn {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line(at);
        let start = self.starts[line] as usize;
        LineColumn { line: clamp(line + 1), column: clamp(text[start..at].chars().count() + 1) }
    }
}

#[derive(Debug)]
struct Source {
    path: Arc<str>,
    text: Arc<str>,
    index: LineIndex,
}

/// The texts that diagnostics and places speak of, by [`FileId`]. A clone shares the texts.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    sources: Vec<Arc<Source>>,
}

impl SourceMap {
    /// A map without texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a text under the path that people shall read.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let index = LineIndex::new(&text);
        self.sources.push(Arc::new(Source { path: path.into(), text, index }));
        FileId(clamp(self.sources.len() - 1))
    }

    /// Gives a registered text another content; clones made before keep the old one.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        let text = text.into();
        let index = LineIndex::new(&text);
        let source = &mut self.sources[file.0 as usize];
        *source = Arc::new(Source { path: source.path.clone(), text, index });
    }

    /// The path that the text was registered under.
    pub fn path(&self, file: FileId) -> &Arc<str> {
        &self.sources[file.0 as usize].path
    }

    /// The text.
    pub fn text(&self, file: FileId) -> &Arc<str> {
        &self.sources[file.0 as usize].text
    }

    /// The text's line index.
    #[expect(clippy::should_implement_trait, reason = "it is the file's line index, not an indexing operation")]
    pub fn index(&self, file: FileId) -> &LineIndex {
        &self.sources[file.0 as usize].index
    }

    /// The position of byte `at`.
    pub fn line_column(&self, file: FileId, at: usize) -> LineColumn {
        self.index(file).line_column(self.text(file), at)
    }

    /// `path:line:column` of the start of a place.
    pub fn locate(&self, place: Place) -> String {
        let LineColumn { line, column } = self.line_column(place.file, place.span.start as usize);
        format!("{}:{line}:{column}", self.path(place.file))
    }

    /// All registered texts' ids, in the order of registration.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..clamp(self.sources.len())).map(FileId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let mut map = SourceMap::new();
        let file = map.add("a.law", "é(x)\nb\n");
        assert_eq!(map.line_column(file, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(map.line_column(file, 2), LineColumn { line: 1, column: 2 });
        assert_eq!(map.line_column(file, 6), LineColumn { line: 2, column: 1 });
        assert_eq!(map.line_column(file, 99), LineColumn { line: 3, column: 1 });
    }
}
