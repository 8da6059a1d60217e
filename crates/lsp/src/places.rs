//! Links from an explanation, which names places as `path:line`, to the files that it speaks of.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use base::Span;
use lsp_types::Uri;

use crate::uri;

/// Links shown.
const MOST: usize = 100;

/// The places of files below a folder that a text names, in their order.
fn named<'t>(text: &'t str, root: &Path) -> Vec<(&'t str, u32)> {
    let mut seen = BTreeSet::new();
    let words = text.split(|c: char| c.is_whitespace() || "()[]{}<>,`'\"".contains(c));
    let place = |word: &'t str| {
        let mut parts = word.trim_end_matches(['.', ':', ';']).splitn(3, ':');
        let (path, line) = (parts.next()?, parts.next()?.parse().ok()?);
        let safe = !path.is_empty() && !Path::new(path).is_absolute() && !path.split('/').any(|part| part == "..");
        (safe && seen.insert((path, line)) && root.join(path).is_file()).then_some((path, line))
    };
    words.filter_map(place).take(MOST).collect()
}

/// Links to the places that a text names, as a section behind it.
pub fn links(text: &str, root: &Path) -> String {
    let mut links = String::new();
    for (path, line) in named(text, root) {
        if let Some(uri) = uri::from_path(&root.join(path)) {
            let _ = writeln!(links, "- [{path}:{line}]({}#L{line})", uri.as_str());
        }
    }
    if links.is_empty() { links } else { format!("\n## Places\n\n{links}") }
}

/// Where each place that a text with such a section names leads, by the bytes of the place.
pub fn linked(text: &str) -> Vec<(Span, Uri)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let Some((place, target)) = line.strip_prefix("- [").and_then(|rest| rest.strip_suffix(')')?.split_once("]("))
        else {
            continue;
        };
        let Ok(target) = target.parse::<Uri>() else { continue };
        // A longer place may begin with it: `a.csv:1` and `a.csv:12`.
        let bounded = |at: usize| {
            let (before, after) = (text[..at].chars().next_back(), text[at + place.len()..].chars().next());
            let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '_' | '-'));
            !word(before) && !word(after)
        };
        for (at, _) in text.match_indices(place).filter(|(at, _)| bounded(*at)) {
            found.push((Span::new(at, at + place.len()), target.clone()));
        }
    }
    found.sort_by_key(|(span, _)| *span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a folder with a file")]
    fn places_below_the_folder_are_linked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/a b.csv"), "x").unwrap();
        std::fs::write(folder.path().join("data/a.csv"), "x").unwrap();
        let text = "r(\"x\")\n  data/a.csv:12:3 and (data/a.csv:12), ../a.csv:1, none.csv:2, data/a.csv:x, lawbook:std/a.law:3\n";
        let linked = links(text, folder.path());
        assert_eq!(linked.matches("](file://").count(), 1, "{linked}");
        assert!(linked.contains("- [data/a.csv:12](file://") && linked.ends_with("/data/a.csv#L12)\n"), "{linked}");
        assert_eq!(links("nothing", folder.path()), "");
        // All of them are links then, in the text and below it.
        let shown = format!("{text}{linked}");
        let found: Vec<&str> = super::linked(&shown).into_iter().map(|(span, _)| &shown[span.range()]).collect();
        assert_eq!(found, ["data/a.csv:12"; 3]);
    }
}
