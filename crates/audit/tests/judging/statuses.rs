//! The outcome of a control is the first of error, fail, no_evidence, waived, not_applicable, pass that holds.

use super::check;

/// A register of systems, and a control that wants each to have an owner.
const SYSTEMS: &str = "
== policies/p.law
input system(key name: string, owner: string?) from csv \"systems.csv\" { name: name, owner: owner }
control OWN-1 \"Systems have an owner\" {
    scope(s) :- system{name: s}.
    violation(s, \"{s} has no owner\") :- system{name: s, owner: none}.
}
";

#[track_caller]
fn check_systems(files: &str, expected: &str) {
    check(&(SYSTEMS.to_owned() + &super::unindent(files)), expected);
}

#[test]
fn pass() {
    check_systems("== systems.csv\nname,owner\nbilling,ann\n", "OWN-1 pass 1");
}

#[test]
fn fail() {
    check_systems(
        "== systems.csv\nname,owner\nbilling,ann\nchat,\n",
        "
        OWN-1 fail 2
          systems.csv:3:1 chat: chat has no owner
        ",
    );
}

#[test]
fn not_applicable_where_the_source_is_there_and_empty() {
    check_systems("== systems.csv\nname,owner\n", "OWN-1 not_applicable 0");
}

#[test]
fn no_evidence_where_there_is_no_source() {
    check_systems(
        "== other.csv\nname,owner\n",
        "
        OWN-1 no_evidence -
          ! the scope could not be judged: nothing was found to read for p.system
          ? p.system
        ",
    );
}

#[test]
fn waived_where_every_violation_is() {
    check_systems(
        "
        == systems.csv
        name,owner
        chat,
        == waivers.csv
        control,subject,reason,approved_by,expires
        OWN-1,chat,being retired,cto,2026-12-31
        ",
        "
        OWN-1 waived 1
          systems.csv:2:1 chat: chat has no owner (waived: being retired)
        ",
    );
}

#[test]
fn error_where_a_needed_file_cannot_be_mapped_and_findings_are_provisional() {
    check(
        "
        == policies/p.law
        input system(key name: string, users: int) from csv \"*.csv\" { name: name, users: users }
        control BIG-1 \"Systems are small\" {
            scope(s) :- system{name: s}.
            violation(s, \"{s} is large\") :- system{name: s, users: n}, n > 10.
        }
        == a.csv
        name,users
        chat,99
        == b.csv
        name,users
        billing,many
        ",
        "
        BIG-1 error 1
          ! b.csv: `many` is no whole number, which the column `users` needs
          a.csv:2:1 chat: chat is large (provisional)
        ",
    );
}

#[test]
fn error_where_a_rule_faults_also_far_below_and_in_notes() {
    let policy = |violation: &str| {
        format!(
            "
== policies/p.law
input system(key name: string, users: int, cost: int) from csv \"systems.csv\" {{ name: name, users: users, cost: cost }}
rel share(name: string, share: int)
share(s, x) :- system{{name: s, users: n, cost: c}}, x = c / n.
control COST-1 \"Costs are bounded\" {{
    scope(s) :- system{{name: s}}.
    {violation}
}}
== systems.csv
name,users,cost
chat,0,5
mail,1,5
"
        )
    };
    let reason = "! policies/p.law:3:52: division by zero: 5 / 0";
    for rule in [
        "violation(s, \"dear\") :- share(s, x), x > 100.",
        "violation(s, \"unknown\") :- not share(s, _).",
        "violation(s, \"few\") :- n = count { t : share(t, _) }, n < 1.",
        "violation(s, \"never\") :- s = \"nobody\".\n    note(s, \"costs {x}\") :- share(s, x).",
    ] {
        let root = super::lay_out(&policy(rule));
        let run = super::run(&super::open(&root));
        let text = super::shown(&run.assessment).replace(&*root.path().to_string_lossy(), "").replace("! /", "! ");
        assert!(text.starts_with(&format!("COST-1 error 2\n  {reason}\n")), "{rule}\n{text}");
    }
}

#[test]
fn error_comes_before_fail_and_fail_before_no_evidence() {
    // `chat` fails by the first rule although the second cannot be judged.
    check(
        "
        == policies/p.law
        input system(key name: string, owner: string?) from csv \"systems.csv\" { name: name, owner: owner }
        input person(key name: string) from csv \"people.csv\" { name: name }
        control OWN-1 \"Systems have a known owner\" {
            scope(s) :- system{name: s}.
            violation(s, \"{s} has no owner\") :- system{name: s, owner: none}.
            violation(s, \"{s} is owned by a stranger\") :- system{name: s, owner: o}, not person{name: o}.
        }
        == systems.csv
        name,owner
        billing,ann
        chat,
        ",
        "
        OWN-1 fail 2
          systems.csv:3:1 chat: chat has no owner
          ? p.person
        ",
    );
}
