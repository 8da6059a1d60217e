//! Files made to break readers: every one ends in rows or in a clear problem.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::{Cancel, FileEntry, FileError, Files, Listing, MemoryFiles};
use extract::{Options, run};

use crate::extractors;
use crate::testing::{Input, extract, input, request, show};

fn everything(format: &str) -> Input {
    input("r", "k: string?, v: string?", format, "*").column("k", "$key").column("v", "a")
}

#[track_caller]
fn problem(format: &str, content: String, expected: &str) {
    let files = MemoryFiles::new().with("f", content);
    let shown = show(&extract(&request(vec![everything(format).each("[*]")]), &files, None));
    assert!(shown.contains(expected), "{}", shown.chars().take(300).collect::<String>());
}

#[test]
fn deep_nesting_is_an_error() {
    let n = 100_000;
    problem("json", "[".repeat(n), "values nest deeper than 256");
    problem("json", "{\"a\":".repeat(n), "values nest deeper than 256");
    problem("yaml", "[".repeat(n), "E0802");
    problem("yaml", "- ".repeat(n), "E0802");
    problem("yaml", (0..2000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(), "E0802");
    problem("toml", format!("a = {}", "[".repeat(n)), "E0802");
    problem("toml", format!("a = {}", "{a=".repeat(n)), "E0802");
    problem("toml", format!("[{}a]", "a.".repeat(n)), "E0802");
    problem("toml", format!("{}a = 1", "a.".repeat(n)), "E0802");
    problem("hcl", format!("a = {}", "[".repeat(n)), "E0802");
    problem("hcl", "a {\n".repeat(n), "E0802");
    problem("hcl", format!("a = {}1", "!".repeat(n)), "E0802");
    problem("hcl", format!("a = {}1", "x ? 1 : ".repeat(n)), "E0802");
    problem("hcl", format!("a = {}", "\"${".repeat(n)), "E0802");
    problem("hcl", format!("a {} {{ }}", "b ".repeat(n)), "E0802");
    problem("xml", "<a>".repeat(n), "elements nest deeper than 256");
    problem("xml", "<a ".repeat(n), "E0802");
}

#[test]
fn alias_bombs_are_an_error() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let last = format!("*a{}", n - 1);
        bomb += &format!("a{n}: &a{n} [{}]\n", [last.as_str(); 9].join(", "));
    }
    problem("yaml", bomb, "the aliases stand for more than 1048576 values");
    problem("yaml", "a: &a [*a]\n".to_owned(), "the alias stands inside what it refers to");
    problem("yaml", "a: *nowhere\n".to_owned(), "E0802");
}

/// A file of lines that are made while it is read, so that its size costs no memory, and that counts how far it was read.
struct Endless {
    line: &'static str,
    lines: usize,
    read: Arc<AtomicUsize>,
}

struct Lines {
    line: &'static str,
    left: usize,
    at: usize,
    read: Arc<AtomicUsize>,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut written = 0;
        while written < buffer.len() && self.left > 0 {
            let rest = &self.line.as_bytes()[self.at..];
            let take = rest.len().min(buffer.len() - written);
            buffer[written..written + take].copy_from_slice(&rest[..take]);
            written += take;
            self.at += take;
            if self.at == self.line.len() {
                (self.at, self.left) = (0, self.left - 1);
            }
        }
        self.read.fetch_add(written, Ordering::Relaxed);
        Ok(written)
    }
}

impl Files for Endless {
    fn list(&self) -> Result<Listing, FileError> {
        let size = (self.line.len() * self.lines) as u64;
        Ok(Listing { files: vec![FileEntry { path: "log.jsonl".into(), size }], ..Listing::default() })
    }

    fn open(&self, _path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        Ok(Box::new(Lines { line: self.line, left: self.lines, at: 0, read: self.read.clone() }))
    }
}

#[test]
fn json_lines_beyond_every_limit_are_read_to_the_end() {
    let line = concat!(r#"{"id": "x", "tokens": 7, "pad": ""#, "0123456789012345678901234567890123456789", "\"}\n");
    let lines = 20_000_000 / line.len();
    let files = Endless { line, lines, read: Arc::default() };
    let request = request(vec![input("log", "id: string, line: int?", "json", "*.jsonl").column("id", "id")]);
    let extraction = run(&files, &request, &extractors(), None, &Options::default(), &Cancel::new()).unwrap();
    assert_eq!(files.read.load(Ordering::Relaxed), line.len() * lines);
    let table = extraction.database.table("log").unwrap();
    // Equal rows merge: the number of origins tells that each line was mapped.
    assert_eq!((table.len(), table.origins(0).count()), (1, lines));
    assert_eq!(table.origins(0).last().unwrap().place.line as usize, lines);
}

/// Small deterministic generator (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn no_mutation_panics_and_threads_do_not_matter() {
    let samples: [(&str, &str); 10] = [
        ("json", "{\"a\": [1, 2.5e3, \"x\\u00e9\\n\", null, true], \"b\": {\"a\": \"2026-01-02\"}} // c\n{\"a\": {}}"),
        ("yaml", "a: &x [1, 'two', \"thr\\x65\"]\nb: *x\nc:\n  <<: {a: 1}\n  d: |\n    text\n---\n? [k]\n: !Ref v\n"),
        ("toml", "a = 1\n[b.c]\nd = [1, {e = 'f'}]\n[[g]]\nh = 2026-01-02T03:04:05Z\n"),
        ("hcl", "a = 1\nb \"c\" {\n  d = [1, {e = \"f${g}\"}]\n  h = <<E\nx\nE\n}\n"),
        ("xml", "<?xml version='1.0'?><a b='c&lt;'>x<d/>&#65;<![CDATA[y]]><!-- z --></a>"),
        ("ini", "a=1\n[b \"c\"]\nd: x\\\n  y ; z\n  e\n"),
        ("env", "A=1\nexport B=\"x\\n${A}\"\nC='y' # z\n"),
        ("csv", "a;b;c\n1;\"x\"\"y\nz\";é\n2;;\n"),
        ("table", "title\n\na\tb\n1\t2\n"),
        ("text (?P<a>[a-z]+)=?", "one = two\r\nthree=é\n"),
    ];
    let bytes = b"\"'\\[]{}:,;=#&*!|>-\n\r\t \0\xff\xc3\xa9%0aZ<~";
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (format, sample) in samples {
        let inputs = vec![everything(format).each(".*"), everything(format).each("..a"), everything(format)];
        let inputs = inputs.into_iter().enumerate();
        let request = request(inputs.map(|(n, input)| input.named(&format!("r{n}"))).collect());
        let mut files = MemoryFiles::new();
        for number in 0..400 {
            let mut content = sample.as_bytes().to_vec();
            for _ in 0..=random.below(4) {
                let at = random.below(content.len());
                if content.is_empty() {
                    break;
                }
                match random.below(4) {
                    0 => content[at] = bytes[random.below(bytes.len())],
                    1 => content.insert(at, bytes[random.below(bytes.len())]),
                    2 => drop(content.remove(at)),
                    _ => content.truncate(at.max(1)),
                }
            }
            files.add(&format!("{number:03}"), content);
        }
        let runs = [1, 3].map(|threads| {
            let options = Options { threads, ..Options::default() };
            show(&run(&files, &request, &extractors(), None, &options, &Cancel::new()).unwrap())
        });
        assert!(runs[0] == runs[1], "{format}");
        assert!(!runs[0].contains("E0801"), "{format}: {}", runs[0]);
    }
}
