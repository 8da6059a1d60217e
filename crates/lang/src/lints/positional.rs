//! W0720: an atom with more than four arguments without names: nobody counts columns.

use base::{Diagnostic, Place, Span};
use syntax::ast::{self, Args, ExprKind};

use super::Lint;
use super::edits::{Piece, clauses, fix, walk};
use crate::names::{Block, Scope};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0720", "positional").fixable();

/// As many columns are read at a glance.
const FEW: usize = 4;

pub(super) fn module(compiler: &Compiler, module: usize, out: &mut Vec<Diagnostic>) {
    let text = compiler.sources.text(compiler.file(module));
    for (block, clause) in clauses(&compiler.trees[module]) {
        // Facts of one relation stand below each other, as a table.
        if clause.body.is_none() {
            continue;
        }
        walk(clause, &mut |piece| {
            if let Piece::Atom(atom) = piece
                && let Args::Positional(args) = &atom.args
                && args.len() > FEW
            {
                let block = block
                    .and_then(|item| compiler.blocks.iter().find(|block| block.module == module && block.item == item));
                out.extend(found(compiler, module, block.map(|block| &*block.block), text, atom, args));
            }
        });
    }
}

fn found(
    compiler: &Compiler,
    module: usize,
    block: Option<&Block>,
    text: &str,
    atom: &ast::Atom,
    args: &[ast::Expr],
) -> Option<Diagnostic> {
    let file = compiler.file(module);
    let scope = Scope { block, ..compiler.scope(module) };
    let relation = scope.world.relation(scope.relation(&atom.relation).ok()?);
    let columns: Vec<&str> = relation.decl.columns.iter().map(|column| &*column.name).collect();
    if columns.len() != args.len() {
        return None;
    }
    let place = Place { file, span: atom.span };
    let diagnostic = LINT
        .at(place, format!("{} arguments without names", args.len()))
        .also(relation.place, format!("the columns are {}", columns.join(", ")))
        .help(format!("name those that matter: `{}{{{}: …}}`", atom.relation.text(), columns[0]));
    Some(match named(text, atom, args, &columns) {
        Some(edits) => diagnostic.fix(fix(file, "name the arguments", true, edits)),
        None => diagnostic,
    })
}

/// The same atom with names; what takes any value is left out.
fn named(text: &str, atom: &ast::Atom, args: &[ast::Expr], columns: &[&str]) -> Option<Vec<(Span, String)>> {
    let (start, end) = (atom.relation.span.end as usize, atom.span.end as usize);
    let whole = text.get(start..end)?;
    let open = start + whole.find('(')?;
    if !whole.ends_with(')') || args.iter().all(is_any) {
        return None;
    }
    let mut edits = vec![(Span::new(open, open + 1), "{".to_owned()), (Span::new(end - 1, end), "}".to_owned())];
    for (at, (arg, column)) in args.iter().zip(columns).enumerate() {
        if !is_any(arg) {
            let short = match &arg.kind {
                ExprKind::Name(name) => **name == **column,
                ExprKind::Optional(name) => *name.text == **column,
                _ => false,
            };
            if !short {
                edits.push((Span::at(arg.span.start as usize), format!("{column}: ")));
            }
            continue;
        }
        // Up to the next argument, or, behind the last that stays, from that one on.
        let range = match args.get(at + 1) {
            Some(next) if args[at + 1..].iter().any(|arg| !is_any(arg)) => {
                Span::new(arg.span.start as usize, next.span.start as usize)
            }
            _ => Span::new(args.get(at.checked_sub(1)?)?.span.end as usize, arg.span.end as usize),
        };
        if text.get(range.range())?.contains("//") {
            return None;
        }
        edits.push((range, String::new()));
    }
    edits.sort_by_key(|(span, _)| *span);
    Some(edits)
}

fn is_any(arg: &ast::Expr) -> bool {
    matches!(arg.kind, ExprKind::Wildcard)
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{fixed, lints};
    use crate::testing::pin;

    const TEXT: &str = r##"
rel wide(a: string, b: string, c: string?, d: int, e: time?)
rel four(a: string, b: string, c: string, d: string)
wide("a", "b", none, 1, none).
rel r(x: string)
r(x) :- wide(x, _, _, _, _).
r(x) :- wide(_, x, c?, 3 + 1, e?), not wide(x, _, "c", d, _), d = 1, c = none, e = none.
r(x) :- wide(
    a,          // the first
    _, _,
    d,
    none
), x = lower(a), d > 1.
r(x) :- wide(_, _, _, _, _), four(x, _, _, _).
wide(a, b, none, 1, none) :- four(a, b, _, _).
control C "x" {
    rel own(a: code.Function, b: int, c: int, d: int, e: int)
    own(f, 1, 2, 3, 4) :- code.function{function: f}.
    scope(f) :- own(f, 1, _, _, _).
    violation(f, "a") :- n = count { e : own(f, _, _, _, e) }, n > 1.
}
"##;

    #[test]
    fn wide_atoms_have_names() {
        pin!(lints("W0720", TEXT));
    }

    #[test]
    fn the_fix_names_the_columns() {
        pin!(fixed("W0720", TEXT));
    }
}
