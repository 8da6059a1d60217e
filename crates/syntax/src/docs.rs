//! Documentation comments: which node each belongs to. A `///` documents what follows it, with nothing but
//! blanks and other comments between; one that nothing takes is told.

use base::{Diagnostic, FileId, Place, Span};

use crate::ast::Doc;
use crate::codes;
use crate::scan::{Token, TokenKind};

/// The documentation of a piece that no node has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Docs {
    /// Comments in the order of the text, and whether each is documentation.
    comments: Vec<(Span, bool)>,
    taken: Vec<bool>,
}

impl Docs {
    /// The comments among `tokens`.
    pub fn of(tokens: &[Token]) -> Self {
        let comments: Vec<(Span, bool)> = tokens
            .iter()
            .filter(|token| token.is_comment())
            .map(|token| (token.span, token.kind == TokenKind::Doc))
            .collect();
        Docs { taken: vec![false; comments.len()], comments }
    }

    /// Takes the documentation that stands above byte `at`.
    pub fn above(&mut self, at: usize, text: &str) -> Option<Doc> {
        let behind = self.comments.partition_point(|(span, _)| span.start as usize <= at);
        let mut limit = at;
        let mut first = behind;
        let mut last_doc = None;
        while first > 0 {
            let (span, is_doc) = self.comments[first - 1];
            if self.taken[first - 1] || !text[span.end as usize..limit].trim().is_empty() {
                break;
            }
            // A comment behind code on the same line speaks of that code.
            let line = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            if !text[line..span.start as usize].trim_matches(['\u{feff}', ' ', '\t']).is_empty() {
                break;
            }
            limit = span.start as usize;
            first -= 1;
            last_doc = last_doc.or(is_doc.then_some(first));
        }
        last_doc?;
        let docs: Vec<Span> = (first..behind).filter(|&at| self.comments[at].1).map(|at| self.comments[at].0).collect();
        (first..behind).for_each(|at| self.taken[at] = true);
        Some(join(text, &docs))
    }

    /// Warns of documentation that nothing has taken.
    pub fn lost(&self, file: FileId) -> Vec<Diagnostic> {
        let is_lost = |at: usize| self.comments.get(at).is_some_and(|(_, is_doc)| *is_doc) && !self.taken[at];
        // Lines that follow each other are told of once.
        let firsts = (0..self.comments.len()).filter(|&at| is_lost(at) && (at == 0 || !is_lost(at - 1)));
        firsts
            .map(|at| {
                let place = Place { file, span: self.comments[at].0 };
                Diagnostic::warning(codes::LOST_DOC, place, "this documentation has nothing to document")
                    .help("put it above an item, a column or a member of a control, or write `//` for a plain comment")
            })
            .collect()
    }
}

/// The `//!` comments at the start of a file, and warnings of those elsewhere.
pub(crate) fn module_doc(text: &str, tokens: &[Token], file: FileId) -> (Option<Doc>, Vec<Diagnostic>) {
    let header = tokens.iter().take_while(|token| token.is_comment()).count();
    let is_doc = |token: &&Token| token.kind == TokenKind::ModuleDoc;
    let spans: Vec<Span> = tokens[..header].iter().filter(is_doc).map(|token| token.span).collect();
    let warnings = tokens[header..].iter().filter(is_doc).map(|token| {
        Diagnostic::warning(
            codes::LOST_DOC,
            Place { file, span: token.span },
            "`//!` documents the module and stands first in the file",
        )
        .help("move it to the top, or write `///` to document what follows")
    });
    ((!spans.is_empty()).then(|| join(text, &spans)), warnings.collect())
}

fn join(text: &str, spans: &[Span]) -> Doc {
    let lines: Vec<&str> = spans
        .iter()
        .map(|span| {
            let line = &text[span.start as usize + 3..span.end as usize];
            line.strip_prefix(' ').unwrap_or(line).trim_end()
        })
        .collect();
    let span = spans.iter().copied().reduce(Span::cover).unwrap_or_default();
    Doc { text: lines.join("\n").into(), span }
}
