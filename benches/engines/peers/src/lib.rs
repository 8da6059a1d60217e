//! What the peers' programs share: reading tables of facts, and telling how many rows each relation came to.
//!
//! All peers get the same start: integers are parsed to `u32`, texts live as long as the program and are compared as such.

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Texts are never given back.
pub type Text = &'static str;

/// A folder of tables and the workload that it belongs to, as the command line names them.
pub struct Facts {
    /// Which program to run.
    pub workload: String,
    folder: PathBuf,
}

impl Facts {
    /// From the arguments `WORKLOAD FOLDER`.
    pub fn from_arguments() -> Facts {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [workload, folder] = arguments.as_slice() else { panic!("arguments: WORKLOAD FOLDER") };
        Facts { workload: workload.clone(), folder: folder.into() }
    }

    /// The rows of a table, made of the cells of each line.
    pub fn rows<T>(&self, table: &str, row: impl Fn(&[Text]) -> T) -> Vec<T> {
        let path: &Path = &self.folder.join(format!("{table}.facts"));
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text: Text = text.leak();
        let mut cells = Vec::new();
        let line = |line: Text| {
            cells.clear();
            cells.extend(line.split('\t'));
            row(&cells)
        };
        text.lines().map(line).collect()
    }

    /// A table of one column of numbers.
    pub fn ones(&self, table: &str) -> Vec<(u32,)> {
        self.rows(table, |cells| (number(cells[0]),))
    }

    /// A table of two columns of numbers.
    pub fn pairs(&self, table: &str) -> Vec<(u32, u32)> {
        self.rows(table, |cells| (number(cells[0]), number(cells[1])))
    }

    /// A table of three columns of numbers.
    pub fn triples(&self, table: &str) -> Vec<(u32, u32, u32)> {
        self.rows(table, |cells| (number(cells[0]), number(cells[1]), number(cells[2])))
    }
}

/// A number that a cell holds.
pub fn number(cell: &str) -> u32 {
    u32::from_str(cell).unwrap_or_else(|error| panic!("{cell}: {error}"))
}

/// Whether a name is what the compliance program asks for with `n like "app1*.*.predict_*"`.
pub fn is_prediction(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    parts.len() >= 3 && parts[0].starts_with("app1") && parts[2..].iter().any(|part| part.starts_with("predict_"))
}

/// One line a relation, as `lawbook eval --format count` prints them.
pub fn tell(counts: &[(&str, usize)]) {
    let mut counts = counts.to_vec();
    counts.sort();
    counts.iter().for_each(|(name, count)| println!("{name}\t{count}"));
}
