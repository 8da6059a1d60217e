//! `input` items: their declarations with how documents are mapped to them.

use std::sync::Arc;

use base::Place;
use facts::InputDecl;
use syntax::ast::{self, ItemKind};

use super::{Compiler, sources};
use crate::checks::inputs;
use crate::model::Entry;

/// Maps the sources of all inputs.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        for item in &tree.items {
            if let ItemKind::Input(input) = &item.kind {
                self::input(compiler, module, input);
            }
        }
    }
}

fn input(compiler: &mut Compiler, module: usize, input: &ast::Input) {
    let file = compiler.file(module);
    let world = &compiler.out.resolved;
    let Some(Entry::Known(id)) = world.modules[module].relations.get(&input.name.text) else { return };
    let relation = world.relation(*id);
    let place = Place { file, span: input.name.span };
    // A second declaration of the name is told and has no relation of its own.
    if relation.place != place {
        return;
    }
    let decl = relation.decl.clone();
    if input.sources.is_empty() && !world.modules[module].source.builtin {
        return compiler.tell(inputs::no_source(place, &input.name.text));
    }
    let mut diagnostics = Vec::new();
    let mut mapped = Vec::with_capacity(input.sources.len());
    for source in &input.sources {
        mapped.extend(sources::map(file, &decl, source, &mut diagnostics));
    }
    compiler.out.diagnostics.append(&mut diagnostics);
    compiler.out.inputs.push(Arc::new(InputDecl { relation: (*decl).clone(), sources: mapped }));
}
