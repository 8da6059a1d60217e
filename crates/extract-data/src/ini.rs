//! INI files, their kin (systemd units, git and pip configuration, `setup.cfg`) and Java properties: sections are objects,
//! a key that is written several times holds a list, one without `=` is true. `[remote "origin"]` is `remote.origin`.

use std::borrow::Cow;

use base::Span;
use extract::{Data, Document, SyntaxError};

use crate::documents::Each;
use crate::merged::{Object, Value};

/// The document of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    each(document(text));
}

/// A key whose value may go on over further lines.
struct Entry<'t> {
    key: Cow<'t, str>,
    /// Where key and value stand.
    span: Span,
    value: Option<String>,
    /// Blanks before the key.
    indent: usize,
}

fn document(text: &str) -> Result<Document<'_>, SyntaxError> {
    let mut root = Object::new(Span::new(0, text.len()));
    let mut section: Vec<(Cow<'_, str>, Span)> = Vec::new();
    let mut open: Option<Entry<'_>> = None;
    let mut joined = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let line = line.trim_end();
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let goes_on = open.as_ref().is_some_and(|entry| joined || (indent > entry.indent && entry.value.is_some()));
        let comment = body.starts_with([';', '#', '!']);
        if goes_on && !body.is_empty() && (joined || !comment) {
            if let Some(entry) = &mut open {
                joined = more(entry, body, at + line.len(), joined);
            }
            continue;
        }
        joined = false;
        if body.is_empty() || comment {
            continue;
        }
        if let Some(entry) = open.take() {
            close(&mut root, &section, entry);
        }
        let whole = Span::new(at + indent, at + line.len());
        if let Some(rest) = body.strip_prefix('[') {
            let Some(end) = rest.rfind(']') else {
                return Err(SyntaxError::new(whole.start as usize, "this section's `[` is never closed"));
            };
            section = names(&rest[..end]).into_iter().map(|name| (name, whole)).collect();
            into(&mut root, &section);
            continue;
        }
        let (key, value) = match body.find(['=', ':']) {
            Some(sign) => (&body[..sign], Some(&body[sign + 1..])),
            None => (uncommented(body), None),
        };
        let mut entry = Entry { key: Cow::Borrowed(key.trim_end()), span: whole, value: None, indent };
        if let Some(value) = value {
            entry.value = Some(String::new());
            joined = more(&mut entry, value.trim_start(), at + line.len(), true);
        }
        open = Some(entry);
    }
    if let Some(entry) = open.take() {
        close(&mut root, &section, entry);
    }
    root.document()
}

/// Adds a line to a value. Returns whether a backslash at its end joins the next one.
fn more(entry: &mut Entry<'_>, line: &str, end: usize, joined: bool) -> bool {
    let value = entry.value.get_or_insert_default();
    if !joined && !value.is_empty() {
        value.push('\n');
    }
    let line = uncommented(line);
    let slashes = line.len() - line.trim_end_matches('\\').len();
    let joins = slashes % 2 == 1;
    value.push_str(if joins { &line[..line.len() - 1] } else { line });
    entry.span = Span::new(entry.span.start as usize, end);
    joins
}

/// A line without the comment that a blank sets apart from it.
fn uncommented(line: &str) -> &str {
    let quoted = line.starts_with(['"', '\'']);
    let comment = |(at, _): &(usize, &str)| line[..*at].ends_with([' ', '\t']);
    let found = line.match_indices([';', '#']).find(comment);
    match found {
        Some((at, _)) if !quoted => line[..at].trim_end(),
        _ => line,
    }
}

fn close<'t>(root: &mut Object<'t>, section: &[(Cow<'t, str>, Span)], entry: Entry<'t>) {
    let data = match entry.value.as_deref().map(str::trim) {
        None => Data::Bool(true),
        Some("") => Data::Null,
        Some(value) => Data::Text(Cow::Owned(unquoted(value).to_owned())),
    };
    into(root, section).add(entry.key, Value::Scalar(entry.span, data));
}

/// The object of a section.
fn into<'o, 't>(mut object: &'o mut Object<'t>, section: &[(Cow<'t, str>, Span)]) -> &'o mut Object<'t> {
    for (name, span) in section {
        object = object.shared(name.clone(), *span);
    }
    object
}

/// `remote "origin"` names a section in a section.
fn names(header: &str) -> Vec<Cow<'_, str>> {
    let header = header.trim();
    match header.split_once([' ', '\t']) {
        Some((name, rest)) if rest.trim().len() > 1 && rest.trim().starts_with('"') && rest.trim().ends_with('"') => {
            vec![Cow::Borrowed(name), Cow::Borrowed(unquoted(rest.trim()))]
        }
        _ => vec![Cow::Borrowed(header)],
    }
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
