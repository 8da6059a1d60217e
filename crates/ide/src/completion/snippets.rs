//! Whole items to fill in.

/// A snippet: its label, what it is in a few words, its text.
pub type Snippet = (&'static str, &'static str, &'static str);

/// Items.
pub const ITEMS: [Snippet; 4] = [
    (
        "control …",
        "a control with population and violation",
        "/// ${1:What must hold, and why.}\ncontrol ${2:ID} \"${3:Title}\" {\n    severity: ${4|medium,high,critical,low,info|}\n    maps: ${5:soc2/CC9.2}\n    remedy: \"${6:What to do about it.}\"\n\n    scope(${7:x}) :- ${8:relation}($7).\n\n    violation($7, \"${9:{$7\\} fails}\") :- ${0:not relation($7)}.\n}",
    ),
    (
        "test …",
        "a test with a file and an expectation",
        "test \"${1:what is shown}\" {\n    as_of ${2:2026-11-20}\n    given file \"${3:app.py}\" = \"\"\"\n        ${4}\n        \"\"\"\n    expect violation ${5:ID}(\"${6:subject}\")$0\n}",
    ),
    (
        "rel … with a rule",
        "a relation and the rule that fills it",
        "/// ${1:What it holds.}\nrel ${2:name}(${3:x}: ${4:string})\n$2($3) :- $0.",
    ),
    (
        "input …",
        "a relation read from documents",
        "/// ${1:One row for each …}\ninput ${2:name}(key ${3:id}: ${4:string})\n    from ${5|json,yaml,table,toml,csv|} \"${6:**/*.json}\"\n    each ${7:items[*]} { $3: ${8:id} }$0",
    ),
];

/// Members of a control.
pub const MEMBERS: [Snippet; 4] = [
    ("scope(…) :- …", "the population", "scope(${1:x}) :- $0."),
    ("violation(…) :- …", "when a member fails", "violation(${1:x}, \"${2:message}\") :- $0."),
    ("note(…) :- …", "worth telling, fails nothing", "note(${1:x}, \"${2:message}\") :- $0."),
    ("rel …", "a relation of this control alone", "rel ${1:name}(${2:x}: ${3:string})\n$1($2) :- $0."),
];

/// Statements of a test.
pub const STATEMENTS: [Snippet; 5] = [
    ("given file …", "a file", "given file \"${1:app.py}\" = \"\"\"\n    $0\n    \"\"\""),
    ("given empty …", "a source that holds nothing", "given empty ${0:relation}"),
    ("expect violation …", "a finding", "expect violation ${1:ID}(\"${2:subject}\")$0"),
    ("expect no violation …", "no finding", "expect no violation ${1:ID}(\"${2:subject}\")$0"),
    ("as_of …", "the day that `today()` is", "as_of ${0:2026-11-20}"),
];
