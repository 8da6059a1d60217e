//! Entity types and their supertypes.

use std::sync::Arc;

use base::Place;
use rustc_hash::FxHashMap;
use syntax::ast::{self, ItemKind};

use super::Compiler;
use super::declare::broken_names;
use crate::checks::declared;
use crate::model::Entry;
use crate::names::plain_type;

/// Declares the entities of all modules, then looks up their supertypes.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    let mut children = Vec::new();
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        let mut first: FxHashMap<&str, Place> = FxHashMap::default();
        for item in &tree.items {
            let ItemKind::Entity(entity) = &item.kind else { continue };
            let place = Place { file: compiler.file(module), span: entity.name.span };
            let name = &entity.name.text;
            if plain_type(name).is_some() {
                compiler.tell(declared::reserved("entity", name, place));
                continue;
            }
            if let Some(first) = first.insert(name, place) {
                compiler.tell(declared::twice("entity", name, place, Some(first)));
                continue;
            }
            let world = compiler.world();
            let qualified: Arc<str> = format!("{}.{name}", world.modules[module].qualifier).into();
            world.module_mut(module).entities.insert(name.clone(), Entry::Known(qualified.clone()));
            world.entities.insert(qualified.clone(), None);
            world.entity_places.insert(qualified.clone(), place);
            if let Some(parent) = &entity.parent {
                children.push((module, qualified, parent));
            }
        }
        for name in broken_names(tree, "entity") {
            let entities = &mut compiler.world().module_mut(module).entities;
            entities.entry(name.last().text.clone()).or_insert(Entry::Broken);
        }
    }
    for (module, child, parent) in children {
        supertype(compiler, module, child, parent);
    }
}

fn supertype(compiler: &mut Compiler, module: usize, child: Arc<str>, parent: &ast::Path) {
    let place = Place { file: compiler.file(module), span: parent.span };
    let ty = ast::TypeRef { name: parent.clone(), optional: false, span: parent.span };
    let found = compiler.scope(module).ty(&ty);
    match found {
        Ok(facts::Type::Entity(parent)) if compiler.out.resolved.is_subtype(&parent, &child) => {
            compiler.tell(declared::entity_cycle(&child, place));
        }
        Ok(facts::Type::Entity(parent)) => drop(compiler.world().entities.insert(child, Some(parent))),
        Ok(_) => compiler.tell(declared::parent(&parent.text(), place)),
        Err(failure) => failure.tell(&mut compiler.out.diagnostics),
    }
}
