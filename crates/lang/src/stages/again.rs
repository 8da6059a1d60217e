//! Compiling again where few modules changed and declare what they declared before: then all that other modules say stands,
//! and only what the changed ones say is found out anew, on top of the tables of the last compilation.
//!
//! What is declared again keeps its number. Whether it is the same shows once it is declared: where it is not, where what is
//! declared twice may be told of either place, and where so much is wrong that guesses are counted, everything is compiled.

use std::sync::Arc;

use base::{Diagnostic, FileId, SourceMap};
use ir::RelId;
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::ItemKind;

use super::{Compiler, ControlBlock, Told, Tree};
use super::{controls, declare, entities, finish, inputs, modules, order, params, rules, stratify, tests, uses};
use crate::cache::{Cache, shape};
use crate::lints;
use crate::model::{Again, Role, Rule};
use crate::{Compilation, ModuleSource};

/// More modules that changed at once are a change of branches: then everything is compiled.
const FEW: usize = 64;

/// What the next compilation may take over.
#[derive(Debug)]
pub(crate) struct Last {
    modules: Vec<ModuleSource>,
    trees: Arc<Vec<Tree>>,
    blocks: Vec<ControlBlock>,
    broken: FxHashSet<Arc<str>>,
    reads: Vec<Arc<Vec<RelId>>>,
    today: Arc<Vec<bool>>,
    tests: Vec<(usize, usize)>,
    told: Told,
    out: Arc<Compilation>,
    /// Guesses made when everything was compiled, and by modules that were looked at since.
    guesses: (u32, FxHashMap<usize, u32>),
}

/// Keeps a compilation of everything for the next.
pub(super) fn keep(compiler: Compiler) -> Arc<Compilation> {
    let guesses = (compiler.out.resolved.guesses(), FxHashMap::default());
    keep_with(compiler, guesses)
}

fn keep_with(mut compiler: Compiler, guesses: (u32, FxHashMap<usize, u32>)) -> Arc<Compilation> {
    compiler.out.resolved.again = None;
    let out = Arc::new(std::mem::take(&mut compiler.out));
    compiler.told.whole.clear();
    compiler.cache.last = (compiler.lasting && !out.resolved.has_guessed_much()).then(|| Last {
        modules: compiler.modules.to_vec(),
        trees: compiler.trees,
        blocks: compiler.blocks,
        broken: compiler.broken,
        reads: compiler.reads,
        today: compiler.today,
        tests: compiler.tests,
        told: compiler.told,
        out: out.clone(),
        guesses,
    });
    out
}

/// Compiles what changed; nothing where everything has to be compiled.
pub(super) fn run(cache: &mut Cache, sources: &SourceMap, modules: &[ModuleSource]) -> Option<Arc<Compilation>> {
    let last = cache.last.take()?;
    let same = |a: &ModuleSource, b: &ModuleSource| {
        (a.file, &a.name, a.builtin, &a.folder) == (b.file, &b.name, b.builtin, &b.folder)
    };
    if last.modules.len() != modules.len() || !last.modules.iter().zip(modules).all(|(a, b)| same(a, b)) {
        return None;
    }
    let changed = changed(&last, sources);
    if changed.is_empty() {
        let out = last.out.clone();
        cache.last = Some(last);
        return Some(out);
    }
    if changed.len() > FEW {
        return None;
    }
    let mut compiler = Compiler::new(cache, sources, modules);
    let gone = take_over(&mut compiler, &last, &changed)?;
    // What these modules guessed before counts no longer: who types at one name for long is not out of guesses.
    let (first, mut others) = last.guesses.clone();
    others.retain(|module, _| changed.binary_search(module).is_err());
    let before = first + others.values().sum::<u32>();
    compiler.out.resolved.set_guesses(before);
    for stage in [uses::run, entities::run, params::run, declare::run, inputs::run] {
        stage(&mut compiler);
    }
    compiler.blocks.sort_by_key(|block| block.module);
    if !declares_the_same(&compiler, &last) {
        return None;
    }
    rules::run(&mut compiler);
    controls::run(&mut compiler);
    let moved = number_judged(&mut compiler);
    let reads = |rule: &Arc<Rule>| (rule.rule.head, rule.reads.clone(), rule.says_today());
    let new = compiler.out.resolved.rules[compiler.kept.0..].iter().map(reads);
    if moved.is_none() && new.eq(gone.iter().map(reads)) {
        order::run(&mut compiler);
        compiler.today = last.today.clone();
        tests::run(&mut compiler);
    } else {
        order::run(&mut compiler);
        stratify::run(&mut compiler);
        let ids = |today: &[bool], moved: &FxHashMap<RelId, RelId>| {
            let ids = (0..).map(RelId).zip(today).filter(|(_, today)| **today).map(|(id, _)| id);
            ids.map(|id| moved.get(&id).copied().unwrap_or(id)).collect::<FxHashSet<RelId>>()
        };
        let before = ids(&last.today, &moved.unwrap_or_default());
        match before == ids(&compiler.today, &FxHashMap::default()) {
            true => tests::run(&mut compiler),
            false => tests::all(&mut compiler),
        }
    }
    lints::program(&mut compiler);
    finish::run(&mut compiler);
    if compiler.out.resolved.has_guessed_much() {
        return None;
    }
    others.insert(changed[0], compiler.out.resolved.guesses() - before);
    Some(keep_with(compiler, (first, others)))
}

/// Numbers of the modules whose texts changed, and of those whose diagnostics point into such a text.
fn changed(last: &Last, sources: &SourceMap) -> Vec<usize> {
    let world = &last.out.resolved;
    let is_other = |module: &crate::model::Module| {
        let text = sources.text(module.source.file);
        !Arc::ptr_eq(text, &module.text) && *text != module.text
    };
    let numbers = (0..world.modules.len()).filter(|number| is_other(&world.modules[*number]));
    let mut changed: FxHashSet<usize> = numbers.collect();
    let module = |file: &FileId| world.by_file.get(file).copied();
    let own = [&last.told.own, &last.told.tests, &last.told.lints].into_iter().flatten();
    let pointing: Vec<usize> = own
        .filter(|told| {
            let labels = told.primary.iter().chain(&told.secondary).map(|label| label.place.file);
            let edits = told.fixes.iter().flat_map(|fix| &fix.edits).map(|(place, _)| place.file);
            labels.chain(edits).any(|file| module(&file).is_some_and(|module| changed.contains(&module)))
        })
        .filter_map(|told| module(&told.primary.as_ref()?.place.file))
        .collect();
    changed.extend(pointing);
    let mut changed: Vec<usize> = changed.into_iter().collect();
    changed.sort_unstable();
    changed
}

/// The tables of the last compilation without what the changed modules said, whose rules come out; nothing where what they
/// declare is looked at by all.
fn take_over(compiler: &mut Compiler, last: &Last, changed: &[usize]) -> Option<Vec<Arc<Rule>>> {
    let out = &last.out;
    let is_changed = |module: &usize| changed.binary_search(module).is_ok();
    let of_changed = |file: FileId| out.resolved.by_file.get(&file).is_some_and(is_changed);
    let others = |told: &[Diagnostic]| -> Vec<Diagnostic> {
        let file = |told: &Diagnostic| told.primary.as_ref().map(|label| label.place.file);
        told.iter().filter(|told| !file(told).is_some_and(of_changed)).cloned().collect()
    };
    compiler.told = Told {
        modules: last.told.modules.clone(),
        own: others(&last.told.own),
        tests: others(&last.told.tests),
        lints: others(&last.told.lints),
        whole: Vec::new(),
    };
    compiler.out = Compilation {
        diagnostics: Vec::new(),
        style: Vec::new(),
        relations: out.relations.iter().filter(|info| !of_changed(info.place.file)).cloned().collect(),
        inputs: out.inputs.clone(),
        controls: out.controls.iter().filter(|control| !of_changed(control.place.file)).cloned().collect(),
        tests: out.tests.clone(),
        frameworks: out.frameworks.clone(),
        params: out.params.iter().filter(|param| !of_changed(param.place.file)).cloned().collect(),
        resolved: out.resolved.clone(),
    };
    compiler.broken = last.broken.clone();
    compiler.blocks = last.blocks.iter().filter(|block| !is_changed(&block.module)).cloned().collect();
    (compiler.reads, compiler.tests) = (last.reads.clone(), last.tests.clone());
    compiler.todo = Arc::new(changed.to_vec());
    let world = &mut compiler.out.resolved;
    let mut again = Again::default();
    again.relations = (0..)
        .map(RelId)
        .zip(&world.relations)
        .filter(|(_, found)| is_changed(&found.module))
        .map(|(id, _)| id)
        .collect();
    let inputs: FxHashSet<&str> = again.relations.iter().map(|id| &*out.resolved.relation(*id).decl.name).collect();
    compiler.out.inputs.retain(|input| !inputs.contains(&*input.relation.name));
    let mut trees = (*last.trees).clone();
    for module in changed {
        let known = out.resolved.modules[*module].clone();
        let text = compiler.sources.text(known.source.file);
        let tree = compiler.cache.tree(known.source.file, text);
        if looked_at_by_all(&tree) != looked_at_by_all(&trees[*module]) {
            return None;
        }
        compiler.out.diagnostics.extend(tree.parse.diagnostics.iter().cloned());
        trees[*module] = tree;
        again.params.extend(known.params.values().filter_map(crate::cache::known));
        for entity in known.entities.values().filter_map(crate::cache::known) {
            world.entities.remove(entity);
            world.entity_places.remove(entity);
        }
        world.modules[*module] = Arc::new(modules::empty(&known.source, text, &known.qualifier));
        compiler.reads[*module] = Arc::default();
    }
    compiler.trees = Arc::new(trees);
    world.again = Some(again);
    let files = world.by_file.clone();
    let number = |file: FileId| files.get(&file).copied();
    let mut gone = Vec::new();
    for module in changed {
        gone.extend(cut(&mut world.rules, Some(*module), |rule| number(rule.rule.place.file)));
        cut(&mut world.facts, Some(*module), |fact| number(fact.place.file));
    }
    compiler.kept = (world.rules.len(), world.facts.len());
    Some(gone)
}

/// Takes out those of one module; all are in the order of their modules.
fn cut<T>(all: &mut Vec<T>, module: Option<usize>, of: impl Fn(&T) -> Option<usize>) -> Vec<T> {
    let (start, end) = (all.partition_point(|one| of(one) < module), all.partition_point(|one| of(one) <= module));
    all.drain(start..end).collect()
}

/// What a module declares that no table of its own holds: controls whose items are broken; a framework is never the same.
fn looked_at_by_all(tree: &Tree) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for item in &tree.items {
        match &item.kind {
            ItemKind::Framework(_) => return Some(vec![format!("{:p}", Arc::as_ptr(&tree.parse))]),
            ItemKind::Broken(broken) if matches!(&*broken.keyword, "control" | "framework") => {
                found.push(broken.name.as_ref().map(|name| name.text()).unwrap_or_default());
            }
            _ => {}
        }
    }
    Some(found)
}

/// Whether the changed modules declare what they declared before, in the same order.
fn declares_the_same(compiler: &Compiler, last: &Last) -> bool {
    let (now, before) = (&compiler.out.resolved, &last.out.resolved);
    let Some(again) = &now.again else { return false };
    let judged = |id: &RelId| now.relation(*id).role == Role::Judged;
    if again.reshaped || !again.params.is_empty() || !again.relations.iter().all(judged) || !compiler.lasting {
        return false;
    }
    let of = |blocks: &'_ [ControlBlock], module: usize| -> Vec<ControlBlock> {
        blocks.iter().filter(|block| block.module == module).cloned().collect()
    };
    compiler.todo.iter().all(|module| {
        shape(now, *module, of(&compiler.blocks, *module).iter())
            == shape(before, *module, of(&last.blocks, *module).iter())
    })
}

/// Gives the relations of violations and notes the numbers that they have where everything is compiled: those of the
/// controls in their order. What has another number then, if any has.
fn number_judged(compiler: &mut Compiler) -> Option<FxHashMap<RelId, RelId>> {
    let world = &mut compiler.out.resolved;
    let again = world.again.as_ref()?;
    if !again.rejudged && again.relations.is_empty() {
        return None;
    }
    let first = world.relations.iter().position(|relation| relation.role == Role::Judged)?;
    let controls: FxHashMap<&str, _> = compiler.out.controls.iter().map(|control| (&*control.id, control)).collect();
    let mut ids = Vec::with_capacity(world.relations.len() - first);
    for control in compiler.blocks.iter().filter_map(|block| controls.get(&*block.id)) {
        let mut judged: Vec<_> = control.violations.iter().chain(&control.notes).collect();
        judged.sort_by_key(|rule| rule.place);
        ids.extend(judged.iter().filter_map(|rule| world.relation_ids.get(&rule.relation).copied()));
    }
    let numbers = Arc::make_mut(&mut world.relation_ids);
    for relation in &world.relations[first..] {
        numbers.remove(&relation.decl.name);
    }
    let mut relations = Vec::with_capacity(ids.len());
    let mut moved = FxHashMap::default();
    for (at, old) in ids.iter().enumerate() {
        let (new, relation) = (RelId((first + at) as u32), world.relations[old.0 as usize].clone());
        numbers.insert(relation.decl.name.clone(), new);
        relations.push(relation);
        if new != *old {
            moved.insert(*old, new);
        }
    }
    world.relations.truncate(first);
    world.relations.append(&mut relations);
    for rule in &mut world.rules {
        if let Some(new) = moved.get(&rule.rule.head) {
            Arc::make_mut(rule).rule.head = *new;
        }
    }
    Some(moved)
}
