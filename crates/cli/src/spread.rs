//! Options that take several values: `--policies a.law b.law`, `--control AI-1 AI-2`.
//!
//! Each may be repeated with one value, which is what clap parses. A list of values may follow too, but so may the folder to
//! check (`--policies p .`): the arguments are read with one value each first, and only if that cannot be, with more.

use std::ffi::OsString;
use std::path::Path;

use clap::error::ErrorKind;
use clap::{Error, Parser};

const MANY: [&str; 4] = ["--policies", "--control", "--relation", "--param"];

/// The arguments of the process, or what is wrong with them.
pub fn parse<A: Parser>(arguments: &[OsString], exists: impl Fn(&Path) -> bool) -> Result<A, Error> {
    let readings = [Reading::Certain, Reading::AllButLast, Reading::All];
    let mut first = None;
    for reading in readings {
        match A::try_parse_from(spread(arguments, reading, &exists)) {
            Ok(parsed) => return Ok(parsed),
            Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
                return Err(error);
            }
            Err(error) => drop(first.get_or_insert(error)),
        }
    }
    Err(first.unwrap_or_else(|| Error::new(ErrorKind::InvalidValue)))
}

/// Which of the words behind a value are values too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Those that can be nothing else.
    Certain,
    /// All but the last, which is the folder.
    AllButLast,
    /// All.
    All,
}

/// The arguments with the option repeated before each of its values.
fn spread(arguments: &[OsString], reading: Reading, exists: &impl Fn(&Path) -> bool) -> Vec<OsString> {
    let mut out = Vec::new();
    let mut rest = arguments.iter().peekable();
    while let Some(argument) = rest.next() {
        out.push(argument.clone());
        let Some(option) = MANY.into_iter().find(|option| *argument == **option) else { continue };
        out.extend(rest.next().cloned());
        let mut run: Vec<&OsString> = Vec::new();
        while let Some(word) = rest.next_if(|word| !word.to_string_lossy().starts_with('-')) {
            run.push(word);
        }
        for (at, word) in run.iter().enumerate() {
            let is_value = match reading {
                Reading::Certain => certain(option, word, exists),
                Reading::AllButLast => at + 1 < run.len(),
                Reading::All => true,
            };
            if is_value {
                out.push(option.into());
            }
            out.push((*word).clone());
        }
    }
    out
}

fn certain(option: &str, word: &OsString, exists: &impl Fn(&Path) -> bool) -> bool {
    let text = word.to_string_lossy();
    match option {
        "--policies" => text.ends_with(".law"),
        "--param" => text.contains('='),
        _ => !text.contains(['/', '\\']) && !text.ends_with(".law") && !exists(Path::new(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `root` exists, nothing else does.
    fn check(words: &str) -> Result<(String, Vec<String>, Vec<String>), ErrorKind> {
        #[derive(Debug, Parser)]
        struct Arguments {
            #[arg(default_value = ".")]
            root: String,
            #[arg(long)]
            policies: Vec<String>,
            #[arg(long)]
            control: Vec<String>,
        }
        let words: Vec<OsString> = ["lawbook"].into_iter().chain(words.split_whitespace()).map(Into::into).collect();
        let parsed: Result<Arguments, Error> = parse(&words, |path| path == Path::new("root"));
        parsed.map(|found| (found.root, found.policies, found.control)).map_err(|error| error.kind())
    }

    fn read(root: &str, policies: &[&str], controls: &[&str]) -> Result<(String, Vec<String>, Vec<String>), ErrorKind> {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Ok((root.to_owned(), owned(policies), owned(controls)))
    }

    #[test]
    fn the_folder_is_not_swallowed() {
        assert_eq!(check("--policies p.law root"), read("root", &["p.law"], &[]));
        assert_eq!(check("--policies p root"), read("root", &["p"], &[]));
        assert_eq!(check("--policies a.law b.law root"), read("root", &["a.law", "b.law"], &[]));
        assert_eq!(check("--control A B root"), read("root", &[], &["A", "B"]));
        assert_eq!(check("--policies p --control A root"), read("root", &["p"], &["A"]));
        assert_eq!(check("--policies a b root"), read("root", &["a", "b"], &[]));
    }

    #[test]
    fn several_values_are_read_where_they_can_be_nothing_else() {
        assert_eq!(check("root --policies a b"), read("root", &["a", "b"], &[]));
        assert_eq!(check("root --policies a --policies b"), read("root", &["a", "b"], &[]));
        assert_eq!(check("root --control A B --policies p"), read("root", &["p"], &["A", "B"]));
        assert_eq!(check("--control A B"), read(".", &[], &["A", "B"]));
    }

    #[test]
    fn mistakes_are_told_as_they_stand() {
        assert_eq!(check("root --polices a"), Err(ErrorKind::UnknownArgument));
        assert_eq!(check("--policies"), Err(ErrorKind::InvalidValue));
    }
}
