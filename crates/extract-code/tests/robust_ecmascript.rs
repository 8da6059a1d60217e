//! What holds for any text of JavaScript or TypeScript: hostile nesting, garbage, stable keys.

mod common;

use common::{Extracted, run};
use facts::Code;

/// The texts of a column, by row.
fn column(extracted: &Extracted, relation: &str, column: &str) -> Vec<String> {
    let at = extracted.schema.iter().position(|decl| *decl.name == *format!("code.{relation}")).expect("asked for");
    let number = extracted.schema[at].column(column).expect("declared");
    let decode = |&code: &u32| match Code(code) {
        code if code.is_none() => String::new(),
        code => extracted.batch.values.text(code).to_string(),
    };
    extracted.batch.tables[at].columns[number].iter().map(decode).collect()
}

#[test]
fn nesting_costs_no_stack_and_hides_nothing_beside_it() {
    let deep = 20_000;
    let chains = [
        format!("x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("x = {}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x = {}1{}", "{a:".repeat(deep), "}".repeat(deep)),
        format!("x = {}1{}", "f(".repeat(deep), ")".repeat(deep)),
        format!("x = {}1{}", "`${".repeat(2_000), "}`".repeat(2_000)),
        format!("x = a{}", ".b()".repeat(deep)),
        format!("x = a{}", ".then(r => r)".repeat(5_000)),
        format!("x = a{}", " + b".repeat(deep)),
        format!("x = a{}", " + b - c".repeat(deep)),
        format!("x = a{}", " || b && c".repeat(5_000)),
        format!("x = a{}", " === b ?? c".repeat(5_000)),
        format!("x = {}a", "!".repeat(deep)),
        format!("x = {}c", "a ? b : ".repeat(5_000)),
        format!("x = {}1", "() => ".repeat(5_000)),
        format!("{}1", "a = ".repeat(deep)),
        format!("{}x(){}", "if (a) {} else ".repeat(5_000), ""),
        format!("{}{}", "{".repeat(deep), "}".repeat(deep)),
        format!("{}{}", "try {".repeat(200), "} finally {}".repeat(200)),
        format!("{}{}", "function f() {".repeat(400), "}".repeat(400)),
        format!("{}{}", "class A { x = ".repeat(400), "}".repeat(400)),
        format!("const {}a{} = b", "{a:".repeat(2_000), "}".repeat(2_000)),
        format!("x = {}{}", "<a>".repeat(2_000), "</a>".repeat(2_000)),
        format!("switch (a) {{ {} }}", "case 1: switch (b) {".repeat(300) + &"}".repeat(300)),
    ];
    for path in ["a.js", "a.tsx"] {
        for chain in &chains {
            let extracted = run(path, &format!("first(1)\n{chain}\n"), &[]);
            assert!(column(&extracted, "call", "callee").contains(&"first".to_owned()), "{path} {}", &chain[..30]);
        }
    }
    let types = [
        format!("let x: {}T{}", "A<".repeat(2_000), ">".repeat(2_000)),
        format!("let x: {}T", "A | ".repeat(20_000)),
        format!("let x: T{}", "[]".repeat(5_000)),
    ];
    for ty in types {
        let extracted = run("a.ts", &format!("first(1)\n{ty}\n"), &[]);
        assert!(column(&extracted, "call", "callee").contains(&"first".to_owned()), "{}", &ty[..30]);
    }
}

#[test]
fn keys_survive_unrelated_edits() {
    let body = "export const ask = async (q) => {\n  const r = await client.chat(q)\n  return r.text\n}\n\napp.post('/chat', async (req, res) => {\n  res.send(await ask(`${req.body.q}!`))\n})\n";
    let added =
        "import json from 'json'\n\napp.get('/other', (req, res) => {\n  res.send(client.chat(json(req)))\n})\n\n";
    let edited = added.to_owned()
        + &body.replace("  const r", "  audit()\n\n  const  r").replace("return r.text", "return  r.text");
    let before = run("a.ts", body, &[]);
    let after = run("a.ts", &edited, &[]);
    for (relation, key) in [("function", "function"), ("call", "call"), ("expression", "expr")] {
        let kept = column(&after, relation, key);
        for key in column(&before, relation, key) {
            // Equals at the top level are numbered in order: what is added above moves them on. The value that is the edited
            // function itself is known by its text, as any other expression.
            assert!(
                key.contains("name app") || key.contains("function async (q)") || kept.contains(&key),
                "{relation} {key}"
            );
        }
    }
}

#[test]
fn garbage_gives_facts_or_problems_but_no_panic() {
    let pieces = [
        "function ",
        "class ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\n",
        "  ",
        "if ",
        "else ",
        "try ",
        "catch ",
        "finally ",
        "`",
        "${",
        "'",
        "\"",
        "\\",
        "=> ",
        "yield ",
        "await ",
        "async ",
        "*",
        "...",
        "=",
        "??=",
        "é",
        "\u{1f600}",
        "@",
        "import ",
        "from ",
        "export ",
        "default ",
        "require('a')",
        ".",
        "?.",
        ",",
        ";",
        "switch ",
        "case ",
        "with ",
        "as ",
        "x",
        "1",
        "const ",
        "let ",
        "in ",
        "of ",
        "for ",
        "while ",
        "do ",
        "return ",
        "throw ",
        "\t",
        "0x",
        "<",
        ">",
        "/",
        "</",
        "/>",
        "module.exports",
        "get ",
        "set ",
        "static ",
        "#",
        "new ",
        "typeof ",
        "enum ",
        "type ",
        "interface ",
        "?",
        "!",
        "|",
        "//",
        "/*",
        "*/",
        "break ",
        "continue ",
    ];
    let mut state = 7u64;
    for round in 0..600 {
        let mut text = String::new();
        for _ in 0..60 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let path = ["a.js", "a.ts", "a.tsx"][round % 3];
        let extracted = run(path, &text, &[]);
        for table in &extracted.batch.tables {
            for place in &table.places {
                assert!(text.get(place.start as usize..place.end as usize).is_some(), "{path}: {text:?}");
            }
        }
    }
}
