//! What a program over many rows means: literals from left to right, over hash indexes on the columns that are bound.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Atom, Literal, Program, Rule, Term, Test};

type Row = Vec<u32>;
/// Values of a rule's variables.
type Env = Vec<Option<u32>>;

/// Numbers of rows by the values of some columns.
#[derive(Default)]
struct Index {
    rows: HashMap<Row, Vec<usize>>,
    /// How many rows it holds.
    read: usize,
}

#[derive(Default)]
struct Kept {
    rows: Vec<Row>,
    members: HashSet<Row>,
    indexes: BTreeMap<Vec<usize>, Index>,
}

struct Evaluator {
    kept: Vec<Kept>,
    steps: usize,
}

pub(super) fn model(program: &Program, rows: usize, steps: usize) -> Option<Vec<Vec<Row>>> {
    let kept = program.relations.iter().map(|_| Kept::default()).collect();
    let mut evaluator = Evaluator { kept, steps };
    for (number, relation) in program.relations.iter().enumerate() {
        relation.rows.iter().for_each(|row| evaluator.kept[number].add(row.clone()));
    }
    let groups: BTreeSet<usize> = program.relations.iter().map(|relation| relation.group).collect();
    for group in groups {
        loop {
            let before = evaluator.count();
            let of_group = |rule: &&Rule| program.relations[rule.head.relation].group == group;
            for rule in program.rules.iter().filter(of_group) {
                for row in evaluator.heads(rule)? {
                    evaluator.kept[rule.head.relation].add(row);
                }
            }
            if evaluator.count() > rows {
                return None;
            }
            if evaluator.count() == before {
                break;
            }
        }
    }
    let sorted = |kept: Kept| kept.members.into_iter().collect::<BTreeSet<Row>>().into_iter().collect();
    Some(evaluator.kept.into_iter().map(sorted).collect())
}

impl Kept {
    fn add(&mut self, row: Row) {
        if self.members.insert(row.clone()) {
            self.rows.push(row);
        }
    }

    /// The rows with these values in these columns.
    fn matching(&mut self, columns: &[usize], key: &Row) -> Vec<usize> {
        if columns.is_empty() {
            return (0..self.rows.len()).collect();
        }
        let index = self.indexes.entry(columns.to_vec()).or_default();
        for number in index.read..self.rows.len() {
            let key = columns.iter().map(|&column| self.rows[number][column]).collect();
            index.rows.entry(key).or_default().push(number);
        }
        index.read = self.rows.len();
        index.rows.get(key).cloned().unwrap_or_default()
    }
}

impl Evaluator {
    fn count(&self) -> usize {
        self.kept.iter().map(|kept| kept.rows.len()).sum()
    }

    fn heads(&mut self, rule: &Rule) -> Option<HashSet<Row>> {
        let mut envs: Vec<Env> = vec![vec![None; rule.variables]];
        for literal in &rule.body {
            let mut next = Vec::new();
            for env in envs {
                self.literal(literal, env, &mut next)?;
            }
            envs = next;
        }
        Some(envs.iter().map(|env| rule.head.terms.iter().filter_map(|&term| value(term, env)).collect()).collect())
    }

    fn literal(&mut self, literal: &Literal, env: Env, out: &mut Vec<Env>) -> Option<()> {
        match literal {
            Literal::Atom(atom) => self.atom(atom, &env, out)?,
            Literal::Not(atoms) => {
                let mut ways = vec![env.clone()];
                for atom in atoms {
                    let mut longer = Vec::new();
                    for way in ways {
                        self.atom(atom, &way, &mut longer)?;
                    }
                    ways = longer;
                }
                if ways.is_empty() {
                    out.push(env);
                }
            }
            Literal::Test(test, left, right) => {
                let (left, right) = (value(*left, &env), value(*right, &env));
                let holds = match test {
                    Test::Equal => left == right,
                    Test::Unequal => left != right,
                    Test::Less => left < right,
                };
                if holds {
                    out.push(env);
                }
            }
            Literal::Or(one, other) => {
                let mut ways = Vec::new();
                self.atom(one, &env, &mut ways)?;
                self.atom(other, &env, &mut ways)?;
                if !ways.is_empty() {
                    out.push(env);
                }
            }
            Literal::Count(number, counted, atom) => {
                let mut ways = Vec::new();
                self.atom(atom, &env, &mut ways)?;
                let values: HashSet<Option<u32>> = ways.iter().map(|way| way[*counted]).collect();
                let mut env = env;
                env[*number] = Some(values.len() as u32);
                out.push(env);
            }
        }
        Some(())
    }

    /// The values after each row that fits; nothing once the steps are used up.
    fn atom(&mut self, atom: &Atom, env: &Env, out: &mut Vec<Env>) -> Option<()> {
        let known: Vec<(usize, u32)> =
            atom.terms.iter().enumerate().filter_map(|(at, &term)| Some((at, value(term, env)?))).collect();
        let (columns, key): (Vec<usize>, Row) = known.into_iter().unzip();
        let numbers = self.kept[atom.relation].matching(&columns, &key);
        self.steps = self.steps.checked_sub(numbers.len() + 1)?;
        let rows = &self.kept[atom.relation].rows;
        out.extend(numbers.into_iter().filter_map(|number| {
            let mut env = env.clone();
            for (term, &found) in atom.terms.iter().zip(&rows[number]) {
                if let Term::Variable(v) = *term
                    && *env[v].get_or_insert(found) != found
                {
                    return None;
                }
            }
            Some(env)
        }));
        Some(())
    }
}

fn value(term: Term, env: &Env) -> Option<u32> {
    match term {
        Term::Variable(v) => env[v],
        Term::Constant(value) => Some(value),
        Term::Any => None,
    }
}
