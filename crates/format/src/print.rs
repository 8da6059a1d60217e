//! Runs of tokens and their groups, laid out: on one line where they fit, else the outermost brackets are opened, an element a line.

use std::ops::Range;

use crate::shape::{Group, Kind, Part, Shape};
use crate::writer::{STEP, WIDTH, Writer};

/// Lays out one piece.
#[derive(Debug)]
pub struct Printer<'s, 't> {
    /// The piece.
    pub shape: &'s Shape<'t>,
    /// What has been written.
    pub out: Writer<'t>,
}

impl<'s, 't> Printer<'s, 't> {
    /// Nothing written yet.
    pub fn new(shape: &'s Shape<'t>, indent: usize) -> Self {
        let mut out = Writer::default();
        out.start(indent);
        Printer { shape, out }
    }

    /// Whether the run fits on the rest of the line, with `tail` columns behind it.
    pub fn fits(&self, run: &Range<usize>, tail: usize) -> bool {
        self.fits_at(self.out.column(), run, tail)
    }

    /// Whether the run fits on a line from a column on.
    pub fn fits_at(&self, column: usize, run: &Range<usize>, tail: usize) -> bool {
        self.shape.tokens.flat(run) && column + self.shape.tokens.width(run) + tail <= WIDTH
    }

    /// Writes one token.
    pub fn token(&mut self, at: usize) {
        let token = &self.shape.tokens.list[at];
        let ends = token.is(",") || token.kind == syntax::scan::TokenKind::Stop;
        self.out.token(token.text, token.space, &token.above, token.behind, ends);
    }

    /// Writes a run; `tail` columns are to follow on its last line.
    pub fn run(&mut self, run: Range<usize>, tail: usize) {
        let mut at = run.start;
        while at < run.end {
            match self.shape.group(at) {
                Some(group) if self.opens(group, run.end, tail) => {
                    self.open(group);
                    at = group.close + 1;
                }
                _ => {
                    self.flat_token(at);
                    at += 1;
                }
            }
        }
    }

    fn flat_token(&mut self, at: usize) {
        if !self.shape.tokens.list[at].trailing_comma || !self.is_bare(at) {
            self.token(at);
        }
    }

    fn is_bare(&self, at: usize) -> bool {
        self.shape.tokens.is_bare(at)
    }

    /// Whether a group of the run that ends at `end` has to be opened.
    fn opens(&self, group: &Group, end: usize, tail: usize) -> bool {
        let whole = group.open..group.close + 1;
        if !self.shape.tokens.flat(&whole) {
            return breakable(self.shape, group) || self.broken_here(group);
        }
        if !breakable(self.shape, group) {
            return false;
        }
        let space = usize::from(self.shape.tokens.list[group.open].space && !self.out.fresh());
        let mut rest = group.close + 1;
        while rest < end {
            match self.shape.group(rest) {
                Some(next) if breakable(self.shape, next) => break,
                _ => rest = self.shape.next(rest),
            }
        }
        let tail = if rest >= end { tail } else { 2 };
        let width = self.shape.tokens.width(&(group.open..rest.max(group.close + 1)));
        self.out.column() + space + width + tail > WIDTH
    }

    /// Whether a comment or text over lines stands on the group's own level, not inside a group of its own.
    fn broken_here(&self, group: &Group) -> bool {
        let inner = |at: usize| self.shape.group(at).is_some();
        let mut at = group.open + 1;
        while at <= group.close {
            let token = &self.shape.tokens.list[at];
            let above = !token.above.is_empty();
            if above || at < group.close && !inner(at) && (token.behind.is_some() || token.text.contains('\n')) {
                return true;
            }
            at = self.shape.next(at);
        }
        self.shape.tokens.list[group.open].behind.is_some() || self.shape.tokens.list[group.open].forced
    }

    // ---- Opened groups ----

    fn open(&mut self, group: &Group) {
        let base = self.out.indent();
        self.token(group.open);
        match group.kind {
            Kind::Condition => self.branches(group, base),
            Kind::Aggregate => {
                if self.fits(&group.listed, 1) {
                    self.run(group.listed.clone(), 0);
                } else {
                    self.out.start(base + STEP);
                    self.run(group.listed.clone(), 0);
                }
                self.body(&group.parts, base + STEP);
            }
            Kind::List if group.parts.iter().all(|part| self.is_short(part)) => self.fill(group, base + STEP),
            _ => self.elements(group, base + STEP),
        }
        self.close(group.close, base);
    }

    /// The closing bracket on a line of its own, below the comments before it.
    fn close(&mut self, at: usize, base: usize) {
        let token = &self.shape.tokens.list[at];
        self.out.start(base + STEP);
        self.out.above(&token.above);
        self.out.start(base);
        self.out.token(token.text, false, &[], token.behind, false);
    }

    /// An element a line, values aligned, a comma behind each.
    fn elements(&mut self, group: &Group, inner: usize) {
        let paddings = self.paddings(&group.parts, inner);
        let commas = !matches!(group.kind, Kind::Operand | Kind::Subject | Kind::Index | Kind::Criteria);
        for (number, (part, padding)) in group.parts.iter().zip(paddings).enumerate() {
            self.begin(part, inner, number > 0);
            match padding {
                Some((colon, blanks)) => {
                    self.run(part.run.start..colon + 1, 0);
                    self.out.pad(blanks);
                    self.run(colon + 1..part.run.end, 1);
                }
                None if group.kind == Kind::Mapping => self.mapping(part, inner),
                None => self.run(part.run.clone(), 1),
            }
            match part.separator {
                Some(comma) if commas || !self.is_bare(comma) => self.token(comma),
                None if commas => self.out.put(",", false),
                _ => {}
            }
        }
    }

    /// Begins the line of an element or condition, and a blank line before it where the author has one.
    fn begin(&mut self, part: &Part, indent: usize, may_part: bool) {
        if may_part && self.shape.tokens.list[part.run.start].blank {
            self.out.blank();
        }
        self.out.start(indent);
    }

    /// For each `key: value` that stays on its line: where its colon is, and the blanks behind it.
    pub fn paddings(&self, parts: &[Part], inner: usize) -> Vec<Option<(usize, usize)>> {
        let colon = |part: &Part| {
            let mut at = part.run.start;
            while at < part.run.end && !self.shape.tokens.list[at].is(":") {
                at = self.shape.next(at);
            }
            (at < part.run.end && self.fits_at(inner, &part.run, 1)).then_some(at)
        };
        let colons: Vec<Option<usize>> = parts.iter().map(colon).collect();
        let mut paddings = vec![None; parts.len()];
        let mut start = 0;
        while start < parts.len() {
            let joins = |&at: &usize| {
                let first = &self.shape.tokens.list[parts[at].run.start];
                self.fits_at(inner, &parts[at].run, 1) && (at == start || !first.blank)
            };
            let end = (start..parts.len()).take_while(joins).last().map_or(start + 1, |last| last + 1);
            self.align(&parts[start..end], &colons[start..end], inner, &mut paddings[start..end]);
            start = end;
        }
        paddings
    }

    fn align(&self, parts: &[Part], colons: &[Option<usize>], inner: usize, paddings: &mut [Option<(usize, usize)>]) {
        let width = |run: Range<usize>| self.shape.tokens.width(&run);
        let key = |at: usize| colons[at].map(|colon| width(parts[at].run.start..colon + 1));
        let widest = (0..parts.len()).filter_map(key).max().unwrap_or(0);
        let fits = (0..parts.len())
            .filter_map(|at| Some((at, key(at)?)))
            .all(|(at, key)| inner + width(parts[at].run.clone()) + (widest - key) < WIDTH);
        for at in 0..parts.len() {
            let blanks = key(at).map_or(0, |key| if fits { widest - key } else { 0 });
            paddings[at] = colons[at].map(|colon| (colon, blanks));
        }
    }

    fn is_short(&self, part: &Part) -> bool {
        let comma = part.separator.is_none_or(|comma| self.is_bare(comma));
        let token = &self.shape.tokens.list[part.run.start];
        let bare = token.above.is_empty() && self.shape.tokens.list[part.run.end - 1].behind.is_none();
        comma && bare && part.run.len() <= 2 && self.shape.tokens.flat(&part.run)
    }

    /// As many elements on a line as fit.
    fn fill(&mut self, group: &Group, inner: usize) {
        self.out.start(inner);
        for part in &group.parts {
            if !self.out.fresh() && self.out.column() + self.shape.tokens.width(&part.run) + 2 > WIDTH {
                self.out.start(inner);
            }
            self.run(part.run.clone(), 1);
            self.out.put(",", false);
        }
    }

    // ---- Conditions ----

    /// Conditions: those that the author put on one line stay together if they fit, otherwise each has a line.
    pub fn body(&mut self, parts: &[Part], indent: usize) {
        let mut start = 0;
        while start < parts.len() {
            let end = (start + 1..parts.len()).find(|&at| self.shape.begins_line(parts, at)).unwrap_or(parts.len());
            let whole = parts[start].run.start..parts[end - 1].run.end;
            if self.fits_at(indent, &whole, 1) {
                self.begin(&parts[start], indent, start > 0);
                self.run(whole, 1);
                self.separator(&parts[end - 1], end == parts.len());
            } else {
                for (at, part) in parts.iter().enumerate().take(end).skip(start) {
                    self.begin(part, indent, at > 0);
                    self.run(part.run.clone(), 1);
                    self.separator(part, at + 1 == parts.len());
                }
            }
            start = end;
        }
    }

    /// The comma behind a condition; behind the last only for its comments.
    fn separator(&mut self, part: &Part, last: bool) {
        let Some(comma) = part.separator.filter(|&comma| self.shape.is_comma(comma)) else { return };
        let token = &self.shape.tokens.list[comma];
        match token.behind {
            _ if !last => self.token(comma),
            None if token.above.is_empty() => {}
            Some(comment) if token.above.is_empty() && !self.out.commented() => self.out.comment(comment),
            _ => {
                self.token(comma);
                self.out.go_on();
            }
        }
    }

    fn branches(&mut self, group: &Group, base: usize) {
        let inner = base + STEP;
        let mut branches: Vec<(Option<usize>, &[Part])> = Vec::new();
        let (mut start, mut or) = (0, None);
        for (at, part) in group.parts.iter().enumerate() {
            let separator = part.separator.filter(|&separator| !self.shape.is_comma(separator));
            if separator.is_some() || at + 1 == group.parts.len() {
                branches.push((or, &group.parts[start..at + 1]));
                (start, or) = (at + 1, separator);
            }
        }
        let run = |parts: &[Part]| parts[0].run.start..parts[parts.len() - 1].run.end;
        let simple = |&(or, parts): &(Option<usize>, &[Part])| {
            let calm = (1..parts.len()).all(|at| !self.shape.begins_line(parts, at));
            let quiet =
                or.is_none_or(|or| self.is_bare(or)) && self.shape.tokens.list[parts[0].run.start].above.is_empty();
            calm && (or.is_none() || quiet) && self.fits_at(inner + usize::from(or.is_some()) * 3, &run(parts), 0)
        };
        let simple = branches.len() > 1 && branches.iter().all(simple);
        for (or, parts) in branches {
            match or {
                Some(or) if simple => {
                    self.out.start(inner);
                    self.token(or);
                    self.run(run(parts), 0);
                }
                Some(or) => {
                    self.out.start(base);
                    self.token(or);
                    self.body(parts, inner);
                }
                None => self.body(parts, inner),
            }
        }
    }

    // ---- Columns of an input ----

    /// `column: alternative or alternative none "n/a"`, over lines below its name where it is too wide for one.
    fn mapping(&mut self, part: &Part, inner: usize) {
        let colon = part.run.start + 1;
        if self.fits_at(inner, &part.run, 1) || colon + 1 >= part.run.end {
            return self.run(part.run.clone(), 1);
        }
        self.run(part.run.start..colon + 1, 0);
        self.out.start(inner + STEP);
        let list = &self.shape.tokens.list;
        let mut start = colon + 1;
        while start < part.run.end {
            let joint = |&at: &usize| {
                list[at].is_word("or") || list[at].is_word("as") || list[at - 1].is(",") || {
                    list[at].is_word("none")
                        && list.get(at + 1).is_some_and(|next| next.kind == syntax::scan::TokenKind::Text)
                }
            };
            let end = (start + 1..part.run.end).find(joint).unwrap_or(part.run.end);
            let clause = list[start].is_word("none") || list[start].is_word("as");
            let column = self.out.column() + self.shape.tokens.width(&(start..end)) + 2;
            let apart = self.out.commented() || clause && start > colon + 1 || column > WIDTH;
            if !self.out.fresh() && apart {
                self.out.start(inner + STEP);
            }
            self.run(start..end, 1);
            start = end;
        }
    }
}

/// Whether opening the group's brackets can help.
pub fn breakable(shape: &Shape<'_>, group: &Group) -> bool {
    let last_is_text = || {
        let last = &group.parts[group.parts.len() - 1].run;
        last.len() == 1 && shape.tokens.list[last.start].kind == syntax::scan::TokenKind::Text
    };
    match group.kind {
        Kind::Index | Kind::Operand | Kind::Subject => false,
        // `violation(v, "message")` stays together: the message is what is wide.
        Kind::Arguments => group.parts.len() > 2 || group.parts.len() == 2 && !last_is_text(),
        Kind::List | Kind::Named => group.parts.len() > 1,
        Kind::Condition | Kind::Aggregate | Kind::Columns | Kind::Mapping | Kind::Criteria => !group.parts.is_empty(),
    }
}
