//! The tokens of one piece with the comments at each, and what they measure on one line.
//!
//! The one idea: everything is laid out from tokens, never from the tree, so that nothing that was written can get lost. What
//! spaces stand between tokens on one line is settled once ([`crate::shape`]); how wide any run of them is, and whether it can stand on
//! one line at all, are then two subtractions.

use std::ops::Range;

use base::Span;
use syntax::scan::{Token as Scanned, TokenKind};

/// A token that is no comment.
#[derive(Debug, Clone)]
pub struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// As written.
    pub text: &'t str,
    /// Where it stands.
    pub span: Span,
    /// It is the first of its line, comments aside.
    pub newline: bool,
    /// Nothing stands between the token before and this.
    pub adjacent: bool,
    /// More than one line break before it, or before the comments above it.
    pub blank: bool,
    /// Comments on lines of their own above it.
    pub above: Vec<&'t str>,
    /// The comment behind it, on its line.
    pub behind: Option<&'t str>,
    /// A blank stands before it where both are on one line.
    pub space: bool,
    /// A comma before a closing bracket: left out on one line, written where each element has a line.
    pub trailing_comma: bool,
    /// The bracket that belongs to this one.
    pub partner: usize,
    /// It opens a group that is laid out over lines though it would fit.
    pub forced: bool,
}

impl Token<'_> {
    /// Whether it is this symbol or bracket.
    pub fn is(&self, symbol: &str) -> bool {
        self.text == symbol && !matches!(self.kind, TokenKind::Text)
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }

    fn width(&self) -> usize {
        match self.trailing_comma {
            true => 0,
            false => self.text.chars().count() + usize::from(self.space),
        }
    }
}

/// A piece's tokens.
#[derive(Debug)]
pub struct Tokens<'t> {
    /// In the order of the text.
    pub list: Vec<Token<'t>>,
    /// Sum of widths before each token.
    widths: Vec<u32>,
    /// How many reasons not to be on one line there are before each token: comments, texts over lines.
    breaks: Vec<u32>,
}

impl<'t> Tokens<'t> {
    /// The tokens of a piece, without the comments before its first.
    pub fn of(text: &'t str, scanned: &[Scanned]) -> Self {
        let mut list: Vec<Token<'t>> = Vec::with_capacity(scanned.len());
        let mut above: Vec<&'t str> = Vec::new();
        let mut end = None;
        let (mut newline, mut blank) = (false, false);
        for token in scanned {
            if let Some(end) = end {
                newline |= token.first;
                blank |= line_breaks(&text[end as usize..token.span.start as usize]) > 1;
            }
            let adjacent = end == Some(token.span.start);
            end = Some(token.span.end);
            if token.is_comment() {
                let comment = token.text(text).trim_end();
                match list.last_mut() {
                    None => {}
                    Some(last) if !token.first => last.behind = Some(comment),
                    Some(_) => above.push(comment),
                }
                continue;
            }
            if adjacent && joins(list.last(), token.text(text)) {
                extend(&mut list, token, text);
                continue;
            }
            list.push(Token {
                kind: token.kind,
                text: token.text(text),
                span: token.span,
                newline: newline && !list.is_empty(),
                adjacent,
                blank: blank && !list.is_empty(),
                above: std::mem::take(&mut above),
                behind: None,
                space: false,
                trailing_comma: false,
                partner: 0,
                forced: false,
            });
            (newline, blank) = (false, false);
        }
        let mut tokens = Tokens { list, widths: Vec::new(), breaks: Vec::new() };
        tokens.match_brackets();
        tokens
    }

    fn match_brackets(&mut self) {
        let mut open = Vec::new();
        for at in 0..self.list.len() {
            match self.list[at].kind {
                TokenKind::Open => open.push(at),
                TokenKind::Close => {
                    if let Some(opener) = open.pop() {
                        (self.list[opener].partner, self.list[at].partner) = (at, opener);
                    }
                }
                _ => {}
            }
            if at > 0 && self.list[at - 1].is(",") && self.ends_elements(at) {
                self.list[at - 1].trailing_comma = true;
            }
        }
        // A bracket without its partner (a header's brace) is its own.
        for at in open {
            self.list[at].partner = at;
        }
    }

    /// Whether no element can begin with the token.
    fn ends_elements(&self, at: usize) -> bool {
        let key = self.list.get(at + 1).is_some_and(|next| next.is(":"));
        matches!(self.list[at].kind, TokenKind::Close | TokenKind::Stop) || self.list[at].is_word("or") && !key
    }

    /// Whether no comment is at the token.
    pub fn is_bare(&self, at: usize) -> bool {
        self.list[at].above.is_empty() && self.list[at].behind.is_none()
    }

    /// Measures all; called when spaces are settled.
    pub fn measure(&mut self) {
        let (mut width, mut breaks) = (0u32, 0u32);
        self.widths = Vec::with_capacity(self.list.len() + 1);
        self.breaks = Vec::with_capacity(self.list.len() + 1);
        for token in &self.list {
            self.widths.push(width);
            self.breaks.push(breaks);
            width += token.width() as u32;
            breaks += u32::from(token.behind.is_some())
                + 2 * u32::from(!token.above.is_empty())
                + 2 * u32::from(token.text.contains('\n'))
                + 2 * u32::from(token.forced);
        }
        self.widths.push(width);
        self.breaks.push(breaks);
    }

    /// How wide the run is on one line.
    pub fn width(&self, run: &Range<usize>) -> usize {
        if run.is_empty() {
            return 0;
        }
        let first = &self.list[run.start];
        let leading = usize::from(first.space && !first.trailing_comma);
        (self.widths[run.end] - self.widths[run.start]) as usize - leading
    }

    /// Whether the run can stand on one line: no comment inside it (one above its first or behind its last token is outside), no
    /// text over several lines.
    pub fn flat(&self, run: &Range<usize>) -> bool {
        if run.is_empty() {
            return true;
        }
        let (first, last) = (&self.list[run.start], &self.list[run.end - 1]);
        let outside = 2 * u32::from(!first.above.is_empty()) + u32::from(last.behind.is_some());
        self.breaks[run.end] - self.breaks[run.start] == outside
    }

    /// The run on one line, as it is measured.
    pub fn line(&self, run: &Range<usize>) -> String {
        let mut out = String::with_capacity(self.width(run));
        for at in run.clone().filter(|&at| !self.list[at].trailing_comma) {
            if self.list[at].space && at > run.start {
                out.push(' ');
            }
            out.push_str(self.list[at].text);
        }
        out
    }
}

/// How many line breaks there are.
pub fn line_breaks(blanks: &str) -> usize {
    blanks.bytes().filter(|&byte| byte == b'\n').count()
}

/// `!=`, `<=` and `>=` are scanned by character.
fn joins(last: Option<&Token<'_>>, next: &str) -> bool {
    next == "="
        && last.is_some_and(|last| {
            last.behind.is_none() && last.kind == TokenKind::Symbol && ["!", "<", ">"].contains(&last.text)
        })
}

fn extend<'t>(list: &mut [Token<'t>], token: &Scanned, text: &'t str) {
    if let Some(last) = list.last_mut() {
        last.span = last.span.cover(token.span);
        last.text = &text[last.span.range()];
    }
}
