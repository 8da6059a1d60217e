//! W0713: the same literal twice in a body, the same branch twice in an `or`, the same value twice in a list.

use base::{Diagnostic, Place, Span};
use rustc_hash::FxHashMap;
use syntax::ast::{self, ExprKind};

use super::Lint;
use super::edits::{Piece, clauses, element, fix, walk};
use super::same::{hash, same};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0713", "said-twice").fixable();

pub(super) fn module(compiler: &Compiler, module: usize, out: &mut Vec<Diagnostic>) {
    let file = compiler.file(module);
    let text = compiler.sources.text(file);
    for (_, clause) in clauses(&compiler.trees[module]) {
        if clause.body.is_none() {
            continue;
        }
        walk(clause, &mut |piece| {
            let (what, spans): (&str, Vec<Span>) = match piece {
                Piece::Body(body) => ("literal", body.iter().map(|literal| literal.span).collect()),
                Piece::Branches(branches) => ("branch", branches.iter().map(|branch| cover(branch)).collect()),
                Piece::Operand(ast::Expr { kind: ExprKind::List(values), .. }) => {
                    ("value", values.iter().map(|value| value.span).collect())
                }
                _ => return,
            };
            let place = |span| Place { file, span };
            for (at, first) in repeated(text, &spans) {
                let mut found = LINT
                    .at(place(spans[at]), format!("this {what} stands there twice"))
                    .also(place(spans[first]), "first here")
                    .help("take it away, or write what was meant in its place");
                // Between branches stand no commas.
                if what != "branch"
                    && let Some(range) = element(text, &spans, at)
                {
                    found = found.fix(fix(file, "take it away", true, vec![(range, String::new())]));
                }
                out.push(found);
            }
        });
    }
}

fn cover(branch: &[ast::Literal]) -> Span {
    branch.iter().map(|literal| literal.span).reduce(Span::cover).unwrap_or_default()
}

/// The pieces that say what an earlier one says, each with the earlier one.
fn repeated(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    if spans.len() < 2 {
        return Vec::new();
    }
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    let mut found = Vec::new();
    for (at, span) in spans.iter().enumerate() {
        let Some(piece) = text.get(span.range()) else { continue };
        match first.get(&hash(piece)) {
            Some(earlier) if same(text, spans[*earlier], *span) => found.push((at, *earlier)),
            Some(_) => {}
            None => drop(first.insert(hash(piece), at)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{fixed, lints};
    use crate::testing::pin;

    const TEXT: &str = r##"
rel r(x: string, y: string)
r("a", "b").
rel s(x: string)
s(x) :- r(x, _), r( x, _ ).
s(x) :- r(x, y), y != "a", y != "b", y != "a", x != y.
s(x) :- r(x, y), y in ["a", "b", "a"].
s(x) :- ( r(x, "a") or r(x, "b") or r(x, "a") ).
s(x) :- r(x, _), not ( r(x, y), y = x, y = x ).
s(x) :- r(x, _), // to be sure
    r(x, _).
s(x) :- r(x, "a b"), r(x, "ab"), r(x, _).
"##;

    #[test]
    fn nothing_is_said_twice() {
        pin!(lints("W0713", TEXT));
    }

    #[test]
    fn the_fix_takes_the_second_away() {
        pin!(fixed("W0713", TEXT));
    }
}
