//! Regexes and globs of policies: read to see whether they are right and what groups they have, and compiled by nobody
//! before a row comes near them.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Up to this weight a regex surely stays below the size at which compiling it is refused.
const SURELY_SMALL: usize = 20_000;

/// What a policy can know of a regex.
#[derive(Debug)]
pub(crate) struct Groups {
    /// How many groups it has, named or not.
    pub count: usize,
    /// The names among them.
    pub names: Vec<Box<str>>,
}

impl Groups {
    /// Whether a group has that name.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// The names, in the order of the text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

/// The groups of a regex, or what is wrong with it.
pub(crate) fn regex(pattern: &str) -> Result<Groups, String> {
    let hir = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    if weight(&hir) > SURELY_SMALL {
        regex::Regex::new(pattern).map_err(|error| error.to_string())?;
    }
    let mut names = Vec::new();
    group_names(&hir, &mut names);
    Ok(Groups { count: hir.properties().explicit_captures_len(), names })
}

/// The captures of a tree-sitter query: `@name` outside strings and comments. What else is wrong with a query only the grammar
/// of its language can tell.
pub(crate) fn captures(query: &str) -> Groups {
    let mut names: Vec<Box<str>> = Vec::new();
    let mut rest = query.char_indices().peekable();
    while let Some((at, char)) = rest.next() {
        match char {
            '"' => {
                while let Some((_, inner)) = rest.next() {
                    match inner {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            ';' => while rest.next_if(|&(_, char)| char != '\n').is_some() {},
            '@' => {
                let mut end = at + 1;
                let named = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.');
                while let Some((at, char)) = rest.next_if(|&(_, char)| named(char)) {
                    end = at + char.len_utf8();
                }
                let name = query[at + 1..end].trim_end_matches('.');
                if !name.is_empty() && !names.iter().any(|known| **known == *name) {
                    names.push(name.into());
                }
            }
            _ => {}
        }
    }
    Groups { count: names.len(), names }
}

/// What is wrong with a glob.
pub(crate) fn glob(pattern: &str) -> Result<(), String> {
    facts::glob_regex(pattern).map(drop)
}

// Recursion is bounded: `regex_syntax` refuses patterns that nest deeper than 250.

fn group_names(hir: &Hir, found: &mut Vec<Box<str>>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            found.extend(capture.name.clone());
            group_names(&capture.sub, found);
        }
        HirKind::Repetition(repetition) => group_names(&repetition.sub, found),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| group_names(part, found));
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

/// About how many states it compiles to.
fn weight(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => 4 * class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Capture(capture) => 2 + weight(&capture.sub),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            weight(&repetition.sub).saturating_mul(times).saturating_add(1)
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum: usize, part| sum.saturating_add(weight(part)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: Result<(usize, &[&str]), &str>) {
        let found = regex(pattern);
        match (&found, expected) {
            (Ok(groups), Ok((count, names))) => {
                assert_eq!(
                    (groups.count, groups.names.iter().map(|n| &**n).collect::<Vec<_>>()),
                    (count, names.to_vec())
                );
            }
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            _ => panic!("{pattern}: {found:?}"),
        }
    }

    #[test]
    fn groups_are_known_without_compiling() {
        check("a(b)(?<year>[0-9]+)|(?P<x>(?:y))*", Ok((3, &["year", "x"])));
        check("", Ok((0, &[])));
    }

    #[test]
    fn what_cannot_be_compiled_is_refused() {
        check("(", Err("unclosed group"));
        check(r"\p{Nothing}", Err("Unicode property not found"));
        check(r"\w{1000}{100}", Err("size"));
        check(r"(?i)\w{20}", Ok((0, &[])));
    }
}
