//! Manifests and lock files of JavaScript: `package.json`, `package-lock.json`, `pnpm-lock.yaml`, `yarn.lock`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::Span;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Package;

/// Names with what stands under them, where it stands in the text.
type Named<'t> = BTreeMap<Cow<'t, str>, &'t RawValue>;

/// The tables of a manifest that name packages.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'t> {
    #[serde(borrow, default)]
    dependencies: Option<Named<'t>>,
    #[serde(borrow, default)]
    dev_dependencies: Option<Named<'t>>,
    #[serde(borrow, default)]
    optional_dependencies: Option<Named<'t>>,
    #[serde(borrow, default)]
    peer_dependencies: Option<Named<'t>>,
}

/// `package.json`.
pub(super) fn manifest(text: &str) -> Result<Vec<Package>, String> {
    let manifest: Manifest<'_> = parse(text)?;
    let tables =
        [manifest.dependencies, manifest.dev_dependencies, manifest.optional_dependencies, manifest.peer_dependencies];
    let mut packages = Vec::new();
    for (name, value) in tables.into_iter().flatten().flatten() {
        let Ok(range) = serde_json::from_str::<Cow<'_, str>>(value.get()) else { continue };
        packages.push(wanted(&name, &range, span(text, value)));
    }
    Ok(packages)
}

/// A package with the range of versions that is asked for: `^1.2`, `npm:other@1`, `github:a/b#commit`, `workspace:*`.
fn wanted(name: &str, range: &str, span: Span) -> Package {
    let (name, range) =
        match range.strip_prefix("npm:").and_then(|alias| alias[1..].split_once('@').map(|at| (alias, at))) {
            Some((alias, (rest, range))) => (&alias[..rest.len() + 1], range),
            None => (name, range),
        };
    let commit = range.rsplit_once('#').map(|(_, commit)| commit).filter(|commit| commit.len() == 40);
    let exact = range.trim_start_matches('=').trim();
    let pinned = commit.is_some() || is_version(exact);
    let version = match range {
        "" | "*" | "latest" => None,
        _ => Some(commit.unwrap_or(if pinned { exact } else { range }).to_owned()),
    };
    Package { name: name.to_owned(), version, pinned, span }
}

/// Whether a text is one version rather than a range of them.
pub(super) fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The lists of a lock file of npm: by folder since its second version, nested before.
#[derive(Deserialize)]
struct Lock<'t> {
    #[serde(borrow, default)]
    packages: Option<Named<'t>>,
    #[serde(borrow, default)]
    dependencies: Option<Named<'t>>,
}

/// An entry of a lock file.
#[derive(Deserialize)]
struct Locked<'t> {
    #[serde(borrow, default)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    version: Option<&'t RawValue>,
    #[serde(default)]
    link: bool,
    #[serde(borrow, default)]
    dependencies: Option<Named<'t>>,
}

/// `package-lock.json`, `npm-shrinkwrap.json`.
pub(super) fn lock(text: &str) -> Result<Vec<Package>, String> {
    let lock: Lock<'_> = parse(text)?;
    let mut packages = Vec::new();
    if let Some(folders) = lock.packages {
        for (folder, value) in folders {
            let Some((_, name)) = folder.rsplit_once("node_modules/") else { continue };
            let Ok(entry) = serde_json::from_str::<Locked<'_>>(value.get()) else { continue };
            if !entry.link {
                let name = entry.name.as_deref().unwrap_or(name);
                packages.extend(entry.version.and_then(|version| locked(text, name, version)));
            }
        }
        return Ok(packages);
    }
    let mut pending: Vec<Named<'_>> = lock.dependencies.into_iter().collect();
    while let Some(table) = pending.pop() {
        for (name, value) in table {
            let Ok(entry) = serde_json::from_str::<Locked<'_>>(value.get()) else { continue };
            packages.extend(entry.version.and_then(|version| locked(text, &name, version)));
            pending.extend(entry.dependencies);
        }
    }
    Ok(packages)
}

fn locked(text: &str, name: &str, version: &RawValue) -> Option<Package> {
    let span = span(text, version);
    let version = serde_json::from_str::<Cow<'_, str>>(version.get()).ok()?;
    Some(Package { name: name.to_owned(), version: Some(version.into_owned()), pinned: true, span })
}

pub(super) fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Where a value stands that was read out of the text.
pub(super) fn span(text: &str, value: &RawValue) -> Span {
    let start = (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    Span::new(start, (start + value.get().len()).min(text.len()))
}

/// `pnpm-lock.yaml`: the keys below `packages:` name packages with their versions.
pub(super) fn pnpm(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let (mut inside, mut offset) = (false, 0);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        if !body.starts_with(' ') && !body.is_empty() {
            inside = body == "packages:";
        } else if inside
            && let Some(key) = body.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))
            && let Some(key) = key.strip_suffix(':').or_else(|| key.split_once(": ").map(|(key, _)| key))
        {
            packages.extend(pnpm_package(key.trim_matches(['\'', '"']), Span::new(offset + 2, offset + 2 + key.len())));
        }
        offset += line.len();
    }
    Ok(packages)
}

/// `/openai/4.20.0`, `/openai@4.20.0(zod@3)`, `@scope/name@1.0.0`.
fn pnpm_package(key: &str, span: Span) -> Option<Package> {
    let key = key.split('(').next().unwrap_or(key);
    let (key, slashed) = key.strip_prefix('/').map_or((key, false), |key| (key, true));
    let at = key.get(1..)?.rfind('@').map(|at| at + 1);
    let at = at.or_else(|| key.rfind('/').filter(|_| slashed))?;
    let version = key[at + 1..].split('_').next().unwrap_or_default();
    let name = key[..at].to_owned();
    Some(Package { name, version: Some(version.to_owned()), pinned: true, span })
}

/// `yarn.lock`: a line of what was asked for, then the version that was chosen.
pub(super) fn yarn(text: &str) -> Result<Vec<Package>, String> {
    let mut packages = Vec::new();
    let (mut head, mut offset) = (None, 0);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        if !body.starts_with([' ', '#']) && body.ends_with(':') {
            head = yarn_name(body).map(|name| (name, offset));
        } else if let Some(version) = body.strip_prefix("  version")
            && let Some((name, start)) = head.take()
        {
            let version = version.trim_start_matches(':').trim().trim_matches('"').to_owned();
            let span = Span::new(start, offset + body.len());
            if version != "0.0.0-use.local" {
                packages.push(Package { name, version: Some(version), pinned: true, span });
            }
        }
        offset += line.len();
    }
    Ok(packages)
}

/// The name in `"@scope/name@^1.0.0", "@scope/name@npm:^1.1":`.
fn yarn_name(head: &str) -> Option<String> {
    let first = head.trim_end_matches(':').split(',').next()?.trim().trim_matches('"');
    let at = first.get(1..)?.find('@')? + 1;
    (first != "__metadata").then(|| first[..at].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Result<Vec<Package>, String>, text: &str, expected: &[(&str, Option<&str>, bool, &str)]) {
        let found = found.expect("the text can be read");
        let found: Vec<_> =
            found.iter().map(|p| (&*p.name, p.version.as_deref(), p.pinned, &text[p.span.range()])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn manifests_ask_for_ranges() {
        let text = r#"{"name": "me", "dependencies": {"openai": "^4.20.0", "zod": "3.23.8", "any": "*"},
            "devDependencies": {"alias": "npm:@scope/real@1.0.0", "git": "github:a/b#0123456789012345678901234567890123456789"}}"#;
        let commit = "0123456789012345678901234567890123456789";
        let expected = [
            ("any", None, false, "\"*\""),
            ("openai", Some("^4.20.0"), false, "\"^4.20.0\""),
            ("zod", Some("3.23.8"), true, "\"3.23.8\""),
            ("@scope/real", Some("1.0.0"), true, "\"npm:@scope/real@1.0.0\""),
            ("git", Some(commit), true, "\"github:a/b#0123456789012345678901234567890123456789\""),
        ];
        check(manifest(text), text, &expected);
        assert!(manifest("{").is_err());
        assert_eq!(manifest("{}"), Ok(Vec::new()));
    }

    #[test]
    fn lock_files_pin_by_folder_or_nested() {
        let text = r#"{"packages": {"": {"version": "1.0.0"}, "node_modules/openai": {"version": "4.20.0"},
            "node_modules/a/node_modules/@s/b": {"version": "2.0.0"}, "node_modules/me": {"link": true}}}"#;
        check(
            lock(text),
            text,
            &[("@s/b", Some("2.0.0"), true, "\"2.0.0\""), ("openai", Some("4.20.0"), true, "\"4.20.0\"")],
        );
        let text = r#"{"dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "2.0.0"}}}}}"#;
        check(lock(text), text, &[("a", Some("1.0.0"), true, "\"1.0.0\""), ("b", Some("2.0.0"), true, "\"2.0.0\"")]);
    }

    #[test]
    fn lines_of_pnpm_and_yarn_name_packages() {
        let text = "importers:\n  .: {}\npackages:\n\n  /openai@4.20.0(zod@3.0.0):\n    engines: {}\n  '@s/b@1.0.0': {}\n  /old/2.0.0:\n";
        let expected = [
            ("openai", Some("4.20.0"), true, "/openai@4.20.0(zod@3.0.0)"),
            ("@s/b", Some("1.0.0"), true, "'@s/b@1.0.0'"),
            ("old", Some("2.0.0"), true, "/old/2.0.0"),
        ];
        check(pnpm(text), text, &expected);
        let text = "# yarn lockfile v1\n\n\"@s/b@^1.0\", \"@s/b@^1.1\":\n  version \"1.2.0\"\n\nopenai@npm:^4:\n  version: 4.20.0\n";
        let expected = [
            ("@s/b", Some("1.2.0"), true, "\"@s/b@^1.0\", \"@s/b@^1.1\":\n  version \"1.2.0\""),
            ("openai", Some("4.20.0"), true, "openai@npm:^4:\n  version: 4.20.0"),
        ];
        check(yarn(text), text, &expected);
    }
}
