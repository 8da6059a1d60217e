//! What an extraction tells beside its rows: evidence, trouble, figures, waivers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use extract::Extraction;
use facts::{Database, RelationDecl, Type, Value};

use crate::looked::Looked;
use crate::pipeline::{Job, SOURCE_FILES, WAIVERS};
use crate::waivers::Register;
use crate::{FileProblem, InputFigures};

/// What is known of the files beside their rows.
#[derive(Clone)]
pub(crate) struct Told {
    pub looked: Looked,
    pub register: Register,
    pub problems: Vec<FileProblem>,
    pub inputs: InputFigures,
    /// By extractor.
    pub stats: Vec<(String, Duration)>,
}

impl Job<'_> {
    /// What an extraction, whose rows are in a database, tells beside them.
    pub(crate) fn told(&self, extraction: &Extraction, database: &Database) -> Told {
        let languages = self.languages(database);
        let mut looked = Looked::new(extraction, &languages, &self.sources(database));
        self.given.iter().for_each(|relation| looked.add(relation));
        let stats = extraction
            .stats
            .iter()
            .map(|(name, stats)| (format!("extract: {name} ({} files, {} rows)", stats.files, stats.rows), stats.time));
        Told {
            looked,
            register: self.register(database),
            problems: problems(extraction),
            inputs: figures(extraction, database, languages),
            stats: stats.collect(),
        }
    }

    /// The waivers, those that a test gives included.
    fn register(&self, database: &Database) -> Register {
        let declared = self.project.compilation.inputs.iter().find(|input| *input.relation.name == *WAIVERS);
        let Some(input) = declared else { return Register::default() };
        let given = self.settings.given.iter().filter(|(name, ..)| **name == *WAIVERS).map(|(_, row, _)| row.clone());
        let read = rows(database, WAIVERS).map(|row| row.values);
        Register::new(&input.relation, read.chain(given), self.settings.as_of)
    }

    /// Languages in scope of non-test, non-generated source files that no extractor reads, with the number of files.
    fn languages(&self, database: &Database) -> Vec<(Arc<str>, usize)> {
        let read: BTreeSet<&str> = self.project.readers.iter().map(|reader| reader.name()).collect();
        let mut found: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (_, language) in self.source_files(database).filter(|(_, language)| !read.contains(&**language)) {
            *found.entry(language).or_default() += 1;
        }
        found.into_iter().collect()
    }

    /// Source files in scope.
    fn sources(&self, database: &Database) -> BTreeSet<Arc<str>> {
        self.source_files(database).map(|(path, _)| path).collect()
    }

    /// Path and language of each source file in scope that is neither test nor generated.
    fn source_files<'e>(&'e self, database: &'e Database) -> impl Iterator<Item = (Arc<str>, Arc<str>)> + 'e {
        let scope = &self.project.settings.languages;
        rows(database, SOURCE_FILES).filter_map(move |row| {
            let language = row.text("language")?;
            let counts = !row.truth("test") && !row.truth("generated");
            let in_scope = scope.is_empty() || scope.iter().any(|(name, _)| *name == language);
            (counts && in_scope).then_some((row.text("path")?, language))
        })
    }
}

/// A row with its columns' names.
struct NamedRow<'a> {
    decl: &'a RelationDecl,
    values: Vec<Value>,
}

impl NamedRow<'_> {
    fn text(&self, column: &str) -> Option<Arc<str>> {
        self.decl.column(column).and_then(|at| self.values[at].as_text()).map(Into::into)
    }

    fn truth(&self, column: &str) -> bool {
        self.decl.column(column).is_some_and(|at| self.values[at] == Value::Bool(true))
    }

    fn int(&self, column: &str) -> i64 {
        match self.decl.column(column).map(|at| &self.values[at]) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }
}

fn rows<'a>(database: &'a Database, relation: &str) -> impl Iterator<Item = NamedRow<'a>> {
    let table = database.table(relation);
    table.into_iter().flat_map(move |table| {
        let types: Vec<&Type> = table.decl().columns.iter().map(|column| &column.ty).collect();
        (0..table.len()).map(move |row| {
            let values = table.row(row).zip(&types).map(|(code, ty)| database.values.decode(ty, code)).collect();
            NamedRow { decl: table.decl(), values }
        })
    })
}

fn problems(extraction: &Extraction) -> Vec<FileProblem> {
    let told = extraction.problems.iter().map(|found| FileProblem {
        path: found.path.clone(),
        line: found.problem.place.line,
        column: found.problem.place.column,
        code: found.problem.code,
        error: found.problem.kind == extract::ProblemKind::Error,
        relation: found.problem.relation.clone(),
        message: found.problem.message.clone(),
        help: found.problem.help.clone(),
    });
    let mut problems: Vec<FileProblem> = told.collect();
    for (path, reason) in &extraction.skipped {
        // What an extractor has told already with a place and a way out is not told twice.
        if !problems.iter().any(|problem| problem.path == *path) {
            problems.push(FileProblem {
                path: path.clone(),
                line: 0,
                column: 0,
                code: "W0802",
                error: false,
                relation: None,
                message: format!("not looked at: {reason}"),
                help: None,
            });
        }
    }
    problems.sort();
    // Entries that an alias repeats have one place and one trouble.
    problems.dedup();
    problems
}

fn figures(extraction: &Extraction, database: &Database, languages: Vec<(Arc<str>, usize)>) -> InputFigures {
    let counts = &extraction.counts;
    InputFigures {
        files: counts.read as usize,
        ignored: counts.ignored,
        excluded: counts.excluded as usize,
        binary: counts.binary as usize,
        rows: database.tables().iter().map(|table| table.len()).sum(),
        lines: rows(database, SOURCE_FILES).map(|row| row.int("lines").max(0) as u64).sum(),
        languages_without_extractor: languages,
    }
}
