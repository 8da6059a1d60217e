//! Controls and what stands in their blocks.

use base::Span;

use super::{Broken, Clause, Doc, Name, Path, Rel};

/// A control.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Its id.
    pub id: Name,
    /// Its title.
    pub title: Name,
    /// Fields and clauses in the order of the text.
    pub members: Vec<Member>,
}

/// What stands in a control's block.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// `///` documentation above it.
    pub doc: Option<Doc>,
    /// What it is.
    pub kind: MemberKind,
    /// Without the documentation.
    pub span: Span,
}

/// The kinds of members.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberKind {
    /// `severity: high`, `remedy: "…"`, `maps: …`
    Field(Field),
    /// A private relation.
    Rel(Rel),
    /// `scope(…) :- …`, `violation(…) :- …`, `note(…) :- …` or a rule of a private relation.
    Clause(Clause),
    /// A piece that could not be parsed.
    Broken(Broken),
}

/// A field of a control.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// `severity`, `maps`, `remedy`, `owner`, `tags`, `docs`, `needs`, or a name the compiler will refuse.
    pub name: Name,
    /// Its values, one or several.
    pub values: Vec<FieldValue>,
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// `"text"`
    Text(Name),
    /// `high`, `std.ai.model_call`
    Path(Path),
    /// `soc2/CC9.2`, `nist-ai-rmf/"GOVERN 2.1"`
    Criterion {
        /// The framework's id.
        framework: Name,
        /// The criterion's id, without quotes.
        criterion: Name,
    },
}

impl FieldValue {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            FieldValue::Text(name) => name.span,
            FieldValue::Path(path) => path.span,
            FieldValue::Criterion { framework, criterion } => framework.span.cover(criterion.span),
        }
    }
}
