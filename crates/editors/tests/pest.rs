//! The tree-sitter grammar against the parser: which texts are valid.
//!
//! Two statements, for every text:
//!
//! 1. What Lawbook's parser reads without an error, tree-sitter reads without an error.
//! 2. What tree-sitter reads without an error, `grammar/law.pest` reads as a whole file or Lawbook's parser reads without
//!    an error, and the operand in each interpolation is one for pest too.
//!
//! Between the two lie texts that pest reads and the parser refuses: for what they mean (a date that does not exist), for
//! their form (a chain of comparisons) or for their layout (a declaration that goes on at the margin). There an editor's
//! grammar may do either. And there are texts that the parser reads in its pieces and pest not as one file: it cuts by
//! lines, so that a comma at the end of a field's line ends the field. Those the editor's grammar reads as the parser does.

use base::FileId;
use editors::{Random, Sample, errors, parser, samples, walk};
use pest::Parser as _;
use tree_sitter::Parser;

use law::{Law, Rule};

#[allow(missing_docs)]
mod law {
    #[derive(pest_derive::Parser)]
    #[grammar = "../../grammar/law.pest"]
    pub struct Law;
}

/// How a text stands with both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Both read it.
    Valid,
    /// Neither reads it.
    Invalid,
    /// pest reads it and the parser refuses it.
    Between,
}

fn lawbook_reads(text: &str) -> bool {
    !syntax::parse(FileId(0), text).diagnostics.iter().any(base::Diagnostic::is_error)
}

/// Brackets and runs of signs deeper than the parser allows would make pest recurse too deep.
fn is_shallow(text: &str) -> bool {
    let opened = text.bytes().filter(|byte| b"([{".contains(byte)).count();
    opened < 4000
}

fn pest_reads(rule: Rule, text: &str) -> bool {
    is_shallow(text) && Law::parse(rule, text).is_ok()
}

/// Checks both statements; what is wrong with them as an error.
fn hold(parser: &mut Parser, text: &str) -> Result<Standing, String> {
    let tree = parser.parse(text, None).expect("a tree");
    let wrong = errors(&tree);
    let lawbook = lawbook_reads(text);
    match (lawbook, wrong.is_empty()) {
        (true, false) => return Err(format!("the parser reads it, tree-sitter does not: {}", wrong.join(", "))),
        (true, true) => return Ok(Standing::Valid),
        _ => {}
    }
    let pest = pest_reads(Rule::file, text);
    if !wrong.is_empty() {
        return Ok(if pest { Standing::Between } else { Standing::Invalid });
    }
    if !pest {
        return Err("tree-sitter reads it, pest does not".to_owned());
    }
    let mut bad = None;
    walk(tree.root_node(), &mut |node| {
        if node.kind() == "interpolation" {
            let inside = &text[node.start_byte() + 1..node.end_byte() - 1];
            if !pest_reads(Rule::one_operand, inside) {
                bad = Some(format!("tree-sitter reads the interpolation `{inside}`, pest does not"));
            }
        }
    });
    bad.map_or(Ok(Standing::Between), Err)
}

#[track_caller]
fn must_hold(parser: &mut Parser, name: &str, text: &str) -> Standing {
    hold(parser, text).unwrap_or_else(|problem| panic!("{name}: {problem}\n---- the text\n{text}\n----"))
}

#[test]
fn every_policy_of_the_project_is_read_alike() {
    let mut parser = parser();
    let samples = samples();
    let standings: Vec<Standing> =
        samples.iter().map(|Sample { name, text }| must_hold(&mut parser, name, text)).collect();
    let count = |wanted| standings.iter().filter(|&&standing| standing == wanted).count();
    // Neither side of the test is empty.
    assert!(count(Standing::Valid) > 300, "{} valid texts", count(Standing::Valid));
    assert!(count(Standing::Invalid) > 20, "{} invalid texts", count(Standing::Invalid));
}

#[test]
fn every_policy_that_is_shipped_has_no_error() {
    let mut shipped = 0;
    for Sample { name, text } in samples().iter().filter(|sample| sample.name.starts_with("policies/")) {
        assert_eq!(errors(&editors::tree(text)), Vec::<String>::new(), "{name}");
        shipped += 1;
    }
    assert!(shipped > 40, "{shipped} policies");
}

/// Signs and words that decide something.
const PIECES: &[&str] = &[
    ".",
    ". ",
    ",",
    ", ",
    ":",
    ":-",
    " :- ",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "\"\"\"\"",
    "r\"",
    "r#\"",
    "\"#",
    "/",
    "//",
    "///",
    "//! ",
    "/*",
    "*/",
    "\\",
    "?",
    "_",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "%",
    "@x",
    "$key",
    "..",
    ".*",
    ".json()",
    "{x}",
    "\"{x}\"",
    "\"{f(\"a\")}\"",
    "\"{\"",
    "\\{",
    "\\u{e9}",
    "\n",
    "\n    ",
    "\r\n",
    " ",
    "\t",
    " not ",
    " or ",
    " in ",
    " as ",
    " else ",
    " none",
    " true",
    " contains ",
    " matches ",
    " like ",
    " not in ",
    " not like ",
    "/a[/]b/i",
    "[\"a\"]",
    "count { x : p(x) }",
    "sum{x, y : p(x, y)}",
    "min",
    "90d",
    "14d 3h",
    "1.5",
    "5%",
    "1e-3",
    "1_0",
    "2026-11-20",
    "2026-11-20T08:30:00Z",
    "2026-1",
    "use a.b",
    "rel ",
    "rel p(x: int)",
    "open rel ",
    "param ",
    "input ",
    "entity ",
    "framework ",
    "control ",
    "test ",
    "key ",
    "key: ",
    "severity: high",
    "maps: a/b",
    "given ",
    "given file ",
    "given empty ",
    "expect ",
    "expect no ",
    "expect violation ",
    "expect pass ",
    "as_of ",
    "from json ",
    "where ",
    "each ",
    "p(x) :- q(x).",
    "p(1).",
    "x",
    "a.b",
    "a.b{c: 1}",
    "p{x, y?}",
    "é",
    "😀",
    "\u{feff}",
    "\0",
    "#",
    "'",
    ";",
    "&",
    "|",
];

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text with something taken out, doubled, put in or swapped; mostly once, so that it may well stay valid.
fn damaged(random: &mut Random, text: &str, others: &[Sample]) -> String {
    const LENGTHS: [usize; 7] = [0, 1, 1, 2, 3, 5, 24];
    let mut text = text.to_owned();
    for _ in 0..[1, 1, 1, 2][random.below(4)] {
        let from = boundary(&text, random.below(text.len() + 1));
        let to = boundary(&text, (from + LENGTHS[random.below(LENGTHS.len())]).min(text.len()));
        match random.below(6) {
            0 => text.replace_range(from..to, ""),
            1 => {
                let copy = text[from..to].to_owned();
                let at = boundary(&text, random.below(text.len() + 1));
                text.insert_str(at, &copy);
            }
            2 | 3 => text.insert_str(from, PIECES[random.below(PIECES.len())]),
            4 => text.replace_range(from..to, PIECES[random.below(PIECES.len())]),
            _ => {
                let other = &others[random.below(others.len())].text;
                let start = boundary(other, random.below(other.len() + 1));
                let end = boundary(other, (start + random.below(60)).min(other.len()));
                text.insert_str(from, &other[start..end]);
            }
        }
    }
    text
}

/// A paragraph or two, so that a single damage decides whether the text is valid.
fn excerpt(random: &mut Random, text: &str) -> String {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let first = random.below(paragraphs.len());
    let last = (first + 1 + random.below(2)).min(paragraphs.len());
    paragraphs[first..last].join("\n\n")
}

/// How many texts are tried; `GRAMMAR_ROUNDS` asks for more.
#[allow(clippy::disallowed_methods)]
fn rounds() -> usize {
    std::env::var("GRAMMAR_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(4_000)
}

#[test]
fn damaged_policies_are_read_alike() {
    let mut parser = parser();
    let samples = samples();
    let mut random = Random(0x1a3b_00c5_d17e_5eed);
    let mut counts = [0; 3];
    let mut problems = Vec::new();
    for round in 0..rounds() {
        let sample = &samples[random.below(samples.len())];
        let text = excerpt(&mut random, &sample.text);
        let text = damaged(&mut random, &text, &samples);
        match hold(&mut parser, &text) {
            Ok(standing) => counts[standing as usize] += 1,
            Err(problem) => problems.push(format!("round {round}, {}: {problem}\n{text}", sample.name)),
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {}:\n{}",
        problems.len(),
        rounds(),
        problems[..problems.len().min(12)].join("\n--------\n")
    );
    let [valid, invalid, _] = counts;
    assert!(valid * 20 > rounds() && invalid * 20 > rounds(), "valid, invalid, between: {counts:?}");
}

#[test]
fn random_texts_are_read_alike() {
    let mut parser = parser();
    let mut random = Random(0xfeed_face_cafe_0001);
    let mut problems = Vec::new();
    for round in 0..rounds() {
        let mut text = String::new();
        for _ in 0..random.below(14) {
            text.push_str(PIECES[random.below(PIECES.len())]);
        }
        if let Err(problem) = hold(&mut parser, &text) {
            problems.push(format!("round {round}: {problem}\n{text}"));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {}:\n{}",
        problems.len(),
        rounds(),
        problems[..problems.len().min(12)].join("\n--------\n")
    );
}
