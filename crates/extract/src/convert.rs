//! From a scalar of a document to the code of a column's type.

use base::Span;
use facts::{Code, Column, Sink, TimeFormat, Type, Value, parse_duration, parse_time, parse_time_as};
use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

use crate::document::Data;

/// Why a value does not fit its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
    /// Where, if not at the value itself.
    pub span: Option<Span>,
}

impl Misfit {
    fn new(message: String, help: Option<&str>) -> Self {
        Misfit { code: "E0804", message, help: help.map(str::to_owned), span: None }
    }
}

/// The code of `data` in `column`; none where it counts as missing (null, or empty where a text makes no sense).
pub(crate) fn convert(
    data: &Data<'_>,
    column: &Column,
    time: Option<&TimeFormat>,
    sink: &mut Sink<'_>,
) -> Result<Option<Code>, Misfit> {
    let text = match data {
        Data::Null => return Ok(None),
        Data::Text(text) | Data::Number(text) => text.as_ref(),
        Data::Bool(true) => "true",
        Data::Bool(false) => "false",
        Data::List(_) | Data::Object(_) => {
            return Err(Misfit::new(
                format!("the column `{}` needs a {}, not {}", column.name, column.ty, data.kind()),
                Some("lead the path on to a single value, or take `$text` for the source of it"),
            ));
        }
    };
    if column.ty.is_text() {
        return Ok(Some(sink.text(text)));
    }
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |what: &str| {
        Misfit::new(format!("`{}` is no {what}, which the column `{}` needs", clip(text), column.name), None)
    };
    let value = match &column.ty {
        Type::Bool => Value::Bool(boolean(text).ok_or_else(|| Misfit {
            help: Some(
                "read are true, false, yes, no, 1 and 0; other words can be told as missing: `none \"…\"`".to_owned(),
            ),
            ..wrong("bool")
        })?),
        Type::Int => return integer(text).map(|value| Some(sink.int(value))).ok_or_else(|| wrong("whole number")),
        Type::Float => text.parse().ok().and_then(Value::float).ok_or_else(|| wrong("number"))?,
        Type::Duration => Value::Duration(parse_duration(text).ok_or_else(|| Misfit {
            help: Some("durations are written like `90d` or `1h 30m`".to_owned()),
            ..wrong("duration")
        })?),
        Type::Time => Value::Time(instant(data, text, time, column)?),
        Type::String | Type::Entity(_) => return Ok(Some(sink.text(text))),
    };
    Ok(Some(sink.value(&value)))
}

/// A constant of a mapping in a column of type `ty`.
pub(crate) fn constant(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Int(value), Type::Float) => Value::Float(*value as f64),
        (value, _) => value.clone(),
    }
}

fn clip(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    text.chars().take(40).chain(['…']).collect()
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        // `3.0` and `1e3` are whole; beyond 2^53 a float no longer says which whole number it means.
        let value: f64 = text.parse().ok()?;
        (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
    })
}

fn instant(data: &Data<'_>, text: &str, format: Option<&TimeFormat>, column: &Column) -> Result<i64, Misfit> {
    let misfit = |code, message: String, help: String| Misfit { code, message, help: Some(help), span: None };
    let found = match format {
        Some(TimeFormat::EpochSeconds) => epoch(text, 1_000_000),
        Some(TimeFormat::EpochMillis) => epoch(text, 1_000),
        Some(TimeFormat::Pattern(pattern)) => parse_time_as(pattern, text),
        None if matches!(data, Data::Number(_)) => {
            return Err(misfit(
                "E0804",
                format!("the column `{}` needs a time, and `{}` is a number", column.name, clip(text)),
                "say what it counts: `as epoch_s` or `as epoch_ms`".to_owned(),
            ));
        }
        None => None,
    };
    if let Some(found) = found.or_else(|| iso(text)) {
        return Ok(found);
    }
    if format.is_none() {
        match civil(text) {
            Guess::Date(date) => {
                return micros(date.to_datetime(jiff::civil::Time::midnight())).ok_or_else(|| out_of_range(text));
            }
            Guess::Ambiguous(separator) => {
                return Err(misfit(
                    "E0805",
                    format!("the date `{}` is ambiguous: day or month may come first", clip(text)),
                    format!(
                        "say which: `as \"%d{separator}%m{separator}%Y\"` or `as \"%m{separator}%d{separator}%Y\"` after the column's path"
                    ),
                ));
            }
            Guess::None => {}
        }
    }
    let help = match format {
        Some(TimeFormat::Pattern(pattern)) => format!("the pattern is `{pattern}`; ISO forms such as 2026-11-20 are read too"),
        _ => "ISO forms such as 2026-11-20 are read, others with `as \"%d/%m/%Y\"`; words that mean nothing with `none \"…\"`".to_owned(),
    };
    Err(misfit("E0804", format!("`{}` is no time, which the column `{}` needs", clip(text), column.name), help))
}

fn out_of_range(text: &str) -> Misfit {
    Misfit::new(format!("the date `{}` is out of range", clip(text)), None)
}

fn epoch(text: &str, unit: i64) -> Option<i64> {
    let micros = match text.parse::<i64>() {
        Ok(whole) => whole.checked_mul(unit)?,
        Err(_) => {
            let value = text.parse::<f64>().ok()? * unit as f64;
            (value.abs() < 9e18).then(|| value.round() as i64)?
        }
    };
    // What jiff cannot show is no instant.
    jiff::Timestamp::from_microsecond(micros).ok().map(|_| micros)
}

fn micros(moment: DateTime) -> Option<i64> {
    Some(TimeZone::UTC.to_timestamp(moment).ok()?.as_microsecond())
}

/// The ISO forms, also with ` UTC` or ` +0000` at the end as exports write them, and RFC 2822.
fn iso(text: &str) -> Option<i64> {
    if let Some(found) = parse_time(text) {
        return Some(found);
    }
    if let Some(bare) = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT"))
        && let Some(found) = parse_time(&format!("{}Z", bare.trim_end()))
    {
        return Some(found);
    }
    let tight = text.replacen(" +", "+", 1).replacen(" -", "-", 1);
    parse_time(&tight).or_else(|| Some(rfc2822::parse(text).ok()?.timestamp().as_microsecond()))
}

enum Guess {
    Date(Date),
    /// With what stands between the parts.
    Ambiguous(char),
    None,
}

/// Dates as people write them, where they can mean one day only: `31/12/2026`, `24.12.2026` (with dots the day comes
/// first), `March 4, 2026`, `4 March 2026`, `04-May-26`.
fn civil(text: &str) -> Guess {
    let date = |year: i16, month: i8, day: i8| Date::new(year, month, day).map_or(Guess::None, Guess::Date);
    let short = |part: &str| (part.len() <= 2).then(|| part.parse::<i8>().ok()).flatten();
    for separator in ['/', '.', '-'] {
        let parts: Vec<&str> = text.split(separator).collect();
        let [a, b, year] = parts[..] else { continue };
        let (Some(a), Some(b), true, Ok(year)) = (short(a), short(b), year.len() == 4, year.parse()) else { continue };
        return match (a, b) {
            (day, month) if separator == '.' => date(year, month, day),
            (a, b) if a == b || b > 12 => date(year, a, b),
            (a, b) if a > 12 => date(year, b, a),
            _ => Guess::Ambiguous(separator),
        };
    }
    let patterns = ["%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d. %B %Y"];
    let dates = patterns.iter().find_map(|pattern| strtime::parse(pattern, text).ok()?.to_date().ok());
    dates.map_or(Guess::None, Guess::Date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::{RelationDecl, Sink};
    use std::sync::Arc;

    /// What a text becomes in a column of the type, or the message with the help behind it.
    fn check(ty: Type, time: Option<TimeFormat>, data: Data<'_>, expected: &str) {
        let column = Column { name: "c".into(), ty: ty.clone(), optional: true, key: false, doc: "".into() };
        let decl = RelationDecl { name: "r".into(), columns: vec![column.clone()], doc: "".into() };
        let schema = [Arc::new(decl)];
        let mut sink = Sink::new(&schema, "f");
        let shown = match convert(&data, &column, time.as_ref(), &mut sink) {
            Ok(code) => sink.values().decode(&ty, code.unwrap_or(Code::NONE)).to_string(),
            Err(misfit) => format!("{}: {}", misfit.code, misfit.message),
        };
        assert_eq!(shown, expected, "{data:?}");
    }

    fn text(text: &str) -> Data<'_> {
        Data::Text(text.into())
    }

    #[test]
    fn scalars_become_what_the_column_says() {
        check(Type::Bool, None, text(" Yes "), "true");
        check(Type::Bool, None, text("0"), "false");
        check(Type::Bool, None, Data::Number("1".into()), "true");
        check(Type::Bool, None, text("maybe"), "E0804: `maybe` is no bool, which the column `c` needs");
        check(Type::Bool, None, text(""), "none");
        check(Type::Int, None, text("42"), "42");
        check(Type::Int, None, Data::Number("3.0".into()), "3");
        check(
            Type::Int,
            None,
            Data::Number("3.5".into()),
            "E0804: `3.5` is no whole number, which the column `c` needs",
        );
        check(Type::Int, None, text("9223372036854775807"), "9223372036854775807");
        check(Type::Float, None, Data::Number("1e-2".into()), "0.01");
        check(Type::Float, None, text("NaN"), "E0804: `NaN` is no number, which the column `c` needs");
        check(Type::String, None, Data::Number("3.10".into()), "3.10");
        check(Type::String, None, Data::Bool(true), "true");
        check(Type::String, None, Data::List(vec![]), "E0804: the column `c` needs a string, not a list");
        check(Type::Duration, None, text("1h 30m"), "1h 30m");
    }

    #[test]
    fn times_are_read_only_where_they_mean_one_instant() {
        let day = "2026-03-04";
        for written in [
            day,
            "2026-03-04T00:00:00Z",
            "2026-03-04 00:00:00 UTC",
            "2026-03-04 00:00:00 +0000",
            "March 4, 2026",
            "04.03.2026",
            "4 March 2026",
            "04-Mar-2026",
            "Wed, 04 Mar 2026 00:00:00 +0000",
            "2026-03-04T00:00:00.000+0000",
        ] {
            check(Type::Time, None, text(written), day);
        }
        check(Type::Time, None, text("31/12/2026"), "2026-12-31");
        check(Type::Time, None, text("12/31/2026"), "2026-12-31");
        check(
            Type::Time,
            None,
            text("03/04/2026"),
            "E0805: the date `03/04/2026` is ambiguous: day or month may come first",
        );
        check(Type::Time, Some(TimeFormat::Pattern("%d/%m/%Y".into())), text("04/03/2026"), day);
        check(
            Type::Time,
            Some(TimeFormat::Pattern("%d/%b/%y %I:%M %p".into())),
            text("04/May/26 9:12 AM"),
            "2026-05-04T09:12:00Z",
        );
        check(Type::Time, Some(TimeFormat::EpochSeconds), Data::Number("0".into()), "1970-01-01");
        check(Type::Time, Some(TimeFormat::EpochMillis), text("1500"), "1970-01-01T00:00:01.5Z");
        check(
            Type::Time,
            Some(TimeFormat::EpochSeconds),
            Data::Number("1.5e300".into()),
            "E0804: `1.5e300` is no time, which the column `c` needs",
        );
        check(
            Type::Time,
            None,
            Data::Number("1700000000".into()),
            "E0804: the column `c` needs a time, and `1700000000` is a number",
        );
        check(Type::Time, None, text("soon"), "E0804: `soon` is no time, which the column `c` needs");
        check(Type::Time, None, text("31/31/2026"), "E0804: `31/31/2026` is no time, which the column `c` needs");
    }
}
