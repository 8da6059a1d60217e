//! Figures of the compiler on a large policy set, 10,000 rules over 2,200 relations in 200 modules with controls and
//! tests: `cargo bench -p lang`.

#![allow(clippy::print_stdout, missing_docs, reason = "figures are what this is run for")]

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use base::SourceMap;
use lang::{Compilation, ModuleSource, Query, Settings};

const MODULES: usize = 200;
const RULES: usize = 47;

/// One module: inputs, relations, rules of all forms, a control with three rules more, two tests.
fn module(number: usize) -> String {
    let mut text = format!("//! Module {number}.\n\n");
    let before = number.checked_sub(1).map(|before| format!("m{before}"));
    if let Some(before) = &before {
        writeln!(text, "use gen.{before}").expect("writing to a string");
    }
    text.push_str(
        "
/// The longest that anything may take.
param limit: duration = 90d
/// Who may.
param owner: string = \"team\"

/// One row for each thing.
input thing(key name: string, kind: string?, since: time?, size: int?)
    from json, yaml \"**/things.json\" where things each things[*] as t
    { name: t.name, kind: t.kind or t.type none \"n/a\", since: t.since as \"%d/%m/%Y\", size: t.size }

/// What leads where.
input edge(key a: string, b: string, weight: int) from csv \"edges.csv\" { a: \"from\", b: \"to\", weight: \"weight\" }
",
    );
    for relation in 0..9 {
        writeln!(text, "/// Relation {relation}.\nrel r{relation}(name: string, other: string, n: int, t: time?)")
            .expect("writing");
    }
    for rule in 0..RULES {
        let (head, read) = (rule % 9, (rule * 7 + 1) % 9);
        let elsewhere = match &before {
            Some(before) => format!("{before}.r{read}"),
            None => format!("r{read}"),
        };
        let rule = match rule % 8 {
            0 => {
                format!("r{head}(x, y, w, none) :- edge(x, y, w), w > {rule}, not thing{{name: y, kind: \"k{rule}\"}}.")
            }
            1 => format!("r{head}(x, z, n, t) :- {elsewhere}(x, y, n, t?), edge{{a: y, b: z}}, x != z."),
            2 => format!(
                "r{head}(x, lower(k), n, s) :- thing{{name: x, kind: k, since: s, size: n}}, k matches /^k[0-9]+-(\\w+)$/ as (_g), today() - s > limit."
            ),
            3 => format!(
                "r{head}(x, y, n, none) :- edge{{a: x, b: y}}, n = count {{ z, w : edge(y, z, w), w < {rule} }}."
            ),
            4 => format!(
                "r{head}(x, \"{{x}} of {{owner}}\", m, none) :- thing{{name: x, size: n?, kind: k}}, ( k = \"a\" or k in [\"b\", owner], n != none ), m = {rule} + 1."
            ),
            5 => format!(
                "r{head}(x, k else \"none\", n * 2 - 1, s) :- thing{{name: x, kind: k?, since: s?, size: n}}, not ( edge{{a: x, b: b}}, b starts_with \"z\" )."
            ),
            6 => format!(
                "r{head}{{name: x, other: y, n: a + b, t: none}} :- edge(x, y, a), edge(y, x, b), x like \"src/**/*.{{py,ts}}\"."
            ),
            _ => format!(
                "r{head}(x, y, 0, none) :- {elsewhere}{{name: x, other: y, n, t: none}}, n > 0, not {elsewhere}{{name: y, other: x}}."
            ),
        };
        writeln!(text, "{rule}").expect("writing to a string");
    }
    write!(
        text,
        "
/// Things are young.
control GEN-{number} \"Things of module {number} are young\" {{
    severity: high
    remedy: \"Renew it.\"

    scope(x) :- thing{{name: x}}.
    violation(x, \"nobody knows since when {{x}} is there\") :- thing{{name: x, since: none}}.
    violation(x, \"{{x}} is {{age}} old, more than {{limit}}\") :-
        thing{{name: x, since: s}}, age = today() - s, age > limit, r1{{name: x}}.
}}

test \"an old thing\" {{
    as_of 2026-11-20
    given thing{{name: \"a\", since: 2024-01-01}}.
    given edge{{a: \"a\", b: \"b\", weight: 3}}.
    expect no violation GEN-{number}(\"a\")
    expect r0{{name: \"a\"}}
}}
test \"nothing at all\" {{
    as_of 2026-11-20
    given empty thing
    expect not_applicable GEN-{number}
}}
"
    )
    .expect("writing to a string");
    text
}

fn timed<T>(what: &str, f: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let value = f();
    println!("{what}: {:?}", started.elapsed());
    value
}

fn queries(compilation: &Compilation) -> Vec<&Query> {
    let expectations = compilation.tests.iter().flat_map(|test| &test.expectations);
    expectations
        .filter_map(|expectation| match &expectation.kind {
            lang::ExpectationKind::Query { query, .. } => Some(query),
            _ => None,
        })
        .collect()
}

fn main() {
    let mut sources = SourceMap::new();
    let mut modules = Vec::new();
    for number in 0..MODULES {
        let file = sources.add(format!("gen/m{number}.law"), module(number));
        modules.push(ModuleSource { file, name: format!("gen.m{number}").into(), builtin: false, folder: "".into() });
    }
    let bytes: usize = modules.iter().map(|module| sources.text(module.file).len()).sum();
    println!("{} modules, {} KiB", modules.len(), bytes / 1024);
    for _ in 0..3 {
        timed("  parse alone", || {
            modules.iter().map(|m| syntax::parse(m.file, sources.text(m.file)).module.items.len()).sum::<usize>()
        });
        let compilation = timed("compile, parsing included", || lang::compile(&sources, &modules));
        let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        assert_eq!(errors, 0, "{:?}", compilation.diagnostics.iter().find(|diagnostic| diagnostic.is_error()));
        let mut roots: Vec<Arc<str>> =
            compilation.relations.iter().map(|relation| relation.decl.name.clone()).collect();
        for control in &compilation.controls {
            roots.push(control.scope.clone());
            roots.extend(control.violations.iter().map(|rule| rule.relation.clone()));
        }
        let program = timed("program of everything", || {
            compilation.program(&roots, &queries(&compilation), &Settings::default())
        });
        println!(
            "{} rules, {} relations, {} strata",
            program.rules.len(),
            program.relations.len(),
            program.strata.len()
        );
    }
}
