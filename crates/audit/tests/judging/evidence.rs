//! What must have been looked at before nothing found is a pass (LANGUAGE.md, Evidence).

use super::check;

/// Systems with an owner, among known people: the second violation rule rests on a register of its own.
#[track_caller]
fn check_owners(needs: &str, files: &str, expected: &str) {
    let policy = format!(
        "
== policies/p.law
use std.vendor
input system(key name: string, owner: string?) from csv \"systems.csv\" {{ name: name, owner: owner }}
input person(key name: string) from csv \"people.csv\" {{ name: name }}
control OWN-1 \"Systems have a known owner\" {{
    {needs}
    scope(s) :- system{{name: s}}.
    violation(s, \"{{s}} has no owner\") :- system{{name: s, owner: none}}.
    violation(s, \"{{s}} is owned by {{o}}, a stranger\") :- system{{name: s, owner: o}}, not person{{name: o}}.
}}
"
    );
    check(&(policy + &super::unindent(files)), expected);
}

#[test]
fn a_violation_rule_without_evidence_is_not_judged() {
    check_owners(
        "",
        "== systems.csv\nname,owner\nbilling,ann\n",
        "
        OWN-1 no_evidence 1
          ! some violation rules could not be judged: nothing was found to read for p.person
          ? p.person
        ",
    );
    // A file with zero rows is evidence: every owner is a stranger.
    check_owners(
        "",
        "== systems.csv\nname,owner\nbilling,ann\n== people.csv\nname\n",
        "
        OWN-1 fail 1
          systems.csv:2:1 billing: billing is owned by ann, a stranger
        ",
    );
}

#[test]
fn without_members_rules_need_no_evidence() {
    check_owners("", "== systems.csv\nname,owner\n", "OWN-1 not_applicable 0");
}

/// Systems that a list may take out of scope, a list of exceptions that only systems of a kind may be on.
#[test]
fn what_could_not_have_changed_anything_is_not_missed() {
    let policy = "
== policies/p.law
input system(key name: string, kind: string) from csv \"systems.csv\" { name: name, kind: kind }
input exception(key name: string) from csv \"exceptions.csv\" { name: name }
rel excepted(name: string)
excepted(s) :- system{name: s, kind: \"legacy\"}, exception{name: s}.
excepted(s) :- system{name: s}, 1 = count { e : excluded(e), exception{name: e} }.
rel excluded(name: string)
excluded(s) :- system{name: s, kind: \"excluded\"}.
control SYS-1 \"Systems are not called x\" {
    scope(s) :- system{name: s}.
    violation(s, \"bad\") :- system{name: s}, s = \"x\", not excepted(s).
}
";
    check(
        &format!("{policy}== systems.csv\nname,kind\nx,new\n"),
        "SYS-1 no_evidence 1\n  ! the violation rule could not be judged: nothing was found to read for p.exception",
    );
    check(
        &format!("{policy}== systems.csv\nname,kind\nx,legacy\n"),
        "SYS-1 no_evidence 1\n  ! the violation rule could not be judged: nothing was found to read for p.exception\n  ? p.exception",
    );
}

#[test]
fn needs_replaces_the_inference() {
    // Less than would be inferred …
    check_owners(
        "needs: system",
        "== systems.csv\nname,owner\nbilling,ann\n",
        "
        OWN-1 fail 1
          systems.csv:2:1 billing: billing is owned by ann, a stranger
          ? p.person
        ",
    );
    // … or more.
    check_owners(
        "needs: system, vendor.register",
        "== systems.csv\nname,owner\nbilling,ann\n== people.csv\nname\nann\n",
        "
        OWN-1 no_evidence -
          ! the scope could not be judged: nothing was found to read for vendor.register
        ",
    );
    check_owners(
        "needs: system, vendor.register",
        "== systems.csv\nname,owner\nbilling,ann\n== people.csv\nname\nann\n== vendors.csv\nVendor\nAcme\n",
        "OWN-1 pass 1",
    );
}

#[test]
fn one_branch_of_an_or_is_enough_and_facts_and_open_relations_count() {
    let policy = "
== policies/p.law
input system(key name: string) from csv \"systems.csv\" { name: name }
input cloud(key name: string) from csv \"cloud.csv\" { name: name }
open rel exempt(name: string)
rel named(name: string)
named(\"chat\").
control NAME-1 \"Systems are named\" {
    scope(s) :- ( system{name: s} or cloud{name: s} ).
    violation(s, \"{s} is not named\") :- not named(s), not exempt(s).
}
";
    check(&format!("{policy}== systems.csv\nname\nchat\n"), "NAME-1 pass 1\n  ? p.cloud");
    check(&format!("{policy}== cloud.csv\nname\nchat\n"), "NAME-1 pass 1\n  ? p.system");
}

#[test]
fn recursion_has_evidence_only_from_below() {
    check(
        "
        == policies/p.law
        input system(key name: string) from csv \"systems.csv\" { name: name }
        input uses(a: string, b: string) from csv \"uses.csv\" { a: a, b: b }
        rel reaches(a: string, b: string)
        reaches(a, b) :- uses(a, b).
        reaches(a, c) :- reaches(a, b), reaches(b, c).
        control LOOP-1 \"No system uses itself\" {
            scope(s) :- system{name: s}.
            violation(s, \"{s} uses itself\") :- reaches(s, s).
        }
        == systems.csv
        name
        chat
        ",
        "
        LOOP-1 no_evidence 1
          ! the violation rule could not be judged: nothing was found to read for p.uses
          ? p.uses
        ",
    );
}

/// An export with pages left over, and a control that looks for what is there or for what is not.
#[track_caller]
fn check_users(rule: &str, users: &str, expected: &str) {
    let folder = format!(
        "
== policies/p.law
input user(key name: string, admin: bool) from json \"users.json\" where users incomplete where next
    each users[*] {{ name: name, admin: admin }}
input system(key name: string, owner: string) from csv \"systems.csv\" {{ name: name, owner: owner }}
control ADM-1 \"Owners are users\" {{
    scope(s) :- system{{name: s}}.
    {rule}
}}
== systems.csv
name,owner
chat,ann
== users.json
{users}
"
    );
    check(&folder, expected);
}

#[test]
fn incomplete_evidence_hides_no_finding_and_is_no_pass() {
    let absent = "violation(s, \"{o} is no user\") :- system{name: s, owner: o}, not user{name: o}.";
    let present = "violation(s, \"{o} is an admin\") :- system{name: s, owner: o}, user{name: o, admin: true}.";
    let some = |admin: bool| format!("{{\"users\": [{{\"name\": \"ann\", \"admin\": {admin}}}], \"next\": \"p2\"}}");
    check_users(absent, &some(true), "ADM-1 no_evidence 1\n  ! users.json has pages left over");
    check_users(
        absent,
        "{\"users\": [], \"next\": \"p2\"}",
        "
        ADM-1 fail 1
          systems.csv:2:1 chat: ann is no user (provisional)
        ",
    );
    check_users(
        present,
        &some(true),
        "
        ADM-1 fail 1
          systems.csv:2:1 chat: ann is an admin
        ",
    );
    check_users(present, &some(false), "ADM-1 no_evidence 1\n  ! users.json has pages left over");
    check_users(absent, &some(true).replace(", \"next\": \"p2\"", ""), "ADM-1 pass 1");
}

const CALLS: &str = "
== policies/p.law
control EVAL-1 \"No eval\" {
    scope(f) :- code.file{file: f, test: false}.
    violation(f, \"eval is called\") :- code.call{callee: \"eval\", function: g}, code.function{function: g, file: f}.
}
";

#[test]
fn a_language_without_extractor_leaves_code_incomplete() {
    check(&format!("{CALLS}== a.py\nprint(1)\n"), "EVAL-1 pass 1");
    check(
        &format!("{CALLS}== a.py\nprint(1)\n== b.scala\nx = 1\n"),
        "
        EVAL-1 no_evidence 2
          ! source files in languages without an extractor: scala (1)
        ",
    );
    check(&format!("{CALLS}== a.py\nprint(1)\n== tests/b_test.scala\nx = 1\n"), "EVAL-1 pass 1");
    check(
        &format!("{CALLS}== a.py\neval(x)\n== b.scala\nx = 1\n"),
        "
        EVAL-1 fail 2
          a.py a.py: eval is called
        ",
    );
    check(
        &format!("{CALLS}== lawbook.toml\n[inputs]\nlanguages = ['python']\n== a.py\nprint(1)\n== b.scala\nx = 1\n"),
        "EVAL-1 pass 2",
    );
}

#[test]
fn a_skipped_source_file_is_no_pass() {
    let large = "x = 1\n".repeat(1_500_000);
    check(
        &format!("{CALLS}== a.py\nprint(1)\n== big.py\n{large}"),
        "
        EVAL-1 no_evidence 2
          ! big.py: the file is skipped: it has 9 MiB, more than the 8 MiB that are read
        ",
    );
}

#[test]
fn a_large_file_is_searched_for_credentials_all_the_same() {
    let policy = "
== policies/p.law
use std.secret
secret.pattern(\"own\", \"Own\", r\"(own-[A-Za-z0-9]{20})\", \"own-\").
control KEY-1 \"No key\" {
    scope(f) :- secret.match{file: f}.
    violation(f, \"a key {m}\") :- secret.match{file: f, masked: m}.
}
";
    // The key is put together here, so that this file holds none.
    let key = format!("own-{}", "aB3dE5gH7jK9mN1pQ4sT");
    let large = "nothing to see\n".repeat(700_000);
    check(
        &format!("{policy}== dump.txt\n{large}key = {key}\n"),
        "
        KEY-1 fail 1
          dump.txt:700001:7 dump.txt: a key own-****sT
        ",
    );
}
