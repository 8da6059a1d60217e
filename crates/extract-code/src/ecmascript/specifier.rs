//! What a module is called that an import names: `./llm`, `@/lib/llm`, `openai`, `node:fs`, `npm:openai@4`.

use crate::module::ModuleName;

/// Extensions that are left out of the names of modules.
const EXTENSIONS: &[&str] = &["cjs", "cts", "js", "jsx", "mjs", "mts", "ts", "tsx"];

/// A module, and whether it is a file of the project rather than a package.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Specifier {
    pub module: String,
    pub local: bool,
}

/// What a specifier means in the file of that module name.
pub(super) fn resolve(text: &str, from: &ModuleName) -> Specifier {
    if text == "." || text == ".." || text.starts_with("./") || text.starts_with("../") {
        return Specifier { module: relative(text, from.folder()), local: true };
    }
    if let Some(path) = ["@/", "~/", "~~/", "#/"].iter().find_map(|prefix| text.strip_prefix(prefix)) {
        return Specifier { module: format!("@/{}", path_name(path).join("/")), local: true };
    }
    Specifier { module: package(text), local: false }
}

/// The path from the root, with dots.
fn relative(text: &str, folder: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path_name(text) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join(".")
}

/// The parts of a path without extension and without `index`.
fn path_name(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if let Some(last) = parts.last_mut()
        && let Some((stem, extension)) = last.rsplit_once('.')
        && !stem.is_empty()
        && EXTENSIONS.contains(&extension)
    {
        *last = stem;
    }
    parts.pop_if(|last| *last == "index");
    parts
}

/// A package and the path in it, without the ways to fetch it and without its version.
fn package(text: &str) -> String {
    let text = ["node:", "npm:", "jsr:", "https://esm.sh/", "https://cdn.skypack.dev/", "https://esm.run/"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    if text.contains("://") {
        return text.to_owned();
    }
    // The version stands behind the name: `openai@4.20.0/resources`, `@scope/name@1`.
    let start = usize::from(text.starts_with('@'));
    let Some(at) = text[start..].find('@').map(|at| at + start) else { return text.to_owned() };
    let rest = text[at..].find('/').map_or("", |slash| &text[at + slash..]);
    format!("{}{rest}", &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_paths_aliases_or_packages() {
        let from = ModuleName::with_aliases("src/api/chat.service.ts", "index");
        for (text, module, local) in [
            ("./llm", "src.api.llm", true),
            ("./llm.js", "src.api.llm", true),
            ("./user.service", "src.api.user.service", true),
            ("../lib/index.ts", "src.lib", true),
            ("..", "src", true),
            ("../../..", "", true),
            ("./data.json", "src.api.data.json", true),
            ("@/lib/llm", "@/lib/llm", true),
            ("~/lib/index", "@/lib", true),
            ("openai", "openai", false),
            ("node:fs/promises", "fs/promises", false),
            ("npm:openai@^4.1/resources", "openai/resources", false),
            ("@ai-sdk/openai", "@ai-sdk/openai", false),
            ("https://esm.sh/@scope/name@1", "@scope/name", false),
            ("https://deno.land/std/x.ts", "https://deno.land/std/x.ts", false),
        ] {
            assert_eq!(resolve(text, &from), Specifier { module: module.to_owned(), local }, "{text}");
        }
    }
}
