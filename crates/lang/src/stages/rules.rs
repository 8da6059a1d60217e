//! Rules and facts of modules.

use std::sync::Arc;

use ir::RelId;
use syntax::ast::{self, ItemKind};

use super::Compiler;
use crate::RelationOrigin;
use crate::cache::fingerprint;
use crate::checks::{clauses, unknown};
use crate::clause;
use crate::names::Failure;

/// Relations that configure extraction: their facts are read before anything is evaluated.
const READ_BEFORE: [&str; 1] = ["secret.pattern"];

/// Compiles the clauses that stand outside controls.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    // What is declared again is the same.
    if compiler.out.resolved.again.is_none() {
        let fingerprint = fingerprint(compiler);
        compiler.cache.declare(fingerprint);
    }
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        let file = compiler.file(module);
        if let Some(said) = compiler.cache.clauses(file, &tree.parse) {
            compiler.say(module, said);
            continue;
        }
        let mark = compiler.mark(module);
        for item in &tree.items {
            if let ItemKind::Clause(clause) = &item.kind {
                self::clause(compiler, module, clause);
            }
        }
        let said = compiler.said_since(module, mark);
        compiler.cache.keep_clauses(file, &tree.parse, said);
    }
}

fn clause(compiler: &mut Compiler, module: usize, clause: &ast::Clause) {
    let scope = compiler.scope(module);
    let head = scope.relation(&clause.head.relation);
    let place = scope.place(clause.head.relation.span);
    let head = match head {
        Ok(head) => head,
        Err(Failure::Because(diagnostic)) => return compiler.tell(unknown::undeclared(*diagnostic, &clause.head)),
        Err(Failure::Reported) => return,
    };
    let relation = compiler.out.resolved.relation(head);
    match relation.origin {
        RelationOrigin::Extracted | RelationOrigin::Input => {
            let diagnostic = clauses::input_head(place, &relation.decl, relation.place);
            return compiler.tell(diagnostic);
        }
        RelationOrigin::Derived if relation.module != module => {
            let diagnostic = clauses::closed(place, &relation.decl, relation.place);
            return compiler.tell(diagnostic);
        }
        RelationOrigin::Open if clause.body.is_some() && READ_BEFORE.contains(&&*relation.decl.name) => {
            let diagnostic = clauses::read_before(place, &relation.decl.name);
            return compiler.tell(diagnostic);
        }
        RelationOrigin::Derived | RelationOrigin::Open => {}
    }
    add(compiler, compiler.file(module), module, None, clause, head);
}

/// Compiles a rule or fact for a relation that the place may fill. `block` is the number of the control's block.
pub(super) fn add(
    compiler: &mut Compiler,
    file: base::FileId,
    module: usize,
    block: Option<usize>,
    clause: &ast::Clause,
    head: RelId,
) {
    let block = block.map(|at| &*compiler.blocks[at].block);
    let scope = crate::names::Scope { world: &compiler.out.resolved, file, module: Some(module), block };
    if clause.body.is_none() {
        let mut diagnostics = Vec::new();
        let fact = clause::fact(scope, clause, head, &mut diagnostics);
        compiler.out.diagnostics.append(&mut diagnostics);
        if let Some(fact) = fact {
            compiler.world().add_fact(Arc::new(fact));
        }
        return;
    }
    let outcome = clause::rule(scope, clause, head);
    compiler.add_reads(module, outcome.reads);
    compiler.out.diagnostics.extend(outcome.diagnostics);
    if let Some(rule) = outcome.value {
        compiler.world().add_rule(rule);
    }
}
