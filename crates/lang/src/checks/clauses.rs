//! The form of rules, facts and atoms.

use base::{Diagnostic, Fix, Place};
use facts::RelationDecl;

fn signature(decl: &RelationDecl) -> String {
    let columns: Vec<&str> = decl.columns.iter().map(|column| &*column.name).collect();
    format!("{}({})", decl.name, columns.join(", "))
}

/// `1 column`, `2 columns`
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// E0401: more or fewer arguments than columns.
pub(crate) fn arity(place: Place, decl: &RelationDecl, given: usize, declared: Place) -> Diagnostic {
    let wanted = decl.columns.len();
    if let Some(id) = decl.name.strip_suffix(".scope").filter(|_| wanted == 1) {
        return Diagnostic::error("E0401", place, format!("the scope of `{id}` has one subject, not {given}"))
            .label(counted(given, "argument"))
            .help("write `scope(x) :- …`; whatever else matters is looked up by the violations");
    }
    Diagnostic::error("E0401", place, format!("`{}` has {}, not {given}", decl.name, counted(wanted, "column")))
        .label(counted(given, "argument"))
        .also(declared, format!("declared as `{}`", signature(decl)))
        .help(format!("name the fields to leave some out: `{}{{…}}`", decl.name))
}

/// E0402: a head or fact that leaves columns out.
pub(crate) fn missing_fields(place: Place, decl: &RelationDecl, missing: &[&str], fact: bool) -> Diagnostic {
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let what = if fact { "fact" } else { "head" };
    let columns = if missing.len() == 1 { "column" } else { "columns" };
    let diagnostic = Diagnostic::error(
        "E0402",
        place,
        format!("the {what} leaves out {columns} {} of `{}`", names.join(", "), decl.name),
    );
    if fact {
        diagnostic.note("only optional columns may be left out of a fact")
    } else {
        diagnostic.note("a rule's head gives every column; write `none` for an optional one")
    }
}

/// E0403: one field given twice.
pub(crate) fn field_twice(place: Place, first: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0403", place, format!("field `{name}` is given twice")).also(first, "first here")
}

/// E0404: `_` or `x?` where a value is needed.
pub(crate) fn no_value(place: Place, what: &str) -> Diagnostic {
    Diagnostic::error("E0404", place, format!("{what} has no value here")).help(
        "write a variable here, and bind it in an atom of the body; `_` and `x?` stand as arguments of such atoms",
    )
}

/// E0405: a rule for another module's relation.
pub(crate) fn closed(place: Place, decl: &RelationDecl, declared: Place) -> Diagnostic {
    Diagnostic::error("E0405", place, format!("`{}` belongs to another module and is not open", decl.name))
        .label("no rules or facts for it here")
        .also(declared, "declared here without `open`")
        .help("declare a relation of your own, or write `open rel` where it is declared")
}

/// E0406: a rule or fact for an input.
pub(crate) fn input_head(place: Place, decl: &RelationDecl, declared: Place) -> Diagnostic {
    Diagnostic::error("E0406", place, format!("`{}` is an input: no rule or fact fills it", decl.name))
        .also(declared, "declared here")
        .help("in a test, `given` adds rows to it; elsewhere derive a relation of your own from it")
}

/// E0407: a rule inside a control for a relation outside.
pub(crate) fn outside_block(place: Place, decl: &RelationDecl) -> Diagnostic {
    Diagnostic::error("E0407", place, format!("`{}` is not a relation of this control", decl.name))
        .help("move the rule out of the control's block, or declare a private relation with `rel`")
}

/// E0408: a fact whose argument is no literal.
pub(crate) fn fact_argument(place: Place, variable: Option<&str>) -> Diagnostic {
    match variable {
        Some(name) => Diagnostic::error("E0408", place, format!("a fact holds values, and `{name}` is a variable"))
            .label("no body gives it a value")
            .help(format!("write text in quotes (`\"{name}\"`), or add a body with `:-`"))
            .fix(Fix {
                title: format!("write `\"{name}\"`"),
                edits: vec![(place, format!("\"{name}\""))],
                safe: false,
            }),
        None => Diagnostic::error("E0408", place, "a fact holds literal values only")
            .help("compute it in a rule: `head(x) :- x = ….`"),
    }
}

/// E0410: a regex that does not compile.
pub(crate) fn regex(place: Place, error: &str) -> Diagnostic {
    let reason = error.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or(error);
    Diagnostic::error("E0410", place, format!("the regex does not compile: {reason}"))
        .note("look-around and back-references are not part of the syntax")
}

/// E0411: a glob that does not compile.
pub(crate) fn glob(place: Place, error: &str) -> Diagnostic {
    Diagnostic::error("E0411", place, format!("the glob does not compile: {error}"))
}

/// E0412: a group that the regex does not have.
pub(crate) fn group(place: Place, name: &str, regex: Place, groups: usize) -> Diagnostic {
    let has = match groups {
        0 => "it has no groups".to_owned(),
        groups => format!("it has {}", counted(groups, "group")),
    };
    Diagnostic::error("E0412", place, format!("no group of the regex gives `{name}` a value"))
        .also(regex, has)
        .help(format!("put what `{name}` shall hold in parentheses, `(…)` or `(?<{name}>…)`"))
}

/// E0413: groups of a negated test.
pub(crate) fn negated_groups(place: Place) -> Diagnostic {
    Diagnostic::error("E0413", place, "a regex that must not match binds no groups").help("take `as (…)` away")
}

/// E0414: an operand of a word operator that is not of the right form.
pub(crate) fn word_operand(place: Place, message: &str, help: &str) -> Diagnostic {
    Diagnostic::error("E0414", place, message.to_owned()).help(help)
}

/// E0106: an operand nested beyond reason.
pub(crate) fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::error("E0106", place, "this is nested too deeply").help("compute a part of it first: `x = …`")
}

/// E0416: an interpolated string where only literal text may stand.
pub(crate) fn interpolation(place: Place) -> Diagnostic {
    Diagnostic::error("E0416", place, "`{…}` is not filled in here")
        .help("write `\\{` for a brace, or use a raw string: r\"…\"")
}

/// E0416: the same in a glob, where braces hold alternatives.
pub(crate) fn glob_interpolation(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0416", place, format!("`{{{name}}}` is not filled in right of `like`"))
        .note("in a glob, braces hold alternatives, and these hold only one: `*.{py,ts}`")
        .help(format!(
            "compare with a computed text by `starts_with`, `ends_with` or `contains`: `x starts_with \"{{{name}}}\"`"
        ))
}

/// E0418: a rule for a relation that extractors read before anything is evaluated.
pub(crate) fn read_before(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0418", place, format!("`{name}` takes facts, no rules"))
        .note("extractors read it before rules are evaluated")
        .help("state each row as a fact")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, check_all, pin};

    #[test]
    fn atoms_fit_their_relations() {
        pin!(check(
            r##"
rel owns(team: string, system: string, since: time?)
owns("a", "b").
owns{team: "a", since: 2026-01-01}.
owns{team: "a", system: "b", team: "c"}.
owns{team: "a", system: x}.
owns{team: "a", system: lower("B")}.
owns{team: t, system: s} :- owns{team: t, system: s}.
owns(_, s, x?) :- owns{system: s}.
"##
        ));
    }

    #[test]
    fn only_open_relations_take_rules_from_elsewhere() {
        pin!(check_all(&[
            (
                "lib",
                r##"
open rel known(name: string)
rel closed(name: string)
"##
            ),
            (
                "m",
                r##"
use lib
lib.known("x").
lib.closed("x").
code.call{call: "x", function: "f", callee: "c"}.
rel mine(x: string)
control C "x" {
    scope(c) :- code.call{call: c}.
    mine(c) :- scope(c).
}
"##
            ),
        ]));
    }

    #[test]
    fn word_operators_take_what_they_take() {
        pin!(check(
            r##"
rel s(x: string)
s(x) :- s(x), x matches /(/.
s(x) :- s(x), x matches "a".
s(x) :- s(x), x matches /a(b)/ as (g, h), g = h.
s(x) :- s(x), not x matches /a(b)/ as (g), x = g.
s(x) :- s(x), x like "a{b".
s(x) :- s(x), x like lower(x).
s(x) :- s(x), y = "b", x in ["a", y].
s(x) :- s(x), y = replace(x, "a", "b"), y != x.
"##
        ));
    }
}
