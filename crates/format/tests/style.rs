//! The style, by example: a text and how it is laid out.

use base::FileId;

#[track_caller]
fn check(text: &str, expected: &str) {
    let formatted = format::format(FileId(0), text);
    similar(&formatted.text, expected);
    assert!(format::same_program(text, &formatted.text), "not the same program:\n{}", formatted.text);
    similar(&format::format(FileId(0), expected).text, expected);
}

#[track_caller]
fn similar(found: &str, expected: &str) {
    assert!(found == expected, "---- found\n{found}\n---- expected\n{expected}");
}

#[test]
fn a_clause_stays_on_its_line_if_it_fits() {
    check("p( x ):-q(x,y) ,not r( x ).", "p(x) :- q(x, y), not r(x).\n");
    check("p(x) :-\n  q(x).", "p(x) :-\n    q(x).\n");
    check("p(x) :- q(x,\n  y), r(y).", "p(x) :- q(x, y), r(y).\n");
    check("p(x) :- q(x),\n  r(x), s(x),\n  t(x).", "p(x) :-\n    q(x),\n    r(x), s(x),\n    t(x).\n");
}

#[test]
fn a_body_that_is_too_wide_has_a_condition_a_line() {
    check(
        "names(n, f) :- code.call{call: n, callee: f, receiver: r}, code.member{value: r, name: \"the client\"}, n != receiver.",
        "names(n, f) :-\n    code.call{call: n, callee: f, receiver: r},\n    code.member{value: r, name: \"the client\"},\n    n != receiver.\n",
    );
}

#[test]
fn wide_atoms_are_opened_with_aligned_values() {
    check(
        "model_call{call: c, provider: p} :- registered{vendor_name: \"a very long name of a vendor\", since: date_of_the_contract, key?, owner: \"somebody\"}.",
        "\
model_call{call: c, provider: p} :-
    registered{
        vendor_name: \"a very long name of a vendor\",
        since:       date_of_the_contract,
        key?,
        owner:       \"somebody\",
    }.
",
    );
}

#[test]
fn alternatives_stand_below_each_other() {
    check(
        "p(x) :- ( code.raise{function: x} or code.exit_test{function: x, condition: c}, not looks_for_marks(c) ), not (q(x)).",
        "\
p(x) :-
    (
        code.raise{function: x}
        or code.exit_test{function: x, condition: c}, not looks_for_marks(c)
    ),
    not ( q(x) ).
",
    );
    check(
        "p(x) :- (\n a(x),\n b(x) or c(x) ).",
        "p(x) :-\n    (\n        a(x),\n        b(x)\n    or\n        c(x)\n    ).\n",
    );
}

#[test]
fn aggregates_keep_what_they_list_on_their_line() {
    check("p(n) :- n=count{x,y:q(x,y)}.", "p(n) :- n = count { x, y : q(x, y) }.\n");
    check(
        "p(n) :- n = count { call : code.call{call, callee: \"openai.chat.create\", receiver: r}, code.member{value: r}, q(call) }.",
        "\
p(n) :-
    n = count { call :
        code.call{call, callee: \"openai.chat.create\", receiver: r}, code.member{value: r}, q(call)
    }.
",
    );
}

#[test]
fn lists_are_filled() {
    check(
        "p(x) :- x in [\"usage\", \"status_code\", \"total_tokens\", \"prompt_tokens\", \"completion_tokens\", \"end\", \"x\", \"y\"].",
        "\
p(x) :-
    x in [
        \"usage\", \"status_code\", \"total_tokens\", \"prompt_tokens\", \"completion_tokens\", \"end\", \"x\",
        \"y\",
    ].
",
    );
}

#[test]
fn facts_below_each_other_are_a_table() {
    check("a(\"x\",1).\na(\"longer\",2).", "a(\"x\",      1).\na(\"longer\", 2).\n");
    check("a(\"x\",1). a(\"longer\",2).", "a(\"x\", 1). a(\"longer\", 2).\n");
    check("a(\"x\",1).\n\na(\"longer\",2).", "a(\"x\", 1).\n\na(\"longer\", 2).\n");
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "p(x) :- // why\n  q(x) , // because\n\n // and\n  r(x) // so\n  . // end\n// last",
        "p(x) :- // why\n    q(x), // because\n\n    // and\n    r(x) // so\n        . // end\n// last\n",
    );
    check("a(1). // one\nbb(2). // two", "a(1).  // one\nbb(2). // two\n");
    check(
        "rel a(\n /// First.\n x:int, // not doc\n y: int)",
        "rel a(\n    /// First.\n    x: int, // not doc\n    y: int,\n)\n",
    );
}

#[test]
fn blank_lines_are_the_authors_but_around_blocks() {
    check("\n\na(1).\n\n\n\nb(1).\n\n", "a(1).\n\nb(1).\n");
    check(
        "//! Doc.\na(1).\ncontrol A-1 \"t\" {\n\n severity: low\n\n\n owner: me\n\n}\na(2).",
        "//! Doc.\n\na(1).\n\ncontrol A-1 \"t\" {\n    severity: low\n\n    owner: me\n}\n\na(2).\n",
    );
    check("test \"x\" {}", "test \"x\" {}\n");
    check("\n \n", "");
}

#[test]
fn texts_are_never_changed() {
    check(
        "test \"x\" {\n  given file \"a\"=\"\"\"\n      a\n        b\n      \"\"\"\n}",
        "test \"x\" {\n    given file \"a\" = \"\"\"\n      a\n        b\n      \"\"\"\n}\n",
    );
}

#[test]
fn what_is_broken_stays() {
    check("a( 1 ).\n  b( 1  2 ).  // x\nc( 3 ).", "a(1).\n  b( 1  2 ).  // x\nc(3).\n");
    check("control {\n  a( 1 ).\n}\nb( 2 ).", "control {\n  a( 1 ).\n}\nb(2).\n");
}

#[test]
fn a_clause_alone() {
    assert_eq!(format::format_clause("p( x ) :- q( x ).").as_deref(), Some("p(x) :- q(x)."));
    assert_eq!(format::format_clause("p( x ) :- ."), None);
}
