//! Completion and the documentation of its items.

use ide::completion::{Completion, CompletionKind, MOST, complete as found, documentation};
use ide::symbol::Symbol;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList, CompletionParams,
    CompletionResponse, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent, MarkupKind,
};
use serde_json::{Value, json};

use crate::context::Context;
use crate::tasks::Refusal;

pub fn complete(context: &Context, params: CompletionParams) -> Result<Option<CompletionResponse>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position)?;
    let mut found = found(&context.snapshot, file, offset);
    let is_incomplete = found.len() > MOST;
    found.truncate(MOST);
    let items = found.into_iter().enumerate().map(|(number, completion)| item(context, file, number, completion));
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete, items: items.collect() })))
}

fn item(context: &Context, file: base::FileId, number: usize, completion: Completion) -> CompletionItem {
    let Completion { label, kind, detail, insert, snippet, span, also, about, doc, wording, .. } = completion;
    let fills = snippet && context.client.snippets;
    let new_text = if snippet && !fills { plain(&insert) } else { insert };
    let also: Vec<_> = also.into_iter().map(|(span, text)| context.edit(file, span, text)).collect();
    CompletionItem {
        kind: Some(icon(kind)),
        label_details: (!detail.is_empty())
            .then(|| CompletionItemLabelDetails { detail: None, description: Some(shortened(&detail)) }),
        detail: (!detail.is_empty()).then_some(detail),
        documentation: doc.map(|doc| markdown(doc.to_owned())),
        sort_text: Some(format!("{number:05}")),
        filter_text: Some(wording.map_or_else(|| label.clone(), |wording| format!("{label} {wording}"))),
        insert_text_format: fills.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(context.edit(file, span, new_text))),
        additional_text_edits: (!also.is_empty()).then_some(also),
        data: about.and_then(|about| data(&about)),
        label,
        ..CompletionItem::default()
    }
}

fn shortened(detail: &str) -> String {
    let line = detail.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// A snippet as plain text: up to the first place to fill in, and what is there to go on from.
fn plain(snippet: &str) -> String {
    let mut out = String::new();
    let mut rest = snippet;
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        let escape = rest[at..].starts_with('\\');
        rest = &rest[at + 1..];
        if escape {
            let c = rest.chars().next().unwrap_or_default();
            out.push(c);
            rest = &rest[c.len_utf8().min(rest.len())..];
        } else if let Some(place) = rest.strip_prefix('{') {
            let end = closing(place);
            let text = place[..end].trim_start_matches(|c: char| c.is_ascii_digit());
            match text.strip_prefix('|') {
                Some(choices) => out.push_str(choices.split([',', '|']).next().unwrap_or_default()),
                None => out.push_str(&unescaped(text.trim_start_matches(':'))),
            }
            rest = place.get(end + 1..).unwrap_or_default();
        } else {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    out + rest
}

/// Where a placeholder ends: at the first brace without a backslash.
fn closing(place: &str) -> usize {
    let mut escaped = false;
    for (at, c) in place.char_indices() {
        match c {
            '}' if !escaped => return at,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    place.len()
}

/// A placeholder's text without its backslashes.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    out
}

fn icon(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Relation => CompletionItemKind::CLASS,
        CompletionKind::Column => CompletionItemKind::FIELD,
        CompletionKind::Variable => CompletionItemKind::VARIABLE,
        CompletionKind::Param => CompletionItemKind::CONSTANT,
        CompletionKind::Function => CompletionItemKind::FUNCTION,
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Operator => CompletionItemKind::OPERATOR,
        CompletionKind::Module => CompletionItemKind::MODULE,
        CompletionKind::Type => CompletionItemKind::STRUCT,
        CompletionKind::Field => CompletionItemKind::PROPERTY,
        CompletionKind::Value => CompletionItemKind::VALUE,
        CompletionKind::Control => CompletionItemKind::EVENT,
        CompletionKind::Criterion => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Snippet => CompletionItemKind::SNIPPET,
    }
}

pub fn markdown(value: String) -> Documentation {
    Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
}

/// What an item is about, so that it can be told later.
fn data(about: &Symbol) -> Option<Value> {
    let (kind, names): (&str, Vec<&str>) = match about {
        Symbol::Relation(name) => ("relation", vec![name]),
        Symbol::Column(relation, name) => ("column", vec![relation, name]),
        Symbol::Param(name) => ("param", vec![name]),
        Symbol::Module(path) => ("module", vec![path]),
        Symbol::Entity(name) => ("entity", vec![name]),
        Symbol::Control(id) => ("control", vec![id]),
        Symbol::Framework(id) => ("framework", vec![id]),
        Symbol::Criterion(framework, id) => ("criterion", vec![framework, id]),
        _ => return None,
    };
    Some(json!({ "kind": kind, "names": names }))
}

fn about(data: &Value) -> Option<Symbol> {
    let names: Vec<&str> = data.get("names")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let symbol: fn(&[&str]) -> Symbol = match data.get("kind")?.as_str()? {
        "relation" => |names| Symbol::Relation(names[0].into()),
        "param" => |names| Symbol::Param(names[0].into()),
        "module" => |names| Symbol::Module(names[0].into()),
        "entity" => |names| Symbol::Entity(names[0].into()),
        "control" => |names| Symbol::Control(names[0].into()),
        "framework" => |names| Symbol::Framework(names[0].into()),
        "column" if names.len() == 2 => |names| Symbol::Column(names[0].into(), names[1].into()),
        "criterion" if names.len() == 2 => |names| Symbol::Criterion(names[0].into(), names[1].into()),
        _ => return None,
    };
    (!names.is_empty()).then(|| symbol(&names))
}

pub fn resolve(context: &Context, mut item: CompletionItem) -> Result<CompletionItem, Refusal> {
    let about = item.data.as_ref().and_then(about);
    if let Some(text) = about.and_then(|about| documentation(&context.snapshot, &about)) {
        item.documentation = Some(markdown(text));
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn snippets_are_plain_text_to_clients_without_them() {
        assert_eq!(plain("owns(${1:team}, ${2:x})$0"), "owns(team, x)");
        assert_eq!(plain("a: ${1|high,low|} \"${2:{$1\\} x}\""), "a: high \"{$1} x\"");
        assert_eq!(plain("größe\\$"), "größe$");
    }
}
