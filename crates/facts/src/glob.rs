//! Globs, as regexes: the one place that says what a glob means, be it right of `like`, the pattern of an `input` or
//! one of the settings.
//!
//! `*` and `?` stop at `/`, `**` does not, `{a,b}` are alternatives, `[a-z]` and `[!a-z]` classes, `\` takes the next
//! character as it is.

use std::iter::Peekable;
use std::str::Chars;

/// The regex (Rust `regex` syntax, always a valid one) of a glob over the whole text, or what is wrong with the glob.
pub fn glob_regex(glob: &str) -> Result<String, String> {
    let mut out = String::from(r"(?s)\A");
    let mut chars = glob.chars().peekable();
    // For each open brace, whether it stands where a part of a path begins: so do its alternatives.
    let mut open: Vec<bool> = Vec::new();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        let begins_part = std::mem::replace(&mut at_start, c == '/');
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                if begins_part && chars.next_if_eq(&'/').is_some() {
                    // `**/` also stands for no folder at all.
                    out.push_str("(?:.*/)?");
                    at_start = true;
                } else {
                    out.push_str(".*");
                }
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                if open.len() == MAX_BRACES {
                    return Err(format!("braces nest more than {MAX_BRACES} deep"));
                }
                open.push(begins_part);
                at_start = begins_part;
                out.push_str("(?:");
            }
            '}' if !open.is_empty() => {
                open.pop();
                out.push(')');
            }
            ',' if !open.is_empty() => {
                at_start = open.last().copied().unwrap_or_default();
                out.push('|');
            }
            '[' => class(&mut chars, &mut out)?,
            '\\' => escape(chars.next().ok_or("it ends in `\\`")?, &mut out),
            c => escape(c, &mut out),
        }
    }
    if !open.is_empty() {
        return Err("a `{` is never closed".to_owned());
    }
    out.push_str(r"\z");
    Ok(out)
}

/// Deeper than anybody writes, and far from what a reader of regexes refuses.
const MAX_BRACES: usize = 20;

/// What stands in brackets, the opening one read.
fn class(chars: &mut Peekable<Chars>, out: &mut String) -> Result<(), String> {
    const OPEN: &str = "a `[` is never closed";
    out.push('[');
    if chars.next_if(|c| matches!(c, '!' | '^')).is_some() {
        out.push_str("^/");
    }
    let mut first = true;
    loop {
        let from = match chars.next().ok_or(OPEN)? {
            ']' if !first => break,
            '\\' => chars.next().ok_or(OPEN)?,
            c => c,
        };
        first = false;
        escape(from, out);
        // A `-` before the closing bracket is a character, not a range.
        let mut ahead = chars.clone();
        if ahead.next() == Some('-') && ahead.peek().is_some_and(|c| *c != ']') {
            chars.next();
            let to = match chars.next().ok_or(OPEN)? {
                '\\' => chars.next().ok_or(OPEN)?,
                c => c,
            };
            if to < from {
                return Err(format!("the range `{from}-{to}` runs backwards"));
            }
            out.push('-');
            escape(to, out);
        }
    }
    out.push(']');
    Ok(())
}

fn escape(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(glob: &str, regex: Result<&str, &str>) {
        let found = glob_regex(glob);
        let inner = found.as_deref().map(|found| found.trim_start_matches(r"(?s)\A").trim_end_matches(r"\z"));
        assert_eq!(inner.map_err(String::as_str), regex, "{glob}");
    }

    #[test]
    fn globs_are_regexes_over_the_whole_text() {
        check("src/**/*.{py,ts}", Ok(r"src\/(?:.*/)?[^/]*\.(?:py|ts)"));
        check("{**/x,**/y}", Ok(r"(?:(?:.*/)?x|(?:.*/)?y)"));
        check("gpt-4**", Ok(r"gpt\-4.*"));
        check("[!a-c]?", Ok("[^/a-c][^/]"));
        check("[]a&&b-]", Ok(r"[\]a\&\&b\-]"));
        check(r"\*\{}", Ok(r"\*\{\}"));
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        check("{a", Err("a `{` is never closed"));
        check("[a", Err("a `[` is never closed"));
        check("[a-", Err("a `[` is never closed"));
        check("a\\", Err("it ends in `\\`"));
        check("[z-a]", Err("the range `z-a` runs backwards"));
        check(&"{".repeat(21), Err("braces nest more than 20 deep"));
    }
}
