//! Literal values: what numbers, dates, durations, strings and regexes mean, and what is wrong with them.

use std::sync::Arc;

use base::Span;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::ast::LiteralValue;
use crate::codes;

/// Why a literal has no value: code, sentence and help.
pub(crate) struct Wrong {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

fn wrong<T>(code: &'static str, message: impl Into<String>, help: Option<&str>) -> Result<T, Wrong> {
    Err(Wrong { code, message: message.into(), help: help.map(str::to_owned) })
}

/// Units of durations, in microseconds.
const UNITS: [(&str, i64); 5] =
    [("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)];

/// The value of a token that begins with a digit; `negative`: a minus stands before it.
pub(crate) fn number(text: &str, negative: bool) -> Result<LiteralValue, Wrong> {
    let bytes = text.as_bytes();
    if bytes.len() > 5 && bytes[4] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit) && !text.contains(' ') {
        return instant(text).map(LiteralValue::Time);
    }
    let sign = if negative { "-" } else { "" };
    let digits = text.replace('_', "");
    if let Some(percent) = digits.strip_suffix('%') {
        return match percent.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(LiteralValue::Float(float(value / 100.0, negative))),
            _ => not_a_number(text),
        };
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match format!("{sign}{digits}").parse::<i64>() {
            Ok(value) => Ok(LiteralValue::Int(value)),
            Err(_) => wrong(
                codes::NUMBER,
                format!("`{sign}{text}` is too large: integers go from -9223372036854775808 to 9223372036854775807"),
                Some("write it as a float, such as `1.0e30`, or as a string if it is an id"),
            ),
        };
    }
    if digits.ends_with(|c: char| c.is_ascii_digit())
        && let Ok(value) = digits.parse::<f64>()
    {
        return match value.is_finite() {
            true => Ok(LiteralValue::Float(float(value, negative))),
            false => wrong(codes::NUMBER, format!("`{text}` is too large for a float"), None),
        };
    }
    match duration(&digits, negative) {
        Some(Some(micros)) => Ok(LiteralValue::Duration(micros)),
        Some(None) => wrong(codes::NUMBER, format!("the duration `{text}` is too long"), None),
        None => not_a_number(text),
    }
}

fn float(value: f64, negative: bool) -> f64 {
    let value = if negative { -value } else { value };
    // There is one zero.
    if value == 0.0 { 0.0 } else { value }
}

fn not_a_number(text: &str) -> Result<LiteralValue, Wrong> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '.');
    let known = match unit {
        "y" | "yr" | "year" | "years" => Some("there are no years: write `365d`"),
        "mo" | "month" | "months" => Some("there are no months: write `30d`"),
        "min" | "mins" | "minutes" => Some("minutes are written `m`: `15m`"),
        "sec" | "secs" | "seconds" => Some("seconds are written `s`: `30s`"),
        "ms" => Some("the smallest unit is the second; fractions are decimals: `0.5s`"),
        "days" | "day" => Some("days are written `d`: `90d`"),
        "hours" | "hour" | "hr" | "hrs" => Some("hours are written `h`: `72h`"),
        _ => None,
    };
    let help =
        known.unwrap_or("durations are written with `w`, `d`, `h`, `m` or `s`: `90d`; names begin with a letter");
    wrong(codes::NUMBER, format!("`{text}` is neither a number nor a duration"), Some(help))
}

/// Outer: whether it has the form; inner: whether it can be told in microseconds.
fn duration(text: &str, negative: bool) -> Option<Option<i64>> {
    let mut total = Some(0i64);
    for part in text.split_whitespace() {
        let unit = part.len() - 1;
        let (_, size) = UNITS.into_iter().find(|(name, _)| part.get(unit..) == Some(name))?;
        let amount = match part[..unit].parse::<i64>() {
            Ok(whole) => whole.checked_mul(size),
            Err(_) if part[..unit].contains('.') => {
                let micros = (part[..unit].parse::<f64>().ok()? * size as f64).round();
                (micros.abs() < i64::MAX as f64).then_some(micros as i64)
            }
            Err(_) if part[..unit].bytes().all(|byte| byte.is_ascii_digit()) && unit > 0 => None,
            Err(_) => return None,
        };
        total = total.zip(amount).and_then(|(total, amount)| total.checked_add(amount));
    }
    Some(total.map(|total| if negative { -total } else { total }))
}

fn instant(text: &str) -> Result<i64, Wrong> {
    let date_end = text.find('T').unwrap_or(text.len());
    let date = &text[..date_end];
    let fields: Vec<&str> = date.split('-').collect();
    let padded = match fields.as_slice() {
        [year, month, day] if month.len() <= 2 && day.len() <= 2 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => date.to_owned(),
    };
    let Ok(day) = padded.parse::<Date>() else {
        let reason = date_reason(&fields);
        let help = "dates are written year-month-day: `2026-11-20`; for a subtraction put blanks around the minus";
        return wrong(codes::DATE, format!("`{text}` is no date: {reason}"), Some(help));
    };
    if padded != date {
        return wrong(
            codes::DATE,
            format!("`{text}` is no date: month and day have two digits"),
            Some(&format!("write `{padded}`")),
        );
    }
    let rest = &text[date_end..];
    let moment = match rest {
        "" => TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok(),
        _ => text.parse::<Timestamp>().ok().or_else(|| TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok()),
    };
    match moment {
        Some(moment) => Ok(moment.as_microsecond()),
        None => {
            let help = "instants are written `2026-11-20T08:30:00Z`";
            wrong(
                codes::DATE,
                format!("`{text}` is no instant: `{}` is no time of day", rest.trim_start_matches('T')),
                Some(help),
            )
        }
    }
}

fn date_reason(fields: &[&str]) -> String {
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
    match (number(1), number(2)) {
        (Some(month), _) if !(1..=12).contains(&month) => format!("there is no month {month}"),
        (Some(month), Some(day)) if (1..=31).contains(&day) => {
            const NAMES: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            format!("{} {} has no day {day}", NAMES[month as usize - 1], fields[0])
        }
        (_, Some(day)) => format!("there is no day {day}"),
        _ => "it is not of the form year-month-day".to_owned(),
    }
}

/// An escape that does not exist, or a wrong code point: where in the text, and what to say.
pub(crate) struct BadEscape {
    pub at: Span,
    pub message: String,
    pub help: &'static str,
}

/// What the inside of a `"…"` means, escapes resolved; braces are characters.
pub(crate) fn unescape(inner: &str, start: usize, bad: &mut Vec<BadEscape>) -> Arc<str> {
    if !inner.contains('\\') {
        return inner.into();
    }
    let mut out = String::with_capacity(inner.len());
    let mut at = 0;
    while let Some(c) = inner[at..].chars().next() {
        if c != '\\' {
            out.push(c);
            at += c.len_utf8();
            continue;
        }
        let escape = &inner[at..];
        let other = escape[1..].chars().next();
        let mut length = 1 + other.map_or(0, char::len_utf8);
        let here = Span::new(start + at, start + at + length);
        match other {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(c @ ('"' | '\\' | '{' | '}')) => out.push(c),
            Some('u') => match code_point(escape) {
                Some((c, whole)) => (length, _) = (whole, out.push(c)),
                None => bad.push(BadEscape {
                    at: here,
                    message: "`\\u` needs a code point in braces".to_owned(),
                    help: "write it in hexadecimal: `\\u{e9}`",
                }),
            },
            Some(other) => bad.push(BadEscape {
                at: here,
                message: format!("there is no escape `\\{other}`"),
                help: "the escapes are `\\n \\t \\\" \\\\ \\{ \\} \\u{…}`; for a text full of backslashes write a raw string: `r\"…\"`",
            }),
            None => out.push('\\'),
        }
        at += length;
    }
    out.into()
}

/// The character of `\u{…}` at the start of `text`, and the escape's length.
fn code_point(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("\\u{")?;
    let end = digits.find('}')?;
    let value = u32::from_str_radix(&digits[..end], 16).ok().filter(|_| end <= 6)?;
    Some((char::from_u32(value)?, end + 4))
}

/// The content of a raw block: without its quotes, the first and the last line break and the indentation that all its lines
/// have in common. Line breaks become `\n`, so that a policy means the same wherever it is checked out.
pub(crate) fn dedent(block: &str) -> Arc<str> {
    let quotes = block.bytes().take_while(|&byte| byte == b'"').count();
    let content = block.get(quotes..block.len().saturating_sub(quotes)).unwrap_or_default().replace("\r\n", "\n");
    let mut lines: Vec<&str> = content.split('\n').collect();
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let mut first = 1;
    if lines.len() > 1 && blank(lines[0]) {
        lines.remove(0);
        first = 0;
    }
    if lines.len() > first && lines.last().is_some_and(|line| blank(line)) {
        lines.pop();
    }
    let common =
        lines.iter().skip(first).filter(|line| !blank(line)).map(|line| indentation(line)).reduce(shared).unwrap_or("");
    let dedented: Vec<&str> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| match line.strip_prefix(common) {
            Some(rest) if at >= first => rest,
            None if at >= first => line.trim_start_matches([' ', '\t']),
            _ => line,
        })
        .collect();
    dedented.join("\n").into()
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn shared<'t>(a: &'t str, b: &'t str) -> &'t str {
    let length = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    &a[..length]
}

/// The inside of `r#"…"#`.
pub(crate) fn raw(text: &str) -> Arc<str> {
    let hashes = text.bytes().skip(1).take_while(|&byte| byte == b'#').count();
    text.get(hashes + 2..text.len().saturating_sub(hashes + 1)).unwrap_or_default().into()
}

/// A regex as the `regex` library reads it: `\/` is a slash, flags stand in front. The error is a flag that does not exist.
pub(crate) fn regex(text: &str) -> (Arc<str>, Option<char>) {
    let end = text.rfind('/').unwrap_or(text.len());
    let (pattern, flags) = (&text[1..end.max(1)], text.get(end + 1..).unwrap_or_default());
    let mut out = String::with_capacity(text.len());
    if !flags.is_empty() {
        out.extend(["(?", flags, ")"]);
    }
    let mut escaped = false;
    for c in pattern.chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (true, '/') => (escaped, _) = (false, out.push('/')),
            (true, c) => (escaped, _) = (false, out.extend(['\\', c])),
            (false, c) => out.push(c),
        }
    }
    (out.into(), flags.chars().find(|flag| !"imsxUu".contains(*flag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_what_they_say() {
        let check = |text: &str, expected: LiteralValue| match number(text, false) {
            Ok(value) => assert_eq!(value, expected, "{text}"),
            Err(wrong) => panic!("{text}: {}", wrong.message),
        };
        check("1_000", LiteralValue::Int(1000));
        check("5%", LiteralValue::Float(0.05));
        check("0.5%", LiteralValue::Float(0.005));
        check("1e-3", LiteralValue::Float(0.001));
        check("2w", LiteralValue::Duration(1_209_600_000_000));
        check("14d 3h", LiteralValue::Duration(1_220_400_000_000));
        check("1970-01-02", LiteralValue::Time(86_400_000_000));
        check("1970-01-01T00:00:01.5Z", LiteralValue::Time(1_500_000));
        assert!(matches!(number("9223372036854775808", true), Ok(LiteralValue::Int(i64::MIN))));
        assert!(number("9223372036854775808", false).is_err());
    }

    #[test]
    fn wrong_ones_are_refused_with_the_reason() {
        let check = |text: &str, expected: &str| match number(text, false) {
            Ok(value) => panic!("{text} is read as {value:?}"),
            Err(wrong) => assert!(wrong.message.contains(expected), "{text}: {}", wrong.message),
        };
        check("2026-13-40", "no month 13");
        check("2026-02-30", "February 2026 has no day 30");
        check("2026-1-5", "two digits");
        check("2026-11-20T25:00:00Z", "`25:00:00Z` is no time of day");
        check("10min", "neither");
        check("3x", "neither");
        check("99999999999999999999d", "too long");
    }

    #[test]
    fn blocks_lose_their_frame() {
        let check = |block: &str, expected: &str| assert_eq!(&*dedent(block), expected, "{block:?}");
        check("\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", "a\n  b\n\nc");
        check("\"\"\"a\"\"\"", "a");
        check("\"\"\"\r\n\ta\r\n\tb\"\"\"", "a\nb");
        check("\"\"\"\"x\"\"\"y\"\"\"\"", "x\"\"\"y");
        check("\"\"\"\n\"\"\"", "");
        check("\"\"\"a\n  b\n  c\n\"\"\"", "a\nb\nc");
    }

    #[test]
    fn escapes_and_regexes() {
        let mut bad = Vec::new();
        assert_eq!(&*unescape(r#"a\n\t\"\\\{\}\u{e9}\u{1F600}z"#, 0, &mut bad), "a\n\t\"\\{}é😀z");
        assert!(bad.is_empty());
        assert_eq!(&*unescape(r"a\qb", 10, &mut bad), "ab");
        assert_eq!(bad[0].at, Span::new(11, 13));
        assert_eq!(regex(r"/a\/b\d/i"), (r"(?i)a/b\d".into(), None));
        assert_eq!(regex("/a/g").1, Some('g'));
    }
}
