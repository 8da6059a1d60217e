//! Random programs over many rows: keys with most of the rows beside keys with one, domains of four values and of four thousand.

use std::collections::BTreeSet;

use super::{Atom, Literal, Program, Relation, Rule, Term, Test};
use crate::Random;

/// How values of a column are spread.
#[derive(Clone, Copy)]
struct Spread {
    /// Values are below it.
    domain: usize,
    /// So many in a hundred rows have the value 0.
    heavy: usize,
    /// The distance of neighbours: large ones are kept in hash tables.
    apart: u32,
}

struct Generator {
    random: Random,
    program: Program,
    /// Variables of the rule at hand: those that are bound, and how many there are.
    bound: Vec<usize>,
    variables: usize,
}

pub(super) fn program(seed: u64) -> Program {
    let program = Program { relations: Vec::new(), rules: Vec::new() };
    let mut generator = Generator { random: Random::new(seed ^ 0x1a46e), program, bound: Vec::new(), variables: 0 };
    generator.inputs();
    generator.derived();
    generator.program
}

impl Generator {
    fn pick(&mut self, items: &[usize]) -> usize {
        items[self.random.below(items.len())]
    }

    fn inputs(&mut self) {
        // Columns of all inputs have values of the same kind, so that they meet.
        let apart = if self.random.chance(30) { 7919 } else { 1 };
        for _ in 0..2 + self.random.below(3) {
            let width = self.pick(&[1, 2, 2, 3, 3, 3]);
            let spreads: Vec<Spread> = (0..width)
                .map(|_| Spread {
                    domain: self.pick(&[4, 4, 40, 400, 4000]),
                    heavy: self.pick(&[0, 0, 30, 80, 95]),
                    apart,
                })
                .collect();
            let count = self.pick(&[3, 30, 300, 3000, 9000, 20_000]);
            let mut rows = BTreeSet::new();
            for _ in 0..count {
                rows.insert(spreads.iter().map(|&spread| self.value(spread)).collect());
            }
            let mut rows: Vec<Vec<u32>> = rows.into_iter().collect();
            for at in (1..rows.len()).rev() {
                let other = self.random.below(at + 1);
                rows.swap(at, other);
            }
            self.program.relations.push(Relation { width, group: 0, rows });
        }
    }

    fn value(&mut self, spread: Spread) -> u32 {
        if self.random.chance(spread.heavy) { 0 } else { self.random.below(spread.domain) as u32 * spread.apart }
    }

    fn derived(&mut self) {
        let inputs = self.program.relations.len();
        let mut group = 0;
        for _ in 0..2 + self.random.below(4) {
            group += usize::from(group == 0 || self.random.chance(60));
            let width = self.pick(&[1, 1, 2, 2, 2, 3]);
            self.program.relations.push(Relation { width, group, rows: Vec::new() });
        }
        for head in inputs..self.program.relations.len() {
            for _ in 0..1 + self.random.below(3) {
                self.rule(head);
            }
        }
    }

    fn rule(&mut self, head: usize) {
        self.bound.clear();
        self.variables = 0;
        let Relation { width, group, .. } = self.program.relations[head];
        let all = 0..self.program.relations.len();
        let readable: Vec<usize> = all.clone().filter(|&r| self.program.relations[r].group <= group).collect();
        let lower: Vec<usize> = all.filter(|&r| self.program.relations[r].group < group).collect();
        let mut body = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            let relation = self.pick(&readable);
            let atom = self.atom(relation, 45);
            self.bind(&atom);
            body.push(Literal::Atom(atom));
        }
        for _ in 0..self.random.below(3) {
            let literal = self.literal(&lower, &readable);
            body.push(literal);
        }
        let terms = (0..width).map(|_| self.known()).collect();
        self.program.rules.push(Rule { head: Atom { relation: head, terms }, body, variables: self.variables });
    }

    fn bind(&mut self, atom: &Atom) {
        for variable in atom.variables() {
            if !self.bound.contains(&variable) {
                self.bound.push(variable);
            }
        }
    }

    fn fresh(&mut self) -> usize {
        self.variables += 1;
        self.variables - 1
    }

    fn known(&mut self) -> Term {
        match self.bound.len() {
            0 => Term::Constant(self.random.below(4) as u32),
            count => Term::Variable(self.bound[self.random.below(count)]),
        }
    }

    /// An atom with `percent` of its arguments bound, and repeated variables.
    fn atom(&mut self, relation: usize, percent: usize) -> Atom {
        if self.program.relations[relation].width == 3 && self.random.chance(15) {
            // One key, and a condition on its rows that most of them fail.
            let own = Term::Variable(self.fresh());
            return Atom { relation, terms: vec![self.known(), own, own] };
        }
        let mut own = Vec::new();
        let terms = (0..self.program.relations[relation].width)
            .map(|_| match self.random.below(100) {
                at if at < percent => self.known(),
                92.. => Term::Constant(self.random.below(3) as u32),
                82.. => Term::Any,
                66.. if !own.is_empty() => Term::Variable(self.pick(&own)),
                _ => {
                    own.push(self.fresh());
                    Term::Variable(own[own.len() - 1])
                }
            })
            .collect();
        Atom { relation, terms }
    }

    fn literal(&mut self, lower: &[usize], readable: &[usize]) -> Literal {
        match self.random.below(10) {
            0..4 => {
                let mut atoms = Vec::new();
                let outside = self.bound.clone();
                for _ in 0..1 + self.random.below(2) {
                    let relation = self.pick(lower);
                    let atom = self.atom(relation, 65);
                    self.bind(&atom);
                    atoms.push(atom);
                }
                self.bound = outside;
                Literal::Not(atoms)
            }
            4..6 => {
                let test = [Test::Equal, Test::Unequal, Test::Less][self.random.below(3)];
                let left = self.known();
                let right =
                    if self.random.chance(70) { self.known() } else { Term::Constant(self.random.below(30) as u32) };
                Literal::Test(test, left, right)
            }
            6..8 => {
                let (left, right) = (self.pick(readable), self.pick(readable));
                let (one, other) = (self.atom(left, 60), self.atom(right, 60));
                Literal::Or(one, other)
            }
            _ => {
                let relation = self.pick(lower);
                let mut atom = self.atom(relation, 60);
                let counted = self.fresh();
                let at = self.random.below(atom.terms.len());
                atom.terms[at] = Term::Variable(counted);
                let number = self.fresh();
                self.bound.push(number);
                Literal::Count(number, counted, atom)
            }
        }
    }
}
