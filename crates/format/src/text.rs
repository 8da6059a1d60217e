//! Whole texts, ranges and clauses: what the command and an editor ask for.
//!
//! Line ends are those of the text's first line. A byte order mark goes; the last line ends.

use base::{Diagnostic, FileId, Span};
use syntax::scan::scan;

use crate::check::same_program;
use crate::entries::{Segment, Source};
use crate::table::align_comments;
use crate::writer::Line;

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// A text laid out.
#[derive(Debug, Clone)]
pub struct Formatted {
    /// The whole of it.
    pub text: String,
    /// What changed: small, sorted, apart from each other.
    pub edits: Vec<Edit>,
    /// What the parser says of the text as it was. What could not be parsed is left as it is.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lays out a policy file. `file` is what diagnostics call it.
pub fn format(file: FileId, text: &str) -> Formatted {
    let formatted = lay_out(file, text);
    let new = &formatted.text;
    // Beside what is broken a healthy piece could be read differently once it has moved, or be seen as healthy only then. Then
    // all stays.
    let broken = formatted.diagnostics.iter().any(Diagnostic::is_error);
    if broken && (!same_program(text, new) || lay_out(file, new).text != *new) {
        return Formatted { text: text.to_owned(), edits: Vec::new(), diagnostics: formatted.diagnostics };
    }
    formatted
}

fn lay_out(file: FileId, text: &str) -> Formatted {
    let parse = syntax::parse(file, text);
    let tokens = scan(text);
    let mut errors: Vec<u32> =
        parse.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).filter_map(start).collect();
    errors.sort_unstable();
    let source = Source { text, tokens: &tokens, errors };
    let mut segments = source.file(&parse.pieces);
    align_file(&mut segments);
    let edits = edits(text, &segments);
    Formatted { text: apply(text, &edits), edits, diagnostics: parse.diagnostics }
}

/// The changes to the items that `range` touches.
pub fn format_range(text: &str, range: Span) -> Vec<Edit> {
    let touches = |edit: &Edit| edit.span.start <= range.end && range.start <= edit.span.end;
    format(FileId(0), text).edits.into_iter().filter(touches).collect()
}

/// One clause laid out, without a line break at its end; none where it is broken or no clause.
pub fn format_clause(text: &str) -> Option<String> {
    let formatted = format(FileId(0), text);
    let broken = formatted.diagnostics.iter().any(Diagnostic::is_error);
    (!broken).then(|| formatted.text.trim_end().to_owned())
}

fn start(diagnostic: &Diagnostic) -> Option<u32> {
    diagnostic.primary.as_ref().map(|label| label.place.span.start)
}

/// Comments are aligned over all lines that stand below each other, whatever they belong to.
fn align_file(segments: &mut [Segment]) {
    let mut lines: Vec<Line> = Vec::new();
    for segment in segments.iter_mut() {
        lines.extend(segment.blank.then(Line::default));
        lines.append(&mut segment.lines.clone());
    }
    align_comments(&mut lines);
    let mut lines = lines.into_iter();
    for segment in segments {
        if segment.blank {
            lines.next();
        }
        segment.lines = lines.by_ref().take(segment.lines.len()).collect();
    }
}

/// The line ends of a text.
fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn edits(text: &str, segments: &[Segment]) -> Vec<Edit> {
    let line_end = line_end(text);
    let mut edits = Vec::new();
    let mut at = 0;
    for (number, segment) in segments.iter().enumerate() {
        let between = match (number, segment.blank) {
            (0, _) => String::new(),
            (_, true) => line_end.repeat(2),
            (_, false) => line_end.to_owned(),
        };
        // What stays as it is keeps its line's indentation, which stands before its span.
        let own = rendered(&segment.lines, line_end);
        let start = segment.span.start as usize;
        let (blanks, code) = own.split_at(own.len() - own.trim_start_matches([' ', '\t']).len());
        replace(text, at..start, between + blanks, &mut edits);
        replace(text, start..segment.span.end as usize, code.to_owned(), &mut edits);
        at = segment.span.end as usize;
    }
    let end = if segments.is_empty() { "" } else { line_end };
    replace(text, at..text.len(), end.to_owned(), &mut edits);
    edits
}

fn rendered(lines: &[Line], line_end: &str) -> String {
    let line = |line: &Line| match &line.comment {
        Some(comment) => format!("{} {comment}", line.code),
        None => line.code.clone(),
    };
    lines.iter().map(line).collect::<Vec<_>>().join(line_end)
}

/// An edit of a part of the text, without what stays at its ends.
fn replace(text: &str, range: std::ops::Range<usize>, new: String, edits: &mut Vec<Edit>) {
    let old = &text[range.clone()];
    if old == new {
        return;
    }
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail: usize =
        old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let span = Span::new(range.start + head, range.end - tail);
    edits.push(Edit { span, text: new_rest[..new_rest.len() - tail].to_owned() });
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}
