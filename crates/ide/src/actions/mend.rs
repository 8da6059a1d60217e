//! Fixes that diagnostics bring along, and the names that they suggest.

use base::{Diagnostic, FileId, Place, Span};

use super::{ActionKind, CodeAction};
use crate::Snapshot;
use crate::diagnostics::diagnostics;

/// The fixes of diagnostics that a range touches.
pub fn fixes(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let mut found = Vec::new();
    for diagnostic in diagnostics(snapshot, file) {
        let Some(place) = diagnostic.primary.as_ref().map(|label| label.place) else { continue };
        if place.span.start > range.end || range.start > place.span.end {
            continue;
        }
        for fix in diagnostic.fixes.iter().filter(|fix| !fix.edits.is_empty()) {
            let mut action = CodeAction::new(fix.title.clone(), ActionKind::QuickFix, fix.edits.clone());
            action.mends = Some((diagnostic.code, place));
            action.preferred = fix.safe;
            found.push(action);
        }
        if diagnostic.fixes.is_empty() {
            found.extend(suggested(diagnostic).into_iter().map(|name| {
                let edit = (place, name.to_owned());
                let mut action = CodeAction::new(format!("write `{name}`"), ActionKind::QuickFix, vec![edit]);
                action.mends = Some((diagnostic.code, place));
                action
            }));
        }
    }
    found
}

/// The names that the help of a diagnostic suggests.
fn suggested(diagnostic: &Diagnostic) -> Vec<&str> {
    let help = diagnostic.help.iter().find_map(|help| help.strip_prefix("did you mean "));
    let Some(help) = help else { return Vec::new() };
    help.split('`').skip(1).step_by(2).collect()
}

/// All safe fixes of a file whose edits do not touch each other.
pub fn all(snapshot: &Snapshot, file: FileId) -> Option<CodeAction> {
    let mut edits: Vec<(Place, String)> = Vec::new();
    for diagnostic in diagnostics(snapshot, file) {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.safe && !fix.edits.is_empty()) else { continue };
        let apart = |place: &Place| {
            place.file == file
                && edits.iter().all(|(other, _)| place.span.end < other.span.start || other.span.end < place.span.start)
        };
        if fix.edits.iter().all(|(place, _)| apart(place)) {
            edits.extend(fix.edits.iter().cloned());
        }
    }
    (!edits.is_empty()).then(|| CodeAction::new("mend all that can be mended safely", ActionKind::QuickFix, edits))
}
