//! `lawbook lint`: everything that can be said of policies, errors, warnings and matters of style, and mending what can
//! be mended safely. Unlike a run it goes on where policies are broken.

mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Diagnostic, FileId, Severity, SourceMap};
use lang::{Compilation, Fixed};

use crate::packs::load_policies;
use crate::project::{choose, read_settings};
use crate::{Failure, Policies, ProjectOptions, replace_file};

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct LintOptions {
    /// Only files at or below these paths; without any, of all files that are not built in.
    pub paths: Vec<PathBuf>,
    /// Mend what can be mended safely, in the files themselves.
    pub fix: bool,
}

/// What there is to say.
#[derive(Debug, Default)]
pub struct LintReport {
    /// By place.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they speak of, as they are after mending.
    pub sources: SourceMap,
    /// What was mended.
    pub mended: Vec<Mended>,
    /// How many files were looked at.
    pub files: usize,
}

/// A thing that was mended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mended {
    /// The file.
    pub path: Arc<str>,
    /// What was wrong with it.
    pub code: &'static str,
    /// What was done.
    pub title: String,
}

/// Looks at policies, and mends them where that is asked for.
pub fn lint(project: &ProjectOptions, options: &LintOptions) -> Result<LintReport, Failure> {
    let mut sources = SourceMap::new();
    let (settings, told) = read_settings(project, &mut sources)?;
    let mut policies = load_policies(&choose(&settings, project), sources);
    let loaded = std::mem::take(&mut policies.diagnostics);
    // Files that could not be read have been looked at too.
    let unread = loaded.iter().filter(|found| found.code == "E0912").count();
    let chosen = chosen(&policies, &options.paths);
    let sources = std::mem::take(&mut policies.sources);
    let (sources, compilation, mended) = if options.fix {
        let is_chosen = |file: FileId| chosen.contains(&file);
        let Fixed { texts, mended, sources: now, compilation } =
            lang::fix(&sources, &policies.modules, &is_chosen, &|_| true);
        for (file, text) in &texts {
            write(&policies, *file, sources.text(*file), text)?;
        }
        (now, compilation, self::mended(&sources, mended))
    } else {
        let compilation = lang::compile(&sources, &policies.modules);
        (sources, compilation, Vec::new())
    };
    let mut diagnostics = told;
    diagnostics.extend(loaded);
    diagnostics.extend(shown(compilation, &chosen, &options.paths));
    diagnostics.sort_by_key(|found| (found.primary.as_ref().map(|label| label.place), found.code));
    Ok(LintReport { diagnostics, sources, mended, files: chosen.len() + unread })
}

/// The files that are asked for.
fn chosen(policies: &Policies, paths: &[PathBuf]) -> BTreeSet<FileId> {
    let paths: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let below = |file: &Path| file.canonicalize().is_ok_and(|file| paths.iter().any(|path| file.starts_with(path)));
    let own = policies
        .modules
        .iter()
        .filter(|module| policies.files.get(&module.name).is_some_and(|file| paths.is_empty() || below(file)));
    own.map(|module| module.file).collect()
}

/// Errors, wherever they are, and the rest of the files that are asked for.
fn shown(compilation: Compilation, chosen: &BTreeSet<FileId>, paths: &[PathBuf]) -> impl Iterator<Item = Diagnostic> {
    // Beside a single file there may be others that belong to it and are not loaded.
    let whole = !paths.iter().any(|path| path.is_file());
    let chosen = chosen.clone();
    compilation.diagnostics.into_iter().chain(compilation.style).filter(move |found| {
        let here = found.primary.as_ref().is_none_or(|label| chosen.contains(&label.place.file));
        found.is_error() || (here && (whole || lang::lint(found.code).is_none_or(|lint| !lint.whole)))
    })
}

fn mended(sources: &SourceMap, fixes: Vec<(Diagnostic, String)>) -> Vec<Mended> {
    let mut found: Vec<Mended> = fixes
        .into_iter()
        .filter_map(|(diagnostic, title)| {
            let path = sources.path(diagnostic.primary?.place.file).clone();
            Some(Mended { path, code: diagnostic.code, title })
        })
        .collect();
    found.sort();
    found
}

/// Writes a mended text in the place of the file, whole or not at all.
fn write(policies: &Policies, file: FileId, old: &str, new: &str) -> Result<(), Failure> {
    let module = policies.modules.iter().find(|module| module.file == file);
    let Some(path) = module.and_then(|module| policies.files.get(&module.name)) else { return Ok(()) };
    replace_file(path, old, new).map_err(|reason| {
        Failure::plain("E0912", format!("cannot mend the policy `{}`: {reason}", path.display()))
            .help("what is wrong with it is told without `--fix` too")
    })
}

impl LintReport {
    /// How many errors, warnings and matters of style there are.
    pub fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for found in &self.diagnostics {
            let style = lang::lint(found.code).is_some_and(|lint| lint.level == lang::Level::Style);
            counts[match (found.severity, style) {
                (Severity::Error, _) => 0,
                (_, true) => 2,
                _ => 1,
            }] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: &str =
        "rel r(a: string, b: string)\nr(\"x\", \"y\").\nrel s(a: string)\ns(a) :- r(a, bb), r(a, bb).\n";
    const RIGHT: &str = "rel r(a: string, b: string)\nr(\"x\", \"y\").\nrel s(a: string)\ns(a) :- r(a, _bb).\n";

    fn run(folder: &Path, options: LintOptions) -> LintReport {
        let project = ProjectOptions {
            root: folder.to_owned(),
            no_project_config: true,
            policies: vec![folder.to_owned()],
            ..ProjectOptions::default()
        };
        lint(&project, &options).unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics))
    }

    #[test]
    fn files_are_mended_in_place_and_others_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a.law"), WRONG).unwrap();
        std::fs::create_dir(path("b")).unwrap();
        std::fs::write(path("b/b.law"), WRONG).unwrap();
        let told = run(folder.path(), LintOptions::default());
        assert_eq!((told.counts(), told.files), ([0, 2, 0], 2));
        let told = run(folder.path(), LintOptions { paths: vec![path("b")], fix: true });
        assert_eq!((told.counts(), told.files, told.mended.len()), ([0, 0, 0], 1, 2));
        assert_eq!(std::fs::read_to_string(path("b/b.law")).unwrap(), RIGHT);
        assert_eq!(std::fs::read_to_string(path("a.law")).unwrap(), WRONG);
        assert_eq!(std::fs::read_dir(path("b")).unwrap().count(), 1);
    }
}
