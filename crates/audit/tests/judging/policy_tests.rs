//! What `test` blocks can say, and what a failing one tells.

use audit::TestOptions;

use super::{lay_out, open};

/// Runs the tests beside a control about systems and their owners; what failed, without details.
#[track_caller]
fn check(tests: &str, expected: &str) {
    let folder = format!(
        "
== policies/p.law
use std.waiver
input system(key name: string, owner: string?) from csv \"systems.csv\" {{ name: name, owner: owner }}
control OWN-1 \"Systems have an owner\" {{
    scope(s) :- system{{name: s}}.
    violation(s, \"{{s}} has no owner\") :- system{{name: s, owner: none}}.
}}
{tests}
"
    );
    let root = lay_out(&folder);
    let options = TestOptions { paths: vec![root.path().join("policies/p.law")], ..TestOptions::default() };
    let report = open(&root).test(&options, &mut |_| ()).expect("there are tests");
    let failures = report.results.iter().flat_map(|result| result.failures());
    let told: String =
        failures.map(|(expected, mismatch)| format!("{}: {}\n", expected.spot.line, mismatch.message)).collect();
    similar_asserts::assert_eq!(told, super::unindent(expected));
}

const ROWS: &str = "given system{name: \"chat\"}.\n    given system{name: \"mail\", owner: \"ann\"}.";

#[test]
fn what_holds_is_silent() {
    check(
        &format!(
            "
test \"rows\" {{
    {ROWS}
    expect violation OWN-1(\"chat\") with \"no owner\"
    expect no violation OWN-1(\"mail\")
    expect fail OWN-1
    expect system{{name: \"chat\"}}
    expect no system{{name: \"web\"}}
    expect count {{ s : system{{name: s}} }} = 2
}}
test \"a file\" {{
    given file \"systems.csv\" = \"\"\"
        name,owner
        chat,
        \"\"\"
    expect violation OWN-1(\"chat\") at \"systems.csv:2\"
}}
test \"nothing\" {{
    given empty system
    expect not_applicable OWN-1
}}
test \"no source\" {{
    given waiver.waiver{{control: \"X\", subject: \"y\", reason: \"z\", approved_by: \"cto\", expires: 2030-01-01}}.
    expect no_evidence OWN-1
}}
test \"a waiver\" {{
    as_of 2026-11-20
    given system{{name: \"chat\"}}.
    given waiver.waiver{{control: \"OWN-1\", subject: \"chat\", reason: \"legacy\", approved_by: \"cto\", expires: 2030-01-01}}.
    expect waived OWN-1
}}
"
        ),
        "",
    );
}

#[test]
fn what_does_not_hold_is_told() {
    check(
        &format!(
            "test \"rows\" {{
    {ROWS}
    expect violation OWN-1(\"mail\")
    expect violation OWN-1(\"chat\") with \"another text\"
    expect violation OWN-1(\"chat\") at \"systems.csv:7\"
    expect no violation OWN-1(\"chat\")
    expect no violation OWN-1(\"web\")
    expect pass OWN-1
    expect system{{name: \"web\"}}
    expect no system{{name: \"chat\"}}
}}
test \"no source\" {{
    as_of 2026-11-20
    expect no violation OWN-1(\"chat\")
}}"
        ),
        "
        10: expected a violation of OWN-1 by `mail`, there are only others
        11: the violation of OWN-1 by `chat` reads otherwise or stands elsewhere
        12: the violation of OWN-1 by `chat` reads otherwise or stands elsewhere
        13: expected no violation of OWN-1 by `chat`, there is one
        14: `web` is not in the scope of OWN-1
        15: expected OWN-1 to end in pass, it ended in fail
        16: expected this to hold, it does not
        17: expected this not to hold, it does
        21: `chat` was not judged: OWN-1 ended in no_evidence
        ",
    );
}
