//! Arguments of atoms: columns that lack are added, arguments by place become arguments by name.

use base::{FileId, Place, Span};
use facts::RelationDecl;
use std::sync::Arc;
use syntax::ast::{Args, Atom, Clause, ExprKind, ItemKind, Literal, LiteralKind, MemberKind};

use super::{ActionKind, CodeAction};
use crate::Snapshot;

/// Adds the columns that are not given: in a head all of them, elsewhere all to choose from.
pub fn add_columns(snapshot: &Snapshot, file: FileId, range: Span) -> Option<CodeAction> {
    let (atom, decl, _) = atom_at(snapshot, file, range)?;
    let Args::Named(args) = &atom.args else { return None };
    let missing: Vec<&str> = decl
        .columns
        .iter()
        .filter(|column| !args.iter().any(|arg| arg.name.text == column.name))
        .map(|column| &*column.name)
        .collect();
    if missing.is_empty() {
        return None;
    }
    let text = snapshot.text(file);
    let close = atom.span.end as usize - 1;
    let before = text[..close].trim_end();
    let comma = if args.is_empty() || before.ends_with(',') { "" } else { "," };
    let blank = if args.is_empty() { "" } else { " " };
    let span = Span::new(before.len(), close);
    let new = format!("{comma}{blank}{}", missing.join(", "));
    let title = match missing.as_slice() {
        [one] => format!("add the column `{one}`"),
        several => format!("add the {} columns that lack", several.len()),
    };
    Some(CodeAction::new(title, ActionKind::Rewrite, vec![(Place { file, span }, new)]))
}

/// Writes arguments by place as arguments by name; those that say nothing go.
pub fn by_name(snapshot: &Snapshot, file: FileId, range: Span) -> Option<CodeAction> {
    let (atom, decl, head) = atom_at(snapshot, file, range)?;
    let Args::Positional(args) = &atom.args else { return None };
    if args.len() != decl.columns.len() || args.is_empty() {
        return None;
    }
    let text = snapshot.text(file);
    let named = args.iter().zip(&decl.columns).filter(|(arg, _)| head || arg.kind != ExprKind::Wildcard);
    let named: Vec<String> = named
        .map(|(arg, column)| match text[arg.span.range()].trim() {
            written if *written == *column.name => written.to_owned(),
            written => format!("{}: {written}", column.name),
        })
        .collect();
    let span = Span { start: atom.relation.span.end, end: atom.span.end };
    let new = format!("{{{}}}", named.join(", "));
    Some(CodeAction::new("name the arguments", ActionKind::Rewrite, vec![(Place { file, span }, new)]))
}

/// The innermost atom around a range whose relation is known, and whether it is a head.
fn atom_at(snapshot: &Snapshot, file: FileId, range: Span) -> Option<(&Atom, Arc<RelationDecl>, bool)> {
    let (clause, control) = clause_at(snapshot, file, range)?;
    let mut all: Vec<(&Atom, bool)> = vec![(&clause.head, true)];
    each_atom(clause.body.as_deref().unwrap_or_default(), &mut |atom| all.push((atom, false)));
    all.retain(|(atom, _)| atom.span.start <= range.start && range.end <= atom.span.end);
    let (atom, head) = all.into_iter().min_by_key(|(atom, _)| atom.span.len())?;
    let lookup = snapshot.lookup(file, control)?;
    let parts: Vec<&str> = atom.relation.parts.iter().map(|part| &*part.text).collect();
    let relation = lookup.relation(&parts)?;
    Some((atom, relation.decl.clone(), head))
}

/// The clause around a range, with the id of its control.
pub fn clause_at(snapshot: &Snapshot, file: FileId, range: Span) -> Option<(&Clause, Option<Span>)> {
    let holds = |span: Span| span.start <= range.start && range.end <= span.end;
    let items = &snapshot.parse(file)?.module.items;
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Clause(clause) if holds(clause.span) => Some((clause, None)),
        ItemKind::Control(control) => control.members.iter().find_map(|member| match &member.kind {
            MemberKind::Clause(clause) if holds(clause.span) => Some((clause, Some(control.id.span))),
            _ => None,
        }),
        _ => None,
    })
}

/// The atoms of a body, those inside `not`, `or` and aggregates too.
pub fn each_atom<'a>(body: &'a [Literal], f: &mut dyn FnMut(&'a Atom)) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => f(atom),
            LiteralKind::Not(inner) => each_atom(inner, f),
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| each_atom(branch, f)),
            LiteralKind::Compare(_, left, right) | LiteralKind::Word { left, right, .. } => {
                for side in [left, right] {
                    if let ExprKind::Aggregate(aggregate) = &side.kind {
                        each_atom(&aggregate.body, f);
                    }
                }
            }
        }
    }
}
