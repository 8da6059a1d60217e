//! One row for each source file, whether or not there is an extractor for its language.

use extract::{Extractor, Output, Request, SourceFile, Unread};
use facts::{RowPlace, Value};

use crate::language;
use crate::notebook::Notebook;
use crate::position::Positions;

/// Lists source files.
pub struct SourceFiles;

impl Extractor for SourceFiles {
    fn name(&self) -> &'static str {
        "files"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        language::of(path).is_some() && request.schema.iter().any(|decl| *decl.name == *"code.file")
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let notebook = Notebook::read(file.path, file.text);
        let text = notebook.as_ref().map_or(file.text, |notebook| &notebook.text);
        row(file.path, Positions::new(text).lines(), language::is_generated(file.path, text), out);
    }

    /// A file that could not be read is a source file all the same.
    fn unread(&self, path: &str, _reason: &Unread, _request: &Request, out: &mut Output<'_>) {
        row(path, 0, language::is_generated(path, ""), out);
    }
}

fn row(path: &str, lines: usize, generated: bool, out: &mut Output<'_>) {
    let (Some(relation), Some(language)) = (out.sink.relation("code.file"), language::of(path)) else { return };
    out.evidence.push(relation);
    let row = [
        out.sink.text(path),
        out.sink.text(path),
        out.sink.text(language),
        out.sink.int(lines as i64),
        out.sink.value(&Value::Bool(language::is_test(path))),
        out.sink.value(&Value::Bool(generated)),
    ];
    out.sink.labelled_row(relation, &row, RowPlace::default(), path);
}
