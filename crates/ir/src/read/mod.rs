//! Reads the text form of programs back: the door through which tests of evaluators give their programs.
//!
//! Types of variables are inferred and strata computed here, since the text states neither. One name in a clause is one
//! variable: texts that need two locals of one name write two names.

mod infer;
mod lexer;
mod parser;
mod strata;

use std::fmt;

pub use strata::strata;

use crate::Program;

/// Why a text is no program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Byte at which it was noticed.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for ReadError {}

/// The program that a text states. Places are those in the text, in file 0.
pub fn read(text: &str) -> Result<Program, ReadError> {
    let mut program = parser::parse(text)?;
    for rule in &mut program.rules {
        let decls = &program.relations;
        infer::types(rule, decls)?;
    }
    infer::facts(&mut program)?;
    program.strata = strata(&program).map_err(|message| ReadError { at: 0, message })?;
    Ok(program)
}

/// Whether a name is taken by the text form itself.
pub(crate) fn is_word(name: &str) -> bool {
    const WORDS: [&str; 21] = [
        "not",
        "or",
        "in",
        "as",
        "else",
        "none",
        "true",
        "false",
        "contains",
        "starts_with",
        "ends_with",
        "matches",
        "like",
        "input",
        "rel",
        "open",
        "key",
        "concat",
        "count",
        "sum",
        "avg",
    ];
    WORDS.contains(&name) || ["min", "max", "join"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text reads, and its printed form reads back to the same program (places aside).
    fn check(text: &str) {
        let program = read(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        let printed = program.to_string();
        let again = read(&printed).unwrap_or_else(|error| panic!("{error} in\n{printed}"));
        assert_eq!(again.to_string(), printed);
        assert_eq!(again.strata, program.strata);
    }

    #[test]
    fn programs_read_back() {
        check(
            r#"
            input edge(a: int, b: int)
            input reg(key name: t.Vendor, since: time?, share: float?)
            rel path(a: int, b: int)
            open rel `AI-1.scope`(v: string)
            path(x, y) :- edge(x, y).
            path(x, z) :- path(x, y), edge(y, z), not (edge(z, x), z > 3 * (x + 1)).
            `AI-1.scope`(v) :- reg(v, s?, none), (s = none or edge(1, n), n not in [1, 2, -3]), lower(v) matches "a(.)" as (g: "1"), g != "x".
            rel late(v: string, d: duration, n: int, t: string)
            late(v, d, n, concat(v, " is ", d)) :- reg(v, s, _), d = 2026-11-20 - s, d >= 90d, n = count { a, b : edge(a, b), a < b }.
            edge(1, 2). reg("x", 2026-01-01T08:30:00Z, 1).
            "#,
        );
    }

    #[test]
    fn faulty_texts_say_where() {
        for (text, want) in [
            ("rel a(x: int)\na(x) :- b(x).", "no relation `b`"),
            ("rel a(x: int)\na(x) :- not (a(x)).", "recursion through negation"),
            ("rel a(x: int)\na(1, 2).", "takes 1"),
            ("rel a(x: int)\na(\"x\").", "does not fit"),
            ("rel a(x: int)\na(", "expected"),
            ("rel a(x: int)\na(y) :- z = y.", "no type"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.message.contains(want), "{text}: {error}");
        }
    }
}
