//! The shape of a text: symbols of a file and of the workspace, folding, selection ranges, documents that it links to.

use base::{FileId, Span};
use syntax::ast::{ItemKind, MemberKind};
use syntax::scan::{Token, TokenKind, scan};

use crate::Snapshot;
use crate::names::piece_at;

/// What an entry of the outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EntryKind {
    Relation,
    Input,
    Column,
    Entity,
    Param,
    Framework,
    Control,
    Test,
    Rule,
}

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// In a few words.
    pub detail: String,
    /// What it is.
    pub kind: EntryKind,
    /// All of it.
    pub span: Span,
    /// Its name.
    pub selection: Span,
    /// What stands inside.
    pub children: Vec<Entry>,
}

fn entry(name: &str, detail: &str, kind: EntryKind, span: Span, selection: Span) -> Entry {
    let selection = if selection.start >= span.start && selection.end <= span.end { selection } else { span };
    Entry { name: name.to_owned(), detail: detail.to_owned(), kind, span, selection, children: Vec::new() }
}

fn columns(columns: &[syntax::ast::Column]) -> Vec<Entry> {
    let column = |column: &syntax::ast::Column| {
        let optional = if column.ty.optional { "?" } else { "" };
        let detail = format!("{}{optional}", column.ty.name.text());
        entry(&column.name.text, &detail, EntryKind::Column, column.span, column.name.span)
    };
    columns.iter().map(column).collect()
}

/// The items of a file; rules and facts of one relation that follow each other are one entry.
pub fn document(snapshot: &Snapshot, file: FileId) -> Vec<Entry> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let mut found: Vec<Entry> = Vec::new();
    for item in &parse.module.items {
        let span = item.span;
        let new = match &item.kind {
            ItemKind::Rel(rel) => Entry {
                children: columns(&rel.columns),
                ..entry(
                    &rel.name.text,
                    if rel.open { "open rel" } else { "rel" },
                    EntryKind::Relation,
                    span,
                    rel.name.span,
                )
            },
            ItemKind::Input(input) => Entry {
                children: columns(&input.columns),
                ..entry(&input.name.text, "input", EntryKind::Input, span, input.name.span)
            },
            ItemKind::Entity(entity) => entry(&entity.name.text, "entity", EntryKind::Entity, span, entity.name.span),
            ItemKind::Param(param) => {
                entry(&param.name.text, &param.ty.name.text(), EntryKind::Param, span, param.name.span)
            }
            ItemKind::Framework(framework) => {
                entry(&framework.id.text, &framework.title.text, EntryKind::Framework, span, framework.id.span)
            }
            ItemKind::Control(control) => {
                let mut new = entry(&control.id.text, &control.title.text, EntryKind::Control, span, control.id.span);
                new.children = control.members.iter().filter_map(member).collect();
                new
            }
            ItemKind::Test(test) => entry(&test.name.text, "test", EntryKind::Test, span, test.name.span),
            ItemKind::Clause(clause) => rule(clause),
            ItemKind::Broken(broken) => match &broken.name {
                Some(name) => {
                    let kind = match &*broken.keyword {
                        "control" => EntryKind::Control,
                        "rel" => EntryKind::Relation,
                        "input" => EntryKind::Input,
                        "entity" => EntryKind::Entity,
                        "param" => EntryKind::Param,
                        "framework" => EntryKind::Framework,
                        "use" => continue,
                        _ => EntryKind::Rule,
                    };
                    entry(&name.text(), "broken", kind, span, name.span)
                }
                None => continue,
            },
            ItemKind::Use(_) => continue,
        };
        match found.last_mut() {
            Some(last) if last.kind == EntryKind::Rule && new.kind == EntryKind::Rule && last.name == new.name => {
                last.span = last.span.cover(new.span);
            }
            _ => found.push(new),
        }
    }
    found
}

fn rule(clause: &syntax::ast::Clause) -> Entry {
    let name = clause.head.relation.text();
    let detail = if clause.body.is_some() { "rule" } else { "fact" };
    entry(&name, detail, EntryKind::Rule, clause.span, clause.head.relation.span)
}

fn member(member: &syntax::ast::Member) -> Option<Entry> {
    match &member.kind {
        MemberKind::Rel(rel) => Some(entry(&rel.name.text, "rel", EntryKind::Relation, member.span, rel.name.span)),
        MemberKind::Clause(clause) => Some(rule(clause)),
        MemberKind::Field(_) | MemberKind::Broken(_) => None,
    }
}

/// Entries of all policies whose names hold the characters of a query in their order, the best first.
pub fn workspace(snapshot: &Snapshot, query: &str, most: usize) -> Vec<(FileId, Entry)> {
    let mut found: Vec<(usize, FileId, Entry)> = Vec::new();
    for module in snapshot.compilation.modules() {
        for entry in document(snapshot, module.file) {
            if entry.kind == EntryKind::Rule {
                continue;
            }
            let by_name = score(query, &entry.name);
            // Controls are also looked for by their titles.
            let title = if entry.kind == EntryKind::Control { score(query, &entry.detail) } else { None };
            if let Some(score) = by_name.or(title.map(|score| score + 10)) {
                let score = score + if module.builtin { 5 } else { 0 };
                found.push((score, module.file, Entry { children: Vec::new(), ..entry }));
            }
        }
    }
    found.sort_by(|a, b| (a.0, &a.2.name, a.1).cmp(&(b.0, &b.2.name, b.1)));
    found.into_iter().take(most).map(|(_, file, entry)| (file, entry)).collect()
}

/// How well a name answers a query; nothing if it does not.
fn score(query: &str, name: &str) -> Option<usize> {
    let (query, name) = (query.to_lowercase(), name.to_lowercase());
    if name == query {
        return Some(0);
    }
    if name.starts_with(&query) {
        return Some(1);
    }
    if name.contains(&query) {
        return Some(2);
    }
    let mut rest = name.chars();
    query.chars().all(|wanted| rest.any(|c| c == wanted)).then_some(3)
}

/// A range that can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// From the end of its first line on.
    pub span: Span,
    /// Comments.
    pub comment: bool,
    /// `use` items.
    pub uses: bool,
}

/// What can be folded: items over several lines, runs of comments, of `use` and of facts.
pub fn folds(snapshot: &Snapshot, file: FileId) -> Vec<Fold> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let text: &str = snapshot.text(file);
    let lines = |span: Span| text[span.range()].contains('\n');
    let mut found = Vec::new();
    for piece in &parse.pieces {
        let members = piece.block.iter().flat_map(|block| &block.members);
        for piece in std::iter::once(piece).chain(members) {
            if lines(piece.span) {
                found.push(Fold { span: piece.span, comment: false, uses: false });
            }
        }
    }
    for entry in document(snapshot, file).into_iter().filter(|entry| entry.kind == EntryKind::Rule) {
        if lines(entry.span) {
            found.push(Fold { span: entry.span, comment: false, uses: false });
        }
    }
    let uses: Vec<Span> =
        parse.module.items.iter().filter(|item| matches!(item.kind, ItemKind::Use(_))).map(|item| item.span).collect();
    if let [first, .., last] = uses.as_slice() {
        found.push(Fold { span: first.cover(*last), comment: false, uses: true });
    }
    let tokens = scan(text);
    let mut at = 0;
    while at < tokens.len() {
        let run = tokens[at..].iter().take_while(|token| token.is_comment() && token.first).count();
        if run > 1 {
            let span = tokens[at].span.cover(tokens[at + run - 1].span);
            found.push(Fold { span, comment: true, uses: false });
        }
        at += run.max(1);
    }
    found.sort_by_key(|fold| fold.span);
    found.dedup_by_key(|fold| fold.span);
    found
}

/// Ranges around a byte, from the innermost on: a word, what brackets hold, a condition, the clause, the item, the file.
pub fn selection(snapshot: &Snapshot, file: FileId, offset: usize) -> Vec<Span> {
    let text: &str = snapshot.text(file);
    let mut found = vec![Span::new(0, text.len())];
    let Some(parse) = snapshot.parse(file) else { return found };
    let tokens = scan(text);
    if let Some((piece, outer)) = piece_at(&parse.pieces, offset) {
        found.extend(outer.map(|outer| outer.span));
        found.push(piece.span);
        let own = &tokens[piece.tokens.clone()];
        brackets(own, offset, &mut found);
    }
    found.extend(tokens.iter().find(|token| touches(token.span, offset)).map(|token| token.span));
    found.retain(|span| touches(*span, offset));
    found.sort_by_key(|span| (span.len(), span.start));
    found.dedup();
    // Each holds the one before.
    let mut nested: Vec<Span> = Vec::new();
    for span in found {
        if nested.last().is_none_or(|inner| span.start <= inner.start && inner.end <= span.end) {
            nested.push(span);
        }
    }
    nested
}

fn touches(span: Span, offset: usize) -> bool {
    span.start as usize <= offset && offset <= span.end as usize
}

/// Brackets around a byte with what they hold, what stands before them, and the part between commas.
fn brackets(tokens: &[Token], offset: usize, found: &mut Vec<Span>) {
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(at),
            TokenKind::Close => {
                let Some(start) = open.pop() else { continue };
                let whole = tokens[start].span.cover(token.span);
                if !touches(whole, offset) {
                    continue;
                }
                found.push(whole);
                found.push(Span { start: tokens[start].span.end, end: token.span.start });
                let named = start.checked_sub(1).filter(|before| tokens[*before].kind == TokenKind::Word);
                if let Some(mut before) = named {
                    while before >= 2 && tokens[before - 1].kind == TokenKind::Dot {
                        before -= 2;
                    }
                    found.push(tokens[before].span.cover(token.span));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    const TEXT: &str = "//! A.\n//! B.\n\nuse std.vendor\nuse std.code\n\n/// See https://example.org/a.\nrel r(x: string)\nr(\"a\").\nr(\"b\").\n\ncontrol C-1 \"Title\" {\n    docs: \"https://example.org\"\n    scope(x) :- r(x).\n    violation(x, \"m\") :-\n        code.call{callee: $0x}.\n}\n\ntest \"t\" {\n    given files \"fixtures/a\"\n    expect pass C-1\n}\n";

    #[test]
    fn items_are_outlined() {
        let fixture = Fixture::new(TEXT);
        let found = document(&fixture.snapshot, fixture.file);
        let shown: Vec<String> =
            found.iter().map(|e| format!("{} ({}) {}", e.name, e.detail, e.children.len())).collect();
        assert_eq!(shown, ["r (rel) 1", "r (fact) 0", "C-1 (Title) 2", "t (test) 0"]);
        let found = workspace(&fixture.snapshot, "title", 9);
        assert_eq!(found.iter().map(|(_, entry)| &*entry.name).collect::<Vec<_>>(), ["C-1"]);
        let found = workspace(&fixture.snapshot, "regi", 9);
        assert_eq!(found[0].1.name, "register");
        // Half typed, it is there all the same.
        let broken = Fixture::new("rel owns(team: \n\ncontrol C \"t\" {\n    scope(x) :- ");
        let found = document(&broken.snapshot, broken.file);
        assert_eq!(found.iter().map(|entry| &*entry.name).collect::<Vec<_>>(), ["owns", "C"]);
    }

    #[test]
    fn what_spans_lines_can_be_folded() {
        let fixture = Fixture::new(TEXT);
        let found = folds(&fixture.snapshot, fixture.file);
        let first = |fold: &Fold| fixture.text()[fold.span.range()].lines().next().unwrap_or_default().to_owned();
        let shown: Vec<String> = found.iter().map(first).collect();
        let expected = [
            "//! A.",
            "use std.vendor",
            "r(\"a\").",
            "control C-1 \"Title\" {",
            "violation(x, \"m\") :-",
            "test \"t\" {",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn selections_grow() {
        let fixture = Fixture::new(TEXT);
        let found = selection(&fixture.snapshot, fixture.file, fixture.offset);
        let shown: Vec<&str> = found.iter().take(4).map(|span| &fixture.text()[span.range()]).collect();
        assert_eq!(shown, ["x", "callee: x", "{callee: x}", "code.call{callee: x}"]);
        assert_eq!(found.last().unwrap().len(), fixture.text().len());
    }
}
