//! Faults: which rules have them, for which values, whatever the order of literals.

use crate::door::check;

#[test]
fn what_cannot_be_done_is_told_and_the_rest_goes_on() {
    check(
        "input p(a: int, b: int)  rel r(x: int)
         p(6, 2). p(1, 0). p(2, 0).
         r(x) :- p(a, b), x = a / b.",
        "r(3)
         fault [a=1 b=0] division by zero: 1 / 0 at x = a / b
         fault [a=2 b=0] division by zero: 2 / 0 at x = a / b",
    );
}

#[test]
fn a_fault_needs_every_other_literal_to_hold() {
    for body in ["p(a), 1 / a = 1, q(a)", "q(a), p(a), 1 / a = 1", "1 / a = 1, not (not_q(a)), p(a)"] {
        check(
            &format!(
                "input p(a: int)  input q(a: int)  input not_q(a: int)  rel r(x: int)  p(0). p(1). q(1). not_q(0).  r(a) :- {body}."
            ),
            "r(1)",
        );
    }
}

#[test]
fn literals_that_only_a_fault_could_bind_do_not_count() {
    check(
        "input p(a: int)  input q(a: int)  rel r(x: int)  rel s(x: int)  rel t(x: int)
         p(0). q(7).
         r(x) :- p(a), x = 1 / a, not (q(x)).
         s(x) :- p(a), x = 1 / a, q(x).
         t(x) :- p(a), x = 1 / a, x in [3].",
        "fault [a=0] division by zero: 1 / 0 at x = 1 / a
         fault [x=7 a=0] division by zero: 1 / 0 at x = 1 / a
         fault [x=3 a=0] division by zero: 1 / 0 at x = 1 / a",
    );
}

#[test]
fn operands_without_value_hide_no_row_and_are_no_fault_but_in_a_head() {
    check(
        "input p(s: string)  rel r(x: int)  rel h(x: int)  rel n(s: string)
         p(\"1\"). p(\"x\").
         r(x) :- p(s), x = parse_int(s).
         h(parse_int(s)) :- p(s).
         n(s) :- p(s), not (parse_int(s) = 1).",
        "r(1)
         h(1)
         n(x)
         fault [s=x] `parse_int(\"x\")` has no value at head",
    );
}

#[test]
fn faults_inside_negations_and_aggregates_belong_to_the_rule() {
    check(
        "input p(a: int)  input q(a: int, b: int)  rel r(x: int)  rel s(x: int, n: int)  rel big(n: int)
         p(1). p(2). q(1, 0). q(2, 5).
         r(x) :- p(x), not (q(x, b), 1 / b > 0).
         s(x, n) :- p(x), n = count { b : q(x, b), 1 / b >= 0 }.
         big(n) :- n = sum { k : k in [9223372036854775807, 1] }.",
        "r(1)
         r(2)
         s(1, 0)
         s(2, 1)
         fault [x=1] division by zero: 1 / 0 at 1 / b > 0
         fault [x=1] division by zero: 1 / 0 at 1 / b >= 0
         fault [] overflow: sum of 2 values at n = sum { k : k in [9223372036854775807, 1] }",
    );
}

#[test]
fn faults_of_recursive_rules_are_those_of_the_complete_relation() {
    check(
        "rel n(i: int)  input stop(i: int)
         n(3).
         n(i - 1) :- n(i), 6 / i > 0.",
        "n(0)
         n(1)
         n(2)
         n(3)
         fault [i=0] division by zero: 6 / 0 at 6 / i > 0",
    );
}

#[test]
fn each_branch_of_an_or_faults_on_its_own() {
    check(
        "input p(a: int)  rel r(a: int)  p(0). p(1).
         r(a) :- p(a), (1 / a = 5 or a < 1).",
        "r(0)
         fault [a=0] division by zero: 1 / 0 at 1 / a = 5",
    );
}

#[test]
fn a_recursive_atom_in_an_or_faults_before_it_has_rows() {
    check(
        "input n(a: int)  rel r(a: int, b: int)  n(0).
         r(x, x) :- n(x), (r(x / x, x) or r(x, 7)).",
        "fault [x=0] division by zero: 0 / 0 at r(x / x, x)",
    );
}

#[test]
fn many_faults_are_counted_and_some_kept() {
    check(
        &format!(
            "input p(a: int)  rel r(a: int)  {} r(a / 0) :- p(a), a > 97.",
            (0..300).map(|i| format!("p({i}).")).collect::<String>()
        ),
        &format!(
            "{} faults 202",
            (98..198).map(|i| format!("fault [a={i}] division by zero: {i} / 0 at head\n")).collect::<String>()
        ),
    );
}
