//! Which policy files a run reads, and the module path of each.
//!
//! Built-in packs are embedded in the binary. A folder of the user's that holds a pack of the same name
//! (`policies/std`, `policies/soc2-ai`) replaces it, so that built-in policies can be edited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Diagnostic, FileId, Severity, SourceMap, did_you_mean};
use include_dir::{Dir, include_dir};
use lang::ModuleSource;
use walkdir::WalkDir;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../policies");

/// The pack that every run knows: facts, frameworks and SDKs as rules.
pub const STD: &str = "std";

/// What paths of the built-in library begin with.
pub(crate) const LIBRARY: &str = "lawbook:std/";

/// The module that holds the formats of credentials.
const SECRETS: &str = "std.secret";

/// What to load.
#[derive(Debug, Clone, Default)]
pub struct PolicyChoice {
    /// Names of packs beside `std`.
    pub packs: Vec<Arc<str>>,
    /// Folders and files of policies.
    pub paths: Vec<PathBuf>,
}

/// Policies, ready to be compiled.
#[derive(Debug, Default, Clone)]
pub struct Policies {
    /// Their texts.
    pub sources: SourceMap,
    /// Their modules, sorted by name.
    pub modules: Vec<ModuleSource>,
    /// What could not be loaded.
    pub diagnostics: Vec<Diagnostic>,
    /// Real path of each module that came from disk, by module name.
    pub files: BTreeMap<Arc<str>, PathBuf>,
    /// The module of the program that `eval` runs.
    pub program: Option<Arc<str>>,
}

/// Names of the built-in packs, sorted.
pub fn embedded_packs() -> Vec<String> {
    let mut names: Vec<String> = EMBEDDED.dirs().map(|dir| dir.path().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The text of a file of the embedded packs, by its path in them.
pub(crate) fn embedded(path: &str) -> Option<&'static str> {
    EMBEDDED.get_file(path)?.contents_utf8()
}

/// Whether a text is one of the embedded packs'.
pub(crate) fn is_embedded(sources: &SourceMap, file: FileId) -> bool {
    sources.path(file).starts_with("lawbook:")
}

/// The files of a folder of the embedded packs, by their path in it.
pub(crate) fn embedded_files(folder: &str, files: &mut base::MemoryFiles) -> Result<(), String> {
    let Some(dir) = EMBEDDED.get_dir(folder) else { return Err("there is no such folder".to_owned()) };
    let mut dirs = vec![dir];
    while let Some(dir) = dirs.pop() {
        dirs.extend(dir.dirs());
        for file in dir.files() {
            let path = file.path().strip_prefix(folder).unwrap_or(file.path());
            files.add(&path.to_string_lossy(), file.contents());
        }
    }
    Ok(())
}

/// Loads `std`, the packs and the paths, beside the texts that `sources` has already.
pub fn load_policies(choice: &PolicyChoice, sources: SourceMap) -> Policies {
    let mut loader = Loader { policies: Policies { sources, ..Policies::default() }, ..Loader::default() };
    for path in &choice.paths {
        loader.path(path);
    }
    let packs = std::iter::once(STD).chain(choice.packs.iter().map(|name| &**name));
    for pack in packs.collect::<BTreeSet<_>>() {
        loader.embedded(pack);
    }
    loader.finish()
}

/// Loads one program file, and of `std` and of the files beside it what it uses, and what those use in turn:
/// `eval` of a small program shall not pay for the whole library.
pub fn load_program(path: &Path) -> Policies {
    let mut loader = Loader::default();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    loader.file(path, &module_part(&stem), &folder, false);
    loader.policies.program = Some(module_part(&stem).into());
    loader.used(&folder, true);
    loader.finish()
}

/// The folder that holds the packs, of a path inside a pack that was ejected: one that has the name of a built-in pack and a
/// file in common with it.
pub(crate) fn ejected(path: &Path) -> Option<PathBuf> {
    let is_pack = |dir: &&Path| {
        let pack = dir.file_name().and_then(|name| EMBEDDED.get_dir(Path::new(name)));
        pack.is_some_and(|pack| {
            let entries = pack.entries().iter().filter_map(|entry| entry.path().file_name());
            entries.into_iter().any(|name| dir.join(name).exists())
        })
    };
    path.ancestors().skip(1).find(is_pack).map(|dir| match dir.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("."),
    })
}

fn leads_inside(link: &Path, root: &Path) -> bool {
    matches!((link.canonicalize(), root.canonicalize()), (Ok(link), Ok(root)) if link.starts_with(&root))
}

struct Piece {
    name: Arc<str>,
    shown: String,
    text: String,
    builtin: bool,
    folder: Arc<str>,
}

#[derive(Default)]
struct Loader {
    policies: Policies,
    pieces: Vec<Piece>,
    replaced: BTreeSet<String>,
    /// Real paths of the files loaded: what two settings name is loaded once.
    loaded: BTreeSet<PathBuf>,
}

impl Loader {
    /// A folder of policies, or a single file.
    fn path(&mut self, path: &Path) {
        if path.is_dir() {
            return self.folder(path);
        }
        if !path.is_file() {
            let message = format!("there are no policies at `{}`: no such file or folder", path.display());
            let help = "name a `.law` file or a folder that holds some";
            self.policies.diagnostics.push(Diagnostic::plain("E0911", Severity::Error, message).help(help));
            return;
        }
        // A file inside an ejected pack keeps its place in the pack.
        match ejected(path) {
            Some(root) => self.folder(&root),
            None => {
                let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                let root = path.parent().unwrap_or(Path::new("")).to_owned();
                self.file(path, &module_part(&stem), &root, false);
                self.used(&root, false);
            }
        }
    }

    /// What the pieces loaded so far use and nothing has loaded yet: beside the file, or (`library`) from the embedded packs.
    fn used(&mut self, folder: &Path, library: bool) {
        let mut wanted: Vec<String> = self.uses(0);
        let reads = !wanted.is_empty() || self.pieces.iter().any(|piece| piece.text.contains("input"));
        if library && reads {
            // Whatever is read is masked, so that no row, message or proof ever shows a credential.
            wanted.push(SECRETS.to_owned());
        }
        let mut seen = BTreeSet::new();
        while let Some(module) = wanted.pop() {
            if !seen.insert(module.clone()) || self.pieces.iter().any(|piece| *piece.name == *module) {
                continue;
            }
            let before = self.pieces.len();
            let beside = folder.join(module.split('.').collect::<PathBuf>().with_extension("law"));
            if beside.is_file() {
                self.file(&beside, &module, folder, false);
            } else if library {
                self.embedded_module(&module);
            }
            wanted.extend(self.uses(before));
        }
    }

    fn folder(&mut self, root: &Path) {
        let packs = embedded_packs();
        let ejected = ejected(&root.join("policy.law"));
        let root = ejected.as_deref().unwrap_or(root);
        for entry in WalkDir::new(root).sort_by_file_name().follow_links(false) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let message = format!("cannot read policies: {error}");
                    self.policies.diagnostics.push(Diagnostic::plain("E0911", Severity::Error, message));
                    continue;
                }
            };
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "law") {
                continue;
            }
            if entry.path_is_symlink() && !leads_inside(path, root) {
                let message = format!("the policy `{}` is a symbolic link out of its folder", path.display());
                let help = "put the file itself there, or name the folder that holds it";
                self.policies.diagnostics.push(Diagnostic::plain("E0915", Severity::Error, message).help(help));
                continue;
            }
            if !entry.file_type().is_file() {
                continue;
            }
            let place = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
            let first = place.split('/').next().unwrap_or_default().to_owned();
            let builtin = packs.contains(&first);
            if builtin {
                self.replaced.insert(first);
            }
            self.file(path, &module_path(&place), root, builtin);
        }
    }

    fn file(&mut self, path: &Path, module: &str, root: &Path, builtin: bool) {
        if !self.loaded.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned())) {
            return;
        }
        let shown = shown(path);
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                format!("`{shown}` is not UTF-8: byte {at} begins no character; save it as UTF-8")
            }),
            Err(error) => Err(format!("cannot read the policy `{shown}`: {error}")),
        };
        match text {
            Ok(text) => {
                let folder = path.parent().and_then(|dir| dir.strip_prefix(root).ok()).unwrap_or(Path::new(""));
                let folder = folder.to_string_lossy().replace('\\', "/").into();
                let name: Arc<str> = module.into();
                self.policies.files.insert(name.clone(), path.to_owned());
                self.pieces.push(Piece { name, shown, text, builtin, folder });
            }
            Err(message) => {
                self.policies.diagnostics.push(Diagnostic::plain("E0912", Severity::Error, message));
            }
        }
    }

    /// A built-in pack, unless a folder of the user's replaced it.
    fn embedded(&mut self, pack: &str) {
        if self.replaced.contains(pack) {
            return;
        }
        let Some(dir) = EMBEDDED.get_dir(pack) else {
            let known = embedded_packs();
            let message = format!("there is no pack `{pack}`");
            let help = did_you_mean(pack, known.iter().map(String::as_str))
                .unwrap_or_else(|| format!("known packs: {}; own policies go under `paths`", known.join(", ")));
            self.policies.diagnostics.push(Diagnostic::plain("E0913", Severity::Error, message).help(help));
            return;
        };
        let mut dirs = vec![dir];
        while let Some(dir) = dirs.pop() {
            dirs.extend(dir.dirs());
            dir.files().for_each(|file| self.embedded_file(file));
        }
    }

    fn embedded_module(&mut self, module: &str) {
        let place = format!("{}.law", module.replace('.', "/"));
        let file = EMBEDDED.get_file(&place).or_else(|| {
            // Packs may have `-` where module paths have `_`.
            let (pack, rest) = place.split_once('/')?;
            EMBEDDED.get_file(format!("{}/{rest}", pack.replace('_', "-")))
        });
        if let Some(file) = file {
            self.embedded_file(file);
        }
    }

    fn embedded_file(&mut self, file: &include_dir::File<'static>) {
        let place = file.path().to_string_lossy().replace('\\', "/");
        let (Some(text), true) = (file.contents_utf8(), place.ends_with(".law")) else { return };
        let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder).into();
        self.pieces.push(Piece {
            name: module_path(&place).into(),
            shown: format!("lawbook:{place}"),
            text: text.to_owned(),
            builtin: true,
            folder,
        });
    }

    /// Modules that the pieces from the `first` on use.
    fn uses(&self, first: usize) -> Vec<String> {
        let known = ["code", "secret", "doc", "git"];
        let mut found = Vec::new();
        for piece in &self.pieces[first..] {
            found.extend(used_modules(&piece.text));
            found.extend(
                known.iter().filter(|name| piece.text.contains(&format!("{name}."))).map(|name| format!("std.{name}")),
            );
        }
        found
    }

    fn finish(mut self) -> Policies {
        self.pieces.sort_by(|a, b| a.name.cmp(&b.name));
        for piece in self.pieces {
            let file = self.policies.sources.add(piece.shown, piece.text);
            self.policies.modules.push(ModuleSource {
                file,
                name: piece.name,
                builtin: piece.builtin,
                folder: piece.folder,
            });
        }
        self.policies
    }
}

/// What lines that begin with `use` name. Tokens are enough for that: the text is parsed once, by the compiler.
fn used_modules(text: &str) -> Vec<String> {
    let tokens = syntax::scan::scan(text);
    let uses = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.first && token.kind == syntax::scan::TokenKind::Word && token.text(text) == "use");
    uses.map(|(at, _)| {
        let path = tokens[at + 1..].iter().take_while(|token| {
            matches!(token.kind, syntax::scan::TokenKind::Word | syntax::scan::TokenKind::Dot)
                && token.text(text) != "as"
                && !token.first
        });
        path.map(|token| token.text(text)).collect()
    })
    .filter(|path: &String| !path.is_empty())
    .collect()
}

/// A path as people read it: one that leads out of the folder and back into it is shown without the detour.
fn shown(path: &Path) -> String {
    let inside = || {
        let (here, real) = (Path::new(".").canonicalize().ok()?, path.canonicalize().ok()?);
        real.strip_prefix(here).ok().map(Path::to_owned)
    };
    let detour = path.starts_with("..").then(inside).flatten();
    let text = detour.as_deref().unwrap_or(path).to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// `soc2-ai/lib/vendors.law` is `soc2_ai.lib.vendors`.
fn module_path(place: &str) -> String {
    let place = place.strip_suffix(".law").unwrap_or(place);
    let parts: Vec<String> = place.split('/').map(module_part).collect();
    parts.join(".")
}

fn module_part(part: &str) -> String {
    part.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_modules_are_known_from_tokens() {
        let text = "//! use doc.s\nuse std.ai\nuse a.b as c // use d\nuse std.\nuse = 3\nr(x) :- \"\nuse no\".\nuse e";
        assert_eq!(used_modules(text), ["std.ai", "a.b", "std", "no", "e"]);
    }

    #[test]
    fn module_paths_are_pack_and_place() {
        assert_eq!(module_path("soc2-ai/lib/vendors.law"), "soc2_ai.lib.vendors");
        assert_eq!(module_path("lib.law"), "lib");
    }

    #[test]
    fn std_is_always_there_and_a_folder_can_replace_it() {
        let names = |policies: &Policies| policies.modules.iter().map(|m| m.name.to_string()).collect::<Vec<_>>();
        let policies = load_policies(&PolicyChoice::default(), SourceMap::new());
        assert!(names(&policies).contains(&"std.code".to_owned()));
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("std")).unwrap();
        std::fs::write(folder.path().join("std/mine.law"), "").unwrap();
        std::fs::write(folder.path().join("own.law"), "").unwrap();
        let policies =
            load_policies(&PolicyChoice { packs: Vec::new(), paths: vec![folder.path().to_owned()] }, SourceMap::new());
        assert_eq!(names(&policies), ["own", "std.mine"]);
    }

    #[test]
    fn unknown_packs_and_paths_are_told() {
        let choice = PolicyChoice { packs: vec!["soc2-a".into()], paths: vec!["no/such".into()] };
        let policies = load_policies(&choice, SourceMap::new());
        let messages: Vec<_> = policies.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages[0], "there are no policies at `no/such`: no such file or folder");
        assert_eq!(messages[1], "there is no pack `soc2-a`");
        assert_eq!(policies.diagnostics[1].help, ["did you mean `soc2-ai`?"]);
    }
}
