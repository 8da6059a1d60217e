//! Tests of policies.

use base::{Diagnostic, Place, did_you_mean};

use crate::Status;

/// E0115: a status that does not exist.
pub(crate) fn status(place: Place, word: &str) -> Diagnostic {
    let known = Status::ALL.map(Status::name);
    let help = did_you_mean(word, known).unwrap_or_else(|| format!("statuses are {}", known.join(", ")));
    Diagnostic::error("E0115", place, format!("there is no status `{word}`")).help(help)
}

/// E0702: a test whose result would change with the calendar.
pub(crate) fn as_of_missing(place: Place, through: &str) -> Diagnostic {
    Diagnostic::error("E0702", place, "the result of this test depends on the day it runs")
        .label(format!("`{through}` is computed from `today()`"))
        .help("add a line such as `as_of 2026-11-20`")
}

/// E0703: `as_of` with something that is no day.
pub(crate) fn as_of_value(place: Place) -> Diagnostic {
    Diagnostic::error("E0703", place, "`as_of` takes a date").help("write it without quotes: `as_of 2026-11-20`")
}

/// E0704: a statement that stands once.
pub(crate) fn twice(place: Place, first: Place, what: &str) -> Diagnostic {
    Diagnostic::error("E0704", place, format!("{what} is given twice")).also(first, "first here")
}

/// E0705: a param's value of another type.
pub(crate) fn param_value(place: Option<Place>, name: &str, ty: &str) -> Diagnostic {
    let message = format!("the value of param `{name}` is no {ty}");
    match place {
        Some(place) => Diagnostic::error("E0705", place, message),
        None => Diagnostic::plain("E0705", base::Severity::Error, message),
    }
}

/// E0706: a test that expects nothing.
pub(crate) fn no_expectation(place: Place) -> Diagnostic {
    Diagnostic::error("E0706", place, "this test expects nothing")
        .help("add a line such as `expect violation ID(\"subject\")` or `expect pass ID`")
}

/// E0707: two tests of one name in a module.
pub(crate) fn name_twice(place: Place, first: Place) -> Diagnostic {
    Diagnostic::error("E0707", place, "a test of this name stands above").also(first, "here")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn tests_are_well_formed() {
        pin!(check(
            r##"
rel late(x: string)
param p: int = 3
input i(x: string, t: time?) from csv "i.csv"
late(x) :- i{x, t}, t < today().
control C "x" {
    scope(x) :- i{x}.
    violation(x, "late") :- late(x).
    note(x, "no time") :- i{x, t: none}.
}
test "depends on today" {
    given i{x: "a"}.
    expect fail C
}
test "fine" {
    as_of 2026-11-20
    param p = 4
    given i{x: "a", t: 2026-01-01}.
    given empty code.call
    expect violation C("a") with "late"
    expect i{x: "a"}
    expect no i{x: "b"}
    expect count { x : late(x) } = 1
}
test "fine" {
    as_of 2026-11-20T01:00:00Z
    param p = "x"
    given i{t: 2026-01-01}.
    given lat("x").
    expect violation D("a")
    expect fial C
}
test "empty" {
    as_of 2026-11-20
}
"##
        ));
    }
}
