//! Code actions that declare an `input` from a file: at a policy that reads a relation which nobody declares, and at the table
//! or document itself.
//!
//! What they write is told from the file, which takes a while where that is large: a client that can is given the edit once
//! the action is chosen.

use std::collections::BTreeMap;
use std::path::Path;

use audit::{Disk, declarable, declared_input, input_name};
use base::{FileId, Files, Span};
use ide::actions::undeclared;
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::context::Context;
use crate::overlay::Overlay;
use crate::tasks::Refusal;
use crate::uri;

/// Files offered for a relation.
const MOST: usize = 4;

/// What an action declares, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Wanted {
    /// The document at which the action stands.
    uri: String,
    /// The input's name.
    name: String,
    /// The file that it reads, below the folder.
    path: String,
    /// The byte of the policy before which it is put; a policy of its own without one.
    at: Option<usize>,
}

/// The actions at a range of a policy.
pub fn in_policy(context: &Context, file: FileId, range: Span) -> Vec<CodeActionOrCommand> {
    let lost = undeclared(&context.snapshot, file, range);
    if lost.is_empty() {
        return Vec::new();
    }
    let (Some(document), Ok(disk)) = (context.uri(file), Disk::open(&context.folder.root, &context.folder.include))
    else {
        return Vec::new();
    };
    let readers = (context.extractors)().readers;
    let listing = disk.list().map(|listing| listing.files).unwrap_or_default();
    let files: Vec<&str> = listing.iter().map(|entry| &*entry.path).filter(|path| declarable(&readers, path)).collect();
    let mut found = Vec::new();
    for (name, at) in lost {
        for path in likely(&name, &files) {
            let wanted = Wanted { uri: document.as_str().to_owned(), name: name.clone(), path, at: Some(at) };
            let title = format!("declare the input `{name}` that reads `{}`", wanted.path);
            found.extend(action(context, title, CodeActionKind::QUICKFIX, &wanted));
        }
    }
    found
}

/// The action at a table or document of the folder.
pub fn in_document(context: &Context, document: &Uri) -> Option<CodeActionOrCommand> {
    let path = context.inside(document)?;
    if !declarable(&(context.extractors)().readers, &path) {
        return None;
    }
    let name = input_name(&path);
    let title = format!("declare the input `{name}` that reads `{path}`");
    let wanted = Wanted { uri: document.as_str().to_owned(), name, path, at: None };
    action(context, title, CodeActionKind::REFACTOR, &wanted)
}

/// Files that a relation of that name may be read from, the likeliest first; all where there are few.
fn likely(name: &str, files: &[&str]) -> Vec<String> {
    let stem = |text: &str| text.trim_end_matches('s').to_owned();
    let score = |path: &str| {
        let (of_file, wanted) = (input_name(path), name.to_lowercase());
        match (stem(&of_file), stem(&wanted)) {
            (a, b) if a == b => 0,
            (a, b) if a.starts_with(&b) || b.starts_with(&a) => 1,
            (a, b) if a.contains(&b) || b.contains(&a) => 2,
            _ => 3,
        }
    };
    let mut found: Vec<(usize, &str)> = files.iter().map(|path| (score(path), *path)).collect();
    if files.len() > MOST || found.iter().any(|(score, _)| *score < 3) {
        found.retain(|(score, _)| *score < 3);
    }
    found.sort_unstable();
    found.into_iter().take(MOST).map(|(_, path)| path.to_owned()).collect()
}

fn action(context: &Context, title: String, kind: CodeActionKind, wanted: &Wanted) -> Option<CodeActionOrCommand> {
    let mut action = CodeAction { title, kind: Some(kind), ..CodeAction::default() };
    match context.client.resolves {
        true => action.data = serde_json::to_value(wanted).ok(),
        // What cannot be written is not offered.
        false => action.edit = serde_json::from_value(edit(context, wanted).ok()?).ok(),
    }
    Some(CodeActionOrCommand::CodeAction(action))
}

/// The action with its edit.
pub fn resolve(context: &Context, mut action: CodeAction) -> Result<CodeAction, Refusal> {
    if let Some(wanted) = action.data.clone().and_then(|data| serde_json::from_value::<Wanted>(data).ok()) {
        let edit = edit(context, &wanted).map_err(Refusal::Failed)?;
        action.edit = serde_json::from_value(edit).ok();
    }
    Ok(action)
}

fn edit(context: &Context, wanted: &Wanted) -> Result<Value, String> {
    let folder = &context.folder;
    let disk = Disk::open(&folder.root, &folder.include).map_err(|error| error.reason)?;
    let texts: BTreeMap<_, _> = context.text.iter().cloned().collect();
    let files = Overlay::new(&disk, &texts);
    let text = declared_input(&(context.extractors)().readers, &files, &wanted.path, &wanted.name)?;
    if let Some(at) = wanted.at {
        let document: Uri = wanted.uri.parse().map_err(|_| "the document has no address".to_owned())?;
        let file = context.file(&document).map_err(|_| "the policy is gone".to_owned())?;
        let at = at.min(context.snapshot.text(file).len());
        let place = context.position(file, at);
        let new = format!("{text}\n");
        let edit = json!({ "range": { "start": place, "end": place }, "newText": new });
        return Ok(json!({ "changes": { wanted.uri.as_str(): [edit] } }));
    }
    own_policy(context, &folder.policies, &wanted.name, &text)
}

/// The edit that puts an input into the policy of its name: a new one, or at the end of the one that is there.
fn own_policy(context: &Context, folder: &Path, name: &str, text: &str) -> Result<Value, String> {
    let path = folder.join(format!("{name}.law"));
    let uri = uri::from_path(&path).ok_or("the policy has no address")?;
    if let Some(file) = context.paths.at.get(&path).copied() {
        let known = context.snapshot.text(file);
        let place = context.position(file, known.len());
        let blank = if known.is_empty() || known.ends_with("\n\n") { "" } else { "\n" };
        let edit = json!({ "range": { "start": place, "end": place }, "newText": format!("{blank}{text}") });
        return Ok(json!({ "changes": { uri.as_str(): [edit] } }));
    }
    if !context.client.creates {
        return Err("the editor cannot create files: write the policy that shall hold it first".to_owned());
    }
    let start = json!({ "line": 0, "character": 0 });
    let edit = json!({ "range": { "start": start, "end": start }, "newText": text });
    Ok(json!({ "documentChanges": [
        { "kind": "create", "uri": uri.as_str(), "options": { "ignoreIfExists": true } },
        { "textDocument": { "uri": uri.as_str(), "version": null }, "edits": [edit] },
    ] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_names() {
        let files = ["a.csv", "data/vendor-list.csv", "data/vendors.yaml", "b.json", "c.json"];
        assert_eq!(likely("vendor", &files), ["data/vendors.yaml", "data/vendor-list.csv"]);
        assert_eq!(likely("nothing", &files), [""; 0]);
        assert_eq!(likely("nothing", &files[..1]), ["a.csv"]);
        assert_eq!(likely("b", &files[3..]), ["b.json"]);
    }
}
