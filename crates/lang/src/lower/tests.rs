//! Programs as they come out.

use crate::testing::{lower, pin};

#[test]
fn rules_keep_their_order_and_params_become_values() {
    pin!(lower(
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
    pin!(lower(
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

#[test]
fn variables_belong_to_the_outermost_scope_that_binds_them() {
    pin!(lower(
        r#"
rel a(x: int, y: int)
rel b(x: int)
b(x) :- a(x, _), not ( a(_, y), y > x, not a(y, x) ).
b(n) :- n = count { x : a(x, y), y > 3 }, a(m, _), s = sum { y, z : a(z, y), z > m }, s > 0.
b(x) :- ( a(x, y) or a(y, x), y > 1 ), not a(y, y).
b(y) :- y = x + 1, x in [1, 2].
b(z) :- ( z in [1, 2] or a(z, _) ), z != 1.
"#
    ));
}

#[test]
fn operands_take_the_types_that_their_places_want() {
    pin!(lower(
        r#"
rel r(f: float, s: string, t: time?, d: duration)
r(1, "a", none, 1d).
r(5%, "b", 2026-01-02T03:04:05Z, -2h).
r(f, "x{s}{t else 2026-01-01}", none, d * 2) :- r(f, s, t?, d), f > 1, f in [1, 2.5], r{f: 3, s: upper(s), d: d}.
r(f, g, t, d) :- r(_, s, t, d), s matches /^(?<g>[a-z]+)-(\d+)$/i as (g, n?), f = parse_float(n else "0").
r(round(x) * 1.0, replace(s, /a+/, "b"), today(), today() - t) :- r(x, s, t, _), s not like "src/**/*.py", not s contains "x".
"#
    ));
}

#[test]
fn evidence_rests_on_inputs() {
    let (_, compilation) = crate::testing::compile_all(&[(
        "m",
        r#"
input a(x: string) from csv "a.csv"
input b(x: string) from csv "b.csv"
open rel c(x: string)
rel both(x: string)
both(x) :- a(x), not b(x).
rel either(x: string)
either(x) :- ( a(x) or b(x) ), 0 = count { y : c(y) }.
rel none_at_all(x: string)
rel reads_none(x: string)
reads_none(x) :- a(x), none_at_all(x).
rel stated(x: string)
stated("x").
"#,
    )]);
    let program = compilation.program(&crate::testing::roots(&compilation), &[], &crate::Settings::default());
    let evidence = crate::evidence(&program, |id| &*program.relation(id).decl.name == "m.a");
    let mut shown = String::new();
    for (relation, has) in program.relations.iter().zip(&evidence.relations) {
        shown += &format!("{}: {has}\n", relation.decl.name);
    }
    insta::assert_snapshot!(shown);
    let either = program.find("m.either").unwrap();
    let below = &crate::dependencies(&program, &[either])[0];
    let inputs: Vec<String> = below
        .iter()
        .filter(|found| program.relation(found.id).kind == ir::RelationKind::Input)
        .map(|found| format!("{} {}", program.relation(found.id).decl.name, found.negative))
        .collect();
    assert_eq!(inputs, ["m.a false", "m.b false"]);
}

#[test]
fn lists_and_fallbacks_take_params() {
    pin!(lower(
        r##"
param limit: int = 3
param word: string = "w"
rel r(x: string, n: float?, t: time?)
rel s(x: string, n: float, t: time)
s(x, n else limit, t else today()) :- r(x, n?, t?), x in [word, "z"], not ( r(_, m, _), m in [1, limit] ).
s(x, n else -1, t) :- r(x, n?, t), n != none, x not in ["a", word], t in [today(), 2026-01-01].
s(word, m else limit, t) :- t in [today()], r(_, m?, t), m else limit > 3.
"##
    ));
}
