//! Globs over texts, as regexes: `*` and `?` stop at `/`, `**` does not, `{a,b}` are alternatives, `[a-z]` and `[!a-z]`
//! classes, `\` takes the next character as it is.

/// The regex of a glob over the whole text, or what is wrong with it.
pub(crate) fn to_regex(glob: &str) -> Result<String, String> {
    let mut out = String::from(r"(?s)\A");
    let mut chars = glob.chars().peekable();
    let mut depth = 0;
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
                depth += 1;
                at_start = begins_part;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '[' => class(&mut chars, &mut out)?,
            '\\' => out.push_str(&regex::escape(&chars.next().ok_or("it ends in `\\`")?.to_string())),
            c => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if depth > 0 {
        return Err("a `{` is never closed".to_owned());
    }
    out.push_str(r"\z");
    Ok(out)
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if chars.next_if(|c| matches!(c, '!' | '^')).is_some() {
        out.push_str("^/");
    }
    let mut first = true;
    loop {
        let c = chars.next().ok_or("a `[` is never closed")?;
        match c {
            ']' if !first => break,
            '-' => out.push('-'),
            c => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
        first = false;
    }
    out.push(']');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(glob: &str, matching: &[&str], other: &[&str]) {
        let regex = regex::Regex::new(&to_regex(glob).unwrap()).unwrap();
        for text in matching {
            assert!(regex.is_match(text), "{glob} does not match {text}");
        }
        for text in other {
            assert!(!regex.is_match(text), "{glob} matches {text}");
        }
    }

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        check("src/**/*.{py,ts}", &["src/a.py", "src/x/y/b.ts"], &["src/a.js", "lib/src/a.py", "src/a.py.bak"]);
        check("*.py", &["a.py", ".py"], &["x/a.py"]);
        check("**", &["", "a/b"], &[]);
        check("gpt-4**", &["gpt-4", "gpt-4o/x"], &["gpt-3"]);
        check("{a,b/{c,d}}?", &["ax", "b/dx"], &["a", "b/d/"]);
        check("{**/x,y}", &["x", "a/b/x", "y"], &["ax"]);
        check("[!a-c]x.y", &["dx.y"], &["ax.y", "/x.y", "dx-y"]);
        check(r"\*\{", &["*{"], &["a{"]);
        check("a\n*", &["a\nb\nc"], &[]);
    }

    #[test]
    fn what_is_never_closed_is_refused() {
        for glob in ["{a", "[a", "a\\"] {
            assert!(to_regex(glob).is_err(), "{glob}");
        }
    }
}
