//! `use`: which modules can be reached from a module, under what names.

use std::sync::Arc;

use base::Place;
use rustc_hash::FxHashMap;
use syntax::ast::ItemKind;

use super::Compiler;
use crate::checks::{declared, unknown};
use crate::model::Entry;

/// Resolves the `use` items of all modules.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        let mut first: FxHashMap<&str, Place> = FxHashMap::default();
        for item in &tree.items {
            let (path, alias) = match &item.kind {
                ItemKind::Use(used) => (&used.module, used.alias.as_ref()),
                ItemKind::Broken(broken) if &*broken.keyword == "use" => match &broken.name {
                    Some(path) => (path, None),
                    None => continue,
                },
                _ => continue,
            };
            let broken = matches!(item.kind, ItemKind::Broken(_));
            let place = Place { file: compiler.file(module), span: path.span };
            let alias = alias.unwrap_or(path.last());
            let found = compiler.out.resolved.by_path.get(path.text().as_str()).copied();
            let entry = match found {
                Some(found) => Entry::Known(found),
                None => Entry::Broken,
            };
            if found.is_none() && !broken {
                let mut known: Vec<Arc<str>> = compiler.out.resolved.by_path.keys().cloned().collect();
                known.sort_unstable();
                let diagnostic = unknown::used_module(path, place, known.iter().map(|path| &**path));
                compiler.tell(diagnostic);
                // What was probably meant is not missed again at every use of it.
                for meant in base::nearest(&path.text(), known.iter().map(|path| &**path)) {
                    let last = meant.rsplit('.').next().unwrap_or(meant).into();
                    compiler.world().module_mut(module).reachable.entry(last).or_insert(Entry::Broken);
                }
            }
            let known = compiler.out.resolved.modules[module].reachable.get(&alias.text).copied();
            match (known, first.get(&*alias.text)) {
                (Some(known), Some(first)) if known != entry && entry != Entry::Broken => {
                    let diagnostic = declared::ambiguous_use(&alias.text, place, *first, &path.text());
                    compiler.tell(diagnostic);
                }
                _ => {
                    first.insert(&alias.text, place);
                    compiler.world().module_mut(module).reachable.insert(alias.text.clone(), entry);
                }
            }
        }
    }
}
