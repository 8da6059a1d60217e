//! Which brackets group what, and where blanks stand on one line.
//!
//! A piece that reaches this was parsed, so little is needed to tell what a bracket is: what stands before it, and whether it is
//! a condition of its own or part of an operand.

use std::ops::Range;

use syntax::scan::{RESERVED, Token as Scanned, TokenKind};

use crate::tokens::Tokens;

/// What a bracket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `(a, b)` behind a name.
    Arguments,
    /// The one subject of `expect violation ID("x")`.
    Subject,
    /// `{name: a, owner}` behind a relation.
    Named,
    /// `["a", "b"]`
    List,
    /// An operand in parentheses.
    Operand,
    /// `( a or b )` as a condition of its own.
    Condition,
    /// `count { x : body }`
    Aggregate,
    /// The columns of a declaration.
    Columns,
    /// The columns of an input, `{ name: "Name" }`.
    Mapping,
    /// The criteria of a framework.
    Criteria,
    /// `[0]` in a path into a document.
    Index,
}

impl Kind {
    fn padded(self) -> bool {
        matches!(self, Kind::Condition | Kind::Aggregate | Kind::Mapping | Kind::Criteria)
    }

    /// Whether an author's line break behind the opening bracket keeps the group over lines.
    fn keeps_open(self) -> bool {
        self.padded() || matches!(self, Kind::Named | Kind::Columns)
    }
}

/// One element of a group or body, and what separates it from the next.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its tokens.
    pub run: Range<usize>,
    /// The comma, or the `or`, behind it.
    pub separator: Option<usize>,
}

/// Brackets and what stands between them.
#[derive(Debug, Clone)]
pub struct Group {
    /// What it holds.
    pub kind: Kind,
    /// The opening bracket.
    pub open: usize,
    /// The closing one.
    pub close: usize,
    /// What is listed before the colon of an aggregate, the colon included.
    pub listed: Range<usize>,
    /// The elements; of an aggregate its conditions.
    pub parts: Vec<Part>,
}

/// The tokens of a piece, their spaces and their groups.
#[derive(Debug)]
pub struct Shape<'t> {
    /// The tokens.
    pub tokens: Tokens<'t>,
    groups: Vec<Group>,
    /// For each token the group that it opens, from 1.
    opens: Vec<u32>,
}

impl<'t> Shape<'t> {
    /// The tokens of a piece, not yet shaped; `behind` is the comment behind its last.
    pub fn of(text: &'t str, scanned: &[Scanned], behind: Option<&'t str>) -> Self {
        let mut tokens = Tokens::of(text, scanned);
        if let (Some(last), Some(_)) = (tokens.list.last_mut(), behind) {
            last.behind = behind;
        }
        let opens = vec![0; tokens.list.len()];
        Shape { tokens, groups: Vec::new(), opens }
    }

    /// The number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.list.len()
    }

    /// The group that a token opens.
    pub fn group(&self, at: usize) -> Option<&Group> {
        self.opens[at].checked_sub(1).map(|group| &self.groups[group as usize])
    }

    /// Where the run goes on behind a group that opens at `at`, or behind the token.
    pub fn next(&self, at: usize) -> usize {
        match self.tokens.list[at].kind {
            TokenKind::Open => self.tokens.list[at].partner + 1,
            _ => at + 1,
        }
    }

    /// The elements of a run: what stands between the separators on its level.
    pub fn split(&self, run: Range<usize>, separates: impl Fn(usize) -> bool) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let (mut at, mut start) = (run.start, run.start);
        while at < run.end {
            if separates(at) {
                match parts.last_mut() {
                    // `a, or b`: the comma goes, but not its comment.
                    Some(Part { run, separator }) if start == at => {
                        run.end += usize::from(!self.tokens.is_bare(start - 1));
                        *separator = Some(at);
                    }
                    _ => parts.push(Part { run: start..at, separator: Some(at) }),
                }
                start = at + 1;
            }
            at = self.next(at);
        }
        if start < run.end {
            parts.push(Part { run: start..run.end, separator: None });
        }
        parts
    }

    /// Whether the author began a line at a part, or at the comma before it.
    pub fn begins_line(&self, parts: &[Part], at: usize) -> bool {
        let separator = at.checked_sub(1).and_then(|before| parts[before].separator);
        let newline = |at: usize| self.tokens.list[at].newline;
        newline(parts[at].run.start) || separator.is_some_and(newline)
    }

    /// Whether a token is a comma.
    pub fn is_comma(&self, at: usize) -> bool {
        self.tokens.list[at].is(",")
    }

    /// Whether an operand may end with this token.
    fn ends_operand(&self, at: usize) -> bool {
        let token = &self.tokens.list[at];
        match token.kind {
            TokenKind::Word => matches!(token.text, "none" | "true" | "false") || !RESERVED.contains(&token.text),
            TokenKind::Number | TokenKind::Text | TokenKind::Regex | TokenKind::Close => true,
            _ => token.is("?"),
        }
    }

    // ---- Expressions ----

    /// Conditions with commas between them; gives them as parts.
    pub fn body(&mut self, run: Range<usize>) -> Vec<Part> {
        let parts = self.split(run, |at| self.is_comma(at));
        self.literals(&parts);
        parts
    }

    fn literals(&mut self, parts: &[Part]) {
        for part in parts {
            self.literal(part.run.clone());
        }
        self.space_parts(parts);
    }

    /// Blanks before all parts but the first, none before commas.
    fn space_parts(&mut self, parts: &[Part]) {
        for part in parts.iter().skip(1) {
            if let Some(first) = self.tokens.list.get_mut(part.run.start) {
                first.space = true;
            }
        }
        for at in parts.iter().filter_map(|part| part.separator) {
            self.tokens.list[at].space = !self.is_comma(at);
        }
    }

    /// One condition, or a head, or a row: a bracket that ends it belongs to a relation or holds conditions.
    pub fn literal(&mut self, run: Range<usize>) {
        let list = &self.tokens.list;
        let mut start = run.start;
        while start + 1 < run.end && list[start].is_word("not") && !list[start + 1].is(":") {
            start += 1;
        }
        let mut open = start;
        while open < run.end && (list[open].kind == TokenKind::Dot || list[open].kind == TokenKind::Word) {
            open += 1;
        }
        let whole = open < run.end && list[open].kind == TokenKind::Open && list[open].partner + 1 == run.end;
        let named = open == start || !RESERVED.contains(&list[open - 1].text);
        self.walk(run, (whole && named).then_some(open), false);
    }

    /// An operand, or `key: operand`.
    pub fn operand(&mut self, run: Range<usize>) {
        self.walk(run, None, false);
    }

    /// What stands in declarations: ids and paths keep together what was written together.
    pub fn declaration(&mut self, run: Range<usize>) {
        self.walk(run, None, true);
    }

    fn walk(&mut self, run: Range<usize>, whole: Option<usize>, declares: bool) {
        let mut at = run.start;
        while at < run.end {
            let opens = self.tokens.list[at].kind == TokenKind::Open;
            let kind = opens.then(|| self.kind(at, &run, whole == Some(at), declares));
            if at > run.start {
                self.tokens.list[at].space = match kind {
                    Some(kind) => self.space_before(at, &run, kind),
                    None if declares => self.space_in_declaration(at),
                    None => self.space_in_expression(at, &run),
                };
            }
            if let Some(kind) = kind {
                self.enclose(at, kind);
            }
            at = self.next(at);
        }
    }

    fn kind(&self, at: usize, run: &Range<usize>, whole: bool, declares: bool) -> Kind {
        let list = &self.tokens.list;
        let behind_name = at > run.start
            && (list[at - 1].kind == TokenKind::Word || declares)
            && (!RESERVED.contains(&list[at - 1].text) || at > 1 && list[at - 2].kind == TokenKind::Dot);
        match (list[at].text, declares) {
            ("[", true) => Kind::Index,
            ("[", false) => Kind::List,
            ("(", true) => Kind::Columns,
            ("(", false) if behind_name => Kind::Arguments,
            ("(", false) if at > run.start && list[at - 1].is_word("as") => Kind::Arguments,
            ("(", false) if whole => Kind::Condition,
            ("(", false) => Kind::Operand,
            (_, true) => Kind::Mapping,
            (_, false) if whole => Kind::Named,
            (_, false) => Kind::Aggregate,
        }
    }

    fn space_before(&self, at: usize, run: &Range<usize>, kind: Kind) -> bool {
        match kind {
            Kind::Arguments => self.tokens.list[at - 1].is_word("as"),
            Kind::Named | Kind::Columns | Kind::Subject => false,
            Kind::Index => !self.tokens.list[at].adjacent,
            _ => !self.is_sign(at - 1, run),
        }
    }

    /// Whether the token is a minus before an operand, not between two.
    fn is_sign(&self, at: usize, run: &Range<usize>) -> bool {
        self.tokens.list[at].is("-") && (at == run.start || !self.ends_operand(at - 1))
    }

    fn space_in_expression(&self, at: usize, run: &Range<usize>) -> bool {
        let (before, token) = (&self.tokens.list[at - 1], &self.tokens.list[at]);
        let close = token.is(",") || token.is("?") || token.is(":") || token.kind == TokenKind::Stop;
        let joined = token.kind == TokenKind::Dot || before.kind == TokenKind::Dot;
        !close && !joined && !self.is_sign(at - 1, run)
    }

    fn space_in_declaration(&self, at: usize) -> bool {
        let (before, token) = (&self.tokens.list[at - 1], &self.tokens.list[at]);
        let either = |symbol: &str| before.is(symbol) || token.is(symbol);
        if token.is(",") || token.is("?") || token.is(":") || token.kind == TokenKind::Stop || either("/") {
            return false;
        }
        if before.is(":") || before.is(",") || either("=") || either("<") {
            return true;
        }
        let text = |kind: TokenKind| matches!(kind, TokenKind::Text | TokenKind::Regex | TokenKind::Close);
        text(before.kind) && token.kind == TokenKind::Word || text(token.kind) || !token.adjacent
    }

    // ---- Groups ----

    /// Shapes the inside of the bracket at `open`.
    pub fn enclose(&mut self, open: usize, kind: Kind) {
        let close = self.tokens.list[open].partner;
        let inside = open + 1..close;
        let mut listed = open + 1..open + 1;
        let parts = match kind {
            Kind::Condition => {
                let separates = |at: usize| self.is_comma(at) || self.tokens.list[at].is_word("or");
                self.split(inside.clone(), separates)
            }
            Kind::Aggregate => {
                let colon = self.split(inside.clone(), |at| self.tokens.list[at].is(":"));
                let body = colon.get(1).map_or(close, |body| body.run.start);
                listed = open + 1..body.min(close);
                self.split(listed.end..close, |at| self.is_comma(at))
            }
            // The words for what is absent have commas between them as well.
            Kind::Mapping => {
                let begins = |at: usize| at == close || self.tokens.list.get(at + 1).is_some_and(|next| next.is(":"));
                self.split(inside.clone(), |at| self.is_comma(at) && begins(at + 1))
            }
            Kind::Criteria => self.criteria(inside.clone()),
            _ => self.split(inside.clone(), |at| self.is_comma(at)),
        };
        match kind {
            Kind::Condition => self.literals(&parts),
            Kind::Aggregate => {
                let names = self.split(listed.clone(), |at| self.is_comma(at) || self.tokens.list[at].is(":"));
                names.iter().for_each(|part| self.operand(part.run.clone()));
                self.space_parts(&names);
                self.literals(&parts);
                for at in [listed.end.saturating_sub(1), listed.end] {
                    self.tokens.list[at].space = true;
                }
            }
            Kind::Columns | Kind::Mapping | Kind::Criteria | Kind::Index => {
                parts.iter().for_each(|part| self.declaration(part.run.clone()));
                self.space_parts(&parts);
            }
            _ => {
                parts.iter().for_each(|part| self.operand(part.run.clone()));
                self.space_parts(&parts);
            }
        }
        let padded = kind.padded() && !inside.is_empty();
        self.tokens.list[open + 1].space = padded;
        self.tokens.list[close].space = padded;
        let opened = self.tokens.list[open + 1].newline && !inside.is_empty();
        let behind_colon = kind == Kind::Aggregate && self.tokens.list[listed.end].newline;
        self.tokens.list[open].forced = kind.keeps_open() && opened || behind_colon;
        self.groups.push(Group { kind, open, close, listed, parts });
        self.opens[open] = self.groups.len() as u32;
    }

    /// `id: "text"`, with or without commas between.
    fn criteria(&self, run: Range<usize>) -> Vec<Part> {
        let list = &self.tokens.list;
        let mut parts = Vec::new();
        let (mut start, mut at) = (run.start, run.start);
        while at < run.end {
            let ends = list[at].kind == TokenKind::Text && at > start && list[at - 1].is(":");
            at += 1;
            if ends {
                let comma = (at < run.end && self.is_comma(at)).then_some(at);
                parts.push(Part { run: start..at, separator: comma });
                at += usize::from(comma.is_some());
                start = at;
            }
        }
        parts
    }
}
