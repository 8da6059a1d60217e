//! The naive interpreter: every rule over every combination of rows, again and again until nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use base::Place;
use facts::{Type, Value};
use ir::{
    Aggregate, Arg, Atom, Body, Comparison, Expr, ExprKind, Literal, LiteralKind, Program, RelId, Rule, RuleId,
    TextTest, VarId,
};

use crate::operand::{self, Outcome};

/// A fault of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleFault {
    /// The rule.
    pub rule: RuleId,
    /// The values for which it faults.
    pub values: Vec<(VarId, Value)>,
    /// The first literal that does.
    pub place: Place,
    /// Why.
    pub message: String,
}

/// When a row came to be, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// Number of the stratum and of its round; `(0, 0)` for facts.
    pub round: (usize, usize),
    /// The first rule that makes it in that round; none for facts.
    pub rule: Option<RuleId>,
}

/// What a program means.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// By relation.
    pub rows: Vec<BTreeSet<Vec<Value>>>,
    /// Of each row.
    pub made: BTreeMap<(RelId, Vec<Value>), Made>,
    /// All faults.
    pub faults: BTreeSet<RuleFault>,
}

/// The meaning of a program whose input rows stand among its facts.
pub fn interpret(program: &Program) -> Model {
    let mut model = Model { rows: vec![BTreeSet::new(); program.relations.len()], ..Model::default() };
    for fact in &program.facts {
        model.add(fact.relation, &fact.row, Made { round: (0, 0), rule: None });
    }
    for (number, stratum) in program.strata.iter().enumerate() {
        for round in 1.. {
            // What a round makes is seen by the next one only.
            let mut made: Vec<(RuleId, Vec<Value>)> = Vec::new();
            for &id in &stratum.rules {
                made.extend(Reader::new(program, id, &model).rows().into_iter().map(|row| (id, row)));
            }
            let before = model.made.len();
            for (id, row) in made {
                model.add(program.rule(id).head, &row, Made { round: (number, round), rule: Some(id) });
            }
            if model.made.len() == before {
                break;
            }
        }
        for &id in &stratum.rules {
            let faults = Reader::new(program, id, &model).faults(id);
            model.faults.extend(faults);
        }
    }
    model
}

impl Model {
    fn add(&mut self, relation: RelId, row: &[Value], made: Made) {
        self.rows[relation.0 as usize].insert(row.to_vec());
        let known = self.made.entry((relation, row.to_vec())).or_insert(made);
        if known.round == made.round {
            *known = made.min(*known);
        }
    }
}

fn counts(rule: &Rule) -> Vec<usize> {
    let mut counts = vec![0; rule.variables.len()];
    rule.args.iter().for_each(|arg| arg.each_variable(&mut |v| counts[v.0 as usize] += 1));
    ir::each_variable(&rule.body, &mut |v| counts[v.0 as usize] += 1);
    counts
}

pub(crate) type Env = Vec<Option<Value>>;
type Mark = (Place, String);

/// The end of a way through a body: values, and the first fault on it.
pub(crate) struct End {
    pub env: Env,
    mark: Option<Mark>,
}

/// A rule that is read over the rows of a model.
pub(crate) struct Reader<'a> {
    pub program: &'a Program,
    pub rule: &'a Rule,
    rows: &'a [BTreeSet<Vec<Value>>],
    /// How often each variable occurs in the rule.
    counts: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(program: &'a Program, id: RuleId, model: &'a Model) -> Self {
        let rule = program.rule(id);
        Reader { program, rule, rows: &model.rows, counts: counts(rule) }
    }

    fn start(&self) -> Env {
        vec![None; self.rule.variables.len()]
    }

    fn rows(&self) -> BTreeSet<Vec<Value>> {
        let columns = &self.program.relation(self.rule.head).decl.columns;
        let mut rows = BTreeSet::new();
        for end in self.ends(&self.rule.body, &self.start(), false) {
            let args: Vec<Outcome> = self.rule.args.iter().map(|arg| self.operand(arg, &end.env)).collect();
            if let Ok(row) = operand::all(args) {
                rows.insert(row.into_iter().zip(columns).map(|(value, column)| widen(value, &column.ty)).collect());
            }
        }
        rows
    }

    fn faults(&self, id: RuleId) -> Vec<RuleFault> {
        let mut found: BTreeMap<Vec<(VarId, Value)>, Mark> = BTreeMap::new();
        for end in self.ends(&self.rule.body, &self.start(), true) {
            let Some(mark) = end.mark.clone().or_else(|| self.head_fault(&end.env)) else { continue };
            let values = self.rule.outer_variables().into_iter();
            let values = values.filter_map(|v| Some((v, end.env[v.0 as usize].clone()?))).collect();
            let least = found.entry(values).or_insert_with(|| mark.clone());
            *least = mark.min(least.clone());
        }
        let fault = |(values, (place, message))| RuleFault { rule: id, values, place, message };
        found.into_iter().map(fault).collect()
    }

    fn head_fault(&self, env: &Env) -> Option<Mark> {
        let place = self.rule.place;
        let mut marks: Vec<Mark> = Vec::new();
        for arg in &self.rule.args {
            match self.operand(arg, env) {
                Outcome::Value(_) => {}
                Outcome::Fault(message) => marks.push((place, message)),
                Outcome::Nothing => {
                    let shown = ir::show_expr(self.program, self.rule, arg, &|v| env[v.0 as usize].clone());
                    marks.push((place, format!("`{shown}` has no value")));
                }
            }
            marks.extend(self.inside(arg, place, env));
        }
        marks.into_iter().min()
    }

    pub fn ends(&self, body: &'a Body, env: &Env, faults: bool) -> Vec<End> {
        let mut out = Vec::new();
        self.walk(body.iter().collect(), End { env: env.clone(), mark: None }, faults, &mut out);
        out
    }

    /// All ways through the literals that are left. An `or` stands for its branches, each on its own.
    fn walk(&self, mut left: Vec<&'a Literal>, at: End, faults: bool, out: &mut Vec<End>) {
        let Some(next) = left.iter().position(|literal| self.computable(literal, &at.env)) else {
            // What is left waits for a variable that only a literal which faults could bind.
            if left.is_empty() || at.mark.is_some() {
                out.push(at);
            }
            return;
        };
        let literal = left.remove(next);
        if let LiteralKind::Or(branches) = &literal.kind {
            for branch in branches {
                let longer = left.iter().copied().chain(branch).collect();
                self.walk(longer, End { env: at.env.clone(), mark: at.mark.clone() }, faults, out);
            }
            return;
        }
        let (envs, fault) = self.literal(literal, &at.env);
        for env in envs {
            self.walk(left.clone(), End { env, mark: at.mark.clone() }, faults, out);
        }
        if faults {
            let place = literal.place;
            let inside = match &literal.kind {
                LiteralKind::Not(body) => {
                    self.ends(body, &at.env, true).into_iter().filter_map(|end| end.mark).collect()
                }
                _ => {
                    let mut marks = Vec::new();
                    literal.each_operand(&mut |operand| {
                        if self.needs(operand).iter().all(|&v| at.env[v].is_some()) {
                            marks.extend(self.inside(operand, place, &at.env));
                        }
                    });
                    marks
                }
            };
            let marks = inside.into_iter().chain(fault.map(|message| (place, message)));
            if let Some(mark) = marks.min() {
                let mark = at.mark.clone().map_or(mark.clone(), |other| other.min(mark));
                self.walk(left, End { env: at.env, mark: Some(mark) }, faults, out);
            }
        }
    }

    /// The faults inside the aggregates of an operand.
    fn inside(&self, expr: &'a Expr, place: Place, env: &Env) -> Vec<Mark> {
        let mut marks = Vec::new();
        expr.each_aggregate(&mut |aggregate| {
            for end in self.ends(&aggregate.body, env, true) {
                if let Some(mark) = end.mark {
                    marks.push(mark);
                    continue;
                }
                let listed: Vec<Outcome> = aggregate.listed.iter().map(|expr| self.operand(expr, &end.env)).collect();
                if let Err(Outcome::Fault(message)) = operand::all(listed) {
                    marks.push((place, message));
                }
            }
        });
        marks
    }

    /// The values that make a literal hold, and how it faults.
    pub fn literal(&self, literal: &'a Literal, env: &Env) -> (Vec<Env>, Option<String>) {
        let truth = |holds: bool| (if holds { vec![env.clone()] } else { Vec::new() }, None);
        let set = |v: VarId, value: Value| {
            let mut env = env.clone();
            env[v.0 as usize] = Some(value);
            env
        };
        match &literal.kind {
            LiteralKind::Or(_) => truth(false),
            LiteralKind::Not(body) => truth(self.ends(body, env, false).is_empty()),
            LiteralKind::IsNone { variable, negated } => {
                truth((env[variable.0 as usize] == Some(Value::None)) != *negated)
            }
            LiteralKind::Compare(op, left, right) => {
                if let Some((variable, other)) = self.binder(literal, env) {
                    let ty = &self.rule.variable(variable).ty;
                    return match self.operand(other, env) {
                        Outcome::Value(value) => (vec![set(variable, widen(value, ty))], None),
                        Outcome::Nothing => truth(false),
                        Outcome::Fault(message) => (Vec::new(), Some(message)),
                    };
                }
                match operand::all(vec![self.operand(left, env), self.operand(right, env)]) {
                    Ok(values) => truth(operand::compare(*op, &values[0], &values[1])),
                    Err(Outcome::Fault(message)) => (Vec::new(), Some(message)),
                    Err(_) => truth(false),
                }
            }
            LiteralKind::In { operand: expr, values, negated } => match &expr.kind {
                ExprKind::Var(v) if !negated && env[v.0 as usize].is_none() => {
                    (values.iter().map(|value| set(*v, value.clone())).collect(), None)
                }
                _ => match self.operand(expr, env) {
                    Outcome::Value(value) => {
                        truth(values.iter().any(|other| operand::compare(Comparison::Equal, &value, other)) != *negated)
                    }
                    Outcome::Nothing => truth(false),
                    Outcome::Fault(message) => (Vec::new(), Some(message)),
                },
            },
            LiteralKind::Text { test, negated, left, right, .. } => {
                match operand::all(vec![self.operand(left, env), self.operand(right, env)]) {
                    Ok(values) => truth(text(*test, &values[0], &values[1]) != *negated),
                    Err(Outcome::Fault(message)) => (Vec::new(), Some(message)),
                    Err(_) => truth(false),
                }
            }
            LiteralKind::Atom(atom) => {
                let values = match self.args(&atom.args, env) {
                    Ok(values) => values,
                    Err(Outcome::Fault(message)) => return (Vec::new(), Some(message)),
                    Err(_) => return truth(false),
                };
                let rows = self.rows[atom.relation.0 as usize].iter();
                (rows.filter_map(|row| self.row(&atom.args, atom.relation, &values, row, env)).collect(), None)
            }
        }
    }

    /// The values that an atom asks for; `None` where an argument is no operand.
    pub fn args(&self, args: &'a [Arg], env: &Env) -> Result<Vec<Value>, Outcome> {
        let args = args.iter().map(|arg| match arg {
            Arg::Value(expr) => self.operand(expr, env),
            _ => Outcome::Value(Value::None),
        });
        operand::all(args.collect())
    }

    /// The first row by value that an atom, whose variables have their values, can stand for.
    pub fn least_row(&self, atom: &'a Atom, env: &Env) -> Option<Vec<Value>> {
        let values = self.args(&atom.args, env).ok()?;
        let matches = |row: &&Vec<Value>| self.row(&atom.args, atom.relation, &values, row, env).as_ref() == Some(env);
        self.rows[atom.relation.0 as usize].iter().find(matches).cloned()
    }

    /// The values after a row is taken for an atom; nothing if it does not fit.
    pub fn row(&self, args: &[Arg], relation: RelId, values: &[Value], row: &[Value], env: &Env) -> Option<Env> {
        let columns = &self.program.relation(relation).decl.columns;
        let mut env = env.clone();
        for (number, arg) in args.iter().enumerate() {
            let found = &row[number];
            let matches = match arg {
                Arg::Any => true,
                Arg::Missing => found.is_none(),
                Arg::Optional(v) => {
                    env[v.0 as usize] = Some(found.clone());
                    true
                }
                Arg::Var(v) => {
                    let known = env[v.0 as usize].get_or_insert_with(|| found.clone());
                    !found.is_none() && known == found
                }
                Arg::Value(_) => !found.is_none() && widen(values[number].clone(), &columns[number].ty) == *found,
            };
            if !matches {
                return None;
            }
        }
        Some(env)
    }

    pub fn operand(&self, expr: &'a Expr, env: &Env) -> Outcome {
        let several = |args: &'a [Expr]| operand::all(args.iter().map(|arg| self.operand(arg, env)).collect());
        let then =
            |values: Result<Vec<Value>, Outcome>, f: &dyn Fn(Vec<Value>) -> Outcome| values.map_or_else(|bad| bad, f);
        match &expr.kind {
            ExprKind::Const(value) => Outcome::Value(value.clone()),
            ExprKind::Var(v) => Outcome::Value(env[v.0 as usize].clone().unwrap_or(Value::None)),
            ExprKind::Else(v, other) => match &env[v.0 as usize] {
                Some(Value::None) | None => Outcome::Value(other.clone()),
                Some(value) => Outcome::Value(value.clone()),
            },
            ExprKind::Negate(inner) => {
                then(operand::all(vec![self.operand(inner, env)]), &|v| operand::negate(&expr.ty, &v[0]))
            }
            ExprKind::Arithmetic(op, left, right) => {
                let values = operand::all(vec![self.operand(left, env), self.operand(right, env)]);
                then(values, &|v| operand::arithmetic(*op, &expr.ty, &v[0], &v[1]))
            }
            ExprKind::Call(function, args) => then(several(args), &|v| operand::call(*function, &expr.ty, &v)),
            ExprKind::Concat(parts) => then(several(parts), &|v| {
                Outcome::Value(Value::text(v.iter().map(Value::to_string).collect::<String>()))
            }),
            ExprKind::Aggregate(aggregate) => {
                let tuples: Vec<Vec<Value>> = self.tuples(aggregate, env).into_iter().collect();
                operand::aggregate(aggregate.function, &expr.ty, &tuples)
            }
        }
    }

    /// What an aggregate ranges over.
    pub fn tuples(&self, aggregate: &'a Aggregate, env: &Env) -> BTreeSet<Vec<Value>> {
        let listed = |end: End| aggregate.listed.iter().map(|listed| self.operand(listed, &end.env)).collect();
        self.ends(&aggregate.body, env, false).into_iter().filter_map(|end| operand::all(listed(end)).ok()).collect()
    }

    /// The side of an equation that a variable without value takes its value from.
    fn binder(&self, literal: &'a Literal, env: &Env) -> Option<(VarId, &'a Expr)> {
        let LiteralKind::Compare(Comparison::Equal, left, right) = &literal.kind else { return None };
        [(left, right), (right, left)].into_iter().find_map(|(one, other)| match one.kind {
            ExprKind::Var(v) if env[v.0 as usize].is_none() && self.computed(other, env) => Some((v, other)),
            _ => None,
        })
    }

    fn computable(&self, literal: &Literal, env: &Env) -> bool {
        match &literal.kind {
            LiteralKind::Or(_) => true,
            LiteralKind::Atom(atom) => atom.args.iter().all(|arg| match arg {
                Arg::Value(expr) => self.computed(expr, env),
                _ => true,
            }),
            LiteralKind::Not(body) => {
                let mut inside = vec![0; self.counts.len()];
                ir::each_variable(body, &mut |v| inside[v.0 as usize] += 1);
                self.shared(&inside).all(|v| env[v].is_some())
            }
            LiteralKind::IsNone { variable, .. } => env[variable.0 as usize].is_some(),
            LiteralKind::In { operand, negated, .. } => {
                self.computed(operand, env) || (!negated && matches!(operand.kind, ExprKind::Var(_)))
            }
            LiteralKind::Text { left, right, .. } => self.computed(left, env) && self.computed(right, env),
            LiteralKind::Compare(_, left, right) => {
                (self.computed(left, env) && self.computed(right, env)) || self.binder(literal, env).is_some()
            }
        }
    }

    fn computed(&self, expr: &Expr, env: &Env) -> bool {
        self.needs(expr).iter().all(|&v| env[v].is_some())
    }

    /// The variables that an operand is computed from: of an aggregate those that stand outside it too.
    fn needs(&self, expr: &Expr) -> BTreeSet<usize> {
        let mut all = vec![0; self.counts.len()];
        expr.each_variable(&mut |v| all[v.0 as usize] += 1);
        let mut needed: BTreeSet<usize> = (0..all.len()).filter(|&v| all[v] > 0).collect();
        expr.each_aggregate(&mut |aggregate: &Aggregate| {
            let mut inside = vec![0; self.counts.len()];
            aggregate.each_variable(&mut |v| inside[v.0 as usize] += 1);
            needed.retain(|&v| inside[v] < self.counts[v]);
        });
        needed
    }

    fn shared<'b>(&'b self, inside: &'b [usize]) -> impl Iterator<Item = usize> + 'b {
        (0..inside.len()).filter(|&v| inside[v] > 0 && inside[v] < self.counts[v])
    }
}

fn text(test: TextTest, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => engine::test_text(test, left, right) == Some(true),
        _ => false,
    }
}

pub(crate) fn widen(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Int(n), Type::Float) => Value::Float(n as f64),
        (value, _) => value,
    }
}
