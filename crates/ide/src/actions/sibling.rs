//! A violation beside one that overlooks rows whose value is missing (W0706).

use base::{FileId, Place, Span};
use syntax::ast::{Args, Atom, Clause, Expr, ExprKind, Literal, LiteralKind};

use super::atoms::clause_at;
use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::diagnostics::diagnostics;
use crate::names::NameKind;

/// The lint that tells of them.
const CODE: &str = "W0706";

/// For each column at the range whose missing values are overlooked, the violation that looks at them.
pub fn add(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let overlooked = diagnostics(snapshot, file).into_iter().filter(|diagnostic| diagnostic.code == CODE);
    let places = overlooked.filter_map(|diagnostic| diagnostic.primary.as_ref().map(|label| label.place));
    let touched = places.filter(|place| place.span.start <= range.end && range.start <= place.span.end);
    touched.filter_map(|place| sibling(snapshot, file, place)).collect()
}

fn sibling(snapshot: &Snapshot, file: FileId, place: Place) -> Option<CodeAction> {
    let (clause, control) = clause_at(snapshot, file, place.span)?;
    let text: &str = snapshot.text(file);
    let body = clause.body.as_deref()?;
    let (at, atom) = body.iter().enumerate().find_map(|(at, literal)| match &literal.kind {
        LiteralKind::Atom(atom) if holds(atom.span, place.span) => Some((at, atom)),
        _ => None,
    })?;
    let (argument, written, column) = argument(snapshot, file, control, atom, place.span)?;
    // What the value was called, and is used no more.
    let gone = match &argument.kind {
        ExprKind::Name(name) => Some(&**name),
        _ => None,
    };
    let subject = subject(clause)?;
    if gone.is_some_and(|name| text.get(subject.span.range()) == Some(name)) {
        return None;
    }
    let conditions = body.iter().enumerate().filter_map(|(number, literal)| {
        if number == at {
            let before = &text[literal.span.start as usize..written.0.start as usize];
            let after = &text[written.0.end as usize..literal.span.end as usize];
            return Some(format!("{before}{}{after}", written.1));
        }
        let uses = gone.is_some_and(|name| mentions(snapshot, file, clause, literal, name));
        (!uses).then(|| text[literal.span.range()].to_owned())
    });
    let conditions: Vec<String> = conditions.collect();
    let named = &text[subject.span.range()];
    let message = match subject.kind {
        ExprKind::Name(_) => format!("\"{{{named}}} has no {column}\""),
        _ => format!("\"there is no {column}\""),
    };
    let head = clause.head.relation.text();
    let rule = format!("{head}({named}, {message}) :- {}.", conditions.join(", "));
    let rule = format::format_clause(&rule).unwrap_or(rule).replace('\n', "\n    ");
    let edit = (Place { file, span: Span::at(clause.span.end as usize) }, format!("\n    {rule}"));
    let mut action =
        CodeAction::new(format!("add a violation for a missing `{column}`"), ActionKind::QuickFix, vec![edit]);
    action.mends = Some((CODE, place));
    Some(action)
}

fn holds(span: Span, inside: Span) -> bool {
    span.start <= inside.start && inside.end <= span.end
}

fn subject(clause: &Clause) -> Option<&Expr> {
    match &clause.head.args {
        Args::Positional(args) => args.first(),
        Args::Named(args) => args.first().map(|arg| &arg.value),
    }
}

/// The argument at a place, what to write in the place of what, and its column.
fn argument<'a>(
    snapshot: &Snapshot,
    file: FileId,
    control: Option<Span>,
    atom: &'a Atom,
    span: Span,
) -> Option<(&'a Expr, (Span, String), String)> {
    match &atom.args {
        Args::Named(args) => {
            let arg = args.iter().find(|arg| holds(arg.name.span.cover(arg.value.span), span))?;
            let column = arg.name.text.to_string();
            let whole = arg.name.span.cover(arg.value.span);
            Some((&arg.value, (whole, format!("{column}: none")), column))
        }
        Args::Positional(args) => {
            let number = args.iter().position(|arg| holds(arg.span, span))?;
            let lookup = snapshot.lookup(file, control)?;
            let parts: Vec<&str> = atom.relation.parts.iter().map(|part| &*part.text).collect();
            let column = lookup.relation(&parts)?.decl.columns.get(number)?.name.to_string();
            Some((&args[number], (args[number].span, "none".to_owned()), column))
        }
    }
}

/// Whether a condition of a clause speaks of a variable.
fn mentions(snapshot: &Snapshot, file: FileId, clause: &Clause, literal: &Literal, variable: &str) -> bool {
    let names = snapshot.names(file);
    let text = snapshot.text(file);
    let Some(unit) = names.unit_at(clause.span.start as usize) else { return false };
    names.of_unit(unit as u32).any(|(_, name)| {
        matches!(name.kind, NameKind::Variable { .. })
            && holds(literal.span, name.span)
            && text.get(name.span.range()) == Some(variable)
    })
}
