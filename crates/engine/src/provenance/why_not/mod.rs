//! Why a rule does not make a row: the longest part of its body that holds, and the literals that fail after it.
//!
//! ```text
//! r(x, z) :- p(x, y), q(y, z), z > 5.        r(1, _) is asked for
//!            p(1, 3)  q(3, 2)  fails: 2 > 5
//! ```
//!
//! Each way through the `or`s of a body is looked at on its own (`walk`); what failed is then looked at again for what a
//! reader wants to know of it (`failure`), such as the rows that come nearest to an atom (`nearest`).

mod failure;
mod nearest;
mod walk;

use base::Place;
use facts::Value;
use ir::{ExprKind, Literal, LiteralKind, RelId, RuleId, VarId};

use super::AggregateProof;
use super::build::bindings;
use super::pattern::{Pattern, Want};
use crate::evaluation::{Evaluation, RowRef};
use crate::expr::Outcome;
use crate::search::{Env, Search, widen};
use walk::{End, Walk};

pub use nearest::{Near, Nearest};

/// Ways through the `or`s of a body that are looked at.
const WAYS: usize = 12;
/// Steps of searches inside `not` and aggregates before an answer is given up.
const STEPS: u32 = 2_000_000;

/// How far a rule gets toward a row, on one way through its body.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The rule.
    pub rule: RuleId,
    /// The way: for each `or`, where it stands and the number of the branch taken.
    pub branches: Vec<(Place, usize)>,
    /// What becomes of each literal on the way, in the order of the text.
    pub steps: Vec<Step>,
    /// Values of the variables bound by what holds and by the row asked for.
    pub bindings: Vec<(VarId, Value)>,
    /// What fails first; nothing if the rule does make such a row.
    pub failure: Option<Failed>,
    /// Whether the search was cut short: a longer part may hold.
    pub cut: bool,
}

/// What became of a literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// The literal with the values known.
    pub text: String,
    /// What became of it.
    pub came: Came,
}

/// See [`Step`].
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// It holds; for an atom, by this row.
    Holds(Option<RowRef>),
    /// It fails for the values of those that hold.
    Fails(Failure),
    /// It could not be tried: these variables have no value, since what would give them one fails.
    Waits(Vec<VarId>),
}

/// What fails first.
#[derive(Debug, Clone, PartialEq)]
pub enum Failed {
    /// The head never comes to such a row: the columns that differ.
    Head(Vec<(usize, HeadGives)>),
    /// The step of this number.
    Step(usize),
}

/// What a head gives for a column, other than what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum HeadGives {
    /// A value.
    Value(Value),
    /// That of another column.
    SameAs(usize),
    /// None: it faults, or has no value.
    Nothing,
}

/// Why a literal fails.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// No row matches an atom.
    NoRow {
        /// Its relation.
        relation: RelId,
        /// What is wanted of a row.
        pattern: Pattern,
        /// The rows that come nearest.
        nearest: Nearest,
    },
    /// Rows that make the body of a `not` hold.
    Stands {
        /// The rows, in the order of the body's text; none where tests alone hold.
        rows: Vec<RowRef>,
    },
    /// A comparison or test does not hold of these values.
    Test {
        /// Of the left operand.
        left: Value,
        /// Of the right operand; nothing where it is not an operand.
        right: Option<Value>,
        /// The aggregates among its operands.
        aggregates: Vec<AggregateProof>,
    },
    /// An operand has no value: the operand in text form.
    NoValue(String),
    /// Something cannot be done, such as a division by zero.
    Fault(String),
}

impl Evaluation {
    /// How far a rule gets toward a row with these values; `None` is any value.
    pub fn why_not(&self, rule: RuleId, head: &[Option<Value>]) -> WhyNot {
        let ways = self.why_not_all(rule, &Pattern::of(head));
        let best = ways.into_iter().min_by_key(|way| {
            let held = way.steps.iter().filter(|step| matches!(step.came, Came::Holds(_))).count();
            (way.failure.is_some(), std::cmp::Reverse(held))
        });
        best.unwrap_or_else(|| nothing(rule, None))
    }

    /// The same on each way through the `or`s of its body. Of parts of equal length the one is told after which a later
    /// literal fails, then that which comes nearest to holding, then that whose values come first.
    pub fn why_not_all(&self, rule: RuleId, pattern: &Pattern) -> Vec<WhyNot> {
        let ir = self.program().rule(rule);
        let mut search = self.search(rule);
        search.most_steps = Some(STEPS);
        let env = match start(&search, pattern) {
            Ok(env) => env,
            Err(columns) => return vec![nothing(rule, Some(Failed::Head(columns)))],
        };
        let (ways, more) = ways(&ir.body);
        let mut out: Vec<WhyNot> = Vec::new();
        for way in ways {
            let mut walk = Walk::new(&search, pattern, &way.literals);
            walk.run(env.clone());
            let cut = more || walk.cut || search.stopped.get();
            let Some(best) = walk.best(|literal, env| self.closeness(&search, literal, env)) else {
                out.push(WhyNot { cut: true, ..nothing(rule, Some(Failed::Head(Vec::new()))) });
                continue;
            };
            let answer = self.told(&search, &way, &best, pattern, cut);
            // Ways that end alike, beside the `or`, are told once.
            let told = |other: &WhyNot| {
                let failing = |way: &WhyNot| -> Vec<Step> {
                    way.steps.iter().filter(|step| !matches!(step.came, Came::Holds(_))).cloned().collect()
                };
                other.failure.is_none() == answer.failure.is_none()
                    && failing(other) == failing(&answer)
                    && other.steps.len() == answer.steps.len()
            };
            if !out.iter().any(told) {
                out.push(answer);
            }
        }
        out
    }

    fn told<'a>(
        &self,
        search: &Search<'a>,
        way: &Way<'a>,
        best: &walk::Candidate<'a>,
        pattern: &Pattern,
        cut: bool,
    ) -> WhyNot {
        let ir = search.rule;
        let value = |id: VarId| best.env[id.0 as usize].clone();
        let mut steps = Vec::with_capacity(way.literals.len());
        for &literal in &way.literals {
            let is = |other: &&'a Literal| std::ptr::eq(*other, literal);
            let came = if best.held.iter().any(is) {
                Came::Holds(best.row(literal))
            } else if let Some((_, env)) = best.failed.iter().find(|(failed, _)| is(failed)) {
                let value = |id: VarId| env[id.0 as usize].clone();
                let text = ir::show_literal(self.program(), ir, literal, &value);
                let came = Came::Fails(self.failure(search, literal, env));
                steps.push(Step { place: literal.place, text, came });
                continue;
            } else {
                Came::Waits(waits(search, literal, &best.env))
            };
            let text = ir::show_literal(self.program(), ir, literal, &value);
            steps.push(Step { place: literal.place, text, came });
        }
        let failure = match best.end {
            End::Made => None,
            End::Head => Some(Failed::Head(differing(search, &best.env, pattern))),
            End::Literal => {
                let first = best
                    .failed
                    .first()
                    .and_then(|(failed, _)| way.literals.iter().position(|literal| std::ptr::eq(*literal, *failed)));
                Some(Failed::Step(first.unwrap_or(0)))
            }
        };
        let rule = self.rule_of(ir);
        WhyNot { rule, branches: way.branches.clone(), steps, bindings: bindings(&best.env), failure, cut }
    }

    fn rule_of(&self, rule: &ir::Rule) -> RuleId {
        let at = self.program().rules.iter().position(|other| std::ptr::eq(other, rule));
        RuleId(at.unwrap_or(0) as u32)
    }
}

fn nothing(rule: RuleId, failure: Option<Failed>) -> WhyNot {
    WhyNot { rule, branches: Vec::new(), steps: Vec::new(), bindings: Vec::new(), failure, cut: false }
}

/// A body with one branch taken at each `or`.
struct Way<'a> {
    literals: Vec<&'a Literal>,
    branches: Vec<(Place, usize)>,
}

/// All ways through a body, and whether there are more than are looked at.
fn ways(body: &ir::Body) -> (Vec<Way<'_>>, bool) {
    let mut ways = vec![Way { literals: body.iter().collect(), branches: Vec::new() }];
    let mut more = false;
    loop {
        let is_or = |literal: &Literal| matches!(literal.kind, LiteralKind::Or(_));
        let Some(at) = ways.iter().position(|way| way.literals.iter().any(|literal| is_or(literal))) else {
            return (ways, more);
        };
        let way = ways.remove(at);
        let Some(or) = way.literals.iter().position(|literal| is_or(literal)) else { continue };
        let LiteralKind::Or(branches) = &way.literals[or].kind else { continue };
        for (number, branch) in branches.iter().enumerate() {
            if ways.len() >= WAYS {
                more = true;
                break;
            }
            let mut literals = way.literals.clone();
            let place = literals[or].place;
            literals.splice(or..=or, branch);
            let mut branches = way.branches.clone();
            branches.push((place, number));
            ways.insert(at + number, Way { literals, branches });
        }
    }
}

/// The bindings that the wants of a head leave no choice about; the columns that contradict a constant or each other.
fn start(search: &Search<'_>, pattern: &Pattern) -> Result<Env, Vec<(usize, HeadGives)>> {
    let wanted = pattern.values();
    if let Some(env) = super::build::unify(search, &wanted) {
        return Ok(env);
    }
    let columns = &search.program.relation(search.rule.head).decl.columns;
    let mut wrong = Vec::new();
    for (at, ((arg, value), column)) in search.rule.args.iter().zip(&wanted).zip(columns).enumerate() {
        let Some(value) = value else { continue };
        match &arg.kind {
            ExprKind::Const(constant) => {
                let constant = widen(constant.clone(), &column.ty);
                if constant != *value {
                    wrong.push((at, HeadGives::Value(constant)));
                }
            }
            ExprKind::Var(variable) => {
                let same = |arg: &ir::Expr| arg.kind == ExprKind::Var(*variable);
                let earlier = search.rule.args[..at].iter().position(same);
                if let Some(earlier) = earlier.filter(|&at| wanted[at].as_ref().is_some_and(|other| other != value)) {
                    wrong.push((at, HeadGives::SameAs(earlier)));
                }
            }
            _ => {}
        }
    }
    Err(wrong)
}

/// The columns in which a head differs from what was asked for.
fn differing(search: &Search<'_>, env: &Env, pattern: &Pattern) -> Vec<(usize, HeadGives)> {
    let row = head(search, env);
    let mut out = Vec::new();
    for (at, (want, value)) in pattern.columns.iter().zip(&row).enumerate() {
        let good = match (want, value) {
            (_, None) => false,
            (Want::Any, Some(_)) => true,
            (Want::Present, Some(value)) => !value.is_none(),
            (Want::Is(wanted), Some(value)) => wanted == value,
        };
        if !good {
            out.push((at, value.clone().map_or(HeadGives::Nothing, HeadGives::Value)));
        }
    }
    for &(a, b) in &pattern.same {
        if row.get(a) != row.get(b) {
            out.extend(row[b].clone().map(|value| (b, HeadGives::Value(value))));
        }
    }
    out
}

/// What the head's columns come to.
fn head(search: &Search<'_>, env: &Env) -> Vec<Option<Value>> {
    let columns = &search.program.relation(search.rule.head).decl.columns;
    let rule = search.rule;
    let value = |(arg, column): (&_, &facts::Column)| match search.operand(arg, env) {
        Outcome::Value(value) => Some(widen(value, &column.ty)),
        _ => None,
    };
    rule.args.iter().zip(columns).map(value).collect()
}

/// The variables that a literal waits for.
fn waits(search: &Search<'_>, literal: &Literal, env: &Env) -> Vec<VarId> {
    let mut needs = std::collections::BTreeSet::new();
    literal.each_operand(&mut |operand| needs.extend(search.scope.needs(operand)));
    match &literal.kind {
        LiteralKind::Not(body) => needs.extend(search.scope.shared_by_body(body)),
        LiteralKind::IsNone { variable, .. } => drop(needs.insert(variable.0 as usize)),
        _ => {}
    }
    needs.into_iter().filter(|&variable| env[variable].is_none()).map(|variable| VarId(variable as u32)).collect()
}
