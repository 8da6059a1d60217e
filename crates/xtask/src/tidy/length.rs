//! A file that grew long is usually two things: a warning above 500 lines, a problem above 700.

use super::Report;
use crate::tree::Tree;

const LONG: usize = 500;
const TOO_LONG: usize = 700;

pub fn check(tree: &Tree, report: &mut Report) {
    for (path, text) in tree.ending(".rs").chain(tree.ending(".law")) {
        let lines = text.lines().count();
        if lines > TOO_LONG {
            report.problem(path, format_args!("{lines} lines, more than {TOO_LONG}: which two things is it?"));
        } else if lines > LONG {
            report.warning(path, format_args!("{lines} lines"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    #[test]
    fn limits_are_the_last_lengths_allowed() {
        let text = |lines: usize| "x\n".repeat(lines);
        let files = [
            ("a.rs", &*text(500)),
            ("b.rs", &*text(501)),
            ("c.law", &*text(700)),
            ("d.rs", &*text(701)),
            ("e.md", &*text(900)),
        ];
        assert_eq!(
            problems(super::check, &files),
            "d.rs: 701 lines, more than 700: which two things is it?\nwarning: b.rs: 501 lines\nwarning: c.law: 700 lines"
        );
    }
}
