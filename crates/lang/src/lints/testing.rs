//! The doors of the lints' tests.

use std::fmt::Write;

use base::{Diagnostic, RenderStyle, render_all};

use super::fix::{Fixed, fix};
use crate::Settings;
use crate::testing::{compile_all, roots, sources_of};

/// What one lint, and the compiler, say of a module `m`, below its text.
pub(super) fn lints(code: &str, text: &str) -> String {
    lints_of(code, "m", text)
}

/// The same for a module of that name; those of `std` are built in.
pub(super) fn lints_of(code: &str, module: &str, text: &str) -> String {
    let (sources, compilation) = compile_all(&[(module, text)]);
    let all = compilation.diagnostics.iter().chain(&compilation.style);
    let told: Vec<Diagnostic> = all.filter(|found| found.is_error() || found.code == code).cloned().collect();
    let mut out = format!("{}\n====\n{}", text.trim_matches('\n'), render_all(&told, &sources, RenderStyle::Plain));
    for fix in told.iter().flat_map(|found| &found.fixes) {
        let safe = if fix.safe { "" } else { " (not safe)" };
        let edits: Vec<String> = fix
            .edits
            .iter()
            .map(|(place, text)| {
                let at = sources.line_column(place.file, place.span.start as usize);
                let old = &sources.text(place.file)[place.span.range()];
                format!("{}:{} {old:?} -> {text:?}", at.line, at.column)
            })
            .collect();
        writeln!(out, "fix{safe}: {}: {}", fix.title, edits.join(", ")).expect("writing to a string");
    }
    out
}

/// A module `m` after the safe fixes of one lint, and what the lint says then; the module has to mean the same.
pub(super) fn fixed(code: &str, text: &str) -> String {
    let before = program(text);
    assert!(!before.is_empty());
    let (sources, modules) = sources_of(&[("m", text)]);
    let Fixed { texts, mended, compilation, .. } = fix(&sources, &modules, &|_| true, &|found| found.code == code);
    let after = texts.values().next().map_or(text, |text| text);
    assert_eq!(before, program(after), "the program is another one after\n{after}");
    let left = compilation.diagnostics.iter().chain(&compilation.style).filter(|found| found.code == code).count();
    format!("{}\n==== {} mended, {left} left\n", after.trim_matches('\n'), mended.len())
}

/// The rows of all relations of a module, as the reference interpreter derives them.
fn program(text: &str) -> Vec<String> {
    let (_, compilation) = compile_all(&[("m", text)]);
    let program = compilation.program(&roots(&compilation), &[], &Settings::default());
    let model = oracle::interpret(&program);
    let mut rows = Vec::new();
    for (relation, found) in program.relations.iter().zip(&model.rows) {
        rows.extend(found.iter().map(|row| format!("{}{row:?}", relation.decl.name)));
    }
    rows.sort();
    rows
}
