//! Identity and place of findings.

use super::{check, lay_out, open, run};

fn ids(folder: &str) -> Vec<String> {
    run(&open(&lay_out(folder))).assessment.findings().map(|finding| finding.id.clone()).collect()
}

const EVAL: &str = "
== policies/p.law
control EVAL-1 \"No eval\" {
    scope(c) :- code.call{call: c}.
    violation(c, \"eval is called\") :- code.call{call: c, callee: \"eval\"}.
}
== a.py
";

#[test]
fn unrelated_edits_keep_the_identity() {
    let before = ids(&format!("{EVAL}def f(x):\n    return eval(x)\n"));
    let after = ids(&format!(
        "{EVAL}import os\n\n\ndef g(x):\n    return os.getcwd()\n\n\ndef f(x):\n    print(x)\n    return eval(x)\n"
    ));
    assert_eq!((before.len(), &before), (1, &after));
    assert!(before[0].starts_with("EVAL-1@") && before[0].len() == "EVAL-1@".len() + 12, "{before:?}");
}

/// A register whose rows differ in this.
fn aged(message: &str, rows: &str) -> String {
    format!(
        "
== policies/p.law
input report(key vendor: string, kind: string, age: int) from csv \"reports.csv\" {{ vendor: vendor, kind: kind, age: age }}
control AGE-1 \"Reports are fresh\" {{
    scope(v) :- report{{vendor: v}}.
    violation(v, \"{message}\") :- report{{vendor: v, kind: kind, age: age}}, age > 10.
}}
== reports.csv
vendor,kind,age
{rows}
"
    )
}

#[test]
fn numbers_do_not_count_strings_and_wording_do() {
    let first = ids(&aged("the {kind} is {age} days old", "Acme,SOC 2,20"));
    assert_eq!(first, ids(&aged("the {kind} is {age} days old", "Acme,SOC 2,21")));
    assert_ne!(first, ids(&aged("the {kind} is {age} days old", "Acme,ISO,20")));
    assert_ne!(first, ids(&aged("the {kind} is {age} days old", "Beta,SOC 2,20")));
    assert_ne!(first, ids(&aged("the {kind} has {age} days", "Acme,SOC 2,20")));
    // Rows that differ in numbers alone are one finding.
    assert_eq!(ids(&aged("the {kind} is {age} days old", "Acme,SOC 2,20\nAcme,SOC 2,30")).len(), 1);
}

#[test]
fn an_entity_stands_at_its_first_key_row_and_messages_show_labels() {
    check(
        &format!("{EVAL}y = 1\nx = eval(y)\n"),
        "
        EVAL-1 fail 1
          a.py:2:5 eval(...): eval is called
        ",
    );
}

#[test]
fn a_plain_string_stands_where_a_key_column_has_it_else_where_any_has_it_else_at_the_control() {
    let check = |files: &str, expected: &str| {
        let policy = "
== policies/p.law
input use(system: string, vendor: string) from csv \"a_use.csv\" { system: system, vendor: vendor }
input register(key vendor: string) from csv \"register.csv\" { vendor: vendor }
rel extra(vendor: string)
extra(\"Ghost\").
control V-1 \"No vendors\" {
    scope(v) :- use{vendor: v}.
    scope(v) :- register{vendor: v}.
    scope(v) :- extra(v).
    violation(v, \"{v} is a vendor\") :- v != \"\".
}
";
        check(&format!("{policy}{files}"), expected);
    };
    check(
        "== a_use.csv\nsystem,vendor\nchat,Acme\nmail,Beta\n== register.csv\nvendor\nAcme\n",
        "
        V-1 fail 3
          policies/p.law:5:9 Ghost: Ghost is a vendor
          a_use.csv:3:1 Beta: Beta is a vendor
          register.csv:2:1 Acme: Acme is a vendor
        ",
    );
}

#[test]
fn notes_do_not_fail() {
    check(
        "
        == policies/p.law
        control EVAL-1 \"No eval\" {
            scope(c) :- code.call{call: c}.
            violation(c, \"eval is called\") :- code.call{call: c, callee: \"eval\"}.
            note(c, \"exec is called\") :- code.call{call: c, callee: \"exec\"}.
        }
        == a.py
        exec(y)
        ",
        "
        EVAL-1 pass 1
          note a.py:1:1 exec(...): exec is called
        ",
    );
}
