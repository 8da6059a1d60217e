//! Names as seen from a place of a policy, for tools that help while it is written: what a name leads to, which names there
//! are, which variables a rule has. The answers are those of the compiler, since they come from its own tables.

use std::sync::Arc;

use base::{FileId, Place};
use facts::{RelationDecl, Type};
use syntax::Parse;

use crate::model::{Entry, Relation, Role};
use crate::names::{GIVEN_MODULES, Scope};
use crate::{Compilation, ModuleSource, ParamInfo, RelationOrigin};

/// A place in a module from which names are looked up.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    compilation: &'a Compilation,
    module: usize,
    scope: Scope<'a>,
}

/// A relation that a name leads to.
#[derive(Debug, Clone, Copy)]
pub struct FoundRelation<'a> {
    /// Qualified name, columns, documentation.
    pub decl: &'a Arc<RelationDecl>,
    /// Who fills it.
    pub origin: RelationOrigin,
    /// The module that declares it.
    pub module: &'a ModuleSource,
    /// Where its name stands; for the population of a control, the control's id.
    pub place: Place,
    /// Whether it stands inside a control.
    pub private: bool,
}

/// A rule or fact that fills a relation.
#[derive(Debug, Clone)]
pub struct Filling {
    /// The clause.
    pub place: Place,
    /// Qualified names of the relations that it reads; none of a fact.
    pub reads: Vec<Arc<str>>,
}

impl Compilation {
    /// Names as seen from a file, or from the block of one of its controls.
    pub fn lookup(&self, file: FileId, control: Option<&str>) -> Option<Lookup<'_>> {
        let module = self.module_number(file)?;
        let block = control.and_then(|id| self.resolved.blocks.get(id)).map(|block| &**block);
        let scope = Scope { world: &self.resolved, file, module: Some(module), block };
        Some(Lookup { compilation: self, module, scope })
    }

    /// All modules, by path.
    pub fn modules(&self) -> impl Iterator<Item = &ModuleSource> {
        self.resolved.modules.iter().map(|module| &module.source)
    }

    /// The module of that path.
    pub fn module(&self, path: &str) -> Option<&ModuleSource> {
        let number = self.resolved.by_path.get(path)?;
        Some(&self.resolved.modules[*number].source)
    }

    /// The module that a file is.
    pub fn module_of(&self, file: FileId) -> Option<&ModuleSource> {
        Some(&self.resolved.modules[self.module_number(file)?].source)
    }

    /// What a module's text was parsed to.
    pub fn parse(&self, file: FileId) -> Option<&Arc<Parse>> {
        self.resolved.parses.get(self.module_number(file)?)
    }

    fn module_number(&self, file: FileId) -> Option<usize> {
        self.resolved.by_file.get(&file).copied()
    }

    /// The relation of that qualified name, private ones and populations too.
    pub fn any_relation(&self, name: &str) -> Option<FoundRelation<'_>> {
        let id = self.resolved.relation_ids.get(name)?;
        Some(self.found(self.resolved.relation(*id)))
    }

    fn found<'a>(&'a self, relation: &'a Relation) -> FoundRelation<'a> {
        FoundRelation {
            decl: &relation.decl,
            origin: relation.origin,
            module: &self.resolved.modules[relation.module].source,
            place: relation.place,
            private: relation.private,
        }
    }

    /// The rules and facts that fill a relation, in their order.
    pub fn filled_by(&self, relation: &str) -> Vec<Filling> {
        let world = &self.resolved;
        let Some(id) = world.relation_ids.get(relation) else { return Vec::new() };
        let name = |id: ir::RelId| world.relation(id).decl.name.clone();
        let rules = world.rules_of.of(*id).map(|number| {
            let rule = &world.rules[number];
            Filling { place: rule.rule.place, reads: rule.reads.iter().map(|read| name(read.relation)).collect() }
        });
        let facts = world.facts_of.of(*id);
        let facts = facts.map(|number| Filling { place: world.facts[number].place, reads: Vec::new() });
        let mut all: Vec<Filling> = rules.chain(facts).collect();
        all.sort_by_key(|filling| filling.place);
        all
    }

    /// The rules that read a relation: qualified name of what they fill, and the clause.
    pub fn read_by(&self, relation: &str) -> Vec<(Arc<str>, Place)> {
        let world = &self.resolved;
        let Some(id) = world.relation_ids.get(relation) else { return Vec::new() };
        let reads = world.rules.iter().filter(|rule| rule.reads.iter().any(|read| read.relation == *id));
        reads.map(|rule| (world.relation(rule.rule.head).decl.name.clone(), rule.rule.place)).collect()
    }

    /// The name, type and optionality of each variable of the rule at a place; none where the clause is wrong.
    pub fn variables(&self, clause: Place) -> Option<Vec<(Arc<str>, Type, bool)>> {
        let rule = self.resolved.rules.iter().find(|rule| rule.rule.place == clause)?;
        let variables = rule.rule.variables.iter();
        Some(variables.map(|variable| (variable.name.clone(), variable.ty.clone(), variable.optional)).collect())
    }

    /// Where an entity's name is declared, by its qualified name.
    pub fn entity(&self, name: &str) -> Option<Place> {
        self.resolved.entity_places.get(name).copied()
    }

    /// The supertype of an entity, by qualified names.
    pub fn supertype(&self, entity: &str) -> Option<&Arc<str>> {
        self.resolved.entities.get(entity)?.as_ref()
    }

    /// Whether a value of type `from` may stand where `to` is wanted.
    pub fn flows(&self, from: &Type, to: &Type) -> bool {
        self.resolved.flows(from, to)
    }
}

impl<'a> Lookup<'a> {
    /// The module.
    pub fn module(&self) -> &'a ModuleSource {
        &self.compilation.resolved.modules[self.module].source
    }

    /// The relation of that name, as parts between dots.
    pub fn relation(&self, parts: &[&str]) -> Option<FoundRelation<'a>> {
        let world = &self.compilation.resolved;
        let (name, front) = parts.split_last()?;
        let entry = match front {
            [] => match self.scope.block.and_then(|block| block.relations.get(*name)) {
                Some(entry) => entry,
                None => world.modules[self.module].relations.get(*name)?,
            },
            front => world.modules[self.module_number(front)?].relations.get(*name)?,
        };
        match entry {
            Entry::Known(id) => Some(self.compilation.found(world.relation(*id))),
            Entry::Broken => None,
        }
    }

    /// The param of that name.
    pub fn param(&self, parts: &[&str]) -> Option<&'a ParamInfo> {
        let world = &self.compilation.resolved;
        let (name, front) = parts.split_last()?;
        let module = if front.is_empty() { self.module } else { self.module_number(front)? };
        match world.modules[module].params.get(*name)? {
            Entry::Known(number) => {
                let full = &world.params[*number].name;
                self.compilation.params.iter().find(|param| param.name == *full)
            }
            Entry::Broken => None,
        }
    }

    /// The module that a name before a dot stands for.
    pub fn module_named(&self, parts: &[&str]) -> Option<&'a ModuleSource> {
        let number = self.module_number(parts)?;
        Some(&self.compilation.resolved.modules[number].source)
    }

    /// The qualified name of the entity of that name.
    pub fn entity(&self, parts: &[&str]) -> Option<Arc<str>> {
        let world = &self.compilation.resolved;
        let (name, front) = parts.split_last()?;
        let module = if front.is_empty() { self.module } else { self.module_number(front)? };
        match world.modules[module].entities.get(*name)? {
            Entry::Known(entity) => Some(entity.clone()),
            Entry::Broken => None,
        }
    }

    /// The number of a module that can be reached from here; a path without its `use` leads nowhere, as for the compiler.
    fn module_number(&self, parts: &[&str]) -> Option<usize> {
        let world = &self.compilation.resolved;
        if let [alias] = parts {
            match world.modules[self.module].reachable.get(*alias) {
                Some(Entry::Known(module)) => return Some(*module),
                Some(Entry::Broken) => return None,
                None => {}
            }
            if GIVEN_MODULES.contains(alias) {
                return world.by_path.get(format!("std.{alias}").as_str()).copied();
            }
        }
        let module = world.by_path.get(parts.join(".").as_str()).copied()?;
        (module == self.module || self.scope.reaches(module)).then_some(module)
    }

    /// Modules that need no more than their name before a dot, by that name.
    pub fn reachable(&self) -> Vec<(Arc<str>, &'a ModuleSource)> {
        let world = &self.compilation.resolved;
        let used = world.modules[self.module].reachable.iter().filter_map(|(alias, entry)| match entry {
            Entry::Known(module) => Some((alias.clone(), *module)),
            Entry::Broken => None,
        });
        let given = GIVEN_MODULES.iter().filter_map(|name| {
            let module = world.by_path.get(format!("std.{name}").as_str())?;
            Some((Arc::from(*name), *module))
        });
        let mut all: Vec<(Arc<str>, usize)> = used.chain(given).collect();
        all.sort();
        all.dedup();
        all.into_iter().map(|(alias, module)| (alias, &world.modules[module].source)).collect()
    }

    /// The relations that can be named from here, as they are written, by that name.
    pub fn relations(&self) -> Vec<(String, FoundRelation<'a>)> {
        let world = &self.compilation.resolved;
        let mut found: Vec<(String, FoundRelation)> = Vec::new();
        let mut add = |prefix: &str, name: &str, entry: &Entry<ir::RelId>| {
            if let Entry::Known(id) = entry
                && world.relation(*id).role != Role::Judged
            {
                let dot = if prefix.is_empty() { "" } else { "." };
                found.push((format!("{prefix}{dot}{name}"), self.compilation.found(world.relation(*id))));
            }
        };
        for (name, entry) in self.scope.block.iter().flat_map(|block| &block.relations) {
            add("", name, entry);
        }
        for (name, entry) in &world.modules[self.module].relations {
            add("", name, entry);
        }
        for (alias, module) in self.reachable() {
            let number = world.by_path[&module.name];
            world.modules[number].relations.iter().for_each(|(name, entry)| add(&alias, name, entry));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// The params that can be named from here, as they are written.
    pub fn params(&self) -> Vec<(String, &'a ParamInfo)> {
        let names = self.scope.params();
        let named = |name: String| {
            let parts: Vec<&str> = name.split('.').collect();
            self.param(&parts).map(|param| (name.clone(), param))
        };
        names.into_iter().filter_map(named).collect()
    }

    /// The names of entities that can be named from here, as they are written, with their qualified names.
    pub fn entities(&self) -> Vec<(String, Arc<str>)> {
        let world = &self.compilation.resolved;
        let mut found: Vec<(String, Arc<str>)> = Vec::new();
        let mut add = |prefix: &str, module: usize| {
            let dot = if prefix.is_empty() { "" } else { "." };
            for (name, entry) in &world.modules[module].entities {
                if let Entry::Known(entity) = entry {
                    found.push((format!("{prefix}{dot}{name}"), entity.clone()));
                }
            }
        };
        add("", self.module);
        for (alias, module) in self.reachable() {
            add(&alias, world.by_path[&module.name]);
        }
        found.sort();
        found
    }
}
