//! What is allowed and probably not meant.

use base::{Diagnostic, Place};

/// W0701: a variable that stands once.
pub(crate) fn singleton(place: Place, name: &str) -> Diagnostic {
    Diagnostic::warning("W0701", place, format!("`{name}` stands only once in this clause"))
        .help(format!("write `_` or `_{name}` if any value will do; is it misspelled elsewhere?"))
}

/// W0702: a param as an argument of a positive atom.
pub(crate) fn param_in_atom(place: Place) -> Diagnostic {
    Diagnostic::warning("W0702", place, "this is a param, not a new variable")
        .label("only rows with the param's value match")
        .help("give the variable another name, or compare with `=` to make the meaning plain")
}

/// W0703: a param in a head.
pub(crate) fn param_in_head(place: Place) -> Diagnostic {
    Diagnostic::warning("W0703", place, "this is a param, not a variable of the body")
        .help("give the variable another name, or write `x = …` in the body to make the meaning plain")
}

/// W0704: atoms that share no variable.
pub(crate) fn cross_product(place: Place, first: Place) -> Diagnostic {
    Diagnostic::warning("W0704", place, "this literal shares no variable with the others")
        .label("each of its rows is joined with each row of the rest")
        .also(first, "nothing leads from here to there")
        .help("join them by a common variable, or write `_` for what does not matter")
}

/// W0705: `sum` or `avg` of one operand.
pub(crate) fn lone_sum(place: Place, word: &str) -> Diagnostic {
    Diagnostic::warning("W0705", place, format!("equal values count once in this `{word}`"))
        .note("aggregates range over the set of distinct listed tuples")
        .help(format!("list the key too: `{word} {{ value, key : … }}`"))
}

/// W0706: a violation that overlooks missing values.
pub(crate) fn drops_missing(place: Place, column: &str, relation: &str) -> Diagnostic {
    Diagnostic::warning("W0706", place, format!("rows of `{relation}` without `{column}` are overlooked"))
        .label("matches present values only")
        .note("no violation of this control looks at missing values of the column")
        .help(format!("add a violation for `{relation}{{…, {column}: none}}`, or bind it as `{column}?`"))
}

/// W0707: a private relation that nothing reads.
pub(crate) fn unused(place: Place, name: &str) -> Diagnostic {
    Diagnostic::warning("W0707", place, format!("nothing reads `{name}`"))
        .help("read it in a rule of this control, or take it away")
}

/// W0708: an input that reads every file of a format.
pub(crate) fn greedy_input(place: Place, name: &str) -> Diagnostic {
    Diagnostic::warning("W0708", place, format!("`{name}` takes every file of this kind for its own"))
        .label("matches files of any name")
        .help("say which documents count with `where`, or name the files")
}

/// W0709: a built-in control without a field that all of them have.
pub(crate) fn lacks_field(place: Place, id: &str, field: &str) -> Diagnostic {
    Diagnostic::warning("W0709", place, format!("built-in control `{id}` has no `{field}`"))
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn what_is_probably_not_meant() {
        pin!(check(
            r##"
param p: string = "x"
input v(name: string, dpa: bool?, size: int?) from csv "*.csv" { name: "n", dpa: "d", size: "s" }
rel a(x: string, y: string)
a(x, p) :- v{name: x, dpa: d}, v{name: p}.
a(x, y) :- v{name: x}, v{name: y}.
a(x, y) :- v{name: x}, v{name: y}, x != y.
a(x, "s") :- v{name: x}, s = sum { n : v{name: x, size: n} }, s > 3.
control C "x" {
    rel unused(x: string)
    scope(x) :- v{name: x}.
    violation(x, "no DPA") :- v{name: x, dpa: false}.
    violation(x, "small") :- v{name: x, size: n}, n < 3.
    violation(x, "unknown") :- v{name: x, size: none}.
}
"##
        ));
    }
}
