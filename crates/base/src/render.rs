//! Diagnostics as people read them: with source excerpts, aligned, coloured where wanted.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet, renderer::DecorStyle};

use crate::{Diagnostic, FileId, Fix, Place, Severity, SourceMap};

/// How diagnostics are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderStyle {
    /// Without escape sequences.
    Plain,
    /// With colors for a terminal.
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
            let mut annotation = kind.span(clip(sources, label.place));
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
    let mut groups = vec![group];
    groups.extend(diagnostic.fixes.iter().filter_map(|fix| mended(fix, sources)));
    let renderer = match style {
        RenderStyle::Plain => Renderer::plain(),
        RenderStyle::Colored => Renderer::styled(),
    };
    // Lines are drawn whole on any terminal: outputs must not depend on its width.
    renderer.decor_style(DecorStyle::Ascii).term_width(1000).render(&groups)
}

/// The lines as a fix would leave them. A fix of many lines, such as one that puts a file into form, is not shown.
fn mended<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Option<Group<'a>> {
    const SHOWN: usize = 4;
    let file = fix.edits.first()?.0.file;
    let one_file = fix.edits.iter().all(|(place, _)| place.file == file);
    let lines = |(place, text): &(Place, String)| {
        text.matches('\n').count() + sources.text(file)[clip(sources, *place)].matches('\n').count()
    };
    if !one_file || fix.edits.iter().map(lines).sum::<usize>() > SHOWN || fix.edits.len() > SHOWN {
        return None;
    }
    let mut snippet = Snippet::source(sources.text(file).as_ref()).path(sources.path(file).as_ref()).fold(true);
    for (place, text) in &fix.edits {
        snippet = snippet.patch(Patch::new(clip(sources, *place), text.as_str()));
    }
    Some(Group::with_title(Level::HELP.secondary_title(fix.title.as_str())).element(snippet))
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

/// The range of a place, brought inside its text and onto character limits.
fn clip(sources: &SourceMap, place: Place) -> std::ops::Range<usize> {
    let text = sources.text(place.file);
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let range = place.span.range();
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
    fn fixes_show_the_mended_line() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.law", "p(1)\nq(1) && r(1).\n");
        let place = |start, end| Place { file, span: Span::new(start, end) };
        let fix = |title: &str, at, text: &str| Fix { title: title.into(), edits: vec![(at, text.into())], safe: true };
        let diagnostic = Diagnostic::error("E0101", place(4, 4), "no stop").fix(fix("add the stop", place(4, 4), "."));
        let text = render(&diagnostic, &sources, RenderStyle::Plain);
        assert!(text.contains("help: add the stop\n") && text.contains("1 | p(1).\n  |     +"), "{text}");
        let diagnostic = Diagnostic::error("E0107", place(9, 11), "`&&`").fix(fix("write `,`", place(9, 12), ","));
        let text = render(&diagnostic, &sources, RenderStyle::Plain);
        assert!(text.contains("q(1), r(1)") || text.contains("q(1),r(1)") || text.contains("q(1) ,r(1)"), "{text}");
        let long = Diagnostic::error("E0101", place(4, 4), "x").fix(fix("form", place(0, 4), "\n\n\n\n\n\n"));
        assert!(!render(&long, &sources, RenderStyle::Plain).contains("form"));
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
