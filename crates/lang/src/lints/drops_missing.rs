//! W0706: a violation that takes present values only of a column whose absence no violation of the control deals with.

use base::{Diagnostic, FileId, Place, Span};
use ir::RelId;
use rustc_hash::FxHashSet;

use super::Lint;
use crate::RelationOrigin;
use crate::clause::tree::{Arg, ArgKind, Lit, LitKind};
use crate::model::Resolved;

pub(crate) const LINT: Lint = Lint::warning("W0706", "drops-missing");

/// Columns of relations whose values may be missing, as a body uses them.
#[derive(Debug, Default)]
pub(crate) struct Optionals {
    /// Of inputs, taken present values of: the relation, the column, the place.
    present: Vec<(RelId, usize, Span)>,
    /// Dealt with where they are missing.
    absent: Vec<(RelId, usize)>,
}

/// Optional columns of inputs that the positive atoms of a body take present values of, and those whose absence the body
/// deals with (`none`, `x?`).
pub(crate) fn optional_columns(world: &Resolved, body: &[Lit]) -> Optionals {
    let mut found = Optionals::default();
    collect(world, body, true, &mut found);
    found
}

/// Looks at the violations of one control of that file.
pub(crate) fn control(world: &Resolved, file: FileId, violations: &[&Optionals]) -> Vec<Diagnostic> {
    let mut dealt: FxHashSet<(RelId, usize)> = violations.iter().flat_map(|uses| uses.absent.iter().copied()).collect();
    let mut found = Vec::new();
    for (relation, column, span) in violations.iter().flat_map(|uses| &uses.present) {
        if dealt.insert((*relation, *column)) {
            let decl = &world.relation(*relation).decl;
            let (column, relation) = (&decl.columns[*column].name, &decl.name);
            let place = Place { file, span: *span };
            found.push(
                LINT.at(place, format!("rows of `{relation}` without `{column}` are overlooked"))
                    .label("matches present values only")
                    .note("no violation of this control looks at missing values of the column")
                    .help(format!("add a violation for `{relation}{{…, {column}: none}}`, or bind it as `{column}?`")),
            );
        }
    }
    found
}

// What extractors of Rust leave out says nothing about the thing: a call without a receiver is no gap in a register.
fn collect(world: &Resolved, body: &[Lit], positive: bool, found: &mut Optionals) {
    for lit in body {
        match &lit.kind {
            LitKind::Atom(atom) => {
                let relation = world.relation(atom.relation);
                for (at, (Arg { kind, span }, column)) in atom.args.iter().zip(&relation.decl.columns).enumerate() {
                    match kind {
                        ArgKind::Missing | ArgKind::Optional(_) => found.absent.push((atom.relation, at)),
                        ArgKind::Var(_) | ArgKind::Value(_)
                            if column.optional && positive && relation.origin != RelationOrigin::Extracted =>
                        {
                            found.present.push((atom.relation, at, *span));
                        }
                        _ => {}
                    }
                }
            }
            // `not r{c: …}` holds where `c` is missing: that is dealing with it.
            LitKind::Not(body) => {
                for lit in body {
                    if let LitKind::Atom(atom) = &lit.kind {
                        let args = atom.args.iter().enumerate();
                        let given = args.filter(|(_, arg)| !matches!(arg.kind, ArgKind::Any));
                        found.absent.extend(given.map(|(at, _)| (atom.relation, at)));
                    }
                }
                collect(world, body, false, found);
            }
            LitKind::Or(branches) => {
                for branch in branches {
                    collect(world, branch, positive, found);
                }
            }
            LitKind::Compare(..) | LitKind::IsNone { .. } | LitKind::Text { .. } | LitKind::In { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn some_violation_deals_with_missing_values() {
        pin!(lints(
            "W0706",
            r##"
input v(name: string, dpa: bool?, size: int?, owner: string?) from csv "v.csv" { name: "n", dpa: "d", size: "s", owner: "o" }
rel derived(name: string, size: int?)
derived(x, s) :- v{name: x, size: s?}.
control D "derived" {
    scope(x) :- derived{name: x}.
    violation(x, "small") :- derived{name: x, size: n}, n < 3.
}
control C "x" {
    scope(x) :- v{name: x}.
    violation(x, "no DPA") :- v{name: x, dpa: false}.
    violation(x, "small") :- v{name: x, size: n}, n < 3.
    violation(x, "unknown") :- v{name: x, size: none}.
    violation(x, "not ours") :- not v{name: x, owner: "us"}.
}
"##
        ));
    }
}
