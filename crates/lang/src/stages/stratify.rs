//! Recursion through negation and aggregates is refused; the rules that close such a circle are taken out.

use std::sync::Arc;

use super::{Compiler, order};
use crate::analysis::{Edge, negative_cycles, reached_by};
use crate::checks::cycles::{Step, negation};

/// Tells of every component with a negative edge inside, once.
pub(super) fn run(compiler: &mut Compiler) {
    refuse(compiler);
    compiler.today = Arc::new(depends_on_today(compiler));
}

/// Relations, by number, that `today()` has a part in.
fn depends_on_today(compiler: &Compiler) -> Vec<bool> {
    let world = &compiler.out.resolved;
    let targets: Vec<u32> = world.rules.iter().filter(|rule| rule.says_today()).map(|rule| rule.rule.head.0).collect();
    let mut found = vec![false; world.relations.len()];
    if targets.is_empty() {
        return found;
    }
    let edges: Vec<_> = world
        .rules
        .iter()
        .flat_map(|rule| rule.reads.iter().map(|read| (rule.rule.head.0, read.relation.0, read.negative)))
        .collect();
    for relation in reached_by(&targets, &edges) {
        found[relation as usize] = true;
    }
    found
}

fn refuse(compiler: &mut Compiler) {
    let world = &compiler.out.resolved;
    let mut edges = Vec::new();
    for (number, rule) in world.rules.iter().enumerate() {
        let head = rule.rule.head.0 as usize;
        edges.extend(rule.reads.iter().map(|read| Edge {
            rule: number,
            head,
            read: read.relation.0 as usize,
            negative: read.negative,
        }));
    }
    let cycles = negative_cycles(world.relations.len(), &edges);
    if cycles.is_empty() {
        return;
    }
    let name = |relation: usize| world.relations[relation].decl.name.to_string();
    let mut diagnostics = Vec::new();
    let mut refused = vec![false; world.rules.len()];
    for (cycle, rules) in &cycles {
        let steps: Vec<Step> = cycle
            .iter()
            .map(|edge| Step {
                head: name(edge.head),
                read: name(edge.read),
                negative: edge.negative,
                place: world.rules[edge.rule].rule.place,
            })
            .collect();
        diagnostics.extend(negation(&steps));
        rules.iter().for_each(|rule| refused[*rule] = true);
    }
    compiler.told.whole.append(&mut diagnostics);
    // What was refused is looked at again next time.
    compiler.lasting = false;
    compiler.kept = (0, 0);
    let mut number = 0;
    compiler.world().rules.retain(|_| {
        number += 1;
        !refused[number - 1]
    });
    order::run(compiler);
}
