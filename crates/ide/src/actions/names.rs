//! Names that lead nowhere: the `use` that makes them reachable, the relation that they could be.

use base::{FileId, Place, Span};
use facts::Type;

use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::completion::place_for_use;
use crate::names::{Name, NameKind, Names, Role, Which};
use crate::symbol::{resolve, variable_type};

/// The names of a range that lead nowhere.
fn lost<'n>(snapshot: &Snapshot, file: FileId, names: &'n Names, range: Span) -> Vec<(usize, &'n Name)> {
    let touches = |name: &Name| name.span.start <= range.end && range.start <= name.span.end;
    let all = names.all.iter().enumerate().filter(|(_, name)| touches(name));
    all.filter(|(at, _)| resolve(snapshot, file, names, *at).is_none()).collect()
}

/// A `use` of each module that the name before a dot could be.
pub fn add_use(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let names = snapshot.names(file);
    let text = snapshot.text(file);
    let mut found: Vec<CodeAction> = Vec::new();
    for (_, name) in lost(snapshot, file, &names, range) {
        let front = match &name.kind {
            NameKind::Relation { front: Some(front), .. } | NameKind::Type { front: Some(front) } => *front,
            NameKind::Param { front } => *front,
            NameKind::Qualifier => name.span,
            _ => continue,
        };
        let alias = &text[front.range()];
        let own = snapshot.compilation.module_of(file).map(|module| module.name.clone());
        let modules = snapshot.compilation.modules().filter(|module| Some(&module.name) != own.as_ref());
        for module in modules.filter(|module| module.name.rsplit('.').next() == Some(alias)) {
            let title = format!("add `use {}`", module.name);
            if found.iter().any(|action| action.title == title) {
                continue;
            }
            let (span, new) = place_for_use(snapshot, file).with(&module.name);
            found.push(CodeAction::new(title, ActionKind::QuickFix, vec![(Place { file, span }, new)]));
        }
    }
    found
}

/// Relations that a range reads and nobody declares, each with the byte before which it would be declared.
pub fn undeclared(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<(String, usize)> {
    if snapshot.is_embedded(file) {
        return Vec::new();
    }
    let names = snapshot.names(file);
    let read = lost(snapshot, file, &names, range).into_iter().filter_map(|(_, name)| match name.kind {
        NameKind::Relation { front: None, role: Role::Read | Role::Named } => {
            let unit = names.units.get(name.unit as usize)?;
            Some((snapshot.text(file)[name.span.range()].to_owned(), item_start(snapshot, file, unit.span)))
        }
        _ => None,
    });
    let mut found: Vec<(String, usize)> = read.collect();
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

/// The relation that a name without a dot could be, declared above the clause that reads it.
pub fn create_relation(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let names = snapshot.names(file);
    let text = snapshot.text(file);
    let mut found: Vec<CodeAction> = Vec::new();
    for (at, name) in lost(snapshot, file, &names, range) {
        let NameKind::Relation { front: None, role: Role::Read | Role::Head } = name.kind else { continue };
        let word = &text[name.span.range()];
        let Some(unit) = names.units.get(name.unit as usize) else { continue };
        let columns = columns(snapshot, file, &names, at, name.unit);
        if columns.is_empty() || found.iter().any(|action| action.title.contains(&format!("`{word}`"))) {
            continue;
        }
        let start = item_start(snapshot, file, unit.span);
        let new = format!("rel {word}({})\n\n", columns.join(", "));
        let edit = (Place { file, span: Span::at(start) }, new);
        found.push(CodeAction::new(format!("declare the relation `{word}`"), ActionKind::QuickFix, vec![edit]));
    }
    found
}

/// The columns that the arguments of an atom ask for.
fn columns(snapshot: &Snapshot, file: FileId, names: &Names, relation: usize, unit: u32) -> Vec<String> {
    let text = snapshot.text(file);
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str, ty: String| {
        let taken = |found: &Vec<String>, name: &str| found.iter().any(|known| known.starts_with(&format!("{name}: ")));
        let name = if taken(&found, name) { format!("{name}_{}", found.len() + 1) } else { name.to_owned() };
        found.push(format!("{name}: {ty}"));
    };
    for (_, name) in names.of_unit(unit) {
        match &name.kind {
            NameKind::Variable { scope, column: Some((of, which)) } if *of == relation => {
                let word = &text[name.span.range()];
                let ty = bound_type(snapshot, file, names, unit, *scope, word, relation);
                let column = match which {
                    Which::Named(span) => &text[span.range()],
                    Which::Number(_) => word,
                };
                add(column, ty);
            }
            _ => {}
        }
    }
    found
}

/// The type of a variable as far as other atoms tell it.
fn bound_type(
    snapshot: &Snapshot,
    file: FileId,
    names: &Names,
    unit: u32,
    scope: u32,
    word: &str,
    not: usize,
) -> String {
    let text = snapshot.text(file);
    let lookup = names.units.get(unit as usize).and_then(|own| snapshot.lookup(file, own.control));
    let other = names.of_unit(unit).find_map(|(_, name)| match name.kind {
        NameKind::Variable { scope: of, column: Some((relation, which)) }
            if of == scope && relation != not && text.get(name.span.range()) == Some(word) =>
        {
            let (decl, at) = crate::symbol::column_of(&lookup?, text, names, relation, which)?;
            Some(decl.decl.columns[at].ty.clone())
        }
        _ => None,
    });
    let ty = other.or_else(|| variable_type(snapshot, file, unit, scope, word).map(|found| found.ty));
    match ty {
        Some(Type::Entity(name)) => match lookup.and_then(|lookup| {
            lookup.entities().into_iter().find(|(_, entity)| *entity == name).map(|(written, _)| written)
        }) {
            Some(written) => written,
            None => "string".to_owned(),
        },
        Some(ty) => ty.to_string(),
        None => "string".to_owned(),
    }
}

/// Where the item begins that a part of the text stands in, its documentation included.
pub fn item_start(snapshot: &Snapshot, file: FileId, inside: Span) -> usize {
    let items = snapshot.parse(file).map(|parse| &parse.module.items);
    let item = items.into_iter().flatten().find(|item| item.span.start <= inside.start && inside.end <= item.span.end);
    item.map_or(inside.start, |item| item.doc.as_ref().map_or(item.span.start, |doc| doc.span.start)) as usize
}
