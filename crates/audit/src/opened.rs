//! Settings and policies of a folder, read and not compiled: what tools start from that bear with anything being wrong.

use std::path::PathBuf;

use base::{Diagnostic, FileId, SourceMap};

use crate::packs::load_policies;
use crate::project::{choose, read_settings};
use crate::{Policies, ProjectOptions, ProjectSettings};

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Opened {
    /// Its settings, as far as they can be read.
    pub settings: ProjectSettings,
    /// The text of its settings among the sources, and where it is.
    pub settings_file: Option<(FileId, PathBuf)>,
    /// Its policies with those of the packs.
    pub policies: Policies,
    /// Folders and files that policies are read from.
    pub paths: Vec<PathBuf>,
    /// What is wrong with the settings or could not be loaded.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the settings and policies of a folder.
pub fn open_folder(options: &ProjectOptions) -> Opened {
    let mut sources = SourceMap::new();
    let (settings, mut diagnostics) = match read_settings(options, &mut sources) {
        Ok(read) => read,
        Err(failure) => (ProjectSettings::default(), failure.diagnostics),
    };
    let settings_file = sources.ids().next().map(|file| {
        let path = options.config.clone().unwrap_or_else(|| options.root.join("lawbook.toml"));
        (file, path)
    });
    let choice = choose(&settings, options);
    let mut policies = load_policies(&choice, sources);
    diagnostics.append(&mut policies.diagnostics);
    Opened { settings, settings_file, policies, paths: choice.paths, diagnostics }
}

/// The text of a built-in policy, by the path that it goes by: `lawbook:std/ai.law`.
pub fn embedded_text(shown: &str) -> Option<&'static str> {
    crate::packs::embedded(shown.strip_prefix("lawbook:")?)
}
