//! The scan: which patterns can match at all (one pass over the text for all keywords), what they match, what of it counts.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base::Span;
use extract::{Output, Piece, Places, Problem, ProblemKind, Request, SecretScanner, Unread};
use facts::Value;
use sha2::{Digest, Sha256};

use super::judge::{Setting, Verdict, entropy, judge};
use super::name::name_at;
use super::pattern::{Ready, SecretPattern};

/// The relation that is filled.
const RELATION: &str = "secret.match";

/// Lines longer than this are data or minified code.
const LONG_LINE: usize = 2000;

/// Finds credentials by patterns, which are made ready when the first text is looked at: a run that reads no file pays nothing.
#[derive(Debug)]
pub struct Scanner {
    patterns: Vec<SecretPattern>,
    ready: OnceLock<Patterns>,
    salt: String,
}

#[derive(Debug)]
struct Patterns {
    patterns: Vec<Ready>,
    keywords: Option<AhoCorasick>,
    /// The pattern that each keyword speaks for.
    owners: Vec<usize>,
    /// Patterns without keywords.
    always: Vec<usize>,
}

impl Patterns {
    fn new(patterns: &[SecretPattern]) -> Patterns {
        let (mut words, mut owners, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (number, pattern) in patterns.iter().enumerate() {
            let before = words.len();
            for word in pattern.keywords.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                words.push(word);
                owners.push(number);
            }
            if words.len() == before {
                always.push(number);
            }
        }
        let keywords =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(&words).ok();
        if keywords.is_none() {
            // More keywords than one automaton holds: every pattern is tried.
            always = (0..patterns.len()).collect();
        }
        Patterns { patterns: patterns.iter().map(Ready::new).collect(), keywords, owners, always }
    }

    /// The patterns that may match, in order.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let mut possible = vec![false; self.patterns.len()];
        self.always.iter().for_each(|&pattern| possible[pattern] = true);
        for hit in self.keywords.iter().flat_map(|keywords| keywords.find_overlapping_iter(text)) {
            possible[self.owners[hit.pattern().as_usize()]] = true;
        }
        (0..possible.len()).filter(|&pattern| possible[pattern]).collect()
    }
}

struct Found<'t> {
    pattern: usize,
    span: Span,
    value: &'t str,
    name: Option<String>,
    placeholder: bool,
}

impl Scanner {
    /// A scanner for these patterns; among equal matches the first listed wins. `salt` keeps the hashes in keys from being
    /// compared between projects. One that is too large is told of when a text calls for it; one that
    /// cannot be read ([`SecretPattern::check`]) is to be refused before.
    pub fn new(patterns: Vec<SecretPattern>, salt: &str) -> Scanner {
        Scanner { ready: OnceLock::new(), patterns, salt: salt.to_owned() }
    }

    fn ready(&self) -> &Patterns {
        self.ready.get_or_init(|| Patterns::new(&self.patterns))
    }

    /// The pattern of a match, compiled as it was to find it.
    fn prefix(&self, found: &Found<'_>) -> &str {
        self.ready().patterns[found.pattern].made().map_or("", |made| &made.prefix)
    }

    fn find<'t>(&self, path: &str, text: &'t str, out: &mut Output<'_>) -> Vec<Found<'t>> {
        let generated = is_generated(path);
        let mut found = Vec::new();
        for pattern in self.ready().candidates(text) {
            let ready = &self.ready().patterns[pattern];
            let Some(made) = ready.made() else {
                let message =
                    format!("the regex of the secret pattern `{}` is too large and was not tried", ready.kind);
                out.problems.push(Problem::plain("E0808", ProblemKind::Error, message));
                continue;
            };
            for captures in made.regex.captures_iter(text.as_bytes()) {
                let Some(secret) = captures.get(1).or(captures.get(0)) else { continue };
                // A match on bytes may begin or end inside a character.
                let Some(value) = text.get(secret.range()).filter(|value| !value.is_empty()) else { continue };
                let name = name_at(text, secret.start());
                let setting = Setting {
                    prefix: &made.prefix,
                    distinctive: made.distinctive(),
                    provider: ready.provider.is_some(),
                    name: name.as_deref(),
                    before: before(text, secret.start()),
                    generated: generated || in_long_line(text, secret.start()),
                };
                let placeholder = match judge(value, setting) {
                    Verdict::Unrelated => continue,
                    verdict => verdict == Verdict::Placeholder,
                };
                let span = Span::new(secret.start(), secret.end());
                found.push(Found { pattern, span, value, name, placeholder });
            }
        }
        self.without_overlaps(found)
    }

    /// Of overlapping matches the most telling stays: the longest prefix, then the longest match, then the pattern
    /// listed first.
    fn without_overlaps<'t>(&self, mut found: Vec<Found<'t>>) -> Vec<Found<'t>> {
        found.sort_by_key(|f| (std::cmp::Reverse((self.prefix(f).len(), f.span.len())), f.pattern, f.span));
        let mut kept: std::collections::BTreeMap<u32, Found<'t>> = std::collections::BTreeMap::new();
        for one in found {
            let left = kept.range(..one.span.end).next_back();
            if left.is_none_or(|(_, other)| other.span.end <= one.span.start) {
                kept.insert(one.span.start, one);
            }
        }
        kept.into_values().collect()
    }

    fn write(&self, path: &str, found: &Found<'_>, places: &Places<'_>, relation: usize, out: &mut Output<'_>) {
        let pattern = &self.ready().patterns[found.pattern];
        let key = format!("{path}:{}:{}", pattern.kind, self.hash(found.value));
        let optional = |text: Option<&str>| text.filter(|text| !text.is_empty()).map_or(Value::None, Value::text);
        let label = format!("{} in {path}", found.name.as_deref().unwrap_or(&pattern.kind));
        let columns = &out.sink.decl(relation).columns;
        let row: Vec<Value> = columns
            .iter()
            .map(|column| match &*column.name {
                "secret" => Value::text(key.as_str()),
                "file" => Value::text(path),
                "kind" => Value::text(pattern.kind.as_str()),
                "provider" => optional(pattern.provider.as_deref()),
                "prefix" => optional(Some(self.prefix(found))),
                "name" => optional(found.name.as_deref()),
                "masked" => Value::text(masked(found.value)),
                // Two decimals tell what there is to know, and nothing about the value.
                "entropy" => Value::float((entropy(found.value) * 100.0).round() / 100.0).unwrap_or(Value::None),
                "placeholder" => Value::Bool(found.placeholder),
                _ => Value::None,
            })
            .collect();
        let codes: Vec<_> = row.iter().map(|value| out.sink.value(value)).collect();
        out.sink.labelled_row(relation, &codes, places.place(found.span), &label);
    }

    /// Short, and under a label of its own, so that it is no hash of the secret that could be looked up elsewhere.
    fn hash(&self, value: &str) -> String {
        let mut hasher = Sha256::new();
        for part in ["lawbook secret", &self.salt, value] {
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
        hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl SecretScanner for Scanner {
    fn check(&self, number: usize) -> Result<(), String> {
        self.patterns.get(number).map_or(Ok(()), SecretPattern::check)
    }

    fn wants(&self, _path: &str, request: &Request) -> bool {
        request.schema.iter().any(|decl| *decl.name == *RELATION)
    }

    fn scan(&self, path: &str, piece: Piece<'_>, out: &mut Output<'_>) -> Vec<Span> {
        let found = self.find(path, piece.text, out);
        if let Some(relation) = out.sink.relation(RELATION) {
            if !out.evidence.contains(&relation) {
                out.evidence.push(relation);
            }
            if !found.is_empty() {
                let places = Places::within(piece.text, piece.offset, piece.line);
                found.iter().for_each(|found| self.write(path, found, &places, relation, out));
            }
        }
        found.into_iter().filter(|found| !found.placeholder).map(|found| found.span).collect()
    }

    fn unread(&self, _path: &str, _reason: &Unread, out: &mut Output<'_>) {
        out.incomplete.extend(out.sink.relation(RELATION));
    }
}

/// The character before, where an escape such as `\n` counts as the blank that it stands for.
fn before(text: &str, at: usize) -> Option<char> {
    let mut left = text[..at].chars().rev();
    let last = left.next()?;
    match (last, left.next()) {
        ('n' | 't' | 'r', Some('\\')) => Some(' '),
        _ => Some(last),
    }
}

fn in_long_line(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |line| line + 1);
    let end = (start + LONG_LINE).min(bytes.len());
    end - start == LONG_LINE && memchr::memchr(b'\n', &bytes[start..end]).is_none()
}

/// Files that tools write: lock files, which are full of checksums, minified code and its maps.
fn is_generated(path: &str) -> bool {
    const NAMES: [&str; 16] = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "pipfile.lock",
        "cargo.lock",
        "go.sum",
        "composer.lock",
        "gemfile.lock",
        "packages.lock.json",
        ".terraform.lock.hcl",
        "flake.lock",
    ];
    const ENDS: [&str; 6] = [".min.js", ".min.css", ".bundle.js", ".chunk.js", ".map", ".svg"];
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    NAMES.contains(&name.as_str()) || ENDS.iter().any(|end| name.ends_with(end))
}

/// At most 4 first and 2 last characters, and nothing of a short value.
fn masked(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    if chars.len() < 20 {
        return "****".to_owned();
    }
    let (first, last) = (&chars[..4], &chars[chars.len() - 2..]);
    first.iter().copied().chain("****".chars()).chain(last.iter().copied()).collect()
}
