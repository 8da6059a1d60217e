//! JSON Lines of any size: a value a line, read in pieces, nothing kept but rows.

use extract::{Context, Mapping, Output, Piece, Places, Stream};

use crate::documents::{broken, map};
use crate::json::{Values, json};

/// The longest value that is put together over the limits of pieces.
const MAX_CARRY: usize = 16 << 20;

/// A reader in pieces if the file looks like JSON Lines: its first two lines are values of their own, or its only one is
/// and its name says so.
pub(crate) fn stream<'a>(mappings: &'a [Mapping], path: &'a str, head: &str) -> Option<Box<dyn Stream + 'a>> {
    let name = path.strip_suffix(".gz").unwrap_or(path);
    let named = [".jsonl", ".ndjson", ".jsonlines"].iter().any(|end| name.ends_with(end));
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = [lines.next(), lines.next()];
    let value = |line: Option<&str>| line.map(|line| json(line).is_ok());
    // A first line longer than the head cannot be judged; then the name decides.
    let cut = !head.contains('\n');
    let streams = match (value(lines[0]), value(lines[1])) {
        (Some(true), Some(true)) => lines[0].is_some_and(|line| line.starts_with(['{', '['])),
        (Some(true), _) => named,
        (Some(false), None) => named && cut,
        _ => false,
    };
    let mappings = mappings.iter().filter(|mapping| mapping.matches(path)).collect();
    streams.then(|| Box::new(JsonLines { mappings, path, carry: String::new(), start: (0, 1) }) as Box<dyn Stream + 'a>)
}

struct JsonLines<'a> {
    mappings: Vec<&'a Mapping>,
    path: &'a str,
    /// The beginning of a value that goes on in the next piece, and where it stands: some files turn out not to keep to
    /// a value a line.
    carry: String,
    start: (u64, u32),
}

impl JsonLines<'_> {
    fn read(&mut self, text: &str, last: bool, out: &mut Output<'_>) {
        let places = Places::within(text, self.start.0, self.start.1);
        let context = Context { path: self.path, places: &places, json, headings: None };
        let mut values = Values::new(text);
        while let Some((start, value)) = values.next() {
            match value {
                Ok(mut document) => map(&self.mappings, &mut document, &context, out),
                Err(error) if error.at == text.len() && !last && text.len() - start < MAX_CARRY => {
                    self.carry = text[start..].to_owned();
                    self.start = (self.start.0 + start as u64, places.line(start));
                    return;
                }
                Err(error) => {
                    // A torn line costs itself.
                    let end =
                        memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end + 1);
                    broken(&self.mappings, &text[start..end], &error, &places, out);
                    values.skip_to(end);
                }
            }
        }
    }
}

impl Stream for JsonLines<'_> {
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>) {
        if self.carry.is_empty() {
            self.start = (piece.offset, piece.line);
            return self.read(piece.text, false, out);
        }
        let joined = std::mem::take(&mut self.carry) + piece.text;
        self.read(&joined, false, out);
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        let rest = std::mem::take(&mut self.carry);
        self.read(&rest, true, out);
    }
}
