//! What does not count: waivers of a register, and comments beside the code.

use super::check;

#[track_caller]
fn check_files(files: &str, expected: &str) {
    let policy = "
== policies/p.law
control EVAL-1 \"No eval\" {
    scope(c) :- code.call{call: c}.
    violation(c, \"eval is called\") :- code.call{call: c, callee: \"eval\"}.
}
";
    check(&(policy.to_owned() + &super::unindent(files)), expected);
}

const HEADING: &str = "control,subject,reason,approved_by,expires";

#[test]
fn a_waiver_is_in_force_through_its_last_day() {
    let files = |day: &str| {
        format!("== a.py\nimport os\nx = eval(y)\n== waivers.csv\n{HEADING}\nEVAL-1,eval(...),legacy,cto,{day}\n")
    };
    let waived = "EVAL-1 waived 1\n  a.py:2:5 eval(...): eval is called (waived: legacy)";
    check_files(&files("2026-11-20"), waived);
    check_files(&files("2026-11-19"), "EVAL-1 fail 1\n  a.py:2:5 eval(...): eval is called\n");
}

#[test]
fn a_label_that_two_members_have_waives_none_also_where_one_of_them_passes() {
    let policy = "
== policies/p.law
control ARG-1 \"Functions have parameters\" {
    scope(f) :- code.function{function: f, name: \"run\"}.
    violation(f, \"no parameter\") :- code.function{function: f}, not code.parameter{function: f}.
}
";
    let register = format!("== waivers.csv\n{HEADING}\nARG-1,run,legacy,cto,2027-01-01\n");
    check(
        &format!("{policy}== a.py\ndef run():\n    pass\n{register}"),
        "ARG-1 waived 1\n  a.py:1:5 run: no parameter (waived: legacy)",
    );
    check(
        &format!("{policy}== a.py\ndef run():\n    pass\n== b.py\ndef run(x):\n    pass\n{register}"),
        "
        ARG-1 fail 2
          a.py:1:5 run: no parameter
        warning: the waiver of ARG-1 for `run` fits 2 subjects of that name and waives none: write the key
        ",
    );
}

#[test]
fn waivers_of_others_do_not_count() {
    check_files(
        &format!(
            "== a.py\nx = eval(y)\n== waivers.csv\n{HEADING}\nEVAL-2,eval,legacy,cto,2027-01-01\nEVAL-1,exec,legacy,cto,2027-01-01\n"
        ),
        "
        EVAL-1 fail 1
          a.py:1:5 eval(...): eval is called
        warning: the waiver of EVAL-1 for `exec` fits nothing in its scope: write the subject's key or label
        ",
    );
}

#[test]
fn a_comment_with_a_reason_allows_its_line_and_the_next() {
    check_files(
        "
        == a.py
        x = eval(y)  # lawbook: allow EVAL-1 a demo
        # lawbook: allow EVAL-1 the input is a constant
        z = eval(x)
        ",
        "
        EVAL-1 waived 2
          a.py:1:5 eval(...): eval is called (allowed at 1: a demo)
          a.py:3:5 eval(...): eval is called (allowed at 2: the input is a constant)
        ",
    );
    check_files(
        "
        == a.py
        # lawbook: allow EVAL-1
        x = eval(y)
        # lawbook: allow EVAL-2 another control
        z = eval(x)
        ",
        "
        EVAL-1 fail 2
          a.py:2:5 eval(...): eval is called
          a.py:4:5 eval(...): eval is called
        warning: the comment at a.py:1 allows EVAL-1 without a reason and does not count
        ",
    );
}
