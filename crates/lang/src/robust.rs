//! The compiler on many rules, and on broken ones.

use std::fmt::Write;

use crate::testing::{compile_all, roots};

/// Rules in chains, each reading the ones before, with negation, aggregates and named fields.
fn many_rules(count: usize) -> String {
    let mut text = String::from("input edge(a: int, b: int) from tsv \"edge.facts\" headerless\n");
    for n in 0..count / 4 {
        let before = if n == 0 { "edge".to_owned() } else { format!("r{}", n - 1) };
        writeln!(
            text,
            "rel r{n}(a: int, b: int)\n\
             r{n}(x, y) :- {before}(x, y), edge(y, z), z > {n}.\n\
             r{n}{{a: x, b: y}} :- edge{{a: x, b: m}}, r{n}{{a: m, b: y}}.\n\
             r{n}(x, y) :- edge(x, y), not {before}(y, x), ( x < y or edge(y, {n}) ).\n\
             r{n}(x, n) :- edge(x, _), n = count {{ y : {before}(x, y), y != {n} }}."
        )
        .expect("writing to a string");
    }
    text
}

#[test]
fn ten_thousand_rules_compile_and_lower() {
    let text = many_rules(10_000);
    let (_, compilation) = compile_all(&[("m", &text)]);
    assert!(compilation.diagnostics.is_empty(), "{:?}", compilation.diagnostics.first());
    let program = compilation.program(&roots(&compilation), &[], &crate::Settings::default());
    assert_eq!(program.rules.len(), 10_000);
    assert_eq!(program.strata.len(), 2_500);
}

#[test]
fn ten_thousand_broken_rules_are_told_one_by_one() {
    let mut text = many_rules(1_000);
    for n in 0..10_000 {
        writeln!(text, "r1(x, y) :- edgy{n}(x, y).").expect("writing to a string");
    }
    let (_, compilation) = compile_all(&[("m", &text)]);
    assert_eq!(compilation.diagnostics.len(), 10_000);
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    let nested = |open: &str, inner: &str, close: &str| {
        let text = format!("rel a(x: int)\na(x) :- a(x), {}{inner}{}.\n", open.repeat(500), close.repeat(500));
        let (_, compilation) = compile_all(&[("m", &text)]);
        assert!(!compilation.diagnostics.is_empty(), "{open}");
    };
    nested("( ", "a(x)", " )");
    nested("( a(x) or ", "a(x)", " )");
    nested("not ( a(x), ", "a(x)", " )");
    nested("1 = count { x : ", "a(x)", " }");
    nested("x = ", "1 + x ", "+ 1 ");
    nested("x = -", "1", "");
}

/// Every shipped kind of item, cut off at every byte and with every byte changed.
#[test]
fn damaged_policies_never_crash() {
    let text = r#"
use std.code as c
entity E < code.Call
param p: duration = 90d
framework f "F" { A: "a" }
open rel o(x: string, t: time?)
o("a", none).
input i(key k: E, n: int?) from json "x.json" where A = 1 each A[*] as a { k: a.k or "x", n: a.n none "-" }
rel r(x: code.Call, n: int)
r(x, n) :- code.call{call: x, receiver: y?}, n = sum { length(z), z : o(z, _) }, y != none, x like "a*".
control C-1 "t" {
    severity: high
    maps: f/A
    scope(x) :- ( r(x, _) or code.call{call: x} ).
    violation(x, "{x} {n} {p}") :- r(x, n), not o(x, today()), n in [1, 2].
}
test "t" { given o("x", 2026-01-01). expect violation C-1("x") }
"#;
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        compile_all(&[("m", &text[..at])]);
        for put in ["", "(", "\"", "."] {
            let damaged = format!("{}{put}{}", &text[..at], text.get(at + 1..).unwrap_or_default());
            let (_, compilation) = compile_all(&[("m", &damaged)]);
            compilation.program(&roots(&compilation), &[], &crate::Settings::default());
        }
    }
}
