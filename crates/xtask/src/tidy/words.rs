//! The repository stands on its own: no download hosts of package registries, no leftovers of a merge.
//!
//! A lock file that names a mirror ties everyone to that mirror; the ordinary `registry+` line of `Cargo.lock` names an
//! index and is checked with the dependencies.

use super::Report;
use crate::tree::Tree;

/// Composed, so that this file does not hold what it looks for.
const HOSTS: [&str; 9] = [
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("registry.", "npmmirror.com"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi.", "org/simple"),
    concat!("proxy.", "golang.org"),
    concat!("repo1.", "maven.org"),
];

const MERGE: [&str; 3] = [concat!("<<<<", "<<< "), concat!(">>>>", ">>> "), concat!("||||", "||| ")];

pub fn check(tree: &Tree, report: &mut Report) {
    for (path, text) in tree.files() {
        for (at, line) in text.lines().enumerate() {
            if let Some(host) = HOSTS.iter().find(|host| line.contains(**host)) {
                report.problem_at(path, at + 1, format_args!("names the registry host `{host}`"));
            }
            if MERGE.iter().any(|mark| line.starts_with(mark)) {
                report.problem_at(path, at + 1, "a conflict that was never merged");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    #[test]
    fn hosts_and_conflicts_are_found_everywhere() {
        let lock = format!("{{ \"resolved\": \"https://{}/x\" }}", concat!("registry.", "npmjs.org"));
        let conflict = format!("a\n{}HEAD\n", concat!("<<<<", "<<< "));
        let index = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert_eq!(
            problems(super::check, &[("package-lock.json", &lock), ("a.md", &conflict), ("Cargo.lock", index)]),
            format!(
                "a.md:2: a conflict that was never merged\npackage-lock.json:1: names the registry host `{}`",
                concat!("registry.", "npmjs.org")
            )
        );
    }
}
