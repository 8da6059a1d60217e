//! The doors of this crate's tests: a source, and what the compiler says of it or makes of it.

use std::fmt::Write;
use std::sync::Arc;

use base::{RenderStyle, SourceMap, render_all};

use crate::{Compilation, ModuleSource, Settings, compile};

/// A module that stands for the standard library.
const CODE: &str = "\
entity Node
entity Function < Node
entity Call < Node
input function(key function: Function, name: string)
input call(key call: Call, function: Function, callee: string, receiver: string?)
";

/// Compiles texts as modules; `code` is there beside them.
pub(crate) fn compile_all(modules: &[(&str, &str)]) -> (SourceMap, Compilation) {
    let (sources, all) = sources_of(modules);
    let compilation = compile(&sources, &all);
    (sources, compilation)
}

/// Texts as modules, with `code` beside them.
pub(crate) fn sources_of(modules: &[(&str, &str)]) -> (SourceMap, Vec<ModuleSource>) {
    let mut sources = SourceMap::new();
    let mut all = Vec::new();
    for (name, text) in [("std.code", CODE)].iter().chain(modules) {
        let file = sources.add(format!("{}.law", name.replace('.', "/")), *text);
        let builtin = name.starts_with("std.");
        all.push(ModuleSource { file, name: (*name).into(), builtin, folder: "".into() });
    }
    (sources, all)
}

/// The diagnostics of a set of modules, below their texts.
pub(crate) fn check_all(modules: &[(&str, &str)]) -> String {
    let (sources, compilation) = compile_all(modules);
    let mut out = String::new();
    for (name, text) in modules {
        write!(out, "==== {name}\n{}\n", text.trim_matches('\n')).expect("writing to a string");
    }
    out.push_str("====\n");
    out + &render_all(&compilation.diagnostics, &sources, RenderStyle::Plain)
}

/// The diagnostics of one module, `m`, below its text.
pub(crate) fn check(text: &str) -> String {
    check_all(&[("m", text)])
}

/// Holds what a function of a source gives against its snapshot.
macro_rules! pin {
    ($value:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($value) })
    };
}
pub(crate) use pin;

/// The program for all public derived relations and all controls of one module, `m`; diagnostics come first.
pub(crate) fn lower(text: &str) -> String {
    let (sources, compilation) = compile_all(&[("m", text)]);
    let mut out = format!("{}\n====\n", text.trim_matches('\n'));
    out += &render_all(&compilation.diagnostics, &sources, RenderStyle::Plain);
    let settings = Settings { as_of: 1_795_132_800_000_000, ..Settings::default() };
    let program = compilation.program(&roots(&compilation), &[], &settings);
    write!(out, "{program}").expect("writing to a string");
    out
}

/// All public relations of `m`, scopes, violations and notes.
pub(crate) fn roots(compilation: &Compilation) -> Vec<Arc<str>> {
    let relations = compilation.relations.iter().filter(|relation| &*relation.module == "m");
    let mut roots: Vec<Arc<str>> = relations.map(|relation| relation.decl.name.clone()).collect();
    for control in &compilation.controls {
        roots.push(control.scope.clone());
        roots.extend(control.violations.iter().chain(&control.notes).map(|rule| rule.relation.clone()));
    }
    roots
}

/// Numbers below what is asked for, the same for the same seed.
pub(crate) fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    }
}
