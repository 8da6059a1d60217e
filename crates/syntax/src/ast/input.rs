//! `input` items: how facts are read from documents.

use std::sync::Arc;

use base::Span;

use super::{Column, Expr, Name, Regex};

/// `input name(columns) from … { … } from …`
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Where rows come from; none where a built-in extractor fills it (standard library only).
    pub sources: Vec<Source>,
}

/// A `from` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Format words: `json`, `yaml`, `text`, `code` …
    pub formats: Vec<Name>,
    /// Language of `code`.
    pub language: Option<Name>,
    /// The glob, or the query of `code`.
    pub pattern: Name,
    /// Regex of `text … matches /re/`.
    pub regex: Option<Regex>,
    /// `headerless`.
    pub headerless: Option<Span>,
    /// `where …`
    pub conditions: Vec<Condition>,
    /// `incomplete where …`
    pub incomplete: Vec<Condition>,
    /// `each …`
    pub each: Vec<Each>,
    /// `{ column: … }`; none where there are no braces.
    pub columns: Option<Vec<ColumnMap>>,
    /// The whole.
    pub span: Span,
}

/// A condition on a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What it looks at.
    pub path: DocPath,
    /// What must hold there.
    pub test: ConditionTest,
    /// The whole.
    pub span: Span,
}

/// What must hold of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionTest {
    /// It is present.
    Present,
    /// `= literal`
    Equals(Expr),
    /// `matches /re/`
    Matches(Regex),
}

/// `path as name`
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// What to iterate over.
    pub path: DocPath,
    /// `as name`
    pub alias: Option<Name>,
}

/// `column: alternative or alternative none "N/A" as epoch_s`
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnMap {
    /// The column.
    pub column: Name,
    /// Alternatives in their order.
    pub alternatives: Vec<DocOperand>,
    /// `none "N/A", "no_information"`
    pub absent: Vec<Name>,
    /// `as epoch_s`, `as epoch_ms`, `as "%d/%m/%Y"`: the word or the pattern.
    pub convert: Option<Convert>,
    /// The whole.
    pub span: Span,
}

/// How a value becomes a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Convert {
    /// A word.
    Word(Name),
    /// A quoted pattern.
    Pattern(Name),
}

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum DocOperand {
    /// A path.
    Path(DocPath),
    /// A string: a heading of a table, in documents a constant (the compiler decides by the format).
    Text(Name),
    /// Another literal: a constant.
    Literal(Expr),
    /// `@name`: a capture of a code query.
    Capture(Name),
}

/// A path into a document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocPath {
    /// Its steps; a name at the start is a [`DocStep::Key`], also where it turns out to be an alias of `each`.
    pub steps: Vec<(DocStep, Span)>,
    /// The whole.
    pub span: Span,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub enum DocStep {
    /// `name`, `.name`, `["name"]`; `quoted` in the last form.
    Key {
        /// The key.
        key: Arc<str>,
        /// Whether it was written in brackets.
        quoted: bool,
    },
    /// `[0]`
    Index(u64),
    /// `[*]`
    All,
    /// `.*`
    Values,
    /// `..name`
    Deep(Arc<str>),
    /// `$key`, `$file` …: the word without `$`.
    Mark(Arc<str>),
    /// `.json()`, `.base64()`, `.url()`: the word.
    Decode(Arc<str>),
}
