//! Text → tokens, never failing. It knows just enough to tell where a piece of the file ends: strings with their
//! interpolations, raw strings and blocks, regexes, comments, brackets, and the stop that ends a clause.
//!
//! The one idea: whether a `/` begins a regex, and whether a `.` ends a clause, is decided by the token before or
//! the character behind, so that no grammar is needed to skip over what may hold anything.

use base::Span;

/// How deep brackets may nest, in a piece as in a string.
pub const MAX_DEPTH: usize = 64;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `[A-Za-z_][A-Za-z0-9_]*`, keywords too.
    Word,
    /// Begins with a digit: numbers, durations, dates.
    Number,
    /// `"…"`, `r"…"` or a raw block.
    Text,
    /// `'…'`, which is no string here.
    SingleQuoted,
    /// `/…/` with its flags.
    Regex,
    /// `//`, but no documentation.
    Comment,
    /// `///`
    Doc,
    /// `//!`
    ModuleDoc,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// A `.` that ends a clause.
    Stop,
    /// Any other `.`.
    Dot,
    /// `:-`
    If,
    /// Any other character.
    Symbol,
    /// A string that is open at the end of its line.
    OpenText,
    /// A raw block that is never closed; it ends with its line.
    OpenBlock,
    /// A regex that is open at the end of its line.
    OpenRegex,
    /// `/* … */`, which is no comment here.
    BlockComment,
    /// A string or regex that nests deeper than [`MAX_DEPTH`].
    DeepText,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is the first of its line.
    pub first: bool,
    /// How deep its line is indented; a tab goes to the next multiple of four.
    pub indent: u32,
    /// Where.
    pub span: Span,
}

impl Token {
    /// The token's text.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.span.range()]
    }

    /// Whether it is a comment, documentation included.
    pub fn is_comment(&self) -> bool {
        matches!(self.kind, TokenKind::Comment | TokenKind::Doc | TokenKind::ModuleDoc)
    }
}

/// Words that cannot be variables or relations inside bodies.
pub const RESERVED: [&str; 13] = [
    "not",
    "or",
    "in",
    "as",
    "else",
    "none",
    "true",
    "false",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "like",
];

/// Whether an operand may end with this token, so that what follows goes on from it or begins something new.
pub fn ends_operand(token: &Token, text: &str) -> bool {
    match token.kind {
        TokenKind::Word => {
            let word = token.text(text);
            matches!(word, "none" | "true" | "false") || !RESERVED.contains(&word)
        }
        TokenKind::Number | TokenKind::Text | TokenKind::SingleQuoted | TokenKind::Regex | TokenKind::Close => true,
        TokenKind::OpenText | TokenKind::OpenBlock | TokenKind::OpenRegex | TokenKind::DeepText => true,
        TokenKind::Symbol => token.text(text) == "?",
        _ => false,
    }
}

/// All tokens of `text`; what lies between them is white space (and a byte order mark at the start).
pub fn scan(text: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        tokens: Vec::with_capacity(text.len() / 4),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        first: true,
        indent: 0,
        unclosed_block: usize::MAX,
        unclosed_comment: false,
        last_operand: false,
    };
    while scanner.blanks() {
        scanner.token();
    }
    scanner.tokens
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    tokens: Vec<Token>,
    at: usize,
    first: bool,
    indent: u32,
    /// Raw blocks opened by at least this many quotes are known to be never closed.
    unclosed_block: usize,
    /// No `*/` follows.
    unclosed_comment: bool,
    /// Whether the last token that is no comment ends an operand.
    last_operand: bool,
}

impl Scanner<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    /// Skips white space; false at the end of the text.
    fn blanks(&mut self) -> bool {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => (self.first, self.indent) = (true, 0),
                b'\t' if self.first => self.indent = (self.indent / 4 + 1) * 4,
                b' ' if self.first => self.indent += 1,
                b' ' | b'\t' | b'\x0b'..=b'\r' => {}
                _ => return true,
            }
            self.at += 1;
        }
        false
    }

    fn token(&mut self) {
        let start = self.at;
        let (kind, end) = self.kind(start);
        let end = end.min(self.bytes.len()).max(start + 1);
        let token = Token { kind, first: self.first, indent: self.indent, span: Span::new(start, end) };
        if !token.is_comment() {
            self.last_operand = ends_operand(&token, self.text);
        }
        self.tokens.push(token);
        self.at = end;
        self.first = false;
    }

    fn kind(&mut self, at: usize) -> (TokenKind, usize) {
        let next = self.byte(at + 1);
        match self.bytes[at] {
            b'/' if next == b'/' => self.comment(at),
            b'/' if next == b'*' => self.block_comment(at),
            b'/' if !self.last_operand => self.regex(at),
            b'"' => self.quoted(at),
            b'r' if matches!(next, b'"' | b'#') && self.raw_opener(at).is_some() => self.raw(at),
            b'\'' => match self.bytes[at + 1..].iter().position(|&byte| matches!(byte, b'\'' | b'\n')) {
                Some(length) if self.bytes[at + 1 + length] == b'\'' => (TokenKind::SingleQuoted, at + length + 2),
                _ => (TokenKind::Symbol, at + 1),
            },
            b'(' | b'[' | b'{' => (TokenKind::Open, at + 1),
            b')' | b']' | b'}' => (TokenKind::Close, at + 1),
            b':' if next == b'-' => (TokenKind::If, at + 2),
            b'.' if self.is_stop(at + 1) => (TokenKind::Stop, at + 1),
            b'.' => (TokenKind::Dot, at + 1),
            b'0'..=b'9' => (TokenKind::Number, self.number(at)),
            byte if is_word(byte) => (TokenKind::Word, self.word(at)),
            _ => (TokenKind::Symbol, at + self.text[at..].chars().next().map_or(1, char::len_utf8)),
        }
    }

    /// Whether a `.` before `at` ends a clause.
    fn is_stop(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            None | Some(b' ' | b'\t'..=b'\r' | b'}') => true,
            Some(b'/') => self.byte(at + 1) == b'/',
            Some(_) => false,
        }
    }

    fn word(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|&&byte| is_word(byte)).count()
    }

    fn number(&self, start: usize) -> usize {
        let digits = |at: usize| self.bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut at = start;
        if digits(at) == 4 && self.byte(at + 4) == b'-' {
            let month = at + 5 + digits((at + 5).min(self.bytes.len()));
            if month > at + 5 && self.byte(month) == b'-' && self.byte(month + 1).is_ascii_digit() {
                at = month + 1;
                while is_word(self.byte(at)) || matches!(self.byte(at), b':') && self.byte(at + 1).is_ascii_digit() {
                    at += 1;
                }
                if self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit() {
                    at = self.word(at + 1);
                }
                return at;
            }
        }
        at = self.word(at);
        while self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit() {
            at = self.word(at + 1);
        }
        at = self.exponent(start, at);
        at + usize::from(self.byte(at) == b'%')
    }

    /// Where the number from `start` ends if `at`, behind its letters, is the sign of an exponent: `1e-3`.
    fn exponent(&self, start: usize, at: usize) -> usize {
        let mantissa = self.bytes[start..at].strip_suffix(b"e").or_else(|| self.bytes[start..at].strip_suffix(b"E"));
        let is_number = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
        let signed = matches!(self.byte(at), b'+' | b'-') && self.byte(at + 1).is_ascii_digit();
        match mantissa.is_some_and(is_number) && signed {
            true => self.word(at + 1),
            false => at,
        }
    }

    /// The rest of the line from `at`, without its line break.
    fn line(&self, at: usize) -> &[u8] {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        &rest[..rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len())]
    }

    fn line_end(&self, at: usize) -> usize {
        let line = self.line(at);
        at + line.len() - usize::from(line.ends_with(b"\r"))
    }

    fn comment(&self, at: usize) -> (TokenKind, usize) {
        let kind = match (self.byte(at + 2), self.byte(at + 3)) {
            (b'/', b'/') => TokenKind::Comment,
            (b'/', _) => TokenKind::Doc,
            (b'!', _) => TokenKind::ModuleDoc,
            _ => TokenKind::Comment,
        };
        (kind, self.line_end(at))
    }

    /// Skipped as a whole, so that what it hides is not told of as well.
    fn block_comment(&mut self, start: usize) -> (TokenKind, usize) {
        let closed = (!self.unclosed_comment).then(|| self.text[start + 2..].find("*/")).flatten();
        self.unclosed_comment |= closed.is_none();
        (TokenKind::BlockComment, closed.map_or_else(|| self.line_end(start), |length| start + length + 4))
    }

    /// Slashes are free inside `[…]`, where brackets nest.
    fn regex(&self, start: usize) -> (TokenKind, usize) {
        let mut at = start + 1;
        let mut depth: usize = 0;
        let mut deepest = 0;
        loop {
            match self.byte(at) {
                b'\n' => return (TokenKind::OpenRegex, self.line_end(start)),
                b'\\' if self.byte(at + 1) != b'\n' => at += 1,
                b'/' if depth == 0 => break,
                b'[' => {
                    depth += 1;
                    deepest = deepest.max(depth);
                    at += usize::from(self.byte(at + 1) == b'^');
                    at += usize::from(self.byte(at + 1) == b']');
                }
                b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        at += 1;
        at += self.bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        (if deepest > MAX_DEPTH { TokenKind::DeepText } else { TokenKind::Regex }, at)
    }

    fn quoted(&mut self, start: usize) -> (TokenKind, usize) {
        let quotes = self.bytes[start..].iter().take_while(|&&byte| byte == b'"').count();
        if quotes >= 3 {
            return self.block(start, quotes);
        }
        let mut at = start + 1;
        let mut kind = TokenKind::Text;
        // Each unclosed brace is looked for to the line's end: more of them than may nest are refused, for speed.
        let mut open = 0;
        loop {
            match self.byte(at) {
                b'\n' => return (TokenKind::OpenText, self.line_end(start)),
                b'"' => return (kind, at + 1),
                b'\\' if self.byte(at + 1) != b'\n' => at += 2,
                b'{' => match interpolation_end(self.bytes, at) {
                    Braces::Closed(end) => at = end,
                    Braces::Open if open < MAX_DEPTH => (open, at) = (open + 1, at + 1),
                    Braces::Open | Braces::Deep => (kind, at) = (TokenKind::DeepText, at + 1),
                },
                _ => at += 1,
            }
        }
    }

    fn block(&mut self, start: usize, quotes: usize) -> (TokenKind, usize) {
        let content = start + quotes;
        if quotes < self.unclosed_block {
            let mut run = 0;
            for (offset, &byte) in self.bytes[content..].iter().enumerate() {
                run = if byte == b'"' { run + 1 } else { 0 };
                if run == quotes {
                    return (TokenKind::Text, content + offset + 1);
                }
            }
            // No later block of as many quotes can be closed either: not searched for again.
            self.unclosed_block = quotes;
        }
        (TokenKind::OpenBlock, self.line_end(start))
    }

    /// Where the quote of a raw string `r"` or `r##"` stands.
    fn raw_opener(&self, at: usize) -> Option<usize> {
        let hashes = self.bytes[at + 1..].iter().take_while(|&&byte| byte == b'#').count();
        (self.byte(at + 1 + hashes) == b'"').then_some(at + 1 + hashes)
    }

    fn raw(&self, start: usize) -> (TokenKind, usize) {
        let open = self.raw_opener(start).unwrap_or(start + 1);
        let hashes = open - start - 1;
        for (offset, &byte) in self.bytes[open + 1..].iter().enumerate().take_while(|&(_, &byte)| byte != b'\n') {
            let after = open + 1 + offset + 1;
            if byte == b'"'
                && self.bytes[after..].iter().take(hashes).take_while(|&&byte| byte == b'#').count() == hashes
            {
                return (TokenKind::Text, after + hashes);
            }
        }
        (TokenKind::OpenText, self.line_end(start))
    }
}

/// Where the braces end that open at a place of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Braces {
    /// Just behind the closing brace.
    Closed(usize),
    /// Not on this line: a plain character.
    Open,
    /// They nest too deep.
    Deep,
}

/// Where the `{` at `start` is closed: on its line, with nested braces and strings skipped over.
pub fn interpolation_end(bytes: &[u8], start: usize) -> Braces {
    let mut at = start + 1;
    let mut depth = 1;
    let mut in_string = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => break,
            b'\\' if in_string && bytes.get(at + 1).is_some_and(|&byte| byte != b'\n') => at += 1,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Braces::Closed(at);
        }
        if depth > MAX_DEPTH {
            return Braces::Deep;
        }
    }
    Braces::Open
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;

    fn check(text: &str, expected: &[(TokenKind, &str)]) {
        let tokens = scan(text);
        let found: Vec<(TokenKind, &str)> = tokens.iter().map(|token| (token.kind, token.text(text))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_stop_is_no_part_of_names_and_numbers() {
        check(
            "a.b 1.5 x. y.",
            &[
                (Word, "a"),
                (Dot, "."),
                (Word, "b"),
                (Number, "1.5"),
                (Word, "x"),
                (Stop, "."),
                (Word, "y"),
                (Stop, "."),
            ],
        );
    }

    #[test]
    fn a_slash_begins_a_regex_unless_an_operand_ends_before_it() {
        check(
            r#"a / b matches /[/"']\//i"#,
            &[(Word, "a"), (Symbol, "/"), (Word, "b"), (Word, "matches"), (Regex, r#"/[/"']\//i"#)],
        );
        check("x = /abc\ny", &[(Word, "x"), (Symbol, "="), (OpenRegex, "/abc"), (Word, "y")]);
    }

    #[test]
    fn strings_hold_interpolations_with_strings() {
        check(r#""{f("}")} x" "a { b" "\{" "#, &[(Text, r#""{f("}")} x""#), (Text, r#""a { b""#), (Text, r#""\{""#)]);
        check("\"open\r\ny", &[(OpenText, "\"open"), (Word, "y")]);
    }

    #[test]
    fn raw_strings_and_blocks() {
        check(
            "r#\"a\"b\"# \"\"\"\"x\"\"\"y\"\"\"\" r",
            &[(Text, "r#\"a\"b\"#"), (Text, "\"\"\"\"x\"\"\"y\"\"\"\""), (Word, "r")],
        );
        check("\"\"\"a\nb", &[(OpenBlock, "\"\"\"a"), (Word, "b")]);
    }

    #[test]
    fn dates_durations_and_percent() {
        check(
            "2026-11-20T08:30:00Z 2026-13-40. 5% 90d 2026-1 1.5e-3 2e",
            &[
                (Number, "2026-11-20T08:30:00Z"),
                (Number, "2026-13-40"),
                (Stop, "."),
                (Number, "5%"),
                (Number, "90d"),
                (Number, "2026"),
                (Symbol, "-"),
                (Number, "1"),
                (Number, "1.5e-3"),
                (Number, "2e"),
            ],
        );
    }
}
