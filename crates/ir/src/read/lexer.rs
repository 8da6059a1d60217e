//! Tokens of the text form.

use facts::Value;

use super::ReadError;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name; in backticks or with dots it can only name a relation or type.
    Name(String),
    /// A literal of any type but bool and none.
    Value(Value),
    /// Punctuation.
    Sign(&'static str),
}

const SIGNS: [&str; 22] =
    [":-", "!=", "<=", ">=", "(", ")", "{", "}", "[", "]", ",", ":", "=", "<", ">", "+", "-", "*", "/", "?", ".", "@"];

/// All tokens with the bytes at which they begin and end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize, usize)>, ReadError> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (token, length) = token(rest, first).map_err(|message| ReadError { at, message })?;
        out.push((token, at, at + length));
        at += length;
    }
    Ok(out)
}

fn token(rest: &str, first: char) -> Result<(Token, usize), String> {
    match first {
        '"' => string(rest),
        '`' => {
            let end = rest[1..].find('`').ok_or("a backtick is never closed")?;
            Ok((Token::Name(rest[1..=end].to_owned()), end + 2))
        }
        c if c.is_ascii_digit() => number(rest),
        c if c.is_ascii_alphabetic() || c == '_' => Ok(name(rest)),
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => Ok((Token::Sign(sign), sign.len())),
            None => Err(format!("`{first}` begins no token")),
        },
    }
}

fn name(rest: &str) -> (Token, usize) {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut end = rest.find(|c| !word(c)).unwrap_or(rest.len());
    // A dot goes on with the name only if a word follows at once.
    while rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        end += 1 + rest[end + 1..].find(|c| !word(c)).unwrap_or(rest.len() - end - 1);
    }
    (Token::Name(rest[..end].to_owned()), end)
}

fn number(rest: &str) -> Result<(Token, usize), String> {
    let bytes = rest.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit) {
        let more = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+'));
        let end = rest.find(more).unwrap_or(rest.len());
        let end = rest[..end].trim_end_matches('.').len();
        let time = facts::parse_time(&rest[..end]).ok_or_else(|| format!("`{}` is no time", &rest[..end]))?;
        return Ok((Token::Value(Value::Time(time)), end));
    }
    let mut end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
    end = rest[..end].trim_end_matches('.').len();
    if rest[end..].starts_with('-') && rest[..end].ends_with('e') {
        end += 1 + rest[end + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - end - 1);
    }
    let text = rest[..end].replace('_', "");
    let value = if let Ok(int) = text.parse::<i64>() {
        Value::Int(int)
    } else if let Some(duration) = facts::parse_duration(&text) {
        Value::Duration(duration)
    } else {
        let float = text.parse::<f64>().ok().and_then(Value::float);
        float.ok_or_else(|| format!("`{text}` is no number"))?
    };
    Ok((Token::Value(value), end))
}

fn string(rest: &str) -> Result<(Token, usize), String> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((Token::Value(Value::text(out)), at + 1)),
            '\\' => match chars.next().map(|(_, c)| c) {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('u') => {
                    let hex: String = chars.by_ref().skip(1).map(|(_, c)| c).take_while(|c| *c != '}').collect();
                    let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                    out.push(code.ok_or("`\\u{…}` is no character")?);
                }
                Some(c) => out.push(c),
                None => break,
            },
            c => out.push(c),
        }
    }
    Err("a string is never closed".to_owned())
}
