//! Diagnostics of a file: what the compiler and the lints say of it.

use std::collections::BTreeMap;

use base::{Diagnostic, FileId};
use lang::{LINTS, Level};

use crate::Snapshot;

/// What is wrong in a file, by place, and what could be said better.
pub fn diagnostics<'s>(snapshot: &'s Snapshot, file: FileId) -> Vec<&'s Diagnostic> {
    let compilation = &snapshot.compilation;
    let own = |diagnostic: &&'s Diagnostic| diagnostic.primary.as_ref().is_some_and(|label| label.place.file == file);
    let mut found: Vec<&Diagnostic> = compilation.diagnostics.iter().chain(&compilation.style).filter(own).collect();
    found.sort_by_key(|diagnostic| (diagnostic.primary.as_ref().map(|label| label.place.span), diagnostic.code));
    found
}

/// The same of all files that have some.
pub fn by_file(snapshot: &Snapshot) -> BTreeMap<FileId, Vec<&Diagnostic>> {
    let mut found: BTreeMap<FileId, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in snapshot.compilation.diagnostics.iter().chain(&snapshot.compilation.style) {
        if let Some(label) = &diagnostic.primary {
            found.entry(label.place.file).or_default().push(diagnostic);
        }
    }
    for diagnostics in found.values_mut() {
        diagnostics
            .sort_by_key(|diagnostic| (diagnostic.primary.as_ref().map(|label| label.place.span), diagnostic.code));
    }
    found
}

/// Whether a diagnostic tells of what could be said better, not of what is wrong.
pub fn is_style(diagnostic: &Diagnostic) -> bool {
    LINTS.iter().any(|lint| lint.code == diagnostic.code && lint.level == Level::Style)
}

/// Lints that tell of what could be taken away: editors show it faded.
const UNNECESSARY: [&str; 9] = ["W0707", "W0711", "W0713", "W0714", "W0716", "W0723", "W0724", "W0725", "W0732"];

/// Whether a diagnostic tells of what could be taken away.
pub fn is_unnecessary(diagnostic: &Diagnostic) -> bool {
    UNNECESSARY.contains(&diagnostic.code)
}
