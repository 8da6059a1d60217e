//! JSON into documents: one value, several one after another, or one a line. Comments and commas before a closing bracket are
//! read over, as settings files of editors and agents hold them; nothing else is forgiven. It does not recurse.

use std::borrow::Cow;

use base::Span;
use extract::{Builder, Data, Document, SyntaxError};

use crate::documents::Each;

/// The one value of a text.
pub fn json(text: &str) -> Result<Document<'_>, SyntaxError> {
    let mut reader = Reader { text, at: 0 };
    let document = reader.value()?;
    reader.space()?;
    if reader.at < text.len() {
        return Err(SyntaxError::new(reader.at, "there is more behind the end of the value"));
    }
    Ok(document)
}

/// All values of a text, one after another.
pub(crate) fn concatenated(text: &str, each: Each<'_>) {
    let mut values = Values::new(text);
    if text.trim().is_empty() {
        return each(Err(SyntaxError::new(0, "the file is empty")));
    }
    while let Some((_, value)) = values.next() {
        let failed = value.is_err();
        each(value);
        if failed {
            return;
        }
    }
}

/// The values of a text one after another, each with the byte at which it begins.
pub(crate) struct Values<'t> {
    reader: Reader<'t>,
}

impl<'t> Values<'t> {
    pub fn new(text: &'t str) -> Self {
        Values { reader: Reader { text, at: 0 } }
    }

    /// Goes on at a byte further on, after an error.
    pub fn skip_to(&mut self, at: usize) {
        self.reader.at = at;
    }

    pub fn next(&mut self) -> Option<(usize, Result<Document<'t>, SyntaxError>)> {
        if let Err(error) = self.reader.space() {
            return Some((self.reader.at, Err(error)));
        }
        let start = self.reader.at;
        (start < self.reader.text.len()).then(|| (start, self.reader.value()))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::new(self.at, message))
    }

    fn unexpected<T>(&self, wanted: &str) -> Result<T, SyntaxError> {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => self.error(format!("expected {wanted}, found `{found}`")),
            None => self.error(format!("expected {wanted}, found the end")),
        }
    }

    /// White space and comments.
    fn space(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => {
                    let rest = &self.text[self.at..];
                    if rest.starts_with("//") {
                        self.at += memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
                    } else if rest.starts_with("/*") {
                        match rest.find("*/") {
                            Some(end) => self.at += end + 2,
                            None => return self.error("the comment is not closed"),
                        }
                    } else {
                        return self.unexpected("a value");
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self) -> Result<Document<'t>, SyntaxError> {
        let mut builder = Builder::new();
        loop {
            self.space()?;
            let start = self.at;
            let empty = |data| (Span::new(start, start + 1), data);
            match self.peek() {
                Some(b'{') => {
                    let (span, data) = empty(Data::Object(Vec::new()));
                    builder.open(span, data)?;
                    self.at += 1;
                }
                Some(b'[') => {
                    let (span, data) = empty(Data::List(Vec::new()));
                    builder.open(span, data)?;
                    self.at += 1;
                }
                _ => {
                    let data = self.scalar()?;
                    builder.scalar(Span::new(start, self.at), data)?;
                    self.after(&mut builder)?;
                }
            }
            // An opened container may close at once; then the next key, if one is due.
            self.space()?;
            while self.closes(&builder) {
                self.at += 1;
                builder.close(self.at);
                self.after(&mut builder)?;
                self.space()?;
            }
            if builder.depth() == 0 {
                return Ok(builder.finish());
            }
            if matches!(builder.open_node().map(|node| &node.data), Some(Data::Object(_))) {
                self.key(&mut builder)?;
            }
        }
    }

    fn closes(&self, builder: &Builder<'_>) -> bool {
        match builder.open_node().map(|node| &node.data) {
            Some(Data::Object(_)) => self.peek() == Some(b'}'),
            Some(_) => self.peek() == Some(b']'),
            None => false,
        }
    }

    /// The comma behind a value, or a look at the bracket that closes.
    fn after(&mut self, builder: &mut Builder<'_>) -> Result<(), SyntaxError> {
        if builder.depth() == 0 {
            return Ok(());
        }
        self.space()?;
        if self.peek() == Some(b',') {
            self.at += 1;
            return Ok(());
        }
        if self.closes(builder) {
            return Ok(());
        }
        let object = matches!(builder.open_node().map(|node| &node.data), Some(Data::Object(_)));
        self.unexpected(if object { "`,` or `}`" } else { "`,` or `]`" })
    }

    fn key(&mut self, builder: &mut Builder<'t>) -> Result<(), SyntaxError> {
        if self.peek() != Some(b'"') {
            return self.unexpected("a key in double quotes");
        }
        let key = self.string()?;
        builder.key(key);
        self.space()?;
        if self.peek() != Some(b':') {
            return self.unexpected("`:`");
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<Data<'t>, SyntaxError> {
        match self.peek() {
            Some(b'"') => Ok(Data::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') if !self.text[self.at..].starts_with("-Infinity") => self.number(),
            _ => {
                // Python writes the last three, which are no numbers that a column could hold.
                let words = [
                    ("true", Data::Bool(true)),
                    ("false", Data::Bool(false)),
                    ("null", Data::Null),
                    ("NaN", Data::Null),
                    ("Infinity", Data::Null),
                    ("-Infinity", Data::Null),
                ];
                for (word, data) in words {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(data);
                    }
                }
                self.unexpected("a value")
            }
        }
    }

    fn number(&mut self) -> Result<Data<'t>, SyntaxError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(bytes[start] == b'-');
        let whole = digits(at);
        let mut fine = whole > at;
        at = whole;
        if bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            fine &= end > at + 1;
            at = end;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let end = digits(at);
            fine &= end > at;
            at = end;
        }
        if !fine {
            return self.error("the number lacks digits");
        }
        self.at = at;
        Ok(Data::Number(Cow::Borrowed(&self.text[start..at])))
    }

    fn string(&mut self) -> Result<Cow<'t, str>, SyntaxError> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut escaped: Option<String> = None;
        let mut copied = start;
        loop {
            let Some(next) = bytes[at..].iter().position(|&b| matches!(b, b'"' | b'\\' | b'\n')) else {
                return self.error("the string is not closed");
            };
            at += next;
            match bytes[at] {
                b'"' => break,
                b'\n' => return self.error("the string is not closed on its line"),
                _ => {
                    let out = escaped.get_or_insert_with(String::new);
                    out.push_str(&self.text[copied..at]);
                    at = escape(self.text, at, out)?;
                    copied = at;
                }
            }
        }
        self.at = at + 1;
        Ok(match escaped {
            None => Cow::Borrowed(&self.text[start..at]),
            Some(mut out) => {
                out.push_str(&self.text[copied..at]);
                Cow::Owned(out)
            }
        })
    }
}

/// Undoes the escape at byte `at`; returns the byte behind it.
fn escape(text: &str, at: usize, out: &mut String) -> Result<usize, SyntaxError> {
    let plain = match text.as_bytes().get(at + 1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(&c @ (b'"' | b'\\' | b'/')) => c as char,
        Some(b'u') => {
            let unit = |at: usize| text.get(at..at + 4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
            let Some(first) = unit(at + 2) else {
                return Err(SyntaxError::new(at, "`\\u` needs four hex digits"));
            };
            let second = || text.get(at + 6..at + 8).filter(|next| *next == "\\u").and_then(|_| unit(at + 8));
            if let Ok(c) = char::from_u32(u32::from(first)).ok_or(()) {
                out.push(c);
            } else if let Some(Some(Ok(c))) = second().map(|second| char::decode_utf16([first, second]).next()) {
                out.push(c);
                return Ok(at + 12);
            } else {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            return Ok(at + 6);
        }
        _ => return Err(SyntaxError::new(at, "this escape is not known in JSON")),
    };
    out.push(plain);
    Ok(at + 2)
}
