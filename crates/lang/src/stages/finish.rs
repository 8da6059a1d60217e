//! Public tables by name, diagnostics by place, those of style apart.

use std::collections::hash_map::Entry;

use base::{Diagnostic, FileId, Label, Place};
use rustc_hash::FxHashMap;

use super::Compiler;
use crate::checks::types;
use crate::lints::{self, Level};

/// Codes of names that lead nowhere.
const NAMES: [&str; 7] = ["E0201", "E0202", "E0203", "E0204", "E0206", "E0207", "E0209"];

/// A name that leads nowhere is told once in a file, at its first place, with the next places beside it: whoever mends the
/// declaration mends all of them.
fn once(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    const SHOWN: usize = 3;
    let mut first: FxHashMap<(FileId, String), (usize, usize)> = FxHashMap::default();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let place = diagnostic.primary.as_ref().map(|label| label.place);
        let Some(place) = place.filter(|_| NAMES.contains(&diagnostic.code)) else {
            kept.push(diagnostic);
            continue;
        };
        match first.entry((place.file, format!("{}{}", diagnostic.code, diagnostic.message))) {
            Entry::Vacant(entry) => {
                entry.insert((kept.len(), 0));
                kept.push(diagnostic);
            }
            Entry::Occupied(mut entry) => {
                let (at, others) = entry.get_mut();
                *others += 1;
                if *others <= SHOWN {
                    kept[*at].secondary.push(Label { place, text: "also here".to_owned() });
                    for (mine, theirs) in kept[*at].fixes.iter_mut().zip(diagnostic.fixes) {
                        mine.edits.extend(theirs.edits);
                    }
                }
            }
        }
    }
    let more = first.into_values().filter(|(_, others)| *others > SHOWN);
    for (at, others) in more {
        kept[at].notes.push(format!("and at {} more places of this file", others - SHOWN));
    }
    kept
}

/// Sorts what comes out.
pub(super) fn run(compiler: &mut Compiler) {
    // Who compiles again takes over what was told so far, whatever becomes of it here.
    let told: Vec<Diagnostic> = compiler.told.parts().into_iter().flat_map(|part| part.iter().cloned()).collect();
    compiler.out.diagnostics = told;
    lints::allow::apply(compiler);
    let trees = compiler.trees.iter().map(|tree| tree.parse.clone()).collect();
    let out = &mut compiler.out;
    out.resolved.parses = trees;
    let blocks = compiler.blocks.iter();
    out.resolved.blocks = blocks.map(|block| (block.id.clone(), block.block.clone())).collect();
    out.relations.sort_by(|a, b| a.decl.name.cmp(&b.decl.name));
    out.inputs.sort_by(|a, b| a.relation.name.cmp(&b.relation.name));
    out.controls.sort_by(|a, b| a.id.cmp(&b.id));
    out.frameworks.sort_by(|a, b| a.id.cmp(&b.id));
    out.params.sort_by(|a, b| a.name.cmp(&b.name));
    out.diagnostics.sort_by_key(|diagnostic| {
        let place = diagnostic.primary.as_ref().map(|label| label.place);
        (place, diagnostic.code)
    });
    let told = std::mem::take(&mut out.diagnostics);
    out.diagnostics = once(told);
    let sources = compiler.sources;
    let text = |place: Place| sources.text(place.file).get(place.span.range()).unwrap_or_default();
    out.diagnostics.iter_mut().for_each(|diagnostic| types::unquote(diagnostic, text));
    let style = |code: &str| lints::lint(code).is_some_and(|lint| lint.level == Level::Style);
    out.style = out.diagnostics.extract_if(.., |diagnostic| style(diagnostic.code)).collect();
}
