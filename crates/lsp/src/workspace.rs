//! A folder: its settings and policies, with what is open in the editor in the place of what is on disk, and what they say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::{Opened, ProjectOptions, ProjectSettings, embedded_text, open_folder};
use base::{Diagnostic, FileId, Place, SourceMap};
use ide::Snapshot;
use lang::{Cache, ModuleSource};
use rustc_hash::FxHashMap;

use crate::convert::breaks;
use crate::uri::clean;

/// Paths of files and back, as of one moment.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// Where each file is.
    pub of: FxHashMap<FileId, PathBuf>,
    /// What file is there.
    pub at: FxHashMap<PathBuf, FileId>,
    /// Where lines begin in texts in which a lone `\r` ends some.
    pub breaks: FxHashMap<FileId, Arc<[u32]>>,
    /// The folder where the pages of codes are laid out.
    pub pages: Option<PathBuf>,
}

/// What of a folder's settings matters to others than its policies.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// The folder.
    pub root: PathBuf,
    /// Globs of ignored files that are looked at all the same.
    pub include: Vec<String>,
    /// Where a new policy goes.
    pub policies: PathBuf,
    /// The folder where explanations are laid out.
    pub explanations: Option<PathBuf>,
}

/// A folder with its policies.
pub struct Workspace {
    /// The folder.
    pub root: PathBuf,
    /// How its project is opened.
    pub options: ProjectOptions,
    /// Its settings.
    pub settings: ProjectSettings,
    /// What is wrong with the settings or could not be loaded.
    pub loading: Vec<Diagnostic>,
    /// Paths of files.
    pub paths: Arc<Paths>,
    /// What else matters of it.
    pub folder: Arc<Folder>,
    /// Numbers of compilations: who holds an older one is late.
    pub version: u64,
    sources: SourceMap,
    modules: Vec<ModuleSource>,
    cache: Cache,
    snapshot: Snapshot,
    stale: bool,
    /// Files that only the editor knows, and their modules.
    alone: FxHashMap<FileId, ModuleSource>,
    settings_file: Option<FileId>,
    /// Texts that are open, by path.
    open: FxHashMap<PathBuf, Arc<str>>,
    layout: Option<PathBuf>,
    /// Takes snapshots that nobody looks at: freeing a large one takes as long as a key may.
    gone: crossbeam_channel::Sender<Snapshot>,
}

impl Workspace {
    /// Opens a folder. `layout` is where built-in policies are laid out.
    pub fn open(root: &Path, layout: Option<&Path>) -> Workspace {
        let root = clean(root);
        let (gone, old) = crossbeam_channel::unbounded::<Snapshot>();
        std::thread::spawn(move || old.into_iter().for_each(drop));
        let mut workspace = Workspace {
            options: ProjectOptions { root: root.clone(), ..ProjectOptions::default() },
            root,
            settings: ProjectSettings::default(),
            loading: Vec::new(),
            paths: Arc::new(Paths { pages: layout.map(|folder| folder.join("codes")), ..Paths::default() }),
            folder: Arc::default(),
            version: 0,
            sources: SourceMap::new(),
            modules: Vec::new(),
            cache: Cache::default(),
            snapshot: Snapshot::new(SourceMap::new(), Arc::default()),
            stale: true,
            alone: FxHashMap::default(),
            settings_file: None,
            open: FxHashMap::default(),
            layout: layout.map(Path::to_owned),
            gone,
        };
        workspace.reload();
        workspace
    }

    /// Reads settings and policies again; what is open stays as the editor has it.
    pub fn reload(&mut self) {
        let Opened { settings, settings_file, policies, paths, diagnostics } = open_folder(&self.options);
        let own =
            paths.iter().map(|path| self.absolute(path)).find(|path| path.starts_with(&self.root) && path.is_dir());
        self.folder = Arc::new(Folder {
            root: self.root.clone(),
            include: settings.include.clone(),
            policies: own.unwrap_or_else(|| self.root.join("policies")),
            explanations: self.layout.as_ref().map(|folder| folder.join("explain")),
        });
        self.settings = settings;
        let mut numbers: FxHashMap<FileId, FileId> = FxHashMap::default();
        if let Some((file, path)) = settings_file {
            let path = self.absolute(&path);
            let known = self.register(&path, policies.sources.path(file), policies.sources.text(file));
            self.settings_file = Some(known);
            numbers.insert(file, known);
        }
        let mut modules = Vec::with_capacity(policies.modules.len());
        for module in &policies.modules {
            let shown = policies.sources.path(module.file);
            let path = match policies.files.get(&module.name) {
                Some(path) => self.absolute(path),
                None => self.laid_out(shown),
            };
            let file = self.register(&path, shown, policies.sources.text(module.file));
            numbers.insert(module.file, file);
            modules.push(ModuleSource { file, ..module.clone() });
        }
        self.modules = modules;
        let known: Vec<FileId> = self.modules.iter().map(|module| module.file).collect();
        self.alone.retain(|file, _| !known.contains(file));
        self.loading = diagnostics.into_iter().map(|diagnostic| renumbered(diagnostic, &numbers)).collect();
        self.stale = true;
    }

    /// A path from the folder that the process runs in, cleaned.
    fn absolute(&self, path: &Path) -> PathBuf {
        clean(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
    }

    /// Where a built-in policy is laid out.
    fn laid_out(&self, shown: &str) -> PathBuf {
        let inside = shown.strip_prefix("lawbook:").unwrap_or(shown);
        match &self.layout {
            Some(folder) => folder.join("policies").join(inside),
            None => PathBuf::from(format!("/lawbook/policies/{inside}")),
        }
    }

    /// The number of the file at a path, with this text unless it is open.
    fn register(&mut self, path: &Path, shown: &str, text: &Arc<str>) -> FileId {
        let text = self.open.get(path).unwrap_or(text).clone();
        let breaks = breaks(&text);
        if let Some(file) = self.paths.at.get(path).copied() {
            if *self.sources.text(file) != text {
                self.sources.replace(file, text);
            }
            self.set_breaks(file, breaks);
            return file;
        }
        let file = self.sources.add(shown, text);
        self.set_breaks(file, breaks);
        let paths = Arc::make_mut(&mut self.paths);
        paths.of.insert(file, path.to_owned());
        paths.at.insert(path.to_owned(), file);
        file
    }

    fn set_breaks(&mut self, file: FileId, breaks: Option<Arc<[u32]>>) {
        match breaks {
            Some(breaks) => drop(Arc::make_mut(&mut self.paths).breaks.insert(file, breaks)),
            None if self.paths.breaks.contains_key(&file) => {
                Arc::make_mut(&mut self.paths).breaks.remove(&file);
            }
            None => {}
        }
    }

    /// A text of the editor takes the place of what is on disk. A policy that no setting names is looked at all the same.
    pub fn set_open(&mut self, path: &Path, text: &str) {
        if let Some(file) = self.paths.at.get(path)
            && self.sources.path(*file).starts_with("lawbook:")
        {
            return;
        }
        let text: Arc<str> = text.into();
        self.open.insert(path.to_owned(), text.clone());
        let known = self.paths.at.contains_key(path);
        let shown = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let file = self.register(path, &shown, &text);
        let policy = path.extension().is_some_and(|extension| extension == "law");
        let module = self.modules.iter().chain(self.alone.values()).any(|module| module.file == file);
        if policy && !module {
            let name = self.free_name(path);
            let folder = path.parent().and_then(|folder| folder.strip_prefix(&self.root).ok());
            let folder = folder.map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default();
            let source = ModuleSource { file, name: name.into(), builtin: false, folder: folder.into() };
            self.alone.insert(file, source);
        }
        self.stale |= !known || policy || path.ends_with("lawbook.toml");
    }

    /// The name of the module that a policy outside of all settings is.
    fn free_name(&self, path: &Path) -> String {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let part: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let taken = |name: &str| {
            self.modules
                .iter()
                .chain(self.alone.values())
                .any(|module| *module.name == *name || module.name.rsplit('.').next() == Some(name))
        };
        let mut name = part.clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{part}_{number}");
            number += 1;
        }
        name
    }

    /// What is on disk counts again.
    pub fn set_closed(&mut self, path: &Path) {
        if self.open.remove(path).is_none() {
            return;
        }
        if let Some(file) = self.paths.at.get(path).copied() {
            if self.alone.remove(&file).is_none()
                && let Ok(text) = std::fs::read_to_string(path)
            {
                self.set_breaks(file, breaks(&text));
                self.sources.replace(file, text);
            }
            self.stale = true;
        }
    }

    /// What policies say now.
    pub fn snapshot(&mut self) -> &Snapshot {
        if std::mem::take(&mut self.stale) {
            let modules = self.modules();
            let compilation = lang::compile_again(&mut self.cache, &self.sources, &modules);
            let overrides = self.settings.params.iter().filter_map(|(name, text, place)| {
                let (name, value) = compilation.parse_param(name, text).ok()?;
                Some((name, value, self.settings_place(*place)))
            });
            let overrides = Arc::new(overrides.collect());
            let mut snapshot = self.snapshot.next(self.sources.clone(), compilation);
            snapshot.overrides = overrides;
            // Without the thread it is freed here.
            let _ = self.gone.send(std::mem::replace(&mut self.snapshot, snapshot));
            self.version += 1;
        }
        &self.snapshot
    }

    /// A place in the settings as they are known here.
    fn settings_place(&self, place: Place) -> Option<Place> {
        let file = self.settings_file?;
        Some(Place { file, ..place })
    }

    /// All modules, those that only the editor knows too.
    pub fn modules(&self) -> Vec<ModuleSource> {
        let mut modules = self.modules.clone();
        modules.extend(self.alone.values().cloned());
        modules.sort_by(|a, b| a.name.cmp(&b.name));
        modules
    }

    /// Where the modules are that are not built in.
    pub fn files(&self) -> std::collections::BTreeMap<Arc<str>, PathBuf> {
        let own = self.modules().into_iter().filter(|module| !self.sources.path(module.file).starts_with("lawbook:"));
        own.filter_map(|module| Some((module.name.clone(), self.paths.of.get(&module.file)?.clone()))).collect()
    }

    /// What came of a test.
    pub fn set_outcome(&mut self, path: &Path, name: &str, passed: bool) {
        if let Some(file) = self.paths.at.get(path) {
            Arc::make_mut(&mut self.snapshot.outcomes).insert((*file, name.to_owned()), passed);
        }
    }

    /// What is known of the facts from now on.
    pub fn set_facts(&mut self, facts: Arc<dyn ide::Facts>) {
        self.snapshot.facts = Some(facts);
    }

    /// Lays a built-in policy out on disk, so that the editor can open it.
    pub fn lay_out(sources: &SourceMap, file: FileId, path: &Path) {
        let shown = sources.path(file);
        let Some(text) = embedded_text(shown) else { return };
        if std::fs::read_to_string(path).is_ok_and(|known| known == text) {
            return;
        }
        let written = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            // What an older version laid out is read-only.
            let _ = std::fs::remove_file(path);
            std::fs::write(path, text)?;
            let mut permissions = std::fs::metadata(path)?.permissions();
            permissions.set_readonly(true);
            std::fs::set_permissions(path, permissions)
        };
        // Without a cache folder that can be written, definitions lead nowhere.
        let _ = written();
    }
}

/// The diagnostic with the numbers that files have here.
fn renumbered(mut diagnostic: Diagnostic, numbers: &FxHashMap<FileId, FileId>) -> Diagnostic {
    let place = |place: &mut Place| place.file = numbers.get(&place.file).copied().unwrap_or(place.file);
    diagnostic.primary.iter_mut().for_each(|label| place(&mut label.place));
    diagnostic.secondary.iter_mut().for_each(|label| place(&mut label.place));
    diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|(at, _)| place(at));
    diagnostic
}
