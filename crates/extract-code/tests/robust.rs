//! What holds for any input: hostile nesting, garbage, stable keys, places, evidence.

mod common;

use common::{column, print, run};

#[test]
fn nesting_costs_no_stack_and_hides_nothing_beside_it() {
    let deep = 100_000;
    let chains = [
        format!("x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("x = {}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x = {}", "(".repeat(deep)),
        format!("x = {}1{}", "f(".repeat(20_000), ")".repeat(20_000)),
        format!("x = a{}", ".b()".repeat(20_000)),
        format!("x = a{}", " + b".repeat(20_000)),
        format!("x = a{}", " + b - c".repeat(20_000)),
        format!("x = a{}", " or b and c".repeat(5_000)),
        format!("x = {}a", "not ".repeat(20_000)),
        format!("x = {}a", "a if b else ".repeat(5_000)),
        format!("x = {}a", "lambda: ".repeat(5_000)),
        format!("{}1", "a = ".repeat(20_000)),
        (0..90).map(|level| format!("{}try:\n", " ".repeat(level))).collect::<String>() + &" ".repeat(90) + "pass",
        (0..400).map(|level| format!("{}def f():\n", " ".repeat(level))).collect::<String>()
            + &" ".repeat(400)
            + "pass",
    ];
    for chain in chains {
        let extracted = run("a.py", &format!("first(1)\n{chain}\n"), &[]);
        assert!(column(&extracted, "call", "callee").contains(&"first".to_owned()), "{}", &chain[..40]);
    }
}

#[test]
fn finally_blocks_within_each_other_do_not_multiply() {
    let open: String = (0..80).map(|level| format!("{}try:\n", " ".repeat(level))).collect();
    let close: String =
        (0..80).rev().map(|level| format!("{0}finally:\n{0} h{level}()\n", " ".repeat(level))).collect();
    let extracted = run("a.py", &format!("{open}{}g()\n{close}", " ".repeat(80)), &["call", "precedes", "follows"]);
    assert_eq!(column(&extracted, "call", "callee").len(), 81);
    assert!(column(&extracted, "precedes", "first").len() < 1000);
}

#[test]
fn many_definitions_meet_in_one_place() {
    let text = (0..500).map(|_| "if c:\n    x = f()\nuse(x)\n").collect::<String>();
    let extracted = run("a.py", &text, &["flow", "expression"]);
    let steps = column(&extracted, "flow", "to").len();
    assert!(steps < 500 * 30, "{steps} steps for 500 definitions and uses");
    // Every use can be traced back to the first definition.
    let (from, to) = (column(&extracted, "flow", "from"), column(&extracted, "flow", "to"));
    let mut reached = vec!["a.py#<module> call f".to_owned()];
    let mut at = 0;
    while let Some(current) = reached.get(at).cloned() {
        for (from, to) in from.iter().zip(&to) {
            if *from == current && !reached.contains(to) {
                reached.push(to.clone());
            }
        }
        at += 1;
    }
    assert!(reached.len() > 500, "{}", reached.len());
}

#[test]
fn keys_survive_unrelated_edits() {
    let body = "def ask(q):\n    r = client.chat(q)\n    return r.text\n\nclass A:\n    def m(self):\n        return ask(f'{self.x}!')\n";
    let edited = format!(
        "import json\n\n\ndef fresh(z):\n    return json.dumps(client.chat(z))\n\n{}",
        body.replace("    r = ", "    audit()\n\n    r =  ").replace("f'{self.x}!'", "f'{self.x}!' ")
    );
    let before = run("a.py", body, &[]);
    let after = run("a.py", &edited, &[]);
    for (relation, key) in [("function", "function"), ("class", "class"), ("call", "call"), ("expression", "expr")] {
        let kept = column(&after, relation, key);
        for key in column(&before, relation, key) {
            assert!(kept.contains(&key), "{relation} {key}");
        }
    }
}

#[test]
fn keys_do_not_hang_on_what_is_asked_for() {
    let text = include_str!("fixtures/python/flow.py");
    let all = column(&run("a.py", text, &[]), "flow", "from");
    assert_eq!(column(&run("a.py", text, &["flow"]), "flow", "from"), all);
}

#[test]
fn columns_count_characters() {
    let extracted = run("a.py", "é = 'äö'; f(é)\n", &["call"]);
    assert!(print(&extracted).starts_with("1:11 call"), "{}", print(&extracted));
}

#[test]
fn a_file_without_code_is_evidence_all_the_same() {
    for text in ["", "# nothing\n", "def (:\n"] {
        let extracted = run("a.py", text, &["call", "flow", "file", "dependency", "comment"]);
        let mut names: Vec<_> = extracted.evidence.iter().map(|&at| &extracted.schema[at].name[..]).collect();
        names.sort_unstable();
        assert_eq!(names, ["code.call", "code.comment", "code.file", "code.flow"], "{text:?}");
    }
}

#[test]
fn garbage_gives_facts_or_problems_but_no_panic() {
    #[rustfmt::skip]
    common::garbage(&["a.py"], &[
        "def ", "class ", "(", ")", "[", "]", "{", "}", ":", "\n", "    ", "if ", "else", "try", "except", "finally",
        "f'", "'", "\"", "\\", "lambda ", "yield ", "await ", "*", "**", "=", ":=", "é", "\u{1f600}", "@", "import ",
        "from ", ".", ",", "match ", "case ", "with ", "as ", "x", "1", "global ", "in ", "for ", "while ",
        "return ", "raise ", "\t", "0x",
    ]);
    #[rustfmt::skip]
    common::garbage(&["a.js", "a.ts", "a.tsx"], &[
        "function ", "class ", "(", ")", "[", "]", "{", "}", ":", "\n", "  ", "if ", "else ", "try ", "catch ",
        "finally ", "`", "${", "'", "\"", "\\", "=> ", "yield ", "await ", "async ", "*", "...", "=", "??=", "é",
        "\u{1f600}", "@", "import ", "from ", "export ", "default ", "require('a')", ".", "?.", ",", ";", "switch ",
        "case ", "with ", "as ", "x", "1", "const ", "let ", "in ", "of ", "for ", "while ", "do ", "return ",
        "throw ", "\t", "0x", "<", ">", "/", "</", "/>", "module.exports", "get ", "set ", "static ", "#", "new ",
        "typeof ", "enum ", "type ", "interface ", "?", "!", "|", "//", "/*", "*/", "break ", "continue ",
    ]);
}

#[test]
fn garbage_of_other_languages_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/b.go"], &[
        "package a\n", "import ", "func ", "(", ")", "[", "]", "{", "}", "type ", "struct ", "interface ", "map", "chan ",
        "x", "y", ".", ",", ":=", "=", "+=", "<-", "&", "*", "\"s\"", "`", "\n", "if ", "else ", "for ", "range ",
        "switch ", "case ", "default:", "select ", "return ", "go ", "defer ", "var ", "const ", "é", "nil", "1", "...", ";",
        ".(type)", "break\n", "continue\n", "'a'", "//", "append(", "make(", "string(",
    ]);
    #[rustfmt::skip]
    common::garbage(&["a/B.java"], &[
        "package a;\n", "import ", "static ", "class ", "interface ", "record ", "enum ", "@", "A", "(", ")", "[", "]", "{",
        "}", "<", ">", "x", "y", ".", ",", ";", "=", "+=", "->", "::", "new ", "\"s\"", "\"\"\"", "\n", "if ", "else ", "for ",
        "while ", "do ", "switch ", "case ", "default ", "yield ", "return ", "throw ", "try ", "catch ", "finally ", "this",
        "super", "é", "null", "1", "instanceof ", "extends ", "implements ", "var ", "List.of(", "break;", "'a'", "//",
    ]);
}

#[test]
fn garbage_of_csharp_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/B.cs"], &[
        "using ", "namespace ", "class ", "record ", "struct ", "enum ", "interface ", "(", ")", "[", "]", "{", "}", "<", ">", "x", "Y",
        ".", "?.", ",", ";", "=", "??=", "=>", "new ", "\"s\"", "$\"{", "}\"", "@\"", "\"\"\"", "\n", "if ", "else ", "for ", "foreach ", "in ",
        "while ", "do ", "switch ", "case ", "default ", "when ", "yield ", "return ", "throw ", "try ", "catch ", "finally ", "this",
        "base", "é", "null", "1", "is ", "as ", "var ", "await ", "async ", "static ", "get; ", "set; ", "where ", "from ", "select ",
        "with ", "out ", "ref ", "params ", "#if X\n", "#endif\n", "//", "break;", "!", "..", "_",
    ]);
}

#[test]
fn garbage_of_kotlin_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/B.kt"], &[
        "package a\n", "import a.b\n", "class ", "object ", "interface ", "data ", "enum ", "fun ", "val ", "var ", "(", ")", "[", "]", "{",
        "}", "<", ">", "x", "Y", ".", "?.", ",", ";", "=", "+=", "->", "::", "\"s\"", "\"$", "\"${", "\"\"\"", "\n", "if ", "else ", "for ",
        "in ", "while ", "do ", "when ", "is ", "as ", "return ", "throw ", "try ", "catch ", "finally ", "this", "super", "é", "null",
        "1", "by lazy ", "get() ", "init ", "companion object ", "constructor", "suspend ", "@A", "@", "it", "to ", "?:", "!!", "..", "//",
    ]);
}

#[test]
fn garbage_of_ruby_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/b.rb"], &[
        "require \"a\"\n", "class A", "module B", "def f", "end\n", "(", ")", "[", "]", "{", "}", "|x|", "x", "Y", "@a", "@@b", "$c", ".",
        "&.", "::", ",", ";", "=", "||=", "=>", "->", ":s", "\"s\"", "\"#{", "}\"", "'a'", "<<~SQL", "\nSQL\n", "\n", "if ", "unless ",
        "elsif ", "else ", "case ", "when ", "in ", "while ", "until ", "for ", "do ", "begin ", "rescue ", "ensure ", "return ", "raise ",
        "yield ", "self", "super", "é", "nil", "1", "and ", "or ", "not ", "!", "*", "**", "&", "`", "%w[a]", "private\n", "#", "/x/", "?",
    ]);
}

#[test]
fn garbage_of_php_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/b.php"], &[
        "<?php ", "?>", "<?= ", "<p>", "namespace A\\B;", "use A\\{B, C as D};", "class A", "trait T", "enum E: string", "function f", "fn ", "(", ")",
        "[", "]", "{", "}", "$x", "$this", "$$y", "->", "?->", "::", "A", "\\B\\C", ",", ";", "=", ".=", "??=", "=>", "'a'", "\"$x {", "\"", "<<<T\n", "\nT;\n",
        "`", "new ", "match (", "default ", "case ", "switch ", "if ", "else ", "elseif ", "endif;", "foreach ", "as ", "while ", "do ", "try ",
        "catch ", "finally ", "return ", "throw ", "yield ", "static ", "global ", "list(", "...", "&", "@", "(int)", "#[A]", "é", "null", "1", "?:", "echo ",
        "exit", "const A = ", "public ", "compact('a')", "define('A', 1)", "use ", "break;", "//", "#",
    ]);
}

#[test]
fn garbage_of_rust_panics_no_more() {
    #[rustfmt::skip]
    common::garbage(&["a/src/b.rs"], &[
        "use a::{b, c as d};", "mod m;", "struct A", "enum E", "trait T", "impl T for A ", "fn f", "pub ", "async ", "(", ")", "[", "]", "{", "}", "<", ">",
        "x", "Y", "self", "Self::", "crate::", "super::", "::", ".", ".await", "?", ",", ";", "=", "+=", "=>", "->", "|x| ", "&", "mut ", "*", "\"s\"", "\"{x} {}\"",
        "r#\"", "\"#", "'a'", "'l: ", "format!(", "json!({", "println!(\"{}\", ", "vec![", "m!{", "let ", "if let ", "else ", "match ", "_ => ", "while ", "loop ",
        "for ", "in ", "return ", "break", "continue;", "#[a(b = \"c\")]", "#[cfg(test)]", "é", "1u8", "0.5f32", "..", "//", "/*", "*/", "unsafe ", "move ", "const ",
    ]);
}

#[test]
fn nesting_in_other_languages_costs_no_stack() {
    let deep = 20_000;
    let values = [
        format!("{}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("{}1{}", "f(".repeat(deep), ")".repeat(deep)),
        format!("a{}", ".b()".repeat(deep)),
        format!("a{}", " + b".repeat(deep)),
        format!("a{}", " && b || c".repeat(5_000)),
        format!("{}a", "!".repeat(deep)),
    ];
    for value in values {
        let go = run("a/b.go", &format!("package a\nfunc first() {{ one(1) }}\nvar x = {value}\n"), &[]);
        assert!(column(&go, "call", "method").contains(&"one".to_owned()), "{}", &value[..40]);
        let text = format!("package a;\nclass A {{ void first() {{ one(1); }}\nint x = {value}; }}\n");
        let java = run("a/A.java", &text, &[]);
        assert!(column(&java, "call", "method").contains(&"one".to_owned()), "{}", &value[..40]);
        common::nesting("a/a.rb", &[format!("def f\n first(1)\nend\nx = {value}\n")]);
        let php = value.replace("a.", "$a->").replace(".b", "->b").replace("a ", "$a ").replace("!a", "!$a");
        common::nesting("a/a.php", &[format!("<?php\nfunction f() {{\n first(1);\n}}\n$x = {php};\n")]);
        common::nesting("a/src/a.rs", &[format!("fn f() {{\n first(1);\n}}\nfn g() {{ let x = {value}; }}\n")]);
        common::nesting("a/A.kt", &[format!("fun f() {{\n first(1)\n}}\nval x = {value}\n")]);
        common::nesting("a/A.cs", &[format!("class A {{ void F() {{ first(1); }}\nint x = {value}; }}\n")]);
    }
}

#[test]
fn a_type_of_go_has_one_key_in_all_files_of_its_package() {
    let one = run("llm/service.go", "package llm\ntype Service struct { key string }\n", &["class"]);
    let other = run("llm/ask.go", "package llm\nfunc (s *Service) Ask() { s.key = \"\" }\n", &["function", "class"]);
    assert_eq!(column(&one, "class", "class"), ["llm#class Service"]);
    assert_eq!(column(&other, "function", "class"), ["", "llm#class Service"]);
    assert!(column(&other, "class", "class").is_empty());
}

#[test]
fn nesting_in_ecmascript_costs_no_stack() {
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
fn keys_in_ecmascript_survive_unrelated_edits() {
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
