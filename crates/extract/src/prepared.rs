//! The parts of a mapping made ready: globs and regexes compiled, headings brought to the form in which they are compared.

use std::sync::Arc;

use facts::{Operand, Path, Root, Step, TimeFormat, Type, Value, Where};
use regex::Regex;

use crate::document::Data;
use crate::select::{Keys, fold};

/// A condition on a document.
#[derive(Debug)]
pub(crate) enum Condition {
    Present(Path),
    Equals(Path, Value),
    Matches(Path, Regex),
}

/// How a column is filled, its headings and paths brought to one form.
#[derive(Debug)]
pub(crate) struct Filling {
    pub alternatives: Vec<Source>,
    pub absent: Vec<Arc<str>>,
    pub time: Option<TimeFormat>,
}

/// Where a column's value is taken from.
#[derive(Debug)]
pub(crate) enum Source {
    Path(Path),
    Constant(Value),
}

impl Filling {
    pub fn is_absent(&self, data: &Data<'_>) -> bool {
        match data {
            Data::Null => true,
            Data::Text(text) | Data::Number(text) => self.absent.iter().any(|marker| marker.trim() == text.trim()),
            _ => false,
        }
    }
}

impl Condition {
    pub fn path(&self) -> &Path {
        match self {
            Condition::Present(path) | Condition::Equals(path, _) | Condition::Matches(path, _) => path,
        }
    }
}

/// A glob over a whole path: `*` stops at `/`, `**` does not, braces give alternatives.
#[derive(Debug)]
pub struct Glob(Regex);

impl Glob {
    /// The glob of that text, or what is wrong with it.
    pub fn new(pattern: &str) -> Result<Glob, String> {
        let regex = facts::glob_regex(pattern.strip_prefix("./").unwrap_or(pattern))?;
        Regex::new(&regex).map(Glob).map_err(|error| error.to_string())
    }

    /// Whether it matches the whole path.
    pub fn is_match(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

pub(crate) fn prepare_condition(condition: &Where, keys: Keys) -> Result<Condition, String> {
    Ok(match condition {
        Where::Present(path) => Condition::Present(prepare_path(path, keys)),
        Where::Equals(path, value) => Condition::Equals(prepare_path(path, keys), value.clone()),
        Where::Matches(path, regex) => {
            Condition::Matches(prepare_path(path, keys), Regex::new(regex).map_err(|error| error.to_string())?)
        }
    })
}

pub(crate) fn prepare_path(path: &Path, keys: Keys) -> Path {
    let mut path = path.clone();
    if keys == Keys::Folded {
        for step in &mut path.steps {
            if let Step::Key(key) = step {
                *key = fold(key).into();
            }
        }
    }
    path
}

/// The key under which the document of a match holds the key of a captured node; its text stands under the capture's name.
pub fn capture_key(name: &str) -> String {
    format!("@{name}")
}

/// The source of an operand for a column of a type.
pub(crate) fn prepare_operand(operand: &Operand, ty: &Type, keys: Keys) -> Source {
    let key = |name: &str| {
        let path = Path { root: Root::Current, steps: vec![Step::Key(name.into())] };
        Source::Path(prepare_path(&path, keys))
    };
    match operand {
        Operand::Path(path) => Source::Path(prepare_path(path, keys)),
        Operand::Heading(heading) => key(heading),
        Operand::Constant(value) => Source::Constant(value.clone()),
        // A node's key where the column holds the thing itself, else its text.
        Operand::Capture(name) if matches!(ty, Type::Entity(_)) => key(&capture_key(name)),
        Operand::Capture(name) => key(name),
    }
}

pub(crate) fn equals(data: &Data<'_>, value: &Value) -> bool {
    match (data, value) {
        (Data::Null, Value::None) => true,
        (Data::Bool(a), Value::Bool(b)) => a == b,
        (Data::Text(a), Value::Text(b)) => **a == **b,
        (Data::Number(a), Value::Int(b)) => a.parse() == Ok(*b) || a.parse() == Ok(*b as f64),
        (Data::Number(a), Value::Float(b)) => a.parse() == Ok(*b),
        (Data::Text(a), Value::Time(b)) => facts::parse_time(a) == Some(*b),
        _ => false,
    }
}
