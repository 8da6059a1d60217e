//! Gradle: dependencies in build files (`implementation("group:name:1.0")`) and in catalogs of versions.

use base::Span;
use toml_edit::{Document, Item};

use super::Package;
use super::maven::is_exact;

/// What begins a dependency.
const CONFIGURATIONS: &[&str] = &[
    "annotationProcessor",
    "api",
    "classpath",
    "compile",
    "compileOnly",
    "implementation",
    "kapt",
    "ksp",
    "platform",
    "runtimeOnly",
];

/// The dependencies of a build file, in either of its languages.
pub(super) fn build(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        let word = code.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let configures = CONFIGURATIONS.contains(&word)
            || ["Implementation", "Only", "Api", "Processor"].iter().any(|end| word.ends_with(end));
        if configures {
            packages.extend(quoted(line).find_map(|(at, literal)| coordinates(literal, offset + at)));
        }
        offset += line.len();
    }
    Ok(packages)
}

/// String literals with their places in the line.
fn quoted(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + line.get(from..)?.find(['"', '\''])?;
        let quote = &line[start..=start];
        let end = start + 1 + line[start + 1..].find(quote)?;
        from = end + 1;
        Some((start + 1, &line[start + 1..end]))
    })
}

/// `group:name:version`, with or without the last.
fn coordinates(literal: &str, at: usize) -> Option<Package> {
    let mut parts = literal.split(':');
    let (group, name) = (parts.next()?, parts.next()?);
    if group.is_empty() || name.is_empty() || group.contains(char::is_whitespace) {
        return None;
    }
    let version = parts.next().map(|version| version.split('@').next().unwrap_or(version).to_owned());
    let pinned = version.as_deref().is_some_and(is_exact);
    Some(Package { name: format!("{group}:{name}"), version, pinned, span: Span::new(at, at + literal.len()) })
}

/// `libs.versions.toml`: libraries with their versions, written out or by reference.
pub(super) fn catalog(text: &str) -> Result<Vec<Package>, String> {
    let document =
        Document::parse(text).map_err(|error| error.message().lines().next().unwrap_or_default().to_owned())?;
    let root = document.as_item();
    let version_of = |name: &str| root.get("versions")?.get(name)?.as_str().map(str::to_owned);
    let libraries = root.get("libraries").and_then(Item::as_table_like);
    let mut packages = Vec::new();
    for (_, library) in libraries.into_iter().flat_map(|table| table.iter()) {
        let span = library.span().map_or(Span::at(0), |range| Span::new(range.start, range.end));
        if let Some(literal) = library.as_str() {
            packages.extend(coordinates(literal, 0).map(|package| Package { span, ..package }));
            continue;
        }
        let field = |name: &str| library.get(name).and_then(Item::as_str).map(str::to_owned);
        let name = field("module").or_else(|| Some(format!("{}:{}", field("group")?, field("name")?)));
        let reference = library.get("version").and_then(|version| version.get("ref")).and_then(Item::as_str);
        let version = field("version").or_else(|| reference.and_then(version_of));
        let pinned = version.as_deref().is_some_and(is_exact);
        packages.extend(name.map(|name| Package { name, version, pinned, span }));
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: &[Package]) -> Vec<(&str, Option<&str>, bool)> {
        found.iter().map(|p| (&p.name[..], p.version.as_deref(), p.pinned)).collect()
    }

    #[test]
    fn both_languages_name_coordinates() {
        let text = "dependencies {\n  implementation 'dev.x:a:1.0'\n  testImplementation(\"dev.x:b\")\n  implementation(platform(\"dev.x:bom:2.+\"))\n  implementation project(':core')\n}\n";
        let found = build(text).unwrap();
        let expected = [("dev.x:a", Some("1.0"), true), ("dev.x:b", None, false), ("dev.x:bom", Some("2.+"), false)];
        assert_eq!(shown(&found), expected);
        assert_eq!(&text[found[0].span.range()], "dev.x:a:1.0");
    }

    #[test]
    fn catalogs_name_versions_by_reference() {
        let text = "[versions]\nx = \"1.2\"\n[libraries]\na = { module = \"dev.x:a\", version.ref = \"x\" }\nb = \"dev.x:b:3\"\nc = { group = \"g\", name = \"c\" }\n";
        let expected = [("dev.x:a", Some("1.2"), true), ("dev.x:b", Some("3"), true), ("g:c", None, false)];
        assert_eq!(shown(&catalog(text).unwrap()), expected);
    }
}
