//! Comments that silence a lint at one place: `// lawbook: allow W0704 reason`.
//!
//! Behind something on its line the comment speaks of that line; on a line of its own, of the next line and of all of the
//! item, clause or statement that begins there. Errors cannot be silenced. A comment that does nothing is told too: one
//! without a reason, one for a code that does not exist, one that silences nothing.

use base::{Diagnostic, FileId, Place, Span, did_you_mean};
use syntax::ast::{ItemKind, MemberKind, Module};
use syntax::scan::{Token, TokenKind, scan};

use super::edits::fix;
use super::rule_twice::line;
use super::{LINTS, Lint, lint};
use crate::stages::Compiler;

/// An `allow` without a reason.
pub(crate) const NO_REASON: Lint = Lint::warning("W0730", "allow-without-reason");
/// An `allow` for what is no lint.
pub(crate) const UNKNOWN: Lint = Lint::warning("W0731", "allow-unknown");
/// An `allow` that silences nothing.
pub(crate) const UNUSED: Lint = Lint::warning("W0732", "allow-unused").fixable();

const WORDS: &str = "lawbook: allow";

/// A comment that counts.
struct Allow {
    code: &'static str,
    /// What it speaks of.
    range: Span,
    comment: Span,
    used: bool,
}

/// Whether a text may hold such a comment.
pub(crate) fn speaks(text: &str) -> bool {
    text.contains(WORDS)
}

/// Takes away what comments silence, and tells of comments that do nothing.
pub(crate) fn apply(compiler: &mut Compiler) {
    let broken = compiler.out.diagnostics.iter().any(Diagnostic::is_error);
    let mut told = Vec::new();
    for module in 0..compiler.trees.len() {
        let file = compiler.file(module);
        if !compiler.trees[module].allows || compiler.out.resolved.modules[module].source.builtin {
            continue;
        }
        let text = compiler.sources.text(file).clone();
        let mut allows = read(file, &text, &compiler.trees[module], &mut told);
        compiler.out.diagnostics.retain(|found| !silenced(found, file, &mut allows));
        // Where something is broken, the lints that look at everything have not looked.
        for allow in allows.iter().filter(|allow| !allow.used && !broken) {
            let place = Place { file, span: allow.comment };
            let edit = (line(&text, allow.comment), String::new());
            told.push(
                UNUSED
                    .at(place, format!("this silences nothing: there is no {} here", allow.code))
                    .help("take the comment away")
                    .fix(fix(file, "take the comment away", true, vec![edit])),
            );
        }
    }
    compiler.out.diagnostics.append(&mut told);
}

fn silenced(found: &Diagnostic, file: FileId, allows: &mut [Allow]) -> bool {
    let Some(place) = found.primary.as_ref().map(|label| label.place).filter(|place| place.file == file) else {
        return false;
    };
    let mut silenced = false;
    for allow in allows {
        let start = place.span.start;
        if !found.is_error() && allow.code == found.code && allow.range.start <= start && start < allow.range.end {
            allow.used = true;
            silenced = true;
        }
    }
    silenced
}

/// The comments of a file.
fn read(file: FileId, text: &str, tree: &Module, told: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let tokens = scan(text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Comment {
            continue;
        }
        let comment = token.text(text).trim_start_matches('/').trim();
        let Some(rest) = comment.strip_prefix(WORDS).filter(|rest| rest.starts_with([' ', '\t']) || rest.is_empty())
        else {
            continue;
        };
        let place = Place { file, span: token.span };
        let (code, reason) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        let code = code.trim_end_matches([':', ',']);
        let Some(known) = lint(&code.to_ascii_uppercase()) else {
            told.push(unknown(place, code));
            continue;
        };
        if reason.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() {
            told.push(
                NO_REASON
                    .at(place, format!("this does not silence {}: it gives no reason", known.code))
                    .help(format!("say why it is right here: `// {WORDS} {} the reason`", known.code)),
            );
            continue;
        }
        let range = range(text, tree, &tokens, at);
        found.push(Allow { code: known.code, range, comment: token.span, used: false });
    }
    found
}

/// What the comment with that number speaks of.
fn range(text: &str, tree: &Module, tokens: &[Token], at: usize) -> Span {
    let comment = tokens[at];
    if !comment.first {
        let start = text[..comment.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        return Span::new(start, comment.span.end as usize);
    }
    let Some(next) = tokens[at..].iter().find(|token| !token.is_comment()) else { return comment.span };
    let begin = next.span.start as usize;
    let end = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
    let mut range = Span::new(comment.span.end as usize, end);
    for span in pieces(tree) {
        if span.start as usize == begin {
            range = range.cover(span);
        }
    }
    range
}

/// Items, and what stands in the blocks of controls and tests.
fn pieces(tree: &Module) -> impl Iterator<Item = Span> {
    tree.items.iter().flat_map(|item| {
        let inner: Vec<Span> = match &item.kind {
            ItemKind::Control(control) => control
                .members
                .iter()
                .map(|member| match &member.kind {
                    MemberKind::Clause(clause) => clause.span,
                    _ => member.span,
                })
                .collect(),
            ItemKind::Test(test) => test.statements.iter().map(|statement| statement.span).collect(),
            _ => Vec::new(),
        };
        std::iter::once(item.span).chain(inner)
    })
}

fn unknown(place: Place, code: &str) -> Diagnostic {
    if let Some(named) = LINTS.iter().find(|lint| lint.name == code) {
        return UNKNOWN.at(place, "lints are silenced by their codes").help(format!("write {}", named.code));
    }
    if code.is_empty() {
        return UNKNOWN.at(place, "this says not what to allow").help(format!("write `// {WORDS} W0701 the reason`"));
    }
    let error = code.len() == 5 && code.starts_with(['E', 'e']) && code[1..].bytes().all(|b| b.is_ascii_digit());
    if error {
        return UNKNOWN
            .at(place, format!("{code} is an error, and errors cannot be silenced"))
            .help("mend what it speaks of, and take the comment away");
    }
    let nearest = did_you_mean(&code.to_ascii_uppercase(), LINTS.iter().map(|lint| lint.code));
    UNKNOWN
        .at(place, format!("there is no lint `{code}`"))
        .help(nearest.unwrap_or_else(|| "`lawbook lint --list` names all lints".to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, pin};

    #[test]
    fn a_comment_silences_one_place() {
        pin!(check(
            r##"
rel owns(team: string, system: string)
owns("a", "b").
rel r(x: string)
r(t) :- owns(t, s). // lawbook: allow W0701 the system is told elsewhere
r(t) :- owns(t, s).
// lawbook: allow W0701 any system will do
r(t) :-
    owns(t,
        s).

// lawbook: allow W0701 also below what documents it
/// Teams.
r(t) :- owns(t, s), t != "z".
control C "x" {
    scope(f) :- code.function{function: f}.
    // lawbook: allow W0701 the name is for readers
    violation(f, "a") :- code.call{function: f, callee}.
    violation(f, "b") :- code.call{function: f, callee}.
}
// lawbook: allow W0701 in all of the control
control D "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "a") :- code.call{function: f, callee}.
}
"##
        ));
    }

    #[test]
    fn comments_that_do_nothing_are_told() {
        pin!(check(
            r##"
rel owns(team: string, system: string)
owns("a", "b"). // lawbook: allow AI-CC9.2-02 a control is no lint
rel r(x: string)
r(t) :- owns(t, s). // lawbook: allow W0701
r(t) :- owns(t, _). // lawbook: allow W0701 nothing to silence
r(t) :- owns(t, _), t != "a". // lawbook: allow W0799 such a code there is not
r(t) :- owns(t, _), t != "b". // lawbook: allow singleton by its name
r(t) :- owns(t, _), t != "c". // lawbook: allow E0420 no way
r(t) :- owns(t, _), t != "// lawbook: allow W0701 in a string".
// lawbook: allow
// lawbook: allowed are all
"##
        ));
    }

    #[test]
    fn errors_stay() {
        pin!(check(
            r##"
rel owns(team: string, system: string)
// lawbook: allow W0701 an error is not silenced
owns(t, s) :- owns(t, u).
"##
        ));
    }
}
