//! What features look at: texts, what they say, what is known of the facts, all as of one moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base::{FileId, Place, SourceMap, Span};
use facts::Value;
use lang::{Compilation, Lookup};
use rustc_hash::FxHashMap;
use syntax::Parse;

use crate::names::Names;

/// A row of a relation with the place that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// One value a column, as printed.
    pub values: Vec<String>,
    /// `path:line` of its first origin, if it has one in a file.
    pub place: Option<String>,
}

/// How a control ended when it was evaluated last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlState {
    /// The word of its status.
    pub status: &'static str,
    /// How many it covers.
    pub population: usize,
    /// Violations that are not waived: subject and message.
    pub findings: Vec<(String, String)>,
    /// How many of them came with the last evaluation that changed something, and how many went.
    pub change: (usize, usize),
}

/// What is known of the rows of relations and of how controls ended. Answers may be those of a moment ago; where
/// nothing is known yet there are none.
pub trait Facts: Send + Sync {
    /// How many rows a relation has.
    fn count(&self, relation: &str) -> Option<usize>;
    /// Some of its rows, by value.
    fn samples(&self, relation: &str, most: usize) -> Vec<Sample>;
    /// The texts in a column with how often each occurs, the most frequent first.
    fn values(&self, relation: &str, column: usize) -> Vec<(String, usize)>;
    /// How many rows have these values in these columns.
    fn matching(&self, relation: &str, wanted: &[(usize, Value)]) -> Option<usize>;
    /// How a control ended.
    fn control(&self, id: &str) -> Option<ControlState>;
    /// The rows, as facts, that the proof of a finding rests on.
    fn leaves(&self, control: &str, subject: &str) -> Vec<String>;
    /// The day that `today()` was.
    fn as_of(&self) -> Option<String>;
}

/// Names of texts, read once for each.
type NamesByFile = Mutex<FxHashMap<FileId, (Arc<Parse>, Arc<Names>)>>;

/// A param that the settings override: its full name, the value, and where that is said.
pub type Override = (Arc<str>, Value, Option<Place>);

/// Texts and what they say, at one moment. Clones share everything.
#[derive(Clone)]
pub struct Snapshot {
    /// The texts of all policies and of the settings.
    pub sources: SourceMap,
    /// What the policies say.
    pub compilation: Arc<Compilation>,
    /// Params that the settings override: full name, value, where.
    pub overrides: Arc<Vec<Override>>,
    /// What is known of the facts.
    pub facts: Option<Arc<dyn Facts>>,
    /// Whether tests passed when they were run last, by file and name.
    pub outcomes: Arc<BTreeMap<(FileId, String), bool>>,
    names: Arc<NamesByFile>,
}

impl Snapshot {
    /// Texts with what they say; nothing is known of facts.
    pub fn new(sources: SourceMap, compilation: Arc<Compilation>) -> Self {
        Snapshot {
            sources,
            compilation,
            overrides: Arc::default(),
            facts: None,
            outcomes: Arc::default(),
            names: Arc::default(),
        }
    }

    /// The same with other texts and what they say now; names that were read of texts that stayed are kept.
    pub fn next(&self, sources: SourceMap, compilation: Arc<Compilation>) -> Self {
        Snapshot { sources, compilation, ..self.clone() }
    }

    /// A text.
    pub fn text(&self, file: FileId) -> &Arc<str> {
        self.sources.text(file)
    }

    /// What a policy was parsed to; nothing of other files.
    pub fn parse(&self, file: FileId) -> Option<&Arc<Parse>> {
        self.compilation.parse(file)
    }

    /// The names of a policy.
    pub fn names(&self, file: FileId) -> Arc<Names> {
        let Some(parse) = self.parse(file) else { return Arc::default() };
        let lock = || self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((known, names)) = lock().get(&file)
            && Arc::ptr_eq(known, parse)
        {
            return names.clone();
        }
        let names = Arc::new(Names::of(self.text(file), parse));
        lock().insert(file, (parse.clone(), names.clone()));
        names
    }

    /// Names as seen from a unit of a file: that of its control, if it stands in one.
    pub fn lookup(&self, file: FileId, control: Option<Span>) -> Option<Lookup<'_>> {
        let id = control.and_then(|span| self.text(file).get(span.range()));
        self.compilation.lookup(file, id)
    }

    /// Whether a file is one of the policies that come with Lawbook and cannot be edited.
    pub fn is_embedded(&self, file: FileId) -> bool {
        self.sources.path(file).starts_with("lawbook:")
    }
}
