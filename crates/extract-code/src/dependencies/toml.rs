//! Manifests and lock files in TOML.

use base::Span;
use toml_edit::{Document, Item, TableLike, Value};

use super::Package;
use super::requirements::{package, requirement};

fn parse(text: &str) -> Result<Document<&str>, String> {
    Document::parse(text).map_err(|error| error.message().lines().next().unwrap_or_default().to_owned())
}

/// `pyproject.toml`: the standard's lists and Poetry's tables.
pub(super) fn project(text: &str) -> Result<Vec<Package>, String> {
    let document = parse(text)?;
    let root = document.as_item();
    let mut packages = Vec::new();
    list(at(root, &["project", "dependencies"]), &mut packages);
    for groups in [&["project", "optional-dependencies"][..], &["dependency-groups"]] {
        if let Some(groups) = at(root, groups).and_then(Item::as_table_like) {
            groups.iter().for_each(|(_, group)| list(Some(group), &mut packages));
        }
    }
    if let Some(poetry) = at(root, &["tool", "poetry"]) {
        table(at(poetry, &["dependencies"]), &mut packages);
        table(at(poetry, &["dev-dependencies"]), &mut packages);
        if let Some(groups) = at(poetry, &["group"]).and_then(Item::as_table_like) {
            groups.iter().for_each(|(_, group)| table(at(group, &["dependencies"]), &mut packages));
        }
    }
    Ok(packages)
}

/// `Pipfile`.
pub(super) fn pipfile(text: &str) -> Result<Vec<Package>, String> {
    let document = parse(text)?;
    let mut packages = Vec::new();
    table(at(document.as_item(), &["packages"]), &mut packages);
    table(at(document.as_item(), &["dev-packages"]), &mut packages);
    Ok(packages)
}

/// `Cargo.toml`: the tables of a package, of a workspace and of platforms.
pub(super) fn cargo(text: &str) -> Result<Vec<Package>, String> {
    const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];
    let document = parse(text)?;
    let root = document.as_item();
    let mut packages = Vec::new();
    let mut owners = vec![Some(root), at(root, &["workspace"])];
    let platforms = at(root, &["target"]).and_then(Item::as_table_like);
    owners.extend(platforms.into_iter().flat_map(|table| table.iter()).map(|(_, item)| Some(item)));
    for owner in owners.into_iter().flatten() {
        for name in TABLES {
            table(at(owner, &[name]), &mut packages);
        }
    }
    // A version stands for all that are compatible with it, unless it begins with `=`.
    for package in &mut packages {
        let exact = package.version.as_deref().and_then(|version| version.strip_prefix('=')).map(str::to_owned);
        let commit = package.version.as_deref().is_some_and(|version| version.len() == 40);
        package.pinned = exact.is_some() || commit;
        package.version = exact.or(package.version.take());
    }
    Ok(packages)
}

/// Lock files that list each package with its version.
pub(super) fn lock(text: &str) -> Result<Vec<Package>, String> {
    let document = parse(text)?;
    let Some(list) = at(document.as_item(), &["package"]).and_then(Item::as_array_of_tables) else {
        return Ok(Vec::new());
    };
    let read = |entry: &toml_edit::Table| {
        let name = entry.get("name")?;
        let version = entry.get("version").and_then(Item::as_str).map(str::to_owned);
        // The project itself stands in the list too, without a version to pin.
        let own = entry.get("source").and_then(Item::as_table_like);
        let own = own.is_some_and(|source| source.contains_key("virtual") || source.contains_key("editable"));
        let pinned = version.is_some();
        (!own).then_some(Package { name: name.as_str()?.to_owned(), version, pinned, span: span(name.span()) })
    };
    Ok(list.iter().filter_map(read).collect())
}

fn at<'a>(item: &'a Item, path: &[&str]) -> Option<&'a Item> {
    path.iter().try_fold(item, |item, part| item.as_table_like()?.get(part))
}

fn span(range: Option<std::ops::Range<usize>>) -> Span {
    range.map_or(Span::at(0), |range| Span::new(range.start, range.end))
}

/// A list of requirements.
fn list(item: Option<&Item>, packages: &mut Vec<Package>) {
    let values = item.and_then(Item::as_array).into_iter().flatten();
    for value in values {
        if let Some(mut found) = value.as_str().and_then(requirement) {
            found.span = span(value.span());
            packages.push(found);
        }
    }
}

/// Names with versions: `openai = "^1.2"`, `openai = {version = "1.2.3", extras = ["x"]}`.
fn table(item: Option<&Item>, packages: &mut Vec<Package>) {
    let Some(table) = item.and_then(Item::as_table_like) else { return };
    for (name, item) in table.iter().filter(|(name, _)| *name != "python") {
        let (version, revision) = version_of(item);
        let version = version.unwrap_or_default().trim();
        let bare = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains([',', '*', '|', ' ']);
        let version = match version {
            "*" => String::new(),
            _ if bare => format!("=={version}"),
            _ => version.to_owned(),
        };
        let mut found = package(name.to_owned(), &version, place(table, name, item));
        if let Some(revision) = revision {
            (found.version, found.pinned) = (Some(revision.to_owned()), true);
        }
        packages.push(found);
    }
}

fn version_of(item: &Item) -> (Option<&str>, Option<&str>) {
    if let Some(version) = item.as_str() {
        return (Some(version), None);
    }
    let Some(fields) = item.as_table_like() else { return (None, None) };
    let text = |name: &str| fields.get(name).and_then(Item::as_value).and_then(Value::as_str);
    let revision = text("rev").or(text("ref")).filter(|revision| revision.len() == 40);
    (text("version"), revision)
}

fn place(table: &dyn TableLike, name: &str, item: &Item) -> Span {
    let value = item.span().map(|range| Span::new(range.start, range.end));
    let key = table.key(name).and_then(|key| key.span()).map(|range| Span::new(range.start, range.end));
    match (key, value) {
        (Some(key), Some(value)) => key.cover(value),
        (one, other) => one.or(other).unwrap_or(Span::at(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: Result<Vec<Package>, String>, text: &str, expected: &[(&str, Option<&str>, bool, &str)]) {
        let packages = found.unwrap();
        let found: Vec<_> =
            packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.pinned, &text[p.span.range()])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn projects_list_packages_in_several_tables() {
        let text = r#"
[project]
dependencies = ["openai==1.2", "x[y]>=1"]
[project.optional-dependencies]
dev = ["pytest"]
[dependency-groups]
lint = ["ruff==0.5", {include-group = "dev"}]
[tool.poetry.dependencies]
python = "^3.11"
a = "1.2.3"
b = {version = "^2", extras = ["z"]}
c = "*"
"#;
        let expected = [
            ("openai", Some("1.2"), true, "\"openai==1.2\""),
            ("x", Some(">=1"), false, "\"x[y]>=1\""),
            ("pytest", None, false, "\"pytest\""),
            ("ruff", Some("0.5"), true, "\"ruff==0.5\""),
            ("a", Some("1.2.3"), true, "a = \"1.2.3\""),
            ("b", Some("^2"), false, "b = {version = \"^2\", extras = [\"z\"]}"),
            ("c", None, false, "c = \"*\""),
        ];
        check(project(text), text, &expected);
        assert!(project("[project\n").is_err());
    }

    #[test]
    fn crates_are_pinned_by_an_equals_sign_only() {
        let text = "[dependencies]\nrig-core = \"0.9\"\naxum = { version = \"=0.7.5\" }\n[workspace.dependencies]\nserde = \"1\"\n";
        let found = cargo(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (&p.name[..], p.version.as_deref(), p.pinned)).collect();
        assert_eq!(
            shown,
            [("rig-core", Some("0.9"), false), ("axum", Some("0.7.5"), true), ("serde", Some("1"), false)]
        );
    }

    #[test]
    fn lock_files_pin_everything_but_the_project_itself() {
        let text = r#"
[[package]]
name = "openai"
version = "1.2.3"
source = { registry = "https://example.org/simple" }
[[package]]
name = "me"
version = "0.1"
source = { virtual = "." }
"#;
        check(lock(text), text, &[("openai", Some("1.2.3"), true, "\"openai\"")]);
    }
}
