//! W0704: atoms that share no variable, directly or through other literals.

use base::{Diagnostic, Span};

use super::walk::literal_variables;
use super::{Lint, View};
use crate::clause::tree::{LitKind, Var};

pub(crate) const LINT: Lint = Lint::warning("W0704", "cross-product");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    let mut groups: Vec<Var> = (0..view.variables.len()).collect();
    let mut atoms: Vec<(Var, Span)> = Vec::new();
    for lit in &view.tree.body {
        let mut vars = Vec::new();
        literal_variables(lit, &mut vars);
        vars.retain(|var| view.variables[*var].scope == 0);
        let Some(first) = vars.first().copied() else { continue };
        for var in &vars {
            let (a, b) = (root(&groups, first), root(&groups, *var));
            groups[b] = a;
        }
        if matches!(lit.kind, LitKind::Atom(_)) {
            atoms.push((first, lit.span));
        }
    }
    let Some((first, first_span)) = atoms.first() else { return };
    let Some((_, span)) = atoms.iter().find(|(var, _)| root(&groups, *var) != root(&groups, *first)) else { return };
    out.push(
        LINT.at(view.place(*span), "this literal shares no variable with the others")
            .label("each of its rows is joined with each row of the rest")
            .also(view.place(*first_span), "nothing leads from here to there")
            .help("join them by a common variable, or write `_` for what does not matter"),
    );
}

fn root(groups: &[Var], mut var: Var) -> Var {
    while groups[var] != var {
        var = groups[var];
    }
    var
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn rows_of_one_atom_are_joined_with_all_of_another() {
        pin!(lints(
            "W0704",
            r##"
rel owns(team: string, system: string)
rel on_call(team: string, name: string)
owns("a", "b").
on_call("a", "b").
rel all(team: string, name: string)
all(t, n) :- owns(t, _), on_call(_, n).
rel some(team: string, name: string)
some(t, n) :- owns(t, _), on_call(t, n).
some(t, n) :- owns(t, _), on_call(u, n), u = lower(t).
"##
        ));
    }
}
