//! Diagnostics as people read them: with source excerpts, aligned, coloured where wanted.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use crate::{Diagnostic, FileId, Severity, SourceMap};

/// How diagnostics are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderStyle {
    /// Without escape sequences.
    Plain,
    /// With colours for a terminal.
    Colored,
}

/// One diagnostic, without a line break at its end.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, style: RenderStyle) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut group = match &diagnostic.primary {
        Some(_) => Group::with_title(title),
        None => title.elements(Vec::<annotate_snippets::Message>::new()),
    };
    for file in files(diagnostic) {
        let mut snippet = Snippet::source(sources.text(file).as_ref()).path(sources.path(file).as_ref()).fold(true);
        let labels = diagnostic
            .primary
            .iter()
            .map(|label| (label, AnnotationKind::Primary))
            .chain(diagnostic.secondary.iter().map(|label| (label, AnnotationKind::Context)));
        for (label, kind) in labels.filter(|(label, _)| label.place.file == file) {
            let mut annotation = kind.span(clip(sources, label));
            if !label.text.is_empty() {
                annotation = annotation.label(label.text.as_str());
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match style {
        RenderStyle::Plain => Renderer::plain(),
        RenderStyle::Colored => Renderer::styled(),
    };
    // Lines are drawn whole on any terminal: outputs must not depend on its width.
    renderer.decor_style(DecorStyle::Ascii).term_width(1000).render(&[group])
}

/// Several diagnostics, parted by blank lines, with a line break at the end unless there are none.
pub fn render_all(diagnostics: &[Diagnostic], sources: &SourceMap, style: RenderStyle) -> String {
    diagnostics.iter().map(|diagnostic| render(diagnostic, sources, style) + "\n\n").collect()
}

/// The files a diagnostic speaks of, that of its primary place first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files: Vec<FileId> = Vec::new();
    for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
        if !files.contains(&label.place.file) {
            files.push(label.place.file);
        }
    }
    files
}

/// The label's range, brought inside its text and onto character limits.
fn clip(sources: &SourceMap, label: &crate::Label) -> std::ops::Range<usize> {
    let text = sources.text(label.place.file);
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let range = label.place.span.range();
    floor(range.start)..floor(range.end.max(range.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Place, Span};

    #[test]
    fn excerpt_help_and_other_places() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.law", "p(x) :- q(y).\nq(1).\n");
        let place = |start, end| Place { file, span: Span::new(start, end) };
        let diagnostic = Diagnostic::error("E0420", place(2, 3), "`x` is not bound")
            .label("stands in the head")
            .also(place(8, 12), "binds only `y`")
            .help("use `x` in a positive atom");
        let text = render(&diagnostic, &sources, RenderStyle::Plain);
        assert!(text.starts_with("error[E0420]: `x` is not bound\n --> a.law:1:3\n"), "{text}");
        assert!(text.contains("help: use `x`"), "{text}");
        println!("{text}");
    }

    #[test]
    fn without_place_and_out_of_range() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.law", "é");
        let plain = Diagnostic::plain("E0910", Severity::Error, "no such folder").help("create it");
        let text = render(&plain, &sources, RenderStyle::Plain);
        assert!(text.starts_with("error[E0910]: no such folder"), "{text}");
        let wild = Diagnostic::error("E0102", Place { file, span: Span::new(1, 99) }, "wild");
        render(&wild, &sources, RenderStyle::Plain);
    }
}
