//! W0702: a param as an argument of a positive atom: it looks like a variable that takes any value.

use base::{Diagnostic, Span};

use super::edits::{fix, free_name, short_field};
use super::walk::{aggregates, each_literal};
use super::{Lint, View};
use crate::clause::tree::{ArgKind, Lit, LitKind, Operand, OperandKind};
use crate::model::Constant;

pub(crate) const LINT: Lint = Lint::warning("W0702", "param-in-atom");

pub(super) fn clause(view: &View, out: &mut Vec<Diagnostic>) {
    body(view, &view.tree.body, out);
    for (aggregate, _) in aggregates(&view.tree.head, &view.tree.body) {
        body(view, &aggregate.body, out);
    }
}

fn body(view: &View, body: &[Lit], out: &mut Vec<Diagnostic>) {
    each_literal(body, false, &mut |lit, negated| {
        let LitKind::Atom(atom) = &lit.kind else { return };
        let decl = &view.scope.world.relation(atom.relation).decl;
        for (arg, column) in atom.args.iter().zip(&decl.columns) {
            if let ArgKind::Value(Operand { kind: OperandKind::Constant(Constant::Param(_), _), span }) = &arg.kind
                && !negated
            {
                let found = LINT
                    .at(view.place(*span), "this is a param, not a new variable")
                    .label("only rows with the param's value match")
                    .help("give the variable another name, or compare with `=` to make the meaning plain");
                out.push(found.fix(equal(view, *span, lit.span, &column.name)));
            }
        }
    });
}

/// A variable in the param's place, and behind it an `=`. Not safe: the author may have wanted any value.
pub(super) fn equal(view: &View, span: Span, behind: Span, column: &str) -> base::Fix {
    let name = free_name(view, column);
    let param = view.text().get(span.range()).unwrap_or_default();
    let written = match short_field(view.source, span) {
        Some(field) => format!("{field}: {name}"),
        None => name.clone(),
    };
    let end = Span::at(behind.end as usize);
    let edits = vec![(span, written), (end, format!(", {name} = {param}"))];
    fix(view.scope.file, format!("write `{name} = {param}` as a condition of its own"), false, edits)
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn params_look_like_variables() {
        pin!(lints(
            "W0702",
            r##"
param region: string = "eu"
rel place(team: string, region: string)
place("a", "eu").
rel here(team: string)
here(t) :- place(t, region).
here(t) :- place{team: t, region}.
here(t) :- place(t, _), not place(t, region).
here(t) :- place(t, r), r = region.
"##
        ));
    }
}
