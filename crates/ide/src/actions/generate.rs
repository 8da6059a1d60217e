//! New text: a test of a finding, a violation for rows whose value is missing.

use base::{FileId, Place, Span};
use facts::Value;
use syntax::ast::{Args, ExprKind, ItemKind};

use super::atoms::{clause_at, each_atom};
use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::diagnostics::diagnostics;

/// A test that shows a finding of the control under the cursor: with the rows that its proof rests on.
pub fn test(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let facts = snapshot.facts.as_ref();
    let holds = |span: Span| span.start <= range.start && range.end <= span.end;
    let mut found = Vec::new();
    for item in parse.module.items.iter().filter(|item| holds(item.span)) {
        let ItemKind::Control(control) = &item.kind else { continue };
        let id = &*control.id.text;
        let Some(facts) = facts else { continue };
        let Some(state) = facts.control(id) else { continue };
        let Some((subject, message)) = state.findings.first() else { continue };
        let rows = facts.leaves(id, subject);
        let mut text = format!("\n\ntest {} {{\n", facts::write_literal(&Value::text(message.as_str())));
        if let Some(day) = facts.as_of() {
            text.push_str(&format!("    as_of {day}\n"));
        }
        for row in rows {
            text.push_str(&format!("    given {row}\n"));
        }
        let subject = facts::write_literal(&Value::text(subject.as_str()));
        text.push_str(&format!("    expect violation {id}({subject})\n}}"));
        let edit = (Place { file, span: Span::at(item.span.end as usize) }, text);
        found.push(CodeAction::new(
            format!("write a test of the finding about {subject}"),
            ActionKind::Generate,
            vec![edit],
        ));
    }
    found
}

/// The lint that tells of rows which a violation drops, since a value is missing.
const DROPS_MISSING: &str = "W0706";

/// A violation beside the one that drops rows, for those whose value is missing.
pub fn sibling(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let dropped = diagnostics(snapshot, file).into_iter().filter(|diagnostic| diagnostic.code == DROPS_MISSING);
    let places = dropped.filter_map(|diagnostic| diagnostic.primary.as_ref().map(|label| label.place));
    let touched = places.filter(|place| place.span.start <= range.end && range.start <= place.span.end);
    touched.filter_map(|place| sibling_at(snapshot, place)).collect()
}

fn sibling_at(snapshot: &Snapshot, place: Place) -> Option<CodeAction> {
    let text: &str = snapshot.text(place.file);
    let (clause, control) = clause_at(snapshot, place.file, place.span)?;
    let mut atoms = Vec::new();
    each_atom(clause.body.as_deref()?, &mut |atom| atoms.push(atom));
    let holds = |span: Span| span.start <= place.span.start && place.span.end <= span.end;
    let atom = atoms.into_iter().filter(|atom| holds(atom.span)).min_by_key(|atom| atom.span.len())?;
    let parts: Vec<&str> = atom.relation.parts.iter().map(|part| &*part.text).collect();
    let relation = snapshot.lookup(place.file, control)?.relation(&parts)?;
    // Each argument with its column.
    let args: Vec<(&str, &syntax::ast::Expr)> = match &atom.args {
        Args::Named(args) => args.iter().map(|arg| (&*arg.name.text, &arg.value)).collect(),
        Args::Positional(args) => {
            relation.decl.columns.iter().zip(args).map(|(column, arg)| (&*column.name, arg)).collect()
        }
    };
    let missing = args.iter().find(|(_, value)| value.span == place.span).map(|(column, _)| *column)?;
    let subject = match &clause.head.args {
        Args::Positional(args) => args.first()?,
        Args::Named(_) => return None,
    };
    let ExprKind::Name(subject) = &subject.kind else { return None };
    let same = |value: &syntax::ast::Expr| matches!(&value.kind, ExprKind::Name(name) if name == subject);
    let key = args.iter().find(|(_, value)| same(value)).map(|(column, _)| *column)?;
    let head = clause.head.relation.text();
    let line = text[..clause.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..clause.span.start as usize];
    let new = format!(
        "\n{indent}{head}({subject}, \"{missing} of {{{subject}}} is not known\") :- {}{{{key}: {subject}, {missing}: none}}.",
        atom.relation.text(),
    );
    let edit = (Place { file: place.file, span: Span::at(clause.span.end as usize) }, new);
    let mut action =
        CodeAction::new(format!("add a violation for a missing `{missing}`"), ActionKind::QuickFix, vec![edit]);
    action.mends = Some((DROPS_MISSING, place));
    Some(action)
}
