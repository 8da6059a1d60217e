//! A pattern as policies give it, made ready.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

/// A fact of `std.secret.pattern`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPattern {
    /// What is found, such as `openai_api_key`.
    pub kind: String,
    /// The vendor; empty where the pattern does not tell.
    pub provider: String,
    /// Matches the credential; its first group, if it has one, is the secret part.
    pub regex: String,
    /// Words parted by commas, one of which must stand in the text (in any case); empty to try always.
    pub keywords: String,
}

impl SecretPattern {
    /// Whether it can be used; else the reason.
    pub fn check(&self) -> Result<(), String> {
        parse(&self.regex).map_err(|error| {
            format!("the regex `{}` of the secret pattern `{}` cannot be used: {error}", self.regex, self.kind)
        })
    }
}

/// A pattern whose regex is looked at once a text has one of its keywords: most patterns are never tried.
#[derive(Debug)]
pub(crate) struct Ready {
    pub kind: String,
    pub provider: Option<String>,
    source: String,
    made: OnceLock<Option<Made>>,
}

/// What is known of a regex once it is compiled.
#[derive(Debug)]
pub(crate) struct Made {
    pub regex: Regex,
    /// What every secret of this pattern begins with; empty where that differs.
    pub prefix: String,
}

impl Ready {
    pub fn new(pattern: &SecretPattern) -> Self {
        Ready {
            kind: pattern.kind.clone(),
            provider: Some(pattern.provider.trim().to_owned()).filter(|provider| !provider.is_empty()),
            source: pattern.regex.clone(),
            made: OnceLock::new(),
        }
    }

    /// The compiled pattern; none where it cannot be read or would be too large.
    pub fn made(&self) -> Option<&Made> {
        self.made.get_or_init(|| Made::new(&self.source)).as_ref()
    }
}

impl Made {
    fn new(source: &str) -> Option<Made> {
        // Credentials are ASCII, and word boundaries are many times faster if they need not know all letters of the world.
        let build = |unicode| RegexBuilder::new(source).unicode(unicode).build();
        let regex = build(false).or_else(|_| build(true)).ok()?;
        Some(Made { prefix: literal_prefix(source, regex.captures_len() > 1), regex })
    }

    /// Whether what it finds is told apart by its own first letters.
    pub fn distinctive(&self) -> bool {
        self.prefix.len() >= 3
    }
}

fn parse(source: &str) -> Result<(), String> {
    let parse = |unicode| {
        let mut parser = ParserBuilder::new().unicode(unicode).utf8(false).build();
        parser.parse(source).map(drop).map_err(|error| error.to_string())
    };
    parse(false).or_else(|_| parse(true))
}

/// The letters with which the secret part of a regex begins, read off its source.
fn literal_prefix(source: &str, grouped: bool) -> String {
    let start = if grouped { capture(source).unwrap_or(0) } else { 0 };
    let mut rest = &source[start..];
    while let Some(after) = ["\\b", "^", "(?i)", "(?:"].iter().find_map(|skip| rest.strip_prefix(skip)) {
        rest = after;
    }
    let mut prefix = String::new();
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        let literal = match c {
            '\\' => chars.next_if(|c| matches!(c, '-' | '_' | '.' | '/')),
            c => (c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).then_some(c),
        };
        let Some(literal) = literal else {
            // What is optional, repeated or one of several is not fixed.
            if c == '|' {
                prefix.clear();
            }
            break;
        };
        if matches!(chars.peek(), Some('?' | '*' | '{')) {
            break;
        }
        prefix.push(literal);
    }
    prefix
}

/// Where the first capturing group begins.
fn capture(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let (mut at, mut class) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'(' if !class => match source[at + 1..].strip_prefix('?') {
                None => return Some(at + 1),
                Some(rest) if rest.starts_with("P<") || (rest.starts_with('<') && !rest.starts_with("<=")) => {
                    return source[at..].find('>').map(|end| at + end + 1);
                }
                Some(_) => {}
            },
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_off_the_regex() {
        let prefix = |regex: &str| literal_prefix(regex, Regex::new(regex).unwrap().captures_len() > 1);
        assert_eq!(prefix(r"\bsk-ant-[a-z0-9]{20,}"), "sk-ant-");
        assert_eq!(prefix(r"\b(AIza[0-9A-Za-z_\-]{35})\b"), "AIza");
        assert_eq!(prefix(r#"(?i)pinecone[^=]{0,9}=\s*["'(]?([0-9a-f-]{36})"#), "");
        assert_eq!(prefix(r"(?:sk|pk)-lf-[a-z]+"), "");
        assert_eq!(prefix(r"(?P<secret>hf_[A-Za-z]{34})"), "hf_");
        assert_eq!(prefix(r"ab?c"), "a");
    }
}
