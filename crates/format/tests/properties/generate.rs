//! Random programs that hold every construct of the grammar, in the layout of one who does not care: what is tested is their
//! layout, so they need not mean anything.

/// A small generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// Several made and joined.
fn many(random: &mut Random, least: usize, most: usize, by: &str, make: impl Fn(&mut Random) -> String) -> String {
    let count = least + random.below(most + 1 - least);
    (0..count).map(|_| make(random)).collect::<Vec<_>>().join(by)
}

/// A whole file.
pub fn program(random: &mut Random) -> String {
    let doc = random.pick(&["", "//! About it.\n//! More.\n", "// plain\n"]).to_owned();
    doc + &many(random, 1, 12, "", |random| {
        let above = random.pick(&[
            "",
            "",
            "\n",
            "\n\n\n",
            "/// Documented.\n",
            "// of it\n\n",
            "\n// one\n/// two\n// three\n",
        ]);
        let behind = random.pick(&["", "", "", " // behind", "  /// lost"]);
        let end = random.pick(&["\n", "\n", "\n\n", "   \n"]);
        format!("{above}{}{behind}{end}", item(random))
    })
}

fn item(random: &mut Random) -> String {
    match random.below(16) {
        0 => format!("use {}{}", path(random), random.pick(&["", " as short"])),
        1 => format!("entity {}{}", name(random), random.pick(&["", " < Base", " < code.Expr"])),
        2 | 3 => rel(random),
        4 => format!("param {} : {} = {}", name(random), kind(random), literal_value(random)),
        5 => framework(random),
        6 | 7 => input(random),
        8 => control(random),
        9 => test(random),
        10..=12 => {
            let gap = random_gap(random);
            many(random, 1, 5, gap, fact)
        }
        _ => rule(random),
    }
}

/// What stands between facts.
fn random_gap(random: &mut Random) -> &'static str {
    random.pick(&[" ", "\n", "\n", "\n// between\n", "\n\n"])
}

fn name(random: &mut Random) -> String {
    const NAMES: [&str; 14] = [
        "a",
        "x",
        "y",
        "owner",
        "team",
        "call",
        "model_vendor",
        "registered_somewhere",
        "k",
        "flow",
        "value",
        "max_report_age",
        "very_long_name_of_a_relation_or_column",
        "t2",
    ];
    random.pick(&NAMES).to_owned()
}

fn path(random: &mut Random) -> String {
    many(random, 1, 3, ".", name)
}

fn kind(random: &mut Random) -> String {
    random.pick(&["string", "int", "code.Expr", "time?", "code.Function?", "bool"]).to_owned()
}

fn text(random: &mut Random) -> String {
    const TEXTS: [&str; 10] = [
        "\"\"",
        "\"a\"",
        "\"OpenAI, L.L.C.\"",
        "\"{v} is // no comment\"",
        "\"é \\\" \\{ \\u{e9}\"",
        "r\"raw\\\"",
        "r#\"a \"b\"\"#",
        "\"a text that is so long that hardly anything fits beside it on its line, whatever may be done about it\"",
        "\"\"\"\n    block\n      of text\n    \"\"\"",
        "\"the report of {v} is {age} old\"",
    ];
    random.pick(&TEXTS).to_owned()
}

fn line_text(random: &mut Random) -> String {
    random.pick(&["\"a\"", "\"Vendor name\"", "\"n/a\"", "r\"x\"", "\"a longer heading of a table\""]).to_owned()
}

fn number(random: &mut Random) -> String {
    random
        .pick(&["0", "42", "1_000", "0.05", "5%", "1e-3", "90d", "14d 3h", "2026-11-20", "2026-11-20T08:30:00Z"])
        .to_owned()
}

fn literal_value(random: &mut Random) -> String {
    match random.below(5) {
        0 => text(random),
        1 => random.pick(&["true", "false", "-5", "-0.5"]).to_owned(),
        _ => number(random),
    }
}

fn regex(random: &mut Random) -> String {
    random
        .pick(&[
            "/a/",
            "/(?<g>[/\"'.])\\/(h)/ix",
            "/^(yes|no|signed|executed|countersigned|in place|active|whatever else)$/",
        ])
        .to_owned()
}

fn list(random: &mut Random) -> String {
    format!("[{}]", many(random, 0, 12, ", ", literal_value))
}

fn operand(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 6 } else { 14 }) {
        0 | 1 => name(random),
        2 => literal_value(random),
        3..=5 => format!("params.{}", name(random)),
        6 => format!(
            "{}({})",
            random.pick(&["lower", "today", "replace"]),
            many(random, 0, 3, ",", |random| operand(random, depth - 1))
        ),
        7 | 8 => {
            let operator = random.pick(&["+", "-", " * ", " / ", " else "]);
            format!("{} {operator} {}", name(random), operand(random, depth - 1))
        }
        9 => format!("({} + {}) * -{}", name(random), operand(random, depth - 1), name(random)),
        10 => format!("- {}", name(random)),
        _ => {
            let listed = many(random, 1, 2, ", ", name);
            let function = random.pick(&["count", "sum", "join", "min"]);
            format!("{function} {{ {listed} : {} }}", body(random, depth - 1))
        }
    }
}

fn argument(random: &mut Random, depth: usize) -> String {
    match random.below(6) {
        0 => "_".to_owned(),
        1 => format!("{}?", name(random)),
        _ => operand(random, depth.min(1)),
    }
}

fn atom(random: &mut Random, depth: usize) -> String {
    let relation = path(random);
    match random.below(3) {
        0 => format!("{relation}({})", many(random, 0, 4, " , ", |random| argument(random, depth))),
        _ => {
            let fields = many(random, 0, 6, ",", |random| match random.below(4) {
                0 => name(random),
                1 => format!("{}?", name(random)),
                2 => format!("in: {}", argument(random, depth)),
                _ => format!("{}:{}", name(random), " ".to_owned() + &argument(random, depth)),
            });
            format!("{relation}{{{fields}{}}}", if fields.is_empty() { "" } else { random.pick(&["", "", ","]) })
        }
    }
}

fn head(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!(
            "{}{{{}}}",
            path(random),
            many(random, 0, 5, ", ", |random| format!("{}: {}", name(random), operand(random, 0)))
        ),
        _ => format!("{}({})", path(random), many(random, 0, 4, ",", |random| operand(random, 1))),
    }
}

fn literal(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 8 } else { 11 }) {
        0..=2 => atom(random, depth),
        3 => format!("not {}", atom(random, depth)),
        4 => {
            let operator = random.pick(&["=", "!=", "<", "<=", ">", ">="]);
            format!("{} {operator} {}", name(random), operand(random, depth))
        }
        5 => format!(
            "{} {}matches {}{}",
            name(random),
            random.pick(&["", "not "]),
            regex(random),
            random.pick(&["", " as (g, h?)"])
        ),
        6 => format!("{} {}in {}", name(random), random.pick(&["", "not "]), list(random)),
        7 => format!("{} {} {}", name(random), random.pick(&["contains", "starts_with", "like"]), line_text(random)),
        8 => format!("not ( {} )", body(random, depth - 1)),
        _ => format!("({})", many(random, 1, 3, " or ", |random| body(random, depth - 1))),
    }
}

fn body(random: &mut Random, depth: usize) -> String {
    let by = random.pick(&[", ", ",\n    ", ","]);
    many(random, 1, 2 + depth, by, |random| literal(random, depth))
}

fn rule(random: &mut Random) -> String {
    let neck = random.pick(&[" :- ", ":-", " :-\n    "]);
    let end = random.pick(&[".", ".", ",."]);
    format!("{}{neck}{}{end}", head(random), body(random, 2))
}

fn fact(random: &mut Random) -> String {
    format!(
        "{}({}).",
        random.pick(&["alias", "framework", "ai.api"]),
        many(random, 1, 3, ", ", |random| match random.below(8) {
            0 => text(random),
            1 => literal_value(random),
            _ => line_text(random),
        })
    )
}

fn columns(random: &mut Random, keys: &[&str]) -> String {
    let column = |random: &mut Random| {
        let above = random.pick(&["", "", "", "\n        /// Of a column.\n        "]);
        format!("{above}{}{}: {}", random.pick(keys), name(random), kind(random))
    };
    format!("({})", many(random, 0, 7, ", ", column))
}

fn rel(random: &mut Random) -> String {
    format!("{}rel {}{}", random.pick(&["", "open "]), name(random), columns(random, &[""]))
}

fn framework(random: &mut Random) -> String {
    let by = random.pick(&["\n    ", " ", ", ", "\n\n    "]);
    let criteria = many(random, 0, 5, by, |random| {
        format!("{}: {}", random.pick(&["CC9.2", "\"GOVERN 2.1\"", "A.5.15", "M-2.3"]), line_text(random))
    });
    format!("framework nist-ai-rmf {} {{{criteria}}}", line_text(random))
}

fn doc_path(random: &mut Random) -> String {
    let step = random.pick(&["", ".b", "[*]", "[0]", "[\"odd key\"]", ".*", "..deep", ".json().x"]);
    format!("{}{step}", random.pick(&["a", "from", "UserDetailList", "$key", "items[*]"]))
}

fn input(random: &mut Random) -> String {
    let head = format!("input {}{}", name(random), columns(random, &["", "", "key "]));
    head + &many(random, 0, 2, "", source)
}

fn source(random: &mut Random) -> String {
    let gap = |random: &mut Random| random.pick(&["\n    ", " "]);
    let mut out = gap(random).to_owned();
    out += random.pick(&[
        "from json \"**/*.json\"",
        "from yaml, json \"**/{vendors,vendor-register,vendor_register,subprocessors,third-parties}.{yaml,yml,json}\"",
        "from csv \"a.csv\" headerless",
        "from text \"*.txt\" matches /(?<name>.*)/",
        "from code python r#\"(call) @call\"#",
    ]);
    for _ in 0..random.below(3) {
        out += gap(random);
        out += &match random.below(4) {
            0 => format!(
                "where {}",
                many(random, 1, 3, ", ", |random| {
                    doc_path(random) + random.pick(&["", " = \"List\"", " matches /x/", " = -5"])
                })
            ),
            1 => format!("incomplete where {}", doc_path(random)),
            _ => format!("each {}", many(random, 1, 3, ", ", |random| doc_path(random) + random.pick(&["", " as i"]))),
        };
    }
    if random.below(3) > 0 {
        out += gap(random);
        let mapping = |random: &mut Random| {
            let operands = many(random, 1, 5, " or ", |random| match random.below(5) {
                0 => line_text(random),
                1 => random.pick(&["5", "-1.5", "true", "@call", "90d"]).to_owned(),
                _ => doc_path(random),
            });
            let absent = random.pick(&["", "", " none \"n/a\", \"-\"", " none \"N/A\" as epoch_ms"]);
            format!("{}: {operands}{absent}", name(random))
        };
        out += &format!("{{ {} }}", many(random, 1, 6, ", ", mapping));
    }
    out
}

fn control(random: &mut Random) -> String {
    let member = |random: &mut Random| {
        let above = random.pick(&["    ", "\n    ", "    /// Said of it.\n    ", "    // said\n\n    "]);
        let made = match random.below(6) {
            0 => "severity: high".to_owned(),
            1 => format!(
                "maps: {}",
                many(random, 1, 7, ", ", |random| {
                    random
                        .pick(&["soc2/CC9.2", "nist-ai-rmf/\"GOVERN 2.1\"", "owasp-llm / LLM03", "iso27001/A.5.19"])
                        .to_owned()
                })
            ),
            2 => format!(
                "tags: {}",
                many(random, 1, 9, ",", |random| random.pick(&["plain", "with-dash", "\"quoted\""]).to_owned())
            ),
            3 => rel(random),
            4 => fact(random),
            _ => rule(random),
        };
        format!("{above}{made}{}\n", random.pick(&["", "", " // behind"]))
    };
    let open = random.pick(&["{\n", "{ // opened\n"]);
    format!("control AI-CC9.2-02 {} {open}{}}}", line_text(random), many(random, 0, 7, "", member))
}

fn test(random: &mut Random) -> String {
    let statement = |random: &mut Random| {
        let made = match random.below(11) {
            0 => "as_of 2026-11-20".to_owned(),
            1 => format!("param {} = {}", path(random), literal_value(random)),
            2 => "given file \"a.py\" = \"\"\"\n        import x\n          y\n        \"\"\"".to_owned(),
            3 => "given files \"fixtures\"".to_owned(),
            4 => format!("given empty {}", path(random)),
            5 => format!("given {}", fact(random)),
            6 => format!(
                "expect violation A-1.b2({}){}",
                line_text(random),
                random.pick(&["", " with \"bad\"", " at \"a:3\" with \"x\""])
            ),
            7 => "expect no violation AI-CC9.2-02(\"s\").".to_owned(),
            8 => format!("expect {} AI-CC9.2-02", random.pick(&["pass", "no_evidence", "error"])),
            9 => format!("expect {}{}", random.pick(&["", "no "]), atom(random, 1)),
            _ => format!("expect count {{ x : {} }} = 3", body(random, 1)),
        };
        format!("    {made}{}\n", random.pick(&["", "", " // behind", "\n"]))
    };
    format!("test {} {{\n{}}}", line_text(random), many(random, 0, 7, "", statement))
}
