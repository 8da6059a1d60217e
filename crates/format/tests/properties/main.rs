//! What holds of any text, healthy or broken: the layout is the same program with the same comments, laying it out again changes
//! nothing, and the edits give it. Over all policies, the parser's corpus, and generated texts in random layouts.
//!
//! `LAWBOOK_FORMAT=first..last` runs other seeds than the usual ones; a failure prints its seed and text.

#![allow(clippy::disallowed_methods, reason = "the policies and the parser's corpus lie on the real file system")]

mod generate;
mod relayout;

use std::path::{Path, PathBuf};

use base::{Diagnostic, FileId, Span};
use format::{format, format_range, same_program};

use generate::Random;

/// The `.law` files below a folder, sorted.
fn law_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder exists").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(law_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "law") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn samples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["policies", "examples", "crates/syntax/tests/corpus"];
    let paths = folders.iter().flat_map(|folder| law_files(&root.join(folder)));
    paths.map(|path| std::fs::read_to_string(path).expect("a readable sample")).collect()
}

fn seeds(usual: std::ops::Range<u64>) -> std::ops::Range<u64> {
    let Ok(range) = std::env::var("LAWBOOK_FORMAT") else { return usual };
    let (first, last) = range.split_once("..").expect("LAWBOOK_FORMAT=first..last");
    first.parse().expect("a number")..last.parse().expect("a number")
}

fn is_broken(text: &str) -> bool {
    syntax::parse(FileId(0), text).diagnostics.iter().any(Diagnostic::is_error)
}

/// The lines around the first that differs.
fn difference(once: &str, twice: &str) -> String {
    let same = once.lines().zip(twice.lines()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.lines().skip(same.saturating_sub(6)).take(12).collect::<Vec<_>>().join("\n");
    format!("---- once\n{}\n---- twice\n{}", around(once), around(twice))
}

/// Lays out `text` and checks what must hold of any text.
fn check(text: &str, origin: &str) -> String {
    let formatted = format(FileId(0), text);
    let new = &formatted.text;
    let tree = |text: &str| syntax::dump(&syntax::parse(FileId(0), text).module);
    let trees = || difference(&tree(text), &tree(new));
    assert!(same_program(text, new), "{origin}: not the same program\n{}\n{text}", trees());
    let again = format(FileId(0), new).text;
    assert!(again == *new, "{origin}: not settled\n{}", difference(new, &again));
    let mut applied = text.to_owned();
    for edit in formatted.edits.iter().rev() {
        applied.replace_range(edit.span.range(), &edit.text);
    }
    assert!(applied == *new, "{origin}: the edits give something else");
    let comments_only = formatted.diagnostics.is_empty() && !new.is_empty();
    assert!(!comments_only || new.ends_with('\n') && !new.ends_with("\n\n"), "{origin}: no single line end at the end");
    new.clone()
}

#[test]
fn policies_and_samples_are_the_same_program() {
    for (at, sample) in samples().iter().enumerate() {
        let new = check(sample, &format!("sample {at}"));
        let trailing = |line: &&str| line.ends_with(' ') && !is_broken(&new) && !sample.contains(*line);
        assert_eq!(new.lines().find(trailing), None, "a line ends in blanks");
    }
}

#[test]
fn line_ends_stay_and_marks_go() {
    for sample in samples().iter().filter(|sample| !is_broken(sample)) {
        let plain = format(FileId(0), sample).text;
        let dos = check(&format!("\u{feff}{}", sample.replace('\n', "\r\n")), "with other line ends");
        assert_eq!(dos, plain.replace('\n', "\r\n"));
    }
}

#[test]
fn policies_in_random_layouts() {
    let samples = samples();
    let mut kept = 0;
    for seed in seeds(0..200) {
        let mut random = Random::new(seed);
        let sample = &samples[random.below(samples.len())];
        let text = relayout::relayout(sample, &mut random);
        let new = check(&text, &format!("policies, seed {seed}"));
        kept += usize::from(is_broken(&text) && new == text);
    }
    assert!(kept * 4 < seeds(0..200).count().max(8), "{kept} texts were left as they were");
}

#[test]
fn generated_programs_in_random_layouts() {
    for seed in seeds(0..400) {
        let mut random = Random::new(seed);
        let text = generate::program(&mut random);
        let errors = syntax::parse(FileId(0), &text).diagnostics.into_iter().find(Diagnostic::is_error);
        assert!(errors.is_none(), "seed {seed}: {errors:?}\n{text}");
        let plain = check(&text, &format!("programs, seed {seed}"));
        let other = relayout::relayout(&text, &mut random);
        check(&other, &format!("programs relaid, seed {seed}"));
        check(&relayout::relayout(&plain, &mut random), &format!("programs laid out and relaid, seed {seed}"));
    }
}

#[test]
fn damaged_texts() {
    let samples = samples();
    for seed in seeds(0..200) {
        let mut random = Random::new(seed);
        let sample = &samples[random.below(samples.len())];
        // A part is enough, and quicker.
        let lines: Vec<&str> = sample.lines().collect();
        let from = random.below(lines.len());
        let mut text: Vec<char> = lines[from..].iter().take(40).flat_map(|line| line.chars().chain(['\n'])).collect();
        for _ in 0..=random.below(3) {
            let at = random.below(text.len());
            let to = (at + random.below(12)).min(text.len());
            match random.below(3) {
                0 => drop(text.drain(at..to)),
                1 => {
                    let copy: Vec<char> = text[at..to].to_vec();
                    let place = random.below(text.len());
                    text.splice(place..place, copy);
                }
                _ => {
                    let pool: Vec<char> = "\"'{}()[]/.,:-=<>?\\\n\t\r%#é\0_0/".chars().collect();
                    let some: Vec<char> = (0..random.below(4)).map(|_| pool[random.below(pool.len())]).collect();
                    text.splice(at..at, some);
                }
            }
        }
        check(&text.into_iter().collect::<String>(), &format!("damaged, seed {seed}"));
    }
}

#[test]
fn a_stray_bracket_behind_a_fact() {
    let new = check("p(\"a\",  1).\np(\"bcd\",      2).}\np(\"e\", 3).\n", "a stray bracket");
    assert!(new.contains('}'), "{new}");
}

#[test]
fn ranges_change_only_what_they_touch() {
    let text = "p( 1 ).\nq( 2 ).\n\n\n\nr( 3 ).\n";
    let apply = |range: Span| {
        let mut new = text.to_owned();
        for edit in format_range(text, range).iter().rev() {
            new.replace_range(edit.span.range(), &edit.text);
        }
        new
    };
    assert_eq!(apply(Span::new(9, 10)), "p( 1 ).\nq(2).\n\n\n\nr( 3 ).\n");
    assert_eq!(apply(Span::new(0, text.len())), "p(1).\nq(2).\n\nr(3).\n");
}
