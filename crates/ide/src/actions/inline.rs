//! A relation's only rule takes the place of a condition that reads it.

use base::{FileId, Place, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::{Args, Atom, Clause, Expr, ExprKind, Literal, LiteralKind};

use super::atoms::clause_at;
use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::names::{NameKind, Names};
use crate::symbol::{Symbol, resolve};

/// Writes the body of the one rule behind the condition at a cursor in its place. Only where both stand in one file, so that
/// names mean the same, and where the rule does not read its own relation.
pub fn inline(snapshot: &Snapshot, file: FileId, range: Span) -> Option<CodeAction> {
    let (clause, control) = clause_at(snapshot, file, range)?;
    let (atom, negated) = read_at(clause.body.as_deref()?, range, false)?;
    let names = snapshot.names(file);
    let at = names
        .all
        .iter()
        .position(|name| matches!(name.kind, NameKind::Relation { .. }) && name.span == atom.relation.last().span)?;
    let Some(Symbol::Relation(relation)) = resolve(snapshot, file, &names, at) else { return None };
    let [filling] = snapshot.compilation.filled_by(&relation).try_into().ok()?;
    if filling.place.file != file || filling.reads.contains(&relation) || filling.place.span == clause.span {
        return None;
    }
    let (rule, of) = clause_at(snapshot, file, filling.place.span)?;
    // What is private to a control stays inside.
    if of.is_some() && of != control {
        return None;
    }
    let body = rule.body.as_deref()?;
    let columns = snapshot.compilation.any_relation(&relation)?.decl.columns.clone();
    let columns: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    let text: &str = snapshot.text(file);
    let lookup = snapshot.lookup(file, control)?;
    let is_param = |word: &str| lookup.param(&[word]).is_some();
    let renamed = renaming(&names, text, (rule, clause), &columns, atom, &is_param)?;
    let quoted = |name: &crate::names::Name| {
        let inside = text[..name.span.start as usize].ends_with('{') && text[name.span.end as usize..].starts_with('}');
        inside && renamed.get(&text[name.span.range()]).is_some_and(|new| new.starts_with('"'))
    };
    // A text cannot stand inside of a text.
    let unit = names.unit_at(rule.span.start as usize)? as u32;
    if names.of_unit(unit).any(|(_, name)| matches!(name.kind, NameKind::Variable { .. }) && quoted(name)) {
        return None;
    }
    let conditions = body.iter().map(|literal| rewritten(&names, text, rule, literal.span, &renamed));
    let mut inside = conditions.collect::<Vec<_>>().join(", ");
    if negated && body.len() > 1 {
        inside = format!("( {inside} )");
    }
    let before = &text[clause.span.start as usize..atom.span.start as usize];
    let after = &text[atom.span.end as usize..clause.span.end as usize];
    let new = format!("{before}{inside}{after}");
    let new = format::format_clause(&new).unwrap_or(new);
    let indent = if control.is_some() { "\n    " } else { "\n" };
    let edit = (Place { file, span: clause.span }, new.replace('\n', indent));
    Some(CodeAction::new(format!("inline `{}`", atom.relation.text()), ActionKind::Inline, vec![edit]))
}

/// The condition around a range that reads a relation, and whether it stands right behind `not`.
fn read_at(body: &[Literal], range: Span, negated: bool) -> Option<(&Atom, bool)> {
    body.iter().find_map(|literal| {
        if !(literal.span.start <= range.start && range.end <= literal.span.end) {
            return None;
        }
        match &literal.kind {
            LiteralKind::Atom(atom) => Some((atom, negated && body.len() == 1)),
            LiteralKind::Not(inner) => read_at(inner, range, true),
            LiteralKind::Or(branches) => branches.iter().find_map(|branch| read_at(branch, range, false)),
            LiteralKind::Compare(..) | LiteralKind::Word { .. } => None,
        }
    })
}

/// The argument for each column; nothing where none is given.
fn arguments<'a>(args: &'a Args, columns: &[&str]) -> Vec<Option<&'a Expr>> {
    match args {
        Args::Positional(args) => (0..columns.len()).map(|at| args.get(at)).collect(),
        Args::Named(args) => {
            let of = |column: &&str| args.iter().find(|arg| *arg.name.text == **column).map(|arg| &arg.value);
            columns.iter().map(of).collect()
        }
    }
}

/// What each variable of the rule is called in the clause; nothing where that cannot be said by names alone.
fn renaming(
    names: &Names,
    text: &str,
    (rule, clause): (&Clause, &Clause),
    columns: &[&str],
    atom: &Atom,
    is_param: &dyn Fn(&str) -> bool,
) -> Option<FxHashMap<String, String>> {
    let mut renamed: FxHashMap<String, String> = FxHashMap::default();
    for (head, given) in arguments(&rule.head.args, columns).into_iter().zip(arguments(&atom.args, columns)) {
        let ExprKind::Name(variable) = &head?.kind else { return None };
        if renamed.contains_key(&**variable) {
            return None;
        }
        match given.map(|given| (&given.kind, given.span)) {
            None | Some((ExprKind::Wildcard, _)) => {}
            Some((ExprKind::Name(_) | ExprKind::Literal(_), span)) => {
                renamed.insert(variable.to_string(), text.get(span.range())?.to_owned());
            }
            Some(_) => return None,
        }
    }
    let taken: FxHashSet<&str> = variables(names, text, clause).collect();
    for own in variables(names, text, rule) {
        if renamed.contains_key(own) || is_param(own) {
            continue;
        }
        let mut new = own.to_owned();
        let mut number = 2;
        while taken.contains(new.as_str()) || renamed.values().any(|other| *other == new) {
            new = format!("{own}_{number}");
            number += 1;
        }
        renamed.insert(own.to_owned(), new);
    }
    Some(renamed)
}

fn variables<'t>(names: &'t Names, text: &'t str, clause: &Clause) -> impl Iterator<Item = &'t str> {
    let unit = names.unit_at(clause.span.start as usize).map(|unit| unit as u32);
    let own = unit.into_iter().flat_map(|unit| names.of_unit(unit));
    own.filter(|(_, name)| matches!(name.kind, NameKind::Variable { .. })).map(|(_, name)| &text[name.span.range()])
}

/// A condition with its variables by their new names.
fn rewritten(names: &Names, text: &str, rule: &Clause, span: Span, renamed: &FxHashMap<String, String>) -> String {
    let Some(unit) = names.unit_at(rule.span.start as usize) else { return text[span.range()].to_owned() };
    let mut out = String::new();
    let mut at = span.start as usize;
    let mut own: Vec<_> = names.of_unit(unit as u32).map(|(_, name)| name).collect();
    own.sort_by_key(|name| name.span);
    let short = |span: Span| {
        own.iter().any(|name| name.span == span && matches!(name.kind, NameKind::Column { short: true, .. }))
    };
    for name in &own {
        let inside = span.start <= name.span.start && name.span.end <= span.end;
        if !inside || !matches!(name.kind, NameKind::Variable { .. }) || (name.span.start as usize) < at {
            continue;
        }
        let word = &text[name.span.range()];
        out.push_str(&text[at..name.span.start as usize]);
        match renamed.get(word).filter(|new| *new != word) {
            Some(new) if short(name.span) => out.push_str(&format!("{word}: {new}")),
            Some(new) => out.push_str(new),
            None => out.push_str(word),
        }
        at = name.span.end as usize;
    }
    out.push_str(&text[at..span.end as usize]);
    out
}
