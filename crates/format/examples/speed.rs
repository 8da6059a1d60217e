//! speed
use std::fmt::Write;
fn main() {
    let rules: usize = 10_000;
    let mut t = String::from("//! Generated.\n\nuse std.code\nuse std.flow\n\n");
    let mut n = 0;
    let mut i = 0;
    while n < rules {
        i += 1;
        writeln!(t, "/// Relation {i}: calls and what goes in.\nrel r{i}(call: code.Call, name: string, value: code.Expr)").unwrap();
        writeln!(t, "r{i}(c, n, v) :- code.call{{call: c, callee: n}}, code.argument{{call: c, index: 0, value: v}}, not r{j}(c, n, _), n != \"x{i}\".", j = i / 2).unwrap();
        writeln!(t, "r{i}(c, n, v) :-\n    code.call{{call: c, callee: n, receiver: r}},\n    code.argument{{call: c, keyword: \"key{i}\", value: v}},\n    n matches /^(a|b)\\.c{i}$/,\n    code.expression{{expr: v, kind, text}},\n    kind in [\"name\", \"attribute\"],\n    text starts_with \"p{i}\".").unwrap();
        n += 2;
        if i % 5 == 0 {
            writeln!(t, "\n/// Control {i}.\ncontrol GEN-{i} \"Calls of kind {i} are checked\" {{\n    severity: high\n    maps: soc2/CC9.2, owasp-llm/LLM03, nist-ai-rmf/\"GOVERN 6.1\"\n    remedy: \"Check the call.\"\n\n    scope(c) :- r{i}(c, _, _).\n    violation(c, \"{{n}} is called with {{v}}\") :- r{i}(c, n, v), ( code.parameter{{function: f, value: v}} or flow.step(v, w, how), how in [\"a\", \"b\"] ), code.function{{function: f, name}}, length(name) + 1 > 3.\n    violation(c, \"too many\") :-\n        m = count {{ v : r{i}(c, _, v) }}, m > 3.\n}}\n\ntest \"control {i}\" {{\n    given r{i}(\"c\", \"n\", \"v\").\n    expect violation GEN-{i}(\"c\") with \"called\"\n    expect no violation GEN-{i}(\"d\")\n}}\n").unwrap();
            n += 3;
        }
    }
    let what = std::env::args().nth(1).unwrap();
    let runs = std::env::args().nth(2).map_or(5, |n| n.parse().unwrap());
    println!("{} bytes, {} lines", t.len(), t.lines().count());
    for _ in 0..runs {
        let s = std::time::Instant::now();
        match what.as_str() {
            "scan" => { std::hint::black_box(syntax::scan::scan(&t)); }
            "split" => { let k = syntax::scan::scan(&t); std::hint::black_box(syntax::split::split(&t, &k)); }
            "parse" => { let p = syntax::parse(base::FileId(0), &t); assert!(p.diagnostics.is_empty(), "{:?}", p.diagnostics[0]); }
            _ => { let f = format::format(base::FileId(0), &t); std::hint::black_box(f.text); }
        }
        println!("{what}: {:?}", s.elapsed());
    }
}
