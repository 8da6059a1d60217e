//! Controls and frameworks.

use base::{Diagnostic, Place, did_you_mean};
use facts::Type;

use super::types::a;
use crate::Severity;

/// The fields of a control.
pub(crate) const FIELDS: [&str; 7] = ["severity", "maps", "remedy", "owner", "tags", "docs", "needs"];

/// E0601: a control without a population.
pub(crate) fn no_scope(place: Place, id: &str) -> Diagnostic {
    Diagnostic::error("E0601", place, format!("control `{id}` has no scope"))
        .label("says nothing of what it covers")
        .help("add `scope(x) :- …`: everything that the control covers, whether it passes or not")
}

/// E0602: a field that controls do not have.
pub(crate) fn unknown_field(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0602", place, format!("a control has no field `{name}`")).help(match name {
        "title" | "name" => "the title stands behind the id: `control ID \"title\" {`".to_owned(),
        "description" | "summary" | "rationale" => "what a control is about is said in `///` lines above it".to_owned(),
        "tag" | "labels" => "did you mean `tags`?".to_owned(),
        "fix" | "remediation" | "recommendation" => "did you mean `remedy`?".to_owned(),
        "level" | "priority" | "risk" => "did you mean `severity`?".to_owned(),
        _ => did_you_mean(name, FIELDS).unwrap_or_else(|| format!("its fields are {}", FIELDS.join(", "))),
    })
}

/// E0603: a field given twice.
pub(crate) fn field_twice(place: Place, first: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0603", place, format!("field `{name}` is given twice")).also(first, "first here")
}

/// E0604: a field's value that is of the wrong kind.
pub(crate) fn field_value(place: Place, name: &str) -> Diagnostic {
    let (wants, example) = match name {
        "severity" => ("a severity", "severity: high"),
        "maps" => ("references to criteria", "maps: soc2/CC9.2, owasp-llm/LLM03"),
        "remedy" => ("a text", "remedy: \"What to do about it.\""),
        "owner" => ("a text", "owner: \"platform team\""),
        "docs" => ("a URL in quotes", "docs: \"https://example.com/controls\""),
        "tags" => ("words", "tags: ai, vendor"),
        _ => ("relations", "needs: vendor.register"),
    };
    Diagnostic::error("E0604", place, format!("`{name}` takes {wants}")).help(format!("write `{example}`"))
}

/// E0604: a severity that does not exist.
pub(crate) fn severity(place: Place, word: &str) -> Diagnostic {
    let known = Severity::ALL.map(Severity::name);
    let help = did_you_mean(word, known).unwrap_or_else(|| format!("severities are {}", known.join(", ")));
    Diagnostic::error("E0604", place, format!("there is no severity `{word}`")).help(help)
}

/// E0605: a violation or note that is not of two arguments.
pub(crate) fn judged_form(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0605", place, format!("a {name} has a subject and a message"))
        .help(format!("write `{name}(subject, \"message\") :- …`"))
}

/// E0606: a subject that is no variable.
pub(crate) fn subject_form(place: Place) -> Diagnostic {
    Diagnostic::error("E0606", place, "the subject is a variable or a text")
        .note("`scope(subject)` is the first literal of each violation and note, so the variable is bound")
        .help("put a variable here and say in the body what it is")
}

/// E0607: a message that is no text.
pub(crate) fn message_type(place: Place, ty: &Type) -> Diagnostic {
    Diagnostic::error("E0607", place, format!("a message is a string, not {}", a(ty)))
        .help("put it into a text: \"… {x} …\"")
}

/// E0608: scope rules of several types.
pub(crate) fn subjects(place: Place, first: Place, types: (&Type, &Type)) -> Diagnostic {
    Diagnostic::error("E0608", place, "the scope rules of a control have subjects of one type")
        .label(format!("here the subject is {}", a(types.1)))
        .also(first, format!("here it is {}", a(types.0)))
        .help("make a control of its own for each kind of subject")
}

/// E0609: a subject that has no key.
pub(crate) fn subject_type(place: Place, ty: &Type) -> Diagnostic {
    Diagnostic::error("E0609", place, format!("a subject is an entity or a string, not {}", a(ty)))
        .note("findings are told apart by their subjects' keys")
}

/// E0610: `needs` names a relation that no extractor or input fills.
pub(crate) fn needs_input(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0610", place, format!("`{name}` is no input"))
        .help("`needs` lists inputs and extracted relations; leave it out to have them inferred")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn controls_are_well_formed() {
        pin!(check(
            r##"
control C-1 "x" {
    severity: hgh
    sevrity: high
    maps: "soc2"
    remedy: high
    remedy: "x"
    needs: m.derived, code.call
}
rel derived(x: string)
control C-2 "x" {
    scope(c) :- code.call{call: c}.
    scope(f) :- code.function{function: f}.
    violation(c).
    violation(c, 3) :- code.call{call: c}.
    violation(c, x) :- code.call{call: c, receiver: x?}.
    violation(c, "{x}") :- code.call{call: c, receiver: x?}.
    violation("{c}", "{c}") :- code.call{call: c}.
}
control C-3 "x" {
    scope(n) :- n = count { c : code.call{call: c} }.
}
control C-4 "one line of types" {
    scope(c) :- code.call{call: c}.
    scope(n) :- code.decorated(n).
}
"##
        ));
    }
}
