//! Which instances of a rule a change can reach.
//!
//! An occurrence of a changed relation becomes a *seed*: an atom over the rows that came or went. Outside `not`, `or` and
//! aggregates it stands in place of the atom itself. Inside one it stands beside the body, and binds those variables that the
//! inner body shares with it: the groups for which the inner body may come to something else. Atoms beside it in there become
//! *links*, over all rows that are or were, so that a seed that shares no variable itself reaches the groups through them.
//!
//! Labels and places of entities are no rows; those that changed are a relation of their own, and each `label(e)`, `path(e)` or
//! `line(e)` is an occurrence of it.

use std::collections::BTreeSet;

use ir::{Aggregate, Arg, Atom, Body, Expr, ExprKind, Literal, LiteralKind, RelId, Rule, VarId};

use crate::expr::is_of_entities;
use crate::plan::Scope;
use crate::rules::is_of_rows;

/// The helper relations that hold what came and what went in a relation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Helpers {
    pub came: RelId,
    pub went: RelId,
}

/// An occurrence of something that changed, over what came or over what went.
#[derive(Debug)]
pub(super) struct Touch {
    /// Makes heads that are new.
    pub makes: bool,
    /// May take rows away.
    pub takes: bool,
    /// The literal that the seed stands in place of.
    plain: Option<usize>,
    seed: Atom,
    links: Vec<Atom>,
    /// Variables of seed and links that are their own.
    own: Vec<VarId>,
}

/// A rule that is read from a seed on: its first literal.
#[derive(Debug)]
pub(super) struct Seeded {
    pub rule: Rule,
    pub scope: Scope,
    /// The literals before this one are over all rows that are or were.
    pub ever: usize,
}

/// All touches of a rule with this body: its own or one that it was split into.
pub(super) fn touches(
    rule: &Rule,
    body: &Body,
    changed: &dyn Fn(RelId) -> Option<Helpers>,
    entities: Option<RelId>,
) -> Vec<Touch> {
    let mut finder = Finder { outer: outer(body), changed, entities, out: Vec::new() };
    for (at, literal) in body.iter().enumerate() {
        if let LiteralKind::Atom(atom) = &literal.kind
            && let Some(helpers) = changed(atom.relation)
        {
            for (helper, makes) in [(helpers.came, true), (helpers.went, false)] {
                let seed = Atom { relation: helper, args: atom.args.clone() };
                let (plain, links, own) = (Some(at), Vec::new(), Vec::new());
                finder.out.push(Touch { makes, takes: !makes, plain, seed, links, own });
            }
        }
        finder.literal(literal, &[]);
    }
    rule.args.iter().for_each(|arg| finder.operand(arg, &[]));
    finder.out
}

/// The touches by rows that went of some relations, outside `not` and aggregates.
pub(super) fn plain_touches(body: &Body, went: &dyn Fn(RelId) -> Option<RelId>) -> Vec<Touch> {
    let mut out = Vec::new();
    for (at, literal) in body.iter().enumerate() {
        if let LiteralKind::Atom(atom) = &literal.kind
            && let Some(relation) = went(atom.relation)
        {
            let seed = Atom { relation, args: atom.args.clone() };
            out.push(Touch { makes: false, takes: true, plain: Some(at), seed, links: Vec::new(), own: Vec::new() });
        }
    }
    out
}

/// The variables that stand outside `not` and aggregates, in `or`s too.
fn outer(body: &Body) -> BTreeSet<VarId> {
    fn add(body: &Body, out: &mut BTreeSet<VarId>) {
        for literal in body {
            match &literal.kind {
                LiteralKind::Not(_) => {}
                LiteralKind::Or(branches) => branches.iter().for_each(|branch| add(branch, out)),
                _ => {
                    let mut inner = BTreeSet::new();
                    literal.each_operand(&mut |operand| {
                        operand.each_aggregate(&mut |aggregate| aggregate.each_variable(&mut |v| inner.extend([v])));
                    });
                    literal.each_variable(&mut |v| out.extend((!inner.contains(&v)).then_some(v)));
                }
            }
        }
    }
    let mut out = BTreeSet::new();
    add(body, &mut out);
    out
}

struct Finder<'a> {
    outer: BTreeSet<VarId>,
    changed: &'a dyn Fn(RelId) -> Option<Helpers>,
    entities: Option<RelId>,
    out: Vec<Touch>,
}

impl<'a> Finder<'a> {
    /// What stands inside a literal.
    fn literal(&mut self, literal: &'a Literal, links: &[&'a Atom]) {
        match &literal.kind {
            LiteralKind::Not(inner) => self.body(inner, links),
            LiteralKind::Or(branches) => branches.iter().for_each(|branch| self.body(branch, links)),
            _ => {}
        }
        literal.each_operand(&mut |operand| self.operand(operand, links));
    }

    fn body(&mut self, body: &'a Body, links: &[&'a Atom]) {
        for (at, literal) in body.iter().enumerate() {
            let beside =
                body.iter().enumerate().filter(|(other, _)| *other != at).filter_map(|(_, literal)| atom(literal));
            let links: Vec<&Atom> = links.iter().copied().chain(beside).collect();
            if let Some(atom) = atom(literal)
                && let Some(helpers) = (self.changed)(atom.relation)
            {
                self.seed(helpers.came, &atom.args, &links);
                self.seed(helpers.went, &atom.args, &links);
            }
            self.literal(literal, &links);
        }
    }

    fn operand(&mut self, expr: &'a Expr, links: &[&'a Atom]) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => {}
            ExprKind::Negate(inner) => self.operand(inner, links),
            ExprKind::Arithmetic(_, left, right) => {
                self.operand(left, links);
                self.operand(right, links);
            }
            ExprKind::Call(function, args) => {
                if let Some(entities) = self.entities.filter(|_| is_of_entities(*function)) {
                    let arg = match args.first().map(|arg| &arg.kind) {
                        Some(ExprKind::Var(variable)) => Arg::Var(*variable),
                        _ => Arg::Any,
                    };
                    self.seed(entities, &[arg], links);
                }
                args.iter().for_each(|arg| self.operand(arg, links));
            }
            ExprKind::Concat(args) => args.iter().for_each(|arg| self.operand(arg, links)),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, links),
        }
    }

    fn aggregate(&mut self, aggregate: &'a Aggregate, links: &[&'a Atom]) {
        self.body(&aggregate.body, links);
        let links: Vec<&Atom> = links.iter().copied().chain(aggregate.body.iter().filter_map(atom)).collect();
        aggregate.listed.iter().for_each(|listed| self.operand(listed, &links));
    }

    fn seed(&mut self, helper: RelId, args: &[Arg], links: &[&Atom]) {
        let simple = |args: &[Arg]| args.iter().map(loose).collect::<Vec<Arg>>();
        let seed = Atom { relation: helper, args: simple(args) };
        let links: Vec<Atom> =
            links.iter().map(|link| Atom { relation: link.relation, args: simple(&link.args) }).collect();
        let mut own = BTreeSet::new();
        for arg in std::iter::once(&seed).chain(&links).flat_map(|atom| &atom.args) {
            if let Arg::Var(variable) = arg {
                own.extend((!self.outer.contains(variable)).then_some(*variable));
            }
        }
        let own = own.into_iter().collect();
        self.out.push(Touch { makes: true, takes: true, plain: None, seed, links, own });
    }
}

fn atom(literal: &Literal) -> Option<&Atom> {
    match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom),
        _ => None,
    }
}

/// An argument that asks for no more than can be told without anything else.
fn loose(arg: &Arg) -> Arg {
    match arg {
        Arg::Var(_) | Arg::Missing | Arg::Value(Expr { kind: ExprKind::Const(_), .. }) => arg.clone(),
        Arg::Any | Arg::Optional(_) | Arg::Value(_) => Arg::Any,
    }
}

impl Touch {
    /// The helper relation that it reads.
    pub fn helper(&self) -> RelId {
        self.seed.relation
    }

    /// The rule, read in full from the seed on: it makes the rows that the change can make.
    pub fn full(&self, rule: &Rule, body: &Body) -> Seeded {
        self.seeded(rule, body, |_, rest| rest)
    }

    /// The rule's heads that had an instance with the seed. Where what was cannot be told any more (under `not`, in
    /// aggregates), nothing is asked for, and values that depend on it stay open.
    pub fn relaxed(&self, rule: &Rule, body: &Body) -> Seeded {
        let seeded = self.seeded(rule, body, relax);
        Seeded { ever: usize::MAX, ..seeded }
    }

    fn seeded(&self, rule: &Rule, body: &Body, rest: impl Fn(&Rule, Body) -> Body) -> Seeded {
        let mut rule = rule.clone();
        let place = self.plain.map_or(rule.place, |at| body[at].place);
        let mut own = Vec::new();
        for &variable in &self.own {
            let mut copy = rule.variable(variable).clone();
            copy.optional = false;
            own.push((variable, VarId(rule.variables.len() as u32)));
            rule.variables.push(copy);
        }
        let renamed = |atom: &Atom| {
            let mut atom = atom.clone();
            for arg in &mut atom.args {
                if let Arg::Var(variable) = arg
                    && let Some((_, new)) = own.iter().find(|(old, _)| old == variable)
                {
                    *variable = *new;
                }
            }
            Literal { kind: LiteralKind::Atom(atom), place }
        };
        let mut seeds: Body = std::iter::once(&self.seed).chain(&self.links).map(renamed).collect();
        let ever = seeds.len();
        let others = body.iter().enumerate().filter(|(at, _)| Some(*at) != self.plain);
        seeds.extend(others.map(|(_, literal)| literal.clone()));
        rule.body = rest(&rule, seeds);
        let scope = Scope::new(&rule);
        Seeded { rule, scope, ever }
    }
}

/// The literals of a body that can be carried out on what is and was: atoms, and conditions on their values.
fn relax(rule: &Rule, body: Body) -> Body {
    let scope = Scope::new(&Rule { body: body.clone(), ..rule.clone() });
    let mut bound = BTreeSet::new();
    let mut out = Body::new();
    let mut pending = Vec::new();
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                for arg in &atom.args {
                    if let Arg::Var(v) | Arg::Optional(v) = arg {
                        bound.insert(v.0 as usize);
                    }
                }
                out.push(literal);
            }
            LiteralKind::Not(_) | LiteralKind::Or(_) => {}
            _ => {
                let mut plain = true;
                literal.each_operand(&mut |operand| plain &= is_of_rows(operand));
                pending.extend(plain.then_some(literal));
            }
        }
    }
    while let Some(at) = pending.iter().position(|literal| scope.ready(rule, literal, &|v| bound.contains(&v))) {
        let literal = pending.remove(at);
        let given = scope.gives(rule, &literal, &|v| bound.contains(&v));
        bound.extend(given);
        out.push(literal);
    }
    for literal in &mut out {
        if let LiteralKind::Atom(atom) = &mut literal.kind {
            for arg in &mut atom.args {
                if let Arg::Value(expr) = arg
                    && !(is_of_rows(expr) && scope.needs(expr).iter().all(|v| bound.contains(v)))
                {
                    *arg = Arg::Any;
                }
            }
        }
    }
    out
}

/// The rule with a body, read from those rows of its relation on that stand in `candidates`.
pub(super) fn candidates(rule: &Rule, body: &Body, candidates: RelId, columns: &[facts::Column]) -> Seeded {
    let mut rule = rule.clone();
    let arg = |(arg, column): (&Expr, &facts::Column)| match &arg.kind {
        // Values of other types are compared at the end.
        ExprKind::Var(v)
            if !rule.variable(*v).optional
                && (rule.variable(*v).ty == column.ty || rule.variable(*v).ty.is_text() && column.ty.is_text()) =>
        {
            Arg::Var(*v)
        }
        ExprKind::Const(value) if !value.is_none() && value.fits(&column.ty) => Arg::Value(arg.clone()),
        _ => Arg::Any,
    };
    let args = rule.args.iter().zip(columns).map(arg).collect();
    let seed = Literal { kind: LiteralKind::Atom(Atom { relation: candidates, args }), place: rule.place };
    rule.body = std::iter::once(seed).chain(body.iter().cloned()).collect();
    let scope = Scope::new(&rule);
    Seeded { rule, scope, ever: 0 }
}
