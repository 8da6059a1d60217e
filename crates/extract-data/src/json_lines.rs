//! JSON Lines of any size: a value a line, read in pieces, nothing kept but rows.

use extract::{Context, Mapping, Output, Piece, Places, Stream};

use crate::documents::{broken, map};
use crate::json::{json, json_from};

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
    streams.then(|| Box::new(JsonLines { mappings, path }) as Box<dyn Stream + 'a>)
}

struct JsonLines<'a> {
    mappings: Vec<&'a Mapping>,
    path: &'a str,
}

impl Stream for JsonLines<'_> {
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>) {
        let places = Places::within(piece.text, piece.offset, piece.line);
        let context = Context { path: self.path, places: &places, json, headings: None };
        let mut start = 0;
        while start < piece.text.len() {
            let rest = &piece.text.as_bytes()[start..];
            let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if !piece.text[start..end].trim().is_empty() {
                match json_from(&piece.text[..end], start) {
                    Ok(mut document) => map(&self.mappings, &mut document, &context, out),
                    Err(error) => broken(&self.mappings, &piece.text[start..end], &error, &places, out),
                }
            }
            start = end + 1;
        }
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}
}
