//! Functions of texts, and the patterns they and the word operators use, compiled once.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use facts::Value;
use hashbrown::HashMap;
use ir::{Function, TextTest};
use regex::Regex;
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};

use super::kept;

/// Compiled regexes and globs by their text. They are shared, never cloned: a clone of a [`Regex`] begins with empty caches, and
/// filling these costs a hundred times what a search does.
#[derive(Debug, Default, Clone)]
pub(crate) struct Patterns {
    regexes: HashMap<Arc<str>, Option<Arc<Regex>>, FxBuildHasher>,
    globs: HashMap<Arc<str>, Option<Arc<Regex>>, FxBuildHasher>,
}

impl Patterns {
    /// The regex of that text, unless it is none.
    pub fn regex(&mut self, text: &Arc<str>) -> Option<Arc<Regex>> {
        if let Some(known) = self.regexes.get(text) {
            return known.clone();
        }
        self.regexes.entry(text.clone()).or_insert_with(|| kept::regex(text)).clone()
    }

    /// The regex of that glob, unless it is none.
    pub fn glob(&mut self, text: &Arc<str>) -> Option<Arc<Regex>> {
        if let Some(known) = self.globs.get(text) {
            return known.clone();
        }
        let compile = || kept::regex(&facts::glob_regex(text).ok()?.into());
        self.globs.entry(text.clone()).or_insert_with(compile).clone()
    }

    /// The named groups of the first match of a regex in a text: by name, else by number.
    pub fn groups(&mut self, pattern: &Arc<str>, text: &str, names: &[&str]) -> Option<Vec<Option<String>>> {
        let regex = self.regex(pattern)?;
        let found = regex.captures(text)?;
        let group = |name: &&str| {
            let known = regex.capture_names().flatten().any(|known| known == *name);
            let group = if known { found.name(name) } else { name.parse().ok().and_then(|number| found.get(number)) };
            group.map(|group| group.as_str().to_owned())
        };
        Some(names.iter().map(group).collect())
    }

    /// Whether a test holds between two texts; nothing where the right one is no pattern.
    pub fn test(&mut self, test: TextTest, left: &str, right: &Arc<str>) -> Option<bool> {
        Some(match test {
            TextTest::Contains => left.contains(&**right),
            TextTest::StartsWith => left.starts_with(&**right),
            TextTest::EndsWith => left.ends_with(&**right),
            TextTest::Matches => self.regex(right)?.is_match(left),
            TextTest::Like => self.glob(right)?.is_match(left),
        })
    }
}

impl Patterns {
    /// What is wrong with the right operand of a test.
    pub fn verify(test: TextTest, pattern: &str) -> Result<(), String> {
        let regex = match test {
            TextTest::Matches => pattern.to_owned(),
            TextTest::Like => facts::glob_regex(pattern)?,
            _ => return Ok(()),
        };
        // Read, not compiled: most patterns of a program are never reached by a row.
        regex_syntax::parse(&regex).map(drop).map_err(|error| error.to_string())
    }
}

/// The value of a function of texts, or nothing where it has none. Functions of other things have none here.
pub fn text_function(function: Function, args: &[Value]) -> Option<Value> {
    call(function, args, &mut Patterns::default())
}

/// Whether a test between texts holds; nothing where the right one is no pattern.
pub fn test_text(test: TextTest, left: &str, right: &Arc<str>) -> Option<bool> {
    Patterns::default().test(test, left, right)
}

pub(crate) fn call(function: Function, args: &[Value], patterns: &mut Patterns) -> Option<Value> {
    let text = args.first()?.as_text()?;
    Some(match function {
        Function::Lower => Value::text(text.to_lowercase()),
        Function::Upper => Value::text(text.to_uppercase()),
        Function::Trim => Value::text(text.trim()),
        Function::Length => Value::Int(text.chars().count() as i64),
        Function::Replace => {
            let (Value::Text(pattern), Some(with)) = (args.get(1)?, args.get(2)?.as_text()) else { return None };
            Value::text(patterns.regex(pattern)?.replace_all(text, with).into_owned())
        }
        Function::Split => {
            let (separator, Value::Int(index)) = (args.get(1)?.as_text()?, args.get(2)?) else { return None };
            let index = usize::try_from(*index).ok().filter(|_| !separator.is_empty())?;
            Value::text(text.split(separator).nth(index)?)
        }
        Function::Basename => Value::text(text.rsplit('/').next()?),
        Function::Dirname => Value::text(text.rsplit_once('/').map_or("", |(folder, _)| folder)),
        Function::ParseInt => Value::Int(text.trim().parse().ok()?),
        Function::ParseFloat => Value::float(text.trim().parse().ok()?)?,
        Function::ParseTime => Value::Time(facts::parse_time(text)?),
        Function::Entropy => Value::float(entropy(text))?,
        Function::Sha256 => Value::text(sha256(text)),
        _ => return None,
    })
}

/// Shannon entropy in bits per character; 0 for the empty text.
fn entropy(text: &str) -> f64 {
    let mut counts: BTreeMap<char, u64> = BTreeMap::new();
    text.chars().for_each(|c| *counts.entry(c).or_default() += 1);
    let total = counts.values().sum::<u64>() as f64;
    let bits: f64 = counts.values().map(|&count| count as f64 / total).map(|share| -share * share.log2()).sum();
    // The empty sum is `-0.0`.
    bits + 0.0
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: Function, args: &[&str], expected: Option<&str>) {
        let args: Vec<Value> = args
            .iter()
            .map(|arg| arg.strip_prefix('#').map_or_else(|| Value::text(*arg), |n| Value::Int(n.parse().unwrap())))
            .collect();
        let value = text_function(function, &args).map(|value| value.to_string());
        assert_eq!(value.as_deref(), expected, "{function:?} {args:?}");
    }

    fn like(glob: &str, matching: &[&str], other: &[&str]) {
        for (texts, expected) in [(matching, true), (other, false)] {
            for text in texts {
                assert_eq!(test_text(TextTest::Like, text, &glob.into()), Some(expected), "{glob} {text}");
            }
        }
    }

    #[test]
    fn globs_match_whole_texts() {
        like("src/**/*.{py,ts}", &["src/a.py", "src/x/y/b.ts"], &["src/a.js", "lib/src/a.py", "src/a.py.bak"]);
        like("*.py", &["a.py", ".py"], &["x/a.py"]);
        like("**", &["", "a/b"], &[]);
        like("gpt-4**", &["gpt-4", "gpt-4o/x"], &["gpt-3"]);
        like("{a,b/{c,d}}?", &["ax", "b/dx"], &["a", "b/d/"]);
        like("{**/x,**/y}", &["x", "a/b/x", "y"], &["ax"]);
        like("[!a-c]x.y", &["dx.y"], &["ax.y", "/x.y", "dx-y"]);
        like("a\n*", &["a\nb\nc"], &[]);
    }

    #[test]
    fn functions_of_texts() {
        check(Function::Lower, &["ÄB"], Some("äb"));
        check(Function::Upper, &["straße"], Some("STRASSE"));
        check(Function::Trim, &[" a b\n"], Some("a b"));
        check(Function::Length, &["aé𝄞"], Some("3"));
        check(Function::Replace, &["a1b22", "([0-9]+)", "<$1>"], Some("a<1>b<22>"));
        check(Function::Split, &["a,b,,c", ",", "#2"], Some(""));
        check(Function::Split, &["a,b", ",", "#2"], None);
        check(Function::Split, &["a,b", ",", "#-1"], None);
        check(Function::Split, &["a,b", "", "#0"], None);
        check(Function::Basename, &["a/b/c.py"], Some("c.py"));
        check(Function::Dirname, &["a/b/c.py"], Some("a/b"));
        check(Function::Dirname, &["c.py"], Some(""));
        check(Function::ParseInt, &[" -12 "], Some("-12"));
        check(Function::ParseInt, &["12.5"], None);
        check(Function::ParseInt, &["9223372036854775808"], None);
        check(Function::ParseFloat, &["-0.0"], Some("0.0"));
        check(Function::ParseFloat, &["inf"], None);
        check(Function::ParseTime, &["2026-02-30"], None);
        check(Function::ParseTime, &["2026-02-28"], Some("2026-02-28"));
        check(Function::Entropy, &["aabb"], Some("1.0"));
        check(Function::Entropy, &[""], Some("0.0"));
        check(Function::Sha256, &["a"], Some("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"));
    }
}
