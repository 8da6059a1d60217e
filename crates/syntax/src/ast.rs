//! The typed tree of a policy file. Names and types are not looked at here; every node has its span.
//!
//! Broken pieces are nodes too ([`ItemKind::Broken`]), so that a tree covers any text.

use std::sync::Arc;

use base::Span;

/// A policy file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    /// `//!` documentation.
    pub doc: Option<Doc>,
    /// Items in the order of the text.
    pub items: Vec<Item>,
}

/// Documentation: the text behind `///` or `//!`, line by line, with one leading blank taken off each.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// Markdown.
    pub text: Arc<str>,
    /// From the first marker to the end of the last line.
    pub span: Span,
}

/// An identifier, id or other single name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// As written, without quotes.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A dotted name such as `vendor.register`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// At least one part.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

impl Path {
    /// The last part.
    pub fn last(&self) -> &Name {
        self.parts.last().expect("a path has at least one part")
    }

    /// The name as written: parts joined by dots.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| &*part.text).collect();
        parts.join(".")
    }

    /// The part, if there is only one.
    pub fn single(&self) -> Option<&Name> {
        match self.parts.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// A top-level item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// `///` documentation above it.
    pub doc: Option<Doc>,
    /// What it is.
    pub kind: ItemKind,
    /// Without the documentation.
    pub span: Span,
}

/// The kinds of items.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `use a.b.c as d`
    Use(Use),
    /// `entity Call < Expr`
    Entity(Entity),
    /// `[open] rel owns(team: string, system: System)`
    Rel(Rel),
    /// `param window: duration = 90d`
    Param(Param),
    /// `framework soc2 "title" { CC9.2: "…" }`
    Framework(Framework),
    /// `input name(columns) from …`
    Input(Input),
    /// `control ID "title" { … }`
    Control(Control),
    /// `test "name" { … }`
    Test(Test),
    /// A rule or a fact.
    Clause(Clause),
    /// A piece that could not be parsed. Its diagnostic is in [`crate::Parse::diagnostics`].
    Broken(Broken),
}

/// What is known of a broken piece, read leniently, so that its name stays known to the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Broken {
    /// The item's keyword (`rel`, `control` …), empty for a clause.
    pub keyword: Arc<str>,
    /// The name that it declares or the relation of its head.
    pub name: Option<Path>,
    /// Column names of a declaration or head, as far as they could be read.
    pub columns: Vec<Name>,
}

/// `use a.b.c as d`
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The module.
    pub module: Path,
    /// The name it is reachable by, if not its last part.
    pub alias: Option<Name>,
}

/// `entity Call < Expr`
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its name.
    pub name: Name,
    /// The supertype.
    pub parent: Option<Path>,
}

/// `[open] rel name(columns)`
#[derive(Debug, Clone, PartialEq)]
pub struct Rel {
    /// Whether other modules may add rules and facts.
    pub open: bool,
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// `key name: T?`
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// `///` documentation above it.
    pub doc: Option<Doc>,
    /// `key` stands before it.
    pub key: bool,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// The whole.
    pub span: Span,
}

/// A type as written: `string`, `code.Call`, with `?` where values may be missing.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeRef {
    /// The type's name.
    pub name: Path,
    /// `?` follows.
    pub optional: bool,
    /// The whole.
    pub span: Span,
}

/// `param name: type = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Its default: a literal.
    pub value: Expr,
}

/// `framework id "title" { id: "text" … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Framework {
    /// Its id.
    pub id: Name,
    /// Its title.
    pub title: Name,
    /// Criteria: id and wording.
    pub criteria: Vec<(Name, Name)>,
}

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

/// `head :- body.` or `head.`
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The head.
    pub head: Atom,
    /// The body; none for a fact.
    pub body: Option<Vec<Literal>>,
    /// The whole, with the final stop.
    pub span: Span,
}

/// A relation with arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The relation.
    pub relation: Path,
    /// Its arguments.
    pub args: Args,
    /// The whole.
    pub span: Span,
}

/// Arguments of an atom.
#[derive(Debug, Clone, PartialEq)]
pub enum Args {
    /// `(a, b)`
    Positional(Vec<Expr>),
    /// `{name: a, owner, since?}`
    Named(Vec<NamedArg>),
}

/// `name: expr`; the short forms `owner` and `owner?` have a variable expression of the same span.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedArg {
    /// The column.
    pub name: Name,
    /// The argument.
    pub value: Expr,
    /// Whether the short form was written.
    pub short: bool,
}

/// A literal of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of literals.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralKind {
    /// A positive atom.
    Atom(Atom),
    /// `not literal` and `not ( body )`: the negated body.
    Not(Vec<Literal>),
    /// `( body or body … )`; one branch for plain parentheses.
    Or(Vec<Vec<Literal>>),
    /// `left op right`, `=` included: what binds is for the compiler to see.
    Compare(Comparison, Expr, Expr),
    /// `left [not] op right`
    Word {
        /// The operator.
        op: WordOp,
        /// `not` before the operator; `not` before the whole literal is [`LiteralKind::Not`].
        negated: bool,
        /// Left operand.
        left: Expr,
        /// Right operand: a regex for `matches`, a list for `in`.
        right: Expr,
        /// `as (g, h?)`: groups that `matches` binds.
        groups: Vec<Group>,
    },
}

/// A group bound by `matches /re/ as (g, h?)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The variable, also the name of the group where the regex names its groups.
    pub name: Name,
    /// `?` follows: bound also where the group took no part.
    pub optional: bool,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Word operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum WordOp {
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Like,
    In,
}

/// An operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of operands.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal value.
    Literal(LiteralValue),
    /// A string with `{…}` in it.
    Interpolated(Vec<Part>),
    /// A regex.
    Regex(Regex),
    /// `["a", "b"]`
    List(Vec<Expr>),
    /// A bare name: a variable, or a param of the module.
    Name(Arc<str>),
    /// A dotted name: a param of another module.
    Param(Path),
    /// `x?`
    Optional(Name),
    /// `_`
    Wildcard,
    /// `f(a, b)`
    Call(Name, Vec<Expr>),
    /// `count { … }`
    Aggregate(Aggregate),
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `x else literal`
    Else(Box<Expr>, Box<Expr>),
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralValue {
    /// `none`
    None,
    /// `true`, `false`
    Bool(bool),
    /// `42`
    Int(i64),
    /// `0.05`, `5%`
    Float(f64),
    /// `"text"` without interpolation, escapes resolved.
    Text(Arc<str>),
    /// `2026-11-20`, in microseconds since 1970.
    Time(i64),
    /// `90d`, in microseconds.
    Duration(i64),
}

/// A part of an interpolated string.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text, escapes resolved.
    Text(Arc<str>),
    /// `{expr}`
    Expr(Expr),
}

/// A regex with its flags.
#[derive(Debug, Clone, PartialEq)]
pub struct Regex {
    /// In Rust `regex` syntax, `\/` already a slash, flags prefixed as `(?i)`.
    pub pattern: Arc<str>,
    /// With slashes and flags.
    pub span: Span,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `count { c, d : body }`
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which one.
    pub function: AggregateFunction,
    /// The listed tuple.
    pub listed: Vec<Expr>,
    /// What ranges.
    pub body: Vec<Literal>,
}

/// Aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum AggregateFunction {
    Count,
    Sum,
    Min,
    Max,
    Avg,
    Join,
}

/// A test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// Its statements in the order of the text.
    pub statements: Vec<Statement>,
}

/// A statement of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole.
    pub span: Span,
}

/// The kinds of test statements.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `as_of 2026-11-20`
    AsOf(Expr),
    /// `param x = value`
    Param(Path, Expr),
    /// `given file "path" = "content"`
    GivenFile(Name, Name),
    /// `given files "dir"`
    GivenFiles(Name),
    /// `given atom.`
    GivenRow(Atom),
    /// `given empty relation`
    GivenEmpty(Path),
    /// `expect …`
    Expect(Expectation),
    /// A statement that could not be parsed.
    Broken,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// `violation ID("subject") with "…" at "file:line"`
    Violation {
        /// The control.
        control: Name,
        /// The subject's key or label.
        subject: Name,
        /// Part of the message.
        with: Option<Name>,
        /// `file:line`.
        at: Option<Name>,
    },
    /// `no violation ID("subject")`
    NoViolation {
        /// The control.
        control: Name,
        /// The subject's key or label.
        subject: Name,
    },
    /// `pass ID`, `no_evidence ID` …
    Status {
        /// The status word.
        status: Name,
        /// The control.
        control: Name,
    },
    /// `atom`
    Row(Atom),
    /// `no atom`
    NoRow(Atom),
    /// `count { … } = 3`: an aggregate compared with a literal.
    Compare(Comparison, Expr, Expr),
}
