//! Tables: csv and tsv of any size, read in pieces, sheets of workbooks, and lists of objects in yaml or json. A row is mapped as a document whose
//! keys are the headings, folded; the first rows may be titles, the heading is the row that fits the input best.

use base::{Span, did_you_mean};
use extract::{
    Builder, Context, DOCUMENT_LIMIT, Data, Document, Extractor, Mapping, Output, Piece, Places, Problem, ProblemKind,
    Request, SourceFile, Stream, SyntaxError, Transcriber, Unread, fold,
};
use facts::{Format, InputSource, RowPlace};

use crate::cells::{Cell, Dialect, record, sniff};
use crate::documents::broken;
use crate::json::{concatenated, json};
use crate::unready::Unready;
use crate::{proposed, workbook, yaml};

/// How many rows may stand above the heading.
pub(crate) const TITLES: usize = 30;

/// The longest record.
const MAX_RECORD: usize = 16 << 20;

/// How a workbook's cells are written.
pub(crate) const COMMAS: Dialect = Dialect { delimiter: b',', quotes: true };

/// `csv`, `tsv` and `table`.
pub(crate) const TABLES: Unready = Unready { name: "table", version: 1, ready, declare: proposed::tables, transcriber };

struct Ready {
    mappings: Vec<Mapping>,
}

fn reads(source: &InputSource) -> bool {
    source.formats.iter().any(|format| matches!(format, Format::Csv | Format::Tsv | Format::Table))
}

pub(crate) fn extension(path: &str) -> String {
    let path = path.strip_suffix(".gz").unwrap_or(path);
    path.rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or(String::new(), |(_, end)| end.to_ascii_lowercase())
}

fn transcriber(path: &str) -> Option<Transcriber> {
    is_workbook(path).then_some(workbook::transcribe)
}

fn ready(request: &Request, problems: &mut Vec<Problem>) -> Box<dyn Extractor> {
    Box::new(Ready { mappings: Mapping::of(request, true, reads, problems) })
}

impl Extractor for Ready {
    fn name(&self) -> &'static str {
        TABLES.name
    }

    fn version(&self) -> u32 {
        TABLES.version
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        self.mappings.iter().any(|mapping| mapping.matches(path))
    }

    fn limit(&self) -> u64 {
        DOCUMENT_LIMIT
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let (lists, cells) = self.split(file.path);
        if !lists.is_empty() {
            list(&lists, file, out);
        }
        if cells.is_empty() {
            return;
        }
        if is_workbook(file.path) && file.text.starts_with(workbook::SHEET) {
            return cells.into_iter().for_each(|mapping| sheets(mapping, file, out));
        }
        let mut stream = Cells::new(cells, file.path);
        stream.piece(Piece { text: file.text, offset: 0, line: 1 }, out);
        stream.finish(out);
    }

    fn transcriber(&self, path: &str) -> Option<Transcriber> {
        transcriber(path)
    }

    fn stream<'a>(&'a self, path: &'a str, _head: &str, _request: &'a Request) -> Option<Box<dyn Stream + 'a>> {
        let (lists, cells) = self.split(path);
        (lists.is_empty() && !is_workbook(path)).then(|| Box::new(Cells::new(cells, path)) as Box<dyn Stream + 'a>)
    }

    fn unread(&self, path: &str, reason: &Unread, _request: &Request, out: &mut Output<'_>) {
        let mappings: Vec<&Mapping> = self.mappings.iter().filter(|mapping| mapping.matches(path)).collect();
        Mapping::unread(&mappings, None, RowPlace::default(), &format!("the file is skipped: {reason}"), out);
    }
}

impl Ready {
    /// The blocks that read the file as a list in yaml or json, and those that read it as cells.
    fn split(&self, path: &str) -> (Vec<&Mapping>, Vec<&Mapping>) {
        let document = matches!(&*extension(path), "yaml" | "yml" | "json");
        let matching = self.mappings.iter().filter(|mapping| mapping.matches(path));
        matching.partition(|mapping| document && mapping.source().formats.contains(&Format::Table))
    }
}

/// Whether the file is no text but a workbook, by its name.
pub(crate) fn is_workbook(path: &str) -> bool {
    matches!(&*extension(path), "xlsx" | "xlsm" | "ods")
}

/// Rows out of those sheets of a workbook whose headings fit the block best.
fn sheets(mapping: &Mapping, file: SourceFile<'_>, out: &mut Output<'_>) {
    let sheets = workbook::sheets(file.text);
    let fit = |text: &str| best_heading(mapping, text, COMMAS).map_or(0, |heading| heading.fitting);
    let fits: Vec<usize> = sheets.iter().map(|(_, text)| fit(text)).collect();
    let most = fits.iter().copied().max().unwrap_or(0);
    for ((offset, text), fit) in sheets.into_iter().zip(fits) {
        if fit == most {
            let mut stream = Cells::new(vec![mapping], file.path);
            stream.runs.iter_mut().for_each(|run| run.dialect = Some(COMMAS));
            stream.piece(Piece { text, offset: offset as u64, line: 1 }, out);
            stream.finish(out);
        }
    }
}

/// Rows out of a list of objects: the document itself, or what its one key with such a list holds.
fn list(mappings: &[&Mapping], file: SourceFile<'_>, out: &mut Output<'_>) {
    let places = Places::new(file.text);
    let context = Context { path: file.path, places: &places, json, headings: None };
    let mut each = |document: Result<Document<'_>, SyntaxError>| {
        let mut document = match document {
            Ok(document) => document,
            Err(error) => return broken(mappings, file.text, &error, &places, out),
        };
        let Some(entries) = entries(&document) else {
            let error = SyntaxError::new(0, "the document holds no list of objects, or several");
            return broken(mappings, file.text, &error, &places, out);
        };
        for mapping in mappings {
            if mapping.source().conditions.is_empty() {
                mapping.evidence(out);
            }
            for &entry in &entries {
                document.set_root(entry);
                if mapping.counts(&mut document, &context, out) {
                    mapping.rows(&mut document, &context, out);
                }
            }
        }
    };
    match extension(file.path).as_str() {
        "json" => concatenated(file.text, &mut each),
        _ => yaml::documents(file.text, &mut each),
    }
}

fn entries(document: &Document<'_>) -> Option<Vec<extract::NodeId>> {
    let data = |id| &document.node(id).data;
    let objects = |id| match data(id) {
        Data::List(nodes) if nodes.iter().all(|&node| matches!(data(node), Data::Object(_))) => Some(nodes.clone()),
        _ => None,
    };
    let root = document.root();
    match data(root) {
        Data::List(_) => objects(root),
        Data::Null => Some(Vec::new()),
        _ => {
            let mut lists = document.children(root).iter().filter_map(|&child| objects(child));
            let first = lists.next()?;
            lists.next().is_none().then_some(first)
        }
    }
}

/// Delimited text, piece by piece.
struct Cells<'a> {
    runs: Vec<Run<'a>>,
}

/// One block's way through the table.
struct Run<'a> {
    mapping: &'a Mapping,
    path: &'a str,
    dialect: Option<Dialect>,
    /// Records still to pass before the first row.
    skip: usize,
    heading: Heading,
    /// Which cells fill which columns, where that is all there is to a row.
    cells: Option<Vec<Vec<usize>>>,
    /// The beginning of a record whose end is in the next piece, and where it stands.
    carry: String,
    start: (u64, u32),
    failed: bool,
}

enum Heading {
    /// Not looked for yet.
    Unknown,
    /// Columns go by their order.
    Less,
    /// As written, and folded.
    Found(Vec<String>, Vec<String>),
    /// It lacks what the input needs; told already.
    Lacking,
}

impl<'a> Cells<'a> {
    fn new(mappings: Vec<&'a Mapping>, path: &'a str) -> Self {
        let run = |mapping: &'a Mapping| Run {
            mapping,
            path,
            dialect: None,
            skip: 0,
            heading: Heading::Unknown,
            cells: None,
            carry: String::new(),
            start: (0, 1),
            failed: false,
        };
        Cells { runs: mappings.into_iter().map(run).collect() }
    }
}

impl Stream for Cells<'_> {
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>) {
        let places = Places::within(piece.text, piece.offset, piece.line);
        for run in self.runs.iter_mut().filter(|run| !run.failed) {
            if run.carry.is_empty() {
                run.start = (piece.offset, piece.line);
                run.read(&places, false, out);
                continue;
            }
            let joined = std::mem::take(&mut run.carry) + piece.text;
            run.read(&Places::within(&joined, run.start.0, run.start.1), false, out);
        }
    }

    fn finish(&mut self, out: &mut Output<'_>) {
        for run in self.runs.iter_mut().filter(|run| !run.failed) {
            let rest = std::mem::take(&mut run.carry);
            run.read(&Places::within(&rest, run.start.0, run.start.1), true, out);
            if run.mapping.source().headerless {
                run.mapping.evidence(out);
            } else if matches!(run.heading, Heading::Unknown) && !run.failed {
                let message = "the table is empty, it has no heading";
                Mapping::unread(&[run.mapping], Some(""), RowPlace::default(), message, out);
            }
        }
    }
}

impl Run<'_> {
    /// Reads the records of a text that begins at `start`; the last one is carried over if it does not end here.
    fn read(&mut self, places: &Places<'_>, last: bool, out: &mut Output<'_>) {
        let text = places.text();
        if text.trim().is_empty() {
            return;
        }
        let dialect = *self.dialect.get_or_insert_with(|| dialect(self.mapping, self.path, text));
        if matches!(self.heading, Heading::Unknown) {
            self.find_heading(text, dialect, places, out);
        }
        let (mut at, mut cells) = (0, Vec::new());
        while at < text.len() {
            let Ok(next) = record(text, at, dialect, &mut cells) else {
                return self.carry_over(at, places, last, out);
            };
            if self.skip > 0 {
                self.skip -= 1;
            } else if !text[at..next].trim().is_empty() {
                self.row(text, Span::new(at, next), &cells, places, out);
            }
            at = next;
        }
    }

    fn carry_over(&mut self, at: usize, places: &Places<'_>, last: bool, out: &mut Output<'_>) {
        let text = places.text();
        self.carry = text[at..].to_owned();
        self.start = (self.start.0 + at as u64, places.line(at));
        if last || self.carry.len() > MAX_RECORD {
            self.failed = true;
            let place = places.place(Span::at(at));
            Mapping::unread(&[self.mapping], Some(text), place, "a quoted cell of this record is never closed", out);
        }
    }

    fn find_heading(&mut self, text: &str, dialect: Dialect, places: &Places<'_>, out: &mut Output<'_>) {
        if self.mapping.source().conditions.is_empty() {
            self.mapping.evidence(out);
        }
        if self.mapping.source().headerless {
            self.heading = Heading::Less;
            self.cells = self.mapping.cells(None);
            return;
        }
        let Some(BestHeading { number, span, .. }) = best_heading(self.mapping, text, dialect) else { return };
        let mut cells = Vec::new();
        self.skip = number + 1;
        if record(text, span.start as usize, dialect, &mut cells).is_err() {
            return;
        }
        let written: Vec<String> = cells.iter().map(|cell| cell.text(text).into_owned()).collect();
        let folded: Vec<String> = written.iter().map(|heading| fold(heading)).collect();
        let lacking = self.mapping.lacking(&folded);
        let end = span.start as usize + text[span.range()].trim_end().len();
        let place = places.place(Span::new(span.start as usize, end));
        for (column, wanted) in &lacking {
            let wanted: Vec<String> = wanted.iter().map(|heading| format!("`{heading}`")).collect();
            let message = format!(
                "the table has no column {}, which `{}` of `{}` needs",
                wanted.join(" or "),
                column.name,
                self.mapping.decl().name
            );
            self.mapping.problem(
                Problem {
                    place,
                    help: Some(headings_help(&wanted, &written)),
                    ..Problem::plain("E0803", ProblemKind::Error, message)
                },
                out,
            );
        }
        self.cells = self.mapping.cells(Some(&folded));
        self.heading = if lacking.is_empty() { Heading::Found(written, folded) } else { Heading::Lacking };
    }

    fn row(&self, text: &str, span: Span, cells: &[Cell], places: &Places<'_>, out: &mut Output<'_>) {
        let end = span.start as usize + text[span.range()].trim_end().len();
        let span = Span::new(span.start as usize, end);
        if matches!(self.heading, Heading::Unknown | Heading::Lacking) {
            return;
        }
        if let Some(plan) = &self.cells {
            let value = |number: usize| cells.get(number).map(|cell| (data(cell, text), cell.span));
            let context = Context { path: self.path, places, json, headings: None };
            if self.mapping.cell_row(plan, &value, span, &context, out) {
                return;
            }
        }
        let (document, headings) = match &self.heading {
            Heading::Less => (row(text, span, cells, None), Some(&[][..])),
            Heading::Found(written, folded) => (row(text, span, cells, Some(folded)), Some(written.as_slice())),
            Heading::Unknown | Heading::Lacking => return,
        };
        // A row has far fewer cells than a document may have values.
        let Ok(mut document) = document else { return };
        let context = Context { path: self.path, places, json, headings };
        if self.mapping.counts(&mut document, &context, out) {
            self.mapping.rows(&mut document, &context, out);
        }
    }
}

/// The record among a table's first that fits a block best.
struct BestHeading {
    /// How many of the headings that the block names it has.
    fitting: usize,
    /// Which one it is, from 0.
    number: usize,
    span: Span,
}

fn best_heading(mapping: &Mapping, text: &str, dialect: Dialect) -> Option<BestHeading> {
    let (mut at, mut cells) = (0, Vec::new());
    let mut best: Option<BestHeading> = None;
    for number in 0..TITLES {
        let Ok(next) = record(text, at, dialect, &mut cells) else { break };
        let folded: Vec<String> = cells.iter().map(|cell| fold(&cell.text(text))).collect();
        let fitting = mapping.fitting(&folded);
        let empty = folded.iter().all(String::is_empty);
        if !empty && best.as_ref().is_none_or(|best| fitting > best.fitting) {
            best = Some(BestHeading { fitting, number, span: Span::new(at, next) });
        }
        at = next;
        if at >= text.len() {
            break;
        }
    }
    best
}

/// A row as a document: an object under the headings, or a list.
fn row<'t>(
    text: &'t str,
    span: Span,
    cells: &[Cell],
    headings: Option<&'t [String]>,
) -> Result<Document<'t>, SyntaxError> {
    let mut builder = Builder::with_capacity(cells.len() + 1);
    builder.open(span, if headings.is_some() { Data::Object(Vec::new()) } else { Data::List(Vec::new()) })?;
    for (number, cell) in cells.iter().enumerate() {
        if let Some(headings) = headings {
            let Some(heading) = headings.get(number) else { break };
            builder.key(heading.as_str().into());
        }
        builder.scalar(cell.span, data(cell, text))?;
    }
    builder.close(span.end as usize);
    Ok(builder.finish())
}

/// What a cell holds.
fn data<'t>(cell: &Cell, text: &'t str) -> Data<'t> {
    let value = cell.text(text);
    if value.is_empty() { Data::Null } else { Data::Text(value) }
}

fn dialect(mapping: &Mapping, path: &str, text: &str) -> Dialect {
    let formats = &mapping.source().formats;
    let tabs = formats.contains(&Format::Tsv) || (formats.contains(&Format::Table) && extension(path) == "tsv");
    match tabs {
        // Files of facts are written without any quoting.
        true => Dialect { delimiter: b'\t', quotes: !mapping.source().headerless },
        false => sniff(text),
    }
}

fn headings_help(wanted: &[String], found: &[String]) -> String {
    let found: Vec<&str> = found.iter().map(String::as_str).filter(|heading| !heading.is_empty()).collect();
    let near = wanted.iter().find_map(|heading| did_you_mean(heading.trim_matches('`'), found.iter().copied()));
    let listed: Vec<String> = found.iter().map(|heading| format!("`{heading}`")).collect();
    let near = near.map_or(String::new(), |near| format!("{near} "));
    format!("{near}its headings are {}", listed.join(", "))
}
