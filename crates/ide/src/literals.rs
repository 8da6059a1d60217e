//! Dates and durations in words.

use facts::{parse_duration, parse_time};

const DAY: i64 = 86_400_000_000;
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const UNITS: [(&str, i64); 5] =
    [("week", 7 * DAY), ("day", DAY), ("hour", DAY / 24), ("minute", DAY / 1440), ("second", DAY / 86_400)];

/// A date with its day of the week, or a duration in words.
pub fn in_words(literal: &str) -> Option<String> {
    if literal.len() >= 10 && literal.as_bytes()[4] == b'-' {
        let micros = parse_time(literal)?;
        let day = DAYS[usize::try_from(micros.div_euclid(DAY).rem_euclid(7)).ok()?];
        let midnight = if micros.rem_euclid(DAY) == 0 { ", midnight UTC" } else { ", UTC" };
        return Some(format!("{day}, {literal}{midnight}"));
    }
    if !literal.ends_with(['w', 'd', 'h', 'm', 's']) {
        return None;
    }
    Some(duration(parse_duration(literal)?))
}

fn duration(micros: i64) -> String {
    let (mut rest, mut parts) = (micros, Vec::new());
    for (unit, length) in UNITS {
        let count = rest / length;
        // A year of 365 days is not thought of in weeks.
        if count == 0 || unit == "week" && rest % length != 0 {
            continue;
        }
        rest %= length;
        parts.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_durations_are_told_in_words() {
        assert_eq!(in_words("2026-11-20").as_deref(), Some("Friday, 2026-11-20, midnight UTC"));
        assert_eq!(in_words("2026-11-20T08:30:00Z").as_deref(), Some("Friday, 2026-11-20T08:30:00Z, UTC"));
        assert_eq!(in_words("365d").as_deref(), Some("365 days"));
        assert_eq!(in_words("2w").as_deref(), Some("2 weeks"));
        assert_eq!(in_words("90m").as_deref(), Some("1 hour, 30 minutes"));
        assert_eq!(in_words("42"), None);
        assert_eq!(in_words("2026-13-20"), None);
    }
}
