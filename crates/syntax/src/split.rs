//! Tokens → pieces that cover the file: items, and inside the blocks of controls and tests members and statements.
//! It never fails; what is broken costs its own piece.
//!
//! Clauses end with their stop, declarations with their line (going on over open brackets and deeper lines).
//! Both end early, as broken, where a line no deeper than their first plainly begins something else, and
//! before the `}` of their block.

use std::cell::Cell;
use std::ops::Range;

use base::Span;

use crate::scan::{MAX_DEPTH, RESERVED, Token, TokenKind, ends_operand};
use crate::words::{self, Keyword};

/// What a piece is, as far as its first words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// Begins with an item's keyword.
    Item(Keyword),
    /// A rule or a fact, or what cannot be anything else.
    Clause,
    /// `name: …` in a control.
    Field,
    /// What stands in a test.
    Statement,
    /// Two words where one of them should be a keyword.
    Unknown,
    /// Comments and blanks at the end of the file or of a block.
    Rest,
}

/// A part of the file that is parsed on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// With the blanks and comments before it. These spans follow each other and cover the file (inside a
    /// block: what lies between its braces).
    pub full: Span,
    /// From its first token to its last; empty for [`PieceKind::Rest`].
    pub span: Span,
    /// Its comments' spans, those before it included.
    pub comments: Vec<Span>,
    /// Its tokens in the file's list, those of comments before it included.
    pub tokens: Range<usize>,
    /// The block that it opens, if it is a control or a test.
    pub block: Option<Block>,
}

/// The block of a control or test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Tokens of the header, from the keyword to the opening brace.
    pub header: Range<usize>,
    /// Whether there is that brace: the header of a block without one ends with its line.
    pub opened: bool,
    /// What stands inside; the last is [`PieceKind::Rest`].
    pub members: Vec<Piece>,
    /// The closing brace; none where it is missing.
    pub close: Option<Span>,
}

/// Cuts the file whose tokens are given.
pub fn split(text: &str, tokens: &[Token]) -> Vec<Piece> {
    Splitter { text, tokens, at: 0, covered: 0, layout: Cell::default() }.file()
}

/// What pieces stand in.
#[derive(Clone, Copy)]
enum Within {
    File,
    Control { indent: u32 },
    Test { indent: u32 },
}

impl Within {
    fn block_indent(self) -> Option<u32> {
        match self {
            Within::File => None,
            Within::Control { indent } | Within::Test { indent } => Some(indent),
        }
    }
}

struct Splitter<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The next token.
    at: usize,
    /// Up to where pieces cover the text.
    covered: usize,
    /// The last answer of [`Splitter::closed_below`], which holds for all tokens up to the line that gave it.
    layout: Cell<Option<Below>>,
}

/// Between these tokens, what the next line says that is indented no deeper than this.
#[derive(Clone, Copy)]
struct Below {
    from: usize,
    to: usize,
    indent: u32,
    closes: bool,
}

impl Splitter<'_> {
    fn file(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        loop {
            let (start, Some(first)) = (self.at, self.significant(self.at)) else {
                let rest = self.rest(self.at..self.tokens.len(), self.text.len());
                pieces.push(rest);
                return pieces;
            };
            let kind = self.item_kind(first);
            let piece = self.piece(start, first, kind, Within::File);
            pieces.push(piece);
        }
    }

    /// The first token from `at` on that is no comment.
    fn significant(&self, at: usize) -> Option<usize> {
        (at..self.tokens.len()).find(|&at| !self.tokens[at].is_comment())
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.text(self.text))
    }

    fn bracket(&self, at: usize) -> u8 {
        self.tokens.get(at).map_or(0, |token| self.text.as_bytes()[token.span.start as usize])
    }

    /// Whether nothing stands between a token and the next.
    fn adjacent(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.span.start == self.tokens[at].span.end)
    }

    // ---- What a piece is ----

    /// A word at `at` that is followed on its line by a blank and a name, an id or a string.
    fn leading_word(&self, at: usize) -> Option<&str> {
        let word = self.word(at)?;
        let next = self.tokens.get(at + 1).filter(|next| !next.first && !self.adjacent(at))?;
        match next.kind {
            TokenKind::Word if RESERVED.contains(&next.text(self.text)) => None,
            TokenKind::Word | TokenKind::Text | TokenKind::OpenText | TokenKind::Number => Some(word),
            _ => None,
        }
    }

    fn keyword(&self, at: usize) -> Option<Keyword> {
        match self.leading_word(at)? {
            "open" if self.word(at + 1) == Some("rel") => Some(Keyword::Rel),
            word => Keyword::of(word),
        }
    }

    fn item_kind(&self, first: usize) -> PieceKind {
        if let Some(keyword) = self.keyword(first) {
            return PieceKind::Item(keyword);
        }
        if let Some(keyword) = self.word(first).and_then(Keyword::of).filter(|keyword| keyword.has_block())
            && !self.adjacent(first)
            && self.bracket(first + 1) == b'{'
        {
            return PieceKind::Item(keyword);
        }
        match self.leading_word(first) {
            Some(word) if !RESERVED.contains(&word) => PieceKind::Unknown,
            _ => PieceKind::Clause,
        }
    }

    fn member_kind(&self, first: usize) -> PieceKind {
        match self.item_kind(first) {
            PieceKind::Clause | PieceKind::Unknown if self.is_field(first) => PieceKind::Field,
            kind => kind,
        }
    }

    /// `name:`, or a known field without its colon.
    fn is_field(&self, at: usize) -> bool {
        let Some(word) = self.word(at) else { return false };
        let colon = self.bracket(at + 1) == b':' && self.tokens[at + 1].kind == TokenKind::Symbol;
        let assigned = colon && self.bracket(at + 2) == b'=' && self.adjacent(at + 1);
        colon && !assigned || words::FIELDS.contains(&word) && self.leading_word(at).is_some()
    }

    fn statement_kind(&self, first: usize) -> PieceKind {
        match self.item_kind(first) {
            PieceKind::Item(Keyword::Param) => PieceKind::Statement,
            PieceKind::Clause if self.word(first).is_some_and(|word| words::STATEMENTS.contains(&word)) => {
                PieceKind::Statement
            }
            PieceKind::Unknown => PieceKind::Statement,
            kind => kind,
        }
    }

    // ---- Where a piece ends ----

    fn piece(&mut self, start: usize, first: usize, kind: PieceKind, within: Within) -> Piece {
        let block = match kind {
            PieceKind::Item(keyword) => Some(keyword),
            PieceKind::Unknown => words::nearest_keyword(self.word(first).unwrap_or_default()),
            _ => None,
        };
        if let Some(keyword) = block.filter(|keyword| keyword.has_members())
            && matches!(within, Within::File)
            && let Some((open, opened)) = self.block_open(first)
        {
            return self.block_piece(start, first, (open, opened), kind, keyword);
        }
        let end = self.end(first, kind, within);
        self.finish(start, first, end, kind, None)
    }

    fn finish(&mut self, start: usize, first: usize, end: usize, kind: PieceKind, block: Option<Block>) -> Piece {
        let (from, to) = (self.tokens[first].span, self.tokens[end - 1].span);
        let full = Span::new(self.covered, to.end as usize);
        self.at = end;
        self.covered = to.end as usize;
        let tokens = start..end;
        Piece { kind, full, span: from.cover(to), comments: self.comments(&tokens), tokens, block }
    }

    fn rest(&mut self, tokens: Range<usize>, end: usize) -> Piece {
        let full = Span::new(self.covered, end);
        self.at = tokens.end;
        self.covered = end;
        let comments = self.comments(&tokens);
        Piece { kind: PieceKind::Rest, full, span: Span::at(end), comments, tokens, block: None }
    }

    fn comments(&self, tokens: &Range<usize>) -> Vec<Span> {
        self.tokens[tokens.clone()].iter().filter(|token| token.is_comment()).map(|token| token.span).collect()
    }

    /// One past the last token of the piece that begins at `first`.
    fn end(&self, first: usize, kind: PieceKind, within: Within) -> usize {
        // What begins with a symbol is no clause: `# comment`, `% comment`, `.decl`.
        let symbol = matches!(self.tokens[first].kind, TokenKind::Symbol | TokenKind::Dot | TokenKind::BlockComment);
        let by_line = symbol || !matches!(kind, PieceKind::Clause);
        let by_stop = !matches!(kind, PieceKind::Item(_) | PieceKind::Field);
        let indent = self.tokens[first].indent;
        let mut open: Vec<u8> = Vec::new();
        let mut last = first;
        for at in first..self.tokens.len() {
            let token = &self.tokens[at];
            if token.is_comment() {
                continue;
            }
            let no_deeper = at > first && token.first && token.indent <= indent;
            if no_deeper && (by_line && open.is_empty() || self.begins_other(at, last, within)) {
                return last + 1;
            }
            match token.kind {
                TokenKind::Stop if by_stop => return at + 1,
                // What was open in a string goes down with it, the stop at its end does not.
                TokenKind::OpenText | TokenKind::OpenRegex
                    if by_stop && token.text(self.text).trim_end().ends_with('.') =>
                {
                    return at + 1;
                }
                // Deeper ones are refused later, whatever closes them.
                TokenKind::Open if open.len() < 4 * MAX_DEPTH => open.push(self.bracket(at)),
                TokenKind::Close => {
                    if at > first && self.closes_block(at, &open, within) {
                        return last + 1;
                    }
                    close(&mut open, self.bracket(at));
                }
                _ => {}
            }
            last = at;
            // A stray bracket at the start is a piece of its own.
            if at == first && token.kind == TokenKind::Close {
                return at + 1;
            }
        }
        last + 1
    }

    /// Whether the line that begins at `at` plainly belongs to something else. `last` is the token before.
    fn begins_other(&self, at: usize, last: usize, within: Within) -> bool {
        let here = match within {
            Within::File => false,
            Within::Control { .. } => {
                self.is_field(at) && self.word(at).is_some_and(|word| words::FIELDS.contains(&word))
            }
            Within::Test { .. } => self.leading_word(at).is_some_and(|word| words::STATEMENTS.contains(&word)),
        };
        if here || self.keyword(at).is_some() {
            return true;
        }
        let Some(open) = self.atom_open(at) else { return false };
        let after_operand = ends_operand(&self.tokens[last], self.text);
        // No atom can follow an operand: a stop or a comma is missing, and where no line is deeper it is the stop.
        after_operand || self.is_head(open)
    }

    /// The bracket behind a relation's name that stands at `at`.
    fn atom_open(&self, mut at: usize) -> Option<usize> {
        if RESERVED.contains(&self.word(at)?) {
            return None;
        }
        while self.adjacent(at) && self.tokens[at + 1].kind == TokenKind::Dot && self.word(at + 2).is_some() {
            at += 2;
        }
        (self.adjacent(at) && matches!(self.bracket(at + 1), b'(' | b'{')).then_some(at + 1)
    }

    /// Whether the arguments that open at `open` are followed by `:-`.
    fn is_head(&self, open: usize) -> bool {
        /// No head is longer than this, and looking further would make bad files slow.
        const LONGEST: usize = 400;
        let mut depth = 0;
        for at in open..self.tokens.len().min(open + LONGEST) {
            match self.tokens[at].kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth -= 1,
                TokenKind::Stop => return false,
                _ => {}
            }
            if depth == 0 && !self.tokens[at].is_comment() {
                return self.significant(at + 1).is_some_and(|next| self.tokens[next].kind == TokenKind::If);
            }
        }
        false
    }

    /// Whether the `}` at `at` is that of the block, by brackets or by layout.
    fn closes_block(&self, at: usize, open: &[u8], within: Within) -> bool {
        let Some(block_indent) = within.block_indent() else { return false };
        if self.bracket(at) != b'}' {
            return false;
        }
        let token = &self.tokens[at];
        if !open.contains(&b'{') {
            // In the middle of a line it is one too many, if the block is closed properly further down.
            return token.first || !self.closed_below(at, block_indent);
        }
        token.first
            && token.indent <= block_indent
            && match self.significant(at + 1) {
                None => true,
                Some(next) => {
                    let next_token = &self.tokens[next];
                    next_token.first && self.word(next).is_some_and(|word| !RESERVED.contains(&word))
                }
            }
    }

    /// Whether the next line that is indented no deeper than `indent` begins with a closing brace.
    fn closed_below(&self, at: usize, indent: u32) -> bool {
        let known = self.layout.get().filter(|below| below.indent == indent && (below.from..below.to).contains(&at));
        if let Some(below) = known {
            return below.closes;
        }
        let outer = |at: &usize| self.tokens[*at].first && self.tokens[*at].indent <= indent;
        let next = (at + 1..self.tokens.len()).find(outer);
        let closes = next.is_some_and(|next| self.bracket(next) == b'}');
        self.layout.set(Some(Below { from: at, to: next.unwrap_or(self.tokens.len()), indent, closes }));
        closes
    }

    // ---- Blocks ----

    /// The brace that opens the block of the item at `first`. Where words on a deeper line follow the title, the brace
    /// was forgotten: then the last token before them, and false.
    fn block_open(&self, first: usize) -> Option<(usize, bool)> {
        let indent = self.tokens[first].indent;
        let mut last = first;
        for at in first + 1..self.tokens.len() {
            let token = &self.tokens[at];
            match token.kind {
                _ if token.is_comment() => {}
                TokenKind::Open if self.bracket(at) == b'{' => return Some((at, true)),
                TokenKind::Word
                    if token.first && token.indent > indent && self.tokens[last].kind == TokenKind::Text =>
                {
                    return Some((last, false));
                }
                _ if token.first && token.indent <= indent => return None,
                TokenKind::Stop | TokenKind::If => return None,
                _ => {}
            }
            if !token.is_comment() {
                last = at;
            }
        }
        None
    }

    fn block_piece(
        &mut self,
        start: usize,
        first: usize,
        (open, opened): (usize, bool),
        kind: PieceKind,
        keyword: Keyword,
    ) -> Piece {
        let before = (self.at, self.covered);
        let mut members = self.members(open, keyword, false);
        if members.1.is_none() {
            // Never closed: what is not indented deeper than the block's own line is not in it.
            (self.at, self.covered) = before;
            members = self.members(open, keyword, true);
        }
        let (members, close) = members;
        let full_start = before.1;
        let last = close.unwrap_or_else(|| self.at.max(open + 1) - 1);
        let close = close.map(|at| self.tokens[at].span);
        let block = Block { header: first..open + 1, opened, members, close };
        let members_end = self.covered;
        self.covered = full_start;
        let mut piece = self.finish(start, first, last + 1, kind, Some(block));
        // A block without its brace goes on to the end of what it holds.
        self.covered = self.covered.max(members_end);
        piece.full = Span::new(full_start, self.covered);
        piece
    }

    /// The pieces behind the brace at `open`, and the token that closes the block. `by_layout`: if the first
    /// member is indented deeper than the block's line, lines that are not end the block.
    fn members(&mut self, open: usize, keyword: Keyword, by_layout: bool) -> (Vec<Piece>, Option<usize>) {
        let indent = self.tokens[open].indent;
        let within = if keyword == Keyword::Test { Within::Test { indent } } else { Within::Control { indent } };
        let mut members = Vec::new();
        self.at = open + 1;
        self.covered = self.tokens[open].span.end as usize;
        let deeper = self.significant(open + 1).is_some_and(|first| self.tokens[first].indent > indent);
        loop {
            let start = self.at;
            let Some(first) = self.significant(start) else {
                let rest = self.rest(start..self.tokens.len(), self.text.len());
                members.push(rest);
                return (members, None);
            };
            let token = self.tokens[first];
            if self.bracket(first) == b'}' {
                let rest = self.rest(start..first, token.span.start as usize);
                members.push(rest);
                return (members, Some(first));
            }
            let outside = self.keyword(first).is_some_and(|found| !found.in_block(keyword));
            if token.first && token.indent <= indent && (outside || by_layout && deeper) {
                // Comments above belong to what comes next.
                let rest = self.rest(start..start, self.covered);
                members.push(rest);
                return (members, None);
            }
            let kind = match within {
                Within::Test { .. } => self.statement_kind(first),
                _ => self.member_kind(first),
            };
            let piece = self.piece(start, first, kind, within);
            members.push(piece);
        }
    }
}

/// Takes the bracket that `closer` closes off the open ones, with all that opened after it; a stray one changes nothing.
fn close(open: &mut Vec<u8>, closer: u8) {
    let opener = match closer {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    };
    if let Some(at) = open.iter().rposition(|&bracket| bracket == opener) {
        open.truncate(at);
    }
}
