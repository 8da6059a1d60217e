//! What aggregates range over.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use facts::Value;
use ir::{Aggregate, Expr, LiteralKind, VarId};

use super::{AggregateProof, Ranged};
use crate::expr::Outcome;
use crate::search::{Choice, Env, Mode, Search, State};
use crate::{Evaluation, RowRef};

/// Tuples shown of an aggregate.
const SHOWN: usize = 20;

/// The aggregates of an operand, with what they range over.
pub(super) fn aggregates<'a>(
    evaluation: &Evaluation,
    search: &Search<'a>,
    expr: &'a Expr,
    env: &Env,
) -> Vec<AggregateProof> {
    let mut types = Vec::new();
    crate::plan::aggregate_types(expr, &mut types);
    let mut types = types.into_iter();
    let mut out = Vec::new();
    expr.each_aggregate(&mut |aggregate| {
        let ranged = tuples(evaluation, search, aggregate, env);
        let firsts = ranged.keys().filter_map(|tuple| tuple.first().cloned()).collect();
        let ty = types.next().unwrap_or(facts::Type::Int);
        let total = ranged.len();
        let value = match crate::expr::aggregate(aggregate.function, &ty, firsts, total) {
            Outcome::Value(value) => value,
            _ => Value::None,
        };
        let shared = search.scope.shared_by_aggregate(aggregate);
        let group = shared.into_iter().filter_map(|v| Some((VarId(v as u32), env[v].clone()?))).collect();
        let shown = ranged.into_iter().take(SHOWN);
        let tuples = shown.map(|(tuple, (_, rows))| Ranged { tuple, rows }).collect();
        out.push(AggregateProof { function: aggregate.function, value, group, tuples, total });
    });
    out
}

type Tuples = BTreeMap<Vec<Value>, (Vec<Vec<Value>>, Vec<RowRef>)>;

/// The distinct tuples, each with the rows, least by value, that make the body hold.
fn tuples<'a>(evaluation: &Evaluation, search: &Search<'a>, aggregate: &'a Aggregate, env: &Env) -> Tuples {
    let mut out = Tuples::new();
    search.run(State::new(&aggregate.body, env.clone()), Mode::Solutions, &mut |state| {
        let outcomes = aggregate.listed.iter().map(|listed| match search.operand(listed, &state.env) {
            Outcome::Value(value) => Some(value),
            _ => None,
        });
        if let Some(tuple) = outcomes.collect::<Option<Vec<Value>>>() {
            let mut rows: Vec<(Vec<Value>, RowRef)> = Vec::new();
            for choice in &state.choices {
                if let Choice::Row(literal, row) = choice
                    && let LiteralKind::Atom(atom) = &literal.kind
                {
                    let row = RowRef { relation: atom.relation, row: *row };
                    rows.push((evaluation.values(row), row));
                }
            }
            rows.sort_by(|a, b| (a.1.relation, &a.0).cmp(&(b.1.relation, &b.0)));
            let (values, rows): (Vec<Vec<Value>>, Vec<RowRef>) = rows.into_iter().unzip();
            let known = out.entry(tuple).or_insert_with(|| (values.clone(), rows.clone()));
            if values < known.0 {
                *known = (values, rows);
            }
        }
        ControlFlow::Continue(())
    });
    out
}
