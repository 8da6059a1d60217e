//! How an `input` item maps documents to rows: written by the compiler, carried out by the extractors.
//!
//! ```text
//! input iam_user_policy(user: AwsArn, policy: string)
//!     from json "**/*.json" where UserDetailList
//!     each UserDetailList[*] as u, u.AttachedManagedPolicies[*] as p { user: u.Arn, policy: p.PolicyName }
//! ```
//!
//! becomes one [`InputDecl`] with one [`InputSource`] whose `each` has two entries and whose `columns` has
//! one [`ColumnMap`] per column of the relation that the braces fill.

use std::sync::Arc;

use crate::{RelationDecl, Value};

/// An `input` item. Without `sources` its relation is filled by a built-in extractor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputDecl {
    /// The relation that is filled.
    pub relation: RelationDecl,
    /// The `from … { … }` blocks.
    pub sources: Vec<InputSource>,
}

/// One `from … { … }` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSource {
    /// Formats read; several for `from json, yaml "…"`.
    pub formats: Vec<Format>,
    /// Which paths, as a glob over the whole path from the root.
    pub pattern: Arc<str>,
    /// `headerless`: columns of a table in their order.
    pub headerless: bool,
    /// Which documents count; all must hold.
    pub conditions: Vec<Where>,
    /// Documents for which these hold have pages left over.
    pub incomplete: Vec<Where>,
    /// What there is one row for: the product of these, each within the one before. Empty: one row for
    /// each document, table row or line.
    pub each: Vec<Each>,
    /// How columns are filled; optional columns may be absent here.
    pub columns: Vec<ColumnMap>,
}

/// A document format, or a family of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// JSON, JSON Lines, concatenated JSON.
    Json,
    /// YAML, several documents in a file too.
    Yaml,
    /// TOML.
    Toml,
    /// HCL (Terraform).
    Hcl,
    /// XML.
    Xml,
    /// INI and Java properties.
    Ini,
    /// `.env` files.
    Env,
    /// By extension: csv, tsv, xlsx, ods, or a list in yaml or json.
    Table,
    /// Comma, semicolon or tab separated values.
    Csv,
    /// Tab separated values.
    Tsv,
    /// Lines of text that a regex matches; columns come from its named groups.
    Text {
        /// The regex (Rust `regex` syntax, flags inline).
        regex: Arc<str>,
    },
    /// A tree-sitter query over sources of a language.
    Code {
        /// `python`, `typescript` …
        language: Arc<str>,
        /// The query; columns come from its captures.
        query: Arc<str>,
    },
}

impl Format {
    /// The word that policies write.
    pub fn name(&self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Yaml => "yaml",
            Format::Toml => "toml",
            Format::Hcl => "hcl",
            Format::Xml => "xml",
            Format::Ini => "ini",
            Format::Env => "env",
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Text { .. } => "text",
            Format::Code { .. } => "code",
        }
    }
}

/// A condition on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// The path leads somewhere (to anything, null included).
    Present(Path),
    /// It leads to this value (numbers by value, text exactly).
    Equals(Path, Value),
    /// It leads to a text in which the regex matches.
    Matches(Path, Arc<str>),
}

/// An entry of `each`: a path to iterate over, and the name of the thing at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// What to iterate over. Its root is the document or an earlier entry's name.
    pub path: Path,
    /// `as name`.
    pub alias: Option<Arc<str>>,
}

/// How one column is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMap {
    /// Position of the column in the relation.
    pub column: usize,
    /// The first that is present and not null counts.
    pub alternatives: Vec<Operand>,
    /// Further markers of absence, compared exactly after trimming (`none "N/A", "no_information"`).
    pub absent: Vec<Arc<str>>,
    /// How a text or number becomes a time.
    pub time: Option<TimeFormat>,
}

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A path into the document. For tables a path of one key is a heading.
    Path(Path),
    /// A constant.
    Constant(Value),
    /// A quoted heading of a table (`"SOC 2 report date"`); in documents a key.
    Heading(Arc<str>),
    /// A capture of a code query, without its `@`.
    Capture(Arc<str>),
}

/// A path into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Where it starts.
    pub root: Root,
    /// The way from there.
    pub steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// The innermost thing at hand: the last entry of `each`, else the document.
    Current,
    /// The thing that an entry of `each` named (index into `each`).
    Each(usize),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `["name"]`.
    Key(Arc<str>),
    /// `[0]`.
    Index(usize),
    /// `[*]`: each entry of a list; anything else counts as a list of one.
    All,
    /// `.*`: each value of an object.
    Values,
    /// `..name`: every value under that key, at any depth.
    Deep(Arc<str>),
    /// `$file`, `$line` … of the thing reached.
    Mark(Mark),
    /// `.json()`: the text is JSON; go on in it.
    Json,
    /// `.base64()`: the text is base64; go on with what it encodes.
    Base64,
    /// `.url()`: the text is percent-encoded; go on with what it encodes.
    Url,
}

/// What a thing reached says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `$key`: the key it stands under.
    Key,
    /// `$index`: its place in its list, from 0.
    Index,
    /// `$file`: the path of its document.
    File,
    /// `$line`: its line, from 1.
    Line,
    /// `$captured`: when the export was taken, if the document says so.
    Captured,
    /// `$text`: its text as written (a scalar's text, the source of anything else).
    Text,
}

/// How a value becomes a time, beyond the ISO forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A `strftime` pattern such as `%d/%m/%Y`.
    Pattern(Arc<str>),
}
