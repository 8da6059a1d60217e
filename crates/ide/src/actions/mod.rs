//! Code actions: what mends or rewrites the text at a range. One file a kind; each gives edits.

pub(crate) mod atoms;
mod extract;
mod generate;
mod inline;
mod mend;
mod names;
mod sibling;

use base::{FileId, Place, Span};
use syntax::ast::ItemKind;

use crate::Snapshot;
pub use names::undeclared;

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// It mends what a diagnostic tells of.
    QuickFix,
    /// It writes the same in another way.
    Rewrite,
    /// It takes a part out.
    Extract,
    /// It puts a part in.
    Inline,
    /// It adds something new.
    Generate,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does, as a sentence without its subject.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// What changes, none of them over another.
    pub edits: Vec<(Place, String)>,
    /// The diagnostic that it mends: its code and place.
    pub mends: Option<(&'static str, Place)>,
    /// Whether the meaning surely stays what the author wanted.
    pub preferred: bool,
}

impl CodeAction {
    fn new(title: impl Into<String>, kind: ActionKind, edits: Vec<(Place, String)>) -> Self {
        CodeAction { title: title.into(), kind, edits, mends: None, preferred: false }
    }
}

/// What can be done at a range of a file.
pub fn actions(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    if snapshot.parse(file).is_none() || snapshot.is_embedded(file) {
        return Vec::new();
    }
    let mut found = mend::fixes(snapshot, file, range);
    found.extend(names::add_use(snapshot, file, range));
    found.extend(names::create_relation(snapshot, file, range));
    found.extend(atoms::add_columns(snapshot, file, range));
    found.extend(atoms::by_name(snapshot, file, range));
    found.extend(sibling::add(snapshot, file, range));
    found.extend(extract::extract(snapshot, file, range));
    found.extend(inline::inline(snapshot, file, range));
    found.extend(generate::test(snapshot, file, range));
    // What leads out of what can be edited is no action.
    found.retain(|action| action.edits.iter().all(|(place, _)| !snapshot.is_embedded(place.file)));
    found
}

/// The control whose id or title a range touches: findings are waived there.
pub fn control_at(snapshot: &Snapshot, file: FileId, range: Span) -> Option<String> {
    let items = &snapshot.parse(file)?.module.items;
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Control(control) => {
            let heading = control.id.span.cover(control.title.span);
            (heading.start <= range.end && range.start <= heading.end).then(|| control.id.text.to_string())
        }
        _ => None,
    })
}

/// All safe fixes of a file at once, those of lints alone.
pub fn fix_all(snapshot: &Snapshot, file: FileId) -> Option<CodeAction> {
    mend::all(snapshot, file)
}

#[cfg(test)]
mod tests;
