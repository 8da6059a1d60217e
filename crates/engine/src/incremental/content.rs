//! What two programs have in common: relations by name and columns, rules and facts by what they say, strata by all of these.
//!
//! Numbers and places are no part of what a rule says: an edit above it in its file moves it, and a relation that comes or goes
//! renumbers the others.

use std::collections::HashMap;

use ir::{Arg, Body, Expr, ExprKind, LiteralKind, Program, RelId, Relation, Rule, RuleId};

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
            let same = all(facts, others, |&one, &other| new.facts[one as usize].row == old.facts[other as usize].row);
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
        Saying { relations: &self.relations }.rule(new, old)
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

/// Whether parts of rules say the same, whatever their places and the names of their variables, relations of the old program
/// taking the place of their twins.
struct Saying<'a> {
    relations: &'a [Option<RelId>],
}

impl Saying<'_> {
    fn relation(&self, new: RelId, old: RelId) -> bool {
        self.relations[new.0 as usize] == Some(old)
    }

    fn rule(&self, new: &Rule, old: &Rule) -> bool {
        let variables = new.variables.iter().zip(&old.variables);
        self.relation(new.head, old.head)
            && new.variables.len() == old.variables.len()
            && variables.into_iter().all(|(new, old)| new.ty == old.ty && new.optional == old.optional)
            && self.exprs(&new.args, &old.args)
            && self.body(&new.body, &old.body)
    }

    fn body(&self, new: &Body, old: &Body) -> bool {
        all(new, old, |new, old| self.literal(&new.kind, &old.kind))
    }

    fn literal(&self, new: &LiteralKind, old: &LiteralKind) -> bool {
        match (new, old) {
            (LiteralKind::Atom(new), LiteralKind::Atom(old)) => {
                self.relation(new.relation, old.relation) && all(&new.args, &old.args, |new, old| self.arg(new, old))
            }
            (LiteralKind::Not(new), LiteralKind::Not(old)) => self.body(new, old),
            (LiteralKind::Or(new), LiteralKind::Or(old)) => all(new, old, |new, old| self.body(new, old)),
            (LiteralKind::Compare(new, left, right), LiteralKind::Compare(old, old_left, old_right)) => {
                new == old && self.expr(left, old_left) && self.expr(right, old_right)
            }
            (
                LiteralKind::Text { test, negated, left, right, groups },
                LiteralKind::Text {
                    test: old_test,
                    negated: old_negated,
                    left: old_left,
                    right: old_right,
                    groups: old_groups,
                },
            ) => {
                (test, negated, groups) == (old_test, old_negated, old_groups)
                    && self.expr(left, old_left)
                    && self.expr(right, old_right)
            }
            (
                LiteralKind::In { operand, values, negated },
                LiteralKind::In { operand: old_operand, values: old_values, negated: old_negated },
            ) => (values, negated) == (old_values, old_negated) && self.expr(operand, old_operand),
            (LiteralKind::IsNone { .. }, LiteralKind::IsNone { .. }) => new == old,
            _ => false,
        }
    }

    fn arg(&self, new: &Arg, old: &Arg) -> bool {
        match (new, old) {
            (Arg::Value(new), Arg::Value(old)) => self.expr(new, old),
            _ => new == old,
        }
    }

    fn exprs(&self, new: &[Expr], old: &[Expr]) -> bool {
        all(new, old, |new, old| self.expr(new, old))
    }

    fn expr(&self, new: &Expr, old: &Expr) -> bool {
        new.ty == old.ty
            && match (&new.kind, &old.kind) {
                (ExprKind::Negate(new), ExprKind::Negate(old)) => self.expr(new, old),
                (ExprKind::Arithmetic(new, left, right), ExprKind::Arithmetic(old, old_left, old_right)) => {
                    new == old && self.expr(left, old_left) && self.expr(right, old_right)
                }
                (ExprKind::Call(new, args), ExprKind::Call(old, old_args)) => new == old && self.exprs(args, old_args),
                (ExprKind::Concat(new), ExprKind::Concat(old)) => self.exprs(new, old),
                (ExprKind::Aggregate(new), ExprKind::Aggregate(old)) => {
                    new.function == old.function
                        && self.exprs(&new.listed, &old.listed)
                        && self.body(&new.body, &old.body)
                }
                // These hold no relations and no places.
                (ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..), _) => new.kind == old.kind,
                _ => false,
            }
    }
}

/// Whether there are as many of both, and each says the same as the other.
fn all<T>(new: &[T], old: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    new.len() == old.len() && new.iter().zip(old).all(|(new, old)| same(new, old))
}
