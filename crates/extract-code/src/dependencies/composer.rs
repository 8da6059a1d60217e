//! Packages of PHP: `composer.json` and `composer.lock`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Package;
use super::npm::{is_version, parse, span};

#[derive(Deserialize)]
struct Manifest<'t> {
    #[serde(borrow, default)]
    require: Option<BTreeMap<Cow<'t, str>, &'t RawValue>>,
    #[serde(borrow, default, rename = "require-dev")]
    dev: Option<BTreeMap<Cow<'t, str>, &'t RawValue>>,
}

/// `composer.json`. What has no vendor is the platform.
pub(super) fn manifest(text: &str) -> Result<Vec<Package>, String> {
    let manifest: Manifest<'_> = parse(text)?;
    let mut packages = Vec::new();
    for (name, value) in [manifest.require, manifest.dev].into_iter().flatten().flatten() {
        let Ok(range) = serde_json::from_str::<Cow<'_, str>>(value.get()) else { continue };
        if !name.contains('/') {
            continue;
        }
        let exact = range.trim_start_matches('v');
        let pinned = is_version(exact);
        let version = Some(if pinned { exact.to_owned() } else { range.clone().into_owned() });
        let version = version.filter(|version| version != "*");
        packages.push(Package { name: name.into_owned(), version, pinned, span: span(text, value) });
    }
    Ok(packages)
}

#[derive(Deserialize)]
struct Lock<'t> {
    #[serde(borrow, default)]
    packages: Vec<&'t RawValue>,
    #[serde(borrow, default, rename = "packages-dev")]
    dev: Vec<&'t RawValue>,
}

#[derive(Deserialize)]
struct Locked<'t> {
    #[serde(borrow)]
    name: &'t RawValue,
    #[serde(borrow)]
    version: Cow<'t, str>,
}

/// `composer.lock`.
pub(super) fn lock(text: &str) -> Result<Vec<Package>, String> {
    let lock: Lock<'_> = parse(text)?;
    let mut packages = Vec::new();
    for value in lock.packages.into_iter().chain(lock.dev) {
        let Ok(entry) = serde_json::from_str::<Locked<'_>>(value.get()) else { continue };
        let Ok(name) = serde_json::from_str::<String>(entry.name.get()) else { continue };
        let version = Some(entry.version.trim_start_matches('v').to_owned());
        packages.push(Package { name, version, pinned: true, span: span(text, entry.name) });
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_and_locks_name_packages() {
        let text = r#"{"require": {"php": ">=8.2", "openai-php/client": "^0.10", "laravel/framework": "11.0.1"}}"#;
        let shown: Vec<_> = manifest(text).unwrap().into_iter().map(|p| (p.name, p.version, p.pinned)).collect();
        assert_eq!(
            shown,
            [
                ("laravel/framework".to_owned(), Some("11.0.1".to_owned()), true),
                ("openai-php/client".to_owned(), Some("^0.10".to_owned()), false)
            ]
        );
        let text = r#"{"packages": [{"name": "openai-php/client", "version": "v0.10.1"}], "packages-dev": []}"#;
        let found = lock(text).unwrap();
        assert_eq!((&found[0].name[..], found[0].version.as_deref()), ("openai-php/client", Some("0.10.1")));
        assert_eq!(&text[found[0].span.range()], "\"openai-php/client\"");
    }
}
