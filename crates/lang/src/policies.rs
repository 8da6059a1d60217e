//! The policies that ship with Lawbook compile.

#![expect(clippy::disallowed_methods, reason = "reads the repository's own policies, in a test")]

use std::path::{Path, PathBuf};

use base::{RenderStyle, SourceMap, render_all};

use crate::{ModuleSource, compile};

fn law_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            law_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "law") {
            out.push(path);
        }
    }
}

#[test]
fn shipped_policies_compile_without_a_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut files = Vec::new();
    law_files(&root, &mut files);
    let mut sources = SourceMap::new();
    let mut modules = Vec::new();
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let relative = path.strip_prefix(&root).expect("a file below the folder").with_extension("");
        let name = relative.to_string_lossy().replace(['/', '\\'], ".").replace('-', "_");
        let file = sources.add(format!("policies/{}.law", relative.display()), text);
        modules.push(ModuleSource { file, name: name.into(), builtin: true, folder: "".into() });
    }
    let compilation = compile(&sources, &modules);
    let told = render_all(&compilation.diagnostics, &sources, RenderStyle::Plain);
    assert!(told.is_empty(), "{told}");
    assert!(compilation.resolved.rules.len() > 100 && compilation.controls.len() > 5);
}
