//! Pest's pairs → the typed tree. The grammar accepts more than the language has; what stands at a place is settled here,
//! where it can be said in words.

pub(crate) mod clause;
pub(crate) mod control;
pub(crate) mod expr;
pub(crate) mod input;
pub(crate) mod item;
pub(crate) mod text;
pub(crate) mod value;

use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Span};
use pest::iterators::{Pair, Pairs};

use crate::ast::{Name, Path};
use crate::docs::Docs;
use crate::grammar::Rule;

/// A node of pest.
pub(crate) type Node<'t> = Pair<'t, Rule>;

/// What building needs to know of the piece.
pub(crate) struct Builder<'t> {
    pub file: FileId,
    /// The whole text.
    pub text: &'t str,
    /// Where the text that pest was given begins in it.
    pub base: usize,
    /// Whether braces in strings interpolate.
    pub interpolates: bool,
    /// Documentation that has not been attached yet.
    pub docs: &'t mut Docs,
    /// What is wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Where a node stands in the file.
    pub fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        Span::new(self.base + span.start(), self.base + span.end())
    }

    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    pub fn written(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Reports an error; more can be said on what is returned.
    pub fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(span);
        self.diagnostics.push(Diagnostic::error(code, place, message).help(help));
    }

    /// Whether anything is wrong.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// A word, id or name as written.
    pub fn name(&self, node: &Node<'_>) -> Name {
        Name { text: node.as_str().into(), span: self.span(node) }
    }

    /// A dotted name.
    pub fn path(&self, node: &Node<'_>) -> Path {
        let span = self.span(node);
        let mut at = span.start as usize;
        let parts = node.as_str().split('.').map(|part| {
            let name = Name { text: part.into(), span: Span::new(at, at + part.len()) };
            at += part.len() + 1;
            name
        });
        Path { parts: parts.collect(), span }
    }

    /// The single name that stands where the grammar put a dotted one.
    pub fn missing_name(&self, span: Span) -> Name {
        Name { text: Arc::from(""), span }
    }
}

/// The children of a node, in the order of the grammar, with helpers for optional ones.
pub(crate) struct Children<'t> {
    pairs: Pairs<'t, Rule>,
}

impl<'t> Children<'t> {
    pub fn of(node: Node<'t>) -> Self {
        Children { pairs: node.into_inner() }
    }

    /// The next child, if it is of the rule.
    pub fn accept(&mut self, rule: Rule) -> Option<Node<'t>> {
        self.pairs.peek().filter(|pair| pair.as_rule() == rule)?;
        self.pairs.next()
    }

    /// The next child that is no keyword and no punctuation.
    pub fn next_of(&mut self, rules: &[Rule]) -> Option<Node<'t>> {
        self.pairs.by_ref().find(|pair| rules.contains(&pair.as_rule()))
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.pairs.next()
    }
}
