//! W0712: a regex that no text matches, such as `/a^b/` or `/$x/`.
//!
//! The idea: walk the regex with the set of situations that a position in the text can be in. A situation is what stands
//! before the position (nothing, a line break, a letter, something else) and what may still stand behind it. Assertions
//! take situations away, characters lead to others; where none is left, nothing matches. There are 4 × 16 situations,
//! so a set of them is one word. What is not followed exactly (how often a group repeats, letters beyond ASCII) leaves
//! more situations than there are: a regex is never refused for that.

use base::{Diagnostic, Place, Span};
use ir::Function;
use ir::TextTest;
use regex_syntax::hir::{Hir, HirKind, Look};
use syntax::ast::{ConditionTest, ItemKind};

use super::walk::{each_literal, each_operand};
use super::{Lint, View};
use crate::clause::tree::{LitKind, Operand, OperandKind};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0712", "impossible-regex");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    let mut look = |operand: &Operand| {
        if let OperandKind::Const(facts::Value::Text(pattern), _) = &operand.kind {
            out.extend(found(view.place(operand.span), pattern));
        }
    };
    each_literal(&view.tree.body, false, &mut |lit, _| {
        if let LitKind::Text { test: TextTest::Matches, right, .. } = &lit.kind {
            look(right);
        }
    });
    each_operand(&view.tree.head, &view.tree.body, &mut |operand| match &operand.kind {
        OperandKind::Call(Function::Replace, args) => args.get(1).into_iter().for_each(&mut look),
        OperandKind::Aggregate(aggregate) => each_literal(&aggregate.body, false, &mut |lit, _| {
            if let LitKind::Text { test: TextTest::Matches, right, .. } = &lit.kind {
                look(right);
            }
        }),
        _ => {}
    });
}

/// The regexes of inputs.
pub(super) fn module(compiler: &Compiler, module: usize, out: &mut Vec<Diagnostic>) {
    let file = compiler.file(module);
    let mut look = |pattern: &str, span: Span| out.extend(found(Place { file, span }, pattern));
    for item in &compiler.trees[module].items {
        let ItemKind::Input(input) = &item.kind else { continue };
        for source in &input.sources {
            source.regex.iter().for_each(|regex| look(&regex.pattern, regex.span));
            for condition in source.conditions.iter().chain(&source.incomplete) {
                if let ConditionTest::Matches(regex) = &condition.test {
                    look(&regex.pattern, regex.span);
                }
            }
        }
    }
}

fn found(place: Place, pattern: &str) -> Option<Diagnostic> {
    (!possible(pattern, Letters::All)).then(|| {
        LINT.at(place, "no text matches this regex")
            .note("`^` is the start of the text and `$` its end, unless the flag `m` is set")
            .help("write `\\^`, `\\$` for the characters themselves; a comparison of whole texts is `=`")
    })
}

/// The ASCII letters that a text can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    All,
    Small,
    Capital,
}

/// Whether some text with such letters has a match.
pub(super) fn possible(pattern: &str, letters: Letters) -> bool {
    // Without assertions and with all letters only an empty class can fail, and few regexes have one.
    let plain = |text: &str| !text.contains(['^', '$', '\\', '[']);
    if letters == Letters::All && plain(pattern) {
        return true;
    }
    match regex_syntax::parse(pattern) {
        Ok(hir) => Walk { letters }.run(&hir, START) != 0,
        Err(_) => true,
    }
}

// What may stand before a position, or behind it.
const NOTHING: u8 = 1;
const BREAK: u8 = 2;
const LETTER: u8 = 4;
const OTHER: u8 = 8;
const ANY: u8 = 15;
const KINDS: [u8; 4] = [NOTHING, BREAK, LETTER, OTHER];

/// Situations: the bit of `before` (by number) and `behind` (a set) is `before * 16 + behind`.
type Set = u64;

const fn bit(before: usize, behind: u8) -> Set {
    1 << (before * 16 + behind as usize)
}

/// A search may begin anywhere.
const START: Set = bit(0, ANY) | bit(1, ANY) | bit(2, ANY) | bit(3, ANY);

struct Walk {
    letters: Letters,
}

impl Walk {
    fn run(&self, hir: &Hir, from: Set) -> Set {
        if from == 0 {
            return 0;
        }
        match hir.kind() {
            HirKind::Empty => from,
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => text.chars().fold(from, |set, c| step(set, self.kinds(c, c))),
                Err(_) => START,
            },
            HirKind::Class(class) => {
                let kinds = match class {
                    regex_syntax::hir::Class::Unicode(class) => {
                        class.ranges().iter().fold(0, |kinds, range| kinds | self.kinds(range.start(), range.end()))
                    }
                    regex_syntax::hir::Class::Bytes(class) if class.ranges().is_empty() => 0,
                    regex_syntax::hir::Class::Bytes(_) => BREAK | LETTER | OTHER,
                };
                step(from, kinds)
            }
            HirKind::Look(look) => assert(from, *look),
            HirKind::Repetition(repetition) => {
                // A few rounds are told from each other; more only lead to more situations.
                let mut set = (0..repetition.min.min(4)).fold(from, |set, _| self.run(&repetition.sub, set));
                if repetition.max == Some(repetition.min) && repetition.min <= 4 {
                    return set;
                }
                loop {
                    let next = set | self.run(&repetition.sub, set);
                    if next == set {
                        return set;
                    }
                    set = next;
                }
            }
            HirKind::Capture(capture) => self.run(&capture.sub, from),
            HirKind::Concat(parts) => parts.iter().fold(from, |set, part| self.run(part, set)),
            HirKind::Alternation(parts) => parts.iter().fold(0, |set, part| set | self.run(part, from)),
        }
    }

    /// The kinds of the characters of a range.
    fn kinds(&self, start: char, end: char) -> u8 {
        let within = |low: char, high: char| start <= high && low <= end;
        let small = self.letters != Letters::Capital && within('a', 'z');
        let capital = self.letters != Letters::Small && within('A', 'Z');
        let letter = small || capital || within('0', '9') || within('_', '_');
        let gaps = [('\0', '\t'), ('\u{b}', '/'), (':', '@'), ('[', '^'), ('`', '`'), ('{', '\u{7f}')];
        let other = gaps.iter().any(|(low, high)| within(*low, *high));
        let beyond = end > '\u{7f}';
        (if within('\n', '\n') { BREAK } else { 0 })
            | (if letter || beyond { LETTER } else { 0 })
            | (if other || beyond { OTHER } else { 0 })
    }
}

/// Over one character of these kinds.
fn step(from: Set, kinds: u8) -> Set {
    let mut to = 0;
    for behind in 0..16u8 {
        let here = (0..4).any(|before| from & bit(before, behind) != 0);
        for (number, kind) in KINDS.iter().enumerate().skip(1) {
            if here && kinds & behind & kind != 0 {
                to |= bit(number, ANY);
            }
        }
    }
    to
}

/// What an assertion leaves.
fn assert(from: Set, look: Look) -> Set {
    let edge = |kind: u8| kind & LETTER != 0;
    let mut to = 0;
    for (number, before) in KINDS.iter().enumerate() {
        for behind in 0..16u8 {
            if from & bit(number, behind) == 0 {
                continue;
            }
            let behind = KINDS.iter().filter(|next| behind & **next != 0).fold(0, |left, next| {
                let (word, next_word) = (edge(*before), edge(*next));
                let holds = match look {
                    Look::Start => *before == NOTHING,
                    Look::End => *next == NOTHING,
                    Look::StartLF => *before & (NOTHING | BREAK) != 0,
                    Look::EndLF => *next & (NOTHING | BREAK) != 0,
                    // A carriage return is one of the others.
                    Look::StartCRLF => !word,
                    Look::EndCRLF => !next_word,
                    Look::WordAscii | Look::WordUnicode => word != next_word,
                    Look::WordAsciiNegate | Look::WordUnicodeNegate => word == next_word,
                    Look::WordStartAscii | Look::WordStartUnicode => !word && next_word,
                    Look::WordEndAscii | Look::WordEndUnicode => word && !next_word,
                    Look::WordStartHalfAscii | Look::WordStartHalfUnicode => !word,
                    Look::WordEndHalfAscii | Look::WordEndHalfUnicode => !next_word,
                };
                if holds { left | next } else { left }
            });
            if behind != 0 {
                to |= bit(number, behind);
            }
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::{Letters, possible};
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn some_regexes_match_nothing() {
        for never in [
            "a^b",
            "$x",
            "^a$b",
            r"\Ba\b\Bb",
            r"a\bb",
            r"a\b[a-z]",
            r"\z.",
            r"[a&&b]",
            r"x[^\s\S]",
            "(a|b)^",
            "(a$)+b",
            r"(?:^a){2}",
            r"a\b{start}x",
            r"-\bx\b\b\Bx",
        ] {
            assert!(!possible(never, Letters::All), "{never}");
        }
        for ever in [
            "^a$",
            "(^|/)x($|/)",
            r"\bword\b",
            "(?m)a$\nb",
            "(?m)$\\s^x",
            "a*^b",
            "^*a",
            "",
            "$^",
            "(a|^)b",
            "é\\bx",
            r"[^a]",
            "x?$",
            r"(?mR)a$\r\n^b",
            "a{0}^b",
            r"\s\b\w",
            r"(?:^a)?a",
            r"\.env$",
            "(?s).$",
            r"(?-u:\b)é",
        ] {
            assert!(possible(ever, Letters::All), "{ever}");
        }
    }

    #[test]
    fn case_counts_where_a_text_has_only_one() {
        for never in ["GPT", "^[A-Z]", "a+B", "x(Y|Z)"] {
            assert!(!possible(never, Letters::Small), "{never}");
        }
        for ever in ["gpt", "(?i)GPT", "[A-Za-z]+", "x(Y|z)", "É", "[^a-z]", "G?"] {
            assert!(possible(ever, Letters::Small), "{ever}");
        }
        assert!(!possible("gpt", Letters::Capital) && possible("GPT-4", Letters::Capital));
    }

    #[test]
    fn all_places_of_regexes_are_looked_at() {
        pin!(lints(
            "W0712",
            r##"
input line(x: string) from text "notes.txt" matches /x(?<x>a)^/
input tagged(x: string) from json "**/*.json" where kind matches /$v/ { x: x }
rel r(x: string)
r(x) :- line(x), x matches /$HOME/.
r(x) :- line(x), not x matches /^a$/, not x matches /a^/.
r(replace(x, /$x/, "")) :- line(x).
r(x) :- line(x), n = count { y : line(y), y matches /a^/ }, n = 0.
"##
        ));
    }
}
