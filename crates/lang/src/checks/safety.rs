//! Variables without a value.

use base::{Diagnostic, Fix, Place};

/// E0420: a variable that nothing binds.
pub(crate) fn unbound(
    name: &str,
    place: Place,
    inside: Option<Place>,
    branch: Option<Place>,
    meant: Option<String>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("E0420", place, format!("nothing gives `{name}` a value"))
        .label("unbound here")
        .maybe_help(meant);
    if let Some(inner) = inside {
        diagnostic = diagnostic.also(inner, format!("`not` and aggregates do not bind `{name}` for the rest"));
    }
    match branch {
        Some(branch) => diagnostic
            .also(branch, format!("this branch does not bind `{name}`"))
            .help(format!("each branch of the `or` has to bind `{name}`: name it in a positive atom of this one too")),
        None => diagnostic.help(format!(
            "name `{name}` in a positive atom of the body, outside `not` and aggregates, or bind it with `{name} = …`"
        )),
    }
}

/// E0107: a word of another language that would be a variable here.
pub(crate) fn foreign_word(place: Place, word: &str, instead: &str) -> Diagnostic {
    let help = match instead {
        "none" => "a missing value is `none`: `relation{column: none}`, or `x = none` of a variable bound as `x?`",
        _ => "it is written in lower case",
    };
    Diagnostic::error("E0107", place, format!("`{word}` would be a variable here; it is written `{instead}`"))
        .help(help)
        .fix(Fix { title: format!("write `{instead}`"), edits: vec![(place, instead.to_owned())], safe: false })
}

/// E0420: a variable of a `not` or an aggregate that nothing binds.
pub(crate) fn unbound_inside(name: &str, place: Place, what: &str) -> Diagnostic {
    Diagnostic::error("E0420", place, format!("nothing gives `{name}` a value"))
        .label(format!("unbound in this {what}"))
        .help(format!("name `{name}` in a positive atom, in here or in the body around"))
}

/// E0421: an unbound variable in two different `not`s.
pub(crate) fn two_nots(name: &str, first: Place, second: Place) -> Diagnostic {
    Diagnostic::error("E0421", second, format!("`{name}` stands in two `not`s and nothing outside binds it"))
        .label("another value than above")
        .also(first, "local to this `not`")
        .help(format!(
            "bind `{name}` outside both to mean one value, put both into one `not ( … )`, or write `_` or another name"
        ))
}

/// E0422: a variable bound as `x?` used as if it were always there.
pub(crate) fn maybe_missing(name: &str, place: Place, bound: Place) -> Diagnostic {
    Diagnostic::error("E0422", place, format!("`{name}` may be missing and cannot be used here"))
        .also(bound, "bound here, also where there is no value")
        .help(format!("write `{name}` without `?` to look at present values only, or `{name} else …` here"))
}

/// E0422: `x?` twice.
pub(crate) fn optional_twice(name: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::error("E0422", place, format!("`{name}?` stands twice"))
        .also(first, "first here")
        .note("a value that may be missing joins with nothing")
        .help("give it another name here")
}

/// E0423: `none` compared with something that is never missing.
pub(crate) fn never_missing(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("E0423", place, format!("`{name}` is never missing here"))
        .help(format!("bind it as `{name}?` to see missing values too"))
}

/// E0424: `none` where it means nothing.
pub(crate) fn stray_none(place: Place) -> Diagnostic {
    Diagnostic::error("E0424", place, "`none` is no operand")
        .help("`none` stands as an argument of an optional column, or in `x = none` and `x != none` of a variable bound as `x?`")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn variables_have_to_be_bound() {
        pin!(check(
            r##"
rel a(x: int, y: int)
rel b(x: int)
b(z) :- a(_, _).
b(x) :- not a(x, _).
b(x) :- b(x), y > 3.
b(x) :- b(x), not ( a(x, y), z > y ).
b(x) :- ( b(x) or a(y, y) ).
b(x) :- b(x), ( a(x, y) or x > y ).
b(x) :- x = y + 1, y = x - 1.
b(n) :- n = count { x : a(x, m) }, m = n + 1.
b(x) :- b(x), not a(x, y), not a(y, x).
b(x) :- b(x), 3 = sum { z : a(x, y) }, y > 1.
"##
        ));
    }

    #[test]
    fn missing_values_are_dealt_with() {
        pin!(check(
            r##"
rel o(x: string, t: time?)
rel p(t: time)
p(t) :- o(_, t?).
p(t) :- o(_, t?), t > 2026-01-01.
p(t) :- o(_, t?), p(t).
p(t) :- o(x, t?), o(x, t?).
p(t) :- o(_, t), t = none.
p(t) :- o(_, t), not none = t.
p(t) :- p(t), o(none, t).
p(none) :- p(_).
p(today()) :- o(_, x?), none < 3, x = none.
o("a", t) :- o(_, t?).
"##
        ));
    }
}
