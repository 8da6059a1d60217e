//! Strongly connected components of the derived relations, each after those it depends on.

use std::collections::BTreeSet;

use crate::{Body, Expr, LiteralKind, Program, RelId, RelationKind, RuleId, Stratum};

/// The strata of a program's rules. Fails where a relation depends on itself through negation or an aggregate.
pub fn strata(program: &Program) -> Result<Vec<Stratum>, String> {
    let count = program.relations.len();
    let mut edges: Vec<BTreeSet<(usize, bool)>> = vec![BTreeSet::new(); count];
    for rule in &program.rules {
        let from = &mut edges[rule.head.0 as usize];
        rule.args.iter().for_each(|arg| expr_edges(arg, from));
        body_edges(&rule.body, false, from);
    }
    let components = components(&edges);
    let mut strata = Vec::new();
    for component in components {
        let inside = |relation: usize| component.contains(&relation);
        let mut recursive = false;
        for &relation in &component {
            for &(to, negative) in &edges[relation] {
                recursive |= inside(to);
                if negative && inside(to) {
                    let name = &program.relations[relation].decl.name;
                    return Err(format!("recursion through negation or an aggregate in `{name}`"));
                }
            }
        }
        let relations: Vec<RelId> = component.iter().map(|&relation| RelId(relation as u32)).collect();
        let rules: Vec<RuleId> =
            program.rules().filter(|(_, rule)| relations.contains(&rule.head)).map(|(id, _)| id).collect();
        let derived = relations.iter().any(|&id| program.relation(id).kind == RelationKind::Derived);
        if derived || !rules.is_empty() {
            strata.push(Stratum { relations, rules, recursive });
        }
    }
    Ok(strata)
}

fn body_edges(body: &Body, negative: bool, out: &mut BTreeSet<(usize, bool)>) {
    for literal in body {
        literal.each_operand(&mut |operand| expr_edges(operand, out));
        match &literal.kind {
            LiteralKind::Atom(atom) => drop(out.insert((atom.relation.0 as usize, negative))),
            LiteralKind::Not(inner) => body_edges(inner, true, out),
            LiteralKind::Or(branches) => branches.iter().for_each(|inner| body_edges(inner, negative, out)),
            _ => {}
        }
    }
}

fn expr_edges(expr: &Expr, out: &mut BTreeSet<(usize, bool)>) {
    expr.each_aggregate(&mut |aggregate| {
        aggregate.listed.iter().for_each(|listed| expr_edges(listed, out));
        body_edges(&aggregate.body, true, out);
    });
}

/// Tarjan's algorithm with a stack of its own: programs may be long chains. Components come out dependencies first.
fn components(edges: &[BTreeSet<(usize, bool)>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut index = vec![NEW; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut open = vec![false; edges.len()];
    let (mut stack, mut out, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..edges.len() {
        if index[root] != NEW {
            continue;
        }
        let mut calls = vec![(root, edges[root].iter())];
        (index[root], low[root], open[root]) = (next, next, true);
        next += 1;
        stack.push(root);
        while let Some((node, to)) = calls.last_mut() {
            let node = *node;
            if let Some(&(child, _)) = to.next() {
                if index[child] == NEW {
                    (index[child], low[child], open[child]) = (next, next, true);
                    next += 1;
                    stack.push(child);
                    calls.push((child, edges[child].iter()));
                } else if open[child] {
                    low[node] = low[node].min(index[child]);
                }
                continue;
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == index[node] {
                let at = stack.iter().rposition(|&member| member == node).unwrap_or(0);
                let mut component = stack.split_off(at);
                component.sort_unstable();
                component.iter().for_each(|&member| open[member] = false);
                out.push(component);
            }
        }
    }
    out
}
