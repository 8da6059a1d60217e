//! Rules made ready for evaluation: which versions the rounds of a recursive stratum need.

use std::sync::Arc;

use ir::{Arg, Body, Expr, ExprKind, Function, Literal, LiteralKind, Program, RelId, Rule, RuleId, Stratum};

use crate::Error;
use crate::expr::{Patterns, is_of_entities};
use crate::factor::Factored;
use crate::plan::Scope;
use crate::store::{Reach, Relations, each_relation};

/// Bodies that an `or` over recursive atoms may split a rule into; beyond that it is evaluated in full each round.
const SPLIT: usize = 64;

/// Operators inside each other.
const DEPTH: usize = 400;

/// A rule and its versions.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub id: RuleId,
    pub scope: Scope,
    /// Those that rounds after the first run; none if the rule is not recursive.
    pub versions: Vec<Version>,
    /// Whether it may fault in a way that no version comes upon: all its recursive atoms wait for operands.
    pub suspect: bool,
    /// The rule with a part of its body kept.
    pub factored: Option<Factored>,
}

/// A body with one literal that reads the last round's rows.
#[derive(Debug)]
pub(crate) struct Version {
    pub body: Arc<Body>,
    pub delta: Option<usize>,
    /// By literal.
    pub reach: Vec<Reach>,
}

impl Version {
    /// All literals read all rows.
    pub fn full(body: Arc<Body>) -> Self {
        let reach = vec![Reach::All; body.len()];
        Version { body, delta: None, reach }
    }

    /// One for each of the recursive atoms at these places.
    pub fn each(body: &Arc<Body>, places: &[usize]) -> Vec<Version> {
        let version = |&delta: &usize| {
            // Earlier recursive atoms read older rows only, so that no combination is met twice.
            let reach = |at: usize| match at {
                at if at == delta => Reach::Delta,
                at if at < delta && places.contains(&at) => Reach::Old,
                _ => Reach::All,
            };
            Version { body: body.clone(), delta: Some(delta), reach: (0..body.len()).map(reach).collect() }
        };
        places.iter().map(version).collect()
    }

    /// The relation whose last round's rows it reads.
    pub fn delta_relation(&self) -> Option<RelId> {
        match &self.body[self.delta?].kind {
            LiteralKind::Atom(atom) => Some(atom.relation),
            _ => None,
        }
    }
}

impl Prepared {
    /// All rules of a program, by id.
    pub fn all(program: &Program) -> Result<Vec<Prepared>, Error> {
        let mut rules: Vec<Prepared> = Vec::with_capacity(program.rules.len());
        for (id, rule) in program.rules() {
            verify(program, id, rule)?;
            rules.push(Prepared { id, scope: Scope::new(rule), versions: Vec::new(), suspect: false, factored: None });
        }
        let mut free = program.relations.len() as u32;
        for stratum in program.strata.iter().filter(|stratum| stratum.recursive) {
            let inside: Relations = stratum.relations.iter().copied().collect();
            for &id in &stratum.rules {
                let prepared = &mut rules[id.0 as usize];
                prepared.versions = versions(program.rule(id), stratum);
                prepared.suspect = can_fault(&program.rule(id).body) && all_wait_in_one(&prepared.versions);
                prepared.factored = Factored::find(program.rule(id), &inside, RelId(free));
                free += u32::from(prepared.factored.is_some());
            }
        }
        Ok(rules)
    }

    pub fn body(&self, program: &Program) -> Arc<Body> {
        Arc::new(program.rule(self.id).body.clone())
    }
}

fn versions(rule: &Rule, stratum: &Stratum) -> Vec<Version> {
    let inside: Relations = stratum.relations.iter().copied().collect();
    let reads = |body: &Body| {
        let mut found = false;
        each_relation(body, &mut |relation| found |= inside.contains(&relation));
        found
    };
    if !reads(&rule.body) {
        return Vec::new();
    }
    let Some(bodies) = split(&rule.body, &reads) else {
        return vec![Version::full(Arc::new(rule.body.clone()))];
    };
    let mut versions = Vec::new();
    for body in bodies {
        let body = Arc::new(body);
        let recursive =
            |literal: &Literal| matches!(&literal.kind, LiteralKind::Atom(atom) if inside.contains(&atom.relation));
        let places: Vec<usize> = (0..body.len()).filter(|&at| recursive(&body[at])).collect();
        versions.extend(Version::each(&body, &places));
    }
    versions
}

/// The bodies that a body stands for once each `or` with a recursive atom is replaced by its branches.
pub(crate) fn split(body: &Body, reads: &dyn Fn(&Body) -> bool) -> Option<Vec<Body>> {
    let mut bodies: Vec<Body> = vec![Vec::new()];
    for literal in body {
        match &literal.kind {
            LiteralKind::Or(branches) if branches.iter().any(reads) => {
                let mut longer = Vec::new();
                for branch in branches {
                    for part in split(branch, reads)? {
                        for start in &bodies {
                            longer.push(start.iter().chain(&part).cloned().collect());
                        }
                    }
                    if longer.len() > SPLIT {
                        return None;
                    }
                }
                bodies = longer;
            }
            _ => bodies.iter_mut().for_each(|body| body.push(literal.clone())),
        }
    }
    Some(bodies)
}

/// Whether in one of the bodies that a rule stands for all recursive atoms wait for operands.
fn all_wait_in_one(versions: &[Version]) -> bool {
    let waiting = |version: &Version| version.delta.is_some_and(|at| waits(&version.body[at]));
    versions.chunk_by(|one, next| Arc::ptr_eq(&one.body, &next.body)).any(|same| same.iter().all(waiting))
}

/// Whether an atom has an argument that must be computed from variables.
fn waits(literal: &Literal) -> bool {
    let LiteralKind::Atom(atom) = &literal.kind else { return false };
    atom.args.iter().any(|arg| matches!(arg, Arg::Value(expr) if !matches!(expr.kind, ExprKind::Const(_))))
}

/// Whether some operand of a body can fault.
pub(crate) fn can_fault(body: &Body) -> bool {
    body.iter().any(|literal| {
        let mut found = match &literal.kind {
            LiteralKind::Not(inner) => can_fault(inner),
            LiteralKind::Or(branches) => branches.iter().any(can_fault),
            _ => false,
        };
        literal.each_operand(&mut |operand| found |= operand_can_fault(operand));
        found
    })
}

pub(crate) fn operand_can_fault(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => false,
        ExprKind::Negate(_) | ExprKind::Arithmetic(..) | ExprKind::Aggregate(_) => true,
        ExprKind::Call(Function::Abs | Function::Round | Function::Date, _) => true,
        ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().any(operand_can_fault),
    }
}

/// Whether an operand's value depends on its variables alone: on no other rows, and on nothing that is known of entities.
pub(crate) fn is_of_rows(expr: &Expr) -> bool {
    let mut aggregates = 0;
    expr.each_aggregate(&mut |_| aggregates += 1);
    aggregates == 0 && !operand_asks(expr)
}

/// Whether a rule has a function of entities: its rows then depend on labels and places too.
pub(crate) fn asks_of_entities(rule: &Rule) -> bool {
    rule.args.iter().any(operand_asks) || body_asks(&rule.body)
}

fn body_asks(body: &Body) -> bool {
    body.iter().any(|literal| {
        let mut found = match &literal.kind {
            LiteralKind::Not(inner) => body_asks(inner),
            LiteralKind::Or(branches) => branches.iter().any(body_asks),
            _ => false,
        };
        literal.each_operand(&mut |operand| found |= operand_asks(operand));
        found
    })
}

fn operand_asks(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => false,
        ExprKind::Negate(inner) => operand_asks(inner),
        ExprKind::Arithmetic(_, left, right) => operand_asks(left) || operand_asks(right),
        ExprKind::Call(function, args) => is_of_entities(*function) || args.iter().any(operand_asks),
        ExprKind::Concat(args) => args.iter().any(operand_asks),
        ExprKind::Aggregate(aggregate) => aggregate.listed.iter().any(operand_asks) || body_asks(&aggregate.body),
    }
}

/// Refuses what the compiler promises not to hand on: patterns that are none, atoms of the wrong width.
fn verify(program: &Program, id: RuleId, rule: &Rule) -> Result<(), Error> {
    let fail = |message: String| {
        let name = &program.relation(rule.head).decl.name;
        Err(Error::Program { rule: Some(id), message: format!("a rule of `{name}`: {message}") })
    };
    if rule.args.len() != program.relation(rule.head).decl.columns.len() {
        return fail("its head has the wrong width".to_owned());
    }
    match rule
        .args
        .iter()
        .map(|arg| verify_operand(program, arg))
        .chain([verify_body(program, &rule.body)])
        .find_map(Result::err)
    {
        Some(message) => fail(message),
        None => Ok(()),
    }
}

/// Whether an operand is nested no deeper than evaluation goes without a stack of its own.
fn shallow(expr: &Expr, depth: usize) -> bool {
    depth > 0
        && match &expr.kind {
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) | ExprKind::Aggregate(_) => true,
            ExprKind::Negate(inner) => shallow(inner, depth - 1),
            ExprKind::Arithmetic(_, left, right) => shallow(left, depth - 1) && shallow(right, depth - 1),
            ExprKind::Call(_, args) | ExprKind::Concat(args) => args.iter().all(|arg| shallow(arg, depth - 1)),
        }
}

fn verify_body(program: &Program, body: &Body) -> Result<(), String> {
    for literal in body {
        let mut result = Ok(());
        literal.each_operand(&mut |operand| {
            if result.is_ok() {
                result = verify_operand(program, operand);
            }
        });
        result?;
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                let decl = &program.relation(atom.relation).decl;
                if decl.columns.len() != atom.args.len() {
                    return Err(format!("an atom of `{}` has the wrong width", decl.name));
                }
            }
            LiteralKind::Not(inner) => verify_body(program, inner)?,
            LiteralKind::Or(branches) => branches.iter().try_for_each(|inner| verify_body(program, inner))?,
            LiteralKind::Text {
                test, right: Expr { kind: ExprKind::Const(facts::Value::Text(pattern)), .. }, ..
            } => {
                Patterns::verify(*test, pattern)
                    .map_err(|error| format!("the pattern `{pattern}` is wrong: {}", error))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn verify_operand(program: &Program, expr: &Expr) -> Result<(), String> {
    if !shallow(expr, DEPTH) {
        return Err(format!("an operand is nested more than {DEPTH} deep"));
    }
    match &expr.kind {
        ExprKind::Call(Function::Replace, args) => {
            if let Some(Expr { kind: ExprKind::Const(facts::Value::Text(pattern)), .. }) = args.get(1) {
                Patterns::verify(ir::TextTest::Matches, pattern)
                    .map_err(|error| format!("the pattern `{pattern}` is wrong: {}", error))?;
            }
            args.iter().try_for_each(|arg| verify_operand(program, arg))
        }
        ExprKind::Call(_, args) | ExprKind::Concat(args) => {
            args.iter().try_for_each(|arg| verify_operand(program, arg))
        }
        ExprKind::Negate(inner) => verify_operand(program, inner),
        ExprKind::Arithmetic(_, left, right) => {
            verify_operand(program, left)?;
            verify_operand(program, right)
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate.listed.iter().try_for_each(|listed| verify_operand(program, listed))?;
            verify_body(program, &aggregate.body)
        }
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Else(..) => Ok(()),
    }
}
