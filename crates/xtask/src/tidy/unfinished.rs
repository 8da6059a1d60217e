//! Nothing unfinished is committed: no placeholder macros, no notes to self, no switched-off tests.

use super::Report;
use crate::tree::Tree;

/// Composed, so that this file does not hold what it looks for.
const MARKS: [(&str, &str); 6] = [
    (concat!("todo", "!("), "finish it or leave it out"),
    (concat!("unimplemented", "!("), "finish it or leave it out"),
    (concat!("FIX", "ME"), "mend it or write an issue"),
    (concat!("TO", "DO"), "do it or write an issue"),
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("dbg", "!("), "a leftover of debugging"),
];

pub fn check(tree: &Tree, report: &mut Report) {
    for (path, text) in tree.ending(".rs").chain(tree.ending(".law")).chain(tree.ending(".pest")) {
        for (at, line) in text.lines().enumerate() {
            for (mark, advice) in MARKS {
                if holds_word(line, mark) {
                    report.problem_at(path, at + 1, format_args!("`{mark}`: {advice}"));
                }
            }
        }
    }
}

/// Whether `mark` stands in the line and is not the middle of a longer name.
fn holds_word(line: &str, mark: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(mark).any(|(at, _)| {
        let after = line[at + mark.len()..].chars().next();
        let open_end = mark.ends_with(part_of_name) && after.is_some_and(part_of_name);
        !line[..at].ends_with(part_of_name) && !open_end
    })
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    #[test]
    fn marks_are_found_with_their_line() {
        let text = format!("//! x\nfn f() {{ {} }}\n// {}: later\n", concat!("todo", "!()"), concat!("FIX", "ME"));
        assert_eq!(
            problems(super::check, &[("a.rs", &text), ("a.md", &text)]),
            format!(
                "a.rs:2: `{}`: finish it or leave it out\na.rs:3: `{}`: mend it or write an issue",
                concat!("todo", "!("),
                concat!("FIX", "ME")
            )
        );
    }

    #[test]
    fn longer_names_are_other_words() {
        let text = format!("my_{}; {}S\n{}", concat!("todo", "!()"), concat!("TO", "DO"), concat!("#[ign", "ored]"));
        assert_eq!(problems(super::check, &[("a.rs", &text)]), "");
    }
}
