//! What is offered at a cursor, and what the text is once the first of it is taken.

use crate::testing::Fixture;

use super::{Completion, complete};

fn offered(text: &str) -> Vec<Completion> {
    let fixture = Fixture::new(text);
    complete(&fixture.snapshot, fixture.file, fixture.offset)
}

fn labels(text: &str) -> Vec<String> {
    offered(text).into_iter().map(|completion| completion.label).collect()
}

/// Checks that these come first, in their order.
#[track_caller]
fn first(text: &str, wanted: &[&str]) {
    let found = labels(text);
    let shown: Vec<&str> = found.iter().take(wanted.len()).map(String::as_str).collect();
    assert_eq!(shown, wanted, "{text}\nall: {found:?}");
}

#[track_caller]
fn has(text: &str, wanted: &[&str], not: &[&str]) {
    let found = labels(text);
    for label in wanted {
        assert!(found.iter().any(|known| known == label), "{text}\nno {label} in {found:?}");
    }
    for label in not {
        assert!(!found.iter().any(|known| known == label), "{text}\n{label} in {found:?}");
    }
}

/// The text once the completion of that label is taken.
#[track_caller]
fn taken(text: &str, label: &str) -> String {
    let fixture = Fixture::new(text);
    let found = complete(&fixture.snapshot, fixture.file, fixture.offset);
    let chosen = found.iter().find(|completion| completion.label == label);
    let chosen = chosen.unwrap_or_else(|| panic!("no {label} in {found:?}"));
    let mut edits = chosen.also.clone();
    edits.push((chosen.span, chosen.insert.clone()));
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut out = fixture.text().to_owned();
    for (span, insert) in edits {
        out.replace_range(span.range(), &insert);
    }
    out
}

#[test]
fn items_begin_with_keywords_and_snippets() {
    has("$0", &["control", "rel", "use", "control …", "test …"], &["severity", "given"]);
    first("con$0", &["control", "control …"]);
    has("rel r(x: string)\n\n$0\n\nrel q(x: string)\n", &["control", "r", "q"], &[]);
    assert_eq!(taken("rel owns(team: string)\now$0", "owns"), "rel owns(team: string)\nowns(${1:team}) :- $0.");
    assert!(labels("// co$0").is_empty());
    assert!(labels("/// con$0\nrel r(x: string)").is_empty());
}

#[test]
fn conditions_begin_with_relations() {
    has("use std.vendor\nrel r(x: string)\nr(x) :- $0", &["vendor.register", "code.call", "r", "not"], &["control"]);
    assert_eq!(
        taken("use std.vendor\nrel r(x: string)\nr(x) :- vendor.re$0", "vendor.register"),
        "use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: ${1:name}, soc2_report: ${2:soc2_report}, dpa_signed: ${3:dpa_signed}}"
    );
    // On the next line of a clause that is not through yet.
    has(
        "rel r(x: string)\nr(x) :- code.call{callee: x},\n    $0\n\ncontrol C \"t\" {\n}\n",
        &["code.function", "x"],
        &["rel"],
    );
    // Behind a whole clause something new begins.
    has("rel r(x: string)\nr(x) :- code.call{callee: x}.\n$0", &["control"], &["code.call"]);
    has("rel r(x: string)\nr(x) :- not ( code.c$0", &["code.call"], &[]);
    has("rel r(x: int)\nr(x) :- x = count { c : code.c$0", &["code.call"], &[]);
}

#[test]
fn of_what_needs_a_use_names_come_first_that_begin_as_typed() {
    let rank = |typed: &str| {
        let found = offered(&format!("rel r(x: string)\nr(x) :- {typed}$0"));
        found.iter().find(|completion| completion.label == "vendor.register").map(|completion| completion.rank)
    };
    assert!(rank("re") < rank("gis") && rank("re") == rank("vendor.r") && rank("re").is_some());
}

#[test]
fn a_use_is_added_where_it_is_needed() {
    assert_eq!(
        taken("//! Doc.\n\nuse std.code\n\nrel r(x: string)\nr(x) :- ali$0", "vendor.alias"),
        "//! Doc.\n\nuse std.code\nuse std.vendor\n\nrel r(x: string)\nr(x) :- vendor.alias(${1:name}, ${2:vendor})"
    );
    assert!(taken("rel r(x: string)\nr(x) :- ali$0", "vendor.alias").starts_with("use std.vendor\n\nrel"));
    assert!(
        taken("//! Doc.\nrel r(x: string)\nr(x) :- ali$0", "vendor.alias")
            .starts_with("//! Doc.\n\nuse std.vendor\nrel")
    );
}

#[test]
fn columns_are_those_not_given_yet() {
    first("rel r(x: string)\nr(x) :- code.call{$0", &["call", "function", "callee", "receiver", "line"]);
    has("rel r(x: string)\nr(x) :- code.call{call: _, ca$0}", &["callee"], &["call", "name"]);
    first("rel r(x: string)\nr(x) :- code.call{callee: x, receiver, $0", &["call", "function", "line"]);
    assert_eq!(
        taken("rel r(x: string)\nr(x) :- code.call{cal$0}.", "callee"),
        "rel r(x: string)\nr(x) :- code.call{callee: ${1:callee}}."
    );
}

#[test]
fn variables_of_the_right_type_come_first() {
    first("rel r(x: string)\nr(x) :- code.call{callee: x, line: n}, length($0", &["n", "x"]);
    first("rel r(x: string)\nr(x) :- code.call{callee: x, line: n}, code.call{line: $0", &["n"]);
    first("rel r(x: string)\nr(x) :- code.call{callee: x, line: n}, code.function{name: $0", &["x"]);
    first("param limit: int = 3\nrel r(x: string)\nr(x) :- code.call{callee: x, line: n}, n > $0", &["n", "limit"]);
    has("rel r(x: string)\nr(x) :- code.call{callee: x}, x $0", &["contains", "matches", "in"], &["code.call"]);
    first(
        "control C \"t\" {\n    scope(x) :- code.call{call: x}.\n    violation(x, \"{$0}\") :- code.call{call: x, callee}.\n}",
        &["callee", "x"],
    );
}

#[test]
fn values_come_from_the_facts_most_frequent_first() {
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: \"$0\"}", &["OpenAI", "Anthropic"]);
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: \"an$0", &["Anthropic"]);
    let text = "use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: \"Anth$0";
    assert!(taken(text, "Anthropic").ends_with("{name: \"Anthropic\""));
    let text = "use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: \"$0\"}.";
    assert!(taken(text, "a \"b\"").ends_with("{name: \"a \\\"b\\\"\"}."));
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: x}, x = \"$0\"", &["OpenAI"]);
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: x}, x in [\"Other\", \"$0\"]", &["OpenAI"]);
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.alias(x, \"$0\")", &["OpenAI"]);
    first("test \"t\" {\n    expect violation C-1(\"$0\")\n}", &["OpenAI"]);
}

#[test]
fn patterns_tell_what_they_match() {
    let found = offered("rel r(x: string)\nr(x) :- code.call{callee: x}, x like \"$0\"");
    let shown: Vec<_> = found.iter().map(|c| format!("{}: {}", c.label, c.detail)).collect();
    assert!(shown.contains(&"src/**: matches 2 of 3 values".to_owned()), "{shown:?}");
    let found = offered("rel r(x: string)\nr(x) :- code.call{callee: x}, x matches /^src$0/");
    assert_eq!(found[0].detail, "matches 2 of 3 values");
}

#[test]
fn controls_have_fields_with_their_values() {
    first("control C \"t\" {\n    $0\n}", &["docs", "maps", "needs"]);
    has(
        "control C \"t\" {\n    severity: high\n    $0\n}",
        &["maps", "scope(…) :- …", "violation(…) :- …"],
        &["severity"],
    );
    first("control C \"t\" {\n    severity: $0\n}", &["critical", "high", "medium", "low", "info"]);
    has("control C \"t\" {\n    maps: $0\n}", &["soc2", "soc2/CC9.2", "nist/\"GOVERN 6.1\""], &[]);
    first("control C \"t\" {\n    maps: soc2/$0\n}", &["CC6.1", "CC9.2"]);
    first("control C \"t\" {\n    maps: soc2/CC6.1, nist/$0\n}", &["\"GOVERN 6.1\""]);
    has("control C \"t\" {\n    needs: $0\n}", &["code.call"], &["vendor.alias"]);
}

#[test]
fn tests_have_statements() {
    has("test \"t\" {\n    $0\n}", &["given", "expect", "as_of"], &["control", "severity"]);
    has("test \"t\" {\n    given $0\n}", &["file", "empty", "code.call"], &[]);
    has("test \"t\" {\n    expect $0\n}", &["violation", "no", "pass", "fail", "code.call"], &[]);
    let control = "control C-1 \"t\" {\n    scope(x) :- code.call{callee: x}.\n}\n";
    has(&format!("{control}test \"t\" {{\n    expect pass $0\n}}"), &["C-1"], &[]);
    has(&format!("{control}test \"t\" {{\n    expect no violation $0\n}}"), &["C-1"], &[]);
    assert_eq!(
        taken("test \"t\" {\n    given code.call$0\n}", "code.call"),
        "test \"t\" {\n    given code.call{call: ${1:call}, function: ${2:function}, callee: ${3:callee}, line: ${4:line}}.\n}"
    );
}

#[test]
fn declarations_name_modules_and_types() {
    has("use $0", &["std.vendor"], &["m"]);
    // `code` needs no `use`.
    has("use std.vendor\nuse $0", &["std.soc2"], &["std.vendor", "std.code"]);
    has("rel r(x: $0", &["string", "duration", "code.Call"], &[]);
    has("entity A < $0", &["code.Node"], &[]);
    has("param x: $0", &["int"], &[]);
    has("input x(key a: string) from $0", &["json", "table"], &[]);
}

#[test]
fn mappings_of_inputs_fill_what_is_declared() {
    let text = "input v(key name: string, since: time?, cost: int)\n    from csv \"v.csv\" { name: \"Name\" none \"-\", \"n/a\", $0";
    first(text, &["since", "cost"]);
    has(text, &[], &["name"]);
    assert!(taken(&format!("{text} }}\n"), "cost").ends_with("cost: ${1:cost} }\n"));
}

#[test]
fn criteria_are_found_by_their_wording() {
    first("control C \"t\" {\n    maps: access$0\n}", &["soc2/CC6.1"]);
    first("control C \"t\" {\n    maps: soc2/vendor$0\n}", &["CC9.2"]);
}

#[test]
fn values_of_columns_can_be_new_variables_or_missing() {
    first("use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: x, owner: $0", &["x", "owner", "none"]);
    first("rel r(x: string)\nr(x) :- code.call{call: c, line: $0", &["line"]);
}

#[test]
fn rules_of_controls_speak_of_the_population() {
    let control = "control C \"t\" {\n    scope(v) :- code.call{callee: v}.\n    $0\n}";
    let taken = taken(control, "violation(…) :- …");
    assert!(taken.contains("    violation(${1:v}, \"${2:{v\\} …}\") :- $0.\n"), "{taken}");
    // The message is a text; what is reckoned with has not the type of its parts.
    let text = control.replace("$0", "violation(v, $0");
    first(&text, &["v", "\"…\""]);
    let text = "param limit: duration = 3d\nuse std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: x, soc2_report: t}, today() - t > $0";
    first(text, &["t", "x", "limit"]);
}
