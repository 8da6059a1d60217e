//! What can stand outside bodies: items, members of controls, statements of tests, types, values of fields.

use lang::{RelationOrigin, Severity, Status};

use super::{CompletionKind, Found, snippets};
use crate::describe::signature;
use crate::symbol::Symbol;
use crate::words;

/// An item begins.
pub fn items(found: &mut Found<'_, '_>) {
    for word in words::ITEMS.iter().take(9) {
        let mut completion = found.plain(word.word, CompletionKind::Keyword);
        completion.insert = format!("{} ", word.word);
        completion.doc = Some(word.about);
        completion.detail = word.form.to_owned();
        completion.rank = 10;
        found.push(completion);
    }
    for (label, detail, insert) in snippets::ITEMS {
        found.snippet(label, detail, insert);
    }
    heads(found, |relation| relation.origin == RelationOrigin::Derived && !relation.private);
}

/// Relations that a rule or fact here may fill.
fn heads(found: &mut Found<'_, '_>, own: impl Fn(&lang::FoundRelation<'_>) -> bool) {
    let module = found.context.lookup.module().name.clone();
    for (name, relation) in found.context.lookup.relations() {
        let here = relation.module.name == module && own(&relation);
        if !here && relation.origin != RelationOrigin::Open {
            continue;
        }
        let columns: Vec<String> =
            relation.decl.columns.iter().enumerate().map(|(at, c)| format!("${{{}:{}}}", at + 1, c.name)).collect();
        let mut completion = found.plain(name.clone(), CompletionKind::Relation);
        completion.insert = format!("{name}({}) :- $0.", columns.join(", "));
        completion.snippet = true;
        completion.detail = signature(relation.decl);
        completion.about = Some(Symbol::Relation(relation.decl.name.clone()));
        completion.rank = if here { 20 } else { 40 };
        found.push(completion);
    }
}

/// A member of a control begins.
pub fn members(found: &mut Found<'_, '_>) {
    for word in &words::FIELDS {
        if found.context.fields.iter().any(|given| given == word.word) {
            continue;
        }
        let mut completion = found.plain(word.word, CompletionKind::Field);
        completion.insert = format!("{}: ", word.word);
        completion.detail = word.form.to_owned();
        completion.doc = Some(word.about);
        completion.rank = 10;
        found.push(completion);
    }
    // Rules speak of the members of the population by the name that its rule gives them.
    let subject = found.context.subject.clone();
    let named = subject.map(|subject| (format!("${{1:{subject}}}"), format!("\"${{2:{{{subject}\\}} …}}\"")));
    for (label, detail, insert) in snippets::MEMBERS {
        match &named {
            Some((subject, message)) if insert.contains("message") => {
                let insert = insert.replace("${1:x}", subject).replace("\"${2:message}\"", message);
                found.snippet(label, detail, &insert);
            }
            _ => found.snippet(label, detail, insert),
        }
    }
    heads(found, |relation| relation.private && !relation.decl.name.ends_with(".scope"));
}

/// A statement of a test begins.
pub fn statements(found: &mut Found<'_, '_>) {
    for word in ["given", "expect", "as_of", "param"] {
        let mut completion = found.plain(word, CompletionKind::Keyword);
        completion.insert = format!("{word} ");
        completion.doc = words::keyword(word).map(|word| word.about);
        completion.rank = 10;
        found.push(completion);
    }
    for (label, detail, insert) in snippets::STATEMENTS {
        found.snippet(label, detail, insert);
    }
}

/// Behind `given`.
pub fn given(found: &mut Found<'_, '_>) {
    for word in ["file", "files", "empty"] {
        let mut completion = found.plain(word, CompletionKind::Keyword);
        completion.insert = format!("{word} ");
        completion.rank = 10;
        found.push(completion);
    }
    super::bodies::relations(found, super::bodies::Form::Row);
}

/// Behind `expect`.
pub fn expectations(found: &mut Found<'_, '_>, negated: bool) {
    let statuses = Status::ALL.iter().map(|status| status.name());
    let words: Vec<&'static str> = match negated {
        true => vec!["violation"],
        false => ["violation", "no"].into_iter().chain(statuses).chain(["count"]).collect(),
    };
    for word in words {
        let mut completion = found.plain(word, CompletionKind::Keyword);
        completion.insert = format!("{word} ");
        completion.rank = 10;
        found.push(completion);
    }
    super::bodies::relations(found, super::bodies::Form::Named);
}

/// A control's id.
pub fn controls(found: &mut Found<'_, '_>) {
    let file = found.context.file;
    for control in &found.snapshot().compilation.controls {
        let mut completion = found.plain(&*control.id, CompletionKind::Control);
        completion.detail = control.title.to_string();
        completion.about = Some(Symbol::Control(control.id.clone()));
        completion.rank = if control.place.file == file { 10 } else { 20 };
        found.push(completion);
    }
}

/// A module's path behind `use`.
pub fn modules(found: &mut Found<'_, '_>) {
    let own = found.context.lookup.module().name.clone();
    let used: Vec<_> = found.context.lookup.reachable().into_iter().map(|(_, module)| module.name.clone()).collect();
    for module in found.snapshot().compilation.modules() {
        if module.name == own || used.contains(&module.name) {
            continue;
        }
        let parse = found.snapshot().parse(module.file);
        let doc = parse.and_then(|parse| parse.module.doc.as_ref()).map(|doc| doc.text.clone());
        let mut completion = found.plain(&*module.name, CompletionKind::Module);
        completion.detail = doc.as_deref().and_then(|doc| doc.lines().next()).unwrap_or_default().to_owned();
        completion.about = Some(Symbol::Module(module.name.clone()));
        completion.rank = if module.builtin { 20 } else { 10 };
        found.push(completion);
    }
}

/// Columns that the mapping of an input does not fill yet.
pub fn mapped(found: &mut Found<'_, '_>, columns: &[String]) {
    for (number, name) in columns.iter().enumerate() {
        let mut completion = found.plain(name.as_str(), CompletionKind::Column);
        completion.insert = format!("{name}: ${{1:{name}}}");
        completion.snippet = true;
        completion.rank = 10 + number as u32;
        found.push(completion);
    }
}

/// A type.
pub fn types(found: &mut Found<'_, '_>) {
    for word in &words::TYPES {
        let mut completion = found.plain(word.word, CompletionKind::Type);
        completion.doc = Some(word.about);
        completion.rank = 10;
        found.push(completion);
    }
    for (name, entity) in found.context.lookup.entities() {
        let mut completion = found.plain(name, CompletionKind::Type);
        completion.detail = "entity".to_owned();
        completion.about = Some(Symbol::Entity(entity));
        completion.rank = 20;
        found.push(completion);
    }
}

/// The value of a field.
pub fn field(found: &mut Found<'_, '_>, name: &str) {
    match name {
        "severity" => {
            for (rank, severity) in Severity::ALL.iter().rev().enumerate() {
                let mut completion = found.plain(severity.name(), CompletionKind::Keyword);
                completion.rank = 10 + rank as u32;
                found.push(completion);
            }
        }
        "maps" => {
            for framework in &found.snapshot().compilation.frameworks {
                let mut completion = found.plain(&*framework.id, CompletionKind::Module);
                completion.insert = format!("{}/", framework.id);
                completion.detail = framework.title.to_string();
                completion.about = Some(Symbol::Framework(framework.id.clone()));
                completion.rank = 10;
                found.push(completion);
                for (id, wording) in &framework.criteria {
                    let mut completion = found.plain(criterion(&framework.id, id), CompletionKind::Criterion);
                    completion.detail = wording.to_string();
                    completion.wording = Some(wording.to_string());
                    completion.about = Some(Symbol::Criterion(framework.id.clone(), id.clone()));
                    completion.rank = 30;
                    found.push(completion);
                }
            }
        }
        "needs" => super::bodies::relations(found, super::bodies::Form::Input),
        _ => {}
    }
}

/// A reference to a criterion as it is written.
fn criterion(framework: &str, id: &str) -> String {
    format!("{framework}/{}", criterion_id(id))
}

fn criterion_id(id: &str) -> String {
    let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain { id.to_owned() } else { format!("\"{id}\"") }
}

/// A criterion behind the slash.
pub fn criteria(found: &mut Found<'_, '_>, framework: &str) {
    let frameworks = &found.snapshot().compilation.frameworks;
    let Some(framework) = frameworks.iter().find(|known| *known.id == *framework) else { return };
    for (number, (id, wording)) in framework.criteria.iter().enumerate() {
        let mut completion = found.plain(criterion_id(id), CompletionKind::Criterion);
        completion.detail = wording.to_string();
        completion.wording = Some(wording.to_string());
        completion.about = Some(Symbol::Criterion(framework.id.clone(), id.clone()));
        completion.rank = 10 + number as u32;
        found.push(completion);
    }
}
