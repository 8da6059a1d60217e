//! What two programs have in common: relations by name and columns, rules and facts by what they say, strata by all of these.
//!
//! Numbers and places are no part of what a rule says: an edit above it in its file moves it, and a relation that comes or goes
//! renumbers the others.

use std::collections::HashMap;

use base::{FileId, Place, Span};
use ir::{Aggregate, Arg, Body, Expr, ExprKind, LiteralKind, Program, RelId, Relation, Rule, RuleId};

use crate::store::{Maker, facts_by_relation};

/// From the numbers of a program to those of an earlier one, as far as there are any.
#[derive(Debug)]
pub(crate) struct Kinship {
    /// Relations of the same name and columns.
    pub relations: Vec<Option<RelId>>,
    /// Strata with the same relations, facts and rules; what their rules read may differ.
    pub strata: Vec<Option<usize>>,
    /// Rules of these strata.
    pub rules: Vec<Option<RuleId>>,
    /// Facts of relations that have the same ones.
    pub facts: Vec<Option<u32>>,
    /// Relations that have the same facts.
    pub same_facts: Vec<bool>,
    /// Whether the programs are one.
    pub identity: bool,
}

impl Kinship {
    /// All of a program is its own.
    pub fn identity(program: &Program) -> Kinship {
        Kinship {
            relations: (0..program.relations.len() as u32).map(|id| Some(RelId(id))).collect(),
            strata: (0..program.strata.len()).map(Some).collect(),
            rules: (0..program.rules.len() as u32).map(|id| Some(RuleId(id))).collect(),
            facts: (0..program.facts.len() as u32).map(Some).collect(),
            same_facts: vec![true; program.relations.len()],
            identity: true,
        }
    }

    /// What `new` has of `old`.
    pub fn find(new: &Program, old: &Program) -> Kinship {
        let by_name: HashMap<&str, u32> =
            old.relations.iter().zip(0..).map(|(relation, id)| (&*relation.decl.name, id)).collect();
        let twin = |relation: &Relation| {
            let id = RelId(*by_name.get(&*relation.decl.name)?);
            alike(relation, old.relation(id)).then_some(id)
        };
        let relations: Vec<Option<RelId>> = new.relations.iter().map(twin).collect();
        let (new_facts, old_facts) = (facts_by_relation(new), facts_by_relation(old));
        let mut kinship = Kinship {
            strata: vec![None; new.strata.len()],
            rules: vec![None; new.rules.len()],
            facts: vec![None; new.facts.len()],
            same_facts: vec![false; relations.len()],
            relations,
            identity: false,
        };
        for (number, facts) in new_facts.iter().enumerate() {
            let Some(twin) = kinship.relations[number] else { continue };
            let others = &old_facts[twin.0 as usize];
            let row = |program: &'_ Program, fact: u32| program.facts[fact as usize].row.clone();
            let same = facts.len() == others.len()
                && facts.iter().zip(others).all(|(&one, &other)| row(new, one) == row(old, other));
            kinship.same_facts[number] = same;
            if same {
                facts.iter().zip(others).for_each(|(&one, &other)| kinship.facts[one as usize] = Some(other));
            }
        }
        kinship.strata(new, old);
        kinship
    }

    fn strata(&mut self, new: &Program, old: &Program) {
        let mut of_relation: HashMap<RelId, usize> = HashMap::new();
        for (number, stratum) in old.strata.iter().enumerate() {
            of_relation.extend(stratum.relations.iter().map(|&id| (id, number)));
        }
        for (number, stratum) in new.strata.iter().enumerate() {
            let twins: Option<Vec<RelId>> = stratum.relations.iter().map(|id| self.relations[id.0 as usize]).collect();
            let Some(twins) = twins.filter(|twins| !twins.is_empty()) else { continue };
            let Some(&twin) = of_relation.get(&twins[0]) else { continue };
            let other = &old.strata[twin];
            let (mut own, mut others) = (stratum.rules.clone(), other.rules.clone());
            own.sort_unstable();
            others.sort_unstable();
            let same = other.recursive == stratum.recursive
                && other.relations.len() == twins.len()
                && twins.iter().all(|id| of_relation.get(id) == Some(&twin))
                && stratum.relations.iter().all(|id| self.same_facts[id.0 as usize])
                && own.len() == others.len()
                && own.iter().zip(&others).all(|(&one, &other)| self.says_the_same(new.rule(one), old.rule(other)));
            if same {
                self.strata[number] = Some(twin);
                own.into_iter().zip(others).for_each(|(one, other)| self.rules[one.0 as usize] = Some(other));
            }
        }
    }

    fn says_the_same(&self, new: &Rule, old: &Rule) -> bool {
        let renamed = bare(new, &|id| self.relations[id.0 as usize]);
        renamed.is_some() && renamed == bare(old, &Some)
    }

    /// From makers of the new program to those of the old one.
    pub fn to_old(&self) -> impl Fn(Maker) -> Maker {
        |maker| match maker {
            Maker::Rule(rule) => Maker::Rule(self.rules[rule as usize].map_or(rule, |rule| rule.0)),
            Maker::Fact(fact) => Maker::Fact(self.facts[fact as usize].unwrap_or(fact)),
            Maker::Input => Maker::Input,
        }
    }

    /// The other way round.
    pub fn to_new(&self) -> impl Fn(Maker) -> Maker + use<> {
        let back = |pairs: &mut dyn Iterator<Item = (u32, Option<u32>)>| -> HashMap<u32, u32> {
            pairs.filter_map(|(new, old)| Some((old?, new))).collect()
        };
        let rules = back(&mut (0..).zip(self.rules.iter().map(|rule| rule.map(|rule| rule.0))));
        let facts = back(&mut (0..).zip(self.facts.iter().copied()));
        move |maker| match maker {
            Maker::Rule(rule) => Maker::Rule(rules.get(&rule).copied().unwrap_or(rule)),
            Maker::Fact(fact) => Maker::Fact(facts.get(&fact).copied().unwrap_or(fact)),
            Maker::Input => Maker::Input,
        }
    }
}

/// Whether rows of one relation are rows of the other.
fn alike(one: &Relation, other: &Relation) -> bool {
    let columns = one.decl.columns.iter().zip(&other.decl.columns);
    one.kind == other.kind
        && one.decl.columns.len() == other.decl.columns.len()
        && columns.into_iter().all(|(a, b)| a.ty == b.ty && a.optional == b.optional)
}

/// The rule without places and names of variables, over other relations; nothing if one of them has no twin.
fn bare(rule: &Rule, relation: &dyn Fn(RelId) -> Option<RelId>) -> Option<Rule> {
    let mut rule = rule.clone();
    rule.head = relation(rule.head)?;
    rule.place = nowhere();
    rule.variables.iter_mut().for_each(|variable| variable.name = "".into());
    rule.args.iter_mut().try_for_each(|arg| bare_expr(arg, relation))?;
    bare_body(&mut rule.body, relation)?;
    Some(rule)
}

fn bare_body(body: &mut Body, relation: &dyn Fn(RelId) -> Option<RelId>) -> Option<()> {
    body.iter_mut().try_for_each(|literal| {
        literal.place = nowhere();
        match &mut literal.kind {
            LiteralKind::Atom(atom) => {
                atom.relation = relation(atom.relation)?;
                atom.args.iter_mut().try_for_each(|arg| match arg {
                    Arg::Value(expr) => bare_expr(expr, relation),
                    _ => Some(()),
                })
            }
            LiteralKind::Not(inner) => bare_body(inner, relation),
            LiteralKind::Or(branches) => branches.iter_mut().try_for_each(|branch| bare_body(branch, relation)),
            LiteralKind::Compare(_, left, right) | LiteralKind::Text { left, right, .. } => {
                bare_expr(left, relation)?;
                bare_expr(right, relation)
            }
            LiteralKind::In { operand, .. } => bare_expr(operand, relation),
            LiteralKind::IsNone { .. } => Some(()),
        }
    })
}

fn bare_expr(expr: &mut Expr, relation: &dyn Fn(RelId) -> Option<RelId>) -> Option<()> {
    match &mut expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => Some(()),
        ExprKind::Negate(inner) => bare_expr(inner, relation),
        ExprKind::Arithmetic(_, left, right) => {
            bare_expr(left, relation)?;
            bare_expr(right, relation)
        }
        ExprKind::Call(_, args) | ExprKind::Concat(args) => {
            args.iter_mut().try_for_each(|arg| bare_expr(arg, relation))
        }
        ExprKind::Aggregate(aggregate) => {
            let Aggregate { listed, body, .. } = &mut **aggregate;
            listed.iter_mut().try_for_each(|listed| bare_expr(listed, relation))?;
            bare_body(body, relation)
        }
    }
}

fn nowhere() -> Place {
    Place { file: FileId(0), span: Span::new(0, 0) }
}
