//! Texts become trees, modules get their numbers (by path) and the names that their relations begin with.

use std::sync::Arc;

use base::{Place, Span};
use rustc_hash::FxHashMap;

use super::Compiler;
use crate::ModuleSource;
use crate::checks::declared;
use crate::model::Module;

/// Parses all modules and registers them.
pub(super) fn run(compiler: &mut Compiler) {
    let mut sources: Vec<_> = compiler.modules.iter().collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name).then(a.file.cmp(&b.file)));
    compiler.cache.read(sources.iter().map(|source| (source.file, compiler.sources.text(source.file))));
    let mut trees = Vec::with_capacity(sources.len());
    for source in sources {
        let world = &mut compiler.out.resolved;
        if let Some(first) = world.by_path.get(&source.name) {
            let start = |file| Place { file, span: Span::at(0) };
            let first = start(world.modules[*first].source.file);
            compiler.told.modules.push(declared::module_twice(&source.name, start(source.file), first));
            continue;
        }
        let text = compiler.sources.text(source.file);
        let tree = compiler.cache.tree(source.file, text);
        compiler.out.diagnostics.extend(tree.parse.diagnostics.iter().cloned());
        Arc::make_mut(&mut world.by_path).insert(source.name.clone(), trees.len());
        Arc::make_mut(&mut world.by_file).insert(source.file, trees.len());
        trees.push(tree);
        world.modules.push(Arc::new(empty(source, text, &source.name)));
    }
    compiler.todo = Arc::new((0..trees.len()).collect());
    compiler.reads = vec![Arc::default(); trees.len()];
    compiler.tests = vec![(0, 0); trees.len()];
    compiler.trees = Arc::new(trees);
    qualify(compiler);
}

/// A module of which nothing is known yet.
pub(super) fn empty(source: &ModuleSource, text: &Arc<str>, qualifier: &Arc<str>) -> Module {
    Module {
        source: source.clone(),
        text: text.clone(),
        qualifier: qualifier.clone(),
        reachable: FxHashMap::default(),
        relations: FxHashMap::default(),
        entities: FxHashMap::default(),
        params: FxHashMap::default(),
    }
}

/// The first module of a last name gives its relations that name; others give theirs the whole path. `std.vendor` goes
/// first, then modules that have no longer path, so that a project's `models` is not taken for `std.ai.models`.
fn qualify(compiler: &mut Compiler) {
    let world = &mut compiler.out.resolved;
    let rank = |name: &str, builtin: bool| match (name.strip_prefix("std."), name.contains('.')) {
        (Some(rest), _) if !rest.contains('.') => 0,
        (None, false) => 1,
        (Some(_), _) => 2,
        (None, true) if builtin => 3,
        (None, true) => 4,
    };
    let mut order: Vec<usize> = (0..world.modules.len()).collect();
    order.sort_by_key(|at| (rank(&world.modules[*at].source.name, world.modules[*at].source.builtin), *at));
    for at in order {
        let path = &world.modules[at].source.name;
        let last: Arc<str> = path.rsplit('.').next().unwrap_or(path).into();
        if last == *path && world.by_last.contains_key(&last) {
            let place = Place { file: world.modules[at].source.file, span: Span::at(0) };
            compiler.told.modules.push(declared::module_of_std(path, place));
        }
        if !world.by_last.contains_key(&last) {
            Arc::make_mut(&mut world.by_last).insert(last.clone(), at);
            world.module_mut(at).qualifier = last;
        }
    }
}
