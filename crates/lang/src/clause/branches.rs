//! What one branch of an `or` says of a name is no matter of its siblings, as long as nothing outside uses the name.
//!
//! ```text
//! r(x) :- ( a(x, n), n > 3 or b(x, n), n contains "z" ).      two variables `n`, one `x`
//! ```

use std::sync::Arc;

use super::tree::{Lit, LitKind, Operand, Tree, Var, each_variable, inner_bodies};

/// Gives names that stand in several branches of an `or`, and nowhere else, a variable for each branch. Those of which
/// `kept` says so stay one.
pub(super) fn part(tree: &mut Tree, kept: &[bool]) {
    let mut counts = Vec::new();
    let Tree { head, body, names } = tree;
    if !holds_or(body, head) {
        return;
    }
    counts.resize(names.len(), 0);
    count(body, head, &mut counts);
    for (name, kept) in kept.iter().enumerate() {
        counts[name] += usize::from(*kept);
    }
    Parting { names, counts }.body(body, head);
}

fn holds_or(body: &mut [Lit], listed: &mut [Operand]) -> bool {
    let here = body.iter().any(|lit| matches!(lit.kind, LitKind::Or(_)));
    here || inner_bodies(body, listed).into_iter().any(|(body, listed)| holds_or(body, listed))
}

fn count(body: &mut [Lit], listed: &mut [Operand], counts: &mut [usize]) {
    each_variable(body, listed, &mut |var| counts[*var] += 1);
}

struct Parting<'a> {
    names: &'a mut Vec<Arc<str>>,
    /// How often each name stands in the clause.
    counts: Vec<usize>,
}

impl Parting<'_> {
    fn body(&mut self, body: &mut [Lit], listed: &mut [Operand]) {
        for lit in body.iter_mut() {
            if let LitKind::Or(branches) = &mut lit.kind {
                self.branches(branches);
                branches.iter_mut().for_each(|branch| self.body(branch, &mut []));
            }
        }
        for (body, listed) in inner_bodies(body, listed) {
            self.body(body, listed);
        }
    }

    fn branches(&mut self, branches: &mut [Vec<Lit>]) {
        let mut by_branch = vec![vec![0; self.counts.len()]; branches.len()];
        for (branch, counts) in branches.iter_mut().zip(&mut by_branch) {
            count(branch, &mut [], counts);
        }
        let known = self.counts.len();
        for name in 0..known {
            let here: usize = by_branch.iter().map(|counts| counts[name]).sum();
            if here == 0 || here != self.counts[name] {
                continue;
            }
            let holding = (0..branches.len()).filter(|at| by_branch[*at][name] > 0);
            for at in holding.skip(1) {
                let fresh: Var = self.names.len();
                self.names.push(self.names[name].clone());
                self.counts.push(by_branch[at][name]);
                self.counts[name] -= by_branch[at][name];
                each_variable(&mut branches[at], &mut [], &mut |var| {
                    if *var == name {
                        *var = fresh;
                    }
                });
            }
        }
    }
}

#[cfg(test)]
mod samples {
    use crate::testing::{lower, pin};

    #[test]
    fn branches_have_their_own_variables() {
        pin!(lower(
            r##"
rel a(x: string, n: int)
rel b(x: string, n: string)
rel r(x: string)
r(x) :- ( a(x, n), n > 3 or b(x, n), n contains "z" ).
r(x) :- b(x, _), ( not a(x, y) or not b(x, y) ).
r(x) :- b(x, _), not ( ( a(x, n), n < 0 or b(x, n), n = "" ) ).
r(x) :- ( a(x, n) or b(x, m), a(m, n) ), n = 3.
"##
        ));
    }

    #[test]
    fn what_branches_agree_on_is_the_type_above() {
        pin!(lower(
            r##"
rel node(n: code.Node)
rel call(n: code.Call)
rel text(s: string)
node(n) :- ( code.call{call: n} or code.function{function: n} ).
call(n) :- ( code.call{call: n} or code.function{function: n} ), code.call{call: n}.
text(n) :- ( code.call{call: n} or text(n) ).
call(n) :- ( code.call{call: n} or text(n) ).
node(n) :- n = min { c : code.call{call: c} }.
call(n) :- code.function{function: n}, not code.call{call: n}.
"##
        ));
    }
}
