//! Packages of .NET: project files, versions that are kept for all projects, and lock files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::Span;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Package;
use super::npm::{parse, span};

/// `*.csproj`, `Directory.Packages.props`, `packages.config`: elements with a name and a version.
pub(super) fn project(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let element = rest.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        let key = match element {
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" => "Include",
            "package" => "id",
            _ => continue,
        };
        let end = rest.find('>').unwrap_or(rest.len());
        let head = &rest[..end];
        let Some(name) = attribute(head, key).or_else(|| attribute(head, "Update")) else { continue };
        // <PackageReference Include="X"><Version>1.2.3</Version></PackageReference>
        let inner = (!head.ends_with('/')).then(|| rest[end..].split("</PackageReference>").next()).flatten();
        let inner = inner.and_then(|inner| inner.split_once("<Version>")?.1.split('<').next());
        let version = attribute(head, "Version").or_else(|| attribute(head, "version")).or(inner);
        let version = version.map(str::trim).filter(|version| !version.is_empty() && !version.contains('$'));
        let pinned = version.is_some_and(|version| !version.contains(['*', ',', '(']));
        let version = version.map(|version| version.trim_matches(['[', ']']).to_owned());
        let span = Span::new(at, (at + 1 + end + 1).min(text.len()));
        packages.push(Package { name: name.to_owned(), version, pinned, span });
    }
    Ok(packages)
}

fn attribute<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    head.match_indices(name).find_map(|(at, _)| {
        let value = head[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        head[..at].ends_with(char::is_whitespace).then(|| value[1..].split(quote).next()).flatten()
    })
}

#[derive(Deserialize)]
struct Lock<'t> {
    #[serde(borrow)]
    dependencies: BTreeMap<Cow<'t, str>, BTreeMap<Cow<'t, str>, &'t RawValue>>,
}

#[derive(Deserialize)]
struct Locked<'t> {
    #[serde(borrow, default)]
    resolved: Option<Cow<'t, str>>,
}

/// `packages.lock.json`.
pub(super) fn lock(text: &str) -> Result<Vec<Package>, String> {
    let lock: Lock<'_> = parse(text)?;
    let mut packages = Vec::new();
    for (name, value) in lock.dependencies.into_values().flatten() {
        let Ok(Locked { resolved: Some(version) }) = serde_json::from_str::<Locked<'_>>(value.get()) else { continue };
        let (name, version) = (name.into_owned(), Some(version.into_owned()));
        packages.push(Package { name, version, pinned: true, span: span(text, value) });
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_version_here_or_elsewhere() {
        let text = "<Project><ItemGroup>\n<PackageReference Include=\"OpenAI\" Version=\"2.1.0\" />\n<PackageReference Include=\"A.B\"><Version>1.*</Version></PackageReference>\n<PackageReference Include=\"C\" />\n</ItemGroup></Project>";
        let found = project(text).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (&p.name[..], p.version.as_deref(), p.pinned)).collect();
        assert_eq!(shown, [("OpenAI", Some("2.1.0"), true), ("A.B", Some("1.*"), false), ("C", None, false)]);
        assert!(text[found[0].span.range()].contains("OpenAI"));
    }

    #[test]
    fn lock_files_name_what_was_resolved() {
        let text = r#"{"version": 1, "dependencies": {"net8.0": {"OpenAI": {"type": "Direct", "requested": "[2.1.0, )", "resolved": "2.1.0"}}}}"#;
        let found = lock(text).unwrap();
        assert_eq!((found.len(), &found[0].name[..], found[0].version.as_deref()), (1, "OpenAI", Some("2.1.0")));
    }
}
