//! W0714: the same rule or fact twice in a file, or in a control.

use base::{Diagnostic, Place, Span};
use rustc_hash::FxHashMap;
use syntax::ast::ItemKind;

use super::Lint;
use super::edits::{clauses, fix};
use super::same::{hash, same};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0714", "rule-twice").fixable();

pub(super) fn module(compiler: &Compiler, module: usize, out: &mut Vec<Diagnostic>) {
    let file = compiler.file(module);
    let text = compiler.sources.text(file);
    let tree = &compiler.trees[module];
    let mut first: FxHashMap<(Option<usize>, u64), Span> = FxHashMap::default();
    for (block, clause) in clauses(tree) {
        let Some(piece) = text.get(clause.span.range()) else { continue };
        let earlier = match first.entry((block, hash(piece))) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(clause.span);
                continue;
            }
            std::collections::hash_map::Entry::Occupied(entry) => *entry.get(),
        };
        if !same(text, earlier, clause.span) {
            continue;
        }
        let what = if clause.body.is_some() { "rule" } else { "fact" };
        let mut found = LINT
            .at(Place { file, span: clause.span }, format!("this {what} stands there twice"))
            .also(Place { file, span: earlier }, "first here")
            .help("take it away, or write what was meant in its place");
        let documented = tree.items.iter().any(|item| {
            item.doc.is_some() && matches!(&item.kind, ItemKind::Clause(other) if other.span == clause.span)
        });
        // In a control the number of a violation rule may be known elsewhere; documentation is not to be lost.
        if block.is_none() && !documented {
            found = found.fix(fix(file, "take it away", true, vec![(line(text, clause.span), String::new())]));
        }
        out.push(found);
    }
}

/// The piece with the line that it fills, if there is nothing else on it.
pub(super) fn line(text: &str, span: Span) -> Span {
    let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let blank = behind.len() - behind.trim_start_matches([' ', '\t', '\r']).len();
    let starts = before.len() == indent || before.as_bytes()[before.len() - indent - 1] == b'\n';
    let ends = behind.len() == blank || behind.as_bytes()[blank] == b'\n';
    if !starts || !ends {
        // What ends a line leaves no blanks behind.
        let start = if ends { span.start as usize - indent } else { span.start as usize };
        return Span::new(start, span.end as usize);
    }
    let end = (span.end as usize + blank + 1).min(text.len());
    Span::new(span.start as usize - indent, end)
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{fixed, lints};
    use crate::testing::pin;

    const TEXT: &str = r##"
rel r(x: string)
r("a").
r("b"). r("a").
rel s(x: string)
s(x) :- r(x), x != "a".
s(x) :-
    r(x), // each
    x != "a".

/// Once more.
s(x) :- r(x), x != "a".
s(x) :- r(x), x != "b".
control C "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "a") :- not code.call{function: f}.
    violation(f, "a") :- not code.call{function: f}.
}
control D "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "a") :- not code.call{function: f}.
}
"##;

    #[test]
    fn no_rule_stands_twice() {
        pin!(lints("W0714", TEXT));
    }

    #[test]
    fn the_fix_takes_the_line_away() {
        pin!(fixed("W0714", TEXT));
    }
}
