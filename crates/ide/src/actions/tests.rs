//! Actions at a cursor or a selection (`$0 … $1`), and the text once each is taken.

use base::{SourceMap, Span};

use super::{CodeAction, actions, control_at, fix_all};
use crate::testing::Fixture;

fn fixture(text: &str) -> (Fixture, Span) {
    let end = text.find("$1").map(|end| end - "$0".len());
    let fixture = Fixture::new(&text.replacen("$1", "", 1));
    let lead = usize::from(text.starts_with('\n'));
    let span = Span::new(fixture.offset, end.map_or(fixture.offset, |end| end - lead));
    (fixture, span)
}

fn apply(fixture: &Fixture, action: &CodeAction) -> String {
    let mut edits = action.edits.clone();
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.span.start));
    let mut out = fixture.text().to_owned();
    for (place, new) in edits {
        assert_eq!(place.file, fixture.file);
        out.replace_range(place.span.range(), &new);
    }
    out
}

/// The text once the action whose title begins so is taken.
#[track_caller]
fn taken(text: &str, title: &str) -> String {
    let (fixture, range) = fixture(text);
    let found = actions(&fixture.snapshot, fixture.file, range);
    let chosen = found.iter().find(|action| action.title.starts_with(title));
    let titles: Vec<&str> = found.iter().map(|action| &*action.title).collect();
    apply(&fixture, chosen.unwrap_or_else(|| panic!("no `{title}` in {titles:?}")))
}

#[test]
fn diagnostics_are_mended() {
    let text = "rel r(x: string)\nr(x) :- code.call{callee: x}, code.function{na$0m: x}.";
    assert_eq!(taken(text, "write `name`"), "rel r(x: string)\nr(x) :- code.call{callee: x}, code.function{name: x}.");
    let text = "rel r(x: string)\nr(x) :- code.cal$0{callee: x}.";
    assert!(taken(text, "write `code.call`").ends_with("r(x) :- code.call{callee: x}."));
    let (fixture, _) = fixture("rel r(x: string)\nr(x) :- code.call{callee: x, line: unused}.$0");
    let all = fix_all(&fixture.snapshot, fixture.file).expect("a fix");
    assert!(!apply(&fixture, &all).contains("line: unused}"), "{all:?}");
}

#[test]
fn a_missing_use_is_added() {
    let text = "//! M.\n\nrel r(x: string)\nr(x) :- ven$0dor.register{name: x}.";
    assert_eq!(
        taken(text, "add `use std.vendor`"),
        "//! M.\n\nuse std.vendor\n\nrel r(x: string)\nr(x) :- vendor.register{name: x}."
    );
}

#[test]
fn a_missing_relation_is_declared() {
    let text = "rel r(x: string)\n\n/// Doc.\nr(x) :- code.call{call: c, callee: x, line: n}, ris$0ky(c, n), code.call{call: c}.";
    assert_eq!(
        taken(text, "declare the relation `risky`"),
        "rel r(x: string)\n\nrel risky(c: code.Call, n: int)\n\n/// Doc.\nr(x) :- code.call{call: c, callee: x, line: n}, risky(c, n), code.call{call: c}."
    );
}

#[test]
fn columns_are_added_and_named() {
    let text = "rel r(x: string)\nr(x) :- code.function{na$0me: x}.";
    assert!(taken(text, "add the column `function`").ends_with("code.function{name: x, function}."));
    let text = "rel r(x: string)\nr(x) :- code.call(_, _, $0x, _, _).";
    assert!(taken(text, "name the arguments").ends_with("r(x) :- code.call{callee: x}."));
    let text = "rel r(x: string, callee: string)\n$0r(x, callee) :- code.call{call: x, callee}.";
    assert!(taken(text, "name the arguments").ends_with("\nr{x, callee} :- code.call{call: x, callee}."));
}

#[test]
fn conditions_are_taken_out() {
    let text = "rel r(x: string)\nr(x) :- $0code.call{call: c, callee: x},\n    code.call{call: c, line: n},$1 n > 3.";
    assert_eq!(
        taken(text, "extract"),
        "rel r(x: string)\nrel extracted(x: string, n: int)\nextracted(x, n) :-\n    code.call{call: c, callee: x},\n    code.call{call: c, line: n}.\n\nr(x) :- extracted(x, n), n > 3."
    );
    // Half a condition is none.
    let (fixture, range) = fixture("rel r(x: string)\nr(x) :- code.call{call: c, $0callee: x}, code.call{call: c}$1.");
    assert!(!actions(&fixture.snapshot, fixture.file, range).iter().any(|action| action.title.starts_with("extract")));
}

#[test]
fn a_finding_becomes_a_test() {
    let text = "control C-1 \"t\" {\n    sco$0pe(x) :- code.call{callee: x}.\n}";
    assert!(taken(text, "write a test").ends_with(
        "}\n\ntest \"OpenAI is not registered\" {\n    as_of 2026-11-20\n    given vendor.register{name: \"OpenAI\"}.\n    expect violation C-1(\"OpenAI\")\n}"
    ));
}

#[test]
fn findings_are_waived_at_the_heading_of_their_control() {
    for (text, expected) in [
        ("control C$0-1 \"t\" {\n    scope(x) :- code.call{callee: x}.\n}", Some("C-1")),
        ("control C-1 \"t$0\" {\n    scope(x) :- code.call{callee: x}.\n}", Some("C-1")),
        ("control C-1 \"t\" {\n    sco$0pe(x) :- code.call{callee: x}.\n}", None),
    ] {
        let (fixture, range) = fixture(text);
        assert_eq!(control_at(&fixture.snapshot, fixture.file, range).as_deref(), expected, "{text}");
    }
}

#[test]
fn what_is_missing_becomes_a_violation() {
    let text = "use std.vendor\ncontrol C \"t\" {\n    scope(v) :- vendor.register{name: v}.\n    violation(v, \"{v} has not signed on {d}\") :- vendor.register{name: v, dpa_signed: fal$0se, soc2_report: d}, d < today().\n}";
    assert!(
        taken(text, "add a violation for a missing `dpa_signed`")
            .contains("today().\n    violation(v, \"{v} has no dpa_signed\") :-\n        vendor.register{name: v, dpa_signed: none, soc2_report: d}, d < today().\n}"),
        "{}",
        taken(text, "add a violation for a missing `dpa_signed`")
    );
    let text = "use std.vendor\ncontrol C \"t\" {\n    scope(v) :- vendor.register{name: v}.\n    violation(v, \"old\") :- vendor.register(v, d$0, _, _), d < today().\n}";
    assert!(
        taken(text, "add a violation for a missing `soc2_report`")
            .contains("\n    violation(v, \"{v} has no soc2_report\") :- vendor.register(v, none, _, _).\n}"),
        "{}",
        taken(text, "add a violation for a missing `soc2_report`")
    );
}

#[test]
fn a_relation_is_written_out() {
    let rule = "rel far(x: string, n: int)\nfar(x, n) :- code.call{callee: x, line: n, receiver: r}, n > 9, r != x.\n";
    let head = "rel q(y: string)\n";
    assert!(
        taken(&format!("{rule}{head}q(y) :- code.call{{callee: y, receiver: r}}, fa$0r(y, 12), r != \"\"."), "inline `far`")
            .ends_with("q(y) :-\n    code.call{callee: y, receiver: r},\n    code.call{callee: y, line: 12, receiver: r_2},\n    12 > 9,\n    r_2 != y,\n    r != \"\"."),
    );
    let short = "rel s(callee: string)\ns(callee) :- code.call{callee}, callee != \"a\".\n";
    assert!(
        taken(&format!("{short}{head}q(y) :- code.function{{name: y}}, not s$0(y)."), "inline `s`")
            .ends_with("q(y) :- code.function{name: y}, not ( code.call{callee: y}, y != \"a\" )."),
    );
    // Several rules, recursion, facts: none can be written out.
    for text in [
        "rel a(x: string)\na(x) :- code.call{callee: x}.\na(\"b\").\nrel q(x: string)\nq(x) :- a$0(x).",
        "rel a(x: string)\na(x) :- code.call{callee: x}, a(x).\nrel q(x: string)\nq(x) :- a$0(x).",
        "rel q(x: string)\nq(x) :- code.ca$0ll{callee: x}.",
    ] {
        let (fixture, range) = fixture(text);
        let found = actions(&fixture.snapshot, fixture.file, range);
        assert!(!found.iter().any(|action| action.title.starts_with("inline")), "{text}");
    }
}

#[test]
fn embedded_policies_are_left_alone() {
    let fixture = Fixture::new("rel r(x: string)$0");
    let sources: &SourceMap = &fixture.snapshot.sources;
    let embedded = sources.ids().find(|file| fixture.snapshot.is_embedded(*file)).unwrap();
    assert!(actions(&fixture.snapshot, embedded, Span::new(0, 500)).is_empty());
}
