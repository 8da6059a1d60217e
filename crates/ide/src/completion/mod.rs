//! Completion: what can stand at the cursor, the likeliest first.
//!
//! [`context`] finds out what is being written; each kind of place has a file that knows what can stand there.

mod around;
mod bodies;
mod context;
mod declarations;
mod snippets;
mod values;

use base::{FileId, Span};

use crate::Snapshot;
use crate::describe::describe;
use crate::symbol::Symbol;
pub(crate) use around::unfinished;
pub use bodies::place_for_use;
use context::{Context, Site};

/// Completions that are worth listing; who types on asks again.
pub const MOST: usize = 200;

/// What a completion is, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompletionKind {
    Relation,
    Column,
    Variable,
    Param,
    Function,
    Keyword,
    Operator,
    Module,
    Type,
    Field,
    Value,
    Control,
    Criterion,
    Snippet,
}

/// What may be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// As it is listed.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// In a few words, beside the label.
    pub detail: String,
    /// What is put in the place of `span`.
    pub insert: String,
    /// Whether `insert` has places to fill in: `${1:name}`.
    pub snippet: bool,
    /// What goes.
    pub span: Span,
    /// More edits, away from `span`: a `use` that is needed.
    pub also: Vec<(Span, String)>,
    /// The likeliest have the least.
    pub rank: u32,
    /// What it is about, for its documentation.
    pub about: Option<Symbol>,
    /// Documentation that goes without asking.
    pub doc: Option<&'static str>,
    /// Words that it can be found by beside its label: the wording of a criterion.
    pub wording: Option<String>,
}

/// What can stand at the cursor.
pub fn complete(snapshot: &Snapshot, file: FileId, offset: usize) -> Vec<Completion> {
    let Some(context) = Context::of(snapshot, file, offset) else { return Vec::new() };
    let mut found = Found { context: &context, all: Vec::new() };
    match &context.site {
        Site::Item => declarations::items(&mut found),
        Site::Member => declarations::members(&mut found),
        Site::Statement => declarations::statements(&mut found),
        Site::Given => declarations::given(&mut found),
        Site::Expect { negated } => declarations::expectations(&mut found, *negated),
        Site::ControlId => declarations::controls(&mut found),
        Site::Use => declarations::modules(&mut found),
        Site::Type => declarations::types(&mut found),
        Site::Field(name) => declarations::field(&mut found, name),
        Site::Criterion(framework) => declarations::criteria(&mut found, framework),
        Site::Words(words) => words.iter().for_each(|word| found.keyword(word)),
        Site::Mapped(columns) => declarations::mapped(&mut found, columns),
        Site::Literal => bodies::literal(&mut found),
        Site::Operand(wanted) => bodies::operand(&mut found, wanted.as_ref()),
        Site::AfterOperand => bodies::operators(&mut found),
        Site::Key { relation, given } => bodies::columns(&mut found, relation, given),
        Site::Value(column) => values::values(&mut found, column),
        Site::Subject(control) => values::subjects(&mut found, control),
        Site::Pattern { column, operator } => values::patterns(&mut found, column.as_ref(), operator),
    }
    let mut all = found.all;
    all.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    all.dedup_by(|a, b| a.label == b.label && a.insert == b.insert);
    all
}

/// The documentation of a completion.
pub fn documentation(snapshot: &Snapshot, about: &Symbol) -> Option<String> {
    describe(snapshot, about)
}

/// What is found for a context.
struct Found<'a, 's> {
    context: &'a Context<'s>,
    all: Vec<Completion>,
}

impl<'s> Found<'_, 's> {
    fn snapshot(&self) -> &'s Snapshot {
        self.context.snapshot
    }

    /// A completion that is put in as it is listed.
    fn plain(&self, label: impl Into<String>, kind: CompletionKind) -> Completion {
        let label = label.into();
        Completion {
            insert: label.clone(),
            label,
            kind,
            detail: String::new(),
            snippet: false,
            span: self.context.span,
            also: Vec::new(),
            rank: 50,
            about: None,
            doc: None,
            wording: None,
        }
    }

    fn push(&mut self, completion: Completion) {
        // The client filters further; here only what cannot fit is left out.
        let typed = &self.context.typed;
        let worded = |wording: &String| wording.to_lowercase().contains(&typed.to_lowercase());
        if fits(typed, &completion.label) || completion.wording.as_ref().is_some_and(worded) {
            self.all.push(completion);
        }
    }

    fn keyword(&mut self, word: &'static str) {
        let mut completion = self.plain(word, CompletionKind::Keyword);
        completion.doc = crate::words::keyword(word).map(|word| word.about);
        self.push(completion);
    }

    fn snippet(&mut self, label: &str, detail: &str, insert: &str) {
        let mut completion = self.plain(label, CompletionKind::Snippet);
        completion.detail = detail.to_owned();
        completion.insert = insert.to_owned();
        completion.snippet = true;
        completion.rank = 60;
        self.push(completion);
    }
}

/// Whether the characters typed stand in the label in their order, whatever their case.
fn fits(typed: &str, label: &str) -> bool {
    let mut label = label.chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|wanted| label.any(|c| c == wanted))
}

#[cfg(test)]
mod tests;
