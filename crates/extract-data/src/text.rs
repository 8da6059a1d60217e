//! Lines of text that a regex matches: a row for each match, its columns from the regex's named groups.

use base::Span;
use extract::{
    Builder, Context, DOCUMENT_LIMIT, Data, Document, Extractor, Mapping, Output, Piece, Places, Problem, ProblemKind,
    Request, SourceFile, Stream, SyntaxError, Unread,
};
use facts::{Format, InputSource, RowPlace};
use regex::{Captures, Regex};

use crate::json::json;
use crate::unready::Unready;

/// `from text "glob" matches /re/`.
pub(crate) const TEXT: Unready = Unready { name: "text", version: 1, ready, declare: |_| None, transcriber: |_| None };

struct Ready {
    mappings: Vec<(Mapping, Regex)>,
}

fn regex_of(source: &InputSource) -> Option<&str> {
    source.formats.iter().find_map(|format| match format {
        Format::Text { regex } => Some(&**regex),
        _ => None,
    })
}

fn ready(request: &Request, problems: &mut Vec<Problem>) -> Box<dyn Extractor> {
    let mappings = Mapping::of(request, false, |source| regex_of(source).is_some(), problems).into_iter();
    let compile = |mapping: Mapping| match Regex::new(regex_of(mapping.source()).unwrap_or_default()) {
        Ok(regex) => Some((mapping, regex)),
        Err(error) => {
            let message = format!("the regex of the input `{}` cannot be used: {error}", mapping.decl().name);
            let relation = Some(mapping.decl().name.clone());
            problems.push(Problem { relation, ..Problem::plain("E0808", ProblemKind::Error, message) });
            None
        }
    };
    Box::new(Ready { mappings: mappings.filter_map(compile).collect() })
}

impl Extractor for Ready {
    fn name(&self) -> &'static str {
        TEXT.name
    }

    fn version(&self) -> u32 {
        TEXT.version
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        self.mappings.iter().any(|(mapping, _)| mapping.matches(path))
    }

    fn limit(&self) -> u64 {
        DOCUMENT_LIMIT
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let mut lines = self.lines(file.path);
        lines.piece(Piece { text: file.text, offset: 0, line: 1 }, out);
        lines.finish(out);
    }

    fn stream<'a>(&'a self, path: &'a str, _head: &str, _request: &'a Request) -> Option<Box<dyn Stream + 'a>> {
        Some(Box::new(self.lines(path)))
    }

    fn unread(&self, path: &str, reason: &Unread, _request: &Request, out: &mut Output<'_>) {
        // Globs of text inputs are wide, and what is no text has no lines.
        if *reason == Unread::Binary {
            return;
        }
        let mappings = self.mappings.iter().map(|(mapping, _)| mapping).filter(|mapping| mapping.matches(path));
        let mappings: Vec<&Mapping> = mappings.collect();
        Mapping::unread(&mappings, None, RowPlace::default(), &format!("the file is skipped: {reason}"), out);
    }
}

impl Ready {
    fn lines<'a>(&'a self, path: &'a str) -> Lines<'a> {
        Lines { path, runs: self.mappings.iter().filter(|(mapping, _)| mapping.matches(path)).collect() }
    }
}

struct Lines<'a> {
    path: &'a str,
    runs: Vec<&'a (Mapping, Regex)>,
}

impl Stream for Lines<'_> {
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>) {
        let places = Places::within(piece.text, piece.offset, piece.line);
        let context = Context { path: self.path, places: &places, json, headings: None };
        for (mapping, regex) in &self.runs {
            let mut start = 0;
            for line in piece.text.split_inclusive('\n') {
                let bare = line.trim_end_matches(['\n', '\r']);
                for captures in regex.captures_iter(bare) {
                    // A match has a handful of groups: far fewer than a document may have values.
                    let Ok(mut document) = matched(regex, &captures, start) else { continue };
                    if mapping.counts(&mut document, &context, out) {
                        mapping.rows(&mut document, &context, out);
                    }
                }
                start += line.len();
            }
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        for (mapping, _) in &self.runs {
            mapping.evidence(out);
        }
    }
}

/// A match as a document: an object of its named groups.
fn matched<'t>(regex: &Regex, captures: &Captures<'t>, line: usize) -> Result<Document<'t>, SyntaxError> {
    let mut builder = Builder::new();
    let span = |found: regex::Match<'_>| Span::new(line + found.start(), line + found.end());
    let whole = captures.get(0).map_or(Span::at(line), span);
    builder.open(whole, Data::Object(Vec::new()))?;
    for name in regex.capture_names().flatten() {
        if let Some(group) = captures.name(name) {
            builder.key(name.to_owned().into());
            builder.scalar(span(group), Data::Text(group.as_str().into()))?;
        }
    }
    builder.close(whole.end as usize);
    Ok(builder.finish())
}
