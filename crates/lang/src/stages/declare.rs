//! Relations: public ones, private ones of controls, and the scopes of controls. Frameworks too.

use std::sync::Arc;

use base::Place;
use facts::{Column, RelationDecl, Type};
use rustc_hash::FxHashMap;
use syntax::ast::{self, ItemKind, MemberKind};
use syntax::scan::RESERVED;

use super::{Compiler, ControlBlock, doc_text};
use crate::checks::declared;
use crate::model::{Entry, Relation, Role};
use crate::names::{Block, plain_type};
use crate::{Framework, RelationInfo, RelationOrigin};

/// Declares everything that clauses can read.
pub(super) fn run(compiler: &mut Compiler) {
    let (trees, todo) = (compiler.trees.clone(), compiler.todo.clone());
    let mut controls: FxHashMap<Arc<str>, Place> = FxHashMap::default();
    let mut frameworks: FxHashMap<Arc<str>, Place> = FxHashMap::default();
    for (module, tree) in todo.iter().map(|module| (*module, &trees[*module])) {
        for (number, item) in tree.items.iter().enumerate() {
            match &item.kind {
                ItemKind::Rel(rel) => {
                    let origin = if rel.open { RelationOrigin::Open } else { RelationOrigin::Derived };
                    public(compiler, module, &rel.name, &rel.columns, origin, doc_text(&item.doc));
                }
                ItemKind::Input(input) => {
                    let origin =
                        if input.sources.is_empty() { RelationOrigin::Extracted } else { RelationOrigin::Input };
                    public(compiler, module, &input.name, &input.columns, origin, doc_text(&item.doc));
                }
                ItemKind::Control(control) => self::control(compiler, module, number, control, &mut controls),
                ItemKind::Framework(framework) => self::framework(compiler, module, framework, &mut frameworks),
                ItemKind::Broken(broken) => self::broken(compiler, module, broken),
                _ => {}
            }
        }
        for name in broken_names(tree, "input") {
            let relations = &mut compiler.world().module_mut(module).relations;
            relations.entry(name.last().text.clone()).or_insert(Entry::Broken);
        }
    }
}

/// Names that broken items of a kind would have declared, those that stand inside a control by mistake included: uses of
/// them are no further errors.
pub(super) fn broken_names<'t>(tree: &'t ast::Module, keyword: &'t str) -> impl Iterator<Item = &'t ast::Path> {
    let of = move |broken: &'t ast::Broken| broken.name.as_ref().filter(|_| &*broken.keyword == keyword);
    let member = move |member: &'t ast::Member| match &member.kind {
        ast::MemberKind::Broken(broken) => of(broken),
        _ => None,
    };
    tree.items.iter().flat_map(move |item| {
        let (own, members) = match &item.kind {
            ItemKind::Broken(broken) => (of(broken), [].iter()),
            ItemKind::Control(control) => (None, control.members.iter()),
            _ => (None, [].iter()),
        };
        own.into_iter().chain(members.filter_map(member))
    })
}

/// What a broken item would have declared is known, so that its uses are no further errors.
fn broken(compiler: &mut Compiler, module: usize, broken: &ast::Broken) {
    let Some(name) = &broken.name else { return };
    match &*broken.keyword {
        "rel" | "open" => {
            let relations = &mut compiler.world().module_mut(module).relations;
            relations.entry(name.last().text.clone()).or_insert(Entry::Broken);
        }
        "control" | "framework" => drop(compiler.broken.insert(name.text().into())),
        _ => {}
    }
}

fn public(
    compiler: &mut Compiler,
    module: usize,
    name: &ast::Name,
    columns: &[ast::Column],
    origin: RelationOrigin,
    doc: Arc<str>,
) {
    let place = Place { file: compiler.file(module), span: name.span };
    if RESERVED.contains(&&*name.text) {
        return compiler.tell(declared::reserved("relation", &name.text, place));
    }
    let known = compiler.out.resolved.modules[module].relations.get(&name.text).copied();
    if let Some(known) = known {
        let first = match known {
            Entry::Known(id) => Some(compiler.out.resolved.relation(id).place),
            Entry::Broken => None,
        };
        return compiler.tell(declared::twice("relation", &name.text, place, first));
    }
    let input = matches!(origin, RelationOrigin::Extracted | RelationOrigin::Input);
    let qualifier = compiler.out.resolved.modules[module].qualifier.clone();
    let entry = decl(compiler, module, (&qualifier, name), columns, input, doc).and_then(|decl| {
        let path = compiler.out.resolved.modules[module].source.name.clone();
        compiler.out.relations.push(RelationInfo { decl: decl.clone(), origin, module: path, place });
        compiler.world().add_relation(Relation { decl, origin, module, place, private: false, role: Role::Plain })
    });
    let entry = entry.map_or(Entry::Broken, Entry::Known);
    compiler.world().module_mut(module).relations.insert(name.text.clone(), entry);
}

/// The declaration of a relation, unless a column is wrong; that of before where the text is the same and names no other thing.
fn decl(
    compiler: &mut Compiler,
    module: usize,
    (qualifier, name): (&str, &ast::Name),
    columns: &[ast::Column],
    input: bool,
    doc: Arc<str>,
) -> Option<Arc<RelationDecl>> {
    let (trees, file, at) = (compiler.trees.clone(), compiler.file(module), name.span.start);
    let parse = &trees[module].parse;
    let known = compiler.cache.decl(file, parse, at);
    let fits = |decl: &&Arc<RelationDecl>| {
        let last = decl.name.strip_prefix(qualifier).and_then(|rest| rest.strip_prefix('.'));
        last == Some(&*name.text)
    };
    if let Some(known) = known.filter(fits) {
        return Some(known.clone());
    }
    let told = compiler.out.diagnostics.len();
    let found = self::columns(compiler, module, columns, input)?;
    let alone = columns.iter().all(|column| column.ty.name.single().is_some_and(|ty| plain_type(&ty.text).is_some()));
    let name = format!("{qualifier}.{}", name.text).into();
    let decl = Arc::new(RelationDecl { name, columns: found, doc });
    if alone && compiler.out.diagnostics.len() == told {
        compiler.cache.keep_decl(file, parse, at, &decl);
    }
    Some(decl)
}

/// The columns, unless one is wrong.
fn columns(compiler: &mut Compiler, module: usize, columns: &[ast::Column], input: bool) -> Option<Vec<Column>> {
    let file = compiler.file(module);
    let place = |span| Place { file, span };
    let mut found: Vec<Column> = Vec::with_capacity(columns.len());
    let mut first: FxHashMap<&str, Place> = FxHashMap::default();
    let mut complete = true;
    for column in columns {
        let name = &column.name;
        if let Some(first) = first.insert(&name.text, place(name.span)) {
            compiler.tell(declared::twice("column", &name.text, place(name.span), Some(first)));
            complete = false;
        }
        let ty = compiler.scope(module).ty(&column.ty);
        let ty = match ty {
            Ok(ty) => ty,
            Err(failure) => {
                failure.tell(&mut compiler.out.diagnostics);
                complete = false;
                continue;
            }
        };
        if column.key {
            self::key(compiler, place(column.span), column, &ty, input, found.iter().any(|column| column.key));
        }
        found.push(Column {
            name: name.text.clone(),
            ty,
            optional: column.ty.optional,
            key: column.key,
            doc: doc_text(&column.doc),
        });
    }
    complete.then_some(found)
}

fn key(compiler: &mut Compiler, place: Place, column: &ast::Column, ty: &Type, input: bool, second: bool) {
    let wrong = if !input {
        ("stands in inputs only", "rules pass things on and do not name them: take `key` away")
    } else if second {
        ("marks one column", "keep it at the column that names the thing that a row is about")
    } else if column.ty.optional {
        ("marks a column that is always filled", "take `?` or `key` away")
    } else if !ty.is_text() {
        ("marks an entity or a string", "choose the column that names the thing that a row is about")
    } else {
        return;
    };
    compiler.tell(declared::misplaced_key(place, wrong.0, wrong.1));
}

fn control(
    compiler: &mut Compiler,
    module: usize,
    item: usize,
    control: &ast::Control,
    first: &mut FxHashMap<Arc<str>, Place>,
) {
    let file = compiler.file(module);
    let place = Place { file, span: control.id.span };
    let id = &control.id.text;
    if let Some(first) = first.get(id) {
        // Which of them is told depends on both.
        compiler.lasting = false;
        return compiler.tell(declared::twice("control", id, place, Some(*first)));
    }
    first.insert(id.clone(), place);
    let column = Column { name: "subject".into(), ty: Type::String, optional: false, key: false, doc: "".into() };
    let population = RelationDecl { name: format!("{id}.scope").into(), columns: vec![column], doc: "".into() };
    let population = Relation {
        decl: Arc::new(population),
        origin: RelationOrigin::Derived,
        module,
        place,
        private: true,
        role: Role::Scope,
    };
    let Some(population) = compiler.world().add_relation(population) else { return };
    let mut block = Block { relations: FxHashMap::default() };
    block.relations.insert("scope".into(), Entry::Known(population));
    for member in &control.members {
        match &member.kind {
            MemberKind::Rel(rel) => private(compiler, module, id, rel, doc_text(&member.doc), &mut block),
            MemberKind::Broken(broken) if &*broken.keyword == "rel" => {
                if let Some(name) = &broken.name {
                    block.relations.entry(name.last().text.clone()).or_insert(Entry::Broken);
                }
            }
            _ => {}
        }
    }
    let id = id.clone();
    compiler.blocks.push(ControlBlock { module, item, id, block: Arc::new(block), population });
}

fn private(compiler: &mut Compiler, module: usize, id: &str, rel: &ast::Rel, doc: Arc<str>, block: &mut Block) {
    let name = &rel.name;
    let place = Place { file: compiler.file(module), span: name.span };
    if RESERVED.contains(&&*name.text) || matches!(&*name.text, "scope" | "violation" | "note") {
        return compiler.tell(declared::reserved("private relation", &name.text, place));
    }
    if let Some(known) = block.relations.get(&name.text) {
        let first = match known {
            Entry::Known(id) => Some(compiler.out.resolved.relation(*id).place),
            Entry::Broken => None,
        };
        return compiler.tell(declared::twice("relation", &name.text, place, first));
    }
    let entry = decl(compiler, module, (id, name), &rel.columns, false, doc).and_then(|decl| {
        let origin = RelationOrigin::Derived;
        compiler.world().add_relation(Relation { decl, origin, module, place, private: true, role: Role::Plain })
    });
    block.relations.insert(name.text.clone(), entry.map_or(Entry::Broken, Entry::Known));
}

fn framework(
    compiler: &mut Compiler,
    module: usize,
    framework: &ast::Framework,
    first: &mut FxHashMap<Arc<str>, Place>,
) {
    let file = compiler.file(module);
    let place = Place { file, span: framework.id.span };
    if let Some(first) = first.get(&framework.id.text) {
        compiler.lasting = false;
        return compiler.tell(declared::twice("framework", &framework.id.text, place, Some(*first)));
    }
    first.insert(framework.id.text.clone(), place);
    let mut seen: FxHashMap<&str, Place> = FxHashMap::default();
    let mut criteria = Vec::with_capacity(framework.criteria.len());
    for (id, text) in &framework.criteria {
        let place = Place { file, span: id.span };
        match seen.insert(&id.text, place) {
            Some(first) => compiler.tell(declared::twice("criterion", &id.text, place, Some(first))),
            None => criteria.push((id.text.clone(), text.text.clone())),
        }
    }
    let (id, title) = (framework.id.text.clone(), framework.title.text.clone());
    compiler.out.frameworks.push(Framework { id, title, criteria });
}
