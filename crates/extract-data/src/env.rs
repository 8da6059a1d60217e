//! `.env` files: one object of texts. `export`, quotes, comments and values over several lines are read; `${OTHER}` stays as it
//! is, since what it means is decided where the file is used.

use std::borrow::Cow;

use base::Span;
use extract::{Builder, Data, Document, SyntaxError};

use crate::documents::Each;

/// The document of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    each(document(text));
}

fn document(text: &str) -> Result<Document<'_>, SyntaxError> {
    let mut builder = Builder::new();
    builder.open(Span::new(0, text.len()), Data::Object(Vec::new()))?;
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let line = &text[at..end];
        let Some((name, value)) = assignment(line) else {
            at = end + 1;
            continue;
        };
        let start = at + value;
        let (span, value, next) = read_value(text, start, end);
        builder.key(Cow::Borrowed(name));
        builder.scalar(span, Data::Text(value))?;
        at = line_end(text, next) + 1;
    }
    builder.close(text.len());
    Ok(builder.finish())
}

fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

/// The name that a line assigns to, and where in the line the value begins. Lines that assign nothing say nothing.
fn assignment(line: &str) -> Option<(&str, usize)> {
    let (left, right) = line.split_at(line.find('=')?);
    let name = left.trim();
    let name = name.strip_prefix("export ").or(name.strip_prefix("set ")).unwrap_or(name).trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let blank = right[1..].len() - right[1..].trim_start().len();
    plain.then_some((name, left.len() + 1 + blank))
}

/// The value that begins at `start` of a line that ends at `end`: where it stands, what it is, and the byte behind it.
fn read_value(text: &str, start: usize, end: usize) -> (Span, Cow<'_, str>, usize) {
    let quote = text[start.min(end)..end].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = quote
        && let Some(close) = closing(text, start + 1, quote)
    {
        let raw = &text[start + 1..close];
        let value = if quote == '"' { unescape(raw) } else { Cow::Borrowed(raw) };
        return (Span::new(start + 1, close), value, close + 1);
    }
    let line = &text[start.min(end)..end];
    // A comment begins with a `#` at the start or after a blank; `a#b` holds one.
    let comment =
        line.char_indices().find(|&(at, c)| c == '#' && line[..at].chars().next_back().is_none_or(char::is_whitespace));
    let value = line[..comment.map_or(line.len(), |(at, _)| at)].trim_end();
    (Span::new(start, start + value.len()), Cow::Borrowed(value), end)
}

/// The quote that closes; only double quotes can be escaped. What never closes is no quoted value.
fn closing(text: &str, start: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(start + at),
            _ => {}
        }
    }
    None
}

fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(c @ ('"' | '\\' | '$')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    Cow::Owned(out)
}
