//! Names declared twice, reserved, or out of place.

use base::{Diagnostic, Place};

/// E0220: a second declaration of a name.
pub(crate) fn twice(kind: &str, name: &str, place: Place, first: Option<Place>) -> Diagnostic {
    let help = match kind {
        "control" => "give one of them another id: findings and waivers are told apart by it",
        "relation" => "declare it once, with all its columns; any number of rules may fill it",
        _ => "take one of the two away, or give it another name",
    };
    let diagnostic = Diagnostic::error("E0220", place, format!("{kind} `{name}` is declared twice")).help(help);
    match first {
        Some(first) => diagnostic.label("again here").also(first, "first declared here"),
        None => diagnostic,
    }
}

/// E0221: a word of the language as a name.
pub(crate) fn reserved(kind: &str, name: &str, place: Place) -> Diagnostic {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    Diagnostic::error("E0221", place, format!("`{name}` cannot name {article} {kind}"))
        .label("a word of the language")
        .help(format!("call it `{name}_` or something that says more"))
}

/// E0222: two modules reachable under one name.
pub(crate) fn ambiguous_use(alias: &str, place: Place, first: Place, other: &str) -> Diagnostic {
    let last = other.rsplit('.').nth(1).unwrap_or("other");
    Diagnostic::error("E0222", place, format!("`{alias}` already names another module"))
        .also(first, "made reachable here")
        .help(format!("give one of them a name of its own: `use {other} as {last}_{alias}`"))
}

/// E0223: a chain of supertypes that leads back to its start.
pub(crate) fn entity_cycle(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("E0223", place, format!("entity `{name}` would be a subtype of itself"))
        .help("take `<` from one of the entities of the circle")
}

/// E0224: a supertype that is no entity.
pub(crate) fn parent(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("E0224", place, format!("`{name}` is no entity"))
        .label("only entities have subtypes")
        .help("take `<` and what follows away")
}

/// E0225: `key` where it means nothing.
pub(crate) fn misplaced_key(place: Place, why: &str, help: &str) -> Diagnostic {
    Diagnostic::error("E0225", place, format!("`key` {why}")).help(help)
}

/// E0226: a param's default that is no value of its type.
pub(crate) fn param_default(place: Place, name: &str, ty: &str) -> Diagnostic {
    Diagnostic::error("E0226", place, format!("the default of param `{name}` is no {ty}"))
        .label("must be a literal of the param's type")
        .maybe_help(example(ty).map(|example| format!("write it as `{name}: {ty} = {example}`")))
}

fn example(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "string" => "\"text\"",
        "int" => "42",
        "float" => "0.05",
        "bool" => "true",
        "time" => "2026-11-20",
        "duration" => "90d",
        _ => return None,
    })
}

/// E0227: a param of a type that params do not have.
pub(crate) fn param_type(place: Place, ty: &str) -> Diagnostic {
    Diagnostic::error("E0227", place, format!("a param cannot be of type `{ty}`"))
        .help("params are `string`, `int`, `float`, `bool`, `time` or `duration`")
}

/// E0228: two files under one module path.
pub(crate) fn module_twice(name: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::error("E0228", place, format!("module `{name}` is loaded twice"))
        .label("this file is left out")
        .also(first, "already loaded from here")
        .help("rename or move one of the two files, or take one of the paths out of the settings")
}

/// A project's module called as one of the standard library: its relations would have the same names.
pub(crate) fn module_of_std(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("E0228", place, format!("module `{name}` cannot be told from `std.{name}`"))
        .label("this file has the name of a module of the standard library")
        .help("give the file another name, or move it into a folder")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn names_are_declared_once() {
        pin!(check(
            r##"
rel a(x: string, x: int)
rel b(x: string)
rel b(y: string)
entity E
entity E
entity string
entity F < G
entity G < F
entity H < int
param p: int = "x"
param q: E = "x"
param r: int = 1
param r: int = 2
rel none(x: string)
rel k(key x: string)
input i(key x: string?, key y: int) from csv "x.csv"
control C "a" {
    rel scope(x: string)
    scope(c) :- code.call{call: c}.
}
control C "b" {
    scope(c) :- code.call{call: c}.
}
framework f "x" {
    A: "a"
    A: "b"
}
"##
        ));
    }
}
