//! A part of a body becomes a relation of its own.

use std::collections::BTreeSet;

use base::{FileId, Place, Span};
use facts::Type;
use syntax::ast::Literal;

use super::atoms::clause_at;
use super::names::item_start;
use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::names::NameKind;
use crate::symbol::variable_type;

/// The name that the new relation gets; the author gives it a better one.
const NAME: &str = "extracted";

/// Takes the conditions that a range holds out into a relation with the variables that the rest of the clause shares with
/// them. A cursor alone selects nothing.
pub fn extract(snapshot: &Snapshot, file: FileId, range: Span) -> Option<CodeAction> {
    if range.is_empty() {
        return None;
    }
    let text: &str = snapshot.text(file);
    let trimmed = trim(text, range);
    let (clause, control) = clause_at(snapshot, file, trimmed)?;
    let body = clause.body.as_deref()?;
    let chosen: Vec<&Literal> = body.iter().filter(|literal| touches(literal.span, trimmed)).collect();
    let (first, last) = (chosen.first()?, chosen.last()?);
    if chosen.len() == body.len() && control.is_none() && chosen.len() == 1 {
        return None;
    }
    // Only whole conditions.
    let whole = trim(text, first.span.cover(last.span));
    if whole.start < trimmed.start || trimmed.end < whole.end {
        return None;
    }
    let names = snapshot.names(file);
    let unit = names.unit_at(clause.span.start as usize)? as u32;
    let (mut inside, mut outside): (Vec<(&str, u32)>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
    for (_, name) in names.of_unit(unit) {
        let NameKind::Variable { scope: 0, .. } = name.kind else { continue };
        let word = &text[name.span.range()];
        if whole.start <= name.span.start && name.span.end <= whole.end {
            if !inside.iter().any(|(known, _)| *known == word) {
                inside.push((word, 0));
            }
        } else {
            outside.insert(word);
        }
    }
    let lookup = snapshot.lookup(file, control)?;
    let shared: Vec<(&str, String)> = inside
        .into_iter()
        .filter(|(word, _)| outside.contains(word) && lookup.param(&[word]).is_none())
        .map(|(word, scope)| {
            let ty = variable_type(snapshot, file, unit, scope, word);
            let written = match ty.map(|found| found.ty) {
                Some(Type::Entity(name)) => lookup
                    .entities()
                    .into_iter()
                    .find(|(_, entity)| *entity == name)
                    .map_or("string".to_owned(), |(written, _)| written),
                Some(ty) => ty.to_string(),
                None => "string".to_owned(),
            };
            (word, written)
        })
        .collect();
    if shared.is_empty() {
        return None;
    }
    let mut name = NAME.to_owned();
    let mut number = 2;
    while lookup.relation(&[&name]).is_some() {
        name = format!("{NAME}_{number}");
        number += 1;
    }
    let columns: Vec<String> = shared.iter().map(|(word, ty)| format!("{word}: {ty}")).collect();
    let args: Vec<&str> = shared.iter().map(|(word, _)| *word).collect();
    let call = format!("{name}({})", args.join(", "));
    let taken = &text[whole.range()];
    let (at, indent) = match control {
        Some(_) => (clause.span.start as usize, "    "),
        None => (item_start(snapshot, file, clause.span), ""),
    };
    let rule = format!("{call} :- {taken}.");
    let rule = format::format_clause(&rule).unwrap_or(rule);
    let rule = rule.replace('\n', &format!("\n{indent}"));
    let new = format!("rel {name}({})\n{indent}{rule}\n\n{indent}", columns.join(", "));
    let edits = vec![(Place { file, span: Span::at(at) }, new), (Place { file, span: whole }, call)];
    Some(CodeAction::new("extract the conditions into a relation", ActionKind::Extract, edits))
}

fn touches(span: Span, range: Span) -> bool {
    span.start < range.end && range.start < span.end
}

/// The range without blanks and commas around it.
fn trim(text: &str, range: Span) -> Span {
    let Some(part) = text.get(range.range()) else { return range };
    let end = part.trim_end_matches([' ', '\n', '\r', '\t', ',', '.']).len();
    let start = end - part[..end].trim_start_matches([' ', '\n', '\r', '\t', ',']).len();
    Span::new(range.start as usize + start, range.start as usize + end)
}
