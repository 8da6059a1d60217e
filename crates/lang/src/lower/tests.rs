//! Programs as they come out.

use crate::testing::lower;

#[test]
fn rules_keep_their_order_and_params_become_values() {
    insta::assert_snapshot!(lower(
        r#"
param limit: duration = 90d
input register(key name: string, report: time?)
    from table "vendors.csv" { name: "Vendor", report: "Report" }
rel stale(vendor: string, age: duration)
stale(v, age) :- register{name: v, report: r}, age = today() - r, age > limit.
rel silent(vendor: string)
silent(v) :- register{name: v, report: none}.
silent("nobody").
rel all(vendor: string)
all(v) :- ( stale(v, _) or silent(v) ).
rel reach(a: string, b: string)
reach(a, b) :- register{name: a}, register{name: b}, a < b.
reach(a, c) :- reach(a, b), reach(b, c), not stale{vendor: c}.
rel total(n: int, names: string)
total(n, j) :- n = count { v : all(v) }, j = join { v : all(v) }.
"#
    ));
}

#[test]
fn controls_get_relations_of_their_own() {
    insta::assert_snapshot!(lower(
        r#"
param prefix: string = "openai."
control C-1 "calls" {
    remedy: "x"
    rel bad(call: code.Call, why: string)
    scope(c) :- code.call{call: c}.
    bad(c, "short") :- scope(c), code.call{call: c, callee}, length(callee) < 3.
    violation(c, "{c} calls {callee} ({why}), not {prefix}") :-
        code.call{call: c, callee}, bad(c, why).
    violation(c, message) :- code.call{call: c, receiver: message}.
    note(c, "no receiver") :- code.call{call: c, receiver: r?}, r = none.
}
"#
    ));
}
