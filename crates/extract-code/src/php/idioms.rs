//! PHP's customs. Functions that a file does not declare are `global.` and their name.

use crate::idioms::{After, Holes, Idioms, Runner};

pub(super) const PHP: Idioms = Idioms {
    putting: &["add", "append", "merge", "offsetSet", "prepend", "push", "put", "set", "write"],
    format_functions: &[
        ("global.sprintf", Holes::Percent),
        ("global.vsprintf", Holes::Percent),
        ("global.__", Holes::Each),
    ],
    join_functions: &[("global.implode", 1), ("global.join", 1)],
    cleaning: &["global.trim", "global.ltrim", "global.rtrim"],
    leaving: &["abort", "dd", "die", "exit", "wp_die", "wp_send_json", "wp_send_json_error", "wp_send_json_success"],
    builtins: BUILTINS,
    text: "string",
    containers: ["array", "array", "array", "array"],
    environment: &["_ENV"],
    environment_calls: &["global.env", "global.getenv", "Illuminate.Support.Env.get"],
    casts: &["global.app", "global.resolve"],
    lookups: &["get"],
    entries_are_attributes: true,
    passing: PASSING,
    handler: "catch",
    enum_value: "value",
    runners: RUNNERS,
    taking: &["first", "firstOrFail", "last", "pop", "shift", "sole"],
    sifting: &["filter", "reverse", "skip", "sort", "sortBy", "take", "unique", "values"],
    properties: &["get"],
    base_object: "parent",
    ..Idioms::NONE
};

/// Functions that put something into an argument of theirs, sorted, and which it is.
pub(super) const OUTS: &[(&str, usize)] = &[
    ("array_push", 0),
    ("array_unshift", 0),
    ("exec", 1),
    ("mb_parse_str", 1),
    ("openssl_private_decrypt", 1),
    ("parse_str", 1),
    ("preg_match", 2),
    ("preg_match_all", 2),
];

#[rustfmt::skip]
const PASSING: &[(&str, usize)] = &[
    ("each", 0), ("filter", 0), ("flatMap", 0), ("map", 0), ("mapWithKeys", 0), ("reduce", 1), ("reject", 0), ("tap", 0), ("then", 0),
    ("transform", 0),
];

const fn runner(method: &'static str, function: usize, after: After) -> Runner {
    Runner { method, function: Some(function), after, sure: false }
}

const RUNNERS: &[Runner] = &[
    runner("array_filter", 1, After::Nothing),
    runner("array_map", 0, After::Arguments),
    runner("array_walk", 1, After::Nothing),
    runner("call_user_func", 0, After::Arguments),
    runner("flatMap", 0, After::Object),
    runner("map", 0, After::Object),
    runner("retry", 1, After::Nothing),
    runner("then", 0, After::Object),
    runner("transaction", 0, After::Nothing),
];

#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "GLOBALS", "_COOKIE", "_ENV", "_FILES", "_GET", "_POST", "_REQUEST", "_SERVER", "_SESSION", "array", "bool", "callable", "float",
    "get", "int", "interface", "iterable", "parent", "string", "this",
];

#[cfg(test)]
mod tests {
    #[test]
    fn tables_can_be_searched() {
        assert!(super::BUILTINS.is_sorted() && super::OUTS.is_sorted());
    }
}
