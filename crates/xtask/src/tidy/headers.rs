//! Every Rust file begins with `//!`: what lives here and the one idea needed to read it.

use super::Report;
use crate::tree::Tree;

pub fn check(tree: &Tree, report: &mut Report) {
    for (path, text) in tree.ending(".rs") {
        let first = text.lines().next().unwrap_or_default();
        match first.strip_prefix("//!") {
            Some(words) if !words.trim().is_empty() => {}
            Some(_) => report.problem(path, "its header says nothing on the first line"),
            None => report.problem(path, "has no `//!` header on its first line"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    #[test]
    fn a_header_is_the_first_line() {
        let files = [
            ("a.rs", "//! Sets.\n"),
            ("b.rs", "use x;\n//! Late.\n"),
            ("c.rs", "//!\n//! x\n"),
            ("d.rs", ""),
            ("e.md", ""),
        ];
        assert_eq!(
            problems(super::check, &files),
            "b.rs: has no `//!` header on its first line\n\
             c.rs: its header says nothing on the first line\n\
             d.rs: has no `//!` header on its first line"
        );
    }
}
