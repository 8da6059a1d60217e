//! What a name leads to.

use std::sync::Arc;

use base::{FileId, Place, Span};
use facts::Type;
use lang::{FoundRelation, Lookup};

use crate::Snapshot;
use crate::names::{Name, NameKind, Names, Which};

/// A thing that names can mean.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A relation, by its qualified name.
    Relation(Arc<str>),
    /// A column, by the relation's qualified name and its own.
    Column(Arc<str>, Arc<str>),
    /// A variable of a clause: file, unit, body, name.
    Variable(FileId, u32, u32, Arc<str>),
    /// A param, by its full name.
    Param(Arc<str>),
    /// A module, by its path.
    Module(Arc<str>),
    /// An entity, by its qualified name.
    Entity(Arc<str>),
    /// A type that is a word of the language.
    Type(Arc<str>),
    /// A control, by its id.
    Control(Arc<str>),
    /// A framework, by its id.
    Framework(Arc<str>),
    /// A criterion, by its framework's id and its own.
    Criterion(Arc<str>, Arc<str>),
    /// A function.
    Function(Arc<str>),
    /// An aggregate.
    Aggregate(Arc<str>),
    /// A field of a control.
    Field(Arc<str>),
    /// A word of the language.
    Keyword(Arc<str>),
}

/// The symbol under a cursor, with the place of its name there.
pub fn at(snapshot: &Snapshot, file: FileId, offset: usize) -> Option<(Symbol, Span)> {
    all_at(snapshot, file, offset).into_iter().next()
}

/// All symbols under a cursor: a short field is a variable and a column.
pub fn all_at(snapshot: &Snapshot, file: FileId, offset: usize) -> Vec<(Symbol, Span)> {
    let names = snapshot.names(file);
    let found = names.at(offset).into_iter();
    let mut found: Vec<(Symbol, Span)> =
        found.filter_map(|at| Some((resolve(snapshot, file, &names, at)?, names.all[at].span))).collect();
    // The variable is what the clause speaks of.
    found.sort_by_key(|(symbol, span)| (std::cmp::Reverse(span.start), !matches!(symbol, Symbol::Variable(..))));
    found
}

/// What the name with that number leads to.
pub fn resolve(snapshot: &Snapshot, file: FileId, names: &Names, at: usize) -> Option<Symbol> {
    let name = names.all.get(at)?;
    let text: &str = snapshot.text(file);
    let word = text.get(name.span.range())?;
    let control = names.units.get(name.unit as usize)?.control;
    let lookup = || snapshot.lookup(file, control);
    Some(match &name.kind {
        NameKind::Relation { .. } => Symbol::Relation(relation(&lookup()?, text, name)?.decl.name.clone()),
        NameKind::Column { relation: of, .. } | NameKind::ColumnDeclared { relation: of } => {
            let relation = relation(&lookup()?, text, names.all.get(*of)?)?;
            relation.decl.column(word)?;
            Symbol::Column(relation.decl.name.clone(), word.into())
        }
        NameKind::Variable { scope, .. } => match lookup().and_then(|lookup| lookup.param(&[word])) {
            Some(param) => Symbol::Param(param.name.clone()),
            None => Symbol::Variable(file, name.unit, *scope, word.into()),
        },
        NameKind::Param { front } => Symbol::Param(lookup()?.param(&dotted(text, Some(*front), word))?.name.clone()),
        NameKind::ParamNamed { front, .. } => Symbol::Param(lookup()?.param(&dotted(text, *front, word))?.name.clone()),
        NameKind::Qualifier => Symbol::Module(qualifier(&lookup()?, text, names, name)?),
        NameKind::Module => Symbol::Module(snapshot.compilation.module(word)?.name.clone()),
        NameKind::Alias => Symbol::Module(lookup()?.module_named(&[word])?.name.clone()),
        NameKind::Type { front } => match lookup()?.entity(&dotted(text, *front, word)) {
            Some(entity) => Symbol::Entity(entity),
            None => Symbol::Type(word.into()),
        },
        NameKind::EntityDeclared => Symbol::Entity(lookup()?.entity(&[word])?),
        NameKind::Control { .. } => Symbol::Control(word.into()),
        NameKind::Framework { .. } => Symbol::Framework(word.into()),
        NameKind::Criterion { framework, .. } => {
            let framework = text.get(framework.range())?;
            Symbol::Criterion(framework.into(), word.trim_matches('"').into())
        }
        NameKind::Function => Symbol::Function(word.into()),
        NameKind::Aggregate => Symbol::Aggregate(word.into()),
        NameKind::Field => Symbol::Field(word.into()),
        NameKind::Keyword => Symbol::Keyword(word.into()),
        NameKind::FieldWord | NameKind::Path => return None,
    })
}

/// The relation that a relation's name leads to.
pub fn relation<'a>(lookup: &Lookup<'a>, text: &str, name: &Name) -> Option<FoundRelation<'a>> {
    let NameKind::Relation { front, .. } = name.kind else { return None };
    let word = text.get(name.span.range())?;
    lookup.relation(&dotted(text, front, word))
}

fn dotted<'t>(text: &'t str, front: Option<Span>, last: &'t str) -> Vec<&'t str> {
    let front = front.and_then(|front| text.get(front.range()));
    front.into_iter().flat_map(|front| front.split('.')).map(str::trim).chain([last]).collect()
}

/// The module that a part before a dot stands for: together with the parts before it.
fn qualifier(lookup: &Lookup<'_>, text: &str, names: &Names, name: &Name) -> Option<Arc<str>> {
    let fronts = names.of_unit(name.unit).filter_map(|(_, other)| match &other.kind {
        NameKind::Relation { front, .. } | NameKind::Type { front } | NameKind::ParamNamed { front, .. } => *front,
        NameKind::Param { front } => Some(*front),
        _ => None,
    });
    let mut fronts = fronts;
    let front = fronts.find(|front| front.start <= name.span.start && name.span.end <= front.end)?;
    let parts: Vec<&str> = text.get(front.range())?.split('.').collect();
    Some(lookup.module_named(&parts)?.name.clone())
}

/// The place where a symbol is declared.
pub fn declared(snapshot: &Snapshot, symbol: &Symbol) -> Option<Place> {
    let compilation = &snapshot.compilation;
    match symbol {
        Symbol::Relation(name) => compilation.any_relation(name).map(|relation| relation.place),
        Symbol::Column(relation, column) => column_place(snapshot, relation, column),
        Symbol::Param(name) => compilation.params.iter().find(|param| param.name == *name).map(|param| param.place),
        Symbol::Module(path) => compilation.module(path).map(|module| Place { file: module.file, span: Span::at(0) }),
        Symbol::Entity(name) => compilation.entity(name),
        Symbol::Control(id) => compilation.control(id).map(|control| control.place),
        Symbol::Framework(_) | Symbol::Criterion(..) => declaration(snapshot, symbol),
        Symbol::Variable(file, unit, scope, name) => {
            let names = snapshot.names(*file);
            let text = snapshot.text(*file);
            let first = names.of_unit(*unit).find(|(_, other)| {
                matches!(other.kind, NameKind::Variable { scope: own, .. } if own == *scope)
                    && text.get(other.span.range()) == Some(name)
            });
            first.map(|(_, name)| Place { file: *file, span: name.span })
        }
        Symbol::Type(_) | Symbol::Function(_) | Symbol::Aggregate(_) | Symbol::Field(_) | Symbol::Keyword(_) => None,
    }
}

fn column_place(snapshot: &Snapshot, relation: &str, column: &str) -> Option<Place> {
    let found = snapshot.compilation.any_relation(relation)?;
    let file = found.place.file;
    let (names, text) = (snapshot.names(file), snapshot.text(file));
    let of = names.all.iter().position(|name| name.span == found.place.span)?;
    let declared = names.all.iter().find(|name| {
        name.kind == NameKind::ColumnDeclared { relation: of } && text.get(name.span.range()) == Some(column)
    })?;
    Some(Place { file, span: declared.span })
}

/// Looks through the texts for the declaration of what the compiler keeps no place of.
fn declaration(snapshot: &Snapshot, symbol: &Symbol) -> Option<Place> {
    let modules = snapshot.compilation.modules();
    let mut files = modules.map(|module| module.file).filter(|file| snapshot.text(*file).contains("framework "));
    files.find_map(|file| {
        let names = snapshot.names(file);
        let at = (0..names.all.len()).find(|at| {
            let declares = matches!(
                names.all[*at].kind,
                NameKind::Framework { declared: true } | NameKind::Criterion { declared: true, .. }
            );
            declares && resolve(snapshot, file, &names, *at).as_ref() == Some(symbol)
        })?;
        Some(Place { file, span: names.all[at].span })
    })
}

/// What is known of a variable's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableType {
    /// The type.
    pub ty: Type,
    /// Whether it may be missing.
    pub optional: bool,
    /// The column that tells it, if one does: `vendor.register.name`.
    pub from: Option<String>,
}

/// The type of a variable: that which the compiler found, or, while the clause is broken, that of the first column for
/// which it stands.
pub fn variable_type(snapshot: &Snapshot, file: FileId, unit: u32, scope: u32, name: &str) -> Option<VariableType> {
    let names = snapshot.names(file);
    let text = snapshot.text(file);
    let own = names.units.get(unit as usize)?;
    let lookup = snapshot.lookup(file, own.control)?;
    // What a body takes from a relation says more than the head that gets it.
    let in_head = |heads: bool| {
        names.of_unit(unit).find_map(|(_, other)| match other.kind {
            NameKind::Variable { scope: of, column: Some((relation, which)) }
                if of == scope && names.is_head(relation) == heads && text.get(other.span.range()) == Some(name) =>
            {
                column_of(&lookup, text, &names, relation, which)
            }
            _ => None,
        })
    };
    let column = in_head(false).or_else(|| in_head(true));
    let from =
        column.as_ref().map(|(relation, at)| format!("{}.{}", relation.decl.name, relation.decl.columns[*at].name));
    let compiled = snapshot.compilation.variables(Place { file, span: own.span });
    if let Some((_, ty, optional)) = compiled.iter().flatten().find(|(known, ..)| **known == *name) {
        return Some(VariableType { ty: ty.clone(), optional: *optional, from });
    }
    let (relation, at) = column?;
    Some(VariableType { ty: relation.decl.columns[at].ty.clone(), optional: false, from })
}

/// The column that an argument is for.
pub fn column_of<'a>(
    lookup: &Lookup<'a>,
    text: &str,
    names: &Names,
    of: usize,
    which: Which,
) -> Option<(FoundRelation<'a>, usize)> {
    let found = relation(lookup, text, names.all.get(of)?)?;
    let at = match which {
        Which::Number(number) => number,
        Which::Named(span) => found.decl.column(text.get(span.range())?)?,
    };
    (at < found.decl.columns.len()).then_some((found, at))
}
