//! Links: what a policy names that stands elsewhere. Pages, the wording of criteria, files that inputs and tests read.

use base::{FileId, Place, Span};
use syntax::ast::{ItemKind, StatementKind};
use syntax::scan::{TokenKind, scan};

use crate::Snapshot;
use crate::names::NameKind;
use crate::navigate::declaration;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page.
    Url(String),
    /// A file or folder, from the folder of the policy.
    Beside(String),
    /// A file, from the root of what is looked at.
    Root(String),
    /// A place in a policy.
    Place(Place),
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The text that links.
    pub span: Span,
    /// Where to.
    pub target: LinkTarget,
    /// What is there, in words; empty where the text says it.
    pub about: String,
}

/// The links of a file.
pub fn links(snapshot: &Snapshot, file: FileId) -> Vec<Link> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let text: &str = snapshot.text(file);
    let mut found = Vec::new();
    for item in &parse.module.items {
        match &item.kind {
            ItemKind::Test(test) => {
                for statement in &test.statements {
                    if let StatementKind::GivenFiles(folder) = &statement.kind {
                        let target = LinkTarget::Beside(folder.text.to_string());
                        found.push(Link { span: inside(text, folder.span), target, about: String::new() });
                    }
                }
            }
            ItemKind::Input(input) => {
                // A glob leads to many files.
                let files = input.sources.iter().filter(|source| source.language.is_none());
                for pattern in
                    files.map(|source| &source.pattern).filter(|name| !name.text.contains(['*', '?', '[', '{']))
                {
                    let target = LinkTarget::Root(pattern.text.to_string());
                    found.push(Link { span: inside(text, pattern.span), target, about: String::new() });
                }
            }
            _ => {}
        }
    }
    found.extend(criteria(snapshot, file));
    for token in scan(text) {
        if token.is_comment() || token.kind == TokenKind::Text {
            pages(token.text(text), token.span.start as usize, &mut found);
        }
    }
    found.sort_by_key(|link| link.span);
    found
}

/// Criteria that controls name lead to their wording.
fn criteria(snapshot: &Snapshot, file: FileId) -> Vec<Link> {
    let names = snapshot.names(file);
    let named = names.all.iter().filter(|name| matches!(name.kind, NameKind::Criterion { declared: false, .. }));
    let link = |name: &crate::names::Name| {
        let place = declaration(snapshot, file, name.span.end as usize).places.into_iter().next()?;
        let about = crate::hover::hover(snapshot, file, name.span.end as usize).map(|hover| hover.text);
        // The wording is what hovers say below their heading.
        let about = about.and_then(|text| text.lines().rfind(|line| !line.trim().is_empty()).map(str::to_owned));
        Some(Link { span: name.span, target: LinkTarget::Place(place), about: about.unwrap_or_default() })
    };
    named.filter_map(link).collect()
}

/// Addresses of pages in a text that begins at a byte.
fn pages(written: &str, start: usize, found: &mut Vec<Link>) {
    for (at, _) in written.match_indices("https://").chain(written.match_indices("http://")) {
        let rest = &written[at..];
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '>' | '<' | '`' | '{')).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', ')', ';', ':']);
        let span = Span::new(start + at, start + at + url.len());
        found.push(Link { span, target: LinkTarget::Url(url.to_owned()), about: String::new() });
    }
}

/// The inside of a quoted text.
fn inside(text: &str, span: Span) -> Span {
    match text[span.range()].starts_with('"') && span.len() >= 2 {
        true => Span { start: span.start + 1, end: span.end - 1 },
        false => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    const TEXT: &str = "use std.soc2\n\n/// See https://example.org/a.\ninput r(x: string) from csv \"data/r.csv\"\n    from csv \"data/**/*.csv\"\n\ncontrol C-1 \"Title\" {\n    docs: \"https://example.org\"\n    maps: soc2/CC6.1, nist/\"GOVERN 6.1\", soc2/X\n    scope(x) :- r(x).\n}\n\ntest \"t\" {\n    given files \"fixtures/a\"\n    expect pass C-1\n}\n";

    #[test]
    fn links_lead_to_pages_files_and_criteria() {
        let fixture = Fixture::new(TEXT);
        let snapshot = &fixture.snapshot;
        let shown: Vec<String> = links(snapshot, fixture.file)
            .into_iter()
            .map(|link| {
                let target = match link.target {
                    LinkTarget::Url(url) => url,
                    LinkTarget::Beside(path) => format!("beside {path}"),
                    LinkTarget::Root(path) => format!("root {path}"),
                    LinkTarget::Place(place) => {
                        let path = snapshot.sources.path(place.file);
                        format!("{path} {} ({})", &snapshot.text(place.file)[place.span.range()], link.about)
                    }
                };
                format!("{} -> {target}", &fixture.text()[link.span.range()])
            })
            .collect();
        let expected = [
            "https://example.org/a -> https://example.org/a",
            "data/r.csv -> root data/r.csv",
            "https://example.org -> https://example.org",
            "CC6.1 -> lawbook:std/soc2.law CC6.1 (Access is restricted)",
            "\"GOVERN 6.1\" -> lawbook:std/soc2.law \"GOVERN 6.1\" (Third parties)",
            "fixtures/a -> beside fixtures/a",
        ];
        assert_eq!(shown, expected);
    }
}
