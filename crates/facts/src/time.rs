//! Reading and writing instants and durations, both in microseconds.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

const DAY: i64 = 86_400_000_000;

/// Units of durations from the longest, in microseconds. Weeks are read but never written.
const UNITS: [(&str, i64); 4] = [("d", DAY), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)];

/// An instant from an ISO 8601 / RFC 3339 form: `2026-11-20`, `2026-11-20T08:30Z`, `2026-11-20 08:30:00`,
/// with offset or `Z`; without either it is UTC. Fractions beyond microseconds are cut off.
pub fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim();
    // Four digits first: jiff also reads forms such as `20261120` that are likelier an id than a date.
    let shape = text.as_bytes();
    if shape.len() < 10 || shape[4] != b'-' || shape[7] != b'-' || !shape[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    if text.len() == 10 {
        return civil(text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_microsecond());
    }
    civil(text.parse::<DateTime>().ok()?)
}

/// An instant from a text of a form of one's own, as `strftime` writes it: `%d/%m/%Y`. Without an offset it is UTC, without
/// a time of day midnight.
pub fn parse_time_as(pattern: &str, text: &str) -> Option<i64> {
    let parsed = strtime::parse(pattern, text).ok()?;
    if let Ok(instant) = parsed.to_timestamp() {
        return Some(instant.as_microsecond());
    }
    let date = parsed.to_date().ok()?;
    let time = parsed.to_time().unwrap_or(jiff::civil::Time::midnight());
    civil(date.to_datetime(time))
}

/// What keeps a pattern from being read back as an instant, if anything does.
pub fn check_time_pattern(pattern: &str) -> Result<(), String> {
    // Written with an instant of which no two parts are equal, and read again.
    let sample = Timestamp::from_microsecond(1_139_022_245_006_007).unwrap_or_default().to_zoned(TimeZone::UTC);
    let reason = |error: jiff::Error| {
        let text = error.to_string();
        text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason).to_owned()
    };
    let text = strtime::format(pattern, &sample).map_err(reason)?;
    let parsed = strtime::parse(pattern, &text).map_err(reason)?;
    match parsed.to_timestamp().is_ok() || parsed.to_date().is_ok() {
        true => Ok(()),
        false => Err("it does not say year, month and day".to_owned()),
    }
}

fn civil(moment: DateTime) -> Option<i64> {
    Some(TimeZone::UTC.to_timestamp(moment).ok()?.as_microsecond())
}

/// `2026-11-20` at midnight UTC, RFC 3339 with `Z` otherwise.
pub fn format_time(micros: i64) -> String {
    match Timestamp::from_microsecond(micros) {
        Ok(instant) if micros.rem_euclid(DAY) == 0 => TimeZone::UTC.to_datetime(instant).date().to_string(),
        Ok(instant) => instant.to_string(),
        Err(_) => format!("{micros}us"),
    }
}

/// A duration from forms like `90d`, `2w`, `14d 3h`, `1.5s`, `-30m`; units `w d h m s`, parted by blanks or not.
pub fn parse_duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut total: i64 = 0;
    let mut any = false;
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')?;
        let number = rest[..digits].replace('_', "");
        let unit = rest[digits..].chars().next()?;
        let size = match unit {
            'w' => 7 * DAY,
            unit => UNITS.iter().find(|(name, _)| name.starts_with(unit))?.1,
        };
        let amount = match number.parse::<i64>() {
            Ok(whole) => whole.checked_mul(size)?,
            Err(_) if number.contains('.') => (number.parse::<f64>().ok()? * size as f64).round() as i64,
            Err(_) => return None,
        };
        total = total.checked_add(amount)?;
        rest = &rest[digits + 1..];
        any = true;
    }
    any.then_some(sign * total)
}

/// `14d 3h`, `-30m`, `0s`; parts that are zero are left out, fractions of a second are decimals.
pub fn format_duration(micros: i64) -> String {
    if micros == 0 {
        return "0s".to_owned();
    }
    let mut rest = micros.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, size) in UNITS {
        let size = size.unsigned_abs();
        let amount = rest / size;
        rest %= size;
        if unit == "s" && rest > 0 {
            let decimals = format!("{rest:06}");
            parts.push(format!("{amount}.{}s", decimals.trim_end_matches('0')));
        } else if amount > 0 {
            parts.push(format!("{amount}{unit}"));
        }
    }
    format!("{}{}", if micros < 0 { "-" } else { "" }, parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back() {
        for text in ["2026-11-20", "2026-11-20T08:30:00Z", "1969-12-31", "2026-11-20T08:30:00.5Z"] {
            assert_eq!(format_time(parse_time(text).unwrap()), text);
        }
        assert_eq!(parse_time("2026-11-20T08:30:00+02:00"), parse_time("2026-11-20T06:30:00Z"));
        assert_eq!(parse_time("2026-11-20 08:30:00"), parse_time("2026-11-20T08:30:00Z"));
        for wrong in ["2026-13-01", "20261120", "", "soon", "2026-11-20x", "2026-02-30"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_read_by_patterns() {
        for (pattern, text) in [
            ("%d/%m/%Y", "20/11/2026"),
            ("%y%m%d", "261120"),
            ("%b %d, %Y %H:%M %z", "Nov 20, 2026 01:30 +0130"),
            ("%s", "1795132800"),
        ] {
            assert_eq!(check_time_pattern(pattern), Ok(()), "{pattern}");
            assert_eq!(parse_time_as(pattern, text).map(format_time).as_deref(), Some("2026-11-20"), "{pattern}");
        }
        for wrong in ["%d/%m", "%H:%M", "%K", "%", "", "yyyy-mm-dd"] {
            assert!(check_time_pattern(wrong).is_err(), "{wrong}: {:?}", check_time_pattern(wrong));
        }
    }

    #[test]
    fn durations_read_back() {
        for text in ["14d 3h", "90d", "-30m", "0s", "1.5s", "1d 2h 3m 4s"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(parse_duration("2w"), parse_duration("14d"));
        assert_eq!(parse_duration("1d2h"), parse_duration("26h"));
        for wrong in ["", "5", "d", "5x", "99999999999999999w"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}
