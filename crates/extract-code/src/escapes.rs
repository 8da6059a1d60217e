//! Escape sequences as the family of C spells them.

/// The text that a literal stands for; what is no escape stays as written, as do those that the language lacks.
pub fn unescape(text: &str, lacking: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        let simple = match c {
            _ if lacking.contains(c) => None,
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            's' => Some(' '),
            '\\' | '\'' | '"' => Some(c),
            'a' => Some('\x07'),
            'b' => Some('\x08'),
            'f' => Some('\x0c'),
            'v' => Some('\x0b'),
            _ => None,
        };
        if let Some(simple) = simple {
            out.push(simple);
            rest = &rest[1..];
        } else if c == '\n' {
            rest = &rest[1..];
        } else if let Some((value, length)) = numeric(rest).filter(|_| !lacking.contains(c)) {
            out.push(value);
            rest = &rest[length..];
        } else {
            out.push('\\');
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that `x41`, `u00e9`, `U0001f600` or `101` stand for, and how long that is.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (skip, digits, radix) = match text.chars().next()? {
        'x' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='7' => (0, text.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count(), 8),
        _ => return None,
    };
    let value = u32::from_str_radix(text.get(skip..skip + digits)?, radix).ok()?;
    Some((char::from_u32(value)?, skip + digits))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_taken_back_and_others_left() {
        assert_eq!(unescape(r"a\tb\x41\u00e9\101\d\", ""), "a\tbAéA\\d\\");
        assert_eq!(unescape("one\\\ntwo", ""), "onetwo");
        assert_eq!(unescape(r"\u00e9\s", "su"), r"\u00e9\s");
    }
}
