//! Controls: fields, the population and its type, private rules, violations and notes.

use std::sync::Arc;

use base::Place;
use facts::Type;
use ir::RelId;
use rustc_hash::FxHashSet;
use syntax::ast::{self, ItemKind, MemberKind};

use super::{Compiler, doc_text, fields, rules};
use crate::cache::SaidByControl;
use crate::checks::{clauses, controls};
use crate::clause::{self, Judged};
use crate::lints::drops_missing;
use crate::model::{Entry, Relation, Role};
use crate::names::Scope;
use crate::{Control, JudgedRule, RelationOrigin, Severity};

/// Compiles all controls.
pub(super) fn run(compiler: &mut Compiler) {
    let trees = compiler.trees.clone();
    let todo: FxHashSet<usize> = compiler.todo.iter().copied().collect();
    for at in 0..compiler.blocks.len() {
        let (module, item) = (compiler.blocks[at].module, compiler.blocks[at].item);
        if !todo.contains(&module) {
            continue;
        }
        let item = &trees[module].items[item];
        if let ItemKind::Control(control) = &item.kind {
            let key = (compiler.file(module), compiler.blocks[at].item);
            match compiler.cache.control(key, &trees[module].parse) {
                Some(said) => again(compiler, at, said),
                None => {
                    let said = look(compiler, at, control, doc_text(&item.doc));
                    compiler.cache.keep_control(key, &trees[module].parse, said);
                }
            }
        }
    }
    compiler.told.own.append(&mut compiler.out.diagnostics);
}

/// Compiles a control; what it says.
fn look(compiler: &mut Compiler, at: usize, source: &ast::Control, doc: Arc<str>) -> SaidByControl {
    let module = compiler.blocks[at].module;
    let mark = compiler.mark(module);
    control(compiler, at, source, doc);
    let said = compiler.said_since(module, mark);
    let world = &compiler.out.resolved;
    let judged = said.rules.iter().enumerate().map(|(number, rule)| (world.relation(rule.rule.head), number));
    let judged = judged.filter(|(relation, _)| relation.role == Role::Judged);
    let judged = judged.map(|(relation, number)| (relation.clone(), number)).collect();
    let control = compiler.out.controls[compiler.out.controls.len() - 1].clone();
    SaidByControl { subject: control.subject.clone(), judged, control, said }
}

/// Says again what a control said; relations of violations and notes get the numbers that are free now.
fn again(compiler: &mut Compiler, at: usize, kept: SaidByControl) {
    let SaidByControl { control, subject, judged, mut said } = kept;
    let (module, population) = (compiler.blocks[at].module, compiler.blocks[at].population);
    set_subject(compiler, population, subject);
    for (relation, rule) in judged {
        let Some(head) = compiler.world().add_relation(relation) else { continue };
        if said.rules[rule].rule.head != head {
            Arc::make_mut(&mut said.rules[rule]).rule.head = head;
        }
    }
    compiler.say(module, said);
    compiler.out.controls.push(control);
}

fn control(compiler: &mut Compiler, at: usize, source: &ast::Control, doc: Arc<str>) {
    let (module, population) = (compiler.blocks[at].module, compiler.blocks[at].population);
    let declared = &compiler.out.resolved.modules[module].source;
    let (path, builtin) = (declared.name.clone(), declared.builtin);
    let mut control = Control {
        id: source.id.text.clone(),
        title: source.title.text.clone(),
        doc,
        severity: Severity::Medium,
        maps: Vec::new(),
        remedy: None,
        owner: None,
        tags: Vec::new(),
        docs: None,
        needs: None,
        module: path,
        builtin,
        place: Place { file: compiler.file(module), span: source.id.span },
        scope: compiler.out.resolved.relation(population).decl.name.clone(),
        subject: Type::String,
        violations: Vec::new(),
        notes: Vec::new(),
    };
    fields::read(compiler, module, source, &mut control);
    let scopes: Vec<&ast::Clause> = clauses(source).filter(|clause| head_is(clause, "scope")).collect();
    let broken = source.members.iter().any(|member| match &member.kind {
        MemberKind::Broken(broken) => broken.name.as_ref().is_none_or(|name| &*name.last().text == "scope"),
        _ => false,
    });
    if scopes.is_empty() && !broken {
        compiler.tell(controls::no_scope(control.place, &control.id));
    }
    let (subject, one_type) = subject(compiler, at, &scopes);
    // Where the subject has no sure type, types that do not agree with it are no errors of their own.
    let untyped = broken || subject.is_none() || !one_type;
    control.subject = subject.unwrap_or(Type::String);
    set_subject(compiler, population, control.subject.clone());
    let told = compiler.out.diagnostics.len();
    let mut judged = Vec::new();
    for clause in clauses(source) {
        match clause.head.relation.single().map(|name| &*name.text) {
            Some("violation") => judge(compiler, at, clause, &mut control, true, &mut judged),
            Some("note") => judge(compiler, at, clause, &mut control, false, &mut judged),
            Some("scope") if !one_type => {}
            _ => private(compiler, at, clause),
        }
    }
    if untyped {
        let later = compiler.out.diagnostics.split_off(told);
        compiler.out.diagnostics.extend(later.into_iter().filter(|diagnostic| !diagnostic.code.starts_with("E03")));
    }
    let violations: Vec<_> = judged.iter().map(|judged| &judged.optionals).collect();
    let mut found = drops_missing::control(&compiler.out.resolved, compiler.file(module), &violations);
    compiler.out.diagnostics.append(&mut found);
    compiler.out.controls.push(Arc::new(control));
}

fn clauses(control: &ast::Control) -> impl Iterator<Item = &ast::Clause> {
    control.members.iter().filter_map(|member| match &member.kind {
        MemberKind::Clause(clause) => Some(clause),
        _ => None,
    })
}

fn head_is(clause: &ast::Clause, name: &str) -> bool {
    clause.head.relation.single().is_some_and(|head| &*head.text == name)
}

fn scope_of<'a>(compiler: &'a Compiler, at: usize) -> Scope<'a> {
    let block = &compiler.blocks[at];
    Scope { block: Some(&block.block), ..compiler.scope(block.module) }
}

/// The type of the subjects, the upper one of entities on a line, where a rule tells it, and whether all agree.
fn subject(compiler: &mut Compiler, at: usize, scopes: &[&ast::Clause]) -> (Option<Type>, bool) {
    let population = compiler.blocks[at].population;
    let scope = scope_of(compiler, at);
    let world = scope.world;
    let mut found: Option<(Type, Place)> = None;
    let mut wrong = None;
    for clause in scopes {
        let Some(ty) = clause::subject(scope, clause, population) else { continue };
        let place = scope.place(clause.head.span);
        if !ty.is_text() {
            wrong = wrong.or(Some(controls::subject_type(place, &ty)));
            found = found.or(Some((ty, place)));
            continue;
        }
        found = Some(match found {
            None => (ty, place),
            Some((known, first)) => {
                if world.flows(&ty, &known) {
                    (known, first)
                } else if world.flows(&known, &ty) {
                    (ty, first)
                } else {
                    wrong = wrong.or(Some(controls::subjects(place, first, (&known, &ty))));
                    (known, first)
                }
            }
        });
    }
    let one_type = wrong.is_none();
    compiler.out.diagnostics.extend(wrong);
    (found.map(|(ty, _)| ty), one_type)
}

fn set_subject(compiler: &mut Compiler, population: RelId, ty: Type) {
    let relation = &mut compiler.world().relations[population.0 as usize];
    let mut decl = (*relation.decl).clone();
    decl.columns[0].ty = ty;
    relation.decl = Arc::new(decl);
}

/// A violation or note rule gets a relation of its own.
fn judge(
    compiler: &mut Compiler,
    at: usize,
    clause: &ast::Clause,
    control: &mut Control,
    violation: bool,
    out: &mut Vec<Judged>,
) {
    let (module, population) = (compiler.blocks[at].module, compiler.blocks[at].population);
    let (rules, word) = if violation { (&mut control.violations, "violation") } else { (&mut control.notes, "note") };
    let name: Arc<str> = format!("{}.{word}.{}", control.id, rules.len() + 1).into();
    let text = compiler.sources.text(compiler.file(module)).clone();
    let scope = scope_of(compiler, at);
    let place = scope.place(clause.span);
    let outcome = clause::judged(scope, clause, population, name.clone(), &text);
    compiler.add_reads(module, outcome.reads);
    compiler.out.diagnostics.extend(outcome.diagnostics);
    let Some(mut judged) = outcome.value else { return };
    let relation = Relation {
        decl: Arc::new(judged.decl.clone()),
        origin: RelationOrigin::Derived,
        module,
        place,
        private: true,
        role: Role::Judged,
    };
    let Some(head) = compiler.world().add_relation(relation) else { return };
    judged.rule.rule.head = head;
    compiler.world().add_rule(judged.rule.clone());
    rules.push(JudgedRule { relation: name, template: judged.template.clone(), place });
    if violation {
        out.push(judged);
    }
}

/// A rule or fact of the scope or a private relation.
fn private(compiler: &mut Compiler, at: usize, clause: &ast::Clause) {
    let block = &compiler.blocks[at];
    let module = block.module;
    let scope = scope_of(compiler, at);
    let head = match scope.relation(&clause.head.relation) {
        Ok(head) => head,
        Err(failure) => return failure.tell(&mut compiler.out.diagnostics),
    };
    let own = block.block.relations.values().any(|entry| *entry == Entry::Known(head));
    if !own {
        let decl = &scope.world.relation(head).decl;
        let diagnostic = clauses::outside_block(scope.place(clause.head.relation.span), decl);
        return compiler.tell(diagnostic);
    }
    rules::add(compiler, compiler.file(module), module, Some(at), clause, head);
}
