//! Which scope a variable belongs to, and that it has a value there.
//!
//! A scope is the clause, the body of a `not`, or an aggregate. Within one, a set of names is kept for the scope and
//! for each branch of its `or`s; literals add to these sets until nothing changes:
//!
//! ```text
//! a(x), y = x + 1, ( b(z) or c(z), d(w) )        scope: x y z   second branch: x y z w
//! ```
//!
//! This is done twice. First as if aggregates could always be computed: what is bound then is shared with the `not`s
//! and aggregates inside, anything else in them is their own. Then aggregates wait for what they share: a variable
//! that gets no value any more depends on itself.

use std::sync::Arc;

use base::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::tree::{
    ArgKind, Lit, LitKind, Operand, OperandKind, Step, Tree, Use, Var, each_variable, walk_literal, walk_operand,
};
use crate::checks::safety;
use crate::names::Scope;

/// A variable of a bound clause.
#[derive(Debug)]
pub(crate) struct Variable {
    /// As written.
    pub name: Arc<str>,
    /// Where it stands.
    pub uses: Vec<(Span, Use)>,
    /// Whether it is bound as `x?`.
    pub optional: bool,
    /// Number of the scope that it belongs to; 0 is the clause.
    pub scope: usize,
    /// Whether it has a value in all of its scope, not in some branch of an `or` alone.
    pub whole: bool,
    /// Its name's number.
    number: usize,
}

/// The names, by number, to which a body gives a value whatever branches of its `or`s hold.
pub(crate) fn bound(tree: &mut Tree) -> Vec<bool> {
    let start = vec![false; tree.names.len()];
    fixpoint(&mut tree.body, &start, None).swap_remove(0)
}

/// Gives variables their scopes. On an error the variables are as good as they can be.
pub(crate) fn bind(scope: &Scope, tree: &mut Tree, diagnostics: &mut Vec<Diagnostic>) -> Vec<Variable> {
    let names = tree.names.clone();
    let clause = ScopeInfo { kind: ScopeKind::Clause, parent: 0, span: Span::default() };
    let mut binder =
        Binder { scope, names: &names, variables: Vec::new(), scopes: vec![clause], unbound: Vec::new(), diagnostics };
    let Tree { head, body, .. } = tree;
    binder.scope_of(0, body, head, &FxHashMap::default());
    binder.check_words();
    binder.tell_unbound();
    binder.check_nots();
    binder.check_optional();
    binder.variables
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    Clause,
    Not,
    Aggregate,
}

struct ScopeInfo {
    kind: ScopeKind,
    parent: usize,
    span: Span,
}

/// Names by number.
type Set = Vec<bool>;

struct Binder<'a> {
    scope: &'a Scope<'a>,
    names: &'a [Arc<str>],
    variables: Vec<Variable>,
    scopes: Vec<ScopeInfo>,
    unbound: Vec<Unbound>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// A name without a value: where, in which scope, and a branch that could bind it and does not.
struct Unbound {
    name: usize,
    span: Span,
    scope: usize,
    branch: Option<Span>,
}

impl Binder<'_> {
    /// Gives the variables of one scope their numbers, then those of the scopes inside. `outer` are the names that
    /// the scopes around bind.
    fn scope_of(&mut self, scope: usize, body: &mut [Lit], listed: &mut [Operand], outer: &FxHashMap<usize, Var>) {
        let mut start: Set = vec![false; self.names.len()];
        for name in outer.keys() {
            start[*name] = true;
        }
        let hopeful = fixpoint(body, &start, None);
        let sure = fixpoint(body, &start, Some(&hopeful));
        let own = FxHashMap::default();
        let mut level = Level { scope, outer, own, hopeful, sure, unbound: Vec::new(), branches: Vec::new() };
        self.literals(&mut level, 0, body);
        self.operands(&mut level, 0, listed);
        for (name, var) in &level.own {
            self.variables[*var].whole = level.sure[0][*name];
        }
        // Once one name is told, those that it would bind are no further errors.
        let mut unbound = std::mem::take(&mut level.unbound);
        unbound.sort_by_key(|(_, _, span)| *span);
        let mut told = Vec::new();
        let mut sets = level.sure.clone();
        for (name, context, span) in unbound {
            if sets[context][name] {
                continue;
            }
            // A sibling's variable of that name is another one by now.
            let known =
                |set: &Set| self.names.iter().zip(set).any(|(other, bound)| *bound && *other == self.names[name]);
            let some = level.sure.iter().skip(1).any(known);
            let lacking = match context {
                0 => level.branches.iter().enumerate().find(|(at, _)| !level.sure[at + 1][name]).map(|(_, span)| *span),
                context => level.branches.get(context - 1).copied(),
            };
            let branch = lacking.filter(|_| some);
            self.unbound.push(Unbound { name, span, scope, branch });
            told.extend(level.own.get(&name));
            sets = self.given(&level, &told, body);
        }
    }

    /// By context, the names that would be bound if the variables in `told` were. Occurrences have the numbers of their
    /// variables by now.
    fn given(&self, level: &Level, told: &[Var], body: &mut [Lit]) -> Vec<Set> {
        let mut start: Set = vec![false; self.variables.len()];
        for var in level.outer.values().chain(told) {
            start[*var] = true;
        }
        let sets = fixpoint(body, &start, None);
        let by_name = |set: &Set| {
            let var = |name: &usize| level.outer.get(name).or(level.own.get(name));
            (0..self.names.len()).map(|name| var(&name).is_some_and(|var| set[*var])).collect()
        };
        sets.iter().map(by_name).collect()
    }

    fn literals(&mut self, level: &mut Level, context: usize, body: &mut [Lit]) {
        for lit in body {
            let span = lit.span;
            let mut inner = Vec::new();
            let mut vars = Vec::new();
            let kind = if matches!(lit.kind, LitKind::Not(_)) { ScopeKind::Not } else { ScopeKind::Aggregate };
            walk_literal(lit, &mut |step| match step {
                Step::Var(var, span, usage) => vars.push((var, span, usage)),
                Step::Inner(body, listed, span) => inner.push((body, listed, span)),
            });
            for (var, span, usage) in vars {
                self.occurrence(level, context, var, span, usage);
            }
            for (body, listed, span) in inner {
                self.enter(level, context, kind, body, listed, span);
            }
            if let LitKind::Or(branches) = &mut lit.kind {
                for branch in branches {
                    level.branches.push(branch.iter().map(|lit| lit.span).reduce(Span::cover).unwrap_or(span));
                    self.literals(level, level.branches.len(), branch);
                }
            }
        }
    }

    fn operands(&mut self, level: &mut Level, context: usize, operands: &mut [Operand]) {
        for operand in operands {
            let mut inner = Vec::new();
            let mut vars = Vec::new();
            walk_operand(operand, &mut |step| match step {
                Step::Var(var, span, usage) => vars.push((var, span, usage)),
                Step::Inner(body, listed, span) => inner.push((body, listed, span)),
            });
            for (var, span, usage) in vars {
                self.occurrence(level, context, var, span, usage);
            }
            for (body, listed, span) in inner {
                self.enter(level, context, ScopeKind::Aggregate, body, listed, span);
            }
        }
    }

    /// A `not` or aggregate: names that are bound here are shared with it.
    fn enter(
        &mut self,
        level: &mut Level,
        context: usize,
        kind: ScopeKind,
        body: &mut [Lit],
        listed: Option<&mut Vec<Operand>>,
        span: Span,
    ) {
        let mut shared = level.outer.clone();
        let bound: Vec<usize> = (0..self.names.len()).filter(|name| level.hopeful[context][*name]).collect();
        for name in bound {
            let var = self.variable(level, name);
            shared.insert(name, var);
        }
        let inner = self.scopes.len();
        self.scopes.push(ScopeInfo { kind, parent: level.scope, span });
        self.scope_of(inner, body, listed.map_or(&mut [], |listed| listed.as_mut_slice()), &shared);
    }

    /// The variable of that name in this scope.
    fn variable(&mut self, level: &mut Level, name: usize) -> Var {
        if let Some(var) = level.outer.get(&name) {
            return *var;
        }
        *level.own.entry(name).or_insert_with(|| {
            self.variables.push(Variable {
                name: self.names[name].clone(),
                uses: Vec::new(),
                optional: false,
                scope: level.scope,
                whole: false,
                number: name,
            });
            self.variables.len() - 1
        })
    }

    fn occurrence(&mut self, level: &mut Level, context: usize, var: &mut Var, span: Span, usage: Use) {
        let name = *var;
        *var = self.variable(level, name);
        let variable = &mut self.variables[*var];
        variable.uses.push((span, usage));
        variable.optional |= usage == Use::Optional;
        if !level.sure[context][name] && level.unbound.iter().all(|(told, ..)| *told != name) {
            level.unbound.push((name, context, span));
        }
    }

    /// `null` and its like of other languages: as variables they would match anything.
    fn check_words(&mut self) {
        for variable in &self.variables {
            let instead = match &*variable.name {
                "null" | "NULL" | "Null" | "nil" | "None" | "undefined" => "none",
                "True" | "TRUE" => "true",
                "False" | "FALSE" => "false",
                _ => continue,
            };
            if let Some((span, _)) = variable.uses.first() {
                let place = self.scope.place(*span);
                self.diagnostics.push(safety::foreign_word(place, &variable.name, instead));
                self.unbound.retain(|unbound| self.names[unbound.name] != variable.name);
            }
        }
    }

    /// A param or another variable of the clause that an unbound name may be a misspelling of.
    fn meant(&self, name: &str) -> Option<String> {
        let params = self.scope.params();
        let unbound = |at: &usize| self.unbound.iter().any(|unbound| unbound.name == *at);
        let bound = (0..self.names.len()).filter(|at| !unbound(at)).map(|at| &*self.names[at]);
        // Short names are near to everything.
        let bound = bound.filter(|other| other.len() > 2 && name.len() > 2);
        base::did_you_mean(name, params.iter().map(String::as_str).chain(bound))
    }

    fn tell_unbound(&mut self) {
        self.unbound.sort_by_key(|unbound| unbound.span);
        for unbound in &self.unbound {
            let name = &self.names[unbound.name];
            let place = self.scope.place(unbound.span);
            self.diagnostics.push(match self.scopes[unbound.scope].kind {
                ScopeKind::Not => safety::unbound_inside(name, place, "`not`"),
                ScopeKind::Aggregate => safety::unbound_inside(name, place, "aggregate"),
                ScopeKind::Clause => {
                    let inside = self.variables.iter().find(|other| other.scope != 0 && other.name == *name);
                    let inside = inside.and_then(|other| other.uses.first()).map(|(span, _)| self.scope.place(*span));
                    let branch = unbound.branch.map(|span| self.scope.place(span));
                    safety::unbound(name, place, inside, branch, self.meant(name))
                }
            });
        }
    }

    /// An unbound name in two `not`s of one aggregate or clause.
    fn check_nots(&mut self) {
        let mut first: FxHashMap<(usize, usize), usize> = FxHashMap::default();
        for variable in &self.variables {
            if self.scopes[variable.scope].kind != ScopeKind::Not {
                continue;
            }
            if self.unbound.iter().any(|unbound| self.names[unbound.name] == variable.name) {
                continue;
            }
            let key = (variable.number, self.enclosing(variable.scope));
            match first.get(&key) {
                None => drop(first.insert(key, variable.scope)),
                Some(other) => self.diagnostics.push(safety::two_nots(
                    &variable.name,
                    self.scope.place(self.scopes[*other].span),
                    self.scope.place(self.scopes[variable.scope].span),
                )),
            }
        }
    }

    /// The nearest aggregate or clause around a `not`.
    fn enclosing(&self, scope: usize) -> usize {
        let mut at = scope;
        while self.scopes[at].kind == ScopeKind::Not {
            at = self.scopes[at].parent;
        }
        at
    }

    /// What is bound as `x?` is bound once and used only where it may be missing.
    fn check_optional(&mut self) {
        for variable in &self.variables {
            let bound: Vec<Span> =
                variable.uses.iter().filter(|(_, usage)| *usage == Use::Optional).map(|(span, _)| *span).collect();
            let Some(first) = bound.first() else {
                if let Some((span, _)) = variable.uses.iter().find(|(_, usage)| *usage == Use::Missable) {
                    let place = self.scope.place(*span);
                    self.diagnostics.push(safety::never_missing(&variable.name, place));
                }
                continue;
            };
            let first = self.scope.place(*first);
            if let Some(second) = bound.get(1) {
                let second = self.scope.place(*second);
                self.diagnostics.push(safety::optional_twice(&variable.name, second, first));
            } else if let Some((span, _)) = variable.uses.iter().find(|(_, usage)| *usage == Use::Join) {
                let place = self.scope.place(*span);
                self.diagnostics.push(safety::maybe_missing(&variable.name, place, first));
            }
        }
    }
}

/// One scope while its variables get their numbers.
struct Level<'a> {
    scope: usize,
    outer: &'a FxHashMap<usize, Var>,
    own: FxHashMap<usize, Var>,
    hopeful: Vec<Set>,
    sure: Vec<Set>,
    unbound: Vec<(usize, usize, Span)>,
    /// Spans of the branches met so far, in the order in which [`fixpoint`] meets them; their sets begin at 1.
    branches: Vec<Span>,
}

/// The names bound in the scope (0) and in each branch of its `or`s (in the order of the walk). With `hopeful`
/// given, aggregates wait for the names that they share with it.
fn fixpoint(body: &mut [Lit], start: &Set, hopeful: Option<&[Set]>) -> Vec<Set> {
    let mut sets = vec![start.clone()];
    let mut round = Round { next: 1, changed: true, hopeful };
    while round.changed {
        round.changed = false;
        round.next = 1;
        round.literals(&mut sets, 0, body);
    }
    sets
}

struct Round<'a> {
    next: usize,
    changed: bool,
    hopeful: Option<&'a [Set]>,
}

impl Round<'_> {
    fn literals(&mut self, sets: &mut Vec<Set>, context: usize, body: &mut [Lit]) {
        for lit in body {
            match &mut lit.kind {
                LitKind::Atom(atom) => {
                    for arg in &atom.args {
                        if let ArgKind::Var(var) | ArgKind::Optional(var) = arg.kind {
                            self.add(&mut sets[context], var);
                        }
                    }
                }
                LitKind::Compare(ir::Comparison::Equal, left, right) => {
                    if let OperandKind::Var(var) = left.kind
                        && !sets[context][var]
                        && self.computable(sets, context, right)
                    {
                        self.add(&mut sets[context], var);
                    }
                    if let OperandKind::Var(var) = right.kind
                        && !sets[context][var]
                        && self.computable(sets, context, left)
                    {
                        self.add(&mut sets[context], var);
                    }
                }
                LitKind::In { operand, negated: false, .. } => {
                    if let OperandKind::Var(var) = operand.kind {
                        self.add(&mut sets[context], var);
                    }
                }
                LitKind::Text { left, groups, .. } if !groups.is_empty() => {
                    if self.computable(sets, context, left) {
                        for group in groups {
                            self.add(&mut sets[context], group.variable);
                        }
                    }
                }
                LitKind::Or(branches) => self.or(sets, context, branches),
                LitKind::Compare(..) | LitKind::In { .. } | LitKind::Text { .. } => {}
                LitKind::Not(_) | LitKind::IsNone { .. } => {}
            }
        }
    }

    fn or(&mut self, sets: &mut Vec<Set>, context: usize, branches: &mut [Vec<Lit>]) {
        let mut all: Option<Set> = None;
        for branch in branches {
            let number = self.next;
            self.next += 1;
            if sets.len() == number {
                sets.push(vec![false; sets[0].len()]);
            }
            for name in 0..sets[context].len() {
                if sets[context][name] {
                    self.add(&mut sets[number], name);
                }
            }
            self.literals(sets, number, branch);
            all = Some(match all {
                None => sets[number].clone(),
                Some(all) => all.iter().zip(&sets[number]).map(|(a, b)| *a && *b).collect(),
            });
        }
        for (name, bound) in all.iter().flatten().enumerate() {
            if *bound {
                self.add(&mut sets[context], name);
            }
        }
    }

    fn add(&mut self, set: &mut Set, name: usize) {
        if !set[name] {
            set[name] = true;
            self.changed = true;
        }
    }

    fn computable(&self, sets: &[Set], context: usize, operand: &mut Operand) -> bool {
        let set = &sets[context];
        let mut all = true;
        walk_operand(operand, &mut |step| match step {
            Step::Var(var, ..) => all &= set[*var],
            Step::Inner(body, listed, _) => {
                if let Some(hopeful) = self.hopeful {
                    let shared = |name: usize| hopeful.get(context).is_some_and(|hopeful| hopeful[name]);
                    let listed = listed.map_or(&mut [] as &mut [Operand], |listed| listed.as_mut_slice());
                    each_variable(body, listed, &mut |name| all &= set[*name] || !shared(*name));
                }
            }
        });
        all
    }
}
