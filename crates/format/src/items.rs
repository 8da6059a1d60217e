//! Items, members and statements: one function for each kind of piece, from its tokens to its lines.

use std::ops::Range;

use syntax::scan::TokenKind;
use syntax::split::PieceKind;
use syntax::words::Keyword;

use crate::print::Printer;
use crate::shape::{Kind, Part, Shape};
use crate::writer::{Line, STEP, WIDTH};

/// Lays out a healthy piece that has no block, or the header of one that has.
pub fn piece(shape: &mut Shape<'_>, kind: PieceKind, indent: usize) -> Vec<Line> {
    let layout = match kind {
        PieceKind::Item(Keyword::Framework) => framework,
        PieceKind::Item(Keyword::Input) => input,
        PieceKind::Item(Keyword::Control | Keyword::Test) => header,
        PieceKind::Item(_) => declaration,
        PieceKind::Field => field,
        PieceKind::Statement => statement,
        _ => clause,
    };
    layout(shape, indent)
}

/// Measures what has been shaped.
fn measured<'s, 't>(shape: &'s mut Shape<'t>) -> &'s Shape<'t> {
    shape.tokens.measure();
    shape
}

/// Whether the author began a new line at one of the parts, the first aside.
fn broken(shape: &Shape<'_>, parts: &[Part]) -> bool {
    (1..parts.len()).any(|at| shape.begins_line(parts, at))
}

// ---- Clauses ----

/// `head :- body.` on one line if the author had it so and it fits; else the body below its head.
fn clause(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    let (neck, stop) = parts_of_clause(shape);
    let Some(neck) = neck else {
        shape.literal(0..stop);
        let shape = measured(shape);
        let mut printer = Printer::new(shape, indent);
        printer.run(all, 0);
        return printer.out.finish();
    };
    shape.literal(0..neck);
    let body = shape.body(neck + 1..stop);
    shape.tokens.list[neck].space = true;
    shape.tokens.list[neck + 1].space = true;
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    if printer.fits(&all, 0) && !broken(shape, &body) && !shape.begins_line(&body, 0) {
        printer.run(all, 0);
        return printer.out.finish();
    }
    printer.run(0..neck, 3);
    printer.token(neck);
    printer.body(&body, indent + STEP);
    printer.token(stop);
    printer.out.finish()
}

/// Where the `:-` of a clause is, if it has one, and where its stop is.
fn parts_of_clause(shape: &Shape<'_>) -> (Option<usize>, usize) {
    let neck = shape.tokens.list.iter().position(|token| token.kind == TokenKind::If);
    (neck, shape.len().saturating_sub(1))
}

/// Whether a piece's tokens are a fact.
pub fn is_fact(shape: &Shape<'_>) -> bool {
    shape.tokens.list.iter().all(|token| token.kind != TokenKind::If)
}

// ---- Declarations ----

/// `use`, `entity`, `rel`, `param`.
fn declaration(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    match shape.tokens.list.iter().position(|token| token.is("=")) {
        Some(equals) => {
            shape.declaration(0..equals);
            shape.operand(equals + 1..all.end);
            shape.tokens.list[equals].space = true;
            shape.tokens.list[equals + 1].space = true;
        }
        None => shape.declaration(all.clone()),
    }
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    printer.run(all, 0);
    printer.out.finish()
}

/// `control ID "title" {` and `test "name" {`.
fn header(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    shape.declaration(0..all.end - 1);
    shape.tokens.list[all.end - 1].space = true;
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    (0..all.end - 1).for_each(|at| printer.token(at));
    let brace = &shape.tokens.list[all.end - 1];
    if printer.out.commented() || !brace.above.is_empty() {
        // How deep the line of the brace is tells where its block ends.
        printer.out.start(indent + STEP);
        printer.out.above(&brace.above);
        printer.out.start(indent);
    }
    printer.out.token(brace.text, brace.space, &[], brace.behind, false);
    printer.out.finish()
}

/// A criterion a line.
fn framework(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    let open = shape.tokens.list.iter().position(|token| token.is("{")).unwrap_or(all.end - 1);
    shape.declaration(0..open);
    shape.enclose(open, Kind::Criteria);
    shape.tokens.list[open].space = true;
    let parts = shape.group(open).map(|group| group.parts.clone()).unwrap_or_default();
    shape.tokens.list[open].forced |= broken(shape, &parts);
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    printer.run(all, 0);
    printer.out.finish()
}

// ---- Inputs ----

/// `input name(columns)` with its `from`, `where`, `each` and `{…}`: on one line if the author had it so and it fits, else each
/// `from` on a line, and what follows where the author began a line or where the width ends.
fn input(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    shape.declaration(all.clone());
    let clauses = clauses_of_input(shape);
    let header = clauses.first().map_or(all.end, |first| first.start);
    let begins = |clause: &Range<usize>| shape.tokens.list[clause.start].newline;
    let apart = clauses.iter().any(begins);
    let lines: Vec<bool> =
        clauses.iter().map(|clause| begins(clause) || shape.tokens.list[clause.start].is_word("from")).collect();
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    if !apart && printer.fits(&all, 0) {
        printer.run(all, 0);
        return printer.out.finish();
    }
    printer.run(0..header, 0);
    for (clause, own_line) in clauses.into_iter().zip(lines) {
        let columns = shape.group(clause.start);
        // Columns that need lines of their own open behind what is there, if their brace fits.
        let opens = columns.is_some_and(|group| {
            !printer.fits_at(indent + STEP, &clause, 0)
                && printer.out.column() + 2 <= WIDTH
                && group.open == clause.start
        });
        if own_line || printer.out.commented() || !opens && !printer.fits(&clause, 1) {
            printer.out.start(indent + STEP);
        }
        match columns.is_some() || shape.tokens.list[clause.start].is_word("from") || printer.fits(&clause, 0) {
            true => printer.run(clause, 0),
            false => listed(&mut printer, clause),
        }
    }
    printer.out.finish()
}

/// A clause with commas that is too wide for its line: what is behind each comma goes on deeper.
fn listed(printer: &mut Printer<'_, '_>, clause: Range<usize>) {
    let base = printer.out.indent();
    let shape = printer.shape;
    for part in shape.split(clause, |at| shape.is_comma(at)) {
        let end = part.separator.map_or(part.run.end, |comma| comma + 1);
        let apart = printer.out.commented() || !printer.fits(&part.run, 2);
        if !printer.out.fresh() && apart {
            printer.out.start(base + STEP);
        }
        printer.run(part.run.start..end, 0);
    }
}

/// The clauses of an input: each `from`, `where`, `incomplete where`, `each` and the columns.
fn clauses_of_input(shape: &Shape<'_>) -> Vec<Range<usize>> {
    let list = &shape.tokens.list;
    let begins = |at: usize| {
        // Such a word is a key where an operand has to follow.
        let word = |words: &[&str]| words.iter().any(|word| list[at].is_word(word));
        let before = &list[at - 1];
        let operand_follows = before.is(",")
            || before.is("=")
            || before.is("$")
            || before.kind == TokenKind::Dot
            || ["where", "each", "as", "incomplete"].iter().any(|word| before.is_word(word)) && !list[at].is("{");
        list[at].is("{") || word(&["from", "where", "incomplete", "each"]) && !operand_follows
    };
    let mut starts = Vec::new();
    let mut at = 2;
    while at < shape.len() {
        if begins(at) {
            starts.push(at);
        }
        at = shape.next(at);
    }
    let ends = starts.iter().skip(1).copied().chain([shape.len()]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

// ---- Members ----

/// `name: values`: over lines as the author had them, else a framework a line.
fn field(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let end = shape.len() - usize::from(shape.is_comma(shape.len() - 1) && shape.tokens.is_bare(shape.len() - 1));
    shape.declaration(0..end);
    let values = shape.split(2..end, |at| shape.is_comma(at));
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    if values.len() < 2 || printer.fits(&(0..end), 0) && !broken(shape, &values) {
        printer.run(0..end, 0);
        return printer.out.finish();
    }
    printer.run(0..2, 0);
    let author = broken(shape, &values);
    let framework = |part: &Part| match part.run.len() > 1 {
        true => (part.run.clone()).find(|&at| shape.tokens.list[at].is("/")).map(|slash| part.run.start..slash),
        false => None,
    };
    let same = |a: &Part, b: &Part| match (framework(a), framework(b)) {
        (Some(a), Some(b)) => shape.tokens.line(&a) == shape.tokens.line(&b),
        _ => false,
    };
    for (at, value) in values.iter().enumerate() {
        let begins = at == 0 || if author { shape.begins_line(&values, at) } else { !same(&values[at - 1], value) };
        if begins || printer.out.commented() || !printer.fits(&value.run, 2) {
            printer.out.start(indent + STEP);
        }
        printer.run(value.run.clone(), 1);
        if let Some(comma) = value.separator {
            printer.token(comma);
        }
    }
    printer.out.finish()
}

// ---- Statements of tests ----

const STATUSES: [&str; 7] = ["violation", "pass", "fail", "waived", "not_applicable", "no_evidence", "error"];

/// What stands in a test, on one line where it fits.
fn statement(shape: &mut Shape<'_>, indent: usize) -> Vec<Line> {
    let all = 0..shape.len();
    let end = all.end - usize::from(shape.tokens.list[all.end - 1].kind == TokenKind::Stop);
    let (first, about) = subject(shape);
    let tail = if about { outcome(shape, first, end) } else { end };
    if !about {
        match shape.tokens.list[0].text {
            "given" | "expect" => shape.literal(first..end),
            _ => shape.operand(first..end),
        }
        (1..=first).filter(|&at| at < end).for_each(|at| shape.tokens.list[at].space = true);
    }
    let shape = measured(shape);
    let mut printer = Printer::new(shape, indent);
    if printer.fits(&all, 0) || tail == end {
        printer.run(all, 0);
        return printer.out.finish();
    }
    printer.run(0..tail, 0);
    let mut start = tail;
    while start < end {
        let next = start + 2;
        printer.out.start(indent + STEP);
        printer.run(start..next.min(end), 0);
        start = next;
    }
    printer.run(end..all.end, 0);
    printer.out.finish()
}

/// Where the operand of a statement begins, and whether it is what is expected of a control.
fn subject(shape: &Shape<'_>) -> (usize, bool) {
    let list = &shape.tokens.list;
    let is_word = |at: usize| list.get(at).is_some_and(|token| token.kind == TokenKind::Word);
    let expects = list[0].is_word("expect");
    let negated = expects && list.len() > 1 && list[1].is_word("no") && is_word(2);
    let first = 1 + usize::from(negated);
    let named = is_word(first + 1) || list.get(first + 1).is_some_and(|next| next.kind == TokenKind::Number);
    let status = list.get(first).is_some_and(|token| STATUSES.contains(&token.text));
    (first, expects && status && named)
}

/// `violation ID("subject") with "…" at "…"` or `pass ID`, from the word on; gives where `with` or `at` begins.
fn outcome(shape: &mut Shape<'_>, first: usize, end: usize) -> usize {
    (1..=first + 1).for_each(|at| shape.tokens.list[at].space = true);
    let mut at = first + 2;
    // The id goes on while nothing parts its tokens.
    while at < end && shape.tokens.list[at].adjacent && shape.tokens.list[at].kind != TokenKind::Open {
        at += 1;
    }
    if at < end && shape.tokens.list[at].kind == TokenKind::Open {
        let close = shape.tokens.list[at].partner;
        shape.enclose(at, Kind::Subject);
        at = close + 1;
    }
    (at..end).for_each(|at| shape.tokens.list[at].space = true);
    at
}
