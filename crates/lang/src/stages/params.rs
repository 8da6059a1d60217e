//! Params: constants that settings and tests can override.

use std::sync::Arc;

use base::Place;
use rustc_hash::FxHashMap;
use syntax::ast::{self, ItemKind};
use syntax::scan::RESERVED;

use super::declare::broken_names;
use super::{Compiler, doc_text};
use crate::ParamInfo;
use crate::checks::declared;
use crate::clause::{coerce, constant};
use crate::model::{Entry, Param};

/// Declares the params of all modules.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        let mut first: FxHashMap<&str, Place> = FxHashMap::default();
        for item in &tree.items {
            let ItemKind::Param(param) = &item.kind else { continue };
            let place = Place { file: compiler.file(module), span: param.name.span };
            let name = &param.name.text;
            if RESERVED.contains(&&**name) {
                compiler.tell(declared::reserved("param", name, place));
                continue;
            }
            if let Some(first) = first.insert(name, place) {
                compiler.tell(declared::twice("param", name, place, Some(first)));
                continue;
            }
            let declared = declare(compiler, module, param, doc_text(&item.doc), place);
            let entry = declared.map_or(Entry::Broken, Entry::Known);
            compiler.world().module_mut(module).params.insert(name.clone(), entry);
        }
        // What would have been one, had it been written well or in its place.
        for name in broken_names(tree, "param") {
            let params = &mut compiler.world().module_mut(module).params;
            params.entry(name.last().text.clone()).or_insert(Entry::Broken);
        }
    }
}

fn declare(compiler: &mut Compiler, module: usize, param: &ast::Param, doc: Arc<str>, place: Place) -> Option<usize> {
    let found = compiler.scope(module).ty(&param.ty);
    let file = place.file;
    let ty = match found {
        Ok(facts::Type::Entity(name)) => {
            compiler.tell(declared::param_type(Place { file, span: param.ty.span }, &name));
            return None;
        }
        Ok(_) if param.ty.optional => {
            let ty = format!("{}?", param.ty.name.text());
            compiler.tell(declared::param_type(Place { file, span: param.ty.span }, &ty));
            return None;
        }
        Ok(ty) => ty,
        Err(failure) => {
            failure.tell(&mut compiler.out.diagnostics);
            return None;
        }
    };
    let default = constant(&param.value).map(|(value, _)| coerce(&value, &ty)).filter(|value| value.fits(&ty));
    let Some(default) = default else {
        let place = Place { file, span: param.value.span };
        compiler.tell(declared::param_default(place, &param.name.text, &ty.to_string()));
        return None;
    };
    let world = compiler.world();
    let name: Arc<str> = format!("{}.{}", world.modules[module].source.name, param.name.text).into();
    let number = world.add_param(Param { name: name.clone(), ty: ty.clone(), default: default.clone() });
    compiler.out.params.push(ParamInfo { name, ty, default, doc, place });
    Some(number)
}
