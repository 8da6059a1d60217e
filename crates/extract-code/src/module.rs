//! Module names from paths, for languages whose imports follow the folders.

/// The names of a file as a module.
#[derive(Debug, Clone)]
pub struct ModuleName {
    /// Path from the root with dots: `backend.app.llm`.
    pub name: String,
    /// The folder that relative imports start from: `backend.app`.
    pub package: String,
    /// The folders above the file, the root first.
    folders: Vec<String>,
    /// By folder: what imports may call the file that begin there, for languages whose imports name paths.
    aliases: Vec<Vec<String>>,
}

impl ModuleName {
    /// The names of the file at `path`; a file called `index` (with any extension) stands for its folder.
    pub fn new(path: &str, index: &str) -> Self {
        let mut parts: Vec<&str> = path.split('/').collect();
        let file = parts.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let package = parts.join(".");
        let mut folders = vec![String::new()];
        for end in 1..=parts.len() {
            folders.push(parts[..end].join("/"));
        }
        let name = match stem {
            stem if stem == index => package.clone(),
            stem if package.is_empty() => stem.to_owned(),
            stem => format!("{package}.{stem}"),
        };
        ModuleName { name, package, folders, aliases: Vec::new() }
    }

    /// The names of a file that others import by its path from theirs, or by what stands below a folder above it: `lib/llm`, behind an alias
    /// for that folder (`@/lib/llm`), or with a name of its own for the first part (`@lib/llm`).
    pub fn with_aliases(path: &str, index: &str) -> Self {
        let mut module = ModuleName::new(path, index);
        let mut parts: Vec<&str> = path.split('/').collect();
        if let Some(file) = parts.pop() {
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            parts.extend((stem != index).then_some(stem));
        }
        let below = |from: usize| {
            let path = parts[from.min(parts.len())..].join("/");
            let mut names = vec![format!("@/{path}")];
            if path.contains('/') {
                names.push(format!("@{path}"));
                names.push(path);
            }
            names
        };
        module.aliases = (0..module.folders.len()).map(below).collect();
        module
    }

    /// The name of a file of Rust by its path; `package` is that of the crate which it is part of: the nearest folder `src` above it, or the file itself.
    pub fn of_crate(path: &str) -> Self {
        let mut module = ModuleName::new(path, "mod");
        let mut parts: Vec<&str> = path.split('/').collect();
        let file = parts.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        if matches!(stem, "lib" | "main") && !parts.is_empty() {
            module.name = parts.join(".");
        }
        let source = parts.iter().rposition(|part| *part == "src");
        module.package = source.map_or_else(|| module.name.clone(), |at| parts[..=at].join("."));
        module
    }

    /// The name of the folder that a file is in, for languages whose files are parts of their folder; `root` where that is the root.
    pub fn of_folder(path: &str, root: &str) -> Self {
        let mut module = ModuleName::new(path, "");
        let folder = module.folders.last().cloned().unwrap_or_default();
        module.name = if folder.is_empty() { root.to_owned() } else { folder };
        module.package = module.name.clone();
        module
    }

    /// The name of a package that the file names itself, wherever it lies.
    pub fn of_package(name: &str) -> Self {
        ModuleName {
            name: name.to_owned(),
            package: name.to_owned(),
            folders: vec![String::new()],
            aliases: Vec::new(),
        }
    }

    /// The folder that the file is in.
    pub fn folder(&self) -> &str {
        self.folders.last().map_or("", String::as_str)
    }

    /// The names of the file by its path below that folder above it.
    pub fn aliases(&self, root: usize) -> &[String] {
        self.aliases.get(root).map_or(&[], Vec::as_slice)
    }

    /// Whether absolute imports may start in any folder above the file.
    pub fn is_found_from_folders(&self) -> bool {
        self.aliases.is_empty()
    }

    /// The folders above the file, the root ("") first.
    pub fn roots(&self) -> &[String] {
        &self.folders
    }

    /// The name under which files whose imports start in the folder `root` know the file.
    pub fn seen_from(&self, root: &str) -> Option<&str> {
        if root.is_empty() {
            return Some(&self.name).filter(|name| !name.is_empty()).map(String::as_str);
        }
        // Folders and dotted names have the same length, whatever the separator is.
        self.name.get(root.len()..)?.strip_prefix(['.', '/'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_above_gives_a_name() {
        let module = ModuleName::new("backend/app/llm.py", "__init__");
        let names: Vec<_> = module.roots().iter().map(|root| (root.as_str(), module.seen_from(root))).collect();
        assert_eq!(names, [("", Some("backend.app.llm")), ("backend", Some("app.llm")), ("backend/app", Some("llm"))]);
        let package = ModuleName::new("app/db/__init__.py", "__init__");
        assert_eq!((package.name.as_str(), package.package.as_str()), ("app.db", "app.db"));
        assert_eq!(package.seen_from("app/db"), None);
        assert_eq!(ModuleName::new("main.py", "__init__").name, "main");
        assert_eq!(ModuleName::new("__init__.py", "__init__").seen_from(""), None);
    }

    #[test]
    fn files_of_rust_are_named_by_their_crate() {
        let names = |path| {
            let module = ModuleName::of_crate(path);
            (module.name, module.package)
        };
        let pair = |name: &str, package: &str| (name.to_owned(), package.to_owned());
        assert_eq!(names("api/src/web/chat.rs"), pair("api.src.web.chat", "api.src"));
        assert_eq!(names("src/web/mod.rs"), pair("src.web", "src"));
        assert_eq!(names("src/main.rs"), pair("src", "src"));
        assert_eq!(names("examples/chat.rs"), pair("examples.chat", "examples.chat"));
    }

    #[test]
    fn aliases_name_the_path_below_any_folder_above() {
        let module = ModuleName::with_aliases("web/src/lib/llm.ts", "index");
        assert_eq!(module.aliases(1), ["@/src/lib/llm", "@src/lib/llm", "src/lib/llm"]);
        assert_eq!(module.aliases(3), ["@/llm"]);
        let index = ModuleName::with_aliases("web/lib/index.ts", "index");
        assert_eq!((index.aliases(1), index.folder()), (&["@/lib".to_owned()][..], "web/lib"));
        assert_eq!(index.name, "web.lib");
    }
}
