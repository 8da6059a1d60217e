//! The run over all files: in parallel, each file read once, the outcome independent of the number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Cancel, FileEntry, FileError, Files, Span};
use facts::{RowPlace, Sink};
use rayon::prelude::*;

use crate::kept::Record;
use crate::reading::{OwnPiece, bytes};
use crate::{
    Extraction, Extractor, FileProblem, Glob, Output, Piece, Problem, ProblemKind, Reading, Request, SOURCE_LIMIT,
    SecretScanner, SourceFile, Stream, Unread,
};

/// Files whose batches wait in memory to be absorbed in order, and their bytes: what a table gives takes several times its size.
const WAVE: usize = 1024;
const WAVE_BYTES: u64 = 16 << 20;

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Threads to use; 0 for as many as there are cores.
    pub threads: usize,
    /// Globs of files that are looked at in any case.
    pub include: Vec<Arc<str>>,
    /// Globs of files that are not looked at.
    pub exclude: Vec<Arc<str>>,
}

/// Extracts what `request` asks for. Fails only where the files cannot even be listed.
pub fn run(
    files: &dyn Files,
    request: &Request,
    extractors: &[Box<dyn Extractor>],
    secrets: Option<&dyn SecretScanner>,
    options: &Options,
    cancel: &Cancel,
) -> Result<Extraction, FileError> {
    let mut extraction = Extraction::default();
    for decl in &request.schema {
        extraction.database.declare(decl);
    }
    if request.schema.is_empty() {
        // A program without inputs must not wait for a walk through the folder.
        return Ok(extraction);
    }
    let chosen = choose(files, options)?;
    let threads = pool(options);
    let reading = Readers { files, request, extractors, secrets };
    let problems = reading.read(&chosen.entries, &threads, cancel, &mut |entry, seen| {
        let (record, batches) = Record::of(entry, seen);
        batches.iter().for_each(|batch| extraction.database.absorb(&request.schema, batch));
        record.note(&entry.path, request, &mut extraction);
    });
    chosen.note(&mut extraction);
    tell_first(problems.into_iter().chain(chosen.problems), &mut extraction);
    extraction.cancelled = cancel.is_cancelled();
    Ok(extraction)
}

/// Threads to work on; none where there are none to be had, and the calling one does.
pub(crate) fn pool(options: &Options) -> Option<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().ok()
}

/// What is wrong with the request itself comes first, without a path.
pub(crate) fn tell_first(problems: impl Iterator<Item = Problem>, extraction: &mut Extraction) {
    let path: Arc<str> = "".into();
    let problems = problems.map(|problem| FileProblem { path: path.clone(), problem });
    extraction.problems.splice(..0, problems);
}

/// What reads files, and for whom.
pub(crate) struct Readers<'a> {
    pub files: &'a dyn Files,
    pub request: &'a Request,
    pub extractors: &'a [Box<dyn Extractor>],
    pub secrets: Option<&'a dyn SecretScanner>,
}

impl Readers<'_> {
    /// Reads files in parallel and hands over what came of them in their order. Returns what is wrong with the request.
    pub fn read(
        &self,
        entries: &[FileEntry],
        pool: &Option<rayon::ThreadPool>,
        cancel: &Cancel,
        take: &mut dyn FnMut(&FileEntry, Seen<'_>),
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let prepared: Vec<Option<Box<dyn Extractor + '_>>> =
            self.extractors.iter().map(|extractor| extractor.prepare(self.request, &mut problems)).collect();
        let ready = prepared.iter().zip(self.extractors).map(|(prepared, extractor)| match prepared {
            Some(prepared) => &**prepared as &(dyn Extractor + '_),
            None => &**extractor,
        });
        let job = Job { files: self.files, request: self.request, secrets: self.secrets, extractors: ready.collect() };
        for wave in waves(entries) {
            if cancel.is_cancelled() {
                break;
            }
            let one = |entry: &FileEntry| (!cancel.is_cancelled()).then(|| job.file(entry));
            let seen: Vec<Option<Seen>> = match pool {
                Some(pool) if wave.len() > 1 => pool.install(|| wave.par_iter().map(one).collect()),
                _ => wave.iter().map(one).collect(),
            };
            for (entry, seen) in wave.iter().zip(seen) {
                if let Some(seen) = seen {
                    take(entry, seen);
                }
            }
        }
        problems
    }
}

/// Files to read side by side, one group after the other.
fn waves(entries: &[FileEntry]) -> impl Iterator<Item = &[FileEntry]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let mut bytes = 0_u64;
        let fits = |entry: &&FileEntry| {
            let fits = bytes < WAVE_BYTES;
            bytes = bytes.saturating_add(entry.size);
            fits
        };
        let count = rest.iter().take(WAVE).take_while(fits).count();
        let (wave, later) = rest.split_at(count);
        rest = later;
        (!wave.is_empty()).then_some(wave)
    })
}

/// The files to look at, and how they were chosen.
pub(crate) struct Chosen {
    /// By path.
    pub entries: Vec<FileEntry>,
    ignored: u64,
    excluded: u64,
    skipped: Vec<(Arc<str>, String)>,
    pub problems: Vec<Problem>,
}

impl Chosen {
    /// Takes note of the choice in an extraction that has all files.
    pub fn note(&self, extraction: &mut Extraction) {
        let counts = &mut extraction.counts;
        (counts.listed, counts.ignored, counts.excluded) = (self.entries.len() as u64, self.ignored, self.excluded);
        extraction.skipped.splice(..0, self.skipped.iter().cloned());
    }
}

/// Chooses the files to look at.
pub(crate) fn choose(files: &dyn Files, options: &Options) -> Result<Chosen, FileError> {
    let listing = files.list()?;
    let mut problems = Vec::new();
    let mut globs = |patterns: &[Arc<str>]| -> Vec<Glob> {
        let compile = |pattern: &Arc<str>| match Glob::new(pattern) {
            Ok(glob) => Some(glob),
            Err(reason) => {
                let message = format!("the glob `{pattern}` of the settings cannot be used: {reason}");
                problems.push(Problem::plain("E0808", ProblemKind::Error, message));
                None
            }
        };
        patterns.iter().filter_map(compile).collect()
    };
    let (include, exclude) = (globs(&options.include), globs(&options.exclude));
    let hit = |globs: &[Glob], path: &str| globs.iter().any(|glob| glob.is_match(path));
    let total = listing.files.len();
    let mut entries = listing.files;
    entries.retain(|entry| !hit(&exclude, &entry.path) || hit(&include, &entry.path));
    entries.sort();
    let excluded = (total - entries.len()) as u64;
    Ok(Chosen { entries, ignored: listing.ignored, excluded, skipped: listing.skipped, problems })
}

struct Job<'a> {
    files: &'a dyn Files,
    request: &'a Request,
    secrets: Option<&'a dyn SecretScanner>,
    extractors: Vec<&'a (dyn Extractor + 'a)>,
}

/// What came of one file.
pub(crate) struct Seen<'a> {
    pub fate: Fate,
    pub bytes: u64,
    /// Whether all of it was searched for credentials.
    scanned: bool,
    pub problems: Vec<Problem>,
    pub parts: Vec<Part<'a>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Fate {
    Read,
    Unwanted,
    Unread(Unread),
}

/// What one extractor gave for the file.
pub(crate) struct Part<'a> {
    pub name: &'static str,
    pub time: Duration,
    pub output: Output<'a>,
}

impl<'a> Part<'a> {
    fn new(name: &'static str, request: &'a Request, path: &str) -> Self {
        Part { name, time: Duration::ZERO, output: Output::new(Sink::new(&request.schema, path)) }
    }

    /// Runs a step of the extractor. One that panics has lost its state and is not called again; what it wrote is dropped,
    /// and the trouble told.
    fn step(&mut self, request: &'a Request, path: &str, step: impl FnOnce(&mut Output<'a>)) -> bool {
        let start = Instant::now();
        let fine = catch_unwind(AssertUnwindSafe(|| step(&mut self.output))).is_ok();
        self.time += start.elapsed();
        if !fine {
            self.output = Output::new(Sink::new(&request.schema, path));
            let message = format!("internal error: the extractor `{}` failed on this file", self.name);
            let help = Some("this is a defect of Lawbook; please report it with the file".to_owned());
            self.output.problems.push(Problem { help, ..Problem::plain("E0801", ProblemKind::Error, message) });
        }
        fine
    }
}

impl<'a> Job<'a> {
    fn file(&self, entry: &FileEntry) -> Seen<'a> {
        let path = &*entry.path;
        let wanting: Vec<&'a dyn Extractor> =
            self.extractors.iter().copied().filter(|extractor| extractor.wants(path, self.request)).collect();
        let mut seen = Seen { fate: Fate::Read, bytes: 0, scanned: false, problems: Vec::new(), parts: Vec::new() };
        let scanned = self.secrets.is_some_and(|secrets| secrets.wants(path, self.request));
        if wanting.is_empty() && !scanned {
            seen.fate = Fate::Unwanted;
            return seen;
        }
        if let Err(reason) = self.read(entry, &wanting, &mut seen) {
            for extractor in &wanting {
                self.unread(*extractor, path, &reason, &mut seen);
            }
            if scanned && !seen.scanned && reason != Unread::Binary {
                self.unscanned(path, wanting.is_empty(), &reason, &mut seen);
            }
            seen.fate = Fate::Unread(reason);
        }
        seen
    }

    /// Reads the file in the way that suits those who want it: in pieces if all can, else whole.
    fn read(&self, entry: &FileEntry, wanting: &[&'a dyn Extractor], seen: &mut Seen<'a>) -> Result<(), Unread> {
        let path = &*entry.path;
        let limit = wanting.iter().map(|extractor| extractor.limit()).max().unwrap_or(SOURCE_LIMIT);
        let mut reading = match Reading::open(self.files, path) {
            Err(Unread::Binary) => return self.transcribed(path, wanting, seen),
            reading => reading?,
        };
        let head = if wanting.is_empty() { String::new() } else { reading.head() };
        let large = entry.size > limit;
        let mut streams: Vec<(Part<'a>, Box<dyn Stream + '_>)> = Vec::new();
        let mut whole = Vec::new();
        for extractor in wanting {
            match extractor.stream(path, &head, self.request) {
                Some(stream) => streams.push((Part::new(extractor.name(), self.request, path), stream)),
                None => whole.push(*extractor),
            }
        }
        if !streams.is_empty() && (whole.is_empty() || large) {
            for extractor in whole {
                self.unread(extractor, path, &Unread::TooLarge { size: entry.size, limit: extractor.limit() }, seen);
            }
            return self.pieces(path, &mut reading, streams, seen);
        }
        if large {
            // Too large to be read by those who want it whole, never too large to be searched for credentials.
            if self.secrets.is_some() {
                self.pieces(path, &mut reading, Vec::new(), seen)?;
            }
            return if wanting.is_empty() { Ok(()) } else { Err(Unread::TooLarge { size: entry.size, limit }) };
        }
        drop(streams);
        let text = reading.whole(limit)?;
        self.whole(path, text, wanting, seen);
        self.tell_invalid(&reading, wanting.is_empty(), seen);
        Ok(())
    }

    /// Shows a text to those who want all of it at once.
    fn whole(&self, path: &str, text: String, wanting: &[&'a dyn Extractor], seen: &mut Seen<'a>) {
        let mut piece = OwnPiece { text, offset: 0, line: 1 };
        seen.bytes = piece.text.len() as u64;
        let mut scanner = Part::new("secret", self.request, path);
        self.mask(path, &mut piece, &mut scanner);
        seen.scanned = true;
        self.keep(scanner, seen);
        let file = SourceFile { path, text: &piece.text };
        for extractor in wanting {
            let size = file.text.len() as u64;
            if size > extractor.limit() {
                self.unread(*extractor, path, &Unread::TooLarge { size, limit: extractor.limit() }, seen);
                continue;
            }
            let mut part = Part::new(extractor.name(), self.request, path);
            part.step(self.request, path, |out| extractor.extract(file, self.request, out));
            seen.parts.push(part);
        }
    }

    /// Shows a file that is no text to those who know what text it stands for.
    fn transcribed(&self, path: &str, wanting: &[&'a dyn Extractor], seen: &mut Seen<'a>) -> Result<(), Unread> {
        let (able, unable): (Vec<&dyn Extractor>, Vec<&dyn Extractor>) =
            wanting.iter().copied().partition(|extractor| extractor.transcriber(path).is_some());
        let Some((limit, transcribe)) = able.first().and_then(|first| Some((first.limit(), first.transcriber(path)?)))
        else {
            return Err(Unread::Binary);
        };
        let text = transcribe(&bytes(self.files, path, limit)?).map_err(Unread::Failed)?;
        self.whole(path, text, &able, seen);
        unable.into_iter().for_each(|extractor| self.unread(extractor, path, &Unread::Binary, seen));
        Ok(())
    }

    fn pieces(
        &self,
        path: &str,
        reading: &mut Reading,
        streams: Vec<(Part<'a>, Box<dyn Stream + '_>)>,
        seen: &mut Seen<'a>,
    ) -> Result<(), Unread> {
        let unwanted = streams.is_empty();
        let mut live: Vec<(Part<'a>, Option<Box<dyn Stream + '_>>)> =
            streams.into_iter().map(|(part, stream)| (part, Some(stream))).collect();
        let mut scanner = Part::new("secret", self.request, path);
        let mut end = Ok(());
        loop {
            let mut own = match reading.piece() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(reason) => {
                    end = Err(reason);
                    break;
                }
            };
            seen.bytes += own.text.len() as u64;
            self.mask(path, &mut own, &mut scanner);
            let piece = Piece { text: &own.text, offset: own.offset, line: own.line };
            for (part, stream) in &mut live {
                let fine = stream.as_mut().is_none_or(|s| part.step(self.request, path, |out| s.piece(piece, out)));
                if !fine {
                    *stream = None;
                }
            }
        }
        self.keep(scanner, seen);
        for (mut part, stream) in live {
            if let Some(mut stream) = stream {
                part.step(self.request, path, |out| stream.finish(out));
            }
            seen.parts.push(part);
        }
        self.tell_invalid(reading, unwanted, seen);
        seen.scanned = end.is_ok();
        end
    }

    /// Masks what the scanner finds. If it fails, the text is not shown to anybody.
    fn mask(&self, path: &str, own: &mut OwnPiece, part: &mut Part<'a>) {
        let Some(secrets) = self.secrets else { return };
        let piece = Piece { text: &own.text, offset: own.offset, line: own.line };
        let mut spans = Vec::new();
        let fine = part.step(self.request, path, |out| spans = secrets.scan(path, piece, out));
        if !fine {
            spans = vec![Span::new(0, own.text.len())];
        }
        // The letter means nothing in any format, where stars would be YAML aliases.
        mask(&mut own.text, &spans, b'x');
    }

    fn keep(&self, part: Part<'a>, seen: &mut Seen<'a>) {
        if self.secrets.is_some() {
            seen.parts.push(part);
        }
    }

    fn unread(&self, extractor: &'a dyn Extractor, path: &str, reason: &Unread, seen: &mut Seen<'a>) {
        let mut part = Part::new(extractor.name(), self.request, path);
        part.step(self.request, path, |out| extractor.unread(path, reason, self.request, out));
        seen.parts.push(part);
    }

    /// A file that could not be searched for credentials: told (`tell`), unless whoever else wants the file does so.
    fn unscanned(&self, path: &str, tell: bool, reason: &Unread, seen: &mut Seen<'a>) {
        let Some(secrets) = self.secrets else { return };
        let mut part = Part::new("secret", self.request, path);
        part.step(self.request, path, |out| secrets.unread(path, reason, out));
        if tell {
            let message = format!("the file is not searched for credentials: {reason}");
            part.output.problems.push(Problem::plain("W0801", ProblemKind::Warning, message));
        }
        self.keep(part, seen);
    }

    fn tell_invalid(&self, reading: &Reading, unwanted: bool, seen: &mut Seen<'a>) {
        if reading.invalid() && !unwanted {
            let message = "the file has bytes that are no text in its encoding; they are read as `\u{fffd}`";
            seen.problems.push(Problem::plain("W0803", ProblemKind::Warning, message.to_owned()));
        }
    }
}

/// Overwrites the ranges with `mark`, line breaks kept, so that every other byte stays where it is.
pub(crate) fn mask(text: &mut String, spans: &[Span], mark: u8) {
    if spans.is_empty() {
        return;
    }
    let mut bytes = std::mem::take(text).into_bytes();
    for span in spans {
        let mut range = span.range();
        range.end = range.end.min(bytes.len());
        range.start = range.start.min(range.end);
        // Whole characters only.
        while range.start > 0 && bytes[range.start] & 0xc0 == 0x80 {
            range.start -= 1;
        }
        while range.end < bytes.len() && bytes[range.end] & 0xc0 == 0x80 {
            range.end += 1;
        }
        for byte in &mut bytes[range] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = mark;
            }
        }
    }
    *text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
}

impl Problem {
    /// One about the whole file.
    pub fn plain(code: &'static str, kind: ProblemKind, message: String) -> Self {
        Problem { code, kind, relation: None, place: RowPlace::default(), message, help: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_are_bounded_in_files_and_bytes() {
        let files = |sizes: &[u64]| {
            let entry = |(at, size): (usize, &u64)| FileEntry { path: format!("{at}").into(), size: *size };
            sizes.iter().enumerate().map(entry).collect::<Vec<FileEntry>>()
        };
        let lengths = |sizes: &[u64]| waves(&files(sizes)).map(<[FileEntry]>::len).collect::<Vec<usize>>();
        assert_eq!(lengths(&[]), []);
        assert_eq!(lengths(&[1; WAVE + 1]), [WAVE, 1]);
        // A file that is larger than a wave is one.
        assert_eq!(lengths(&[WAVE_BYTES * 2, 1, WAVE_BYTES, u64::MAX, 1]), [1, 2, 1, 1]);
    }
}
