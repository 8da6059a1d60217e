//! Comparing an output with what a page expects: a line `...` stands for any number of lines, `[..]` for any text
//! inside a line. Everything else is literal.

/// Whether the output is what was expected.
pub fn matches(expected: &str, actual: &str) -> bool {
    let expected: Vec<&str> = expected.lines().collect();
    let actual: Vec<&str> = actual.lines().collect();
    sequence(&expected, &actual, |line| *line == "...", |pattern, line| line_matches(pattern, line))
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Matches a pattern with gaps greedily from gap to gap: after a gap, the first place where the pieces up to the next
/// gap fit will do.
fn sequence<T>(pattern: &[T], items: &[T], gap: impl Fn(&T) -> bool, same: impl Fn(&T, &T) -> bool) -> bool {
    let fits =
        |piece: &[T], items: &[T]| piece.len() <= items.len() && piece.iter().zip(items).all(|(a, b)| same(a, b));
    let mut pieces = pattern.split(gap);
    let first = pieces.next().unwrap_or_default();
    if !fits(first, items) {
        return false;
    }
    let mut rest = &items[first.len()..];
    let mut pieces: Vec<&[T]> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match (0..=rest.len()).find(|&at| fits(piece, &rest[at..])) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && fits(last, &rest[rest.len() - last.len()..])
}

#[test]
fn gaps_of_lines_and_text() {
    assert!(matches("a\nb", "a\nb\n"));
    assert!(!matches("a\nb", "a\nb\nc"));
    assert!(matches("a\n...\nd", "a\nb\nc\nd"));
    assert!(matches("...\nb\n...", "a\nb\nc"));
    assert!(!matches("...\nx\n...", "a\nb\nc"));
    assert!(matches("took [..] ms, [..] rows", "took 3 ms, 12 rows"));
    assert!(!matches("took [..] ms", "took 3 s"));
    assert!(!matches("", "a"));
}
