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
        ModuleName { name, package, folders }
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
        self.name.get(root.len()..)?.strip_prefix('.')
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
}
