//! From where tests are run: a folder or file of policies belongs to the project that lists it, else it stands alone.
//!
//! What a policy uses is found through its project, so that `lawbook test` gives the same answer in the project's folder, in
//! a folder of its policies, and for a file named on the command line.

use std::path::{Path, PathBuf};

use base::SourceMap;

use crate::packs::ejected;
use crate::parse_settings;
use crate::project::holds_policies;

/// Where tests are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestPlace {
    /// The project's folder, as seen from where the command runs.
    pub root: PathBuf,
    /// Whether the project's settings say which policies there are.
    pub settings: bool,
    /// Policies that stand alone.
    pub policies: Vec<PathBuf>,
    /// At or below which the tests are; all where empty.
    pub paths: Vec<PathBuf>,
}

/// Where the tests at these paths are (all, where there are none), seen from the folder `here`.
pub fn locate(here: &Path, paths: &[PathBuf]) -> TestPlace {
    let all = TestPlace { root: PathBuf::from("."), settings: true, ..TestPlace::default() };
    if !paths.is_empty() {
        return named(here, paths);
    }
    let is_root = here.join("lawbook.toml").is_file() || holds_policies(&here.join("policies"));
    if is_root || !holds_policies(here) { all } else { named(here, &[PathBuf::from(".")]) }
}

fn named(here: &Path, paths: &[PathBuf]) -> TestPlace {
    let owners: Vec<Option<PathBuf>> = paths.iter().map(|path| owner(&here.join(path))).collect();
    match owners.split_first() {
        Some((Some(first), others)) if others.iter().all(|other| other.as_ref() == Some(first)) => {
            TestPlace { root: seen_from(here, first), settings: true, policies: Vec::new(), paths: paths.to_vec() }
        }
        _ => TestPlace {
            root: PathBuf::from("."),
            settings: false,
            policies: paths.iter().map(|path| in_pack(here, path)).collect(),
            paths: paths.to_vec(),
        },
    }
}

/// The folder of the project whose policies are at, above or below a path.
fn owner(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    for folder in path.ancestors() {
        let near = |policies: PathBuf| {
            let policies = policies.canonicalize();
            policies.is_ok_and(|policies| path.starts_with(&policies) || policies.starts_with(&path))
        };
        let settings = folder.join("lawbook.toml");
        if settings.is_file() {
            // The nearest settings decide; those that cannot be read are told of when the project is opened.
            let text = std::fs::read_to_string(&settings).unwrap_or_default();
            let file = SourceMap::new().add("lawbook.toml", text.clone());
            let (settings, _) = parse_settings("lawbook.toml", file, &text);
            let listed = match &settings.paths {
                Some(paths) => paths.iter().any(|(place, _)| near(folder.join(&**place))),
                None => near(folder.join("policies")),
            };
            return listed.then(|| folder.to_owned());
        }
        if near(folder.join("policies")) && holds_policies(&folder.join("policies")) {
            return Some(folder.to_owned());
        }
    }
    None
}

/// A folder as it is named from another one.
fn seen_from(here: &Path, folder: &Path) -> PathBuf {
    let here = here.canonicalize().unwrap_or_else(|_| here.to_owned());
    if let Ok(below) = folder.strip_prefix(&here) {
        return if below.as_os_str().is_empty() { PathBuf::from(".") } else { below.to_owned() };
    }
    match here.strip_prefix(folder) {
        Ok(above) => above.components().map(|_| "..").collect(),
        Err(_) => folder.to_owned(),
    }
}

/// A path inside a pack that was ejected, so written that it names the pack: from within its folder `.` does not.
fn in_pack(here: &Path, path: &Path) -> PathBuf {
    let known = |path: &Path| ejected(&path.join("policy.law")).is_some();
    if path.is_absolute() || known(path) {
        return path.to_owned();
    }
    let mut front = PathBuf::new();
    for folder in here.ancestors() {
        let (Some(_), Ok(below)) = (folder.file_name(), here.strip_prefix(folder)) else { break };
        front.push("..");
        let Some(name) = folder.file_name() else { break };
        let whole = front.join(name).join(below).join(path.strip_prefix(".").unwrap_or(path));
        if known(&whole) {
            return whole;
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, if file.ends_with(".toml") { "[policies]\npaths = [\"rules\"]\n" } else { "" })
                .unwrap();
        }
        root
    }

    #[test]
    fn a_path_belongs_to_the_project_that_lists_it() {
        let root = folder(&["lawbook.toml", "rules/sub/a.law", "other/b.law"]);
        let root = root.path();
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let shown = |here: &str, names: &[&str]| {
            let place = locate(&root.join(here), &paths(names));
            (place.root.to_string_lossy().into_owned(), place.settings)
        };
        assert_eq!(shown("", &[]), (".".to_owned(), true));
        assert_eq!(shown("", &["rules/sub"]), (".".to_owned(), true));
        assert_eq!(shown("", &["."]), (".".to_owned(), true));
        assert_eq!(shown("rules/sub", &[]), ("../..".to_owned(), true));
        assert_eq!(shown("rules", &["sub/a.law"]), ("..".to_owned(), true));
        assert_eq!(shown("", &["other"]), (".".to_owned(), false));
        assert_eq!(shown("other", &[]), (".".to_owned(), false));
        assert_eq!(shown("", &["rules", "other"]), (".".to_owned(), false));
        assert_eq!(shown("", &["nowhere"]), (".".to_owned(), false));
    }

    #[test]
    fn a_folder_of_policies_needs_no_settings() {
        let root = folder(&["policies/sub/a.law", "app/x.py"]);
        let place = |here: &str| locate(&root.path().join(here), &[]);
        assert_eq!((place("policies/sub").root, place("policies/sub").settings), (PathBuf::from("../.."), true));
        assert_eq!((place("").root, place("").paths.len()), (PathBuf::from("."), 0));
        assert_eq!(place("app").root, PathBuf::from("."));
    }

    #[test]
    fn a_pack_is_named_from_within_its_folder() {
        let root = folder(&["mine/soc2-ai/cc6/a.law", "mine/soc2-ai/lib/b.law"]);
        let here = root.path().join("mine/soc2-ai");
        // `ejected` looks at the disk from where the process runs, so that only absolute paths can be looked at here.
        assert_eq!(in_pack(&here, &here), here);
        assert_eq!(seen_from(&here, root.path()), PathBuf::from("../.."));
    }
}
