//! The run as a whole, with an extractor that writes a row for each word.

use std::io::Read;
use std::sync::Arc;

use base::{Cancel, FileEntry, FileError, Files, Listing, MemoryFiles, Span};
use facts::{Column, RelationDecl, RowPlace, Type};

use crate::{Extraction, Extractor, Options, Output, Piece, Request, SecretScanner, SourceFile, Stream, run};

struct Words;

impl Extractor for Words {
    fn name(&self) -> &'static str {
        "words"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        path.ends_with(".txt") || path.ends_with(".log")
    }

    fn limit(&self) -> u64 {
        1000
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        write(file.text, 1, out);
        assert!(!file.text.contains("panic"));
    }

    fn stream<'a>(&'a self, path: &'a str, _head: &str, _request: &'a Request) -> Option<Box<dyn Stream + 'a>> {
        path.ends_with(".log").then(|| Box::new(WordStream) as Box<dyn Stream>)
    }
}

struct WordStream;

impl Stream for WordStream {
    fn piece(&mut self, piece: Piece<'_>, out: &mut Output<'_>) {
        write(piece.text, piece.line, out);
        assert!(!piece.text.contains("panic"));
    }

    fn finish(&mut self, _out: &mut Output<'_>) {}
}

fn write(text: &str, line: u32, out: &mut Output<'_>) {
    out.evidence.push(0);
    for (number, words) in text.lines().enumerate() {
        for word in words.split_whitespace() {
            let code = out.sink.text(word);
            out.sink.row(0, &[code], RowPlace { line: line + number as u32, ..RowPlace::default() });
        }
    }
}

/// Hides each `SECRET`.
struct Hider;

impl SecretScanner for Hider {
    fn wants(&self, path: &str, _request: &Request) -> bool {
        !path.ends_with(".skip")
    }

    fn scan(&self, _path: &str, piece: Piece<'_>, _out: &mut Output<'_>) -> Vec<Span> {
        piece.text.match_indices("SECRET").map(|(at, word)| Span::new(at, at + word.len())).collect()
    }
}

fn request() -> Request {
    let column = Column { name: "word".into(), ty: Type::String, optional: false, key: false, doc: "".into() };
    let decl = RelationDecl { name: "t.word".into(), columns: vec![column], doc: "".into() };
    Request { schema: vec![Arc::new(decl)], ..Request::default() }
}

fn extract(files: &dyn Files, options: &Options) -> Extraction {
    let extractors: Vec<Box<dyn Extractor>> = vec![Box::new(Words)];
    run(files, &request(), &extractors, Some(&Hider), options, &Cancel::new()).unwrap()
}

/// Words with their places, then problems.
fn show(extraction: &Extraction) -> String {
    let table = extraction.database.table("t.word").unwrap();
    let mut out = String::new();
    for row in 0..table.len() {
        let word = extraction.database.values.text(table.row(row).next().unwrap());
        let origins = table.origins(row);
        let places: Vec<String> =
            origins.map(|origin| format!("{}:{}", extraction.database.file(origin.file), origin.place.line)).collect();
        out += &format!("{word} {}\n", places.join(" "));
    }
    for found in &extraction.problems {
        out += &format!("{} {} {}\n", found.problem.code, found.path, found.problem.message);
    }
    out
}

#[track_caller]
fn check(files: &dyn Files, expected: &str) -> Extraction {
    let extraction = extract(files, &Options::default());
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&show(&extraction)), lines(expected));
    extraction
}

#[test]
fn rows_come_in_the_order_of_paths_with_secrets_masked() {
    let files = MemoryFiles::new().with("b.txt", "x aSECRETb\ny").with("a.log", "y\nSECRET\n").with("c.py", "z");
    let extraction = check(&files, "y a.log:1 b.txt:2\nxxxxxx a.log:2\nx b.txt:1\naxxxxxxb b.txt:1");
    assert_eq!(extraction.evidence["t.word"].files, ["a.log".into(), "b.txt".into()]);
    assert_eq!((extraction.counts.listed, extraction.counts.read), (3, 3));
    assert_eq!(extraction.stats["words"].rows, 5);
}

#[test]
fn what_is_not_looked_at_is_counted_and_told() {
    let files = MemoryFiles::new()
        .with("big.txt", "a ".repeat(600))
        .with("big.log", "a\n".repeat(600))
        .with("data.txt", b"\x00\x01")
        .with("image.png", b"\x00\x01")
        .with("latin.txt", b"caf\xe9")
        .with("other.skip", "x");
    let extraction = extract(&files, &Options::default());
    let shown = show(&extraction);
    assert!(
        shown.ends_with(
            "W0801 big.txt the file is skipped: it has 1 MiB, more than the 0 MiB that are read\n\
         W0801 data.txt the file is skipped: it is not text (it holds NUL bytes)\n\
         W0803 latin.txt the file has bytes that are no text in its encoding; they are read as `\u{fffd}`\n"
        ),
        "{shown}"
    );
    let counts = extraction.counts;
    assert_eq!((counts.listed, counts.read, counts.binary, counts.skipped, counts.unwanted), (6, 2, 2, 1, 1));
    assert_eq!(extraction.skipped.len(), 1);
}

#[test]
fn a_panic_costs_the_file_and_is_told() {
    let files = MemoryFiles::new().with("a.txt", "panic").with("b.txt", "fine").with("c.log", "panic\n");
    check(
        &files,
        "fine b.txt:1
         E0801 a.txt internal error: the extractor `words` failed on this file
         E0801 c.log internal error: the extractor `words` failed on this file",
    );
}

#[test]
fn settings_exclude_and_include() {
    let files = MemoryFiles::new().with("vendor/a.txt", "a").with("vendor/keep.txt", "k").with("b.txt", "b");
    let options =
        Options { exclude: vec!["vendor/**".into()], include: vec!["**/keep.txt".into()], ..Options::default() };
    let extraction = extract(&files, &options);
    assert_eq!(show(&extraction), "b b.txt:1\nk vendor/keep.txt:1\n");
    assert_eq!((extraction.counts.listed, extraction.counts.excluded), (2, 1));
    let broken = Options { exclude: vec!["[".into()], ..Options::default() };
    assert!(show(&extract(&files, &broken)).contains("E0808  the glob `[` of the settings cannot be used"));
}

#[test]
fn a_cancelled_run_stops() {
    let cancel = Cancel::new();
    cancel.cancel();
    let files = MemoryFiles::new().with("a.txt", "a");
    let extraction = run(&files, &request(), &[Box::new(Words)], None, &Options::default(), &cancel).unwrap();
    assert!(extraction.cancelled && extraction.database.table("t.word").unwrap().is_empty());
}

/// Files of which one cannot be opened, and one breaks off.
struct Broken;

struct BreaksOff(bool);

impl Read for BreaksOff {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(std::io::Error::other("the disk is gone"));
        }
        buffer[..2].copy_from_slice(b"a\n");
        Ok(2)
    }
}

impl Files for Broken {
    fn list(&self) -> Result<Listing, FileError> {
        let files = ["closed.txt", "half.txt"].map(|path| FileEntry { path: path.into(), size: 1 });
        Ok(Listing {
            files: files.to_vec(),
            ignored: 3,
            skipped: vec![("link".into(), "it leads out of the root".into())],
        })
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        match path {
            "half.txt" => Ok(Box::new(BreaksOff(false))),
            _ => Err(FileError { path: path.to_owned(), reason: "permission denied".to_owned() }),
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let extraction = check(
        &Broken,
        "E0802 closed.txt the file is skipped: permission denied
         E0802 half.txt the file is skipped: it cannot be read: the disk is gone",
    );
    let skipped: Vec<String> = extraction.skipped.iter().map(|(path, reason)| format!("{path}: {reason}")).collect();
    assert_eq!(skipped[0], "link: it leads out of the root");
    assert_eq!((skipped.len(), extraction.counts.ignored, extraction.counts.skipped), (3, 3, 2));
}
