//! What the compiler takes and gives: modules in, relations, controls, tests and programs out.

use std::sync::Arc;

use base::{Diagnostic, FileId, Place};
use facts::{InputDecl, RelationDecl, Type, Value};

/// A policy file to compile. Its text is in the [`base::SourceMap`] that goes with it.
#[derive(Debug, Clone)]
pub struct ModuleSource {
    /// Its text.
    pub file: FileId,
    /// Its module path, such as `soc2_ai.lib.vendors`.
    pub name: Arc<str>,
    /// Whether it is built into Lawbook: only these declare inputs that an extractor of Rust fills, and their
    /// controls are asked for `maps` and `remedy`.
    pub builtin: bool,
    /// Where `given files` paths start: the folder of the file, from the root of the pack or project.
    pub folder: Arc<str>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word that policies write.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// What the status of a control can be; see LANGUAGE.md, Evidence. In the order in which outcomes are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Status {
    Error,
    Fail,
    NoEvidence,
    Waived,
    NotApplicable,
    Pass,
}

impl Status {
    /// All, in the order in which outcomes are looked for.
    pub const ALL: [Status; 6] =
        [Status::Error, Status::Fail, Status::NoEvidence, Status::Waived, Status::NotApplicable, Status::Pass];

    /// The word that policies and outputs write.
    pub fn name(self) -> &'static str {
        match self {
            Status::Error => "error",
            Status::Fail => "fail",
            Status::NoEvidence => "no_evidence",
            Status::Waived => "waived",
            Status::NotApplicable => "not_applicable",
            Status::Pass => "pass",
        }
    }
}

/// Who fills a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationOrigin {
    /// An extractor of Rust.
    Extracted,
    /// An `input` item with `from` blocks.
    Input,
    /// Rules and facts of its module.
    Derived,
    /// Rules and facts of any module.
    Open,
}

/// A relation that policies can name: public ones, not those inside controls.
#[derive(Debug, Clone)]
pub struct RelationInfo {
    /// Name as other modules write it (`code.call`), columns, documentation.
    pub decl: Arc<RelationDecl>,
    /// Who fills it.
    pub origin: RelationOrigin,
    /// Path of the module that declares it.
    pub module: Arc<str>,
    /// Where its name stands.
    pub place: Place,
}

/// A control.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// `AI-CC9.2-02`
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Its description, Markdown.
    pub doc: Arc<str>,
    /// How bad a violation is.
    pub severity: Severity,
    /// Framework id and criterion id of each `maps` reference.
    pub maps: Vec<(Arc<str>, Arc<str>)>,
    /// What to do about a violation.
    pub remedy: Option<Arc<str>>,
    /// Who answers for it.
    pub owner: Option<Arc<str>>,
    /// Free words.
    pub tags: Vec<Arc<str>>,
    /// A page to read.
    pub docs: Option<Arc<str>>,
    /// Relations named by `needs`, which replaces the inference of evidence.
    pub needs: Option<Vec<Arc<str>>>,
    /// Path of its module.
    pub module: Arc<str>,
    /// Whether it is built into Lawbook.
    pub builtin: bool,
    /// Where its id stands.
    pub place: Place,
    /// Name of the relation of its population, one column: `AI-CC9.2-02.scope`.
    pub scope: Arc<str>,
    /// Type of its subjects.
    pub subject: Type,
    /// Its violation rules in the order of the text.
    pub violations: Vec<JudgedRule>,
    /// Its note rules in the order of the text.
    pub notes: Vec<JudgedRule>,
}

/// A violation or note rule: it has a relation of its own, whose first column is the subject and whose further
/// columns are the arguments of its message.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedRule {
    /// `AI-CC9.2-02.violation.1`, `AI-CC9.2-02.note.1`
    pub relation: Arc<str>,
    /// Its message.
    pub template: Template,
    /// The clause.
    pub place: Place,
}

/// A message with holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// As written in the policy, with `{…}`: part of a finding's identity.
    pub text: Arc<str>,
    /// Its parts.
    pub parts: Vec<TemplatePart>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Text.
    Text(Arc<str>),
    /// The value in this column of the rule's relation, printed (an entity by its label). Column 0 is the subject.
    Column(usize),
}

/// A framework of criteria.
#[derive(Debug, Clone)]
pub struct Framework {
    /// `soc2`
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// Criterion ids and wordings.
    pub criteria: Vec<(Arc<str>, Arc<str>)>,
}

/// A param.
#[derive(Debug, Clone)]
pub struct ParamInfo {
    /// Module path and name: `soc2_ai.cc9.current_vendor_report.max_report_age`.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Its value where nothing overrides it.
    pub default: Value,
    /// Its documentation.
    pub doc: Arc<str>,
    /// Where its name stands.
    pub place: Place,
}

/// What a program is made with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Midnight UTC of the as-of day, in microseconds since 1970: the value of `today()`.
    pub as_of: i64,
    /// Overrides of params by full name.
    pub params: Vec<(Arc<str>, Value)>,
    /// Rows that a test gives, for any relation: qualified name, row, place.
    pub given: Vec<(Arc<str>, Vec<Value>, Place)>,
}

/// A body to evaluate beside the policies: of `query`, of `explain 'ATOM'`, of a test's expectation.
#[derive(Debug, Clone)]
pub struct Query {
    /// Name of the relation that holds its answers.
    pub relation: Arc<str>,
    /// Columns of the answers: the variables of the body in the order of their first occurrence.
    pub decl: Arc<RelationDecl>,
    /// The relation whose rows it asks for, if it is a single atom; the answers then have its columns.
    pub target: Option<Arc<str>>,
    /// Number by which [`crate::Compilation`] keeps the resolved rule.
    pub(crate) number: usize,
}

/// A policy test.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// Path of its module.
    pub module: Arc<str>,
    /// Where its name stands.
    pub place: Place,
    /// Folder of its file: `given files` starts there.
    pub folder: Arc<str>,
    /// `as_of`, midnight UTC.
    pub as_of: Option<i64>,
    /// Overrides of params by full name.
    pub params: Vec<(Arc<str>, Value)>,
    /// `given file`: path and content.
    pub files: Vec<(Arc<str>, Arc<str>)>,
    /// `given files`: folder as written.
    pub folders: Vec<(Arc<str>, Place)>,
    /// `given atom.`: relation, row, place.
    pub rows: Vec<(Arc<str>, Vec<Value>, Place)>,
    /// `given empty relation`.
    pub empty: Vec<Arc<str>>,
    /// What it expects.
    pub expectations: Vec<Expectation>,
}

/// An expectation of a test.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// What is expected.
    pub kind: ExpectationKind,
    /// The statement.
    pub place: Place,
}

/// The kinds of expectations.
#[derive(Debug, Clone)]
pub enum ExpectationKind {
    /// A violation of the control by the subject.
    Violation {
        /// The control's id.
        control: Arc<str>,
        /// The subject's key or label.
        subject: Arc<str>,
        /// Part of the message.
        with: Option<Arc<str>>,
        /// `file:line`.
        at: Option<Arc<str>>,
    },
    /// No violation, and the subject was judged.
    NoViolation {
        /// The control's id.
        control: Arc<str>,
        /// The subject's key or label.
        subject: Arc<str>,
    },
    /// The control's status.
    Status {
        /// The control's id.
        control: Arc<str>,
        /// What it should be.
        status: Status,
    },
    /// The query has an answer (or, negated, none): `expect atom`, `expect no atom`, `expect count { … } = 3`.
    Query {
        /// What to evaluate.
        query: Query,
        /// `expect no`.
        negated: bool,
    },
}

/// Everything that a set of modules says.
///
/// Made by [`crate::compile`]. Broken parts are left out and told in `diagnostics`; the rest is usable.
#[derive(Debug, Default, Clone)]
pub struct Compilation {
    /// Errors and warnings, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What could be said better, by place; see [`crate::Level::Style`].
    pub style: Vec<Diagnostic>,
    /// Public relations by name.
    pub relations: Vec<RelationInfo>,
    /// `input` items, those that extractors of Rust fill included, by name.
    pub inputs: Vec<Arc<InputDecl>>,
    /// Controls by id.
    pub controls: Vec<Arc<Control>>,
    /// Tests by module and place.
    pub tests: Vec<Arc<Test>>,
    /// Frameworks by id.
    pub frameworks: Vec<Framework>,
    /// Params by name.
    pub params: Vec<ParamInfo>,
    pub(crate) resolved: crate::Resolved,
}
