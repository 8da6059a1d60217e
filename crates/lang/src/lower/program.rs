//! The program for a set of relations and queries.

use std::sync::Arc;

use ir::{Fact, Program, RelId, Relation, RelationKind, RuleId, Stratum};

use super::specialize;
use crate::analysis::{components, reach};
use crate::model::Resolved;
use crate::{Query, RelationOrigin, Settings};

/// What is not part of the program.
const ABSENT: RelId = RelId(u32::MAX);

/// Lowers what `roots` and `queries` depend on. Relations keep their order (module, then place), queries come last.
pub(crate) fn program(world: &Resolved, roots: &[Arc<str>], queries: &[&Query], settings: &Settings) -> Program {
    let asked = asked(world, roots, queries);
    let mut ids = vec![ABSENT; world.relations.len()];
    let mut program = Program::default();
    for global in &asked {
        ids[*global as usize] = RelId(program.relations.len() as u32);
        let relation = world.relation(RelId(*global));
        let kind = match relation.origin {
            RelationOrigin::Extracted | RelationOrigin::Input => RelationKind::Input,
            RelationOrigin::Derived | RelationOrigin::Open => RelationKind::Derived,
        };
        let open = relation.origin == RelationOrigin::Open;
        program.relations.push(Relation { decl: relation.decl.clone(), kind, open });
    }
    let params = specialize::params(world, settings);
    let mut numbers: Vec<usize> = asked.iter().flat_map(|id| world.rules_of.of(RelId(*id))).collect();
    numbers.sort_unstable();
    for number in numbers {
        let rule = &world.rules[number];
        let head = ids[rule.rule.head.0 as usize];
        program.rules.push(specialize::rule(rule, head, &ids, &params, settings.as_of));
    }
    for query in queries {
        let Some(resolved) = world.queries.get(query.number) else { continue };
        let head = RelId(program.relations.len() as u32);
        let decl = resolved.decl.clone();
        program.relations.push(Relation { decl, kind: RelationKind::Derived, open: false });
        program.rules.push(specialize::rule(&resolved.rule, head, &ids, &params, settings.as_of));
    }
    facts(world, &asked, &ids, settings, &mut program);
    program.strata = strata(&program);
    program
}

/// Relations, by number, that the roots and queries are computed from.
fn asked(world: &Resolved, roots: &[Arc<str>], queries: &[&Query]) -> Vec<u32> {
    let mut start: Vec<u32> = roots.iter().filter_map(|name| world.relation_ids.get(name)).map(|id| id.0).collect();
    for query in queries {
        let rule = world.queries.get(query.number);
        start.extend(rule.iter().flat_map(|rule| rule.rule.reads.iter().map(|read| read.relation.0)));
    }
    let mut edges = Vec::new();
    for rule in &world.rules {
        edges.extend(rule.reads.iter().map(|read| (rule.rule.head.0, read.relation.0, read.negative)));
    }
    reach(&start, &edges)
}

/// Facts of policy files in their order, then the given rows.
fn facts(world: &Resolved, asked: &[u32], ids: &[RelId], settings: &Settings, program: &mut Program) {
    let mut numbers: Vec<usize> = asked.iter().flat_map(|id| world.facts_of.of(RelId(*id))).collect();
    numbers.sort_unstable();
    for number in numbers {
        let fact = &world.facts[number];
        let relation = ids[fact.relation.0 as usize];
        program.facts.push(Fact { relation, row: fact.row.clone(), place: fact.place });
    }
    for (name, row, place) in &settings.given {
        let Some(global) = world.relation_ids.get(name) else { continue };
        let relation = ids[global.0 as usize];
        if relation != ABSENT {
            program.facts.push(Fact { relation, row: row.clone(), place: *place });
        }
    }
}

/// Components of the derived relations, each after those it depends on.
fn strata(program: &Program) -> Vec<Stratum> {
    let mut reads = vec![Vec::new(); program.relations.len()];
    let mut rules = vec![Vec::new(); program.relations.len()];
    for (id, rule) in program.rules() {
        rules[rule.head.0 as usize].push(id);
        let mut add = |read: crate::model::Read| reads[rule.head.0 as usize].push(read.relation.0 as usize);
        crate::analysis::reads::body(&rule.body, false, &mut add);
        rule.args.iter().for_each(|arg| crate::analysis::reads::expr(arg, &mut add));
    }
    for read in &mut reads {
        read.sort_unstable();
        read.dedup();
    }
    let derived = |at: &usize| program.relations[*at].kind == RelationKind::Derived;
    let mut strata = Vec::new();
    for component in components(&reads) {
        if !component.iter().all(derived) {
            continue;
        }
        let mut members: Vec<RuleId> = component.iter().flat_map(|at| rules[*at].iter().copied()).collect();
        members.sort_unstable();
        let recursive = component.len() > 1 || component.iter().any(|at| reads[*at].contains(at));
        let relations = component.into_iter().map(|at| RelId(at as u32)).collect();
        strata.push(Stratum { relations, rules: members, recursive });
    }
    strata
}
